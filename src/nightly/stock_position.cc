#include "nightly/stock_position.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "nightly/by_site.h"
#include "nightly/open_orders.h"
#include "nightly/rolling_stock.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::Estate;

// What all lines are looked at with.
struct Evening {
  Evening(const Estate& of, const Columns& lines, const Outlook& ahead,
          std::span<const std::uint8_t> lines_in_range, Date day)
      : estate(of),
        columns(lines),
        outlook(ahead),
        in_range(lines_in_range),
        as_of(day),
        sources(Sources::build(estate, as_of)),
        schedule(Schedule::build(estate, as_of)),
        takes_notes(notes_receipts(estate, as_of)),
        stock_begin(begins_by_site(estate.stock, estate.sites.size())),
        order_begin(begins_by_site(estate.on_order, estate.sites.size())) {}

  const Estate& estate;
  const Columns& columns;
  const Outlook& outlook;
  std::span<const std::uint8_t> in_range;
  Date as_of;
  Sources sources;
  Schedule schedule;
  std::vector<std::uint8_t> takes_notes;              // per site: notes_receipts
  std::vector<std::size_t> stock_begin, order_begin;  // as begins_by_site has them
};

// Rolls the lines of a few sites.
class Roller {
 public:
  explicit Roller(const Evening& evening)
      : estate_(evening.estate),
        columns_(evening.columns),
        outlook_(evening.outlook),
        in_range_(evening.in_range),
        as_of_(evening.as_of),
        origin_(columns_.history.last_period),
        sources_(evening.sources),
        schedule_(evening.schedule),
        notes_receipts_(evening.takes_notes) {}

  // The positions of one site's lines; begins count from the first of them, tasks are as they came.
  Positions run(const Evening& evening, std::size_t site) {
    std::size_t stock_row = evening.stock_begin[site], order_row = evening.order_begin[site];
    for (std::size_t line = columns_.site_begin[site]; line < columns_.site_begin[site + 1];
         ++line) {
      positions_.batch_begin.push_back(positions_.batches.size());
      positions_.receipt_begin.push_back(positions_.receipts.size());
      skip_to(line, stock_row);
      const bool known = count_stock(line, stock_row);
      find_orders(line, order_row);
      add_receipts(line, known);
      add_stock(line, known);
    }
    return std::exchange(positions_, {});
  }

 private:
  static std::uint64_t key(std::uint32_t site, std::uint32_t product) {
    return static_cast<std::uint64_t>(site) << 32 | product;
  }
  std::uint64_t key_of(std::size_t line) const {
    return key(columns_.site[line], columns_.product[line]);
  }
  void skip_to(std::size_t line, std::size_t& row) const {
    const estate::Stock& stock = estate_.stock;
    while (row < stock.size() && key(stock.site[row], stock.product[row]) < key_of(line)) ++row;
  }

  base::Money price_of(std::size_t line) const {
    const estate::Product& product = estate_.products[columns_.product[line]];
    return product.unit_price.value_or(product.unit_cost.value_or(base::Money{}));
  }

  void add_task(std::size_t line, TaskReason why, double units) {
    if (in_range_[line] == 0) return;
    const auto value =
        static_cast<std::int64_t>(std::nearbyint(units * static_cast<double>(price_of(line).e4)));
    positions_.tasks.push_back({columns_.site[line], columns_.product[line], why, {value}});
  }

  double expected(std::size_t line, std::int32_t periods) const {
    const auto demand = outlook_.line(line);
    return demand.over(origin_ + 1, origin_ + 1 + periods).mean;
  }

  // Reads the rows of stock.csv into rolling_; whether there is one.
  bool count_stock(std::size_t line, std::size_t& row) {
    const estate::Stock& stock = estate_.stock;
    rolling_.clear();
    below_nothing_ = 0;
    bool known = false;
    for (; row < stock.size() && key(stock.site[row], stock.product[row]) == key_of(line); ++row) {
      const Date as_of = stock.as_of[row] == base::date_min ? as_of_ : stock.as_of[row];
      if (as_of > as_of_) continue;  // not seen yet
      rolling_.count(as_of, stock.expiry[row],
                     std::int64_t{stock.on_hand_units[row]} - stock.blocked_units[row]);
      below_nothing_ -= std::min(stock.on_hand_units[row], 0);
      known = true;
    }
    return known;
  }

  void add_stock(std::size_t line, bool known) {
    positions_.known.push_back(known);
    if (!known) {
      positions_.on_hand_units.push_back(0);
      add_task(line, TaskReason::unknown,
               expected(line, columns_.kind == planner::Period::day ? 7 : 1));
      return;
    }
    if (rolling_.oldest_count() < as_of_) roll(line);
    const std::int64_t negative = std::max(below_nothing_, -rolling_.total());
    if (negative > 0) add_task(line, TaskReason::negative, static_cast<double>(negative));
    std::int64_t units = 0;
    for (const RollingStock::Lot& lot : rolling_.lots()) {
      if (lot.units <= 0 || lot.expiry <= as_of_) continue;
      units += lot.units;
      if (lot.expiry == base::date_max) continue;
      const std::int32_t last = period_of(columns_.kind, lot.expiry);
      positions_.batches.push_back({last, static_cast<std::int32_t>(lot.units)});
    }
    positions_.on_hand_units.push_back(static_cast<std::int32_t>(
        std::clamp<std::int64_t>(units - rolling_.owed(), 0, 2'000'000'000)));
  }

  // Carries counts on by what was recorded since, and by the forecast where nothing was.
  void roll(std::size_t line) {
    add_movements(estate_, columns_.site[line], columns_.product[line], life_of(line), as_of_,
                  rolling_);
    double guessed = 0;
    rolling_.leave_between_counts(as_of_, [&](Date after, Date until) {
      const Sold sold = sold_between(line, after, until);
      guessed += sold.guessed;
      return std::max<std::int64_t>(sold.units, 0) + std::llround(sold.guessed);
    });
    if (guessed > 0 && rolling_.owed() > 0) rolling_.forgive();  // a guess makes no negative stock
  }

  struct Sold {
    std::int64_t units = 0;
    double guessed = 0;  // in periods that nobody reported
  };

  Sold sold_between(std::size_t line, Date after, Date until) const {
    const planner::History& history = columns_.history;
    const std::int32_t first = period_of(columns_.kind, after) + 1;
    const std::int32_t last = period_of(columns_.kind, until);
    const auto begin = history.row_period.begin();
    auto row =
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(history.row_begin[line]),
                         begin + static_cast<std::ptrdiff_t>(history.row_begin[line + 1]), first) -
        begin;
    const auto end = static_cast<std::ptrdiff_t>(history.row_begin[line + 1]);
    const auto& closed = columns_.closed[columns_.site[line]];
    const auto demand = outlook_.line(line);
    Sold sold;
    for (std::int32_t t = first; t <= last; ++t) {
      if (row < end && history.row_period[static_cast<std::size_t>(row)] == t) {
        sold.units += columns_.row_sold[static_cast<std::size_t>(row++)];
        continue;
      }
      if (site_known(line, t) || std::binary_search(closed.begin(), closed.end(), t)) continue;
      // The same weekday in the weeks ahead stands for a day that nobody reported.
      const int step = columns_.kind == planner::Period::day ? 7 : 1;
      sold.guessed += demand.in(t + (origin_ - t) / step * step + step).mean;
    }
    return sold;
  }

  bool site_known(std::size_t line, std::int32_t period) const {
    const planner::History& history = columns_.history;
    const std::int32_t offset = period - history.first_period;
    if (offset < 0 || offset >= history.table_periods) return false;
    return columns_.reported[static_cast<std::size_t>(columns_.site[line]) *
                                 static_cast<std::size_t>(history.table_periods) +
                             static_cast<std::size_t>(offset)] != 0;
  }

  std::int32_t life_of(std::size_t line) const {
    return life_days(estate_.products[columns_.product[line]]);
  }

  // Days between the drops of a line's chain.
  std::int32_t drop_days(std::size_t line) {
    const std::uint32_t site = columns_.site[line];
    const estate::Chain chain = estate_.products[columns_.product[line]].chain;
    const Source source = sources_.of(site, columns_.product[line]);
    if (gaps_site_ != site) gaps_.clear();
    gaps_site_ = site;
    for (const Gap& gap : gaps_)
      if (gap.chain == chain && gap.source == source) return gap.days;
    const auto drops = schedule_.drops(site, chain, source, as_of_, as_of_ + next_drop_days_max);
    const std::int32_t days =
        drops.empty() ? next_drop_days_max : drops.front().next_on_shelf - drops.front().on_shelf;
    gaps_.push_back({chain, source, days});
    return days;
  }

  // Reads what is under way to a line into open_.
  void find_orders(std::size_t line, std::size_t& row) {
    const auto& orders = estate_.on_order;
    const auto wanted = key_of(line);
    while (row < orders.size() && key(orders[row].site, orders[row].product) < wanted) ++row;
    const std::size_t first = row;
    while (row < orders.size() && key(orders[row].site, orders[row].product) == wanted) ++row;
    open_.clear();
    if (first == row) return;
    const bool some_due = orders[first].due <= as_of_;
    gap_days_ = some_due ? drop_days(line) : next_drop_days_max;
    open_orders(estate_, first, row, as_of_, gap_days_, open_);
  }

  // Goods that came unnoticed are stock, where there is a count to add them to.
  void add_receipts(std::size_t line, bool known) {
    if (open_.empty()) return;
    const Date looked_on =
        known && notes_receipts_[columns_.site[line]] == 0 ? rolling_.newest_count() : as_of_;
    for (const OpenOrder& order : open_) {
      switch (coming(order, looked_on, gap_days_, as_of_)) {
        case Coming::ahead:
          positions_.receipts.push_back({period_of(columns_.kind, order.due), order.units});
          break;
        case Coming::late:
          positions_.receipts.push_back({origin_ + 1, order.units});
          break;
        case Coming::came:
          rolling_.arrive(
              order.due,
              std::min(estate_.on_order[order.row].expiry, expiry_after(order.due, life_of(line))),
              order.units);
          break;
        case Coming::overdue:
          positions_.overdue.push_back({order.row, order.due});
          add_task(line, TaskReason::overdue, order.units);
      }
    }
  }

  const Estate& estate_;
  const Columns& columns_;
  const Outlook& outlook_;
  std::span<const std::uint8_t> in_range_;
  Date as_of_;
  std::int32_t origin_;
  const Sources& sources_;
  const Schedule& schedule_;
  const std::vector<std::uint8_t>& notes_receipts_;  // per site
  Positions positions_;                              // of the site at hand

  // Of the line at hand.
  RollingStock rolling_;
  std::int64_t below_nothing_ = 0;  // units below nothing, as recorded
  std::vector<OpenOrder> open_;
  std::int32_t gap_days_ = 0;  // from one drop to the next

  struct Gap {
    estate::Chain chain;
    Source source;
    std::int32_t days;
  };
  std::uint32_t gaps_site_ = estate::none;
  std::vector<Gap> gaps_;  // of gaps_site_
};

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void append(Positions& all, const Positions& of_site) {
  for (const std::uint64_t begin : of_site.batch_begin)
    all.batch_begin.push_back(all.batches.size() + begin);
  for (const std::uint64_t begin : of_site.receipt_begin)
    all.receipt_begin.push_back(all.receipts.size() + begin);
  append(all.known, of_site.known);
  append(all.on_hand_units, of_site.on_hand_units);
  append(all.batches, of_site.batches);
  append(all.receipts, of_site.receipts);
  append(all.tasks, of_site.tasks);
  append(all.overdue, of_site.overdue);
}

}  // namespace

std::string_view text_of(TaskReason reason) {
  switch (reason) {
    case TaskReason::negative:
      return "negative";
    case TaskReason::phantom:
      return "phantom";
    case TaskReason::unknown:
      return "unknown";
    case TaskReason::overdue:
      return "overdue";
  }
  return {};
}

Positions stock_positions(const Estate& estate, const Columns& columns, const Outlook& outlook,
                          std::span<const std::uint8_t> in_range, Date as_of, int threads) {
  const Evening evening(estate, columns, outlook, in_range, as_of);
  const std::size_t sites = estate.sites.size();
  std::vector<Positions> of_site(sites);
  base::for_ranges(threads, sites, sites_per_part,
                   [&](std::size_t begin, std::size_t end, std::size_t) {
                     Roller roller(evening);
                     for (std::size_t site = begin; site < end; ++site)
                       of_site[site] = roller.run(evening, site);
                   });
  Positions all;
  for (const Positions& positions : of_site) append(all, positions);
  all.batch_begin.push_back(all.batches.size());
  all.receipt_begin.push_back(all.receipts.size());
  std::ranges::stable_sort(all.tasks, std::ranges::greater(), &CountTask::value);
  return all;
}

}  // namespace nightly
