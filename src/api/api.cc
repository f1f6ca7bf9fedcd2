#include "api/api.h"

#include <algorithm>

#include "api/cards.h"
#include "api/commands.h"
#include "api/contract.h"
#include "api/event_streams.h"
#include "api/identity.h"
#include "api/json_write.h"
#include "api/label.h"
#include "api/pages.h"
#include "api/parcel_papers.h"
#include "api/past.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/routes.h"
#include "api/shopfront.h"
#include "api/tillfront.h"
#include "http/text.h"

namespace api {
namespace {

// Of "application/json; charset=utf-8" the first half.
bool is_json(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return http::same_word(type, "application/json");
}

http::Response no_route(const http::Request& request) {
  const std::string methods = methods_of(request.path);
  if (methods.empty()) return response_of(Problem(Trouble::not_found));
  http::Response response = response_of(Problem(Trouble::method_not_allowed));
  response.headers.push_back({"Allow", methods});
  return response;
}

// The catalogue's row as a resource of its own: what a problem's "type" leads to.
http::Response problem_page(std::string_view name) {
  const auto row = std::ranges::find(catalogue(), name, &ProblemRow::name);
  if (row == catalogue().end()) return response_of(Problem(Trouble::not_found));
  http::Response response{200, "application/json"};
  const Names nobody({}, {});
  JsonWriter json(response.body, nobody);
  json.begin('{');
  json.member("name", row->name);
  json.member("status", row->http_status);
  json.member("meaning", row->meaning);
  json.end('}');
  return response;
}

// Nothing where the question asks for no paper.
std::optional<std::expected<http::Response, Problem>> paper_of(const Question& question,
                                                               const site::View& view) {
  switch (question.duty) {
    case Duty::get_label:
      return label_of_reduction(question, view);
    case Duty::get_parcel_pick_page:
      return parcel_pick_list_page(question, view);
    case Duty::get_parcel_labels:
      return labels_of_parcel(question, view);
    default:
      return std::nullopt;
  }
}

}  // namespace

struct Api::Parts {
  Parts(site::Core& its_core, site::Door& its_door, io::Clock& clock, io::Disk& disk,
        ApiOptions its_options)
      : core(its_core),
        door(its_door),
        options(std::move(its_options)),
        desk(clock, options.log),
        identity(its_core, its_door),
        commands(its_core, its_door),
        pages(its_core, its_door, options.history, options.is_secure),
        past(its_core, its_door, options.history, options.evening),
        shopfront(options.shop),
        cards(its_core, its_door, commands, options.cards),
        tillfront(options.till, its_door),
        streams(its_core, its_door, clock, disk, options.journal) {}
  ~Parts() { desk.wait_until_empty(); }

  void dispatch(const http::Request& request, const Match& match, const site::Caller& caller,
                Exchange exchange);
  void ask(const http::Request& request, const Match& match, const site::Caller& caller,
           Exchange exchange);
  void erase_customer(const http::Request& request, const Match& match, const site::Caller& caller,
                      Exchange exchange);
  std::string ready_json() const;
  void tell_ready(Exchange exchange);
  void tell_metrics(Exchange exchange);
  // Hands the question over, or answers that there is no room.
  void ask_core(Exchange exchange,
                std::move_only_function<void(const site::View&, Exchange)> question);

  site::Core& core;
  site::Door& door;
  ApiOptions options;
  Desk desk;
  Identity identity;
  Commands commands;
  Pages pages;
  Past past;
  Shopfront shopfront;
  CardResources cards;
  Tillfront tillfront;
  EventStreams streams;
};

Api::Api(site::Core& core, site::Door& door, io::Clock& clock, io::Disk& disk, ApiOptions options)
    : parts_(std::make_unique<Parts>(core, door, clock, disk, std::move(options))) {}
Api::~Api() = default;

std::vector<std::string> Api::headers_wanted() {
  return {"Authorization", "Idempotency-Key", "Device-Sequence",
          "Content-Type",  "Last-Event-ID",   "Cookie"};
}

void Api::handle(http::Request request, http::Reply reply) {
  auto match = find_route(request.method, request.path);
  Exchange exchange(parts_->desk, std::move(reply), match ? match->index : routes().size());
  if (!match) return exchange.answer(no_route(request));
  const Route& route = routes()[match->index];
  if (route.method != http::Method::get && !request.body.empty() &&
      !is_json(request.header("Content-Type")))
    return exchange.answer(Problem(Trouble::media_type_wrong));
  if (route.access == Access::anybody || route.access == Access::page)
    return parts_->dispatch(request, *match, {}, std::move(exchange));
  parts_->identity.identify(std::move(request), std::move(exchange), route.access,
                            [parts = parts_.get(), match = *std::move(match)](
                                http::Request mine, Exchange its, const site::Caller& caller) {
                              parts->dispatch(mine, match, caller, std::move(its));
                            });
}

void Api::Parts::dispatch(const http::Request& request, const Match& match,
                          const site::Caller& caller, Exchange exchange) {
  const Route& route = routes()[match.index];
  switch (route.duty) {
    case Duty::command:
      return commands.handle(request, match, caller, std::move(exchange));
    case Duty::get_events:
      return streams.handle({std::string(bearer_token(request.header("Authorization"))), caller},
                            request.header("Last-Event-ID"), std::move(exchange));
    case Duty::get_catalogue:
      return exchange.answer(200, catalogue_json());
    case Duty::get_health:
      return exchange.answer(200, std::string(R"({"status":"ok"})"));
    case Duty::get_ready:
      return tell_ready(std::move(exchange));
    case Duty::get_metrics:
      return tell_metrics(std::move(exchange));
    case Duty::get_contract:
      return exchange.answer(http::Response{200, "application/yaml", std::string(contract_yaml())});
    case Duty::get_problem:
      return exchange.answer(problem_page(match.values[0]));
    case Duty::post_code:
    case Duty::post_enrolment:
    case Duty::post_challenge:
    case Duty::post_session:
    case Duty::delete_session:
    case Duty::post_ticket:
      return identity.handle(route.duty, request, caller, std::move(exchange));
    case Duty::get_history:
    case Duty::post_night:
    case Duty::get_night:
    case Duty::post_told_order:
      return past.handle(route.duty, request, match, caller, std::move(exchange));
    case Duty::shop_catalogue:
    case Duty::shop_open_basket:
    case Duty::shop_basket:
    case Duty::shop_item:
    case Duty::shop_address:
    case Duty::shop_options:
    case Duty::shop_option:
    case Duty::shop_pay:
    case Duty::shop_payment:
    case Duty::shop_place:
    case Duty::shop_status:
      return shopfront.handle(route, request, match, std::move(exchange));
    case Duty::card_activate:
    case Duty::card_credit:
    case Duty::card_hold:
    case Duty::card_look:
    case Duty::card_balance:
    case Duty::refund_elsewhere:
    case Duty::get_cards:
    case Duty::get_card_losses:
    case Duty::get_ledger:
    case Duty::get_limits:
      return cards.handle(route, request, match, caller, std::move(exchange));
    case Duty::till_state:
    case Duty::till_basket:
    case Duty::till_item:
    case Duty::till_void_line:
    case Duty::till_price:
    case Duty::till_void_basket:
    case Duty::till_park:
    case Duty::till_recall:
    case Duty::till_card:
    case Duty::till_age:
    case Duty::till_offer:
    case Duty::till_voucher:
    case Duty::till_drop_voucher:
    case Duty::till_cash:
    case Duty::till_card_payment:
    case Duty::till_gift_card:
    case Duty::till_take_back:
    case Duty::till_complete:
    case Duty::till_refund:
    case Duty::till_drawer:
    case Duty::till_copy:
      return tillfront.handle(route, request, match, caller, std::move(exchange));
    case Duty::delete_personal_data:
      return erase_customer(request, match, caller, std::move(exchange));
    case Duty::get_style:
      return exchange.answer(style_sheet());
    case Duty::page_enter:
    case Duty::page_status:
    case Duty::page_stock:
    case Duty::page_orders:
    case Duty::page_proposals:
    case Duty::page_fulfilments:
    case Duty::page_inbound:
    case Duty::page_stops:
    case Duty::page_journal:
      return pages.handle(route, request, std::move(exchange));
    default:
      return ask(request, match, caller, std::move(exchange));
  }
}

void Api::Parts::ask_core(Exchange exchange,
                          std::move_only_function<void(const site::View&, Exchange)> question) {
  // Shared, because a question that was not taken is gone with what it holds.
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked =
      core.ask([shared, question = std::move(question)](const site::View& view) mutable {
        question(view, std::move(*shared));
      });
  if (!is_asked) shared->answer(Problem(Trouble::busy));
}

void Api::Parts::ask(const http::Request& request, const Match& match, const site::Caller& caller,
                     Exchange exchange) {
  auto question = read_question(match, request.query);
  if (!question) return exchange.answer(question.error());
  ask_core(std::move(exchange),
           [question = *std::move(question), caller](const site::View& view, Exchange its) {
             if (!may_look(view.own, caller)) return its.answer(Problem(Trouble::session_over));
             if (auto paper = paper_of(question, view)) {
               if (!*paper) return its.answer(paper->error());
               return its.answer(**std::move(paper));
             }
             auto json = api::answer(question, view);
             if (!json) return its.answer(json.error());
             its.answer(200, *std::move(json));
           });
}

// For managers; nothing of it is journalled, for the journal names nobody.
void Api::Parts::erase_customer(const http::Request& request, const Match& match,
                                const site::Caller& caller, Exchange exchange) {
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  ask_core(std::move(exchange),
           [this, caller, number = match.values[0]](const site::View& view, Exchange its) {
             if (!may_look(view.own, caller)) return its.answer(Problem(Trouble::session_over));
             const auto person = view.own.people.find(caller.actor);
             if (person == view.own.people.end() || person->second.role != trade::Role::manager)
               return its.answer(Problem(row_of(trade::Refusal::role_not_allowed)));
             shopfront.erase(number, std::move(its));
           });
}

// A site whose history is behind trades like any other, and so does one whose roster file is not
// the roster that it goes by: they are ready, and say so nevertheless.
std::string Api::Parts::ready_json() const {
  std::string out;
  const Names nobody({}, {});
  JsonWriter json(out, nobody);
  json.begin('{');
  json.member("status", std::string_view("ready"));
  if (options.history != nullptr) {
    const std::string why = options.history->trouble();
    json.member("history", std::string_view(why.empty() ? "follows" : "behind"));
    json.member("history_lag_entries", options.history->lag_entries());
    if (!why.empty()) json.member("detail", std::string_view(why));
  }
  if (options.roster) {
    const auto standing = options.roster->standing();
    const bool is_refused = !standing.refused_why.empty();
    json.member("roster", std::string_view(is_refused ? "refused" : "in_use"));
    json.member("roster_number", standing.number);
    if (is_refused) json.member("roster_detail", std::string_view(standing.refused_why));
  }
  json.end('}');
  return out;
}

void Api::Parts::tell_ready(Exchange exchange) {
  ask_core(std::move(exchange), [this](const site::View& view, Exchange its) {
    if (view.no_write_why().empty()) return its.answer(200, ready_json());
    Problem problem(view.write_failed_why.empty() ? Trouble::read_only : Trouble::not_written);
    problem.detail = view.no_write_why();
    its.answer(problem);
  });
}

void Api::Parts::tell_metrics(Exchange exchange) {
  Metrics::Site site;
  if (options.counts) site.server = options.counts();
  site.core = core.counts();
  site.streams = streams.count();
  site.sessions = door.session_count();
  if (options.history != nullptr)
    site.history = {options.history->entries(), options.history->lag_entries(),
                    options.history->trouble().empty()};
  if (options.continuity) site.continuity = options.continuity();
  if (options.roster) site.roster = options.roster->standing();
  if (options.card_counts) site.cards = options.card_counts();
  ask_core(std::move(exchange), [site, this](const site::View& view, Exchange its) mutable {
    site.security = view.own.security;
    site.takes_entries = view.no_write_why().empty();
    site.unsigned_entries = view.journal.unsigned_entries();
    site.checkpoint_age_ms = view.checkpoint_age_ms;
    if (view.order_notes != nullptr)
      site.orders_not_placed = site::count_waiting(view.own, *view.order_notes);
    its.answer(
        http::Response{200, "text/plain; version=0.0.4; charset=utf-8", desk.metrics().text(site)});
  });
}

}  // namespace api
