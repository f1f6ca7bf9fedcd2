#pragma once
// The way in: codes, enrolments, challenges, sessions and tickets over HTTP; and who a request is
// from.

#include <functional>

#include "api/exchange.h"
#include "api/routes.h"
#include "site/core.h"
#include "site/door.h"

namespace api {

class Identity {
 public:
  // Both must outlive this.
  Identity(site::Core& core, site::Door& door) : core_(core), door_(door) {}

  // Who the request is from: by its session, by the key of its connection, or by both: a person at
  // a device. `then` gets the request back, at once or on the core's thread. Errors:
  // sign_in_needed, session_over, device_not_enrolled, person_needed, busy.
  using Then = std::move_only_function<void(http::Request, Exchange, const site::Caller&)>;
  void identify(http::Request request, Exchange exchange, Access access, Then then);

  // Answers the resources of this part; requires one of their duties, and for those that a person
  // may use, that identify has let it through.
  void handle(Duty duty, const http::Request& request, const site::Caller& caller,
              Exchange exchange);

 private:
  void invite(const http::Request& request, const site::Caller& caller, Exchange exchange);
  void enrol(const http::Request& request, Exchange exchange);
  void challenge(const http::Request& request, Exchange exchange);
  void begin(const http::Request& request, Exchange exchange);
  void ticket(const http::Request& request, Exchange exchange);

  site::Core& core_;
  site::Door& door_;
};

// The token of "Bearer TOKEN", empty for anything else.
std::string_view bearer_token(std::string_view authorization);

// Whether everybody that the caller consists of is enrolled now.
bool is_enrolled(const trade::Partition& own, const site::Caller& caller);
// Whether the caller may ask how things stand: a device of another site may not.
bool may_look(const trade::Partition& own, const site::Caller& caller);

}  // namespace api
