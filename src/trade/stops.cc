// Stop-sales: set, pulled from the shelf, lifted.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
Verdict fits(const Partition&, const StopSet& set) {
  if (!set.product.given()) return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const StopSet& set) {
  partition.stops[set.counter] = {set.product, set.batch, set.expiry_to, set.source, false};
  if (const auto line = partition.goods.find(set.product)) partition.goods.set_stopped(*line, true);
}

Verdict fits(const Partition& partition, const StopLifted& lifted) {
  if (!partition.stops.contains(lifted.stop)) return no(Refusal::stop_unknown);
  return {};
}

void apply(Partition& partition, const StopLifted& lifted) {
  const auto stop = partition.stops.find(lifted.stop);
  const ProductId product = stop->second.product;
  partition.stops.erase(stop);
  const bool is_still_stopped =
      std::any_of(partition.stops.begin(), partition.stops.end(),
                  [&](const auto& row) { return row.second.product == product; });
  if (const auto line = partition.goods.find(product))
    partition.goods.set_stopped(*line, is_still_stopped);
}

Verdict fits(const Partition& partition, const StopPulled& pulled) {
  const auto stop = partition.stops.find(pulled.stop);
  if (stop == partition.stops.end()) return no(Refusal::stop_unknown);
  if (stop->second.is_pulled) return no(Refusal::stop_pulled);
  const auto line = partition.goods.find(stop->second.product);
  if (!line) return no(Refusal::line_unknown);
  if (pulled.rows.size() > rows_max) return no(Refusal::document_too_large);
  std::int64_t sum = 0;
  for (const PulledRow& row : pulled.rows) {
    if (!within(row.units, 1, row_units_max)) return no(Refusal::value_out_of_range, *line);
    sum += row.units;
  }
  if (!has_room(partition, *line, sum)) return no(Refusal::value_out_of_range, *line);
  return {};
}

// The goods lie in somebody's hands, so what the book did not know of is found as well.
void apply(Partition& partition, const StopPulled& pulled) {
  Stop& stop = partition.stops[pulled.stop];
  stop.is_pulled = true;
  const LineNo line = *partition.goods.find(stop.product);
  for (const PulledRow& row : pulled.rows) {
    const Units unknown = row.units - std::clamp(partition.stock.on_hand(line), 0, row.units);
    if (unknown > 0) partition.stock.move(Cause::counted_more, line, unknown);
    partition.stock.move(Cause::quarantine, line, row.units, row.lot);
  }
}

}  // namespace trade
