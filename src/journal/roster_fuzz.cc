// libFuzzer target: rosters. What is read writes back the same, and nobody has approved it.
#include <cstdint>

#include "journal/roster.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto roster = parse_roster(bytes)) {
    CHECK(to_text(*roster) == bytes);
    for (const RosterLine& line : roster->lines) {
      const auto limit = line.revoked_at_entries.value_or(0);
      CHECK(judge_key(*roster, line.key, limit).why.empty());
    }
  }
  if (const auto roster = open_roster(bytes)) CHECK(roster->threshold > 0);
  return 0;
}
