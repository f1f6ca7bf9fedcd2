#pragma once
// The life cycles of documents as tables: a move that is not listed is a refusal.

#include <cstdint>
#include <span>

#include "trade/refusal.h"
#include "trade/words.h"

namespace trade {

enum class ProposalState : std::uint8_t { none, proposed, withdrawn };
enum class ProposalVerb : std::uint8_t { propose, withdraw };
enum class OrderState : std::uint8_t {
  none,
  confirmed,
  placed,
  received,
  closed,
  cancelled,
  skipped,  // the store wants nothing of what was proposed
};
enum class OrderVerb : std::uint8_t { confirm, place, receive, close, cancel, skip };
enum class FulfilmentState : std::uint8_t {
  none,
  acknowledged,
  allocated,
  picking,
  picked,
  dispatched,
  closed,
  cancelled,
};
enum class FulfilmentVerb : std::uint8_t {
  acknowledge,
  allocate,
  release,  // the pick list is out
  pick,
  put_back,
  dispatch,
  close,
  cancel,
};
enum class InboundState : std::uint8_t {
  none,
  expected,
  stopped,
  received,
  refused,
  proposed,   // by the planner; no supplier has heard of it
  withdrawn,  // before it was placed
};
enum class InboundVerb : std::uint8_t {
  expect,
  stop,
  rebook,
  receive,
  refuse,
  propose,
  place,
  withdraw,
};

template <class State, class DocumentVerb>
struct Move {
  State from;
  DocumentVerb verb;
  State to;
};

std::span<const Move<ProposalState, ProposalVerb>> moves_of(ProposalVerb);
std::span<const Move<OrderState, OrderVerb>> moves_of(OrderVerb);
std::span<const Move<FulfilmentState, FulfilmentVerb>> moves_of(FulfilmentVerb);
std::span<const Move<InboundState, InboundVerb>> moves_of(InboundVerb);

// Where the verb leads from the state, or move_not_listed.
template <class State, class DocumentVerb>
std::expected<State, No> next(State from, DocumentVerb verb) {
  for (const auto& move : moves_of(verb))
    if (move.from == from && move.verb == verb) return move.to;
  return no(Refusal::move_not_listed);
}

// What people see of an order: a function of its three tables and of nothing else.
enum class Seen : std::uint8_t {
  nothing,
  proposed,
  confirmed,
  placed,  // sent off; the depot has not answered
  acknowledged,
  being_picked,
  picked,
  on_the_way,
  received,
  closed,
  cancelled,
  skipped,
};
Seen seen(ProposalState proposal, OrderState order, FulfilmentState fulfilment);

TRADE_WORDS(ProposalState, {"none", "proposed", "withdrawn"});
TRADE_WORDS(ProposalVerb, {"propose", "withdraw"});
TRADE_WORDS(OrderState,
            {"none", "confirmed", "placed", "received", "closed", "cancelled", "skipped"});
TRADE_WORDS(OrderVerb, {"confirm", "place", "receive", "close", "cancel", "skip"});
TRADE_WORDS(FulfilmentState, {"none", "acknowledged", "allocated", "picking", "picked",
                              "dispatched", "closed", "cancelled"});
TRADE_WORDS(FulfilmentVerb, {"acknowledge", "allocate", "release", "pick", "put_back", "dispatch",
                             "close", "cancel"});
TRADE_WORDS(InboundState,
            {"none", "expected", "stopped", "received", "refused", "proposed", "withdrawn"});
TRADE_WORDS(InboundVerb,
            {"expect", "stop", "rebook", "receive", "refuse", "propose", "place", "withdraw"});
TRADE_WORDS(Seen, {"nothing", "proposed", "confirmed", "placed", "acknowledged", "being_picked",
                   "picked", "on_the_way", "received", "closed", "cancelled", "skipped"});

}  // namespace trade
