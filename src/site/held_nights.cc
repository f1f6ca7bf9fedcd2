#include "site/held_nights.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "crypto/sha256.h"
#include "journal/files.h"

namespace site {

using base::Result;

namespace {

struct Centre {
  const trade::Partition* told = nullptr;
  std::vector<io::Path> folders;  // of its journals, those of later epochs first
};

std::map<trade::SiteCode, Centre> centres_of(const View& view) {
  std::vector<const Peer*> peers;
  for (const Peer& peer : view.peers) peers.push_back(&peer);
  std::ranges::stable_sort(peers, std::greater{}, &Peer::epoch);
  std::map<trade::SiteCode, Centre> centres;
  for (const Peer* peer : peers) {
    const trade::Partition* told = peer->site ? view.book.find(*peer->site) : nullptr;
    if (told == nullptr || told->site.kind != trade::SiteKind::centre) continue;
    Centre& centre = centres[*peer->site];
    centre.told = told;
    centre.folders.push_back(peer->folder);
  }
  return centres;
}

io::Path path_of(const io::Path& folder, const trade::Sha256& document) {
  journal::Digest digest;
  digest.bytes = document.bytes;
  return journal::document_path(folder, digest);
}

}  // namespace

std::optional<NamedNight> newest_night(const View& view, trade::SiteCode store) {
  std::optional<NamedNight> newest;
  trade::Day day;
  for (const auto& [code, centre] : centres_of(view)) {
    const auto& nights = centre.told->nights;
    const auto after = nights.upper_bound({store, trade::day_max});
    if (after == nights.begin()) continue;
    const auto& [key, document] = *std::prev(after);
    if (key.store != store || (newest && key.day <= day)) continue;
    newest = {centre.folders, document};
    day = key.day;
  }
  return newest;
}

std::optional<io::Path> folder_with(io::Disk& disk, const NamedNight& night) {
  const auto found = std::ranges::find_if(night.folders, [&](const io::Path& folder) {
    return disk.exists(path_of(folder, night.document));
  });
  return found == night.folders.end() ? std::nullopt : std::optional(*found);
}

std::optional<HeldNight> read_night(io::Disk& disk, const trade::NightKey& key,
                                    const NamedNight& night) {
  const auto folder = folder_with(disk, night);
  if (!folder) return std::nullopt;
  const auto bytes = io::read_file(disk, path_of(*folder, night.document));
  if (!bytes || crypto::sha256(*bytes).bytes != night.document.bytes) return std::nullopt;
  auto read = parse_store_night(*bytes);
  if (!read || read->store != key.store || trade::to_day(read->day) != key.day) return std::nullopt;
  return HeldNight{*std::move(read), night.document};
}

Result<NightShelf::Places> NightShelf::places(std::optional<trade::SiteCode> only) {
  std::uint64_t begun_anew = 0;
  auto found = TRY(talk_.ask([only, &begun_anew](const View& view) {
    Places named;
    for (const Peer& peer : view.peers) begun_anew += peer.begun_anew;
    for (const auto& [code, centre] : centres_of(view))
      for (const auto& [key, document] : centre.told->nights)
        if (!only || key.store == *only)
          named.try_emplace(key, NamedNight{centre.folders, document});
    return named;
  }));
  // A night may stand behind the last entry that still counts of its journal.
  if (std::exchange(begun_anew_, begun_anew) != begun_anew) newest_.clear();
  return found;
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
    auto night = read_night(disk_, key, place);
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
  return read_night(disk_, place->first, place->second);
}

}  // namespace site
