#pragma once
// Why not: one catalogue of refusals, and what goes with a refusal.

#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

#include "trade/number.h"
#include "trade/words.h"

namespace trade {

enum class Refusal : std::uint8_t {
#define X(name, http_status, meaning) name,
#include "trade/refusal.def"
#undef X
};

struct RefusalRow {
  std::string_view name;
  int http_status = 0;
  std::string_view meaning;  // a sentence without its full stop, for a person
};

inline constexpr auto refusals = std::to_array<RefusalRow>({
#define X(name, http_status, meaning) {#name, http_status, meaning},
#include "trade/refusal.def"
#undef X
});

constexpr const RefusalRow& row_of(Refusal refusal) {
  return refusals[static_cast<std::size_t>(refusal)];
}

// No, because. The line is the first that it concerns, the number is the document that stands in
// the way, where there is one.
struct No {
  Refusal why;
  LineNo line = no_line;
  DocumentNumber number = {};
  friend bool operator==(const No&, const No&) = default;
};

using Verdict = std::expected<void, No>;

inline std::unexpected<No> no(Refusal why, LineNo line = no_line, DocumentNumber number = {}) {
  return std::unexpected(No{why, line, number});
}

}  // namespace trade
