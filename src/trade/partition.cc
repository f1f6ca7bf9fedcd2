#include "trade/partition.h"

#include <algorithm>

namespace trade {
namespace {

// Whether the goods are what the stop names, as far as anybody knows.
bool concerns(const Stop& stop, const Lot& lot) {
  const bool is_unknown_stopped = !stop.is_pulled;
  const bool batch =
      !stop.batch.given() || (lot.batch.given() ? lot.batch == stop.batch : is_unknown_stopped);
  const bool expiry = !stop.expiry_to.given() ||
                      (lot.expiry.given() ? lot.expiry <= stop.expiry_to : is_unknown_stopped);
  return batch && expiry;
}

}  // namespace

Pence price_on(const Partition& partition, LineNo line, Day day) {
  Pence price = partition.goods.price_pence(line);
  Day promoted_from;
  for (auto row = partition.prices.lower_bound({line, {}, {}});
       row != partition.prices.end() && row->first.line == line; ++row) {
    const PriceKey& key = row->first;
    if (key.from > day || (key.to.given() && key.to < day)) continue;
    // Regular prices come first, by their first day; any promotion goes before them.
    if (key.to.given() && key.from < promoted_from) continue;
    if (key.to.given()) promoted_from = key.from;
    price = row->second;
  }
  return price;
}

bool is_stopped(const Partition& partition, LineNo line, const Lot& lot) {
  if (!partition.goods.is_stopped(line)) return false;
  const ProductId& product = partition.goods.product(line);
  return std::any_of(partition.stops.begin(), partition.stops.end(), [&](const auto& row) {
    return row.second.product == product && concerns(row.second, lot);
  });
}

Verdict may_leave(const Partition& partition, LineNo line, const Lot& lot, Units units) {
  if (is_stopped(partition, line, lot)) return no(Refusal::stop_sale, line);
  if (partition.goods.terms(line).date_kind != DateKind::use_by) return {};
  if (lot.expiry.given()) {
    if (lot.expiry < partition.day) return no(Refusal::use_by_passed, line);
    return {};
  }
  const Units passed = partition.stock.expired(line, partition.day);
  if (passed > 0 && units > partition.stock.on_hand(line) - passed)
    return no(Refusal::use_by_passed, line);
  return {};
}

std::vector<CargoRow> choose_lots(const Partition& partition, LineNo line, Units units,
                                  Day needed_until) {
  std::vector<CargoRow> chosen;
  const auto take = [&](const Lot& lot, Units available) {
    const Units taken = std::min(units, available);
    if (taken <= 0 || is_stopped(partition, line, lot)) return;
    chosen.push_back({line, taken, lot});
    units -= taken;
  };
  const Stock& stock = partition.stock;
  const bool is_use_by = partition.goods.terms(line).date_kind == DateKind::use_by;
  const Day first = is_use_by ? std::max(needed_until, partition.day) : needed_until;
  stock.each_lot(line, [&](const Lot& lot, Units held) {
    if (!lot.expiry.given() || lot.expiry >= first) take(lot, held);
  });
  take({}, stock.on_hand(line) - stock.in_lots(line));
  // Rows of a document stand in the order of their lots' names.
  std::sort(chosen.begin(), chosen.end(),
            [](const CargoRow& a, const CargoRow& b) { return a.lot < b.lot; });
  return chosen;
}

Refusal why_too_few(const Partition& partition, LineNo line, Units units, Day needed_until) {
  const auto sum = [&](Day until) {
    std::int64_t chosen = 0;
    for (const CargoRow& row : choose_lots(partition, line, units, until)) chosen += row.units;
    return chosen;
  };
  return sum(partition.day) > sum(needed_until) ? Refusal::life_too_short : Refusal::not_enough;
}

}  // namespace trade
