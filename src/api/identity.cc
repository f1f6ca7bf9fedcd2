#include "api/identity.h"

#include "api/json_read.h"
#include "api/json_write.h"
#include "base/result.h"
#include "http/text.h"

namespace api {
namespace {

void write_caller(JsonWriter& json, const site::Caller& caller) {
  if (is_told(caller.actor)) json.member("actor", caller.actor);
  if (is_told(caller.device)) json.member("device", caller.device);
}

// Whether the book lets the person bring others in.
std::expected<void, Problem> may_invite(const trade::Partition& own, trade::ActorNo actor) {
  const auto person = own.people.find(actor);
  if (person == own.people.end() || person->second.is_ended)
    return std::unexpected(Problem(Trouble::session_over));
  const auto verdict = trade::permits(own.site.kind, person->second.role, trade::Verb::enrol);
  if (!verdict) return std::unexpected(Problem(row_of(verdict.error().why)));
  if (own.modes[static_cast<std::size_t>(trade::Capability::enrolling)] == trade::Mode::closed)
    return std::unexpected(Problem(row_of(trade::Refusal::capability_closed)));
  return {};
}

}  // namespace

bool is_enrolled(const trade::Partition& own, const site::Caller& caller) {
  const auto runs = [](const auto& enrolments, auto number) {
    const auto found = enrolments.find(number);
    return found != enrolments.end() && !found->second.is_ended;
  };
  return (!is_told(caller.actor) || runs(own.people, caller.actor)) &&
         (!is_told(caller.device) || runs(own.enrolled_devices, caller.device));
}

bool may_look(const trade::Partition& own, const site::Caller& caller) {
  const auto device = own.enrolled_devices.find(caller.device);
  const bool is_foreign =
      device != own.enrolled_devices.end() && device->second.site != trade::SiteCode{};
  return is_enrolled(own, caller) && !is_foreign;
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size() ||
      !http::same_word(authorization.substr(0, scheme.size()), scheme))
    return {};
  return authorization.substr(scheme.size());
}

void Identity::identify(http::Request request, Exchange exchange, Access access, Then then) {
  const std::string_view authorization = request.header("Authorization");
  site::Caller caller;
  if (!authorization.empty()) {
    const auto session = door_.session(bearer_token(authorization));
    if (!session) return exchange.answer(Problem(session.error()));
    caller.actor = session->actor;
  } else if (access == Access::person || !request.peer_key) {
    return exchange.answer(
        Problem(request.peer_key ? Trouble::person_needed : Trouble::sign_in_needed));
  }
  if (!request.peer_key) return then(std::move(request), std::move(exchange), caller);

  const crypto::PublicKey key = *request.peer_key;
  door_.holder(key, [caller, request = std::move(request), exchange = std::move(exchange),
                     then = std::move(then)](site::DoorResult<site::Caller> holder) mutable {
    if (!holder && holder.error() == site::DoorTrouble::busy)
      return exchange.answer(Problem(Trouble::busy));
    if (!holder || !is_told(holder->device))
      return exchange.answer(Problem(Trouble::device_not_enrolled));
    then(std::move(request), std::move(exchange), {caller.actor, holder->device});
  });
}

void Identity::handle(Duty duty, const http::Request& request, const site::Caller& caller,
                      Exchange exchange) {
  if (!request.query.empty()) return exchange.answer(Problem(Trouble::query_wrong));
  switch (duty) {
    case Duty::post_code:
      return invite(request, caller, std::move(exchange));
    case Duty::post_enrolment:
      return enrol(request, std::move(exchange));
    case Duty::post_challenge:
      return challenge(request, std::move(exchange));
    case Duty::post_session:
      return begin(request, std::move(exchange));
    case Duty::post_ticket:
      return ticket(request, std::move(exchange));
    case Duty::delete_session:
      door_.end(bearer_token(request.header("Authorization")));
      return exchange.answer(http::Response{204});
    default:
      CHECK(false);
  }
}

void Identity::invite(const http::Request& request, const site::Caller& caller, Exchange exchange) {
  const auto wanted = read_json<CodeWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  if (wanted->role == trade::Role::site) {
    Problem problem(Trouble::value_wrong);
    problem.detail = "expected the role of a person, or device";
    problem.pointer = "/role";
    return exchange.answer(problem);
  }
  if (wanted->site != trade::SiteCode{} && wanted->role != trade::Role::device) {
    Problem problem(Trouble::value_wrong);
    problem.detail = "only a device speaks for another site";
    problem.pointer = "/site";
    return exchange.answer(problem);
  }
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked = core_.ask([this, shared, caller, role = wanted->role, site = wanted->site,
                                   source = request.peer_address](const site::View& view) {
    if (const auto verdict = may_invite(view.own, caller.actor); !verdict) {
      if (verdict.error().row == &row_of(trade::Refusal::role_not_allowed))
        door_.note(source, trade::SecurityKind::role_refused);
      return shared->answer(verdict.error());
    }
    const std::string code = door_.invite({role == trade::Role::device, role, site});
    shared->answer(201, json_object([&](JsonWriter& json) {
                     json.member("code", std::string_view(code));
                     json.member("role", role);
                     if (site != trade::SiteCode{}) json.member("site", site);
                     json.member("ends_in_ms", site::code_ms_max);
                   }));
  });
  if (!is_asked) shared->answer(Problem(Trouble::busy));
}

void Identity::enrol(const http::Request& request, Exchange exchange) {
  const auto wanted = read_json<EnrolmentWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  door_.enrol(request.peer_address, wanted->code.view(), wanted->public_key.bytes,
              [exchange = std::move(exchange)](site::DoorResult<site::Caller> caller) mutable {
                if (!caller) return exchange.answer(Problem(caller.error()));
                exchange.answer(
                    201, json_object([&](JsonWriter& json) { write_caller(json, *caller); }));
              });
}

void Identity::challenge(const http::Request& request, Exchange exchange) {
  if (!request.body.empty() && request.body != "{}") {
    Problem problem(Trouble::value_wrong);
    problem.detail = "expected no body, or {}";
    return exchange.answer(problem);
  }
  const auto made = door_.challenge(request.peer_address);
  if (!made) return exchange.answer(Problem(made.error()));
  exchange.answer(201, json_object([&](JsonWriter& json) {
                    json.member("challenge", std::string_view(*made));
                    json.member("text",
                                std::string_view(site::session_text(core_.key().name, *made)));
                    json.member("ends_in_ms", site::challenge_ms_max);
                  }));
}

void Identity::begin(const http::Request& request, Exchange exchange) {
  const auto wanted = read_json<SessionWanted>(request.body);
  if (!wanted) return exchange.answer(Problem(wanted.error()));
  door_.begin(request.peer_address, wanted->public_key.bytes, wanted->challenge.view(),
              wanted->signature.bytes,
              [exchange = std::move(exchange)](site::DoorResult<site::Session> session) mutable {
                if (!session) return exchange.answer(Problem(session.error()));
                exchange.answer(201, json_object([&](JsonWriter& json) {
                                  json.member("token", std::string_view(session->token));
                                  write_caller(json, session->caller);
                                  json.member("role", session->role);
                                  json.member("ends_in_ms", session->ends_in_ms);
                                }));
              });
}

void Identity::ticket(const http::Request& request, Exchange exchange) {
  const auto made = door_.ticket(bearer_token(request.header("Authorization")));
  if (!made) return exchange.answer(Problem(made.error()));
  exchange.answer(201, json_object([&](JsonWriter& json) {
                    json.member("ticket", std::string_view(*made));
                    json.member("path", std::string_view(fmt::format("/enter?ticket={}", *made)));
                    json.member("ends_in_ms", site::ticket_ms_max);
                  }));
}

}  // namespace api
