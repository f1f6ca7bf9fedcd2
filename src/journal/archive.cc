#include "journal/archive.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/manifest.h"
#include "journal/scan.h"
#include "journal/verify.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view magic = "stockade-archive-1";

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

bool is_archived(std::string_view name) {
  return is_manifest_file(name) || name == checkpoint_file || name == documents_folder ||
         name == set_aside_folder || name.starts_with("segment-");
}
bool is_nothing(std::string_view) { return false; }

// Files below a folder, as paths from it, sorted. The journal's folders are two deep at most.
Result<std::vector<std::string>> files_below(io::Disk& disk, const io::Path& folder,
                                             const std::string& below, int depth) {
  std::vector<std::string> files;
  for (const std::string& name : TRY(disk.list(folder / below))) {
    const std::string path = (io::Path(below) / name).string();
    if (disk.open(folder / path)) {
      files.push_back(path);
    } else if (depth > 0) {
      const auto inner = TRY(files_below(disk, folder, path, depth - 1));
      files.insert(files.end(), inner.begin(), inner.end());
    }
  }
  return files;
}

// What an archive holds, in the order in which it must be read from a journal that is being
// written: the checkpoint before the entries that it covers. Snapshots are caches and stay behind.
Result<std::vector<std::string>> files_to_copy(io::Disk& disk, const io::Path& folder) {
  std::vector<std::string> files;
  if (disk.exists(folder / checkpoint_file)) files.emplace_back(checkpoint_file);
  for (const std::string& name : TRY(list_segments(disk, folder))) files.push_back(name);
  for (const std::string_view below : {documents_folder, set_aside_folder}) {
    if (!disk.exists(folder / below)) continue;
    const auto inner = TRY(files_below(disk, folder, std::string(below), 1));
    files.insert(files.end(), inner.begin(), inner.end());
  }
  return files;
}

// The newest segment, without its space: a copy is at rest. Where the journal is being written,
// what was space when it was read may be a frame by now; it is read again as long as that brings
// more.
Result<std::string> read_newest(io::Disk& disk, const io::Path& path) {
  for (std::size_t end = 0;;) {
    std::string bytes = TRY(io::read_file(disk, path));
    const auto header = parse_header(bytes);
    if (!header) return bytes;
    const std::size_t before = std::exchange(end, frames_end(bytes, header->bytes));
    const bool is_clean = without_zeros(std::string_view(bytes).substr(end)).empty();
    if (is_clean) bytes.resize(end);
    if (is_clean || end == before) return bytes;
  }
}

// The journal in a folder that is not in its place yet.
Result<std::uint64_t> verified_entries(io::Disk& disk, const io::Path& folder) {
  const VerifyReport report = TRY(verify(disk, folder, {}));
  if (!report.ok) return bad(folder, to_string(report.faults[0]));
  return report.entries;
}

}  // namespace

Result<Archived> archive(io::Disk& disk, const io::Path& folder, const io::Path& out,
                         const Signer& signer, std::string_view trusted_comment) {
  auto staged = TRY(io::StagedFolder::create(disk, out, manifest_file, is_archived));
  SignedFolder copy(disk, staged.path(), magic);
  Archived done;
  const auto files = TRY(files_to_copy(disk, folder));
  const auto names = TRY(list_segments(disk, folder));
  for (const std::string& path : files) {
    const bool is_newest = !names.empty() && path == names.back();
    const std::string bytes =
        TRY(is_newest ? read_newest(disk, folder / path) : io::read_file(disk, folder / path));
    TRY(copy.put(path, bytes));
    ++done.files;
    done.bytes += bytes.size();
  }
  done.entries = TRY(verified_entries(disk, staged.path()));
  TRY(copy.sign(signer, trusted_comment));
  TRY(staged.commit());
  return done;
}

Result<Archived> restore(io::Disk& disk, const io::Path& archived, const io::Path& out,
                         const crypto::MinisignKey& key) {
  const auto lines = TRY(read_manifest(disk, archived, magic, key, is_archived));
  auto staged = TRY(io::StagedFolder::create(disk, out, segment_name(0), is_nothing));
  Archived done;
  for (const ManifestLine& line : lines) {
    const std::string bytes = TRY(read_listed(disk, archived, line));
    TRY(put_file(disk, staged.path() / line.path, bytes));
    ++done.files;
    done.bytes += bytes.size();
  }
  done.entries = TRY(verified_entries(disk, staged.path()));
  TRY(staged.commit());
  return done;
}

}  // namespace journal
