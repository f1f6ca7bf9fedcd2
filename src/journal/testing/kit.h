#pragma once
// What the journal's tests share: a key, a fold that remembers events, batches to append.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/hex.h"
#include "journal/journal.h"

namespace journal::testing {

inline Signer test_signer(std::string name = "stockade/sample/0042/1", std::uint8_t seed = 7) {
  return make_signer(std::move(name), KeyKind::signer, crypto::Seed{seed});
}

using Events = std::vector<std::string>;

// Remembers every event; its state is their list.
class EventList final : public Fold {
 public:
  Events events;
  int entries_applied = 0;

  void reset() override { events.clear(); }
  base::Result<> load(std::string_view state) override {
    events.clear();
    const auto parts = unpack_events(state);
    if (!parts) return std::unexpected(parts.error());
    events.assign(parts->begin(), parts->end());
    return {};
  }
  void apply(std::uint64_t, const Entry& entry) override {
    ++entries_applied;
    if (entry.kind != EntryKind::events) return;
    const auto parts = unpack_events(entry.body);
    CHECK(parts.has_value());
    events.insert(events.end(), parts->begin(), parts->end());
  }
  std::string save() const {
    std::string state;
    for (const std::string& event : events) {
      state += static_cast<char>(event.size() >> 8);
      state += static_cast<char>(event.size() & 255);
      state += event;
    }
    return state;
  }
};

// `count` events of `size` bytes that no other batch number has.
inline Events batch(int number, std::size_t count, std::size_t size) {
  Events events;
  for (std::size_t i = 0; i < count; ++i) {
    std::string event = "batch " + std::to_string(number) + " event " + std::to_string(i) + " ";
    event.resize(std::max(size, event.size()), '.');
    events.push_back(event);
  }
  return events;
}

inline base::Result<std::uint64_t> append(Journal& journal, const Events& events,
                                          std::int64_t tick_ms) {
  const std::vector<std::string_view> views(events.begin(), events.end());
  return journal.append(views, {1'700'000'000'000 + tick_ms, tick_ms});
}

// Where a journal's newest segment ends with its last whole frame.
inline Place end_of(io::Disk& disk, const io::Path& folder) {
  const auto end = scan(disk, folder, {}, [](const Frame&, const Place&) {});
  CHECK(end.has_value());
  return end->place;
}

// Appends commits until the newest frame ends in a zero, which looks like the space behind it.
inline base::Result<> append_until_zero(io::Disk& disk, const io::Path& folder, Journal& journal) {
  do TRY(append(journal, {"one more"}, journal.last_stamp().tick_ms));
  while (end_of(disk, folder).link.bytes.back() != 0);
  return {};
}

inline base::Result<> sign_now(Journal& journal, const Signer& signer) {
  return journal.save_checkpoint(sign(signer, journal.checkpoint()));
}

}  // namespace journal::testing
