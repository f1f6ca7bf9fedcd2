#pragma once
// What the commands about journals share: key files and the clock as a stamp.

#include <string>

#include "base/result.h"
#include "journal/entry.h"
#include "journal/note.h"

namespace cmd {

// The secret key in a file. Error: evidence_bad, io_failed.
base::Result<journal::Signer> read_signer(const std::string& path);
// A verifier key as given, or the one in the file of that name.
base::Result<journal::VerifierKey> read_verifier(const std::string& text);
// Makes a new secret key, writes it for its owner alone, and prints the verifier key. Error:
// input_bad for a name that no key may have or a file that is there already.
base::Result<> make_key(const std::string& name, journal::KeyKind kind, const std::string& out);

// Now. Ticks go on from the journal's last one.
journal::Stamp stamp_after(const journal::Stamp& last);

}  // namespace cmd
