#include "api/past.h"

#include "api/identity.h"
#include "api/json_write.h"
#include "api/queries.h"
#include "base/date.h"

namespace api {
namespace {

using base::Date;

bool is_kind(std::string_view text) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return ((trade::kind_name(trade::Body(std::in_place_index<i>)) == text) || ...);
  }
  (std::make_index_sequence<std::variant_size_v<trade::Body>>{});
}

std::expected<records::Search, Problem> read_search(const Question& question) {
  records::Search search;
  search.product = question.parameter("product");
  search.document = question.parameter("document");
  search.kind = question.parameter("kind");
  if (!search.kind.empty() && !is_kind(search.kind))
    return std::unexpected(query_wrong("kind", "a kind of event, as \"goods_moved\""));
  const auto days = {std::pair{"first_day", &search.first_day},
                     std::pair{"last_day", &search.last_day}};
  for (const auto& [name, day] : days) {
    const std::string_view text = question.parameter(name);
    if (text.empty()) continue;
    const auto read = base::parse_date(text);
    if (!read) return std::unexpected(query_wrong(name, "a day, as 2026-11-22"));
    *day = read->days;
  }
  if (!question.parameter("actor").empty())
    search.actor = static_cast<std::uint32_t>(TRY(number_in(question, "actor", 0, 0, 0xffff'ffff)));
  if (const auto text = question.parameter("before"); !text.empty()) {
    const auto id = parse_event_id(text);
    if (!id) return std::unexpected(query_wrong("before", "the \"next\" of the page before"));
    search.before = {id->entry, id->place};
  }
  search.rows_max = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  return search;
}

// Needs the names of lines, so it runs on the core's thread.
std::string history_json(const std::vector<records::FoundEvent>& found, std::size_t rows_max,
                         const site::View& view) {
  const Names names(view.own, &view.book);
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  json.key("rows");
  json.begin('[');
  for (const records::FoundEvent& row : found)
    if (const auto event = trade::decode(row.bytes))
      (void)append_event({row.entry, row.place}, *event, names, out, row.at_ms);
  json.end(']');
  if (found.size() == rows_max)
    json.member("next", std::string_view(to_string({found.back().entry, found.back().place})));
  json.end('}');
  return out;
}

std::string facts_json(const site::NightFacts& facts) {
  const Names nobody({}, {});
  std::string out;
  JsonWriter json(out, nobody);
  json.begin('{');
  json.member("day", std::string_view(to_string(facts.day)));
  json.member("lines_changed", facts.lines_changed);
  json.member("orders", facts.orders);
  json.member("lines", facts.lines);
  json.member("refused", facts.refused);
  if (!facts.first_refusal.empty())
    json.member("first_refusal", std::string_view(facts.first_refusal));
  json.end('}');
  return out;
}

// `otherwise`: what it is where nothing is missing.
Problem problem_of(const base::Error& error, Trouble otherwise) {
  const bool is_missing = error.code == base::ErrorCode::input_missing;
  Problem problem(is_missing ? Trouble::not_found : otherwise);
  problem.detail = error.message;
  return problem;
}

}  // namespace

void Past::if_allowed(const site::Caller& caller, std::optional<trade::Verb> verb,
                      Exchange exchange, std::move_only_function<void(Exchange)> then) {
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked =
      core_.ask([caller, verb, shared, then = std::move(then)](const site::View& view) mutable {
        if (!may_look(view.own, caller)) return shared->answer(Problem(Trouble::session_over));
        if (verb) {
          const auto person = view.own.people.find(caller.actor);
          const auto role =
              person == view.own.people.end() ? trade::Role::device : person->second.role;
          if (const auto verdict = trade::permits(view.own.site.kind, role, *verb); !verdict)
            return shared->answer(Problem(row_of(verdict.error().why)));
        }
        then(std::move(*shared));
      });
  if (!is_asked) shared->answer(Problem(Trouble::busy));
}

void Past::search(const http::Request& request, const Match& match, const site::Caller& caller,
                  Exchange exchange) {
  auto question = read_question(match, request.query);
  if (!question) return exchange.answer(question.error());
  auto search = read_search(*question);
  if (!search) return exchange.answer(search.error());
  if_allowed(caller, {}, std::move(exchange), [this, search = *search](Exchange its) {
    const auto shared = std::make_shared<Exchange>(std::move(its));
    const auto answer = [this, shared, rows_max = search.rows_max](site::History::Found found) {
      if (!found) return shared->answer(problem_of(found.error(), Trouble::history_behind));
      const bool is_asked =
          core_.ask([shared, rows_max, rows = *std::move(found)](const site::View& view) {
            shared->answer(200, history_json(rows, rows_max, view));
          });
      if (!is_asked) shared->answer(Problem(Trouble::busy));
    };
    if (!history_->search(search, answer)) shared->answer(Problem(Trouble::busy));
  });
}

void Past::run_night(const http::Request& request, const site::Caller& caller, Exchange exchange) {
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  if (!request.body.empty() && request.body != "{}") {
    Problem problem(Trouble::value_wrong);
    problem.detail = "expected no body, or {}";
    return exchange.answer(problem);
  }
  if_allowed(caller, trade::Verb::propose, std::move(exchange), [this](Exchange its) {
    const auto shared = std::make_shared<Exchange>(std::move(its));
    const bool is_taken = evening_->run_now([shared](base::Result<site::NightFacts> facts) {
      if (!facts) return shared->answer(problem_of(facts.error(), Trouble::night_failed));
      shared->answer(201, facts_json(*facts));
    });
    if (!is_taken) shared->answer(Problem(Trouble::busy));
  });
}

namespace {

Problem problem_of(const site::NotTaken& why) {
  if (const auto* no = std::get_if<trade::No>(&why.why)) {
    Problem problem(row_of(no->why));
    if (no->number.given()) problem.number = trade::to_string(no->number);
    return problem;
  }
  Problem problem(std::holds_alternative<site::Trouble>(why.why)
                      ? row_of(std::get<site::Trouble>(why.why))
                      : row_of(Trouble::order_not_believed));
  problem.detail = why.words;
  return problem;
}

std::string taken_json(const site::TakenOrder& taken, const site::View& view) {
  const auto& told = std::get<trade::OrderTold>(taken.event.body);
  const Names names(view.own, &view.book);
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  json.member("key", told.key);
  json.member("order", told.order);
  json.member("path", told.path);
  json.member("rows", told.rows);
  json.member("unknown_rows", taken.unknown_rows);
  json.end('}');
  return out;
}

}  // namespace

void Past::take_order(const http::Request& request, const site::Caller& caller, Exchange exchange) {
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  auto offer = site::parse_offer(request.body, caller.actor);
  if (!offer) {
    Problem problem(Trouble::value_wrong);
    problem.detail = offer.error().message;
    return exchange.answer(problem);
  }
  const trade::Origin origin{caller.actor, caller.device, 0, {}};
  if_allowed(
      caller, trade::Verb::tell, std::move(exchange),
      [this, origin, offer = *std::move(offer), from = request.peer_address](Exchange its) mutable {
        const auto shared = std::make_shared<Exchange>(std::move(its));
        const auto then = [this, shared, from](site::Evening::Taken taken) {
          if (!taken) return shared->answer(Problem(Trouble::busy));
          if (!*taken) {
            const auto& why = taken->error();
            if (const auto* forged = std::get_if<site::Disbelieved>(&why.why))
              door_.note(from, forged->kind);
            return shared->answer(problem_of(why));
          }
          const bool is_asked =
              core_.ask([shared, done = **std::move(taken)](const site::View& view) {
                shared->answer(201, taken_json(done, view));
              });
          if (!is_asked) shared->answer(Problem(Trouble::busy));
        };
        if (!evening_->take_order(std::move(offer), origin, then))
          shared->answer(Problem(Trouble::busy));
      });
}

void Past::tell_night(const Match& match, const site::Caller& caller, Exchange exchange) {
  const auto day = base::parse_date(match.values[0]);
  if (!day) return exchange.answer(Problem(Trouble::not_found));
  if_allowed(caller, {}, std::move(exchange), [this, day = *day](Exchange its) {
    const auto shared = std::make_shared<Exchange>(std::move(its));
    const bool is_taken = history_->night(day, [shared](base::Result<std::string> night) {
      if (!night) return shared->answer(problem_of(night.error(), Trouble::history_behind));
      shared->answer(200, *std::move(night));
    });
    if (!is_taken) shared->answer(Problem(Trouble::busy));
  });
}

void Past::handle(Duty duty, const http::Request& request, const Match& match,
                  const site::Caller& caller, Exchange exchange) {
  const bool is_here = duty == Duty::post_night ? evening_ != nullptr
                       : duty == Duty::post_told_order
                           ? evening_ != nullptr && evening_->takes_orders()
                           : history_ != nullptr;
  if (!is_here) return exchange.answer(Problem(Trouble::not_found));
  switch (duty) {
    case Duty::get_history:
      return search(request, match, caller, std::move(exchange));
    case Duty::post_night:
      return run_night(request, caller, std::move(exchange));
    case Duty::post_told_order:
      return take_order(request, caller, std::move(exchange));
    case Duty::get_night:
      return tell_night(match, caller, std::move(exchange));
    default:
      CHECK(false);
  }
}

}  // namespace api
