#pragma once
// What lies in a journal's folder beside its segments, by name and form.

#include <optional>
#include <string>
#include <string_view>

#include "io/disk.h"
#include "journal/checkpoint.h"

namespace journal {

inline constexpr std::string_view checkpoint_file = "checkpoint";
inline constexpr std::string_view snapshot_file = "snapshot";
inline constexpr std::string_view documents_folder = "documents";
inline constexpr std::string_view set_aside_folder = "set-aside";
// Of another's journal, where it was decided that only its first entries are believed.
inline constexpr std::string_view believed_file = "believed";

// documents/ab/abcd…, by the digest in hexadecimal.
io::Path document_path(const io::Path& folder, const Digest& digest);

// The checkpoint file: a line "sha256 HEX" over what follows, then the signed note. The line finds
// flipped bits even in signatures of witnesses that the reader does not know.
std::string wrap_checkpoint(const Note& note);
// The note inside. Error: evidence_bad.
base::Result<std::string> unwrap_checkpoint(std::string_view bytes);

// The newest checkpoint that this journal's key signed; nothing if there is no such file. Error:
// io_failed, evidence_bad.
base::Result<std::optional<SignedCheckpoint>> load_checkpoint(io::Disk& disk,
                                                              const io::Path& folder,
                                                              const VerifierKey& key);

}  // namespace journal
