#include "nightly/opening_stock.h"

#include <algorithm>

#include "nightly/open_orders.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

constexpr std::int64_t units_max = 2'000'000'000;

std::uint64_t key(std::uint32_t site, std::uint32_t product) {
  return std::uint64_t{site} << 32 | product;
}

// Units that a movement adds to the shelf; below 0 = takes from it.
std::int32_t signed_units(const estate::MovementRow& row) {
  switch (row.reason) {
    case estate::MovementReason::received:
    case estate::MovementReason::transfer_in:
    case estate::MovementReason::count:
      return row.units;
    default:
      return -row.units;
  }
}

class Opening {
 public:
  Opening(const estate::Estate& estate, const Columns& columns, const Outlook& outlook,
          const DemandSource& demand, Date as_of)
      : estate_(estate),
        columns_(columns),
        outlook_(outlook),
        demand_(demand),
        as_of_(as_of),
        origin_(columns.history.last_period),
        notes_receipts_(notes_receipts(estate, as_of)) {}

  std::vector<Lots> run() {
    std::vector<Lots> result(columns_.size());
    const estate::Stock& stock = estate_.stock;
    std::size_t row = 0;
    for (std::size_t line = 0; line < columns_.size(); ++line) {
      while (row < stock.size() && key(stock.site[row], stock.product[row]) < key_of(line)) ++row;
      const std::size_t first = row;
      while (row < stock.size() && key(stock.site[row], stock.product[row]) == key_of(line)) ++row;
      if (row > first) result[line] = lots_of(line, first, row);
    }
    return result;
  }

 private:
  std::uint64_t key_of(std::size_t line) const {
    return key(columns_.site[line], columns_.product[line]);
  }

  Lots lots_of(std::size_t line, std::size_t first, std::size_t end) const {
    const estate::Stock& stock = estate_.stock;
    Lots lots;
    Date known_on = as_of_;
    std::int64_t owed = 0;  // by rows below zero
    for (std::size_t row = first; row < end; ++row) {
      if (stock.as_of[row] != base::date_min && stock.as_of[row] > as_of_) continue;
      if (stock.as_of[row] != base::date_min) known_on = std::min(known_on, stock.as_of[row]);
      const std::int64_t units = std::int64_t{stock.on_hand_units[row]} - stock.blocked_units[row];
      if (units < 0) owed -= units;
      const std::int32_t last = stock.expiry[row] == base::date_max
                                    ? lot_keeps
                                    : period_of(columns_.kind, stock.expiry[row]);
      lots.add(last, static_cast<std::int32_t>(std::clamp<std::int64_t>(units, 0, units_max)));
    }
    lots.take(static_cast<std::int32_t>(std::min(owed, units_max)));
    if (known_on < as_of_) play(line, known_on, lots);
    lots.expire(period_of(columns_.kind, as_of_));
    return lots;
  }

  // The periods after the record, one by one: goods come, customers take, the oldest goods go.
  void play(std::size_t line, Date from, Lots& lots) const {
    const planner::History& history = columns_.history;
    std::uint64_t row = history.row_begin[line];
    auto move = first_movement(line, from);
    const auto came = came_since(line, from);
    for (std::int32_t t = period_of(columns_.kind, from) + 1; t <= origin_; ++t) {
      for (; is_of(move, line) && period_of(columns_.kind, move->date) <= t; ++move)
        book(line, *move, lots);
      for (const auto& [period, units] : came)
        if (period == t) lots.add(last_period(line, date_of(columns_.kind, t)), units);
      while (row < history.row_begin[line + 1] && history.row_period[row] < t) ++row;
      if (row < history.row_begin[line + 1] && history.row_period[row] == t)
        lots.take(std::max(0, columns_.row_sold[row]));
      else if (!site_known(line, t))
        lots.take(wanted(line, t));
      lots.expire(t);
    }
  }

  std::vector<estate::MovementRow>::const_iterator first_movement(std::size_t line,
                                                                  Date from) const {
    auto row = std::lower_bound(
        estate_.movements.begin(), estate_.movements.end(), key_of(line),
        [](const estate::MovementRow& m, std::uint64_t k) { return key(m.site, m.product) < k; });
    while (is_of(row, line) && row->date <= from) ++row;
    return row;
  }
  bool is_of(std::vector<estate::MovementRow>::const_iterator row, std::size_t line) const {
    return row != estate_.movements.end() && key(row->site, row->product) == key_of(line) &&
           row->date <= as_of_;
  }
  void book(std::size_t line, const estate::MovementRow& move, Lots& lots) const {
    const std::int32_t units = signed_units(move);
    if (units < 0) {
      lots.take(-units);
      return;
    }
    lots.add(
        move.reason == estate::MovementReason::received ? last_period(line, move.date) : lot_keeps,
        units);
  }
  // The last period in which goods that came on a day can be sold.
  std::int32_t last_period(std::size_t line, Date came) const {
    const std::int32_t life = life_days(estate_.products[columns_.product[line]]);
    return life > 0 ? period_of(columns_.kind, came + (life - 1)) : lot_keeps;
  }

  // Orders that were due since anybody looked are taken to have come, as the night takes them:
  // periods and units.
  std::vector<std::pair<std::int32_t, std::int32_t>> came_since(std::size_t line, Date from) const {
    std::vector<std::pair<std::int32_t, std::int32_t>> came;
    const std::uint32_t site = columns_.site[line];
    const auto [first, last] = order_rows(estate_, site, columns_.product[line]);
    const Date looked_on = notes_receipts_[site] != 0 ? as_of_ : from;
    for (std::size_t i = first; i < last; ++i) {
      const estate::OnOrderRow& row = estate_.on_order[i];
      if (row.units <= 0 || row.status == "cancelled" || row.status == "received") continue;
      const OpenOrder order{static_cast<std::uint32_t>(i), row.due, row.units,
                            row.status == "reinstated"};
      if (coming(order, looked_on, next_drop_days_max, as_of_) == Coming::came)
        came.emplace_back(period_of(columns_.kind, row.due), row.units);
    }
    return came;
  }

  bool site_known(std::size_t line, std::int32_t period) const {
    const planner::History& history = columns_.history;
    const std::int32_t offset = period - history.first_period;
    if (offset < 0 || offset >= history.table_periods) return false;
    return columns_.reported[static_cast<std::size_t>(columns_.site[line]) *
                                 static_cast<std::size_t>(history.table_periods) +
                             static_cast<std::size_t>(offset)] != 0;
  }
  // The same weekday in the weeks ahead stands for a day that nobody reported.
  std::int32_t wanted(std::size_t line, std::int32_t period) const {
    const auto& closed = columns_.closed[columns_.site[line]];
    if (std::binary_search(closed.begin(), closed.end(), period)) return 0;
    const int step = columns_.kind == planner::Period::day ? planner::weekdays : 1;
    const std::int32_t alike = period + (origin_ - period) / step * step + step;
    return demand_.units(line, period, outlook_.line(line).in(alike));
  }

  const estate::Estate& estate_;
  const Columns& columns_;
  const Outlook& outlook_;
  const DemandSource& demand_;
  Date as_of_;
  std::int32_t origin_;
  std::vector<std::uint8_t> notes_receipts_;  // per site
};

}  // namespace

std::vector<Lots> opening_stock(const estate::Estate& estate, const Columns& columns,
                                const Outlook& outlook, const DemandSource& demand,
                                std::span<const TrueStock> truth, Date as_of) {
  std::vector<Lots> lots = Opening(estate, columns, outlook, demand, as_of).run();
  for (const TrueStock& row : truth) {
    const std::uint32_t line = columns.find(row.site, row.product);
    if (line == estate::none) continue;
    const std::int32_t more = row.units - lots[line].total();
    if (more < 0)
      lots[line].take(-more);
    else
      lots[line].add(lots[line].all().empty() ? lot_keeps : lots[line].all().back().last_period,
                     more);
  }
  return lots;
}

}  // namespace nightly
