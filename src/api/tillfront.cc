#include "api/tillfront.h"

#include <charconv>

#include "api/commands.h"
#include "api/json_read.h"
#include "api/json_write.h"
#include "api/till_words.h"
#include "base/result.h"

namespace api {
namespace {

using till::DeskTrouble;

Trouble trouble_of(DeskTrouble trouble) {
  using enum DeskTrouble;
  switch (trouble) {
    case basket_unknown:
      return Trouble::basket_unknown;
    case basket_empty:
      return Trouble::basket_empty;
    case basket_busy:
      return Trouble::basket_busy;
    case basket_changed:
      return Trouble::basket_changed;
    case basket_refused:
      return Trouble::basket_refused;
    case parked_full:
      return Trouble::parked_full;
    case tenders_open:
      return Trouble::tenders_open;
    case tender_unknown:
      return Trouble::tender_unknown;
    case tender_waiting:
      return Trouble::tender_waiting;
    case not_paid:
      return Trouble::not_paid;
    case over_paid:
      return Trouble::over_paid;
    case tenders_full:
      return Trouble::tenders_full;
    case hold_over:
      return Trouble::hold_over;
    case cards_not_keyed:
      return Trouble::cards_not_keyed;
    case tables_missing:
      return Trouble::tables_missing;
    case reduction_unknown:
      return Trouble::reduction_unknown;
    case receipt_not_kept:
      return Trouble::receipt_not_kept;
    case session_over:
      return Trouble::session_over;
    case busy:
      break;
  }
  return Trouble::busy;
}

Problem problem_of(const till::Why& why) {
  if (const auto* trouble = std::get_if<DeskTrouble>(&why)) return trouble_of(*trouble);
  if (const auto* refusal = std::get_if<selling::Refusal>(&why))
    return Problem(api::row_of(*refusal));
  return api::problem_of(std::get<site::NotDone>(why));
}

// Whose answers may have been given before.
bool is_journalled(Duty duty) {
  return duty == Duty::till_void_line || duty == Duty::till_price ||
         duty == Duty::till_void_basket || duty == Duty::till_card_payment ||
         duty == Duty::till_take_back || duty == Duty::till_complete || duty == Duty::till_refund ||
         duty == Duty::till_drawer;
}

std::string_view word_of(selling::PriceKind kind) {
  using enum selling::PriceKind;
  switch (kind) {
    case member:
      return "member";
    case colleague:
      return "colleague";
    case reduction:
      return "reduction";
    case label:
      return "label";
    case regular:
      break;
  }
  return "regular";
}

void write_line(JsonWriter& json, std::uint32_t index, const selling::PricedLine& line) {
  json.member("line", index);
  json.member("product", line.product);
  json.member("title", line.title);
  json.member("units", line.units);
  if (line.grams > 0) json.member("grams", line.grams);
  json.member("is_void", line.is_void);
  json.member("price_kind", word_of(line.price.kind));
  json.member("price_pence", line.price.pence);
  json.member("gross_pence", line.price.gross_pence);
  json.member("offers_pence", line.offers_pence);
  json.member("paid_pence", line.paid_pence());
  json.member("vat", line.vat);
}

void write_hindrance(JsonWriter& json, const till::Hindrance& one) {
  json.member("line", one.line);
  const auto* refusal = std::get_if<selling::Refusal>(&one.why);
  const auto say = [&](const auto& row) {
    json.member("why", row.name);
    json.member("meaning", row.meaning);
  };
  if (refusal != nullptr)
    say(selling::row_of(*refusal));
  else
    say(trade::row_of(std::get<trade::Refusal>(one.why)));
  json.member("bound", one.bound);
}

void write_tender(JsonWriter& json, const till::ShownTender& tender) {
  json.member("tender", tender.tender);
  json.member("kind", tender.kind);
  json.member("pence", tender.pence);
  if (tender.kind != trade::TenderKind::card) return;
  json.member("state", tender.state);
  json.member("payment", tender.payment);
  json.member("facts", tender.facts);
}

void write_basket(JsonWriter& json, const till::ShownBasket& basket) {
  json.member("basket", basket.basket);
  json.member("changes", basket.changes);
  std::uint32_t index = 0;
  write_rows(json, "lines", basket.priced.lines,
             [&](const selling::PricedLine& line) { write_line(json, index++, line); });
  write_rows(json, "offers", basket.priced.offers, [&](const selling::OfferTotal& offer) {
    json.member("offer", offer.id);
    json.member("title", offer.title);
    json.member("times", offer.times);
    json.member("saving_pence", offer.saving_pence);
  });
  json.member("vat", basket.priced.vat);
  write_rows(json, "hindrances", basket.hindrances,
             [&](const till::Hindrance& one) { write_hindrance(json, one); });
  write_rows(json, "vouchers", basket.vouchers, [&](const till::ShownVoucher& voucher) {
    json.member("kind", voucher.kind);
    json.member("pence", voucher.pence);
  });
  write_rows(json, "tenders", basket.tenders,
             [&](const till::ShownTender& tender) { write_tender(json, tender); });
  json.member("total_pence", basket.priced.total_pence);
  json.member("savings_pence", basket.priced.savings_pence);
  json.member("to_pay_pence", basket.to_pay_pence);
  json.member("left_pence", basket.left_pence);
  json.member("change_pence", basket.change_pence);
  json.member("is_member", basket.shopper.is_member);
  json.member("is_colleague", basket.shopper.is_colleague);
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin('[');
  for (const std::string& text : texts) json.value(std::string_view(text));
  json.end(']');
}

http::Response response_of(const till::ShownBasket& basket) {
  return json_of(200, [&](JsonWriter& json) { write_basket(json, basket); });
}

http::Response response_of(const till::Completed& done) {
  return json_of(done.is_repeated ? 200 : 201, [&](JsonWriter& json) {
    json.member("receipt", done.receipt);
    json.member("total_pence", done.total_pence);
    json.member("change_pence", done.change_pence);
    write_texts(json, "text", done.text);
    if (!done.codes.empty()) write_texts(json, "codes", done.codes);
  });
}

http::Response response_of(const till::DrawerAnswer& answer) {
  return json_of(answer.is_repeated ? 200 : 201, [&](JsonWriter& json) {
    json.member("drawer", answer.state);
    write_rows(json, "report", answer.report, [&](const auto& row) {
      json.member("name", std::string_view(row.first));
      json.member("value", std::string_view(row.second));
    });
  });
}

http::Response response_of(const till::DeskState& state) {
  return json_of(200, [&](JsonWriter& json) {
    json.member("drawer", state.drawer);
    if (state.day.given()) json.member("day", state.day);
    json.member("is_cash_only", state.is_cash_only);
    json.key("tenders");
    json.begin('[');
    for (const trade::TenderKind kind : state.tenders) json.value(kind);
    json.end(']');
    json.member("wants_safe_drop", state.wants_safe_drop);
    if (!state.notice.empty()) json.member("notice", std::string_view(state.notice));
    json.member("stored_count", state.stored_count);
    json.member("stored_pence", state.stored_pence);
    json.member("debt_pence", state.debt_pence);
    json.member("basket", state.basket);
    json.key("parked");
    json.begin('[');
    for (const std::uint32_t number : state.parked) json.value(number);
    json.end(']');
    json.member("has_tables", state.has_tables);
  });
}

// What the desk is to tell, as the answer to the exchange.
template <class T>
till::Told<T> answer_with(Exchange exchange) {
  return [exchange = std::move(exchange)](std::expected<T, till::Why> told) mutable {
    exchange.answer(told ? response_of(*told) : api::response_of(problem_of(told.error())));
  };
}
auto basket_to(Exchange exchange) { return answer_with<till::ShownBasket>(std::move(exchange)); }

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return {};
  return number;
}

std::optional<std::uint32_t> seen(std::int32_t changes) {
  return changes < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(changes));
}

std::expected<till::Item, Problem> item_of(const TillItemWanted& wanted) {
  if (wanted.code.given() == wanted.product.given()) {
    Problem problem(Trouble::value_wrong);
    problem.detail = "expected a code or a product, and not both";
    return std::unexpected(problem);
  }
  till::Item item{.code = std::string(wanted.code.view()),
                  .product = wanted.product,
                  .units = wanted.units,
                  .grams = wanted.grams,
                  .changes = seen(wanted.changes)};
  if (wanted.sticker_pence != 0)
    item.sticker = selling::Sticker{wanted.sticker_pence, wanted.sticker_day};
  return item;
}

till::Refund refund_of(const TillRefundWanted& wanted) {
  constexpr std::array ways{trade::TenderKind::cash, trade::TenderKind::card,
                            trade::TenderKind::pending_card};
  constexpr std::array causes{trade::Cause::returned_to_shelf, trade::Cause::returned_to_quarantine,
                              trade::Cause::returned_to_waste};
  till::Refund refund{.receipt = wanted.receipt,
                      .way = ways[static_cast<std::size_t>(wanted.way)],
                      .payment = wanted.payment,
                      .cause = causes[static_cast<std::size_t>(wanted.goods)],
                      .reason = wanted.reason};
  for (const TillRefundItem& item : wanted.items)
    refund.items.push_back({item.product, item.units, item.grams, item.pence});
  return refund;
}

// Calls then(wanted, exchange) with the body, or answers what is wrong with it.
template <trade::Struct T, class Then>
void with_body(const http::Request& request, Exchange exchange, Then&& then) {
  auto wanted = read_json<T>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  then(*std::move(wanted), std::move(exchange));
}

}  // namespace

void Tillfront::handle(const Route& route, const http::Request& request, const Match& match,
                       const site::Caller& caller, Exchange exchange) {
  if (desk_ == nullptr) return exchange.answer(Problem(Trouble::not_found));
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  till::Asker who{.actor = caller.actor};
  if (is_journalled(route.duty)) {
    const std::string_view key = request.header("Idempotency-Key");
    if (key.empty()) return exchange.answer(Problem(Trouble::idempotency_key_missing));
    if (!is_idempotency_key(key)) return exchange.answer(Problem(Trouble::idempotency_key_wrong));
    who.request = request_id(caller, key, request.method, request.path, request.body);
  }
  switch (route.duty) {
    case Duty::till_state:
      return desk_->state(who, answer_with<till::DeskState>(std::move(exchange)));
    case Duty::till_cash:
    case Duty::till_card_payment:
    case Duty::till_gift_card:
    case Duty::till_take_back:
      return take_tender(route.duty, request, match, who, std::move(exchange));
    case Duty::till_complete:
    case Duty::till_refund:
    case Duty::till_drawer:
    case Duty::till_copy:
      return finish(route.duty, request, match, who, std::move(exchange));
    default:
      return change_basket(route.duty, request, match, who, std::move(exchange));
  }
}

// Who allows it as a second person, by the token of a session; false where it is nobody's.
bool Tillfront::add_second(const Token& token, till::Asker& who) {
  if (!token.given()) return true;
  const auto second = door_.session(token.view());
  if (second) who.second = second->actor;
  return second.has_value();
}

void Tillfront::change_basket(Duty duty, const http::Request& request, const Match& match,
                              till::Asker who, Exchange exchange) {
  const auto number = number_in(match.values[0]);
  switch (duty) {
    case Duty::till_item:
      return with_body<TillItemWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        auto item = item_of(wanted);
        if (!item) return its.answer(item.error());
        desk_->add(who, *std::move(item), basket_to(std::move(its)));
      });
    case Duty::till_card:
      return with_body<TillCardShown>(request, std::move(exchange), [&](auto wanted, auto its) {
        desk_->show_card(who, wanted.number.view(), basket_to(std::move(its)));
      });
    case Duty::till_age:
      return with_body<TillAgeChecked>(request, std::move(exchange), [&](auto wanted, auto its) {
        const auto outcome =
            wanted.passed ? selling::AgeOutcome::passed : selling::AgeOutcome::refused;
        desk_->check_age(who, {wanted.years, outcome}, basket_to(std::move(its)));
      });
    case Duty::till_offer:
      return with_body<TillOfferDecided>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        using Kind = selling::OfferDecision::Kind;
        const Kind kind = wanted.step == OfferStep::swap ? Kind::swap : Kind::suspend;
        desk_->decide_offer(who, {kind, wanted.offer, wanted.part, wanted.product},
                            basket_to(std::move(its)));
      });
    case Duty::till_voucher:
      return with_body<TillVoucherWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        desk_->sell_voucher(who, wanted.kind, wanted.pence, basket_to(std::move(its)));
      });
    case Duty::till_void_basket:
      return with_body<TillVoidWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        desk_->void_basket(who, wanted.reason, basket_to(std::move(its)));
      });
    case Duty::till_park:
      return desk_->park(who, basket_to(std::move(exchange)));
    case Duty::till_basket:
      return desk_->look(who, basket_to(std::move(exchange)));
    default:
      break;
  }
  // The others name something in their path.
  if (!number) return exchange.answer(Problem(Trouble::not_found));
  switch (duty) {
    case Duty::till_void_line:
      return with_body<TillVoidWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        desk_->void_line(who, *number, wanted.reason, basket_to(std::move(its)));
      });
    case Duty::till_price:
      return with_body<TillPriceWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        desk_->override_price(who, *number, wanted.pence, wanted.reason, basket_to(std::move(its)));
      });
    case Duty::till_drop_voucher:
      return desk_->drop_voucher(who, *number, basket_to(std::move(exchange)));
    default:
      return desk_->recall(who, *number, basket_to(std::move(exchange)));
  }
}

void Tillfront::take_tender(Duty duty, const http::Request& request, const Match& match,
                            till::Asker who, Exchange exchange) {
  switch (duty) {
    case Duty::till_cash:
      return with_body<TillCashGiven>(request, std::move(exchange), [&](auto wanted, auto its) {
        desk_->take_cash(who, wanted.pence, seen(wanted.changes), basket_to(std::move(its)));
      });
    case Duty::till_card_payment:
      return with_body<TillCardWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        desk_->take_card(who, wanted.pence, basket_to(std::move(its)));
      });
    case Duty::till_gift_card:
      return with_body<TillGiftCardShown>(request, std::move(exchange), [&](auto wanted, auto its) {
        desk_->take_gift_card(who, wanted.code.view(), wanted.pence, basket_to(std::move(its)));
      });
    default:
      break;
  }
  const auto number = number_in(match.values[0]);
  if (!number) return exchange.answer(Problem(Trouble::not_found));
  desk_->take_back(who, *number, basket_to(std::move(exchange)));
}

void Tillfront::finish(Duty duty, const http::Request& request, const Match& match, till::Asker who,
                       Exchange exchange) {
  switch (duty) {
    case Duty::till_complete:
      if (!request.body.empty() && request.body != "{}")
        return exchange.answer(Problem(Trouble::member_unknown));
      return desk_->complete(who, answer_with<till::Completed>(std::move(exchange)));
    case Duty::till_refund:
      return with_body<TillRefundWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        desk_->refund(who, refund_of(wanted), answer_with<till::Completed>(std::move(its)));
      });
    case Duty::till_drawer:
      return with_body<TillDrawerWanted>(request, std::move(exchange), [&](auto wanted, auto its) {
        if (!add_second(wanted.second, who)) return its.answer(Problem(Trouble::session_over));
        desk_->move_drawer(who, wanted.verb, wanted.pence, wanted.reason,
                           answer_with<till::DrawerAnswer>(std::move(its)));
      });
    default:
      break;
  }
  const auto number = trade::parse_number(match.values[0]);
  if (!number) return exchange.answer(Problem(Trouble::not_found));
  desk_->reprint(who, *number, answer_with<till::Completed>(std::move(exchange)));
}

}  // namespace api
