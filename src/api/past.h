#pragma once
// What a site's history and its evening know: the events of long ago, nights with the reasons of
// their proposals, and the door for orders that no journal brings. Both answer from threads of
// their own.

#include "api/exchange.h"
#include "api/routes.h"
#include "site/core.h"
#include "site/door.h"
#include "site/evening.h"
#include "site/history.h"

namespace api {

class Past {
 public:
  // Core and door must outlive this; history and evening as well, or they are not there (nullptr).
  Past(site::Core& core, site::Door& door, site::History* history, site::Evening* evening)
      : core_(core), door_(door), history_(history), evening_(evening) {}

  // Answers one of the duties of this part.
  void handle(Duty duty, const http::Request& request, const Match& match,
              const site::Caller& caller, Exchange exchange);

 private:
  // Goes on if the caller may, else answers why not. The verb: nothing for what anybody enrolled
  // may do.
  void if_allowed(const site::Caller& caller, std::optional<trade::Verb> verb, Exchange exchange,
                  std::move_only_function<void(Exchange)> then);
  void search(const http::Request& request, const Match& match, const site::Caller& caller,
              Exchange exchange);
  void run_night(const http::Request& request, const site::Caller& caller, Exchange exchange);
  void tell_night(const Match& match, const site::Caller& caller, Exchange exchange);

  void take_order(const http::Request& request, const site::Caller& caller, Exchange exchange);

  site::Core& core_;
  site::Door& door_;
  site::History* history_;
  site::Evening* evening_;
};

}  // namespace api
