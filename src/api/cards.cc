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
    json.member("card_day_pence", view.own.limits.card_day_pence);
    json.member("order_pence", view.own.limits.exposure_order_pence);
    json.member("orders_day_pence", view.own.limits.exposure_day_pence);
    json.end('}');
  });
}

// The highest that any site has, which is what a loss is bound by.
trade::OfflineCaps widest_caps(const site::View& view) {
  trade::Limits widest = view.own.limits;
  for (const auto& [code, site] : view.book.partitions())
    widest.card_day_pence = std::max(widest.card_day_pence, site.limits.card_day_pence);
  return trade::offline_caps_of(widest);
}

bool is_in_charge(const trade::Partition& own, const site::Caller& caller) {
  const auto person = own.people.find(caller.actor);
  return person != own.people.end() && (person->second.role == trade::Role::manager ||
                                        person->second.role == trade::Role::incident);
}

// As POST /v1/limits takes them.
std::string limits_json(const site::View& view) {
  return json_object([&](JsonWriter& json) {
    json.key("limits");
    json.begin('{');
    for (const trade::LimitRow& row : trade::limit_rows())
      json.member(row.name, view.own.limits.*row.value);
    json.end('}');
  });
}

// What each account comes to; those of nothing are left out.
std::string ledger_json(const site::View& view) {
  return json_object([&](JsonWriter& json) {
    for (std::size_t i = 0; i < trade::count_of<Account>; ++i) {
      const auto account = static_cast<Account>(i);
      if (const std::int64_t pence = view.own.ledger.total(account); pence != 0)
        json.member(trade::text_of(account), pence);
    }
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
  const trade::OfflineCaps caps = widest_caps(view);
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
    write_loss(json, trade::loss_of(ledger, row->first.card, caps));
    last = &row->first.card;
    --left;
  }
  json.end(']');
  json.member("loss_pence", ledger.total(Account::loss));
  json.member("cap_pence", caps.card_day_pence);
  if (!next.empty()) json.member("next", std::string_view(next));
  json.end('}');
  return out;
}

// With the lines of its paper, at most 42 signs each.
void write_credit_receipt(JsonWriter& json, const trade::ExposureRefunded& made,
                          const std::string& code) {
  json.member("refund", made.refund);
  json.member("order", made.order);
  json.member("pence", made.pence);
  json.member("code", std::string_view(code));
  json.key("text");
  json.begin('[');
  for (const std::string& line :
       {fmt::format("CREDIT RECEIPT {}", to_string(made.refund)),
        fmt::format("for order {}", to_string(made.order)),
        fmt::format("{} on {}", trade::pounds(made.pence),
                    base::to_string(trade::to_date(made.day))),
        fmt::format("code {}", code), std::string("Keep this paper: the code is nowhere else."),
        std::string("Tills take it once our line is back.")})
    json.value(std::string_view(line));
  json.end(']');
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
  ask(
      caller, std::move(exchange),
      [this, origin = *origin, hold = *hold, from = request.peer_address](const site::View& view,
                                                                          Exchange its) mutable {
        hold.expires_tick_ms = view.tick_ms + hold.expires_tick_ms * minute_ms;
        commands_.carry_out(origin, {hold, {}, {}}, from, std::move(its));
      },
      true);
}

void CardResources::refund_elsewhere(const http::Request& request, const site::Caller& caller,
                                     Exchange exchange) {
  const auto wanted = read_json<ElsewhereRefundWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  trade::ExposureRefunded body{
      .order = wanted->order, .pence = wanted->pence, .reason = wanted->reason};
  if (!wanted->second.view().empty()) {
    const auto second = door_.session(wanted->second.view());
    if (!second) return exchange.answer(Problem(Trouble::session_over));
    body.second = second->actor;
  }
  const auto origin = origin_of(request, caller, encode(trade::Event{{}, body}));
  if (!origin) return exchange.answer(origin.error());
  if (!origin->request.given()) return exchange.answer(Problem(Trouble::idempotency_key_missing));
  const site::CardKey& key = cards_->key();
  const auto make =
      [body, &key, id = origin->request](
          const trade::Partition& own) mutable -> std::expected<trade::Body, trade::No> {
    body.card = key.digest_of(key.new_code(id, own.next_number(), 0));
    return body;
  };
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const auto then = [shared, &key, id = origin->request](const site::Outcome& outcome,
                                                         const site::View&) {
    if (!outcome) return shared->answer(problem_of(outcome.error()));
    const auto& made = std::get<trade::ExposureRefunded>(outcome->event.body);
    const std::string code = to_string(key.new_code(id, made.refund, 0));
    shared->answer(json_of(outcome->is_repeated ? 200 : 201,
                           [&](JsonWriter& json) { write_credit_receipt(json, made, code); }));
  };
  if (!core_.submit({*origin, make}, then)) shared->answer(Problem(Trouble::busy));
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
                        std::move_only_function<void(const site::View&, Exchange)> question,
                        bool is_hold) {
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked = core_.ask(
      [caller, shared, is_hold, question = std::move(question)](const site::View& view) mutable {
        const bool may = is_hold ? is_enrolled(view.own, caller) : may_look(view.own, caller);
        if (!may) return shared->answer(Problem(Trouble::session_over));
        question(view, std::move(*shared));
      });
  if (!is_asked) shared->answer(Problem(Trouble::busy));
}

void CardResources::tell(const Match& match, const http::Request& request,
                         const site::Caller& caller, Exchange exchange) {
  auto question = read_question(match, request.query);
  if (!question) return exchange.answer(question.error());
  ask(caller, std::move(exchange),
      [question = *std::move(question), cards = cards_, caller](const site::View& view,
                                                                Exchange its) {
        if (question.duty == Duty::get_cards) return its.answer(200, cards_json(view, cards));
        if (question.duty == Duty::get_ledger) {
          // What should be in a drawer is no business of who counts it.
          if (!is_in_charge(view.own, caller))
            return its.answer(Problem(row_of(trade::Refusal::role_not_allowed)));
          return its.answer(200, ledger_json(view));
        }
        if (question.duty == Duty::get_limits) return its.answer(200, limits_json(view));
        auto losses = losses_json(question, view);
        if (!losses) return its.answer(losses.error());
        its.answer(200, *std::move(losses));
      });
}

void CardResources::handle(const Route& route, const http::Request& request, const Match& match,
                           const site::Caller& caller, Exchange exchange) {
  if (route.duty == Duty::get_cards || route.duty == Duty::get_card_losses ||
      route.duty == Duty::get_ledger || route.duty == Duty::get_limits)
    return tell(match, request, caller, std::move(exchange));
  if (cards_ == nullptr) return exchange.answer(Problem(Trouble::not_found));
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  if (route.duty == Duty::card_balance) return balance(request, std::move(exchange));
  if (route.duty == Duty::refund_elsewhere)
    return refund_elsewhere(request, caller, std::move(exchange));
  if (route.duty == Duty::card_look) return look(request, caller, std::move(exchange));
  command(route.duty, request, caller, std::move(exchange));
}

}  // namespace api
