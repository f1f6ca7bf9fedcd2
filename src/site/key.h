#pragma once
// The site's key: who signs the journal's checkpoints, and under which name.

#include "base/result.h"
#include "io/disk.h"
#include "io/entropy.h"
#include "journal/checkpoint.h"
#include "trade/words.h"

namespace site {

// The name of a site's journal: its code has four digits there.
journal::Origin origin_of(std::string_view estate, trade::SiteCode site, std::uint64_t epoch);
// The site's code in a journal's name; nothing where there is none.
std::optional<trade::SiteCode> code_of(const journal::Origin& origin);

// Reads the key in a site's folder; makes it where there is neither key nor journal. Errors:
// input_bad for the key of another name, evidence_bad where it is broken or missing, io_failed.
base::Result<journal::Signer> site_key(io::Disk& disk, io::Entropy& entropy, const io::Path& folder,
                                       const journal::Origin& origin);

// Puts a key into the folder of a site that has none yet. Error: io_failed.
base::Result<> put_site_key(io::Disk& disk, const io::Path& folder, const journal::Signer& signer);

// Whose journal a folder holds, by the header of its first segment; nothing if it holds none or
// that header is broken. Error: io_failed.
base::Result<std::optional<journal::VerifierKey>> journal_key(io::Disk& disk,
                                                              const io::Path& folder);

inline constexpr std::string_view key_file = "site.key";
inline constexpr std::string_view journal_folder = "journal";
// Where a site holds other sites' journals, in folders SITE-EPOCH: "copies/0042-1".
inline constexpr std::string_view copies_folder = "copies";

}  // namespace site
