#pragma once
// The life of a card payment at one till, with and without the acquirer, and what the journal has
// of it. A card's number, its security code and its PIN are never here: the terminal has them.

#include <cstdint>
#include <optional>
#include <span>
#include <tuple>

#include "trade/number.h"
#include "trade/refusal.h"
#include "trade/value.h"
#include "trade/words.h"

namespace trade {

enum class PaymentState : std::uint8_t {
  none,
  asked,      // the terminal has the amount
  unreached,  // the terminal did not send it: nothing can have been charged
  approved,   // charged; its sale is not in the journal yet
  captured,   // charged, and its sale is in the journal
  declined,
  unknown,    // no answer came: it may have been charged
  reversing,  // whatever was charged is to be taken back; asked until confirmed
  reversed,
  offline_approved,  // by the card itself, within what its issuer allows; not yet presented
  presenting,
  stored,  // at our own risk: nobody has approved it; not yet forwarded
  forwarding,
  dropped,  // given up before it was sent
  accepted,
  refused_late,  // a debt
  over_age,      // a debt: too old to be sent
  settled,       // a debt that was paid or written off
};
enum class PaymentVerb : std::uint8_t {
  ask,
  approve,
  decline,
  no_line,
  time_out,
  capture,
  reverse,
  confirm_reversal,
  approve_offline,
  store,
  drop,
  forward,
  accept,
  refuse_late,
  lapse,
  pay_debt,
  write_off,
};

struct PaymentMove {
  PaymentState from;
  PaymentVerb verb;
  PaymentState to;
  std::optional<PaymentStep> posts = {};  // in the value ledger
};
std::span<const PaymentMove> moves_of(PaymentVerb);

enum class EntryMode : std::uint8_t { none, contactless, chip_and_pin };

// All that is ever known of a card.
struct CardFacts {
  Text<32> token = {};   // the acquirer's name for it
  Text<19> masked = {};  // four digits at most
  Text<16> scheme = {};
  EntryMode entry{};
  static constexpr auto fields() {
    return std::tuple(&CardFacts::token, &CardFacts::masked, &CardFacts::scheme, &CardFacts::entry);
  }
  friend bool operator==(const CardFacts&, const CardFacts&) = default;
};
// Refuses card_number_shown: a masked number with more than four digits, or a token of 12 to 19
// digits and nothing else.
Verdict check_facts(const CardFacts& facts);

// What happened to a payment, as the journal has it.
struct PaymentMoved {
  DocumentNumber payment = {};  // decided, of ask
  PaymentVerb verb{};
  std::int64_t tick_ms = 0;
  std::int64_t pence = 0;  // of ask
  CardFacts facts = {};    // of answers
  static constexpr auto fields() {
    return std::tuple(&PaymentMoved::payment, &PaymentMoved::verb, &PaymentMoved::tick_ms,
                      &PaymentMoved::pence, &PaymentMoved::facts);
  }
  friend bool operator==(const PaymentMoved&, const PaymentMoved&) = default;
};

TRADE_WORDS(PaymentState,
            {"none", "asked", "unreached", "approved", "captured", "declined", "unknown",
             "reversing", "reversed", "offline_approved", "presenting", "stored", "forwarding",
             "dropped", "accepted", "refused_late", "over_age", "settled"});
TRADE_WORDS(PaymentVerb, {"ask", "approve", "decline", "no_line", "time_out", "capture", "reverse",
                          "confirm_reversal", "approve_offline", "store", "drop", "forward",
                          "accept", "refuse_late", "lapse", "pay_debt", "write_off"});
TRADE_WORDS(EntryMode, {"none", "contactless", "chip_and_pin"});

}  // namespace trade
