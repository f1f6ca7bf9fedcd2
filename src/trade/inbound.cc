// Deliveries of suppliers, from their announcement to the door. Receiving them is in receipt.cc.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {

Verdict fits(const Partition& partition, const InboundExpected& expected) {
  if (!expected.supplier.given() || !expected.due.given()) return no(Refusal::value_out_of_range);
  TRY(check_document(partition, expected.rows));
  for (const OrderRow& row : expected.rows)
    if (partition.goods.is_closed(row.line)) return no(Refusal::line_closed, row.line);
  return {};
}

void apply(Partition& partition, const InboundExpected& expected) {
  Inbound& inbound = partition.inbounds[expected.counter];
  inbound.state = *next(inbound.state, InboundVerb::expect);
  inbound.supplier = expected.supplier;
  inbound.due = expected.due;
  inbound.rows = expected.rows;
}

Verdict fits(const Partition& partition, const InboundMoved& moved) {
  using enum InboundVerb;
  if (moved.verb != stop && moved.verb != rebook && moved.verb != refuse)
    return no(Refusal::move_not_listed);
  const auto* inbound = TRY(find_in(partition.inbounds, moved.inbound));
  TRY(next(inbound->state, moved.verb));
  if (moved.due.given() != (moved.verb == rebook)) return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const InboundMoved& moved) {
  Inbound& inbound = partition.inbounds[moved.inbound];
  inbound.state = *next(inbound.state, moved.verb);
  if (moved.verb == InboundVerb::rebook) inbound.due = moved.due;
  if (moved.verb == InboundVerb::refuse) inbound.rows = {};
}

}  // namespace trade
