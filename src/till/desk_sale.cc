// A desk's sales and refunds: one event each, and the paper for it once it is on disk.
#include <algorithm>

#include "site/cut_offs.h"
#include "till/desk_parts.h"

namespace till {
namespace {

constexpr std::int64_t grams_per_kg = 1'000;

// The weight of a piece whose code has only its price, by what anybody pays for a kilogram; one
// gram at least. What the store counts is grams.
selling::Grams grams_of_label(const Tables& tables, const selling::PricedLine& line,
                              selling::Moment now) {
  const selling::Sale kilogram{.product = line.product, .units = 1, .grams = 1'000};
  const auto price = selling::price_line(tables.prices, kilogram, {}, now);
  if (!price || price->gross_pence <= 0) return 1;
  const std::int64_t grams = line.price.gross_pence * grams_per_kg / price->gross_pence;
  return static_cast<selling::Grams>(std::clamp<std::int64_t>(grams, 1, selling::line_grams_max));
}

bool is_by_weight(const Tables& tables, const trade::ProductId& product) {
  const auto rows =
      selling::rows_of(std::span<const selling::ProductRow>(tables.products), product);
  return !rows.empty() && rows.front().by_weight;
}

PlannedRow row_of(const Tables& tables, const selling::PricedLine& line, selling::Moment now) {
  PlannedRow made{.product = line.product};
  trade::SoldRow& row = made.row;
  row.units = line.units;
  row.grams = line.grams;
  if (line.grams > 0) row.units = line.grams;
  if (line.grams == 0 && is_by_weight(tables, line.product))
    row.units = grams_of_label(tables, line, now);
  row.pence = static_cast<trade::Pence>(line.paid_pence());
  row.full_pence = static_cast<trade::Pence>(
      std::max({line.price.regular_pence, line.price.gross_pence, line.paid_pence()}));
  row.vat = line.vat;
  return made;
}

// Rows with the lines that their products have at this site.
std::expected<std::vector<trade::SoldRow>, trade::No> with_lines(
    const std::vector<PlannedRow>& rows, const trade::Partition& own) {
  std::vector<trade::SoldRow> made;
  for (const PlannedRow& planned : rows) {
    const auto line = own.goods.find(planned.product);
    if (!line) return trade::no(trade::Refusal::line_unknown);
    made.push_back(planned.row);
    made.back().line = *line;
  }
  return made;
}

selling::ReceiptHead head_of(const Tables& tables, const site::View& view, selling::Moment now) {
  return {.shop = tables.shop,
          .vat_number = tables.vat_number,
          .sold = now,
          .till = static_cast<std::uint16_t>(view.own.site.code)};
}

// A card is paid back what a sale has taken from it and no refund has promised yet: what is
// promised and not yet posted stands as less than nothing in `unapplied`. The ledger would take any
// payment.
trade::Verdict check_paid_back(const trade::Partition& own, const trade::Tender& tender) {
  if (tender.kind != trade::TenderKind::card) return {};
  const trade::Payment* payment = own.payments.find(tender.number);
  if (payment == nullptr || (payment->state != trade::PaymentState::captured &&
                             payment->state != trade::PaymentState::accepted))
    return trade::no(trade::Refusal::payment_unknown);
  const std::int64_t owed =
      own.ledger.balance({trade::Account::card_receivable, {}, tender.number}) +
      own.ledger.balance({trade::Account::unapplied, {}, tender.number});
  if (tender.pence > owed) return trade::no(trade::Refusal::over_payment);
  return {};
}

std::int64_t gross_of(const std::vector<trade::VatRow>& rows) {
  std::int64_t sum = 0;
  for (const trade::VatRow& row : rows) sum += row.gross_pence;
  return sum;
}

}  // namespace

trade::CardCode Desk::Parts::code_of(const trade::RequestId& request,
                                     const trade::DocumentNumber& document,
                                     std::uint32_t index) const {
  return options.new_code(request, document, index);
}

Desk::Parts::Shown<SalePlan> Desk::Parts::plan_sale(const site::View& view, const Asker& who) {
  // What the disk did not take may be asked for again, by the same request alone.
  if (front.is_busy || (front.unsure && *front.unsure != who.request))
    return refuse(DeskTrouble::basket_busy);
  if (front.goods.lines().empty() && front.vouchers.empty())
    return refuse(DeskTrouble::basket_empty);
  ShownBasket shown = TRY(show(view, front));
  if (!shown.hindrances.empty()) return refuse(DeskTrouble::basket_refused);
  const Paid sum = paid(view, front);
  if (sum.waiting_pence > 0) return refuse(DeskTrouble::tender_waiting);
  if (shown.left_pence > 0) return refuse(DeskTrouble::not_paid);
  if (sum.sure_pence > shown.to_pay_pence) return refuse(DeskTrouble::over_paid);

  const TablesPtr now_tables = tables.get();
  if (now_tables == nullptr) return refuse(DeskTrouble::tables_missing);
  const selling::Moment now = moment(view);
  SalePlan plan{.request = who.request, .vouchers = front.vouchers};
  for (const selling::PricedLine& line : shown.priced.lines)
    if (!line.is_void) plan.rows.push_back(row_of(*now_tables, line, now));
  if (plan.rows.empty() && plan.vouchers.empty()) return refuse(DeskTrouble::basket_empty);
  plan.sale.vat = shown.priced.vat;
  plan.sale.member = front.member;
  for (const TakenTender& one : front.tenders) {
    if (one.kind == trade::TenderKind::cash) continue;
    SlipTender slip{one.kind, one.pence};
    trade::Tender tender{.kind = one.kind, .pence = one.pence, .card = one.card};
    if (one.kind == trade::TenderKind::card) {
      const trade::Payment* payment = view.own.payments.find(one.number);
      if (payment == nullptr || !is_good(payment->state)) continue;
      tender.number = one.number;
      slip.facts = payment->facts;
      slip.is_offline = payment->state != trade::PaymentState::approved;
    } else if (one.kind != trade::TenderKind::pending_card) {
      if (one.number.given() && view.tick_ms > one.good_until_tick_ms)
        return refuse(DeskTrouble::hold_over);
      tender.owner = owner.site();
      tender.number = one.number;  // of the hold, if there is one
    }
    plan.sale.tenders.push_back(tender);
    plan.slip.tenders.push_back(slip);
  }
  if (const std::int64_t cash = shown.to_pay_pence - sum.sure_pence; cash > 0) {
    plan.sale.tenders.push_back({.kind = trade::TenderKind::cash, .pence = cash});
    plan.slip.tenders.push_back({trade::TenderKind::cash, sum.cash_pence});
  }
  plan.slip.head = head_of(*now_tables, view, now);
  plan.slip.to_pay_pence = shown.to_pay_pence;
  plan.slip.change_pence = shown.change_pence;
  plan.slip.basket = std::move(shown.priced);
  return plan;
}

// A till has no range of its own: a product gets its line when it is sold first.
void Desk::Parts::open_lines(const site::View& view, const std::vector<PlannedRow>& rows) {
  std::set<trade::ProductId> missing;
  for (const PlannedRow& planned : rows)
    if (!view.own.goods.find(planned.product)) missing.insert(planned.product);
  for (const trade::ProductId& product : missing)
    (void)submit(nullptr, trade::Body(trade::LineOpened{product, {.case_units = 1}, 0, 0}),
                 [](const site::Outcome&, const site::View&) {});
}

void Desk::complete(const Asker& who, Told<Completed> told) {
  parts_->ask<Completed>(who, std::move(told),
                         [who](Parts& its, const site::View& view, Told<Completed> then) {
                           const auto shared = std::make_shared<Told<Completed>>(std::move(then));
                           if (its.is_known(who, view)) return its.sell(who, nullptr, shared);
                           auto planned = its.plan_sale(view, who);
                           if (!planned) return (*shared)(std::unexpected(planned.error()));
                           const auto plan = std::make_shared<SalePlan>(*std::move(planned));
                           its.front.is_busy = true;
                           its.open_lines(view, plan->rows);
                           its.sell(who, plan, shared);
                         });
}

// Without a plan the request is known: then only the sale that it has made answers.
void Desk::Parts::sell(const Asker& who, std::shared_ptr<SalePlan> plan,
                       SharedTold<Completed> told) {
  const auto make = [its = shared_from_this(),
                     plan](const trade::Partition& own) -> std::expected<trade::Body, trade::No> {
    if (plan == nullptr) return trade::no(trade::Refusal::document_unknown);
    trade::SaleMade sale = plan->sale;
    sale.rows = TRY(with_lines(plan->rows, own));
    const trade::DocumentNumber number = own.next_number();
    for (std::uint32_t i = 0; i < plan->vouchers.size(); ++i) {
      const trade::CardCode code = its->code_of(plan->request, number, i);
      sale.vouchers.push_back({its->options.digest(code), plan->vouchers[i].kind,
                               plan->vouchers[i].pence, its->owner.site(), true});
    }
    return trade::Body(std::move(sale));
  };
  const auto then = [its = shared_from_this(), who, plan, told](const site::Outcome& outcome,
                                                                const site::View&) {
    its->sold(who, plan.get(), outcome, told);
  };
  if (submit(&who, make, then)) return;
  front.is_busy = false;
  (*told)(refuse(DeskTrouble::busy));
}

// What is in front stays in front while it is busy.
void Desk::Parts::sold(const Asker& who, SalePlan* plan, const site::Outcome& outcome,
                       SharedTold<Completed> told) {
  if (plan != nullptr) front.is_busy = false;
  if (!outcome) {
    const auto* trouble = std::get_if<site::Trouble>(&outcome.error().why);
    if (plan != nullptr) front.unsure.reset();
    if (plan != nullptr && trouble != nullptr && *trouble == site::Trouble::not_written)
      front.unsure = who.request;
    return (*told)(std::unexpected<Why>(outcome.error()));
  }
  const auto& sale = std::get<trade::SaleMade>(outcome->event.body);
  if (plan != nullptr && !outcome->is_repeated) {
    plan->slip.number = sale.receipt;
    plan->slip.head.number = sale.receipt.counter;
    for (std::uint32_t i = 0; i < sale.vouchers.size(); ++i)
      plan->slip.codes.push_back({sale.vouchers[i].kind, sale.vouchers[i].pence,
                                  trade::to_string(code_of(who.request, sale.receipt, i))});
    keep(std::move(plan->slip));
  }
  if (plan != nullptr || front.unsure == who.request) front = new_basket();
  Completed made = completed(sale.receipt, outcome->is_repeated);
  if (made.text.empty()) {
    made.total_pence = gross_of(sale.vat);
    for (const trade::VoucherRow& row : sale.vouchers) made.total_pence += row.pence;
    for (std::uint32_t i = 0; i < sale.vouchers.size() && options.digest; ++i)
      made.codes.push_back(trade::to_string(code_of(who.request, sale.receipt, i)));
  }
  (*told)(std::move(made));
}

void Desk::Parts::keep(std::variant<SaleSlip, RefundSlip> slip) {
  kept.push_back({std::move(slip), 0});
  if (kept.size() > receipts_max) kept.pop_front();
}

Completed Desk::Parts::completed(const trade::DocumentNumber& number, bool is_repeated) const {
  Completed made{.receipt = number, .is_repeated = is_repeated};
  for (const Kept& one : kept) {
    const auto* sale = std::get_if<SaleSlip>(&one.slip);
    const auto* refunded = std::get_if<RefundSlip>(&one.slip);
    if (sale != nullptr && sale->number == number) {
      made.total_pence = sale->to_pay_pence;
      made.change_pence = sale->change_pence;
      made.text = print_sale(*sale, receipt_columns);
    } else if (refunded != nullptr && refunded->number == number) {
      made.total_pence = gross_of(refunded->vat);
      made.text = print_refund(*refunded, receipt_columns);
    }
  }
  return made;
}

void Desk::reprint(const Asker& who, const trade::DocumentNumber& number, Told<Completed> told) {
  parts_->ask<Completed>(
      who, std::move(told), [number](Parts& its, const site::View&, Told<Completed> then) {
        for (Parts::Kept& one : its.kept) {
          const bool is_it =
              std::visit([&](auto& slip) { return slip.number == number; }, one.slip);
          if (!is_it) continue;
          ++one.copies;
          std::visit([&](auto& slip) { slip.head.copy = one.copies; }, one.slip);
          return then(its.completed(number, true));
        }
        then(refuse(DeskTrouble::receipt_not_kept));
      });
}

Desk::Parts::Shown<RefundPlan> Desk::Parts::plan_refund(const site::View& view, const Asker& who,
                                                        const Refund& wanted) {
  const TablesPtr now_tables = tables.get();
  if (now_tables == nullptr) return refuse(DeskTrouble::tables_missing);
  const bool is_new_card = wanted.way == trade::TenderKind::pending_card;
  if (is_new_card && !options.digest) return refuse(DeskTrouble::cards_not_keyed);
  if (!is_new_card && wanted.way != trade::TenderKind::cash &&
      wanted.way != trade::TenderKind::card)
    return refuse(trade::Refusal::tender_unfit);
  if (wanted.items.empty()) return refuse(trade::Refusal::document_empty);
  if (wanted.items.size() > selling::lines_max) return refuse(trade::Refusal::document_too_large);

  const selling::Moment now = moment(view);
  RefundPlan plan{.request = who.request};
  std::vector<selling::VatLine> vat;
  std::int64_t pence = 0;
  for (const RefundItem& item : wanted.items) {
    const auto products =
        selling::rows_of(std::span<const selling::ProductRow>(now_tables->products), item.product);
    if (products.empty()) return refuse(selling::Refusal::product_unknown);
    if (item.grams < 0 || item.grams > selling::line_grams_max)
      return refuse(selling::Refusal::grams_out_of_range);
    if (item.units < 1 || item.units > selling::line_units_max)
      return refuse(selling::Refusal::units_out_of_range);
    if (products.front().by_weight != (item.grams > 0))
      return refuse(item.grams > 0 ? selling::Refusal::weight_not_wanted
                                   : selling::Refusal::weight_missing);
    if (item.pence < 1 || item.pence > trade::row_pence_max - pence)
      return refuse(trade::Refusal::pence_out_of_range);
    const auto code = TRY(asked(selling::vat_code(now_tables->vat_codes, item.product, now.day)));
    PlannedRow& row = plan.rows.emplace_back(PlannedRow{.product = item.product});
    row.row.units = item.grams > 0 ? item.grams : item.units;
    row.row.grams = item.grams;
    row.row.pence = row.row.full_pence = item.pence;
    row.row.vat = code;
    vat.push_back({code, item.pence});
    plan.slip.rows.push_back({std::string(products.front().title.view()), item.pence});
    pence += item.pence;
  }
  trade::RefundMade& refund = plan.refund;
  refund.receipt = wanted.receipt;
  refund.vat = TRY(asked(selling::vat_summary(now_tables->vat_rates, vat, now.day)));
  refund.tenders = {{.kind = wanted.way, .pence = pence}};
  if (wanted.way == trade::TenderKind::card) refund.tenders[0].number = wanted.payment;
  refund.cause = wanted.cause;
  refund.reason = wanted.reason;
  refund.second = who.second;
  plan.slip.head = head_of(*now_tables, view, now);
  plan.slip.receipt = wanted.receipt;
  plan.slip.vat = refund.vat;
  plan.slip.tender = {wanted.way, pence};
  return plan;
}

void Desk::refund(const Asker& who, Refund wanted, Told<Completed> told) {
  parts_->ask<Completed>(
      who, std::move(told),
      [who, wanted = std::move(wanted)](Parts& its, const site::View& view, Told<Completed> then) {
        const auto shared = std::make_shared<Told<Completed>>(std::move(then));
        if (its.is_known(who, view)) return its.give_back(who, nullptr, shared);
        auto planned = its.plan_refund(view, who, wanted);
        if (!planned) return (*shared)(std::unexpected(planned.error()));
        const auto plan = std::make_shared<RefundPlan>(*std::move(planned));
        const trade::Tender& tender = plan->refund.tenders[0];
        if (const auto may = check_paid_back(view.own, tender); !may)
          return (*shared)(refuse(may.error()));
        if (tender.kind == trade::TenderKind::card)
          plan->slip.tender.facts = view.own.payments.find(tender.number)->facts;
        its.open_lines(view, plan->rows);
        its.give_back(who, plan, shared);
      });
}

void Desk::Parts::give_back(const Asker& who, std::shared_ptr<RefundPlan> plan,
                            SharedTold<Completed> told) {
  const auto make = [its = shared_from_this(),
                     plan](const trade::Partition& own) -> std::expected<trade::Body, trade::No> {
    if (plan == nullptr) return trade::no(trade::Refusal::document_unknown);
    trade::RefundMade refund = plan->refund;
    TRY(check_paid_back(own, refund.tenders[0]));  // another refund may have come between
    refund.rows = TRY(with_lines(plan->rows, own));
    if (refund.tenders[0].kind == trade::TenderKind::pending_card)
      refund.tenders[0].card =
          its->options.digest(its->code_of(plan->request, own.next_number(), 0));
    return trade::Body(std::move(refund));
  };
  const auto then = [its = shared_from_this(), who, plan, told](const site::Outcome& outcome,
                                                                const site::View&) {
    if (!outcome) return (*told)(std::unexpected<Why>(outcome.error()));
    const auto& refund = std::get<trade::RefundMade>(outcome->event.body);
    const trade::Tender& tender = refund.tenders.front();
    const bool is_new_card = tender.kind == trade::TenderKind::pending_card;
    const std::string code = is_new_card && its->options.digest
                                 ? trade::to_string(its->code_of(who.request, refund.refund, 0))
                                 : "";
    if (plan != nullptr && !outcome->is_repeated) {
      plan->slip.number = refund.refund;
      if (is_new_card)
        plan->slip.codes = {{trade::VoucherKind::credit_receipt, tender.pence, code}};
      its->keep(std::move(plan->slip));
    }
    // Done again it is refused, and changes nothing.
    if (tender.kind == trade::TenderKind::card)
      (void)its->submit(nullptr,
                        trade::Body(trade::PaymentPosted{tender.number, trade::PaymentStep::refund,
                                                         tender.pence, refund.refund}),
                        [its](const site::Outcome& posted, const site::View&) {
                          if (!posted) its->has_orphans = true;
                        });
    Completed made = its->completed(refund.refund, outcome->is_repeated);
    made.total_pence = gross_of(refund.vat);
    if (made.text.empty() && is_new_card) made.codes.push_back(code);
    (*told)(std::move(made));
  };
  if (!submit(&who, make, then)) (*told)(refuse(DeskTrouble::busy));
}

}  // namespace till
