#pragma once
// The words of the value ledger: accounts, the lives of cards and holds, and everything that
// happens to money, one struct for each kind of event.

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "trade/card_code.h"
#include "trade/life.h"
#include "trade/limits.h"
#include "trade/lot.h"
#include "trade/number.h"
#include "trade/refusal.h"
#include "trade/rules.h"
#include "trade/words.h"

namespace trade {

// Debits are above zero, credits below; what a site books adds up to nothing.
enum class Account : std::uint8_t {
  cash,             // in the drawers
  card_receivable,  // charged, and owed to us: by a till's acquirer by payment, by who takes
                    // payments for online orders as a whole
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
  safe,             // out of the drawers, or not in them yet
  paid_out,         // in cash, for what the shop needs
  over_short,       // what a count of the drawer found too much (below zero) or too little
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

std::span<const Move<CardState, CardVerb>> moves_of(CardVerb);
std::span<const Move<HoldState, HoldVerb>> moves_of(HoldVerb);

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

enum class VatCode : std::uint8_t { standard, reduced, zero, exempt, outside_scope };
inline constexpr std::size_t vat_codes = 5;
inline constexpr std::int32_t basis_points_max = 10'000;

// What of a gross amount is VAT: gross x rate / (1 + rate), rounded once, half a penny up.
// Requires 0 <= gross <= total_pence_max and 0 <= rate <= basis_points_max.
constexpr std::int64_t vat_of(std::int64_t gross_pence, std::int32_t basis_points) {
  const std::int64_t whole = 10'000 + std::int64_t{basis_points};
  return (2 * gross_pence * basis_points + whole) / (2 * whole);
}

// What a receipt has of one code.
struct VatRow {
  VatCode code{};
  std::int32_t basis_points = 0;  // 2,000 = 20 %
  std::int64_t gross_pence = 0;
  std::int64_t vat_pence = 0;
  std::int64_t net_pence() const { return gross_pence - vat_pence; }
  static constexpr auto fields() {
    return std::tuple(&VatRow::code, &VatRow::basis_points, &VatRow::gross_pence,
                      &VatRow::vat_pence);
  }
  friend bool operator==(const VatRow&, const VatRow&) = default;
};

// What a receipt has of one line of the site, or of one piece of it that was weighed.
struct SoldRow {
  LineNo line{};
  Units units = 0;
  std::int32_t grams = 0;  // 0: not weighed
  Pence full_pence = 0;    // before offers and reductions
  Pence pence = 0;         // what is paid, VAT included
  VatCode vat{};
  Lot lot = {};
  static constexpr auto fields() {
    return std::tuple(&SoldRow::line, &SoldRow::units, &SoldRow::grams, &SoldRow::full_pence,
                      &SoldRow::pence, &SoldRow::vat, &SoldRow::lot);
  }
  friend bool operator==(const SoldRow&, const SoldRow&) = default;
};
inline constexpr std::int32_t row_grams_max = 1'000'000;

// Why something was done at a till that is not a plain sale.
enum class TillReason : std::uint8_t {
  none,
  customer_changed_mind,
  goods_faulty,
  goods_unsafe,
  scanned_wrong,
  price_wrong,
  cannot_pay,
  change_needed,
  petty_cash,
  drawer_full,
  end_of_shift,
  test,
};

// A tender of a sale takes money in, of a refund it pays it out. The members that a kind does not
// name mean nothing.
enum class TenderKind : std::uint8_t {
  cash,               // less the change
  card,               // number: the payment
  gift_card,          // card, owner; number: the owner's hold, which it captures as it reads of the
                      // sale. Without one the owner has captured, or of a refund credited, already
  gift_card_offline,  // card, owner: a claim that the owner has not been asked about
  pending_card,       // card: pending here; of a refund: a credit receipt that is issued
};
struct Tender {
  TenderKind kind{};
  std::int64_t pence = 0;
  CardDigest card = {};
  DocumentNumber number = {};
  SiteCode owner{};
  static constexpr auto fields() {
    return std::tuple(&Tender::kind, &Tender::pence, &Tender::card, &Tender::number,
                      &Tender::owner);
  }
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
  static constexpr auto fields() {
    return std::tuple(&VoucherRow::card, &VoucherRow::kind, &VoucherRow::pence, &VoucherRow::owner,
                      &VoucherRow::is_pending);
  }
  friend bool operator==(const VoucherRow&, const VoucherRow&) = default;
};

struct SaleMade {
  DocumentNumber receipt = {};
  Day day = {};
  std::vector<VatRow> vat = {};  // of the goods
  std::vector<VoucherRow> vouchers = {};
  std::vector<Tender> tenders = {};
  std::vector<SoldRow> rows = {};  // the goods
  // Who the sale is to be credited to, as the keyed digest of the membership's number; none:
  // nobody.
  CardDigest member = {};
  static constexpr auto fields() {
    return std::tuple(&SaleMade::receipt, &SaleMade::day, &SaleMade::vat, &SaleMade::vouchers,
                      &SaleMade::tenders, &SaleMade::rows, &SaleMade::member);
  }
  friend bool operator==(const SaleMade&, const SaleMade&) = default;
};
struct RefundMade {
  DocumentNumber refund = {};
  DocumentNumber receipt = {};  // none: without a receipt
  Day day = {};
  std::vector<VatRow> vat = {};
  std::vector<Tender> tenders = {};
  std::vector<SoldRow> rows = {};          // the goods that come back
  Cause cause = Cause::returned_to_shelf;  // and where they go
  TillReason reason{};
  ActorNo second{};  // who allowed it, above a limit
  static constexpr auto fields() {
    return std::tuple(&RefundMade::refund, &RefundMade::receipt, &RefundMade::day, &RefundMade::vat,
                      &RefundMade::tenders, &RefundMade::rows, &RefundMade::cause,
                      &RefundMade::reason, &RefundMade::second);
  }
  friend bool operator==(const RefundMade&, const RefundMade&) = default;
};
// The owner, asked by a site: for a card sold there, or a credit receipt given out.
struct CardActivated {
  CardDigest card = {};
  VoucherKind kind{};
  std::int64_t pence = 0;
  SiteCode site{};
  DocumentNumber document = {};  // the site's receipt or refund
  static constexpr auto fields() {
    return std::tuple(&CardActivated::card, &CardActivated::kind, &CardActivated::pence,
                      &CardActivated::site, &CardActivated::document);
  }
  friend bool operator==(const CardActivated&, const CardActivated&) = default;
};
// The owner, asked by a site that pays a refund out to a card.
struct CardCredited {
  CardDigest card = {};
  std::int64_t pence = 0;
  SiteCode site{};
  DocumentNumber refund = {};
  static constexpr auto fields() {
    return std::tuple(&CardCredited::card, &CardCredited::pence, &CardCredited::site,
                      &CardCredited::refund);
  }
  friend bool operator==(const CardCredited&, const CardCredited&) = default;
};
// freeze, thaw or stop, by the owner.
struct CardMoved {
  CardDigest card = {};
  CardVerb verb{};
  static constexpr auto fields() { return std::tuple(&CardMoved::card, &CardMoved::verb); }
  friend bool operator==(const CardMoved&, const CardMoved&) = default;
};
struct HoldTaken {
  DocumentNumber hold = {};  // the owner's
  CardDigest card = {};
  std::int64_t pence = 0;
  SiteCode site{};  // for whom
  std::int64_t expires_tick_ms = 0;
  static constexpr auto fields() {
    return std::tuple(&HoldTaken::hold, &HoldTaken::card, &HoldTaken::pence, &HoldTaken::site,
                      &HoldTaken::expires_tick_ms);
  }
  friend bool operator==(const HoldTaken&, const HoldTaken&) = default;
};
struct HoldCaptured {
  DocumentNumber hold = {};
  std::int64_t pence = 0;
  DocumentNumber receipt = {};  // what it pays for; once for each hold
  static constexpr auto fields() {
    return std::tuple(&HoldCaptured::hold, &HoldCaptured::pence, &HoldCaptured::receipt);
  }
  friend bool operator==(const HoldCaptured&, const HoldCaptured&) = default;
};
// release or expire: what was not captured is the card's again. Nothing expires by itself.
struct HoldEnded {
  DocumentNumber hold = {};
  HoldVerb verb{};
  std::int64_t tick_ms = 0;
  static constexpr auto fields() {
    return std::tuple(&HoldEnded::hold, &HoldEnded::verb, &HoldEnded::tick_ms);
  }
  friend bool operator==(const HoldEnded&, const HoldEnded&) = default;
};
// What is left of a card that is pending here goes to its owner.
struct PendingHandedOver {
  CardDigest card = {};
  SiteCode owner{};
  static constexpr auto fields() {
    return std::tuple(&PendingHandedOver::card, &PendingHandedOver::owner);
  }
  friend bool operator==(const PendingHandedOver&, const PendingHandedOver&) = default;
};
// An order of another site that cannot be asked, refunded as a credit receipt.
struct ExposureRefunded {
  DocumentNumber refund = {};
  DocumentNumber order = {};
  Day day = {};
  std::int64_t pence = 0;
  CardDigest card = {};  // the credit receipt
  TillReason reason{};
  ActorNo second{};  // who allowed it, above a limit
  static constexpr auto fields() {
    return std::tuple(&ExposureRefunded::refund, &ExposureRefunded::order, &ExposureRefunded::day,
                      &ExposureRefunded::pence, &ExposureRefunded::card, &ExposureRefunded::reason,
                      &ExposureRefunded::second);
  }
  friend bool operator==(const ExposureRefunded&, const ExposureRefunded&) = default;
};

enum class NoticeKind : std::uint8_t {
  claim,      // a card was spent at the notice's site: on the reader's hold, or unasked
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
  DocumentNumber basis = {};     // of an exposure the order, of a claim the hold
  Day day = {};
  std::int64_t pence = 0;
  std::int64_t granted_pence = 0;  // of settled
  static constexpr auto fields() {
    return std::tuple(&Notice::kind, &Notice::card, &Notice::voucher_kind, &Notice::document,
                      &Notice::basis, &Notice::day, &Notice::pence, &Notice::granted_pence);
  }
  friend bool operator==(const Notice&, const Notice&) = default;
};
// A notice of another site, or its own, as the reader's ledger takes it. The notices of a writer to
// a reader count from 0 and are booked in turn, so none is lost and none counts twice.
struct NoticeBooked {
  SiteCode from{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;
  Notice notice = {};
  static constexpr auto fields() {
    return std::tuple(&NoticeBooked::from, &NoticeBooked::epoch, &NoticeBooked::sequence,
                      &NoticeBooked::notice);
  }
  friend bool operator==(const NoticeBooked&, const NoticeBooked&) = default;
};
// Steps that may come more than once name what they belong to: refund, pay_debt and write_off.
struct PaymentPosted {
  DocumentNumber payment = {};
  PaymentStep step{};
  std::int64_t pence = 0;
  DocumentNumber document = {};
  static constexpr auto fields() {
    return std::tuple(&PaymentPosted::payment, &PaymentPosted::step, &PaymentPosted::pence,
                      &PaymentPosted::document);
  }
  friend bool operator==(const PaymentPosted&, const PaymentPosted&) = default;
};

// What is done at a till's drawer, other than sales.
enum class DrawerState : std::uint8_t { closed, open, counted };
enum class DrawerVerb : std::uint8_t {
  open,       // with a float out of the safe
  top_up,     // change, out of the safe
  safe_drop,  // what is too much, into the safe
  pay_out,    // for what the shop needs
  no_sale,    // the drawer is opened for nothing
  void_line,  // of a basket
  void_basket,
  override_price,
  ask_change,  // somebody is to bring it
  read,        // X
  count,       // without having been told what should be there
  close,       // Z: what was counted goes into the safe
};
struct DrawerMove {
  DrawerState from;
  DrawerVerb verb;
  DrawerState to;
};
std::span<const DrawerMove> moves_of(DrawerVerb);

// What a verb needs, and between which accounts its pence move.
struct DrawerRow {
  DrawerVerb verb;
  Account debit, credit;  // the same: no money moves
  bool needs_reason;
  std::int64_t Limits::*alone;  // above it a second person allows it; nullptr: nobody has to
};
const DrawerRow& row_of(DrawerVerb verb);

struct DrawerMoved {
  std::uint32_t counter = 0;  // decided
  DrawerVerb verb{};
  std::int64_t pence = 0;             // of count: what was counted; of voids: what they were worth
  std::int64_t over_short_pence = 0;  // of close, decided: counted less expected
  TillReason reason{};
  ActorNo second{};  // who allowed it, above a limit
  static constexpr auto fields() {
    return std::tuple(&DrawerMoved::counter, &DrawerMoved::verb, &DrawerMoved::pence,
                      &DrawerMoved::over_short_pence, &DrawerMoved::reason, &DrawerMoved::second);
  }
  friend bool operator==(const DrawerMoved&, const DrawerMoved&) = default;
};

// Pounds and pence, for example "1,234.50".
std::string pounds(std::int64_t pence);

// What the ledger is told of an online order. They are no kinds of the journal: they come with
// OnlinePicked and OnlineRefunded.
struct OrderCharged {
  DocumentNumber order = {};
  std::vector<VatRow> vat = {};
};
struct OrderPaidBack {
  DocumentNumber order = {};
  std::int64_t pence = 0;
};

using ValueEvent =
    std::variant<SaleMade, RefundMade, CardActivated, CardCredited, CardMoved, HoldTaken,
                 HoldCaptured, HoldEnded, PendingHandedOver, ExposureRefunded, NoticeBooked,
                 PaymentPosted, DrawerMoved, OrderCharged, OrderPaidBack>;

TRADE_WORDS(Account, {"cash", "card_receivable", "card_stored", "card_debt", "unapplied",
                      "gift_card", "credit_receipt", "held", "pending", "due", "sales", "vat",
                      "refunds", "loss", "exposure", "safe", "paid_out", "over_short"});
TRADE_WORDS(VoucherKind, {"gift_card", "e_gift_card", "credit_receipt"});
TRADE_WORDS(CardState,
            {"unknown", "pending", "handed_over", "active", "frozen", "spent", "stopped"});
TRADE_WORDS(CardVerb, {"issue", "honour", "hand_over", "activate", "hold", "credit", "freeze",
                       "thaw", "stop", "spend_out", "refill"});
TRADE_WORDS(HoldState, {"none", "held", "captured", "released", "expired"});
TRADE_WORDS(HoldVerb, {"take", "capture", "release", "expire"});
TRADE_WORDS(PaymentStep, {"charge", "store", "forward", "become_debt", "drop", "reverse", "refund",
                          "pay_debt", "write_off"});
TRADE_WORDS(TenderKind, {"cash", "card", "gift_card", "gift_card_offline", "pending_card"});
TRADE_WORDS(NoticeKind, {"claim", "hand_over", "exposure", "settled"});
TRADE_WORDS(VatCode, {"standard", "reduced", "zero", "exempt", "outside_scope"});
TRADE_WORDS(TillReason, {"none", "customer_changed_mind", "goods_faulty", "goods_unsafe",
                         "scanned_wrong", "price_wrong", "cannot_pay", "change_needed",
                         "petty_cash", "drawer_full", "end_of_shift", "test"});
TRADE_WORDS(DrawerState, {"closed", "open", "counted"});
TRADE_WORDS(DrawerVerb, {"open", "top_up", "safe_drop", "pay_out", "no_sale", "void_line",
                         "void_basket", "override_price", "ask_change", "read", "count", "close"});

}  // namespace trade
