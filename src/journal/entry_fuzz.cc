// libFuzzer target: entries and their bodies. What is read writes back the same.
#include <cstdint>

#include "journal/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto entry = parse_entry(bytes);
  if (!entry) return 0;
  CHECK(encode(*entry) == bytes);
  if (const auto body = parse_document(entry->body)) CHECK(encode(*body) == entry->body);
  if (const auto body = parse_digest(entry->body)) CHECK(encode(*body) == entry->body);
  if (const auto body = parse_set_aside(entry->body)) CHECK(encode(*body) == entry->body);
  if (const auto events = unpack_events(entry->body); events && !events->empty()) {
    std::size_t sum = 0;
    for (const std::string_view event : *events) sum += 2 + event.size();
    CHECK(sum == entry->body.size());
  }
  return 0;
}
