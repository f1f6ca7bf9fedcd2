#pragma once
// What a site goes on from in its next epoch, cut into events.

#include <string_view>
#include <vector>

#include "trade/events.h"

namespace trade {

// The events that follow the site's opening under its new epoch. The bytes are those of the
// partition (encode) after so many entries of the earlier epoch's journal, `state` their SHA-256.
// Requires bytes of no more than continued_bytes_max.
std::vector<SiteContinued> continue_from(std::uint16_t epoch, std::uint64_t entries,
                                         const Sha256& state, std::string_view partition_bytes);
inline constexpr std::size_t continued_part_bytes = 60'000;
inline constexpr std::size_t continued_bytes_max = continued_parts_max * continued_part_bytes;

}  // namespace trade
