#include "journal/entry.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t note_bytes_max = 255;  // of who and why
constexpr int event_length_bytes = 2;        // before each event

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("entry: {}", why));
}

Digest read_digest(ByteReader& bytes) {
  Digest digest;
  std::ranges::copy(bytes.bytes(sizeof(Digest)), digest.bytes.begin());
  return digest;
}

}  // namespace

Result<Entry> parse_entry(std::string_view bytes) {
  if (bytes.size() > entry_bytes_max) return bad("too long");
  ByteReader reader(bytes);
  const auto kind = reader.number(1);
  const auto at_ms = reader.number(8), tick_ms = reader.number(8);
  if (!reader.good()) return bad("shorter than its kind and times");
  if (kind < 1 || kind > 4) return bad(fmt::format("kind {} is not known", kind));
  if (at_ms >> 63 != 0 || tick_ms >> 63 != 0) return bad("a time is before 1970");
  return Entry{static_cast<EntryKind>(kind),
               {static_cast<std::int64_t>(at_ms), static_cast<std::int64_t>(tick_ms)},
               reader.rest()};
}

std::string encode(const Entry& entry) {
  std::string bytes;
  bytes.reserve(entry_head_bytes + entry.body.size());
  put_number(bytes, static_cast<std::uint64_t>(entry.kind), 1);
  put_number(bytes, static_cast<std::uint64_t>(entry.stamp.at_ms), 8);
  put_number(bytes, static_cast<std::uint64_t>(entry.stamp.tick_ms), 8);
  bytes += entry.body;
  return bytes;
}

Packing::At Packing::add(std::size_t event_bytes) {
  const std::size_t bytes = event_length_bytes + event_bytes;
  if (entry_bytes_ + bytes > entry_bytes_max) {
    ++next_.entry;
    next_.place = 0;
    entry_bytes_ = 0;
  }
  if (entry_bytes_ == 0) entry_bytes_ = entry_head_bytes;
  entry_bytes_ += bytes;
  return {next_.entry, next_.place++};
}

Result<std::vector<std::string>> pack_events(std::span<const std::string_view> events,
                                             Stamp stamp) {
  std::vector<std::string> entries;
  Packing packing;
  for (const std::string_view event : events) {
    if (event.size() > event_bytes_max)
      return base::fail(ErrorCode::input_too_large,
                        fmt::format("an event of {} bytes: {} are allowed; store it as a document",
                                    event.size(), event_bytes_max));
    if (packing.add(event.size()).place == 0)
      entries.push_back(encode(Entry{EntryKind::events, stamp, {}}));
    put_number(entries.back(), event.size(), event_length_bytes);
    entries.back() += event;
  }
  return entries;
}

Result<std::vector<std::string_view>> unpack_events(std::string_view body) {
  std::vector<std::string_view> events;
  ByteReader reader(body);
  while (!reader.at_end()) {
    events.push_back(reader.bytes(static_cast<std::size_t>(reader.number(event_length_bytes))));
    if (!reader.good()) return bad("an event runs past the end");
  }
  return events;
}

std::string encode(const DocumentBody& body) {
  std::string bytes(body.digest.view());
  put_number(bytes, body.size_bytes, 8);
  return bytes;
}

std::string encode(const DigestBody& body) {
  std::string bytes;
  put_number(bytes, body.entries, 8);
  bytes += body.digest.view();
  return bytes;
}

std::string encode(const SetAsideBody& body) {
  std::string bytes(body.digest.view());
  put_number(bytes, body.size_bytes, 8);
  for (const std::string* text : {&body.by, &body.why}) {
    const std::string_view cut = std::string_view(*text).substr(0, note_bytes_max);
    put_number(bytes, cut.size(), 1);
    bytes += cut;
  }
  return bytes;
}

std::optional<DocumentBody> parse_document(std::string_view body) {
  ByteReader reader(body);
  const DocumentBody parsed{read_digest(reader), reader.number(8)};
  return reader.at_end() ? std::optional(parsed) : std::nullopt;
}

std::optional<DigestBody> parse_digest(std::string_view body) {
  ByteReader reader(body);
  DigestBody parsed;
  parsed.entries = reader.number(8);
  parsed.digest = read_digest(reader);
  return reader.at_end() ? std::optional(parsed) : std::nullopt;
}

std::optional<SetAsideBody> parse_set_aside(std::string_view body) {
  ByteReader reader(body);
  SetAsideBody parsed{read_digest(reader), reader.number(8), {}, {}};
  for (std::string* text : {&parsed.by, &parsed.why})
    *text = reader.bytes(static_cast<std::size_t>(reader.number(1)));
  return reader.at_end() ? std::optional(parsed) : std::nullopt;
}

}  // namespace journal
