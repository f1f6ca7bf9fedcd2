#pragma once
// Entries: one leaf of the tree each. An envelope of kind and time around events or the journal's
// own remarks.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"

namespace journal {

using crypto::Digest;

inline constexpr std::size_t entry_bytes_max = 65'535;
inline constexpr std::size_t entry_head_bytes = 17;
// An event is length-prefixed inside its entry.
inline constexpr std::size_t event_bytes_max = entry_bytes_max - entry_head_bytes - 2;

enum class EntryKind : std::uint8_t {
  events = 1,     // what happened: the events of one commit
  document = 2,   // a document is stored under this digest, and is so large
  digest = 3,     // D(S, n): the digest of the state after the first n entries
  set_aside = 4,  // somebody decided to go on without a broken last record
};

struct Stamp {
  std::int64_t at_ms = 0;    // wall clock UTC, for people
  std::int64_t tick_ms = 0;  // the site's own time, never backwards
};

struct Entry {
  EntryKind kind = EntryKind::events;
  Stamp stamp;
  std::string_view body;
};

// Error: evidence_bad for an unknown kind, a negative time, or bytes that are too few.
base::Result<Entry> parse_entry(std::string_view bytes);
std::string encode(const Entry& entry);

// Which entry of a commit each of its events gets, and which place in that entry: both count from
// 0, and an entry takes as many events as fit.
class Packing {
 public:
  struct At {
    std::uint32_t entry = 0, place = 0;
  };
  // Of the next event. Requires at most event_bytes_max bytes.
  At add(std::size_t event_bytes);

 private:
  At next_;
  std::size_t entry_bytes_ = 0;  // 0: before the first
};

// Packs events into as few entries as they fit. Error: input_too_large for an event longer than
// event_bytes_max. Entries are given without their length prefix.
base::Result<std::vector<std::string>> pack_events(std::span<const std::string_view> events,
                                                   Stamp stamp);
// The events of an entry's body. Error: evidence_bad.
base::Result<std::vector<std::string_view>> unpack_events(std::string_view body);

struct DocumentBody {
  Digest digest;
  std::uint64_t size_bytes = 0;
};
struct DigestBody {
  std::uint64_t entries = 0;  // n
  Digest digest;              // D(S, n)
};
struct SetAsideBody {
  Digest digest;  // of the bytes that were set aside
  std::uint64_t size_bytes = 0;
  std::string by, why;  // at most 255 bytes each
};

std::string encode(const DocumentBody& body);
std::string encode(const DigestBody& body);
std::string encode(const SetAsideBody& body);
std::optional<DocumentBody> parse_document(std::string_view body);
std::optional<DigestBody> parse_digest(std::string_view body);
std::optional<SetAsideBody> parse_set_aside(std::string_view body);

}  // namespace journal
