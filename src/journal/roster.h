#pragma once
// The roster: which keys speak for which site, in which role, up to where. A signed note with the
// signatures of m of n approvers, whose keys live outside the system.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "journal/checkpoint.h"
#include "journal/note.h"

namespace journal {

enum class Role : std::uint8_t { store, depot, centre, online, till, witness };
std::string_view to_text(Role role);
std::optional<Role> parse_role(std::string_view text);

struct RosterLine {
  VerifierKey key;  // of a site: its name is the origin; of a witness: kind witness, any name
  Role role = Role::store;
  base::Date from;
  // The key speaks for this many entries of its journal and for no more. A witness: for none.
  std::optional<std::uint64_t> revoked_at_entries;
};

struct Roster {
  std::string estate;
  std::uint64_t number = 1;        // counts up by one with every change that is signed
  std::optional<Digest> previous;  // SHA-256 of the text of the number before
  std::uint64_t threshold = 1;     // how many approvers must sign
  std::vector<VerifierKey> approvers;
  std::vector<RosterLine> lines;
};

inline constexpr std::size_t roster_lines_max = 100'000;
inline constexpr std::size_t approvers_max = 32;

std::string to_text(const Roster& roster);
// Error: evidence_bad, also for a key or an approver that is listed twice, for a site's key that is
// not named after the estate, and for a threshold that cannot be reached.
base::Result<Roster> parse_roster(std::string_view text);

// Signatures of the roster's approvers under the note; the note may hold fewer than the threshold.
// Error: evidence_bad for a signature of an approver that does not fit.
base::Result<std::uint64_t> count_approvals(const Note& note, const Roster& roster);
// The roster of a note that is approved: by its own approvers, and where `before` is given, by
// those of it, as its successor that takes back nothing. Error: evidence_bad.
base::Result<Roster> open_roster(std::string_view note_bytes, const Roster* before = nullptr);

// What a roster says of a journal. `why` is empty if the key may speak for all its entries.
struct Standpoint {
  std::string why;
  std::optional<std::uint64_t> entry;  // the first that it may not speak for; none: all of them
};
Standpoint judge_key(const Roster& roster, const VerifierKey& key, std::uint64_t entries);

}  // namespace journal
