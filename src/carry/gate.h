#pragma once
// The way in over HTTP: POST /sync for other sites, everything else for whoever stands behind.

#include "carry/port.h"
#include "http/server.h"

namespace carry {

inline constexpr std::string_view sync_path = "/sync";
inline constexpr std::string_view sync_type = "application/vnd.stockade.sync";
// Room for the largest commit of a core, and for documents.
inline constexpr std::size_t sync_body_bytes_max = 4u << 20;

// A request without the key of a site's certificate is refused with 403, one while too many wait
// with 503; what the protocol itself refuses is an answer like any other, and 200.
class Gate final : public http::Handler {
 public:
  // Both must outlive this.
  Gate(Port& port, http::Handler& rest) : port_(port), rest_(rest) {}

  void handle(http::Request request, http::Reply reply) override;

 private:
  Port& port_;
  http::Handler& rest_;
};

}  // namespace carry
