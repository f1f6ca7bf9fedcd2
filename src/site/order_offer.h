#pragma once
// What somebody brings to the depot's door in place of a store's journal: a sealed file, scanned
// codes, or a sheet that was typed. Pure.

#include "journal/roster.h"
#include "paper/order.h"
#include "trade/words.h"

namespace site {

// One of the three is given.
struct OrderOffer {
  std::string sealed;              // bytes
  std::vector<std::string> codes;  // in any order
  std::string typed;               // text
  trade::ActorNo called_back_by{};
  std::int64_t called_back_ms = 0;  // UTC since 1970; 0: nobody was called back
};

// A request's body: {"sealed": base64}, {"codes": [...]} or {"typed": text, "called_back":
// {"at_ms": ..., "by": ...}}; "by" is the enrolment of who called, `caller` where it is not said.
// Error: input_bad.
base::Result<OrderOffer> parse_offer(std::string_view json, trade::ActorNo caller);

// What an offer says, once it is believed.
struct OpenedOffer {
  paper::Order order;
  trade::OrderPath path{};
  trade::Sha256 document;  // of the sealed bytes or the text
};
// Why it is not believed: what an attacker may have tried, and words.
struct Disbelieved {
  trade::SecurityKind kind{};
  std::string words;
};
std::expected<OpenedOffer, Disbelieved> open_offer(const OrderOffer& offer,
                                                   const journal::Roster& roster);

}  // namespace site
