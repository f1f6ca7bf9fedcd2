#pragma once
// Gift cards and credit receipts over HTTP. Codes come in bodies and become digests at once; no
// answer, log line or journal has one.

#include "api/commands.h"
#include "api/exchange.h"
#include "api/routes.h"
#include "site/cards.h"

namespace api {

class CardResources {
 public:
  // All must outlive this. Without cards (nullptr: the site has no card key) what needs a code is
  // not there.
  CardResources(site::Core& core, site::Door& door, Commands& commands, site::Cards* cards)
      : core_(core), door_(door), commands_(commands), cards_(cards) {}

  void handle(const Route& route, const http::Request& request, const Match& match,
              const site::Caller& caller, Exchange exchange);

 private:
  std::expected<trade::CardDigest, Problem> digest_of(const CodeText& code) const;
  // The body of a command with the digest in place of the code. Of a hold, the minutes stand where
  // the end will.
  std::expected<trade::Body, Problem> read_body(Duty duty, std::string_view json) const;
  void command(Duty duty, const http::Request& request, const site::Caller& caller,
               Exchange exchange);
  // The answer has the credit receipt's code, for the paper in the customer's hand, also when the
  // same request comes again.
  void refund_elsewhere(const http::Request& request, const site::Caller& caller,
                        Exchange exchange);
  void look(const http::Request& request, const site::Caller& caller, Exchange exchange);
  void balance(const http::Request& request, Exchange exchange);
  void tell(const Match& match, const http::Request& request, const site::Caller& caller,
            Exchange exchange);
  // Asks the core for whoever is enrolled, or answers why not.
  void ask(const site::Caller& caller, Exchange exchange,
           std::move_only_function<void(const site::View&, Exchange)> question,
           bool is_hold = false);

  site::Core& core_;
  site::Door& door_;
  Commands& commands_;
  site::Cards* cards_;
};

}  // namespace api
