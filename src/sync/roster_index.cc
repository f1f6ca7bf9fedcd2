#include "sync/roster_index.h"

#include <algorithm>

#include <fmt/core.h>

namespace syncing {

using journal::RosterLine;

Refused to_answer(const No& no) {
  return {no.refusal, no.words.substr(0, words_bytes_max), no.size};
}

RosterIndex::RosterIndex(journal::Roster roster) : roster_(std::move(roster)) {
  for (std::size_t i = 0; i < roster_.lines.size(); ++i) {
    const RosterLine& line = roster_.lines[i];
    if (line.role == journal::Role::witness) continue;
    by_key_[line.key.key] = i;
    by_origin_[line.key.name] = i;
    const auto origin = journal::parse_origin(line.key.name);
    CHECK(origin.has_value());  // a roster that was parsed names sites so
    auto& epoch = newest_epoch_[origin->site];
    epoch = std::max(epoch, origin->epoch);
  }
}

std::uint64_t RosterIndex::newest_epoch(const journal::Origin& origin) const {
  const auto found = newest_epoch_.find(origin.site);
  return origin.estate == roster_.estate && found != newest_epoch_.end() ? found->second : 0;
}

std::expected<const RosterLine*, No> RosterIndex::peer(const crypto::PublicKey& key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::unexpected(No{Refusal::unknown_site, {}});
  const RosterLine& line = roster_.lines[found->second];
  if (line.revoked_at_entries) return std::unexpected(No{Refusal::revoked_key, line.key.name});
  const auto origin = *journal::parse_origin(line.key.name);
  if (origin.epoch < newest_epoch(origin))
    return std::unexpected(
        No{Refusal::wrong_epoch,
           fmt::format("{}: the site is in epoch {} now", line.key.name, newest_epoch(origin))});
  return &line;
}

const RosterLine* RosterIndex::site(std::string_view id) const {
  const auto newest = newest_epoch_.find(id);
  if (newest == newest_epoch_.end()) return nullptr;
  const journal::Origin origin{roster_.estate, std::string(id), newest->second};
  const auto line = journal(to_string(origin));
  return line ? *line : nullptr;
}

bool RosterIndex::may_read(const RosterLine& who, const std::string& name) const {
  const auto serves_all = [](journal::Role role) {
    return role == journal::Role::centre || role == journal::Role::depot;
  };
  if (serves_all(who.role)) return true;
  const auto line = journal(name);
  if (line && serves_all((*line)->role)) return true;
  // Who orders of whom, and what becomes of it: online sites and stores. A till hears what a store
  // has stopped or reduced.
  using enum journal::Role;
  if (line && (*line)->role == store && (who.role == online || who.role == till)) return true;
  if (line && (*line)->role == online && who.role == store) return true;
  const auto mine = journal::parse_origin(who.key.name), other = journal::parse_origin(name);
  return mine && other && mine->site == other->site;
}

Want RosterIndex::usual_want(const RosterLine& holder, const journal::Origin& origin) const {
  const auto line = journal(to_string(origin));
  if (!line || (*line)->key == holder.key) return Want::nothing;
  if (holder.role == journal::Role::centre || holder.role == journal::Role::depot)
    return Want::everything;
  // A store books what its tills have sold. It takes their journals from themselves alone, for it
  // may read no till's anywhere else: another store's would be booked as its own. Online sites and
  // stores hear of each other's orders and parcels.
  using enum journal::Role;
  const auto other = (*line)->role;
  const bool is_heard = other == centre || (holder.role == store && other == till) ||
                        (holder.role == store && other == online) ||
                        (holder.role == online && other == store);
  return is_heard ? Want::entries : Want::nothing;
}

std::expected<const RosterLine*, No> RosterIndex::journal(const std::string& name) const {
  const auto found = by_origin_.find(name);
  if (found != by_origin_.end()) return &roster_.lines[found->second];
  const auto origin = journal::parse_origin(name);
  const std::uint64_t newest = origin ? newest_epoch(*origin) : 0;
  if (newest == 0)
    return std::unexpected(No{Refusal::unknown_site, name.substr(0, words_bytes_max)});
  return std::unexpected(
      No{Refusal::wrong_epoch, fmt::format("{}: the roster knows epochs up to {}", name, newest)});
}

}  // namespace syncing
