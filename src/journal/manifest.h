#pragma once
// Signed folders: a manifest of every file's digest, and the site's minisign signature over it. A
// folder is checked in full before a file of it is used.

#include <string>
#include <vector>

#include "crypto/minisign.h"
#include "crypto/sha256.h"
#include "io/disk.h"
#include "journal/note.h"

namespace journal {

inline constexpr std::string_view manifest_file = "manifest";

// Whether an entry at the top of a signed folder is a part of its signature.
bool is_manifest_file(std::string_view name);

struct ManifestLine {
  crypto::Digest digest;
  std::uint64_t size_bytes = 0;
  std::string path;  // inside the folder
};

// Fills a folder: put() each file, then sign() once.
class SignedFolder {
 public:
  // `magic` is the manifest's first line and says what kind of folder it is.
  SignedFolder(io::Disk& disk, io::Path folder, std::string_view magic);
  base::Result<> put(const std::string& path, std::string_view bytes);
  // Requires a trusted comment without line ends.
  base::Result<> sign(const Signer& signer, std::string_view trusted_comment);

 private:
  io::Disk* disk_;
  io::Path folder_;
  std::string manifest_;
};

// The lines of a folder's manifest, which the key has signed. `owns` says which names at the top
// of the folder may be listed. Error: evidence_bad.
base::Result<std::vector<ManifestLine>> read_manifest(io::Disk& disk, const io::Path& folder,
                                                      std::string_view magic,
                                                      const crypto::MinisignKey& key,
                                                      bool (*owns)(std::string_view name));
// The file of a line. Error: io_failed; evidence_bad for another content.
base::Result<std::string> read_listed(io::Disk& disk, const io::Path& folder,
                                      const ManifestLine& line);

// Writes and syncs a file in a folder that is made where it is missing.
base::Result<> put_file(io::Disk& disk, const io::Path& path, std::string_view bytes);

}  // namespace journal
