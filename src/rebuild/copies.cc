#include "rebuild/copies.h"

#include "journal/files.h"
#include "journal/scan.h"
#include "site/key.h"

namespace rebuild {
namespace {

using base::ErrorCode;
using base::Result;

Result<Copy> read_copy(io::Disk& disk, const io::Path& folder) {
  const auto key = TRY(site::journal_key(disk, folder));
  if (!key) return base::fail(ErrorCode::evidence_bad, "its first segment has no header");
  if (!journal::parse_origin(key->name))
    return base::fail(ErrorCode::evidence_bad, key->name + " is no journal's name");
  Copy copy{folder, *key, {}, {}};
  auto checkpoint = journal::load_checkpoint(disk, folder, *key);
  if (!checkpoint)
    copy.why = checkpoint.error().message;
  else if (!*checkpoint)
    copy.why = "it has no checkpoint";
  else
    copy.checkpoint = std::move(**checkpoint);
  return copy;
}

void look_into(io::Disk& disk, const io::Path& folder, int depth, Copies& copies) {
  const auto names = disk.list(folder);
  if (!names) return;  // a file
  const auto segments = journal::list_segments(disk, folder);
  if (segments && !segments->empty()) {
    auto copy = read_copy(disk, folder);
    if (copy)
      copies.journals[copy->key.name].push_back(std::move(*copy));
    else
      copies.unreadable.push_back(folder.string() + ": " + copy.error().message);
    return;
  }
  if (depth == 0) return;
  for (const std::string& name : *names) look_into(disk, folder / name, depth - 1, copies);
}

}  // namespace

Result<Copies> find_copies(io::Disk& disk, std::span<const io::Path> from) {
  Copies copies;
  for (const io::Path& folder : from) {
    if (!disk.list(folder))
      return base::fail(ErrorCode::input_missing, folder.string() + ": there is no such folder");
    look_into(disk, folder, depth_max, copies);
  }
  return copies;
}

}  // namespace rebuild
