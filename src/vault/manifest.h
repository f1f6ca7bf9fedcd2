#pragma once
// What a copy says of itself, inside: a manifest of its files for programs, and a page for people.

#include <string>
#include <string_view>
#include <vector>

#include "vault/folder.h"
#include "vault/sums.h"

namespace vault {

inline constexpr std::string_view manifest_file = "manifest.json", readme_file = "README";

// Where and when a copy was made.
struct Making {
  std::string origin;  // the journal of the site that made it
  std::int64_t made_s = 0;
  std::uint64_t entries = 0;
  crypto::Digest root;
};

std::string manifest_text(const Making& making, const WrittenFolder& folder, const Sums& sums);
std::string readme_text(const Making& making, const WrittenFolder& folder, const Sums& sums);

struct ListedFile {
  std::string name;
  FileDigest digest;
};
// The files of a manifest. Error: evidence_bad for what is no manifest, or names a file that is not
// in the copy's own folder.
base::Result<std::vector<ListedFile>> read_listed_files(std::string_view manifest);

}  // namespace vault
