#pragma once
// A lost site made anew from the journals that stores, depots and archives hold: a centre, or a
// store or depot whose stock somebody else goes on with.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/disk.h"
#include "io/entropy.h"
#include "journal/roster.h"
#include "rebuild/prefix.h"
#include "trade/words.h"

namespace rebuild {

inline constexpr std::string_view report_file = "rebuilt";

// A part of an estate's digest: what one journal comes to.
struct Part {
  std::string origin;
  std::uint64_t entries = 0;
  journal::Digest state;
  friend auto operator<=>(const Part&, const Part&) = default;
};
// SHA-256 over "ORIGIN ENTRIES HEX" lines, sorted by origin. Journals without entries are no part.
journal::Digest estate_digest(std::vector<Part> parts);

// Entries that somebody knows to have been, and nobody has.
struct Lost {
  std::string origin;
  std::uint64_t first = 0, behind = 0;
};

struct Survey {
  std::vector<Prefix> prefixes;         // by origin
  std::vector<std::string> missing;     // origins of the roster without any copy
  std::vector<std::string> unreadable;  // folders that look like journals and are none
  std::vector<Lost> lost;
  journal::Digest digest;                 // of the estate, over what counts
  std::uint64_t entries = 0, events = 0;  // that count
};

// How far the work is, 0 to 1: after each journal, one call at a time, from any thread.
using OnProgress = std::function<void(double share)>;

// Judges all copies below the folders. Memory: one journal's book a thread. `sizes`, if not empty,
// gives the entries that count of some journals, and the digest is over these alone. Error:
// input_missing.
base::Result<Survey> survey(io::Disk& disk, const journal::Roster& roster,
                            std::span<const io::Path> from, int threads,
                            std::span<const Part> sizes = {}, const OnProgress& on_progress = {});

struct Wanted {
  std::vector<io::Path> from;
  io::Path data;           // of the new site; there must be nothing yet
  trade::SiteCode site{};  // that was lost
  int threads = 1;
  // Of the new journal, if the roster lists it already: of the lost site, in an epoch behind all
  // that it had. Otherwise a key is made.
  std::optional<journal::Signer> key = {};
};
struct Rebuilt {
  Survey survey;
  journal::VerifierKey key;  // of the new journal, in the next epoch; for the roster
  bool goes_on = false;      // from the site's latest journal
  std::uint64_t bytes = 0;   // written
};

// Surveys, copies what counts into data/copies, and begins the site's new journal with a document
// that says all this. The site goes on from what counts of its latest journal, if anything does,
// with everybody's enrolment ended. Memory: two journals' books a thread. Errors: input_bad for a
// folder that is not empty, a roster without that site, or a key that is not its next;
// input_missing, io_failed. After an error the folder holds nothing that a site starts from.
base::Result<Rebuilt> rebuild(io::Disk& disk, io::Entropy& entropy, std::int64_t now_ms,
                              const journal::Roster& roster, const Wanted& wanted,
                              const OnProgress& on_progress = {});

// Takes a journal that has not begun yet out of what is missing: the new site's own.
void expect_nothing_of(Survey& survey, const std::string& origin);

// The document: what was rebuilt from what.
std::string to_text(const Survey& survey);

}  // namespace rebuild
