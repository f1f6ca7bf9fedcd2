#include "trade/life.h"

namespace trade {
namespace {

using Proposals = Move<ProposalState, ProposalVerb>;
constexpr auto proposal_moves = std::to_array<Proposals>({
    {ProposalState::none, ProposalVerb::propose, ProposalState::proposed},
    {ProposalState::proposed, ProposalVerb::propose, ProposalState::proposed},
    {ProposalState::proposed, ProposalVerb::withdraw, ProposalState::withdrawn},
    {ProposalState::withdrawn, ProposalVerb::propose, ProposalState::proposed},
});

using Orders = Move<OrderState, OrderVerb>;
constexpr auto order_moves = std::to_array<Orders>({
    {OrderState::none, OrderVerb::confirm, OrderState::confirmed},
    {OrderState::confirmed, OrderVerb::confirm, OrderState::confirmed},
    {OrderState::confirmed, OrderVerb::place, OrderState::placed},
    {OrderState::confirmed, OrderVerb::cancel, OrderState::cancelled},
    {OrderState::cancelled, OrderVerb::confirm, OrderState::confirmed},
    // To change what has been placed: confirm other lines, then place again.
    {OrderState::placed, OrderVerb::confirm, OrderState::confirmed},
    {OrderState::placed, OrderVerb::cancel, OrderState::cancelled},
    {OrderState::placed, OrderVerb::receive, OrderState::received},
    {OrderState::placed, OrderVerb::close, OrderState::closed},
    // The depot may send what was placed first, or cancelled, before it hears of the change.
    {OrderState::confirmed, OrderVerb::receive, OrderState::received},
    {OrderState::cancelled, OrderVerb::receive, OrderState::received},
    {OrderState::received, OrderVerb::receive, OrderState::received},
    {OrderState::received, OrderVerb::close, OrderState::closed},
    // What was confirmed is cancelled; only a proposal that nobody has answered is skipped.
    {OrderState::none, OrderVerb::skip, OrderState::skipped},
    {OrderState::skipped, OrderVerb::confirm, OrderState::confirmed},
});

using Fulfilments = Move<FulfilmentState, FulfilmentVerb>;
constexpr auto fulfilment_moves = std::to_array<Fulfilments>({
    {FulfilmentState::none, FulfilmentVerb::acknowledge, FulfilmentState::acknowledged},
    // A replacement, until picking starts.
    {FulfilmentState::acknowledged, FulfilmentVerb::acknowledge, FulfilmentState::acknowledged},
    {FulfilmentState::allocated, FulfilmentVerb::acknowledge, FulfilmentState::acknowledged},
    {FulfilmentState::cancelled, FulfilmentVerb::acknowledge, FulfilmentState::acknowledged},
    {FulfilmentState::acknowledged, FulfilmentVerb::allocate, FulfilmentState::allocated},
    {FulfilmentState::allocated, FulfilmentVerb::allocate, FulfilmentState::allocated},
    {FulfilmentState::allocated, FulfilmentVerb::release, FulfilmentState::picking},
    {FulfilmentState::picking, FulfilmentVerb::pick, FulfilmentState::picked},
    {FulfilmentState::picked, FulfilmentVerb::put_back, FulfilmentState::picking},
    {FulfilmentState::picked, FulfilmentVerb::dispatch, FulfilmentState::dispatched},
    {FulfilmentState::dispatched, FulfilmentVerb::close, FulfilmentState::closed},
    {FulfilmentState::acknowledged, FulfilmentVerb::cancel, FulfilmentState::cancelled},
    {FulfilmentState::allocated, FulfilmentVerb::cancel, FulfilmentState::cancelled},
    {FulfilmentState::picking, FulfilmentVerb::cancel, FulfilmentState::cancelled},
});

using Inbounds = Move<InboundState, InboundVerb>;
constexpr auto inbound_moves = std::to_array<Inbounds>({
    {InboundState::none, InboundVerb::expect, InboundState::expected},
    {InboundState::expected, InboundVerb::rebook, InboundState::expected},
    {InboundState::expected, InboundVerb::stop, InboundState::stopped},
    {InboundState::stopped, InboundVerb::rebook, InboundState::expected},
    {InboundState::expected, InboundVerb::receive, InboundState::received},
    {InboundState::expected, InboundVerb::refuse, InboundState::refused},
    {InboundState::stopped, InboundVerb::refuse, InboundState::refused},
    {InboundState::none, InboundVerb::propose, InboundState::proposed},
    {InboundState::proposed, InboundVerb::place, InboundState::expected},
    {InboundState::proposed, InboundVerb::withdraw, InboundState::withdrawn},
});

// How far an order has come at the depot; nothing, if the depot does not hold it.
Seen seen_at_depot(FulfilmentState fulfilment) {
  switch (fulfilment) {
    case FulfilmentState::acknowledged:
    case FulfilmentState::allocated:
      return Seen::acknowledged;
    case FulfilmentState::picking:
      return Seen::being_picked;
    case FulfilmentState::picked:
      return Seen::picked;
    case FulfilmentState::dispatched:
    case FulfilmentState::closed:
      return Seen::on_the_way;
    case FulfilmentState::none:
    case FulfilmentState::cancelled:
      break;
  }
  return Seen::nothing;
}

}  // namespace

std::span<const Proposals> moves_of(ProposalVerb) { return proposal_moves; }
std::span<const Orders> moves_of(OrderVerb) { return order_moves; }
std::span<const Fulfilments> moves_of(FulfilmentVerb) { return fulfilment_moves; }
std::span<const Inbounds> moves_of(InboundVerb) { return inbound_moves; }

Seen seen(ProposalState proposal, OrderState order, FulfilmentState fulfilment) {
  if (order == OrderState::closed) return Seen::closed;
  if (order == OrderState::received) return Seen::received;
  const Seen at_depot = seen_at_depot(fulfilment);
  // What is being picked will come, whatever the store wants by now.
  if (at_depot >= Seen::being_picked) return at_depot;
  if (order == OrderState::cancelled) return Seen::cancelled;
  // Also where the store is changing the order: until the depot has the other, this one stands.
  if (at_depot == Seen::acknowledged) return at_depot;
  if (order == OrderState::placed) return Seen::placed;
  if (order == OrderState::confirmed) return Seen::confirmed;
  if (order == OrderState::skipped) return Seen::skipped;
  return proposal == ProposalState::proposed ? Seen::proposed : Seen::nothing;
}

}  // namespace trade
