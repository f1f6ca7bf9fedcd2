#pragma once
// What of a journal may be believed after a disaster: the newest prefix of its copies that the site
// has signed and that nothing contradicts.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/roster.h"
#include "journal/scan.h"
#include "rebuild/copies.h"

namespace rebuild {

enum class Verdict : std::uint8_t {
  proven,     // all that any copy holds under a signature
  shortened,  // a copy that is broken, or a revocation, leaves less than was signed
  lying,      // the site signed two histories: what all copies agree on
  absurd,     // an entry cannot be true: what comes before it
  refused,    // its key may not speak, or no copy can be proved: nothing
};
std::string_view to_text(Verdict verdict);

struct Prefix {
  std::string origin;
  Verdict verdict = Verdict::refused;
  std::string why;                  // for a person; empty if proven
  io::Path folder;                  // the copy that its entries are taken from
  std::uint64_t entries = 0;        // the first so many count
  std::uint64_t events = 0;         // in them
  std::uint64_t known_entries = 0;  // the newest size under the site's signature, in any copy
  journal::Place end;               // behind them, in that copy
  journal::Digest root;             // of them
  journal::Digest state;            // D(S, entries): SHA-256 of the partition they make
  // Signed by the site over exactly these entries; none where less than that is believed.
  std::optional<journal::SignedCheckpoint> checkpoint;
};

// Judges the copies of one journal. Requires at least one, all of the same origin. Reads each copy
// that it needs once, and a second time only where something is wrong. At `size`, if given, instead
// of at the newest checkpoint; the entries must still be covered by a signature.
Prefix newest_prefix(io::Disk& disk, const journal::Roster& roster, std::span<const Copy> copies,
                     std::optional<std::uint64_t> size = {});

// Copies the segments and documents of a prefix into a new folder, in the journal's own form. Where
// the prefix is less than a checkpoint covers, `believed` says where it ends.
// Error: io_failed.
base::Result<std::uint64_t> write_prefix(io::Disk& disk, const Prefix& prefix,
                                         const io::Path& folder);

}  // namespace rebuild
