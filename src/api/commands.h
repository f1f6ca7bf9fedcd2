#pragma once
// Commands: from the body of a request to the core, and the core's outcome to an answer.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "api/draft.h"
#include "api/exchange.h"
#include "api/json_read.h"
#include "api/routes.h"
#include "site/core.h"
#include "site/door.h"

namespace api {

// What a request asks for, and a command that waits for its outcome.
struct Asked;
struct Pending;

class Commands {
 public:
  // Both must outlive this, and the core must have stopped before this goes.
  Commands(site::Core& core, site::Door& door) : core_(core), door_(door) {}

  // Reads the request and hands it over; answers now or from the core's thread.
  void handle(const http::Request& request, const Match& match, const site::Caller& caller,
              Exchange exchange);
  // The same for a body that somebody else has read, whose origin is that of origin_of.
  void carry_out(const trade::Origin& origin, Draft draft, std::string peer_address,
                 Exchange exchange);

 private:
  void submit(const std::shared_ptr<Pending>& pending);
  void finish(const std::shared_ptr<Pending>& pending, const site::Outcome& outcome,
              const site::View& view);
  void note(const Pending& pending, const site::Outcome& outcome);
  bool begin(std::uint64_t name);
  void end(std::uint64_t name);

  site::Core& core_;
  site::Door& door_;
  LineFinder finder_;  // for the core's thread
  std::mutex mutex_;
  std::unordered_set<std::uint64_t> in_flight_;  // first halves of request ids
};

// Who asks, and what the request is called: by a device's sequence, by a person's key, or both.
// `content` stands for what is asked, and goes into a digest that is journalled: it must hold
// nothing that a journal may not. Errors: as the headers are missing or wrong.
std::expected<trade::Origin, Problem> origin_of(const http::Request& request,
                                                const site::Caller& caller,
                                                std::string_view content);

// Up to 255 visible ASCII characters.
bool is_idempotency_key(std::string_view key);

// 8 bytes that name the sender's key, and 8 that name the content.
trade::RequestId request_id(const site::Caller& caller, std::string_view key, http::Method method,
                            std::string_view path, std::string_view body);

}  // namespace api
