#include "cmd/bench_lines.h"

#include <cmath>

#include "base/parallel.h"
#include "base/prng.h"

namespace cmd {
namespace {

using planner::History;

constexpr std::size_t lines_per_block = 1'024;
constexpr std::uint32_t regions = 12, categories = 30;

// The rows and promotions of some lines, in the shape that History has for all.
struct Block {
  std::vector<std::uint32_t> row_count, promotion_count;
  std::vector<std::int32_t> row_period, row_units;
  std::vector<std::uint8_t> row_flags;
  std::vector<planner::Promotion> promotions;
};

// A line of a grocer's: most sell less than one a day, some fifty; busier at the end of the week;
// on promotion for a week now and then; launched lately in one of ten; often sold out in one of
// ten.
void add_line(std::uint64_t line, std::int32_t first, std::int32_t last, Block& block) {
  base::Prng prng(base::mix(line + 1));
  const double mean = std::exp(prng.normal() * 1.4 - 0.9);
  const std::int32_t days = last - first + 1;
  const std::int32_t launch =
      prng.below(10) == 0 ? first + static_cast<std::int32_t>(prng.below(days)) : first;
  const double sold_out = prng.below(10) == 0 ? 0.1 : 0.01;
  const std::size_t rows = block.row_period.size(), promotions = block.promotions.size();
  for (std::int32_t t = launch + static_cast<std::int32_t>(prng.below(120)); t <= last;
       t += 60 + static_cast<std::int32_t>(prng.below(120)))
    block.promotions.push_back({t, t + 6, 0});
  std::size_t promotion = promotions;
  for (std::int32_t t = launch; t <= last; ++t) {
    while (promotion < block.promotions.size() && block.promotions[promotion].to_period < t)
      ++promotion;
    const bool promoted =
        promotion < block.promotions.size() && block.promotions[promotion].from_period <= t;
    const double weekday = t % planner::weekdays < 3 ? 1.3 : 0.8;
    const std::int64_t units = prng.poisson(mean * weekday * (promoted ? 1.8 : 1));
    const bool censored = prng.uniform() < sold_out;
    if (units == 0 && !censored) continue;
    block.row_period.push_back(t);
    block.row_units.push_back(static_cast<std::int32_t>(units));
    block.row_flags.push_back(censored ? planner::row_censored : std::uint8_t{0});
  }
  block.row_count.push_back(static_cast<std::uint32_t>(block.row_period.size() - rows));
  block.promotion_count.push_back(static_cast<std::uint32_t>(block.promotions.size() - promotions));
}

template <class T>
void append(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
  more = {};
}

// Sites that were closed or did not report on one day in fifty.
void add_sites(std::size_t lines_per_site, History& history) {
  const std::size_t sites = (history.line_count + lines_per_site - 1) / lines_per_site;
  base::Prng prng(7);
  history.known.resize(sites * static_cast<std::size_t>(history.table_periods));
  for (std::uint8_t& known : history.known) known = prng.below(50) != 0;
  history.line_mask.resize(history.line_count);
  for (std::size_t i = 0; i < history.line_count; ++i)
    history.line_mask[i] = static_cast<std::uint32_t>(i / lines_per_site);
}

}  // namespace

History make_history(const MadeLines& wanted, std::int32_t first) {
  History history;
  history.first_period = first;
  history.last_period = last_made_period + 1;
  history.table_periods = history.last_period - first + 1;
  history.line_count = wanted.lines;
  std::vector<Block> blocks((wanted.lines + lines_per_block - 1) / lines_per_block);
  base::for_ranges(wanted.threads, wanted.lines, lines_per_block,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     for (std::size_t line = begin; line < end; ++line)
                       add_line(line, first, history.last_period, blocks[chunk]);
                   });
  std::size_t rows = 0;
  for (const Block& block : blocks) rows += block.row_period.size();
  history.row_period.reserve(rows);
  history.row_units.reserve(rows);
  history.row_flags.reserve(rows);
  history.row_begin = {0};
  history.promotion_begin = {0};
  for (Block& block : blocks) {
    for (const std::uint32_t count : block.row_count)
      history.row_begin.push_back(history.row_begin.back() + count);
    for (const std::uint32_t count : block.promotion_count)
      history.promotion_begin.push_back(history.promotion_begin.back() + count);
    append(history.row_period, block.row_period);
    append(history.row_units, block.row_units);
    append(history.row_flags, block.row_flags);
    append(history.promotions, block.promotions);
  }
  add_sites(wanted.lines_per_site, history);
  return history;
}

History last_day_of(const History& whole) {
  History day;
  day.first_period = day.last_period = whole.last_period;
  day.table_periods = 1;
  day.line_count = whole.line_count;
  day.line_mask = whole.line_mask;
  day.row_begin = {0};
  day.row_begin.reserve(whole.line_count + 1);
  for (std::size_t line = 0; line < whole.line_count; ++line) {
    const std::uint32_t row = whole.row_begin[line + 1];
    if (row > whole.row_begin[line] && whole.row_period[row - 1] == day.last_period) {
      day.row_period.push_back(day.last_period);
      day.row_units.push_back(whole.row_units[row - 1]);
      day.row_flags.push_back(whole.row_flags[row - 1]);
    }
    day.row_begin.push_back(static_cast<std::uint32_t>(day.row_period.size()));
  }
  const auto width = static_cast<std::size_t>(whole.table_periods);
  for (std::size_t at = width - 1; at < whole.known.size(); at += width)
    day.known.push_back(whole.known[at]);
  return day;
}

planner::Pools make_pools(const MadeLines& wanted) {
  std::vector<std::uint32_t> category(wanted.lines), region(wanted.lines);
  for (std::size_t i = 0; i < wanted.lines; ++i) {
    category[i] = static_cast<std::uint32_t>(i % wanted.lines_per_site % categories);
    region[i] = static_cast<std::uint32_t>(i / wanted.lines_per_site % regions);
  }
  return planner::build_pools(category, region);
}

std::vector<planner::Event> make_events(std::int32_t first) {
  std::vector<planner::Event> events(2);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].name = static_cast<std::uint32_t>(i);
    for (std::int32_t t = first + 40 + 100 * static_cast<std::int32_t>(i);
         t < last_made_period + 200; t += 365)
      events[i].periods.push_back(t);
  }
  return events;
}

}  // namespace cmd
