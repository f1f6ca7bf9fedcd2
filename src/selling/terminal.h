#pragma once
// Card acceptance at one till: the life of a card payment, with and without the acquirer, and the
// port to the terminal. A card's number, its security code and its PIN are never here: the terminal
// has them.
//
// A till writes each move into its journal before it sends what follows from it. So a restart knows
// what may have been sent, and sends it again under the same name or takes it back.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "selling/value.h"

namespace selling {

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
  trade::Text<32> token = {};   // the acquirer's name for it
  trade::Text<19> masked = {};  // four digits at most
  trade::Text<16> scheme = {};
  EntryMode entry{};
  friend bool operator==(const CardFacts&, const CardFacts&) = default;
};
// Refuses card_number_shown: a masked number with more than four digits, or a token of 12 to 19
// digits and nothing else.
Answer<void> check_facts(const CardFacts& facts);

enum class RequestKind : std::uint8_t { charge, reverse, forward };
// The payment's number and the kind name a request: whoever gets it twice does it once.
struct CardRequest {
  RequestKind kind{};
  DocumentNumber payment = {};
  std::int64_t pence = 0;
  std::int64_t contactless_pence_max = 0;  // of a charge: above it, chip and PIN
  trade::Text<32> token = {};              // of a forward
  std::int64_t stored_tick_ms = 0;         // of a forward
  friend bool operator==(const CardRequest&, const CardRequest&) = default;
};
enum class AnswerKind : std::uint8_t {
  approved,
  declined,
  no_line,           // not sent: nobody was asked
  approved_offline,  // by the card
  reversed,          // nothing of this payment is charged, and nothing will be
  accepted,
  refused,
};
struct CardAnswer {
  AnswerKind kind{};
  DocumentNumber payment = {};
  CardFacts facts = {};
  friend bool operator==(const CardAnswer&, const CardAnswer&) = default;
};
PaymentVerb verb_of(AnswerKind answer);

// The port. Sending never waits and promises nothing; answers come when they come, in any order,
// perhaps twice, perhaps never.
class CardTerminal {
 public:
  virtual ~CardTerminal() = default;
  virtual void send(const CardRequest& request) = 0;
  // What has come since the last call.
  virtual std::vector<CardAnswer> receive() = 0;
};

// A retailer's settings.
struct CardRules {
  std::int64_t answer_ms_max = 45'000;  // after that nobody knows, and the payment is taken back
  std::int64_t contactless_pence_max = 0;
  // At our own risk; all zero means never.
  std::int64_t store_sale_pence_max = 0;
  std::int64_t store_till_pence_max = 0;  // stored and not answered, all together
  std::int64_t store_count_max = 0;
  std::int64_t store_contactless_pence_max = 0;
  std::int64_t store_age_ms_max = 24 * 3'600'000;  // of offline approvals as well
};

// What happened to a payment, as the journal has it.
struct PaymentMoved {
  DocumentNumber payment = {};
  PaymentVerb verb{};
  std::int64_t tick_ms = 0;
  std::int64_t pence = 0;  // of ask
  CardFacts facts = {};    // of answers
  friend bool operator==(const PaymentMoved&, const PaymentMoved&) = default;
};

struct Payment {
  PaymentState state{};
  std::int64_t pence = 0;
  std::int64_t asked_tick_ms = 0;
  std::int64_t stored_tick_ms = 0;
  CardFacts facts = {};
  friend bool operator==(const Payment&, const Payment&) = default;
};

constexpr bool is_debt(PaymentState state) {
  return state == PaymentState::refused_late || state == PaymentState::over_age;
}

class CardPayments {
 public:
  // What the value ledger has to post with the move, in the same commit, if anything. Refuses
  // move_not_listed, pence_out_of_range, number_bad, card_number_shown.
  Answer<std::optional<PaymentPosted>> check(const PaymentMoved& move) const;
  // The same, and books the move. A move whose posting the ledger refuses must not be booked: ask
  // both before either is posted.
  Answer<std::optional<PaymentPosted>> post(const PaymentMoved& move);
  // Whether the till may take an unreached payment at its own risk. Refuses over_store_cap and
  // contactless_limit. A journal that says it did so is still read.
  Answer<void> check_store(const CardRules& rules, const DocumentNumber& payment) const;

  // The payment's charge, to be sent once, after its `ask` is in the journal. It is never repeated:
  // the customer has gone, and what was not answered is taken back.
  CardRequest charge(const CardRules& rules, const DocumentNumber& payment) const;
  // What has to be sent and sent again until it is answered: each reversal, and of what was taken
  // offline the oldest alone, so that all go in their order.
  std::vector<CardRequest> outstanding() const;
  // Moves that time brings: no answer, a reversal for it, too old to be sent, the next to be
  // forwarded where the line is believed to be up.
  std::vector<PaymentMoved> due(const CardRules& rules, std::int64_t tick_ms,
                                bool is_line_up) const;

  const Payment* find(const DocumentNumber& payment) const;
  const std::map<DocumentNumber, Payment>& all() const { return payments_; }
  // At our own risk and not answered: stored and forwarding.
  std::int64_t stored_pence() const { return stored_pence_; }
  std::int64_t stored_count() const { return stored_count_; }
  // Taken offline and not answered, the oldest first.
  const std::deque<DocumentNumber>& queue() const { return queue_; }

  friend bool operator==(const CardPayments&, const CardPayments&) = default;

 private:
  void file(const DocumentNumber& number, const Payment& payment, PaymentState to);

  std::map<DocumentNumber, Payment> payments_;
  std::set<DocumentNumber> open_;  // asked, unknown, reversing
  std::deque<DocumentNumber> queue_;
  std::int64_t stored_pence_ = 0, stored_count_ = 0;
};

}  // namespace selling

namespace trade {
TRADE_WORDS(selling::PaymentState,
            {"none", "asked", "unreached", "approved", "captured", "declined", "unknown",
             "reversing", "reversed", "offline_approved", "presenting", "stored", "forwarding",
             "dropped", "accepted", "refused_late", "over_age", "settled"});
TRADE_WORDS(selling::PaymentVerb,
            {"ask", "approve", "decline", "no_line", "time_out", "capture", "reverse",
             "confirm_reversal", "approve_offline", "store", "drop", "forward", "accept",
             "refuse_late", "lapse", "pay_debt", "write_off"});
TRADE_WORDS(selling::EntryMode, {"none", "contactless", "chip_and_pin"});
TRADE_WORDS(selling::RequestKind, {"charge", "reverse", "forward"});
TRADE_WORDS(selling::AnswerKind, {"approved", "declined", "no_line", "approved_offline", "reversed",
                                  "accepted", "refused"});
}  // namespace trade
