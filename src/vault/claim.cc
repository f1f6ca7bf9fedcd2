#include "vault/claim.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/date.h"
#include "base/numbers.h"
#include "crypto/hex.h"
#include "journal/bytes.h"
#include "journal/checkpoint.h"

namespace vault {
namespace {

constexpr std::string_view magic = "stockade-continuity-1";
constexpr std::int64_t day_s = 24 * 60 * 60;

std::optional<int> two_digits(std::string_view text, int below) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return std::nullopt;
  const int value = (text[0] - '0') * 10 + (text[1] - '0');
  return value < below ? std::optional(value) : std::nullopt;
}

std::string line_of(std::string_view word, const FileDigest& file) {
  return fmt::format("{} {} {}\n", word, file.bytes, to_hex(file.digest));
}

std::optional<crypto::Digest> parse_digest(std::string_view hex) {
  const auto bytes = crypto::from_hex(hex);
  crypto::Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.bytes.begin());
  return digest;
}

// "SIZE HEX", as two of the lines have it.
std::optional<FileDigest> parse_pair(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto size = journal::parse_size(text.substr(0, space));
  const auto digest = parse_digest(text.substr(std::min(space + 1, text.size())));
  if (!size || !digest) return std::nullopt;
  return FileDigest{*size, *digest};
}

}  // namespace

std::string text_of_time(std::int64_t seconds) {
  const std::int64_t days = seconds / day_s, rest = seconds % day_s;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_string(base::Date{static_cast<int>(days)}),
                     rest / 3'600, rest / 60 % 60, rest % 60);
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const auto date = base::parse_date(text.substr(0, 10));
  const auto hour = two_digits(text.substr(11, 2), 24), minute = two_digits(text.substr(14, 2), 60),
             second = two_digits(text.substr(17, 2), 60);
  if (!date || date->days < 0 || !hour || !minute || !second) return std::nullopt;
  return std::int64_t{date->days} * day_s + *hour * 3'600 + *minute * 60 + *second;
}

std::string to_string(const CopyName& name) {
  std::string time = text_of_time(name.made_s);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}-{}-{}", name.site, name.epoch, time);
}

std::optional<CopyName> parse_copy_name(std::string_view text) {
  // From the end, for a site's id may hold a dash.
  const std::size_t last = text.rfind('-');
  if (last == text.npos || last == 0 || text.size() - last != 17) return std::nullopt;
  const std::size_t middle = text.rfind('-', last - 1);
  if (middle == text.npos) return std::nullopt;
  const std::string_view time = text.substr(last + 1);
  const std::string spelled = fmt::format("{}-{}-{}:{}:{}", time.substr(0, 4), time.substr(4, 2),
                                          time.substr(6, 5), time.substr(11, 2), time.substr(13));
  const auto made_s = parse_time(spelled);
  const auto epoch = journal::parse_size(text.substr(middle + 1, last - middle - 1));
  CopyName name{std::string(text.substr(0, middle)), epoch.value_or(0), made_s.value_or(0)};
  if (!made_s || !epoch || *epoch == 0 || !journal::is_id(name.site)) return std::nullopt;
  return name;
}

std::string to_text(const Claim& claim) {
  const Sums& sums = claim.sums;
  return fmt::format("{}\nsite {}\nmade {}\nentries {}\nroot {}\n", magic, claim.origin,
                     text_of_time(claim.made_s), claim.entries, to_hex(claim.root)) +
         line_of("archive", claim.archive) + line_of("manifest", claim.manifest) +
         fmt::format("sites {}\nlines {}\nunits {}\norders {}\norder-units {}\npence {}\n",
                     sums.sites, sums.lines, sums.units, sums.orders, sums.order_units, sums.pence);
}

base::Result<Claim> parse_claim(std::string_view text) {
  journal::ByteReader lines(text);
  Claim claim;
  bool good = lines.line() == magic;
  const auto set = [&](auto& into, auto value) {
    if (value)
      into = *value;
    else
      good = false;
  };
  claim.origin = lines.field("site");
  set(claim.made_s, parse_time(lines.field("made")));
  set(claim.entries, journal::parse_size(lines.field("entries")));
  set(claim.root, parse_digest(lines.field("root")));
  set(claim.archive, parse_pair(lines.field("archive")));
  set(claim.manifest, parse_pair(lines.field("manifest")));
  set(claim.sums.sites, journal::parse_size(lines.field("sites")));
  set(claim.sums.lines, journal::parse_size(lines.field("lines")));
  set(claim.sums.units, base::parse_whole(lines.field("units")));
  set(claim.sums.orders, journal::parse_size(lines.field("orders")));
  set(claim.sums.order_units, base::parse_whole(lines.field("order-units")));
  set(claim.sums.pence, base::parse_whole(lines.field("pence")));
  // One claim has one spelling.
  if (good && lines.at_end() && journal::parse_origin(claim.origin) && to_text(claim) == text)
    return claim;
  return base::fail(base::ErrorCode::evidence_bad, "no claim of a continuity copy");
}

}  // namespace vault
