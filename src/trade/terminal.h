#pragma once
// Card acceptance at one till: the life of a card payment, with and without the acquirer, and the
// port to the terminal. A card's number, its security code and its PIN are never here: the terminal
// has them.
//
// A till writes each move into its journal before it sends what follows from it. So a restart knows
// what may have been sent, and sends it again under the same name or takes it back.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "trade/payment.h"

namespace trade {

enum class RequestKind : std::uint8_t { charge, reverse, forward };
// The payment's number and the kind name a request: whoever gets it twice does it once.
struct CardRequest {
  RequestKind kind{};
  DocumentNumber payment = {};
  std::int64_t pence = 0;
  std::int64_t contactless_pence_max = 0;  // of a charge: above it, chip and PIN
  Text<32> token = {};                     // of a forward
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
constexpr CardRules card_rules_of(const Limits& limits) {
  return {.contactless_pence_max = limits.contactless_pence,
          .store_sale_pence_max = limits.store_sale_pence,
          .store_till_pence_max = limits.store_till_pence,
          .store_count_max = limits.store_count,
          .store_contactless_pence_max = limits.store_contactless_pence,
          .store_age_ms_max = limits.store_age_hours * 3'600'000};
}
// Of a site whose retailer has set nothing else.
inline constexpr CardRules card_rules = card_rules_of(Limits{});

struct Payment {
  PaymentState state{};
  std::int64_t pence = 0;
  std::int64_t asked_tick_ms = 0;
  std::int64_t stored_tick_ms = 0;
  CardFacts facts = {};
  static constexpr auto fields() {
    return std::tuple(&Payment::state, &Payment::pence, &Payment::asked_tick_ms,
                      &Payment::stored_tick_ms, &Payment::facts);
  }
  friend bool operator==(const Payment&, const Payment&) = default;
};

constexpr bool is_debt(PaymentState state) {
  return state == PaymentState::refused_late || state == PaymentState::over_age;
}

class CardPayments {
 public:
  // What the value ledger has to post with the move, in the same commit, if anything. Refuses
  // move_not_listed, pence_out_of_range, number_bad, card_number_shown.
  std::expected<std::optional<PaymentPosted>, No> check(const PaymentMoved& move) const;
  // The same, and books the move. A move whose posting the ledger refuses must not be booked: ask
  // both before either is posted.
  std::expected<std::optional<PaymentPosted>, No> post(const PaymentMoved& move);
  // Whether the till may take an unreached payment at its own risk. Refuses over_store_cap and
  // contactless_limit. A journal that says it did so is still read.
  Verdict check_store(const CardRules& rules, const DocumentNumber& payment) const;

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
  // Taken offline and not answered, the oldest first, by the turn in which each was taken.
  const std::map<std::uint64_t, DocumentNumber>& queue() const { return queue_; }

  // For reading a partition back: fills in what follows from the payments and the queue. False if
  // they contradict each other.
  bool restore();
  static constexpr auto fields() {
    return std::tuple(&CardPayments::payments_, &CardPayments::queued_, &CardPayments::queue_);
  }

  friend bool operator==(const CardPayments&, const CardPayments&) = default;

 private:
  void file(const DocumentNumber& number, const Payment& payment, PaymentState to);

  std::map<DocumentNumber, Payment> payments_;
  std::set<DocumentNumber> open_;  // asked, unknown, reversing
  std::uint64_t queued_ = 0;       // turns that were given
  std::map<std::uint64_t, DocumentNumber> queue_;
  std::int64_t stored_pence_ = 0, stored_count_ = 0;
};

TRADE_WORDS(RequestKind, {"charge", "reverse", "forward"});
TRADE_WORDS(AnswerKind, {"approved", "declined", "no_line", "approved_offline", "reversed",
                         "accepted", "refused"});

}  // namespace trade
