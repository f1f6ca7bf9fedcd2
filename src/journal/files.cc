#include "journal/files.h"

#include <fmt/core.h>

#include "journal/bytes.h"

namespace journal {

io::Path document_path(const io::Path& folder, const Digest& digest) {
  const std::string name = to_hex(digest);
  return folder / documents_folder / name.substr(0, 2) / name;
}

std::string wrap_checkpoint(const Note& note) {
  const std::string text = to_string(note);
  return fmt::format("sha256 {}\n{}", to_hex(crypto::sha256(text)), text);
}

base::Result<std::string> unwrap_checkpoint(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::string_view stated = reader.field("sha256");
  if (!reader.good() || to_hex(crypto::sha256(reader.rest())) != stated)
    return base::fail(base::ErrorCode::evidence_bad,
                      "the checkpoint file's bytes do not fit its first line");
  return std::string(reader.rest());
}

base::Result<std::optional<SignedCheckpoint>> load_checkpoint(io::Disk& disk,
                                                              const io::Path& folder,
                                                              const VerifierKey& key) {
  const io::Path path = folder / checkpoint_file;
  if (!disk.exists(path)) return std::nullopt;
  const std::string file = TRY(io::read_file(disk, path));
  const std::string note = TRY(unwrap_checkpoint(file));
  return TRY(open_checkpoint(note, key));
}

}  // namespace journal
