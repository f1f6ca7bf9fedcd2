#pragma once
// Proof that a site has rewritten its history: two checkpoints under one key that cannot both be
// true. Anybody who has the key can check it.

#include "journal/checkpoint.h"
#include "sync/message.h"

namespace syncing {

struct Evidence {
  journal::SignedCheckpoint smaller, larger;  // of one origin; sizes may be equal
  crypto::Digest old_root;                    // what the larger tree has where the smaller one ends
  journal::Proof proof;  // from there to the larger one; none where the sizes are equal
};

// Whether the two contradict each other: the larger tree provably has old_root at the smaller's
// size, and the smaller one has another root. Signatures are not looked at.
bool holds(const Evidence& evidence);

// "stockade-evidence-1", the origin, root and proof, both notes.
std::string to_text(const Evidence& evidence);
// Error: evidence_bad for what does not hold under this key.
base::Result<Evidence> parse_evidence(std::string_view text, const journal::VerifierKey& key);

// The sentence for a person: origin, both sizes and roots.
std::string describe(const Evidence& evidence);

}  // namespace syncing
