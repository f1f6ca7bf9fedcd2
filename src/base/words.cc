#include "base/words.h"

#include <cstdlib>

#include <fmt/core.h>

namespace base {

std::string grouped(std::int64_t value) {
  std::string text = std::to_string(value);
  const std::size_t digits_begin = value < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > digits_begin + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string grouped(Money value) {
  const std::int64_t pence = value.pence();
  return fmt::format("{}{}.{:02}", pence < 0 ? "-" : "", grouped(std::abs(pence) / 100),
                     std::abs(pence) % 100);
}

std::string counted(std::int64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", grouped(count), thing, count == 1 ? "" : "s");
}

}  // namespace base
