#pragma once
// A till over HTTP: for people in a session. No member takes the number of a bank's card, its
// security code or its PIN: the terminal has them.

#include "api/exchange.h"
#include "api/routes.h"
#include "api/till_words.h"
#include "site/door.h"
#include "till/desk.h"

namespace api {

class Tillfront {
 public:
  // Without a desk every resource answers that it is not there. Both must outlive this.
  Tillfront(till::Desk* desk, site::Door& door) : desk_(desk), door_(door) {}

  void handle(const Route& route, const http::Request& request, const Match& match,
              const site::Caller& caller, Exchange exchange);

 private:
  void change_basket(Duty duty, const http::Request& request, const Match& match, till::Asker who,
                     Exchange exchange);
  bool add_second(const Token& token, till::Asker& who);
  void take_tender(Duty duty, const http::Request& request, const Match& match, till::Asker who,
                   Exchange exchange);
  void finish(Duty duty, const http::Request& request, const Match& match, till::Asker who,
              Exchange exchange);

  till::Desk* desk_;
  site::Door& door_;
};

}  // namespace api
