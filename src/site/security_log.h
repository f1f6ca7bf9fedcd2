#pragma once
// What an attacker might have done, counted for each source and kind until a minute is over: a
// flood cannot fill the journal.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trade/events.h"

namespace site {

inline constexpr std::size_t security_sources_max = 64;  // a minute; the rest is "others"
inline constexpr std::int64_t security_window_ms = 60'000;

using SourceKey = std::array<std::uint8_t, 32>;

// How the journal names who an address belongs to: itself if it is private or of this machine, and
// otherwise the first 16 hexadecimal digits of SHA-256 of the key and the address. With a key that
// ends with the process, nobody can find the address by trying all.
std::string source_name(std::string_view address, const SourceKey& key);

class SecurityLog {
 public:
  // Times in milliseconds: from any start, and UTC since 1970.
  void add(std::string source, trade::SecurityKind kind, std::int64_t now_ms, std::int64_t wall_ms);
  bool is_due(std::int64_t now_ms) const {
    return !counts_.empty() && now_ms >= begin_ms_ + security_window_ms;
  }
  // What was counted, in the order of kinds and sources; then it is forgotten.
  std::vector<trade::SecurityNoted> take();

 private:
  std::int64_t begin_ms_ = 0;
  std::uint32_t minute_ = 0;  // since 1970, of the first
  std::set<std::string> sources_;
  std::map<std::pair<trade::SecurityKind, std::string>, std::uint32_t> counts_;
};

}  // namespace site
