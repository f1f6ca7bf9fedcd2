#pragma once
// The note that proved a part of a copy: what the site has signed and cannot take back, although
// not all of its entries are here. A checkpoint is a promise whose entries all are.

#include "journal/checkpoint.h"
#include "journal/tree.h"

namespace syncing {

struct Promise {
  journal::SignedCheckpoint note;
  std::uint64_t entries = 0;  // that it covers of those that are held
  journal::Proof proof;       // from their tree to the note's; none where the note ends there
};

// Whether these entries, as many as the promise covers, are the first ones of what was signed.
bool covers(const Promise& promise, const journal::Frontier& held);

// "stockade-promise-1", the origin, the entries, proof and note.
std::string to_text(const Promise& promise);
// Error: evidence_bad for what to_text does not write, or a note that the key has not signed.
base::Result<Promise> parse_promise(std::string_view text, const journal::VerifierKey& key);

}  // namespace syncing
