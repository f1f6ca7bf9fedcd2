#pragma once
// The inside of a desk. All of it but the constants is for the core's thread.

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "till/desk.h"
#include "till/slip.h"

namespace till {

struct TakenTender {
  std::uint32_t tender = 0;
  trade::TenderKind kind{};
  std::int64_t pence = 0;
  trade::DocumentNumber number = {};  // the card payment, or the hold of a gift card
  trade::CardDigest card = {};
  std::int64_t good_until_tick_ms = 0;  // of a hold
};

struct Basket {
  std::uint32_t number = 0;
  std::uint32_t changes = 0;
  selling::Basket goods = {};
  selling::Shopper shopper = {};
  trade::CardDigest member = {};  // whose card was shown
  selling::AgeCheck age = {};
  std::vector<selling::OfferDecision> decisions = {};
  std::vector<ShownVoucher> vouchers = {};
  std::vector<TakenTender> tenders = {};
  std::uint32_t last_tender = 0;
  bool is_busy = false;  // something about it is on its way to the journal
  // A completion that the disk did not take, or perhaps did.
  std::optional<trade::RequestId> unsure = {};
  std::vector<Hindrance> logged = {};

  bool is_empty() const { return goods.lines().empty() && vouchers.empty() && tenders.empty(); }
};

// What the tenders of a basket come to.
struct Paid {
  std::int64_t cash_pence = 0;     // that the customer gave
  std::int64_t sure_pence = 0;     // by cards of any kind
  std::int64_t waiting_pence = 0;  // asked at the terminal
};

// A row of a receipt before its product has a line of this site.
struct PlannedRow {
  trade::ProductId product = {};
  trade::SoldRow row = {};
};
struct SalePlan {
  trade::RequestId request = {};
  std::vector<PlannedRow> rows = {};
  trade::SaleMade sale = {};  // without its rows and vouchers
  std::vector<ShownVoucher> vouchers = {};
  SaleSlip slip = {};
};
struct RefundPlan {
  trade::RequestId request = {};
  std::vector<PlannedRow> rows = {};
  trade::RefundMade refund = {};  // without its rows
  RefundSlip slip = {};
};

template <class T>
using SharedTold = std::shared_ptr<Told<T>>;

inline Why why_of(DeskTrouble trouble) { return trouble; }
inline Why why_of(selling::Refusal refusal) { return refusal; }
inline Why why_of(const trade::No& no) { return site::NotDone{no, {}}; }
inline Why why_of(trade::Refusal refusal) { return why_of(trade::No{refusal}); }
template <class Reason>
std::unexpected<Why> refuse(const Reason& reason) {
  return std::unexpected<Why>(why_of(reason));
}
// Selling's answers, for TRY in a function that answers with Why.
template <class T>
std::expected<T, Why> asked(selling::Answer<T> answer) {
  if (!answer) return refuse(answer.error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(answer);
}

bool is_good(trade::PaymentState state);     // its money is there, or is taken at a risk
bool is_waiting(trade::PaymentState state);  // nobody knows yet
inline bool is_open(const trade::Partition& own, trade::Capability capability) {
  return own.modes[static_cast<std::size_t>(capability)] == trade::Mode::open;
}
// Whether the person is a manager who is enrolled here.
bool is_manager(const trade::Partition& own, trade::ActorNo actor);

struct Desk::Parts : std::enable_shared_from_this<Desk::Parts> {
  Parts(DeskOptions its_options, site::Core& its_core, const TablesInUse& its_tables,
        trade::CardTerminal& its_terminal, CardOwner& its_owner)
      : options(std::move(its_options)),
        core(its_core),
        tables(its_tables),
        terminal(its_terminal),
        owner(its_owner) {
    front.number = last_basket;
  }

  using Make =
      std::move_only_function<std::expected<trade::Body, trade::No>(const trade::Partition&)>;
  template <class T>
  using Shown = std::expected<T, Why>;

  // Runs act(parts, view, told) on the core's thread, if who asks is enrolled.
  template <class T, class Act>
  void ask(const Asker& who, Told<T> told, Act act);
  // Changes the basket in front: a copy is changed and priced, and put in its place if all is well.
  template <class Change>
  void change(const Asker& who, Told<ShownBasket> told, Change change);
  // For the person, or for the site itself. False: the queue is full.
  bool submit(const Asker* who, Make make, site::Core::Then then) {
    trade::Origin origin;
    if (who != nullptr) origin.actor = who->actor, origin.request = who->request;
    return core.submit({origin, std::move(make)}, std::move(then));
  }
  bool submit(const Asker* who, const trade::Body& body, site::Core::Then then) {
    return submit(
        who,
        [body](const trade::Partition&) -> std::expected<trade::Body, trade::No> { return body; },
        std::move(then));
  }

  // Baskets and their prices (desk_baskets.cc).
  bool is_known(const Asker& who, const site::View& view) const {
    return who.request.given() && view.requests.find(who.request, view.tick_ms).has_value();
  }
  std::expected<void, Why> check_free() const;
  Basket new_basket() { return {.number = ++last_basket}; }
  selling::Moment moment(const site::View& view) const;
  Paid paid(const site::View& view, const Basket& basket) const;
  Shown<ShownBasket> show(const site::View& view, const Basket& basket) const;
  void log_refusals(Basket& basket, const ShownBasket& shown) const;
  void log_age(const ShownBasket& before, const selling::AgeCheck& age) const;
  void log(const trade::ProductId& product, std::string_view rule, std::int64_t bound,
           std::string_view outcome) const;
  // Journals a move of the drawer about the basket in front, then applies it.
  void journal_void(const Asker& who, const trade::DrawerMoved& moved,
                    std::move_only_function<void(Basket&)> apply, Told<ShownBasket> told);

  // Sales and refunds (desk_sale.cc).
  Shown<SalePlan> plan_sale(const site::View& view, const Asker& who);
  Shown<RefundPlan> plan_refund(const site::View& view, const Asker& who, const Refund& wanted);
  void open_lines(const site::View& view, const std::vector<PlannedRow>& rows);
  void sell(const Asker& who, std::shared_ptr<SalePlan> plan, SharedTold<Completed> told);
  void sold(const Asker& who, SalePlan* plan, const site::Outcome& outcome,
            SharedTold<Completed> told);
  void give_back(const Asker& who, std::shared_ptr<RefundPlan> plan, SharedTold<Completed> told);
  // The code of the card that the request made with this document: always the same one.
  trade::CardCode code_of(const trade::RequestId& request, const trade::DocumentNumber& document,
                          std::uint32_t index) const;
  void keep(std::variant<SaleSlip, RefundSlip> slip);
  Completed completed(const trade::DocumentNumber& number, bool is_repeated) const;

  // Cards (desk_cards.cc).
  void round(const site::View& view);
  void take_answer(const site::View& view, const trade::CardAnswer& answer);
  void move_payment(const trade::PaymentMoved& move, site::Core::Then then = {});
  void store_or_drop(const trade::DocumentNumber& payment, std::int64_t tick_ms);
  void take_orphans_back(const site::View& view);
  void send_outstanding(const site::View& view);
  void settle_unsure(const site::View& view);
  bool may_forward(const site::View& view) const;
  Shown<std::int64_t> wanted_pence(const site::View& view, std::int64_t pence) const;
  void add_gift_card(const site::View& view, const trade::CardDigest& card, std::int64_t pence,
                     const std::expected<CardHeld, NotHeld>& held, SharedTold<ShownBasket> told);

  const DeskOptions options;
  site::Core& core;
  const TablesInUse& tables;
  trade::CardTerminal& terminal;
  CardOwner& owner;

  bool is_over = false;
  std::uint32_t last_basket = 1;
  Basket front = {};
  std::map<std::uint32_t, Basket> parked = {};
  struct Kept {
    std::variant<SaleSlip, RefundSlip> slip;
    std::uint16_t copies = 0;
  };
  std::deque<Kept> kept = {};  // the newest last
  std::vector<std::pair<std::string, std::string>> last_z = {};
  // A hop back to the core's thread found its queue full: the basket must not stay busy.
  std::atomic<bool> was_turned_away = false;

  bool has_orphans = true;            // card payments may be there that belong to no basket
  std::int64_t no_line_tick_ms = -1;  // when the terminal last reached nobody
  std::map<std::pair<trade::DocumentNumber, trade::RequestKind>, std::int64_t> sent = {};
};

// A drawer verb that only makes sense about a basket.
inline bool is_of_basket(trade::DrawerVerb verb) {
  return verb == trade::DrawerVerb::void_line || verb == trade::DrawerVerb::void_basket ||
         verb == trade::DrawerVerb::override_price;
}

template <class T, class Act>
void Desk::Parts::ask(const Asker& who, Told<T> told, Act act) {
  const auto shared = std::make_shared<Told<T>>(std::move(told));
  const bool is_asked = core.ask([its = shared_from_this(), who, shared,
                                  act = std::move(act)](const site::View& view) mutable {
    const auto person = view.own.people.find(who.actor);
    if (its->is_over || person == view.own.people.end() || person->second.is_ended)
      return (*shared)(refuse(DeskTrouble::session_over));
    act(*its, view, std::move(*shared));
  });
  if (!is_asked) (*shared)(refuse(DeskTrouble::busy));
}

template <class Change>
void Desk::Parts::change(const Asker& who, Told<ShownBasket> told, Change change) {
  ask<ShownBasket>(who, std::move(told),
                   [change = std::move(change)](Parts& its, const site::View& view,
                                                Told<ShownBasket> then) mutable {
                     const auto changed = [&]() -> Shown<ShownBasket> {
                       TRY(its.check_free());
                       Basket next = its.front;
                       TRY(change(its, view, next));
                       ++next.changes;
                       ShownBasket shown = TRY(its.show(view, next));
                       its.log_refusals(next, shown);
                       its.front = std::move(next);
                       return shown;
                     }();
                     then(changed);
                   });
}

}  // namespace till
