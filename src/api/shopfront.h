#pragma once
// The shop of an online site over HTTP: for guests, who have no session. No card data comes here.

#include "api/exchange.h"
#include "api/routes.h"
#include "site/shop.h"

namespace api {

class Shopfront {
 public:
  // Without a shop every resource answers that it is not there. The shop must outlive this.
  explicit Shopfront(site::Shop* shop) : shop_(shop) {}

  void handle(const Route& route, const http::Request& request, const Match& match,
              Exchange exchange);
  // Leaves nothing of who ordered. Requires that the caller may.
  void erase(const std::string& number, Exchange exchange);

 private:
  http::Response answer(Duty duty, const http::Request& request, const std::string& id);
  http::Response catalogue(const Match& match, std::string_view query);
  http::Response options(const std::string& id);
  void place(const http::Request& request, const Match& match, Exchange exchange);
  void status(const http::Request& request, Exchange exchange);

  site::Shop* shop_;
};

}  // namespace api
