// A desk's beginning, end, standing and drawer.
#include "till/desk.h"

#include <chrono>
#include <future>
#include <thread>

#include "site/cut_offs.h"
#include "till/desk_parts.h"
#include "till/upkeep.h"
#include "trade/till.h"

namespace till {
namespace {

// What is to be said at the door.
std::string notice_of(const trade::Partition& own, bool takes_gift_cards) {
  const bool cards = is_open(own, trade::Capability::card_payments);
  if (!cards && !takes_gift_cards) return "Cash only, please.";
  if (!cards) return "We cannot take bank cards at the moment.";
  return takes_gift_cards ? "" : "We cannot take gift cards at the moment.";
}

}  // namespace

Desk::Desk(DeskOptions options, site::Core& core, const TablesInUse& tables,
           trade::CardTerminal& terminal, CardOwner& owner)
    : parts_(std::make_shared<Parts>(std::move(options), core, tables, terminal, owner)) {}

// What the core still has of the desk's runs first; then nobody uses the terminal or the owner.
Desk::~Desk() {
  std::promise<void> done;
  while (!parts_->core.ask([&, its = parts_](const site::View&) {
    its->is_over = true;
    done.set_value();
  }))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (!parts_->options.has_threads) parts_->core.step();
  done.get_future().wait();
}

void Desk::state(const Asker& who, Told<DeskState> told) {
  parts_->ask<DeskState>(
      who, std::move(told), [](Parts& its, const site::View& view, Told<DeskState> then) {
        const trade::Partition& own = view.own;
        DeskState made;
        made.drawer = own.shift.state;
        if (own.day_is_open) made.day = own.day;
        made.is_cash_only = trade::is_cash_only(own);
        const bool takes_gift_cards =
            is_open(own, trade::Capability::gift_cards) && its.options.digest != nullptr;
        made.tenders = {trade::TenderKind::cash};
        if (is_open(own, trade::Capability::card_payments))
          made.tenders.push_back(trade::TenderKind::card);
        if (takes_gift_cards) made.tenders.push_back(trade::TenderKind::gift_card);
        // Near the ceiling somebody has to carry cash to the safe.
        made.wants_safe_drop = made.is_cash_only && own.ledger.total(trade::Account::cash) >=
                                                        own.limits.drawer_pence * 8 / 10;
        made.notice = notice_of(own, takes_gift_cards);
        made.stored_count = own.payments.stored_count();
        made.stored_pence = own.payments.stored_pence();
        made.debt_pence = own.ledger.total(trade::Account::card_debt);
        made.basket = its.front.number;
        for (const auto& [number, basket] : its.parked) made.parked.push_back(number);
        made.has_tables = its.tables.get() != nullptr;
        then(std::move(made));
      });
}

void Desk::move_drawer(const Asker& who, trade::DrawerVerb verb, std::int64_t pence,
                       trade::TillReason reason, Told<DrawerAnswer> told) {
  using trade::DrawerVerb;
  parts_->ask<DrawerAnswer>(
      who, std::move(told),
      [who, verb, pence, reason](Parts& its, const site::View& view, Told<DrawerAnswer> then) {
        const auto shared = std::make_shared<Told<DrawerAnswer>>(std::move(then));
        if (is_of_basket(verb)) return (*shared)(refuse(trade::Refusal::move_not_listed));
        if (verb == DrawerVerb::count && its.paid(view, its.front).sure_pence > 0)
          return (*shared)(refuse(DeskTrouble::tenders_open));
        const bool is_known = its.is_known(who, view);
        if (verb == DrawerVerb::open && !is_known) {
          // Its own process does so within a second; a drawer is not opened into yesterday.
          for (const trade::Body& body : upkeep_of(view.own, nullptr, its.moment(view).day, 2))
            (void)its.submit(nullptr, body, [](const site::Outcome&, const site::View&) {});
        }
        const trade::DrawerMoved moved{
            .verb = verb, .pence = pence, .reason = reason, .second = who.second};
        // What Z prints is no longer there once the drawer is closed.
        const auto make =
            [moved, its = its.shared_from_this()](
                const trade::Partition& own) -> std::expected<trade::Body, trade::No> {
          if (moved.verb == DrawerVerb::close) its->last_z = trade::shift_report(own);
          return trade::Body(moved);
        };
        const auto answer = [verb, shared, its = its.shared_from_this()](
                                const site::Outcome& outcome, const site::View& now) {
          if (!outcome) return (*shared)(std::unexpected<Why>(outcome.error()));
          DrawerAnswer made{.state = now.own.shift.state, .is_repeated = outcome->is_repeated};
          if (verb == DrawerVerb::close) made.report = its->last_z;
          if (verb == DrawerVerb::read || verb == DrawerVerb::count)
            made.report = trade::shift_report(now.own);
          (*shared)(std::move(made));
        };
        if (!its.submit(&who, make, answer)) (*shared)(refuse(DeskTrouble::busy));
      });
}

}  // namespace till
