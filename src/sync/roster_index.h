#pragma once
// The roster as sync asks it: who has this key, and whether a journal may be believed up to an
// entry. Look-ups that do not walk through all lines.

#include <expected>
#include <map>
#include <string_view>

#include "journal/roster.h"
#include "sync/message.h"

namespace syncing {

// A refusal with its words, before it becomes an answer.
struct No {
  Refusal refusal = Refusal::malformed;
  std::string words;
  std::uint64_t size = 0;  // what is held of the journal in question
};
// As an answer, with as many words as it holds.
Refused to_answer(const No& no);

class RosterIndex {
 public:
  explicit RosterIndex(journal::Roster roster);

  const journal::Roster& roster() const { return roster_; }
  // Whose key this is. Refused: unknown_site, revoked_key; wrong_epoch for a site's older key.
  std::expected<const journal::RosterLine*, No> peer(const crypto::PublicKey& key) const;
  // The line of a journal. Refused: unknown_site, wrong_epoch.
  std::expected<const journal::RosterLine*, No> journal(const std::string& origin) const;

  // A site's line in its newest epoch, by the site's id; null if there is none.
  const journal::RosterLine* site(std::string_view id) const;
  // Depots and the centre read every journal; everybody reads the centre's, depots' (what became of
  // an order, and the advice of what comes) and its own site's; online sites and tills read
  // stores', and stores those of online sites. A store's tills give it theirs.
  bool may_read(const journal::RosterLine& who, const std::string& origin) const;
  // What a site holds of a journal if nothing else is said: the centre and depots everything,
  // others the centre's entries; a store those of its tills and of online sites, an online site
  // those of stores.
  Want usual_want(const journal::RosterLine& holder, const journal::Origin& origin) const;

 private:
  std::uint64_t newest_epoch(const journal::Origin& origin) const;

  journal::Roster roster_;
  std::map<crypto::PublicKey, std::size_t> by_key_;  // places in roster_.lines
  std::map<std::string, std::size_t, std::less<>> by_origin_;
  std::map<std::string, std::uint64_t, std::less<>> newest_epoch_;  // by site
};

}  // namespace syncing
