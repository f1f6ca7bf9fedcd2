#include "site/held_nights.h"

#include <utility>

#include "crypto/sha256.h"
#include "journal/files.h"

namespace site {

using base::Result;

std::optional<NamedNight> newest_night(const View& view, trade::SiteCode store) {
  std::optional<NamedNight> newest;
  trade::Day day;
  for (const Peer& peer : view.peers) {
    const trade::Partition* centre = peer.site ? view.book.find(*peer.site) : nullptr;
    if (centre == nullptr || centre->site.kind != trade::SiteKind::centre) continue;
    const auto after = centre->nights.upper_bound({store, trade::day_max});
    if (after == centre->nights.begin()) continue;
    const auto& [key, document] = *std::prev(after);
    if (key.store != store || (newest && key.day <= day)) continue;
    newest = {peer.folder, document};
    day = key.day;
  }
  return newest;
}

Result<NightShelf::Places> NightShelf::places(std::optional<trade::SiteCode> only) {
  std::uint64_t begun_anew = 0;
  auto found = TRY(talk_.ask([only, &begun_anew](const View& view) {
    Places named;
    for (const Peer& peer : view.peers) {
      begun_anew += peer.begun_anew;
      const trade::Partition* centre = peer.site ? view.book.find(*peer.site) : nullptr;
      if (centre == nullptr || centre->site.kind != trade::SiteKind::centre) continue;
      for (const auto& [key, document] : centre->nights)
        if (!only || key.store == *only) named.try_emplace(key, Place{document, peer.folder});
    }
    return named;
  }));
  // A night may stand behind the last entry that still counts of its journal.
  if (std::exchange(begun_anew_, begun_anew) != begun_anew) newest_.clear();
  return found;
}

std::optional<HeldNight> NightShelf::load(const trade::NightKey& key, const Place& place) const {
  journal::Digest digest;
  digest.bytes = place.document.bytes;
  const io::Path path = journal::document_path(place.folder, digest);
  if (!disk_.exists(path)) return std::nullopt;
  const auto bytes = io::read_file(disk_, path);
  if (!bytes || crypto::sha256(*bytes) != digest) return std::nullopt;
  auto night = parse_store_night(*bytes);
  if (!night || night->store != key.store || trade::to_day(night->day) != key.day)
    return std::nullopt;
  return HeldNight{*std::move(night), place.document};
}

Result<bool> NightShelf::refresh(std::optional<trade::SiteCode> only) {
  const Places found = TRY(places(only));
  bool has_changed = false;
  // From the newest back to the first that is here.
  for (auto last = found.rbegin(); last != found.rend(); ++last) {
    const auto& [key, place] = *last;
    const auto held = newest_.find(key.store);
    if (held != newest_.end() && trade::to_day(held->second.night.day) >= key.day &&
        held->second.document == place.document)
      continue;
    if (held != newest_.end() && trade::to_day(held->second.night.day) > key.day) continue;
    auto night = load(key, place);
    if (!night) continue;
    newest_.insert_or_assign(key.store, *std::move(night));
    has_changed = true;
  }
  return has_changed;
}

Result<std::optional<HeldNight>> NightShelf::find(trade::SiteCode store, base::Date day) {
  if (const auto held = newest_.find(store); held != newest_.end() && held->second.night.day == day)
    return held->second;
  const Places found = TRY(places(store));
  const auto place = found.find({store, trade::to_day(day)});
  if (place == found.end()) return std::nullopt;
  return load(place->first, place->second);
}

}  // namespace site
