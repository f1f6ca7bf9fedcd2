#pragma once
// A small blocking HTTP client, for tests, benches and sites that dial out. One thread, one peer.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "http/wire.h"

namespace http {

struct ClientRequest {
  Method method = Method::get;
  std::string target = "/";  // path and query, escaped
  std::vector<Field> headers{};
  std::string body{};
};

// The bytes of a request. Requires a target without spaces and control characters.
std::string request_text(const ClientRequest& request, std::string_view host);

class Client {
 public:
  explicit Client(Dial dial, std::size_t body_bytes_max = 16 << 20);
  ~Client();

  // Sends a request and waits for its response, connecting first where no connection is open. The
  // response carries all headers. Nothing is sent twice: after an error (io_failed, input_bad for
  // what is no HTTP, input_too_large) nobody knows whether the server acted, and the next call
  // connects anew. Repeating is up to the caller, who knows what may be repeated.
  base::Result<Response> send(const ClientRequest& request);

 private:
  base::Result<Response> exchange(const ClientRequest& request);

  Dial dial_;
  const std::size_t body_bytes_max_;
  std::unique_ptr<Wire> wire_;
};

}  // namespace http
