#pragma once
// Makes a continuity copy: what trade needs, in the open estate format, encrypted for people whose
// keys the site does not have, signed by the site, and put into append-only places.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/note.h"
#include "journal/roster.h"
#include "vault/claim.h"

namespace vault {

inline constexpr int sales_days_usual = 56;

struct CopyOptions {
  io::Path data = {};    // the site's folder
  io::Path estate = {};  // the estate's folder
  std::vector<io::Path> places = {};
  io::Path recipients = {};  // public keys of those who may open it, as age takes them
  std::string roster = {};   // the signed note of an approved roster
  journal::Signer signer;
  std::int64_t made_s = 0;            // now, seconds UTC since 1970
  int sales_days = sales_days_usual;  // of sales, up to the newest trading day
  int threads = 1;
};

struct NotPlaced {
  io::Path place;
  std::string why;
};

struct Copied {
  CopyName name;
  Claim claim;
  std::vector<io::Path> written;      // the encrypted file in each place that took it
  std::vector<NotPlaced> not_placed;  // the others
  std::vector<std::string> doubtful;  // journals that do not count in full, each with the reason
  std::vector<std::string> left_out;  // what the format could not hold
};

// Reads journals and estate anew, writes the copy, reads it back, encrypts, signs and places it. A
// place that fails does not keep it from the others. The plain text is in a folder inside `data`
// that only its owner may enter, and goes with the call. Errors: evidence_bad for the own journal,
// key or roster; those of reading the estate; io_failed also where age or tar cannot be run.
base::Result<Copied> copy(io::Disk& disk, const CopyOptions& options);

// Puts an encrypted file and its note into a place under a name that it never had before: written
// beside it, synced, renamed; the note comes last. Error: io_failed, also for a name that is there.
base::Result<> put_in_place(io::Disk& disk, const io::Path& archive, std::string_view note,
                            const CopyName& name, const io::Path& place);

// The copies in a place: names that have both files. Others' files are not looked at.
// Error: io_failed.
struct Place {
  std::vector<CopyName> whole;
  std::vector<std::string> halves;  // files of ours without the other one
};
base::Result<Place> list_place(io::Disk& disk, const io::Path& place);

// Size and SHA-256 of a file, read piece by piece.
base::Result<FileDigest> digest_of(io::Disk& disk, const io::Path& path);

}  // namespace vault
