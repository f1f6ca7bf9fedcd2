#pragma once
// A crowd at a server's door: connections that begin a request and never end it, for benches and
// tests of what honest clients notice.

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/wire.h"

namespace http {

class Crowd {
 public:
  // Connects so many times, plain, and sends the first bytes of a request on each. Error: io_failed
  // if not all could connect.
  static base::Result<std::unique_ptr<Crowd>> open(const Dial& dial, std::size_t connections);
  ~Crowd();

  // Sends one more byte on each connection, as a slow client would.
  void dribble();
  // Connections that the server has not ended.
  std::size_t open_count();

 private:
  struct Parts;
  explicit Crowd(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace http
