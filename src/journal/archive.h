#pragma once
// Archive copies: a journal's files, a manifest of their digests, and the site's minisign signature
// over the manifest. A copy is verified in full before a single file of it is used.

#include "crypto/minisign.h"
#include "io/disk.h"
#include "journal/note.h"

namespace journal {

struct Archived {
  std::uint64_t files = 0, bytes = 0, entries = 0;
};

// Copies the journal into `out`, a new folder or an earlier archive, and signs it. Error:
// evidence_bad where the copy does not verify; input_bad for a folder of somebody else.
base::Result<Archived> archive(io::Disk& disk, const io::Path& folder, const io::Path& out,
                               const Signer& signer, std::string_view trusted_comment);

// Checks signature, manifest, every file and the journal inside; then puts a plain copy of the
// journal at `out`, which must be new or empty. The copy is to read: a restored site begins a new
// epoch. Error: evidence_bad, and nothing is written.
base::Result<Archived> restore(io::Disk& disk, const io::Path& archived, const io::Path& out,
                               const crypto::MinisignKey& key);

}  // namespace journal
