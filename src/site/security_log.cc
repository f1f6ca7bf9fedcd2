#include "site/security_log.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "crypto/hex.h"
#include "crypto/sha256.h"

namespace site {
namespace {

constexpr std::string_view others = "others";
constexpr std::size_t digits = 16;

using IPv4 = std::array<std::uint8_t, 4>;

std::optional<IPv4> parse_ipv4(std::string_view text) {
  IPv4 made{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (i > 0) {
      if (at == end || *at != '.') return std::nullopt;
      ++at;
    }
    const auto parsed = std::from_chars(at, end, made[i]);
    if (parsed.ec != std::errc()) return std::nullopt;
    at = parsed.ptr;
  }
  if (at != end) return std::nullopt;
  return made;
}

// RFC 1918, and the loopback and link-local networks of both families (RFC 6890, RFC 4193).
bool is_private(std::string_view address) {
  constexpr std::string_view mapped = "::ffff:";
  const std::string_view inner =
      address.starts_with(mapped) ? address.substr(mapped.size()) : address;
  if (const auto ip = parse_ipv4(inner)) {
    const auto [a, b, c, d] = *ip;
    return a == 127 || a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
           (a == 169 && b == 254);
  }
  const bool is_ipv6 = address.find_first_not_of("0123456789abcdef:") == std::string_view::npos &&
                       address.find(':') != std::string_view::npos;
  if (!is_ipv6) return false;
  // A group of fewer than four digits is a small number: "fd::1" is not in fd00::/8.
  const bool has_four_digits = address.find(':') == 4;
  return address == "::1" ||
         (has_four_digits &&
          (address.starts_with("fc") || address.starts_with("fd") ||
           (address.starts_with("fe") && address[2] >= '8' && address[2] <= 'b')));
}

}  // namespace

std::string source_name(std::string_view address, const SourceKey& key) {
  if (is_private(address) && trade::Text<48>::of(address)) return std::string(address);
  std::string bytes(key.begin(), key.end());
  bytes += address;
  return to_hex(crypto::sha256(bytes)).substr(0, digits);
}

void SecurityLog::add(std::string source, trade::SecurityKind kind, std::int64_t now_ms,
                      std::int64_t wall_ms) {
  if (counts_.empty()) {
    begin_ms_ = now_ms;
    minute_ = static_cast<std::uint32_t>(std::max<std::int64_t>(wall_ms, 0) / security_window_ms);
  }
  if (!sources_.contains(source)) {
    if (sources_.size() < security_sources_max)
      sources_.insert(source);
    else
      source = others;
  }
  ++counts_[{kind, source}];
}

std::vector<trade::SecurityNoted> SecurityLog::take() {
  std::vector<trade::SecurityNoted> taken;
  taken.reserve(counts_.size());
  for (const auto& [row, count] : counts_)
    taken.push_back({row.first, *trade::Text<48>::of(row.second), minute_, count});
  counts_.clear();
  sources_.clear();
  return taken;
}

}  // namespace site
