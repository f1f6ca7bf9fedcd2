#include "trade/pick_list.h"

#include <algorithm>

#include "trade/handlers.h"

namespace trade {
namespace {

// How many of `units` go into what is left, when a case of so many units takes so much of it.
Units fitting(Units units, std::uint64_t left, std::uint64_t case_takes, std::uint32_t case_units) {
  if (case_takes == 0) return units;
  return static_cast<Units>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(units), left * case_units / case_takes));
}

// Fills one cage after the other.
class Cages {
 public:
  explicit Cages(const Cage& cage) : cage_(cage), left_(cage) {}

  void put(CargoRow goods, const Terms& terms, std::vector<PickRow>& rows) {
    while (goods.units > 0) {
      Units units = fitting(goods.units, left_.weight_g_max, terms.case_weight_g, terms.case_units);
      units = fitting(units, left_.volume_ml_max, terms.case_volume_ml, terms.case_units);
      // What is too large for any cage has one for each unit.
      if (units == 0 && is_empty_) units = 1;
      if (units > 0) rows.push_back({{goods.line, units, goods.lot}, number_});
      goods.units -= units;
      fill(units, terms);
      if (goods.units > 0) begin_next();
    }
  }

 private:
  void fill(Units units, const Terms& terms) {
    const auto share = [&](std::uint64_t case_takes) {
      return (case_takes * static_cast<std::uint64_t>(units) + terms.case_units - 1) /
             terms.case_units;
    };
    left_.weight_g_max -= std::min(left_.weight_g_max, share(terms.case_weight_g));
    left_.volume_ml_max -= std::min(left_.volume_ml_max, share(terms.case_volume_ml));
    is_empty_ = is_empty_ && units == 0;
  }
  void begin_next() {
    left_ = cage_;
    ++number_;
    is_empty_ = true;
  }

  Cage cage_, left_;
  std::uint32_t number_ = 0;
  bool is_empty_ = true;
};

std::vector<FulfilmentRow> on_the_way_round(const Partition& depot, const Fulfilment& fulfilment) {
  std::vector<FulfilmentRow> rows = fulfilment.rows;
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    return depot.goods.pick_sequence(a.line) < depot.goods.pick_sequence(b.line);
  });
  return rows;
}

}  // namespace

PickList pick_list(const Partition& depot, const OrderKey& key, const Cage& cage) {
  PickList list;
  const auto fulfilment = depot.fulfilments.find(key);
  if (fulfilment == depot.fulfilments.end()) return list;
  const bool is_to_be_picked = holds_reservation(fulfilment->second.state);
  Cages cages(cage);
  for (const FulfilmentRow& row : on_the_way_round(depot, fulfilment->second)) {
    const Day until = needed_until(depot, key, row.line);
    Units left = row.allocated;
    for (const CargoRow& goods : choose_lots(depot, row.line, row.allocated, until)) {
      cages.put(goods, depot.goods.terms(row.line), list.rows);
      left -= goods.units;
    }
    if (is_to_be_picked && left > 0)
      list.missing.push_back({row.line, left, why_too_few(depot, row.line, row.allocated, until)});
  }
  return list;
}

std::vector<OrderKey> load_sheet(const Partition& depot, const Text<16>& vehicle, Day delivery) {
  std::vector<std::pair<std::uint16_t, OrderKey>> stops;
  for (const auto& [key, fulfilment] : depot.fulfilments)
    if (fulfilment.state == FulfilmentState::dispatched && fulfilment.vehicle == vehicle &&
        key.delivery == delivery)
      stops.emplace_back(fulfilment.stop, key);
  std::sort(stops.rbegin(), stops.rend());
  std::vector<OrderKey> keys;
  keys.reserve(stops.size());
  for (const auto& [stop, key] : stops) keys.push_back(key);
  return keys;
}

}  // namespace trade
