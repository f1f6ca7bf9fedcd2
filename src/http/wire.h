#pragma once
// A blocking connection to a server, plain or TLS with a pinned peer; every wait has an end.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/certificate.h"
#include "http/tls.h"

namespace http {

struct Dial {
  std::string address{};  // an IP address
  std::uint16_t port = 0;
  std::optional<Pin> pin{};          // with a pin: TLS 1.3 with that peer and no other
  std::optional<Certificate> own{};  // shown to the server, over TLS
  std::int64_t timeout_ms = 5'000;   // for each of: connecting with the handshake, a write, a read
};

class Wire {
 public:
  // Errors: usage (the address), input_bad (the own certificate), io_failed (nobody there, another
  // peer than pinned, timeout).
  static base::Result<std::unique_ptr<Wire>> open(const Dial& dial);
  ~Wire();

  // Error: io_failed.
  base::Result<> write(std::string_view bytes);
  // Some bytes as they come; none at the end of the connection. Error: io_failed.
  base::Result<std::string> read();
  // Tells the peer that nothing more comes, without TLS's own farewell.
  void end_sending();

 private:
  struct Parts;
  explicit Wire(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace http
