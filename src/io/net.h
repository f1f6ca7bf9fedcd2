#pragma once
// Net: the one way to other sites. Whole messages, which may be lost, late, doubled or out of
// order: whoever sends must be able to send again.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace io {

struct Message {
  std::string from;  // the sender's name as the carrier knows it, not yet proven
  std::string bytes;
};

inline constexpr std::size_t message_bytes_max = 16u << 20;

// One site's end of the net.
class Net {
 public:
  virtual ~Net() = default;
  // Hands a message over. Success says nothing about its arrival. Error: input_too_large.
  virtual base::Result<> send(std::string_view to, std::string_view bytes) = 0;
  // The next message that has arrived, or nothing. Never waits.
  virtual std::optional<Message> receive() = 0;
};

}  // namespace io
