#pragma once
// A decision about another site's journal: only its first entries are believed. It lies beside the
// journal's segments, and whoever reads the journal stops there.

#include <cstdint>
#include <optional>
#include <string>

#include "io/disk.h"
#include "journal/files.h"

namespace site {

using journal::believed_file;

struct Believed {
  std::uint64_t entries = 0;
  journal::Digest root;  // of them
  std::string why;       // for a person, one line
};

std::string to_text(const Believed& believed);
// Error: evidence_bad.
base::Result<Believed> parse_believed(std::string_view text);
// What was decided about the journal in the folder; nothing for most. Error: io_failed,
// evidence_bad.
base::Result<std::optional<Believed>> load_believed(io::Disk& disk, const io::Path& folder);

}  // namespace site
