#include "api/shopfront.h"

#include <algorithm>

#include "api/commands.h"
#include "api/json_read.h"
#include "api/json_write.h"
#include "api/queries.h"
#include "base/result.h"
#include "crypto/hex.h"

namespace api {
namespace {

using site::ShopTrouble;

Problem problem_of(ShopTrouble trouble) {
  using enum ShopTrouble;
  switch (trouble) {
    case basket_unknown:
      return Trouble::basket_unknown;
    case basket_full:
      return Trouble::basket_full;
    case basket_empty:
      return Trouble::basket_empty;
    case basket_busy:
      return Trouble::basket_busy;
    case store_unknown:
      return Trouble::store_unknown;
    case product_unknown:
      return Problem(row_of(trade::Refusal::line_unknown));
    case not_available:
      return Trouble::not_available;
    case address_missing:
      return Trouble::address_missing;
    case option_wrong:
      return Trouble::option_wrong;
    case option_missing:
      return Trouble::option_missing;
    case payment_missing:
      return Trouble::payment_missing;
    case payment_pending:
      return Trouble::payment_pending;
    case payment_declined:
      return Trouble::payment_declined;
    case payment_failed:
      return Trouble::payment_failed;
    case order_unknown:
      return Trouble::order_unknown;
    case order_open:
      return Trouble::order_open;
    case too_many:
      return Trouble::too_many;
    case busy:
      break;
  }
  return Trouble::busy;
}

http::Response basket_of(const std::string& id, const site::ShopResult<site::Basket>& basket) {
  if (!basket) return response_of(problem_of(basket.error()));
  return json_of(200, [&](JsonWriter& json) {
    json.member("basket", std::string_view(id));
    json.member("store", basket->store);
    write_rows(json, "rows", basket->rows, [&](const site::BasketRow& row) {
      json.member("product", row.product);
      json.member("units", row.units);
      json.member("pence", row.pence);
    });
    json.member("total_pence", basket->total_pence());
    json.member("has_address", !basket->postcode.empty());
    if (basket->way) json.member("way", *basket->way);
    json.member("takes_substitutes", basket->takes_substitutes);
  });
}

std::string_view word_of(site::PaymentState state) {
  using enum site::PaymentState;
  switch (state) {
    case pending:
      return "pending";
    case authorised:
    case captured:
      return "authorised";
    default:
      return "declined";
  }
}

void write_slot(JsonWriter& json, const site::ShownSlot& slot) {
  json.member("day", slot.day);
  json.member("from_minute", slot.from_minute);
  json.member("to_minute", slot.to_minute);
}

http::Response response_of(const site::NotOrdered& why) {
  if (const auto* trouble = std::get_if<ShopTrouble>(&why))
    return response_of(problem_of(*trouble));
  return response_of(api::problem_of(std::get<site::NotDone>(why)));
}

http::Response response_of(const site::Ordered& placed) {
  return json_of(placed.is_repeated ? 200 : 201, [&](JsonWriter& json) {
    json.member("order", placed.order);
    json.member("total_pence", placed.total_pence);
    if (!placed.code.empty()) json.member("code", std::string_view(placed.code));
  });
}

http::Response response_of(const trade::DocumentNumber& order, const site::OrderStatus& status) {
  return json_of(200, [&](JsonWriter& json) {
    json.member("order", order);
    json.member("state", status.state);
    if (status.parcel != trade::ParcelState::none) json.member("parcel", status.parcel);
    json.member("way", status.way);
    if (status.slot) write_slot(json, *status.slot);
    json.member("captured_pence", status.captured_pence);
    json.member("refunded_pence", status.refunded_pence);
  });
}

}  // namespace

void Shopfront::handle(const Route& route, const http::Request& request, const Match& match,
                       Exchange exchange) {
  if (shop_ == nullptr) return exchange.answer(Problem(Trouble::not_found));
  if (route.duty == Duty::shop_catalogue) return exchange.answer(catalogue(match, request.query));
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  if (route.duty == Duty::shop_place) return place(request, match, std::move(exchange));
  if (route.duty == Duty::shop_status) return status(request, std::move(exchange));
  exchange.answer(answer(route.duty, request, match.values[0]));
}

http::Response Shopfront::answer(Duty duty, const http::Request& request, const std::string& id) {
  switch (duty) {
    case Duty::shop_open_basket: {
      const auto wanted = read_json<BasketWanted>(request.body);
      if (!wanted) return response_of(Problem(wanted.error()));
      const auto made = shop_->open_basket(wanted->store);
      if (!made) return response_of(problem_of(made.error()));
      http::Response response = basket_of(*made, shop_->basket(*made));
      response.status = response.status == 200 ? 201 : response.status;
      return response;
    }
    case Duty::shop_item: {
      const auto wanted = read_json<ItemWanted>(request.body);
      if (!wanted) return response_of(Problem(wanted.error()));
      if (wanted->units > site::basket_units_max)
        return response_of(problem_of(ShopTrouble::basket_full));
      return basket_of(id, shop_->put(id, wanted->product, wanted->units));
    }
    case Duty::shop_address: {
      const auto wanted = read_json<AddressWanted>(request.body);
      if (!wanted) return response_of(Problem(wanted.error()));
      if (wanted->name.empty() || site::plain_postcode(wanted->postcode).empty())
        return response_of(problem_of(ShopTrouble::address_missing));
      std::string customer;
      append_quoted(wanted->name, customer);
      for (const std::string* text : {&wanted->street, &wanted->town, &wanted->email}) {
        customer += ',';
        append_quoted(*text, customer);
      }
      return basket_of(id, shop_->address(id, std::move(customer), wanted->postcode));
    }
    case Duty::shop_options:
      return options(id);
    case Duty::shop_option: {
      const auto wanted = read_json<OptionWanted>(request.body);
      if (!wanted) return response_of(Problem(wanted.error()));
      return basket_of(id, shop_->choose(id, wanted->option.view(), wanted->takes_substitutes));
    }
    case Duty::shop_pay: {
      const auto page = shop_->pay(id);
      if (!page) return response_of(problem_of(page.error()));
      return json_of(
          201, [&](JsonWriter& json) { json.member("page", std::string_view(page->address)); });
    }
    case Duty::shop_payment: {
      const auto state = shop_->payment(id);
      if (!state) return response_of(problem_of(state.error()));
      return json_of(200, [&](JsonWriter& json) { json.member("state", word_of(*state)); });
    }
    default:
      return basket_of(id, shop_->basket(id));
  }
}

http::Response Shopfront::catalogue(const Match& match, std::string_view query) {
  const auto question = read_question(match, query);
  if (!question) return response_of(question.error());
  const auto limit = number_in(*question, "limit", limit_default, 1, limit_max);
  if (!limit) return response_of(limit.error());
  const auto after = trade::ProductId::of(question->parameter("after"));
  if (!after) return response_of(query_wrong("after", "the \"next\" of the page before"));
  const auto shown = shop_->shown();
  return json_of(200, [&](JsonWriter& json) {
    auto line = std::ranges::upper_bound(shown->lines, *after, {}, &site::ShownLine::product);
    json.key("rows");
    json.begin('[');
    std::uint64_t left = *limit;
    for (; line != shown->lines.end() && left > 0; ++line, --left) {
      json.begin('{');
      json.member("product", line->product);
      json.member("price_pence", line->price_pence);
      write_rows(json, "available", line->available, [&](const auto& at) {
        json.member("store", at.first);
        json.member("units", at.second);
      });
      json.end('}');
    }
    json.end(']');
    if (line != shown->lines.end() && line != shown->lines.begin())
      json.member("next", std::prev(line)->product);
  });
}

http::Response Shopfront::options(const std::string& id) {
  const auto basket = shop_->basket(id);
  if (!basket) return response_of(problem_of(basket.error()));
  const auto shown = shop_->shown();
  return json_of(200, [&](JsonWriter& json) {
    json.key("options");
    json.begin('[');
    json.begin('{');
    json.member("option", std::string_view("collect"));
    json.member("way", trade::OnlineWay::collect);
    json.end('}');
    for (const site::ShownSlot& slot : shown->slots) {
      if (slot.store != basket->store) continue;
      json.begin('{');
      json.member("option", slot.number);
      json.member("way", trade::OnlineWay::delivery);
      write_slot(json, slot);
      json.end('}');
    }
    json.end(']');
  });
}

// A guest has no number: the basket stands for who asks.
void Shopfront::place(const http::Request& request, const Match& match, Exchange exchange) {
  const std::string_view key = request.header("Idempotency-Key");
  if (key.empty()) return exchange.answer(Problem(Trouble::idempotency_key_missing));
  if (!is_idempotency_key(key)) return exchange.answer(Problem(Trouble::idempotency_key_wrong));
  if (!request.body.empty() && request.body != "{}")
    return exchange.answer(Problem(Trouble::member_unknown));
  const std::string& id = match.values[0];
  const auto name = request_id({}, fmt::format("{} {}", id, key), request.method, request.path, "");
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  shop_->place(id, name, [shared](const std::expected<site::Ordered, site::NotOrdered>& placed) {
    shared->answer(placed ? response_of(*placed) : response_of(placed.error()));
  });
}

void Shopfront::status(const http::Request& request, Exchange exchange) {
  const auto wanted = read_json<StatusWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const trade::DocumentNumber order = wanted->order;
  shop_->status(
      request.peer_address, order, wanted->postcode.view(),
      [shared, order](const site::ShopResult<site::OrderStatus>& told) {
        shared->answer(told ? response_of(order, *told) : response_of(problem_of(told.error())));
      });
}

void Shopfront::erase(const std::string& number, Exchange exchange) {
  const auto order = trade::parse_number(number);
  Problem unknown(row_of(trade::Refusal::document_unknown));
  unknown.number = number;
  if (shop_ == nullptr || !order) return exchange.answer(unknown);
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  shop_->erase_customer(*order, [shared, unknown](const site::ShopResult<void>& done) {
    if (done) return shared->answer(http::Response{204});
    if (done.error() == ShopTrouble::order_unknown) return shared->answer(unknown);
    shared->answer(problem_of(done.error()));
  });
}

}  // namespace api
