#include "site/code.h"

#include <charconv>

#include <fmt/core.h>

namespace site {
namespace {

struct Span {
  std::uint16_t first, last;
};

Span codes_of(trade::SiteKind kind) {
  switch (kind) {
    case trade::SiteKind::depot:
      return {9'000, 9'499};
    case trade::SiteKind::online:
      return {9'500, 9'899};
    case trade::SiteKind::centre:
      return {9'900, 9'999};
    case trade::SiteKind::store:
    case trade::SiteKind::till:
      return {0, 8'999};
  }
  return {0, 0};
}

}  // namespace

std::optional<trade::SiteCode> code_of(trade::SiteKind kind, std::string_view id) {
  std::size_t begin = id.size();
  while (begin > 0 && id[begin - 1] >= '0' && id[begin - 1] <= '9') --begin;
  const std::string_view digits = id.substr(begin);
  const Span span = codes_of(kind);
  unsigned number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (!digits.empty() && read.ec != std::errc{}) return std::nullopt;
  if (number > unsigned{span.last} - span.first) return std::nullopt;
  if (span.first == 0 && number == 0) return std::nullopt;
  return trade::SiteCode{static_cast<std::uint16_t>(span.first + number)};
}

std::string to_text(trade::SiteCode code) {
  return fmt::format("{:04}", static_cast<std::uint16_t>(code));
}

}  // namespace site
