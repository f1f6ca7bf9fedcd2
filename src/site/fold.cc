#include "site/fold.h"

#include "journal/bytes.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t state_version = 1;

}  // namespace

SiteFold::SiteFold(const trade::SiteOpened& site) : site_(site), nothing_(no_goods_, site) {}

const trade::Partition& SiteFold::own() const {
  const trade::Partition* partition = book_.find(site_.code);
  return partition != nullptr ? *partition : nothing_;
}

void SiteFold::reset() {
  book_.forget(site_.code);
  requests_.clear();
}

void SiteFold::apply(std::uint64_t index, const journal::Entry& entry) {
  if (entry.kind != journal::EntryKind::events) return;
  const auto events = journal::unpack_events(entry.body);
  CHECK(events.has_value());
  std::uint32_t place = 0;
  for (const std::string_view bytes : *events) {
    const auto event = trade::decode(bytes);
    CHECK(event.has_value());
    take(index, place++, entry.stamp.tick_ms, *event, bytes);
  }
}

void SiteFold::take(std::uint64_t entry, std::uint32_t place, std::int64_t tick_ms,
                    const trade::Event& event, std::string_view event_bytes) {
  trade::apply(book_, site_.code, event);
  if (event.origin.request.given())
    requests_.keep(event.origin.request, tick_ms, entry, place, event_bytes);
}

std::string SiteFold::save() const {
  const std::string partition = is_empty() ? "" : trade::encode(own());
  std::string state;
  journal::put_number(state, state_version, 1);
  journal::put_number(state, partition.size(), 8);
  state += partition;
  requests_.encode(state);
  return state;
}

Result<> SiteFold::load(std::string_view state) {
  const auto bad = [](const char* why) { return base::fail(ErrorCode::evidence_bad, why); };
  reset();
  journal::ByteReader reader(state);
  if (reader.number(1) != state_version) return bad("state: of another version");
  const std::string_view partition = reader.bytes(reader.number(8));
  if (!reader.good()) return bad("state: cut short");
  if (!partition.empty()) {
    // Tried aside: another site's partition must not get into the book by this way.
    trade::Book aside;
    if (!aside.restore(partition)) return bad("state: no partition");
    if (aside.find(site_.code) == nullptr) return bad("state: of another site");
    CHECK(book_.restore(partition).has_value());
  }
  return requests_.decode(reader.rest());
}

}  // namespace site
