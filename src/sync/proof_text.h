#pragma once
// The lines in which files beside the copies keep proofs, and the notes that they lead to.

#include <string>

#include "journal/bytes.h"
#include "journal/checkpoint.h"

namespace syncing {

// "proof COUNT" and a line in hexadecimal for each digest; "note BYTES" and the signed note.
std::string proof_lines(const journal::Proof& proof);
std::string note_lines(const journal::Note& note);

// Take these lines off the front. Error: evidence_bad, also for a note that the key has not signed.
base::Result<journal::Digest> parse_digest(std::string_view hex);
base::Result<journal::Proof> read_proof(journal::ByteReader& reader);
base::Result<journal::SignedCheckpoint> read_note(journal::ByteReader& reader,
                                                  const journal::VerifierKey& key);

}  // namespace syncing
