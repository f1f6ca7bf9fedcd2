#include "nightly/stock_position.h"

#include <algorithm>
#include <cmath>

namespace nightly {
namespace {

using estate::Estate;

// Stock of one line while it is rolled forward.
struct Rolling {
  struct Lot {
    Date expiry;
    std::int64_t units;
  };
  std::vector<Lot> lots;  // ascending by expiry; date_max = undated
  std::int64_t owed = 0;  // taken where no lot was left

  void add(Date expiry, std::int64_t units) {
    const auto place =
        std::upper_bound(lots.begin(), lots.end(), expiry,
                         [](Date date, const Lot& lot) { return date < lot.expiry; });
    lots.insert(place, {expiry, units});
  }
  void take(std::int64_t units) {
    for (Lot& lot : lots) {
      const std::int64_t taken =
          std::clamp<std::int64_t>(units, 0, std::max<std::int64_t>(lot.units, 0));
      lot.units -= taken;
      units -= taken;
    }
    owed += units;
  }
  std::int64_t total() const {
    std::int64_t units = -owed;
    for (const Lot& lot : lots) units += lot.units;
    return units;
  }
};

int sign_of(estate::MovementReason reason) {
  switch (reason) {
    case estate::MovementReason::received:
    case estate::MovementReason::transfer_in:
    case estate::MovementReason::count:  // the difference that the count found
      return 1;
    default:
      return -1;
  }
}

class Roller {
 public:
  Roller(const Estate& estate, const Columns& columns, const Outlook& outlook,
         std::span<const std::uint8_t> in_range, Date as_of)
      : estate_(estate),
        columns_(columns),
        outlook_(outlook),
        in_range_(in_range),
        as_of_(as_of),
        origin_(columns.history.last_period),
        sources_(Sources::build(estate, as_of)),
        schedule_(Schedule::build(estate, as_of)) {}

  Positions run() {
    std::size_t stock_row = 0, order_row = 0;
    positions_.batch_begin.push_back(0);
    positions_.receipt_begin.push_back(0);
    for (std::size_t line = 0; line < columns_.size(); ++line) {
      skip_to(line, stock_row);
      add_stock(line, stock_row);
      while (order_row < estate_.on_order.size() &&
             key(estate_.on_order[order_row].site, estate_.on_order[order_row].product) <
                 key_of(line))
        ++order_row;
      add_receipts(line, order_row);
      positions_.batch_begin.push_back(positions_.batches.size());
      positions_.receipt_begin.push_back(positions_.receipts.size());
    }
    std::stable_sort(positions_.tasks.begin(), positions_.tasks.end(),
                     [](const CountTask& a, const CountTask& b) { return a.value > b.value; });
    return std::move(positions_);
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

  void add_stock(std::size_t line, std::size_t& row) {
    const estate::Stock& stock = estate_.stock;
    Rolling rolling;
    Date as_of = as_of_;
    bool known = false;
    std::int64_t negative = 0;  // units below nothing, as recorded
    for (; row < stock.size() && key(stock.site[row], stock.product[row]) == key_of(line); ++row) {
      if (stock.as_of[row] != base::date_min && stock.as_of[row] > as_of_)
        continue;  // not seen yet
      if (stock.as_of[row] != base::date_min) as_of = std::min(as_of, stock.as_of[row]);
      rolling.add(stock.expiry[row],
                  std::int64_t{stock.on_hand_units[row]} - stock.blocked_units[row]);
      negative -= std::min(stock.on_hand_units[row], 0);
      known = true;
    }
    positions_.known.push_back(known);
    if (!known) {
      positions_.on_hand_units.push_back(0);
      add_task(line, TaskReason::unknown,
               expected(line, columns_.kind == planner::Period::day ? 7 : 1));
      return;
    }
    if (as_of < as_of_) roll(line, as_of, rolling);
    negative = std::max(negative, -rolling.total());
    if (negative > 0) add_task(line, TaskReason::negative, static_cast<double>(negative));
    std::int64_t units = 0;
    for (const Rolling::Lot& lot : rolling.lots) {
      if (lot.units <= 0 || lot.expiry <= as_of_) continue;
      units += lot.units;
      if (lot.expiry == base::date_max) continue;
      const std::int32_t last = period_of(columns_.kind, lot.expiry);
      positions_.batches.push_back({last, static_cast<std::int32_t>(lot.units)});
    }
    positions_.on_hand_units.push_back(static_cast<std::int32_t>(
        std::clamp<std::int64_t>(units - rolling.owed, 0, 2'000'000'000)));
  }

  // Periods after `from`: what was recorded, and the forecast where nothing was.
  void roll(std::size_t line, Date from, Rolling& rolling) {
    const planner::History& history = columns_.history;
    const std::int32_t first = period_of(columns_.kind, from) + 1;
    std::uint64_t row = history.row_begin[line];
    while (row < history.row_begin[line + 1] && history.row_period[row] < first) ++row;
    std::int64_t sold = 0;
    double guessed = 0;
    const auto demand = outlook_.line(line);
    for (std::int32_t t = first; t <= origin_; ++t) {
      if (row < history.row_begin[line + 1] && history.row_period[row] == t) {
        sold += columns_.row_sold[row++];
        continue;
      }
      if (site_known(line, t)) continue;
      const auto& closed = columns_.closed[columns_.site[line]];
      if (std::binary_search(closed.begin(), closed.end(), t)) continue;
      // The same weekday in the weeks ahead stands for a day that nobody reported.
      const int step = columns_.kind == planner::Period::day ? 7 : 1;
      guessed += demand.in(t + (origin_ - t) / step * step + step).mean;
    }
    add_movements(line, from, rolling);
    rolling.take(std::max<std::int64_t>(sold, 0) + std::llround(guessed));
    if (guessed > 0)
      rolling.owed = std::min<std::int64_t>(rolling.owed, 0);  // a guess makes no negative stock
  }

  bool site_known(std::size_t line, std::int32_t period) const {
    const planner::History& history = columns_.history;
    const std::int32_t offset = period - history.first_period;
    if (offset < 0 || offset >= history.table_periods) return false;
    return columns_.reported[static_cast<std::size_t>(columns_.site[line]) *
                                 static_cast<std::size_t>(history.table_periods) +
                             static_cast<std::size_t>(offset)] != 0;
  }

  void add_movements(std::size_t line, Date from, Rolling& rolling) const {
    const auto wanted = key_of(line);
    auto row = std::lower_bound(
        estate_.movements.begin(), estate_.movements.end(), wanted,
        [](const estate::MovementRow& m, std::uint64_t k) { return key(m.site, m.product) < k; });
    const estate::Product& product = estate_.products[columns_.product[line]];
    for (; row != estate_.movements.end() && key(row->site, row->product) == wanted; ++row) {
      if (row->date <= from || row->date > as_of_) continue;
      const std::int32_t units = sign_of(row->reason) * row->units;
      const bool dated = product.date_kind != estate::DateKind::none &&
                         product.life_on_receipt_days > 0 &&
                         row->reason == estate::MovementReason::received;
      if (units >= 0)
        rolling.add(dated ? row->date + (product.life_on_receipt_days - 1) : base::date_max, units);
      else
        rolling.take(-std::int64_t{units});
    }
  }

  // Days between the drops of a line's chain.
  std::int32_t drop_days(std::size_t line) const {
    const std::uint32_t site = columns_.site[line], product = columns_.product[line];
    const auto drops =
        schedule_.drops(site, estate_.products[product].chain, sources_.of(site, product), as_of_,
                        as_of_ + next_drop_days_max);
    return drops.empty() ? next_drop_days_max
                         : drops.front().next_on_shelf - drops.front().on_shelf;
  }

  void add_receipts(std::size_t line, std::size_t& row) {
    for (; row < estate_.on_order.size() &&
           key(estate_.on_order[row].site, estate_.on_order[row].product) == key_of(line);
         ++row) {
      const estate::OnOrderRow& order = estate_.on_order[row];
      if (order.units <= 0 || order.status == "cancelled" || order.status == "received") continue;
      std::int32_t period = period_of(columns_.kind, order.due);
      if (period <= origin_) {
        if (order.due + drop_days(line) <= as_of_) {
          positions_.overdue.push_back({static_cast<std::uint32_t>(row), order.due});
          add_task(line, TaskReason::overdue, order.units);
          continue;
        }
        period = origin_ + 1;
      }
      positions_.receipts.push_back({period, order.units});
    }
  }

  const Estate& estate_;
  const Columns& columns_;
  const Outlook& outlook_;
  std::span<const std::uint8_t> in_range_;
  Date as_of_;
  std::int32_t origin_;
  Sources sources_;
  Schedule schedule_;
  Positions positions_;
};

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
                          std::span<const std::uint8_t> in_range, Date as_of) {
  return Roller(estate, columns, outlook, in_range, as_of).run();
}

}  // namespace nightly
