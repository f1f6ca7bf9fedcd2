#pragma once
// Checkpoints (C2SP tlog-checkpoint): how large a journal is and what its root is, as signed by its
// site and cosigned by witnesses. And the name under which a journal signs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "journal/note.h"
#include "journal/tree.h"

namespace journal {

// Which journal: as text "stockade/<estate>/<site>/<epoch>", which is also its key's name.
struct Origin {
  std::string estate, site;  // [A-Za-z0-9._-]{1,32}
  std::uint64_t epoch = 1;   // a rebuilt site begins the next one
  friend bool operator==(const Origin&, const Origin&) = default;
};
bool is_id(std::string_view text);
std::string to_string(const Origin& origin);
std::optional<Origin> parse_origin(std::string_view text);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;  // entries
  Digest root;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The three lines that are signed.
std::string to_text(const Checkpoint& checkpoint);
// Error: evidence_bad, also for lines beyond the third.
base::Result<Checkpoint> parse_checkpoint(std::string_view text);

// A whole note under one key. The note is kept, because a cosignature is over its text.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};
// Requires that the signer's name is the checkpoint's origin.
SignedCheckpoint sign(const Signer& signer, const Checkpoint& checkpoint);
// A note that the key has signed under its own name as origin. Error: evidence_bad.
base::Result<SignedCheckpoint> open_checkpoint(std::string_view bytes, const VerifierKey& key);

}  // namespace journal
