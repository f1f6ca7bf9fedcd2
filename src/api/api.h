#pragma once
// HTTP and JSON in front of a site: every resource of routes.h, for people, devices, those who run
// the site, and browsers.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/exchange.h"
#include "http/server.h"
#include "io/disk.h"
#include "site/cards.h"
#include "site/core.h"
#include "site/door.h"
#include "site/evening.h"
#include "site/history.h"
#include "site/shop.h"
#include "till/desk.h"

namespace api {

struct ApiOptions {
  LogSink log{};                                 // none: no access log
  bool is_secure = false;                        // served over TLS: cookies never go without it
  std::function<http::ServerCounts()> counts{};  // of the server, for /metrics
  io::Path journal{};                            // the folder, for readers of events
  // All must outlive the Api, and without them their resources answer that they are not there.
  site::History* history = nullptr;
  site::Evening* evening = nullptr;
  site::Shop* shop = nullptr;
  site::Cards* cards = nullptr;
  till::Desk* till = nullptr;
  std::function<ContinuityCopies()> continuity{};  // for /metrics; none: the site makes no copies
  std::function<site::CardCounts()> card_counts{};  // for /metrics; none: no upkeep of cards here
  std::shared_ptr<const site::RosterInUse> roster{};  // none: the site goes by no roster
};

class Api final : public http::Handler {
 public:
  // All must outlive this, and the core must go on answering until this is gone: its end waits for
  // what the core still has.
  Api(site::Core& core, site::Door& door, io::Clock& clock, io::Disk& disk, ApiOptions options);
  ~Api() override;

  // What the server must hand over: ServerOptions::headers_wanted.
  static std::vector<std::string> headers_wanted();

  void handle(http::Request request, http::Reply reply) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace api
