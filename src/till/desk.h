#pragma once
// A till's desk: baskets, their prices and refusals, tenders, receipts, refunds and the drawer,
// around the core of a till's site. What is journalled are the moves of trade; baskets are memory.
//
// Everything happens on the core's thread, one thing after the other, so nothing here needs a lock
// and every answer knows the book as it is. All calls may come from any thread, and none waits. A
// `told` is called once, on the core's thread; where the core's queue is full at once, with `busy`.

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "io/entropy.h"
#include "selling/basket.h"
#include "site/core.h"
#include "till/card_owner.h"
#include "till/tables_in_use.h"
#include "trade/terminal.h"
#include "trade/value.h"

namespace till {

inline constexpr std::size_t parked_max = 20;
inline constexpr std::size_t tenders_max = 16;    // of a basket
inline constexpr std::size_t vouchers_max = 8;    // gift cards that are sold in a basket
inline constexpr std::size_t decisions_max = 32;  // about a basket's offers
inline constexpr std::size_t receipts_max = 100;  // whose text is kept for a copy
inline constexpr std::size_t receipt_columns = 42;

enum class DeskTrouble : std::uint8_t {
  basket_unknown,  // none is parked under this number
  basket_empty,
  basket_busy,     // something about it is being written
  basket_changed,  // since it was seen
  basket_refused,  // something in it may not be sold; the basket says what and why
  parked_full,
  tenders_open,  // take back what was paid first
  tender_unknown,
  tender_waiting,  // the card was not answered yet
  not_paid,        // less than what is to be paid
  over_paid,       // more than what is to be paid, and not in cash
  tenders_full,
  hold_over,          // the gift card's hold is too old to sell on; take it back, and ask again
  cards_not_keyed,    // this till has no key for gift cards
  tables_missing,     // the till has nothing to sell by
  reduction_unknown,  // no store that this till hears has reduced that product so
  receipt_not_kept,   // its text is no longer here
  session_over,       // who asks is not enrolled, or no longer
  busy,
};

// Why not: the desk's reason, selling's, or the core's, which is mostly trade's.
using Why = std::variant<DeskTrouble, selling::Refusal, site::NotDone>;
template <class T>
using Told = std::move_only_function<void(std::expected<T, Why>)>;

// Who asks, under which request, and who allows it as a second person. Both have shown who they
// are to whoever calls. A move that is journalled needs a request; without one it is never known
// again.
struct Asker {
  trade::ActorNo actor{};
  trade::RequestId request = {};
  trade::ActorNo second{};
};

// What is put into the basket: a code, or a product that is counted or weighed.
struct Item {
  std::string code = {};
  trade::ProductId product = {};
  trade::Units units = 1;
  selling::Grams grams = 0;
  std::optional<selling::Sticker> sticker = {};
  // Of the basket when it was last seen; none: whatever it is. So a request that is sent again
  // puts nothing in twice.
  std::optional<std::uint32_t> changes = {};
};

// What is in the way of a sale.
struct Hindrance {
  std::uint32_t line = 0;
  std::variant<selling::Refusal, trade::Refusal> why;  // of trade: stop_sale
  std::int64_t bound = 0;                              // as selling::LineRefusal has it
  friend bool operator==(const Hindrance&, const Hindrance&) = default;
};

struct ShownTender {
  std::uint32_t tender = 0;  // by which it is taken back
  trade::TenderKind kind{};
  std::int64_t pence = 0;  // of cash: what the customer gave
  // Of a card.
  trade::PaymentState state{};
  trade::DocumentNumber payment = {};
  trade::CardFacts facts = {};
};
struct ShownVoucher {
  trade::VoucherKind kind{};
  std::int64_t pence = 0;
};

struct ShownBasket {
  std::uint32_t basket = 0;
  std::uint32_t changes = 0;
  selling::PricedBasket priced = {};  // without its refusals, which stand in hindrances
  std::vector<Hindrance> hindrances = {};
  std::vector<ShownVoucher> vouchers = {};
  std::vector<ShownTender> tenders = {};
  std::int64_t to_pay_pence = 0;
  std::int64_t left_pence = 0;    // not paid yet
  std::int64_t change_pence = 0;  // to be given back
  selling::Shopper shopper = {};
  selling::AgeCheck age = {};
};

// What is on disk, and the paper for the customer. After a restart the paper of a request that is
// repeated is gone: then text is empty, and the codes of cards that it sold or gave out are here.
struct Completed {
  trade::DocumentNumber receipt = {};
  std::int64_t total_pence = 0;
  std::int64_t change_pence = 0;
  std::vector<std::string> text = {};
  std::vector<std::string> codes = {};
  bool is_repeated = false;
};

struct RefundItem {
  trade::ProductId product = {};
  trade::Units units = 1;
  selling::Grams grams = 0;
  trade::Pence pence = 0;  // that is paid back for all of it
};
struct Refund {
  trade::DocumentNumber receipt = {};  // none: without one
  trade::TenderKind way{};             // cash, card (of the payment), or pending_card: a new
                                       // credit receipt
  trade::DocumentNumber payment = {};
  trade::Cause cause = trade::Cause::returned_to_shelf;
  trade::TillReason reason{};
  std::vector<RefundItem> items = {};
};

// What a drawer's move left, and the report where it was X, a count or Z.
struct DrawerAnswer {
  trade::DrawerState state{};
  std::vector<std::pair<std::string, std::string>> report = {};
  bool is_repeated = false;
};

struct DeskState {
  trade::DrawerState drawer{};
  trade::Day day = {};  // the trading day; none: none is open
  bool is_cash_only = false;
  std::vector<trade::TenderKind> tenders = {};  // that are possible now
  // Cash is all there is, and the drawer is near its ceiling. How much is in it nobody learns
  // before the count.
  bool wants_safe_drop = false;
  std::string notice = {};                          // for the door; empty: all is as ever
  std::int64_t stored_count = 0, stored_pence = 0;  // cards taken without their bank
  std::int64_t debt_pence = 0;                      // of cards that were refused later
  std::uint32_t basket = 0;
  std::vector<std::uint32_t> parked = {};
  bool has_tables = false;
};

struct DeskOptions {
  // Takes lines of JSON about refusals and age checks: product, rule, bound, outcome. Nothing in
  // them is about a person. From the core's thread; must not wait.
  std::function<void(std::string_view line)> log = {};
  // The keyed hash of a card's code; none: no gift card is taken, sold or given out.
  std::function<trade::CardDigest(const trade::CardCode&)> digest = {};
  // The code of a card that a request makes with a document: always the same one. With `digest`.
  std::function<trade::CardCode(const trade::RequestId&, const trade::DocumentNumber&,
                                std::uint32_t index)>
      new_code = {};
  // The same of a membership's number; none: no sale says whose it is.
  std::function<trade::CardDigest(std::string_view number)> member_digest = {};
  bool has_threads = true;  // the core's; false: step() of the core does the work, for tests
};

class Desk {
 public:
  // All must outlive the desk, and the core must go on answering until it is gone. Card payments
  // of before that belong to no sale are taken back from the first step on.
  Desk(DeskOptions options, site::Core& core, const TablesInUse& tables,
       trade::CardTerminal& terminal, CardOwner& owner);
  ~Desk();

  void state(const Asker& who, Told<DeskState> told);

  // The basket in front.
  void look(const Asker& who, Told<ShownBasket> told);
  void add(const Asker& who, Item item, Told<ShownBasket> told);
  // Both journal the void with what it was worth. Refused as by trade (reason, second person), and
  // as tenders_open. A basket with nothing in it is just emptied.
  void void_line(const Asker& who, std::uint32_t line, trade::TillReason reason,
                 Told<ShownBasket> told);
  void void_basket(const Asker& who, trade::TillReason reason, Told<ShownBasket> told);
  // A unit's price, or a weighed piece's, below the one it has; journals what is given away.
  void override_price(const Asker& who, std::uint32_t line, trade::Pence pence,
                      trade::TillReason reason, Told<ShownBasket> told);
  void park(const Asker& who, Told<ShownBasket> told);
  // Parks what is in front, if there is something, and puts this one there.
  void recall(const Asker& who, std::uint32_t basket, Told<ShownBasket> told);
  // A member's or colleague's card by its check digit. The sale has a member's keyed digest, by
  // which somebody credits it later; the number itself is not kept.
  void show_card(const Asker& who, std::string_view number, Told<ShownBasket> told);
  void check_age(const Asker& who, const selling::AgeCheck& age, Told<ShownBasket> told);
  // By a manager, or with one as the second person.
  void decide_offer(const Asker& who, const selling::OfferDecision& decision,
                    Told<ShownBasket> told);
  void sell_voucher(const Asker& who, trade::VoucherKind kind, std::int64_t pence,
                    Told<ShownBasket> told);
  void drop_voucher(const Asker& who, std::uint32_t index, Told<ShownBasket> told);

  // Tenders. Cash is what the customer gave, change is worked out; `changes` as in Item.
  void take_cash(const Asker& who, std::int64_t pence, std::optional<std::uint32_t> changes,
                 Told<ShownBasket> told);
  // Asks the terminal; 0 pence: all that is left. How it went is seen in the basket.
  void take_card(const Asker& who, std::int64_t pence, Told<ShownBasket> told);
  // A gift card or a credit receipt by its code. Refused as card_number_shown where somebody typed
  // the number of a bank's card.
  void take_gift_card(const Asker& who, std::string_view code, std::int64_t pence,
                      Told<ShownBasket> told);
  void take_back(const Asker& who, std::uint32_t tender, Told<ShownBasket> told);

  // One sale_made. Answered once it is on disk; the same request again makes no second one, also
  // after a restart, when the basket is gone.
  void complete(const Asker& who, Told<Completed> told);
  // A further copy of a receipt's or refund's text. Refuses receipt_not_kept.
  void reprint(const Asker& who, const trade::DocumentNumber& number, Told<Completed> told);
  void refund(const Asker& who, Refund wanted, Told<Completed> told);

  // Every verb but those of baskets. Opening the drawer opens the trading day of the machine's
  // date.
  void move_drawer(const Asker& who, trade::DrawerVerb verb, std::int64_t pence,
                   trade::TillReason reason, Told<DrawerAnswer> told);

  // Once a second: takes the terminal's answers, and does what time brings to card payments.
  void step();

  struct Parts;

 private:
  std::shared_ptr<Parts> parts_;  // answers may come when the desk is gone
};

}  // namespace till
