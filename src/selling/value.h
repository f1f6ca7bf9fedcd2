#pragma once
// The words of the value ledger: accounts, the lives of cards and holds, and everything that
// happens to money, one struct for each kind of event.

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "selling/card_code.h"
#include "selling/refusal.h"
#include "selling/vat.h"
#include "selling/words.h"
#include "trade/life.h"
#include "trade/number.h"

namespace selling {

using trade::DocumentNumber;
using trade::SiteCode;

// Debits are above zero, credits below; what a site books adds up to nothing.
enum class Account : std::uint8_t {
  cash,             // in the drawers
  card_receivable,  // the acquirer has charged it and owes it to us; by payment
  card_stored,      // taken without the acquirer, not yet forwarded; by payment
  card_debt,        // taken without the acquirer and refused later; by payment
  unapplied,        // paid by card and not yet of any sale; by payment
  gift_card,        // what we owe on a card; by card
  credit_receipt,   // the same of a credit receipt
  held,             // of a card, set apart for an order; by card and hold
  pending,          // sold or given out here, and the cards' owner has not heard of it; by card
  due,              // from another site, or to it where below zero; by site
  sales,            // net of VAT
  vat,              // owed to HMRC
  refunds,          // net of VAT
  loss,             // spent twice, or refunded and not granted; by card or by refund
  exposure,         // refunded for another site that could not be asked; by refund
};

enum class VoucherKind : std::uint8_t { gift_card, e_gift_card, credit_receipt };

enum class CardState : std::uint8_t {
  unknown,
  pending,      // sold or given out here: to be spent here, on the receipt, and nowhere else
  handed_over,  // its owner is told; until the owner has heard it, nobody spends it
  active,
  frozen,  // somebody has to look at it
  spent,
  stopped,  // for ever: lost, stolen, or paid out in another way
};
enum class CardVerb : std::uint8_t {
  issue,
  honour,  // on its receipt, where it is pending
  hand_over,
  activate,
  hold,
  credit,
  freeze,
  thaw,
  stop,
  spend_out,  // the ledger's own: nothing is left
  refill,     // the ledger's own: something is there again
};
enum class HoldState : std::uint8_t { none, held, captured, released, expired };
enum class HoldVerb : std::uint8_t { take, capture, release, expire };

// Steps of a card payment that move money (terminal.h has its whole life).
enum class PaymentStep : std::uint8_t {
  charge,       // the acquirer has charged it
  store,        // taken without the acquirer
  forward,      // what was stored has been charged
  become_debt,  // what was stored will never be charged
  drop,         // what was stored is given up before it was sent
  reverse,      // the acquirer is told to take a charge back, as a whole
  refund,       // a charge is paid back, whole or in part
  pay_debt,     // in cash
  write_off,
};

std::span<const trade::Move<CardState, CardVerb>> moves_of(CardVerb);
std::span<const trade::Move<HoldState, HoldVerb>> moves_of(HoldVerb);

// Where the verb leads from the state, or move_not_listed.
template <class State, class Verb>
Answer<State> moved(State from, Verb verb) {
  const auto to = trade::next(from, verb);
  if (!to) return no(Refusal::move_not_listed);
  return *to;
}

// On which side an account must stay, each of its keys by itself, and what a posting that would
// take it to the other side is refused with.
enum class Side : std::uint8_t { debit, credit, either };
struct AccountRow {
  Account account;
  Side side;
  Refusal beyond;
};
const AccountRow& row_of(Account account);

// From where to where a step of a payment moves money.
struct PaymentRow {
  PaymentStep step;
  Account debit;
  Account credit;
};
const PaymentRow& row_of(PaymentStep step);

// A tender of a sale takes money in, of a refund it pays it out. The members that a kind does not
// name mean nothing.
enum class TenderKind : std::uint8_t {
  cash,               // less the change
  card,               // number: the payment
  gift_card,          // card, owner: captured by the owner, or of a refund credited by it
  gift_card_offline,  // card, owner: a claim that the owner has not been asked about
  pending_card,       // card: pending here; of a refund: a credit receipt that is issued
};
struct Tender {
  TenderKind kind{};
  std::int64_t pence = 0;
  CardDigest card = {};
  DocumentNumber number = {};
  SiteCode owner{};
  friend bool operator==(const Tender&, const Tender&) = default;
};

// A card that is sold. Our cards buy goods of every rate, so VAT falls due when they are spent and
// not here (multi-purpose vouchers, VAT Act 1994, schedule 10B).
struct VoucherRow {
  CardDigest card = {};
  VoucherKind kind{};
  std::int64_t pence = 0;
  SiteCode owner{};
  bool is_pending = false;  // the owner could not be asked
  friend bool operator==(const VoucherRow&, const VoucherRow&) = default;
};

struct SaleMade {
  DocumentNumber receipt = {};
  Day day = {};
  std::vector<VatRow> vat = {};  // of the goods
  std::vector<VoucherRow> vouchers = {};
  std::vector<Tender> tenders = {};
  friend bool operator==(const SaleMade&, const SaleMade&) = default;
};
struct RefundMade {
  DocumentNumber refund = {};
  DocumentNumber receipt = {};  // none: without a receipt
  Day day = {};
  std::vector<VatRow> vat = {};
  std::vector<Tender> tenders = {};
  friend bool operator==(const RefundMade&, const RefundMade&) = default;
};
// The owner, asked by a site: for a card sold there, or a credit receipt given out.
struct CardActivated {
  CardDigest card = {};
  VoucherKind kind{};
  std::int64_t pence = 0;
  SiteCode site{};
  DocumentNumber document = {};  // the site's receipt or refund
  friend bool operator==(const CardActivated&, const CardActivated&) = default;
};
// The owner, asked by a site that pays a refund out to a card.
struct CardCredited {
  CardDigest card = {};
  std::int64_t pence = 0;
  SiteCode site{};
  DocumentNumber refund = {};
  friend bool operator==(const CardCredited&, const CardCredited&) = default;
};
// freeze, thaw or stop, by the owner.
struct CardMoved {
  CardDigest card = {};
  CardVerb verb{};
  friend bool operator==(const CardMoved&, const CardMoved&) = default;
};
struct HoldTaken {
  DocumentNumber hold = {};  // the owner's
  CardDigest card = {};
  std::int64_t pence = 0;
  SiteCode site{};  // for whom
  std::int64_t expires_tick_ms = 0;
  friend bool operator==(const HoldTaken&, const HoldTaken&) = default;
};
struct HoldCaptured {
  DocumentNumber hold = {};
  std::int64_t pence = 0;
  DocumentNumber receipt = {};  // what it pays for; once for each hold
  friend bool operator==(const HoldCaptured&, const HoldCaptured&) = default;
};
// release or expire: what was not captured is the card's again. Nothing expires by itself.
struct HoldEnded {
  DocumentNumber hold = {};
  HoldVerb verb{};
  std::int64_t tick_ms = 0;
  friend bool operator==(const HoldEnded&, const HoldEnded&) = default;
};
// What is left of a card that is pending here goes to its owner.
struct PendingHandedOver {
  CardDigest card = {};
  SiteCode owner{};
  friend bool operator==(const PendingHandedOver&, const PendingHandedOver&) = default;
};
// An order of another site that cannot be asked, refunded as a credit receipt.
struct ExposureRefunded {
  DocumentNumber refund = {};
  DocumentNumber order = {};
  Day day = {};
  std::int64_t pence = 0;
  CardDigest card = {};  // the credit receipt
  friend bool operator==(const ExposureRefunded&, const ExposureRefunded&) = default;
};

enum class NoticeKind : std::uint8_t {
  claim,      // a card was spent at the notice's site, unasked
  hand_over,  // a pending card with what is left of it
  exposure,   // an order of the reader's was refunded
  settled,    // the answer to an exposure
};
// What one site's ledger has to tell another's.
struct Notice {
  NoticeKind kind{};
  CardDigest card = {};
  VoucherKind voucher_kind{};
  DocumentNumber document = {};  // receipt or refund
  DocumentNumber order = {};     // of an exposure
  Day day = {};
  std::int64_t pence = 0;
  std::int64_t granted_pence = 0;  // of settled
  friend bool operator==(const Notice&, const Notice&) = default;
};
// A notice of another site, or its own, as the reader's ledger takes it. The notices of a writer to
// a reader count from 0 and are booked in turn, so none is lost and none counts twice.
struct NoticeBooked {
  SiteCode from{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;
  Notice notice = {};
  friend bool operator==(const NoticeBooked&, const NoticeBooked&) = default;
};
// Steps that may come more than once name what they belong to: refund, pay_debt and write_off.
struct PaymentPosted {
  DocumentNumber payment = {};
  PaymentStep step{};
  std::int64_t pence = 0;
  DocumentNumber document = {};
  friend bool operator==(const PaymentPosted&, const PaymentPosted&) = default;
};

using ValueEvent = std::variant<SaleMade, RefundMade, CardActivated, CardCredited, CardMoved,
                                HoldTaken, HoldCaptured, HoldEnded, PendingHandedOver,
                                ExposureRefunded, NoticeBooked, PaymentPosted>;

}  // namespace selling

namespace trade {
TRADE_WORDS(selling::Account, {"cash", "card_receivable", "card_stored", "card_debt", "unapplied",
                               "gift_card", "credit_receipt", "held", "pending", "due", "sales",
                               "vat", "refunds", "loss", "exposure"});
TRADE_WORDS(selling::VoucherKind, {"gift_card", "e_gift_card", "credit_receipt"});
TRADE_WORDS(selling::CardState,
            {"unknown", "pending", "handed_over", "active", "frozen", "spent", "stopped"});
TRADE_WORDS(selling::CardVerb, {"issue", "honour", "hand_over", "activate", "hold", "credit",
                                "freeze", "thaw", "stop", "spend_out", "refill"});
TRADE_WORDS(selling::HoldState, {"none", "held", "captured", "released", "expired"});
TRADE_WORDS(selling::HoldVerb, {"take", "capture", "release", "expire"});
TRADE_WORDS(selling::PaymentStep, {"charge", "store", "forward", "become_debt", "drop", "reverse",
                                   "refund", "pay_debt", "write_off"});
TRADE_WORDS(selling::TenderKind,
            {"cash", "card", "gift_card", "gift_card_offline", "pending_card"});
TRADE_WORDS(selling::NoticeKind, {"claim", "hand_over", "exposure", "settled"});
}  // namespace trade
