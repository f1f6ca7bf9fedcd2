// Deliveries of suppliers, from their announcement to the door. Receiving them is in receipt.cc.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {

namespace {

template <class Kind>
Verdict check_announced(const Partition& partition, const Kind& expected) {
  if (!expected.supplier.given() || !expected.due.given()) return no(Refusal::value_out_of_range);
  TRY(check_document(partition, expected.rows));
  for (const OrderRow& row : expected.rows)
    if (partition.goods.is_closed(row.line)) return no(Refusal::line_closed, row.line);
  return {};
}

template <class Kind>
void announce(Partition& partition, InboundVerb verb, const Kind& expected) {
  Inbound& inbound = partition.inbounds[expected.counter];
  inbound.state = *next(inbound.state, verb);
  inbound.supplier = expected.supplier;
  inbound.due = expected.due;
  inbound.rows = expected.rows;
}

}  // namespace

Verdict fits(const Partition& partition, const InboundExpected& expected) {
  return check_announced(partition, expected);
}

void apply(Partition& partition, const InboundExpected& expected) {
  announce(partition, InboundVerb::expect, expected);
}

Verdict fits(const Partition& partition, const InboundProposed& proposed) {
  return check_announced(partition, proposed);
}

void apply(Partition& partition, const InboundProposed& proposed) {
  announce(partition, InboundVerb::propose, proposed);
}

Verdict fits(const Partition& partition, const InboundMoved& moved) {
  using enum InboundVerb;
  if (moved.verb == expect || moved.verb == propose || moved.verb == receive)
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
  if (moved.verb == InboundVerb::refuse || moved.verb == InboundVerb::withdraw) inbound.rows = {};
}

}  // namespace trade
