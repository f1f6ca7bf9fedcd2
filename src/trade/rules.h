#pragma once
// The rules as tables: who may do what and where, what a cause does to units, and which move a
// document may make.
//
// A row that is not there is a refusal. Nothing here has state; the tests walk every combination.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

#include "trade/refusal.h"
#include "trade/words.h"

namespace trade {

// Something a person, a device or a planner can want. Each names one capability.
enum class Verb : std::uint8_t {
  open_site,
  switch_capability,
  open_line,
  change_line,
  set_price,
  open_day,
  close_day,
  bring_in,
  sell,
  take_back,
  waste,
  set_apart,
  return_to_supplier,
  settle,
  count,
  correct_lot,
  receive,
  send,
  close_sent,
  reduce,
  stop,
  lift_stop,
  pull,
  propose,
  order,
  open_wave,
  acknowledge,
  allocate,
  pick,
  dispatch,
  expect,
  enrol,
  end_enrolment,
  note_security,
  change,
  skip,
  hear,
  tell,
  assume,
  tell_night,
  continue_site,
  activate_card,
  credit_card,
  move_card,
  hold_card,
  settle_hold,
  hand_over,
  refund_elsewhere,
  book_notice,
  refund_payment,
  move_payment,
  move_drawer,
  hear_till,
  allot,
  take_allotment,
  open_slot,
  check_out,
  serve_online,
  handle_parcel,
  set_limits,
};

// Why units moved. By hand means that goods_moved may carry it; the others belong to documents.
enum class Cause : std::uint8_t {
  opening,
  sale,
  returned_to_shelf,
  returned_to_quarantine,
  returned_to_waste,
  waste,
  waste_of_quarantine,
  quarantine,
  release,
  returned_to_supplier,
  dispute_found,
  dispute_lost,
  dispute_granted,
  counted_more,
  counted_fewer,
  supplied,
  supplied_to_quarantine,
  supplied_damaged,
  arrived,
  arrived_to_quarantine,
  arrived_damaged,
  arrived_short,
  arrived_over,
  sent,
  picked,
  put_back,
  dispatched,
  packed,
  handed_over,
  unpacked,
  parcel_wasted,
};

struct VerbRow {
  Verb verb;
  Capability capability;
  std::uint8_t roles;  // a bit for each
  std::uint8_t kinds;  // a bit for each
};

struct CauseRow {
  Cause cause;
  Place from, to;
  bool needs_stock;  // refused beyond what is there; otherwise a fact, whatever the book says
  bool leaves_the_business;  // held back by a stop-sale or a use-by date that has passed
  std::optional<Verb> by_hand;
};

const VerbRow& row_of(Verb verb);
const CauseRow& row_of(Cause cause);

// kind_not_allowed before role_not_allowed.
Verdict permits(SiteKind kind, Role role, Verb verb);

using Decidegrees = std::int16_t;  // tenths of a degree Celsius
inline constexpr Decidegrees no_temperature = -32'768;
// The warmest at which goods of a chain are accepted: chilled food by law, frozen by the contract
// of quick-frozen food with its tolerance on the way.
constexpr Decidegrees temperature_max(Chain chain) {
  constexpr std::array<Decidegrees, count_of<Chain>> warmest{32'767, 80, -150};
  return warmest[static_cast<std::size_t>(chain)];
}

TRADE_WORDS(Verb, {"open_site",
                   "switch_capability",
                   "open_line",
                   "change_line",
                   "set_price",
                   "open_day",
                   "close_day",
                   "bring_in",
                   "sell",
                   "take_back",
                   "waste",
                   "set_apart",
                   "return_to_supplier",
                   "settle",
                   "count",
                   "correct_lot",
                   "receive",
                   "send",
                   "close_sent",
                   "reduce",
                   "stop",
                   "lift_stop",
                   "pull",
                   "propose",
                   "order",
                   "open_wave",
                   "acknowledge",
                   "allocate",
                   "pick",
                   "dispatch",
                   "expect",
                   "enrol",
                   "end_enrolment",
                   "note_security",
                   "change",
                   "skip",
                   "hear",
                   "tell",
                   "assume",
                   "tell_night",
                   "continue_site",
                   "activate_card",
                   "credit_card",
                   "move_card",
                   "hold_card",
                   "settle_hold",
                   "hand_over",
                   "refund_elsewhere",
                   "book_notice",
                   "refund_payment",
                   "move_payment",
                   "move_drawer",
                   "hear_till",
                   "allot",
                   "take_allotment",
                   "open_slot",
                   "check_out",
                   "serve_online",
                   "handle_parcel",
                   "set_limits"});
TRADE_WORDS(Cause, {"opening",
                    "sale",
                    "returned_to_shelf",
                    "returned_to_quarantine",
                    "returned_to_waste",
                    "waste",
                    "waste_of_quarantine",
                    "quarantine",
                    "release",
                    "returned_to_supplier",
                    "dispute_found",
                    "dispute_lost",
                    "dispute_granted",
                    "counted_more",
                    "counted_fewer",
                    "supplied",
                    "supplied_to_quarantine",
                    "supplied_damaged",
                    "arrived",
                    "arrived_to_quarantine",
                    "arrived_damaged",
                    "arrived_short",
                    "arrived_over",
                    "sent",
                    "picked",
                    "put_back",
                    "dispatched",
                    "packed",
                    "handed_over",
                    "unpacked",
                    "parcel_wasted"});

}  // namespace trade
