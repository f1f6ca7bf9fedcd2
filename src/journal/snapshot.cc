#include "journal/snapshot.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace journal {
namespace {

constexpr std::string_view magic = "stockade-snapshot-1";

std::optional<Digest> digest_of(std::string_view hex) {
  const auto bytes = crypto::from_hex(hex);
  if (!bytes || bytes->size() != sizeof(Digest)) return std::nullopt;
  Digest digest;
  std::ranges::copy(*bytes, digest.bytes.begin());
  return digest;
}

}  // namespace

std::string encode(const Snapshot& snapshot) {
  std::string hashes;
  for (const Digest& hash : snapshot.frontier.hashes()) hashes += hash.view();
  const std::string text = fmt::format(
      "{}\nkey {}\nentries {}\nsegment {}\noffset {}\nlink {}\nfrontier {}\nstate {}\n\n", magic,
      to_string(snapshot.key), snapshot.place.next, snapshot.place.segment, snapshot.place.offset,
      to_hex(snapshot.place.link), hashes.empty() ? "-" : crypto::to_hex(hashes),
      snapshot.state.size());
  std::string bytes = text + snapshot.state;
  bytes += crypto::sha256(bytes).view();
  return bytes;
}

base::Result<Snapshot> parse_snapshot(std::string_view bytes) {
  const auto bad = [](std::string_view why) {
    return base::fail(base::ErrorCode::evidence_bad, fmt::format("snapshot: {}", why));
  };
  if (bytes.size() < sizeof(Digest)) return bad("too short");
  const std::string_view check = bytes.substr(bytes.size() - sizeof(Digest));
  bytes.remove_suffix(sizeof(Digest));
  if (crypto::sha256(bytes).view() != check) return bad("its bytes do not fit their digest");
  ByteReader reader(bytes);
  if (reader.line() != magic) return bad("not a snapshot of this version");
  const std::string_view key = reader.field("key");
  const auto entries = parse_size(reader.field("entries"));
  Snapshot snapshot;
  snapshot.place.segment = reader.field("segment");
  const auto offset = parse_size(reader.field("offset"));
  const auto link = digest_of(reader.field("link"));
  const std::string_view frontier_hex = reader.field("frontier");
  const auto hashes = crypto::from_hex(frontier_hex == "-" ? "" : frontier_hex);
  const auto state_bytes = parse_size(reader.field("state"));
  if (!reader.line().empty() || !reader.good() || !entries || !offset || !link || !hashes ||
      hashes->size() % sizeof(Digest) != 0 || state_bytes != reader.rest().size())
    return bad("a line is malformed");
  std::vector<Digest> frontier(hashes->size() / sizeof(Digest));
  for (std::size_t i = 0; i < frontier.size(); ++i)
    hashes->copy(reinterpret_cast<char*>(frontier[i].bytes.data()), sizeof(Digest),
                 i * sizeof(Digest));
  auto restored = Frontier::restore(*entries, std::move(frontier));
  if (!restored) return bad("its frontier does not fit its size");
  snapshot.key = TRY(parse_verifier(key));
  snapshot.place.next = *entries;
  snapshot.place.offset = *offset;
  snapshot.place.link = *link;
  snapshot.frontier = *std::move(restored);
  snapshot.state = reader.rest();
  return snapshot;
}

}  // namespace journal
