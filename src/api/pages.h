#pragma once
// Pages of a site for people with a browser: plain HTML, made here, without a script.

#include <memory>
#include <string>

#include "api/exchange.h"
#include "api/routes.h"
#include "http/text.h"
#include "site/core.h"
#include "site/door.h"
#include "site/history.h"
#include "site/night_document.h"

namespace api {

class Pages {
 public:
  // All must outlive this; without a history (nullptr) proposals are shown without their reasons.
  // With `is_secure` the cookie is only sent over TLS.
  Pages(site::Core& core, site::Door& door, site::History* history, bool is_secure)
      : core_(core), door_(door), history_(history), is_secure_(is_secure) {}

  // Requires a route of one of the page duties. Who has no session sees how to get one.
  void handle(const Route& route, const http::Request& request, Exchange exchange);

 private:
  struct Asked;
  void enter(const http::Request& request, Exchange exchange);
  void tell(std::shared_ptr<Asked> asked);
  void look_for_reasons(std::shared_ptr<Asked> asked, base::Date day, int days);

  site::Core& core_;
  site::Door& door_;
  site::History* history_;
  const bool is_secure_;
};

http::Response style_sheet();

// The value of a cookie in a Cookie header, empty if there is none or more than one.
std::string_view cookie(std::string_view header, std::string_view name);

// A page's HTML; for tests, and for handle. Of one proposal with its reasons, where they are known.
std::string page_html(Duty duty, const http::Query& query, const site::View& view,
                      const site::ReasonsOf& reasons = {});

}  // namespace api
