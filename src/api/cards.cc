#include "api/cards.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "api/identity.h"
#include "api/json_read.h"
#include "api/json_write.h"
#include "api/queries.h"
#include "base/result.h"
#include "crypto/hex.h"
#include "trade/reconcile.h"

namespace api {
namespace {

using trade::Account;

constexpr std::int64_t minute_ms = 60'000;

Problem problem_of(site::CardTrouble trouble) {
  switch (trouble) {
    case site::CardTrouble::unknown:
      return Trouble::card_unknown;
    case site::CardTrouble::too_many:
      return Trouble::too_many;
    case site::CardTrouble::busy:
      break;
  }
  return Trouble::busy;
}

Problem minutes_wrong() {
  Problem problem(Trouble::value_wrong);
  problem.detail = fmt::format("expected a whole number from 1 to {}", hold_minutes_max);
  problem.pointer = "/minutes";
  return problem;
}

// What the site's ledger says of all cards together, and the rules that hold without asking.
std::string cards_json(const site::View& view, const site::Cards* cards) {
  const trade::Ledger& ledger = view.own.ledger;
  return json_object([&](JsonWriter& json) {
    if (cards != nullptr) json.member("key", std::string_view(cards->key().id()));
    if (cards != nullptr && cards->owner()) json.member("owner", *cards->owner());
    json.member("gift_card_pence", -ledger.total(Account::gift_card));
    json.member("credit_receipt_pence", -ledger.total(Account::credit_receipt));
    json.member("held_pence", -ledger.total(Account::held));
    json.member("pending_pence", -ledger.total(Account::pending));
    json.member("exposure_pence", ledger.total(Account::exposure));
    json.member("loss_pence", ledger.total(Account::loss));
    json.key("caps");
    json.begin('{');
    json.member("card_day_pence", trade::offline_caps.card_day_pence);
    json.member("order_pence", trade::offline_caps.order_pence);
    json.member("orders_day_pence", trade::offline_caps.orders_day_pence);
    json.end('}');
  });
}

void write_loss(JsonWriter& json, const trade::LossReport& loss) {
  json.begin('{');
  json.member("card", loss.card);
  json.member("kind", loss.kind);
  json.member("loss_pence", loss.loss_pence);
  json.member("bound_pence", loss.bound_pence);
  json.member("sites", loss.sites);
  json.member("days", loss.days);
  write_rows(json, "claims", loss.rows, [&](const trade::LossRow& row) {
    json.member("site", row.site);
    json.member("receipt", row.receipt);
    json.member("day", row.day);
    json.member("claimed_pence", row.claimed_pence);
    json.member("lost_pence", row.lost_pence);
  });
  json.end('}');
}

// Cards that were spent twice, by their digests, each with its bound and every receipt. The sum has
// also what was refunded for others and not granted.
std::expected<std::string, Problem> losses_json(const Question& question, const site::View& view) {
  const std::size_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  trade::AccountKey from{Account::loss, {}, {}};
  const std::string_view after = question.parameter("after");
  if (!after.empty()) {
    const auto card = crypto::from_hex(after);
    if (!card || card->size() != from.card.bytes.size())
      return std::unexpected(query_wrong("after", "the \"next\" of the page before"));
    std::ranges::copy(*card, from.card.bytes.begin());
  }
  const trade::Ledger& ledger = view.own.ledger;
  std::string out;
  const Names nobody({}, {});
  JsonWriter json(out, nobody);
  json.begin('{');
  json.key("rows");
  json.begin('[');
  std::size_t left = limit;
  std::string next;
  const trade::CardDigest* last = nullptr;
  for (auto row = ledger.balances().upper_bound(from);
       row != ledger.balances().end() && row->first.account == Account::loss; ++row) {
    if (!row->first.card.given()) continue;
    if (left == 0 || out.size() >= page_bytes_max) {
      next =
          crypto::to_hex({reinterpret_cast<const char*>(last->bytes.data()), last->bytes.size()});
      break;
    }
    write_loss(json, trade::loss_of(ledger, row->first.card, trade::offline_caps));
    last = &row->first.card;
    --left;
  }
  json.end(']');
  json.member("loss_pence", ledger.total(Account::loss));
  json.member("cap_pence", trade::offline_caps.card_day_pence);
  if (!next.empty()) json.member("next", std::string_view(next));
  json.end('}');
  return out;
}

}  // namespace

std::expected<trade::CardDigest, Problem> CardResources::digest_of(const CodeText& code) const {
  const auto digest = cards_->digest_of(code.view());
  if (digest) return *digest;
  Problem problem(row_of(digest.error().why));
  problem.pointer = "/code";
  return std::unexpected(std::move(problem));
}

std::expected<trade::Body, Problem> CardResources::read_body(Duty duty,
                                                             std::string_view json) const {
  if (duty == Duty::card_activate) {
    const auto wanted = read_json<CardActivateWanted>(json);
    if (!wanted) return std::unexpected(Problem(wanted.error()));
    const trade::CardDigest card = TRY(digest_of(wanted->code));
    return trade::CardActivated{card, wanted->kind, wanted->pence, wanted->site, wanted->document};
  }
  if (duty == Duty::card_credit) {
    const auto wanted = read_json<CardCreditWanted>(json);
    if (!wanted) return std::unexpected(Problem(wanted.error()));
    const trade::CardDigest card = TRY(digest_of(wanted->code));
    return trade::CardCredited{card, wanted->pence, wanted->site, wanted->refund};
  }
  const auto wanted = read_json<CardHoldWanted>(json);
  if (!wanted) return std::unexpected(Problem(wanted.error()));
  if (wanted->minutes < 1 || wanted->minutes > hold_minutes_max)
    return std::unexpected(minutes_wrong());
  const trade::CardDigest card = TRY(digest_of(wanted->code));
  return trade::HoldTaken{{}, card, wanted->pence, wanted->site, wanted->minutes};
}

void CardResources::command(Duty duty, const http::Request& request, const site::Caller& caller,
                            Exchange exchange) {
  auto body = read_body(duty, request.body);
  if (!body) {
    if (body.error().row == &row_of(Trouble::malformed))
      door_.note(request.peer_address, trade::SecurityKind::malformed);
    return exchange.answer(body.error());
  }
  // The body's own bytes would be those of a code.
  const auto origin = origin_of(request, caller, encode(trade::Event{{}, *body}));
  if (!origin) return exchange.answer(origin.error());
  auto* hold = std::get_if<trade::HoldTaken>(&*body);
  if (hold == nullptr)
    return commands_.carry_out(*origin, {*std::move(body), {}, {}}, request.peer_address,
                               std::move(exchange));
  // It ends by the site's time, which only the core knows.
  ask(caller, std::move(exchange),
      [this, origin = *origin, hold = *hold, from = request.peer_address](const site::View& view,
                                                                          Exchange its) mutable {
        hold.expires_tick_ms = view.tick_ms + hold.expires_tick_ms * minute_ms;
        commands_.carry_out(origin, {hold, {}, {}}, from, std::move(its));
      });
}

void CardResources::look(const http::Request& request, const site::Caller& caller,
                         Exchange exchange) {
  const auto wanted = read_json<CardWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  const auto card = digest_of(wanted->code);
  if (!card) return exchange.answer(card.error());
  ask(caller, std::move(exchange),
      [card = *card, owner = cards_->owner()](const site::View& view, Exchange its) {
        const site::CardHere here = look_at(view, owner, card);
        its.answer(200, json_object([&](JsonWriter& json) {
                     json.member("card", card);
                     json.member("here", here.here);
                     json.member("pending_pence", here.pending_pence);
                     json.member("heard", here.heard);
                     json.member("unasked_pence", here.unasked_pence);
                   }));
      });
}

void CardResources::balance(const http::Request& request, Exchange exchange) {
  const auto wanted = read_json<CardWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  const auto card = digest_of(wanted->code);
  if (!card) return exchange.answer(card.error());
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  cards_->balance(request.peer_address, *card,
                  [this, shared, from = request.peer_address](
                      const std::expected<site::CardBalance, site::CardTrouble>& told) {
                    if (told)
                      return shared->answer(200, json_object([&](JsonWriter& json) {
                                              json.member("kind", told->kind);
                                              json.member("state", told->state);
                                              json.member("pence", told->pence);
                                            }));
                    if (told.error() == site::CardTrouble::too_many)
                      door_.note(from, trade::SecurityKind::flood);
                    shared->answer(problem_of(told.error()));
                  });
}

void CardResources::ask(const site::Caller& caller, Exchange exchange,
                        std::move_only_function<void(const site::View&, Exchange)> question) {
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked =
      core_.ask([caller, shared, question = std::move(question)](const site::View& view) mutable {
        if (!is_enrolled(view.own, caller)) return shared->answer(Problem(Trouble::session_over));
        question(view, std::move(*shared));
      });
  if (!is_asked) shared->answer(Problem(Trouble::busy));
}

void CardResources::tell(const Match& match, const http::Request& request,
                         const site::Caller& caller, Exchange exchange) {
  auto question = read_question(match, request.query);
  if (!question) return exchange.answer(question.error());
  ask(caller, std::move(exchange),
      [question = *std::move(question), cards = cards_](const site::View& view, Exchange its) {
        if (question.duty == Duty::get_cards) return its.answer(200, cards_json(view, cards));
        auto losses = losses_json(question, view);
        if (!losses) return its.answer(losses.error());
        its.answer(200, *std::move(losses));
      });
}

void CardResources::handle(const Route& route, const http::Request& request, const Match& match,
                           const site::Caller& caller, Exchange exchange) {
  if (route.duty == Duty::get_cards || route.duty == Duty::get_card_losses)
    return tell(match, request, caller, std::move(exchange));
  if (cards_ == nullptr) return exchange.answer(Problem(Trouble::not_found));
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  if (route.duty == Duty::card_balance) return balance(request, std::move(exchange));
  if (route.duty == Duty::card_look) return look(request, caller, std::move(exchange));
  command(route.duty, request, caller, std::move(exchange));
}

}  // namespace api
