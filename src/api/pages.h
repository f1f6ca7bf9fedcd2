#pragma once
// Pages of a site for people with a browser: plain HTML, made here, without a script.

#include <string>

#include "api/exchange.h"
#include "api/routes.h"
#include "http/text.h"
#include "site/core.h"
#include "site/door.h"

namespace api {

class Pages {
 public:
  // Both must outlive this. With `is_secure` the cookie is only sent over TLS.
  Pages(site::Core& core, site::Door& door, bool is_secure)
      : core_(core), door_(door), is_secure_(is_secure) {}

  // Requires a route of one of the page duties. Who has no session sees how to get one.
  void handle(const Route& route, const http::Request& request, Exchange exchange);

 private:
  void enter(const http::Request& request, Exchange exchange);

  site::Core& core_;
  site::Door& door_;
  const bool is_secure_;
};

http::Response style_sheet();

// The value of a cookie in a Cookie header, empty if there is none or more than one.
std::string_view cookie(std::string_view header, std::string_view name);

// A page's HTML; for tests, and for handle.
std::string page_html(Duty duty, const http::Query& query, const site::View& view);

}  // namespace api
