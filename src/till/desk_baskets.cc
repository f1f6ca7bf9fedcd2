// A desk's baskets: what is put in, what it costs, what is in its way.
#include <algorithm>

#include <fmt/format.h>

#include "site/cut_offs.h"
#include "till/desk_parts.h"

namespace till {
namespace {

// Whether a stop-sale of this site, or of a store that it reads, holds the product back.
bool is_held_back(const site::View& view, const trade::ProductId& product) {
  const auto stops = [&](const trade::Partition& site) {
    if (const auto line = site.goods.find(product)) return trade::is_stopped(site, *line, {});
    return std::ranges::any_of(site.stops,
                               [&](const auto& stop) { return stop.second.product == product; });
  };
  return std::ranges::any_of(view.book.partitions(), [&](const auto& row) {
    return (&row.second == &view.own || row.second.site.kind == trade::SiteKind::store) &&
           stops(row.second);
  });
}

std::string_view word_of(const Hindrance& one) {
  if (const auto* refusal = std::get_if<selling::Refusal>(&one.why))
    return selling::row_of(*refusal).name;
  return trade::row_of(std::get<trade::Refusal>(one.why)).name;
}

std::expected<void, Why> put_in(const selling::Tables& tables, const selling::Layouts& layouts,
                                const Item& item, selling::Basket& basket) {
  if (!item.code.empty()) {
    const selling::Scan scan = TRY(asked(selling::read_barcode(item.code, layouts)));
    TRY(asked(basket.add_scan(tables, scan, item.units, item.sticker)));
  } else if (item.grams != 0) {
    TRY(asked(basket.add_weighed(tables, item.product, item.grams, item.sticker)));
  } else {
    TRY(asked(basket.add_product(tables, item.product, item.units, item.sticker)));
  }
  return {};
}

// Whether a store that this till hears, or the till itself, has reduced goods so. What nobody has
// reduced is an override, with its reason and its second person.
bool is_reduced(const trade::Book& book, const selling::Sale& sale) {
  return std::ranges::any_of(book.partitions(), [&](const auto& site) {
    const trade::Partition& at = site.second;
    return std::ranges::any_of(at.reductions, [&](const auto& row) {
      const trade::Reduction& reduction = row.second;
      return at.goods.product(reduction.line) == sale.product &&
             reduction.pence == sale.sticker->pence && reduction.expiry == sale.sticker->last;
    });
  });
}

// A text as JSON has it; printable ASCII only comes here.
std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

}  // namespace

bool is_manager(const trade::Partition& own, trade::ActorNo actor) {
  const auto person = own.people.find(actor);
  return person != own.people.end() && !person->second.is_ended &&
         person->second.role == trade::Role::manager;
}

std::expected<void, Why> Desk::Parts::check_free() const {
  if (front.is_busy || front.unsure) return refuse(DeskTrouble::basket_busy);
  return {};
}

selling::Moment Desk::Parts::moment(const site::View& view) const {
  const site::LocalTime now = site::local_time(view.at_ms);
  return {trade::to_day(now.day), static_cast<std::uint16_t>(now.minute)};
}

Paid Desk::Parts::paid(const site::View& view, const Basket& basket) const {
  Paid sum;
  for (const TakenTender& one : basket.tenders) {
    if (one.kind == trade::TenderKind::cash) {
      sum.cash_pence += one.pence;
    } else if (one.kind != trade::TenderKind::card) {
      sum.sure_pence += one.pence;
    } else if (const trade::Payment* payment = view.own.payments.find(one.number)) {
      if (is_good(payment->state)) sum.sure_pence += one.pence;
      if (is_waiting(payment->state)) sum.waiting_pence += one.pence;
    }
  }
  return sum;
}

Desk::Parts::Shown<ShownBasket> Desk::Parts::show(const site::View& view,
                                                  const Basket& basket) const {
  ShownBasket shown{.basket = basket.number,
                    .changes = basket.changes,
                    .vouchers = basket.vouchers,
                    .shopper = basket.shopper,
                    .age = basket.age};
  const TablesPtr now_tables = tables.get();
  if (!basket.goods.lines().empty()) {
    if (now_tables == nullptr) return refuse(DeskTrouble::tables_missing);
    // What was decided about an offer that newer tables have no more is decided about nothing.
    std::vector<selling::OfferDecision> decisions = basket.decisions;
    std::erase_if(decisions, [&](const selling::OfferDecision& one) {
      return std::ranges::find(now_tables->offers, one.offer, &selling::Offer::id) ==
             now_tables->offers.end();
    });
    shown.priced = TRY(asked(selling::price_basket(now_tables->view(), basket.goods, basket.shopper,
                                                   moment(view), basket.age, decisions)));
  }
  for (const selling::LineRefusal& one : shown.priced.refusals)
    shown.hindrances.push_back({one.line, one.why, one.bound});
  shown.priced.refusals.clear();
  for (std::uint32_t line = 0; line < shown.priced.lines.size(); ++line)
    if (!shown.priced.lines[line].is_void && is_held_back(view, shown.priced.lines[line].product))
      shown.hindrances.push_back({line, trade::Refusal::stop_sale, 0});

  for (const TakenTender& one : basket.tenders) {
    ShownTender& tender = shown.tenders.emplace_back(ShownTender{one.tender, one.kind, one.pence});
    if (one.kind != trade::TenderKind::card) continue;
    tender.payment = one.number;
    if (const trade::Payment* payment = view.own.payments.find(one.number))
      tender.state = payment->state, tender.facts = payment->facts;
  }
  shown.to_pay_pence = shown.priced.total_pence;
  for (const ShownVoucher& voucher : basket.vouchers) shown.to_pay_pence += voucher.pence;
  if (shown.to_pay_pence > trade::total_pence_max)
    return refuse(selling::Refusal::total_out_of_range);
  const Paid sum = paid(view, basket);
  const std::int64_t rest = std::max<std::int64_t>(0, shown.to_pay_pence - sum.sure_pence);
  shown.left_pence = std::max<std::int64_t>(0, rest - sum.cash_pence);
  shown.change_pence = std::max<std::int64_t>(0, sum.cash_pence - rest);
  return shown;
}

void Desk::Parts::log(const trade::ProductId& product, std::string_view rule, std::int64_t bound,
                      std::string_view outcome) const {
  if (!options.log) return;
  options.log(fmt::format(R"({{"till_restriction":"{}","product":{},"bound":{},"outcome":"{}"}})",
                          rule, quoted(product.view()), bound, outcome));
}

// Each once for a basket's line. That an age has still to be checked is a question, and no refusal.
void Desk::Parts::log_refusals(Basket& basket, const ShownBasket& shown) const {
  for (const Hindrance& one : shown.hindrances) {
    if (one.why == decltype(one.why)(selling::Refusal::age_unchecked)) continue;
    if (std::ranges::find(basket.logged, one) != basket.logged.end()) continue;
    basket.logged.push_back(one);
    if (one.line < shown.priced.lines.size())
      log(shown.priced.lines[one.line].product, word_of(one), one.bound, "refused");
  }
}

void Desk::Parts::log_age(const ShownBasket& before, const selling::AgeCheck& age) const {
  for (const Hindrance& one : before.hindrances)
    if (one.why == decltype(one.why)(selling::Refusal::age_unchecked) &&
        one.line < before.priced.lines.size() && age.outcome == selling::AgeOutcome::passed &&
        age.years >= one.bound)
      log(before.priced.lines[one.line].product, "age", one.bound, "passed");
}

void Desk::look(const Asker& who, Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(who, std::move(told),
                           [](Parts& its, const site::View& view, Told<ShownBasket> then) {
                             then(its.show(view, its.front));
                           });
}

void Desk::add(const Asker& who, Item item, Told<ShownBasket> told) {
  parts_->change(who, std::move(told),
                 [item = std::move(item)](Parts& its, const site::View& view,
                                          Basket& basket) -> std::expected<void, Why> {
                   if (item.changes && *item.changes != basket.changes)
                     return refuse(DeskTrouble::basket_changed);
                   const TablesPtr now = its.tables.get();
                   if (now == nullptr) return refuse(DeskTrouble::tables_missing);
                   TRY(put_in(now->view(), now->layouts, item, basket.goods));
                   const selling::Sale& sale = basket.goods.lines().back().sale;
                   if (sale.sticker && !is_reduced(view.book, sale))
                     return refuse(DeskTrouble::reduction_unknown);
                   return {};
                 });
}

void Desk::show_card(const Asker& who, std::string_view number, Told<ShownBasket> told) {
  parts_->change(who, std::move(told),
                 [number = std::string(number)](Parts& its, const site::View&,
                                                Basket& basket) -> std::expected<void, Why> {
                   const TablesPtr now = its.tables.get();
                   if (now == nullptr) return refuse(DeskTrouble::tables_missing);
                   const auto kind = TRY(asked(selling::read_card(now->cards, number)));
                   bool& is_shown = kind == selling::CardKind::member ? basket.shopper.is_member
                                                                      : basket.shopper.is_colleague;
                   is_shown = true;
                   if (kind == selling::CardKind::member && its.options.member_digest)
                     basket.member = its.options.member_digest(number);
                   return {};
                 });
}

void Desk::check_age(const Asker& who, const selling::AgeCheck& age, Told<ShownBasket> told) {
  parts_->change(
      who, std::move(told),
      [age](Parts& its, const site::View& view, Basket& basket) -> std::expected<void, Why> {
        its.log_age(TRY(its.show(view, basket)), age);
        basket.age = age;
        return {};
      });
}

void Desk::decide_offer(const Asker& who, const selling::OfferDecision& decision,
                        Told<ShownBasket> told) {
  parts_->change(who, std::move(told),
                 [who, decision](Parts& its, const site::View& view,
                                 Basket& basket) -> std::expected<void, Why> {
                   const bool is_second =
                       who.second != who.actor && is_manager(view.own, who.second);
                   if (!is_manager(view.own, who.actor) && !is_second)
                     return refuse(trade::Refusal::second_missing);
                   const TablesPtr now = its.tables.get();
                   if (now == nullptr) return refuse(DeskTrouble::tables_missing);
                   TRY(asked(selling::decide_offers(now->offers, {&decision, 1})));
                   if (basket.decisions.size() == decisions_max)
                     return refuse(selling::Refusal::basket_full);
                   basket.decisions.push_back(decision);
                   return {};
                 });
}

void Desk::sell_voucher(const Asker& who, trade::VoucherKind kind, std::int64_t pence,
                        Told<ShownBasket> told) {
  parts_->change(who, std::move(told),
                 [kind, pence](Parts& its, const site::View& view,
                               Basket& basket) -> std::expected<void, Why> {
                   if (!is_open(view.own, trade::Capability::gift_cards))
                     return refuse(trade::Refusal::capability_closed);
                   if (!its.options.digest) return refuse(DeskTrouble::cards_not_keyed);
                   if (kind == trade::VoucherKind::credit_receipt)
                     return refuse(trade::Refusal::tender_unfit);
                   if (pence <= 0 || pence > trade::total_pence_max)
                     return refuse(trade::Refusal::pence_out_of_range);
                   if (basket.vouchers.size() == vouchers_max)
                     return refuse(selling::Refusal::basket_full);
                   basket.vouchers.push_back({kind, pence});
                   return {};
                 });
}

void Desk::drop_voucher(const Asker& who, std::uint32_t index, Told<ShownBasket> told) {
  parts_->change(who, std::move(told),
                 [index](Parts&, const site::View&, Basket& basket) -> std::expected<void, Why> {
                   if (index >= basket.vouchers.size())
                     return refuse(selling::Refusal::line_unknown);
                   basket.vouchers.erase(basket.vouchers.begin() + index);
                   return {};
                 });
}

void Desk::Parts::journal_void(const Asker& who, const trade::DrawerMoved& moved,
                               std::move_only_function<void(Basket&)> apply,
                               Told<ShownBasket> told) {
  const auto shared = std::make_shared<Told<ShownBasket>>(std::move(told));
  front.is_busy = true;
  auto then = [its = shared_from_this(), shared, apply = std::move(apply)](
                  const site::Outcome& outcome, const site::View& view) mutable {
    its->front.is_busy = false;
    if (outcome && !outcome->is_repeated) apply(its->front), ++its->front.changes;
    if (!outcome) return (*shared)(std::unexpected<Why>(outcome.error()));
    (*shared)(its->show(view, its->front));
  };
  if (submit(&who, trade::Body(moved), std::move(then))) return;
  front.is_busy = false;
  (*shared)(refuse(DeskTrouble::busy));
}

void Desk::void_line(const Asker& who, std::uint32_t line, trade::TillReason reason,
                     Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, line, reason](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (its.is_known(who, view)) return then(its.show(view, its.front));
        const auto worth = [&]() -> Parts::Shown<std::int64_t> {
          TRY(its.check_free());
          Basket next = its.front;
          TRY(asked(next.goods.void_line(line)));
          const ShownBasket before = TRY(its.show(view, its.front));
          return before.priced.lines[line].paid_pence();
        }();
        if (!worth) return then(std::unexpected(worth.error()));
        its.journal_void(
            who,
            {.verb = trade::DrawerVerb::void_line,
             .pence = *worth,
             .reason = reason,
             .second = who.second},
            [line](Basket& basket) { (void)basket.goods.void_line(line); }, std::move(then));
      });
}

void Desk::void_basket(const Asker& who, trade::TillReason reason, Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, reason](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (its.is_known(who, view)) return then(its.show(view, its.front));
        if (const auto free = its.check_free(); !free) return then(std::unexpected(free.error()));
        const Paid sum = its.paid(view, its.front);
        if (sum.cash_pence + sum.sure_pence + sum.waiting_pence > 0)
          return then(refuse(DeskTrouble::tenders_open));
        const auto anew = [](Basket& basket) {
          basket = Basket{.number = basket.number, .changes = basket.changes};
        };
        if (its.front.goods.lines().empty() && its.front.vouchers.empty()) {
          anew(its.front);
          return then(its.show(view, its.front));
        }
        const auto before = its.show(view, its.front);
        its.journal_void(who,
                         {.verb = trade::DrawerVerb::void_basket,
                          .pence = before ? before->to_pay_pence : 0,
                          .reason = reason,
                          .second = who.second},
                         anew, std::move(then));
      });
}

void Desk::override_price(const Asker& who, std::uint32_t line, trade::Pence pence,
                          trade::TillReason reason, Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, line, pence, reason](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (its.is_known(who, view)) return then(its.show(view, its.front));
        const selling::Sticker sticker{pence, its.moment(view).day};
        const auto given = [&]() -> Parts::Shown<std::int64_t> {
          TRY(its.check_free());
          Basket next = its.front;
          TRY(asked(next.goods.put_sticker(line, sticker)));
          const ShownBasket before = TRY(its.show(view, its.front));
          const ShownBasket after = TRY(its.show(view, next));
          const std::int64_t saved = before.priced.lines[line].price.gross_pence -
                                     after.priced.lines[line].price.gross_pence;
          if (saved <= 0) return refuse(selling::Refusal::price_out_of_range);
          return saved;
        }();
        if (!given) return then(std::unexpected(given.error()));
        its.journal_void(
            who,
            {.verb = trade::DrawerVerb::override_price,
             .pence = *given,
             .reason = reason,
             .second = who.second},
            [line, sticker](Basket& basket) { (void)basket.goods.put_sticker(line, sticker); },
            std::move(then));
      });
}

void Desk::park(const Asker& who, Told<ShownBasket> told) {
  parts_->change(
      who, std::move(told),
      [](Parts& its, const site::View& view, Basket& basket) -> std::expected<void, Why> {
        if (basket.is_empty()) return refuse(DeskTrouble::basket_empty);
        if (its.parked.size() == parked_max) return refuse(DeskTrouble::parked_full);
        const Paid sum = its.paid(view, basket);
        if (sum.cash_pence + sum.sure_pence + sum.waiting_pence > 0)
          return refuse(DeskTrouble::tenders_open);
        basket.tenders.clear();  // none of them took anything
        its.parked[basket.number] = std::move(basket);
        basket = its.new_basket();
        return {};
      });
}

void Desk::recall(const Asker& who, std::uint32_t number, Told<ShownBasket> told) {
  parts_->change(
      who, std::move(told),
      [number](Parts& its, const site::View& view, Basket& basket) -> std::expected<void, Why> {
        const auto found = its.parked.find(number);
        if (found == its.parked.end()) return refuse(DeskTrouble::basket_unknown);
        const Paid sum = its.paid(view, basket);
        if (sum.cash_pence + sum.sure_pence + sum.waiting_pence > 0)
          return refuse(DeskTrouble::tenders_open);
        TRY(its.show(view, found->second));  // nothing may go wrong once it has moved
        Basket recalled = std::move(found->second);
        its.parked.erase(found);
        if (!basket.is_empty()) its.parked[basket.number] = std::move(basket);
        basket = std::move(recalled);
        return {};
      });
}

}  // namespace till
