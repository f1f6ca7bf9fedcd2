#include "nightly/phantom.h"

#include <algorithm>

#include "planner/gap.h"

namespace nightly {
namespace {

using estate::Estate;

class Gaps {
 public:
  Gaps(const Estate& estate, const Columns& columns)
      : columns_(columns), touched_(columns.size(), first_period()) {
    AscendingFind moved(columns), counted(columns);
    for (const estate::MovementRow& row : estate.movements)
      if (row.reason == estate::MovementReason::received ||
          row.reason == estate::MovementReason::transfer_in ||
          row.reason == estate::MovementReason::count)
        touch(moved.find(row.site, row.product), row.date);
    for (std::size_t i = 0; i < estate.stock.size(); ++i)
      if (estate.stock.counted_on[i] != base::date_min)
        touch(counted.find(estate.stock.site[i], estate.stock.product[i]),
              estate.stock.counted_on[i]);
  }

  bool beyond(std::size_t line) const {
    const planner::History& history = columns_.history;
    const auto rows = history.row_period.begin();
    const auto begin = static_cast<std::uint64_t>(
        std::lower_bound(rows + static_cast<std::ptrdiff_t>(history.row_begin[line]),
                         rows + static_cast<std::ptrdiff_t>(history.row_begin[line + 1]),
                         history.last_period - gap_history + 1) -
        rows);
    std::uint64_t last = history.row_begin[line + 1];
    while (last > begin && columns_.row_sold[last - 1] <= 0) --last;
    if (last == begin) return false;  // never sold: nothing says how often it should
    const std::int32_t last_sale = history.row_period[--last];
    const std::int32_t since = std::max(last_sale, touched_[line]);
    if (history.last_period - since < 1) return false;
    const std::int32_t from = history.row_period[begin];
    std::int32_t sold = 0;
    for (std::uint64_t row = last + 1; row > begin && history.row_period[row - 1] >= from; --row)
      sold += columns_.row_sold[row - 1] > 0;
    const std::int32_t known = known_between(line, from, last_sale);
    if (known < gap_history_min) return false;
    return known_between(line, since + 1, history.last_period) - bare_after(line, since) >=
           planner::gap_quantile(std::min(sold, known), known, gap_level);
  }

 private:
  std::int32_t first_period() const { return columns_.history.first_period - 1; }

  void touch(std::uint32_t line, Date date) {
    if (line == estate::none) return;
    const std::int32_t period =
        std::min(period_of(columns_.kind, date), columns_.history.last_period);
    touched_[line] = std::max(touched_[line], period);
  }

  // Periods from `from` to `to` in which the site reported and the line was in range.
  std::int32_t known_between(std::size_t line, std::int32_t from, std::int32_t to) const {
    const planner::History& history = columns_.history;
    const std::uint8_t* reported =
        columns_.reported.data() +
        std::size_t{columns_.site[line]} * static_cast<std::size_t>(history.table_periods);
    const std::int32_t begin = std::max(from, history.first_period);
    std::int32_t end = std::min(to, history.last_period);
    if (!history.line_to.empty()) end = std::min(end, history.line_to[line]);
    std::int32_t known = 0;
    for (std::int32_t t = begin; t <= end; ++t) known += reported[t - history.first_period] != 0;
    return known;
  }

  // Periods after `since` in which the shelf was seen bare.
  std::int32_t bare_after(std::size_t line, std::int32_t since) const {
    const planner::History& history = columns_.history;
    std::int32_t bare = 0;
    for (std::uint64_t row = history.row_begin[line + 1];
         row > history.row_begin[line] && history.row_period[row - 1] > since; --row)
      bare += (history.row_flags[row - 1] & planner::row_censored) != 0;
    return bare;
  }

  const Columns& columns_;
  std::vector<std::int32_t> touched_;  // per line: the last period that says the stock is true
};

}  // namespace

void add_phantom_tasks(const Estate& estate, const Columns& columns,
                       std::span<const std::uint8_t> in_range, Positions& positions) {
  const Gaps gaps(estate, columns);
  for (std::size_t line = 0; line < columns.size(); ++line) {
    if (in_range[line] == 0 || positions.known[line] == 0) continue;
    if (positions.on_hand_units[line] <= 0 || !gaps.beyond(line)) continue;
    const estate::Product& product = estate.products[columns.product[line]];
    const base::Money price =
        product.unit_price.value_or(product.unit_cost.value_or(base::Money{}));
    positions.tasks.push_back({columns.site[line], columns.product[line], TaskReason::phantom,
                               price * positions.on_hand_units[line]});
  }
  std::stable_sort(positions.tasks.begin(), positions.tasks.end(),
                   [](const CountTask& a, const CountTask& b) { return a.value > b.value; });
}

}  // namespace nightly
