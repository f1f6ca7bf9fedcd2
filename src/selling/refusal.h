#pragma once
// Why not: the catalogue of refusals of a till's arithmetic.

#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

namespace selling {

enum class Refusal : std::uint8_t {
#define X(name, meaning) name,
#include "selling/refusal.def"
#undef X
};

struct RefusalRow {
  std::string_view name;
  std::string_view meaning;  // a sentence without its full stop, for a person
};

inline constexpr auto refusals = std::to_array<RefusalRow>({
#define X(name, meaning) {#name, meaning},
#include "selling/refusal.def"
#undef X
});

constexpr const RefusalRow& row_of(Refusal refusal) {
  return refusals[static_cast<std::size_t>(refusal)];
}

template <class T>
using Answer = std::expected<T, Refusal>;

constexpr std::unexpected<Refusal> no(Refusal why) { return std::unexpected(why); }

}  // namespace selling
