#include "journal/archive.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/scan.h"
#include "journal/verify.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view manifest_file = "manifest";
constexpr std::string_view signature_file = "manifest.minisig";
constexpr std::string_view key_file = "minisign.pub";
constexpr std::string_view magic = "stockade-archive-1";

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

bool is_archived(std::string_view name) {
  return name == manifest_file || name == signature_file || name == key_file ||
         name == checkpoint_file || name == documents_folder || name == set_aside_folder ||
         name.starts_with("segment-");
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

struct ManifestLine {
  Digest digest;
  std::uint64_t size_bytes = 0;
  std::string path;
};

std::string to_text(const ManifestLine& line) {
  return fmt::format("file {} {} {}\n", to_hex(line.digest), line.size_bytes, line.path);
}

// Inside the archive, and nothing else: no way up, no way round.
bool is_inside(const std::string& text) {
  const io::Path path(text);
  return !text.empty() && path.is_relative() && path.lexically_normal() == path &&
         *path.begin() != ".." && is_archived(path.begin()->string()) &&
         path.begin()->string() != manifest_file;
}

std::optional<ManifestLine> parse_line(std::string_view text) {
  const std::size_t first = text.find(' '), second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const auto digest = crypto::from_hex(text.substr(0, first));
  const auto size = parse_size(text.substr(first + 1, second - first - 1));
  ManifestLine line{{}, size.value_or(0), std::string(text.substr(second + 1))};
  if (!digest || digest->size() != sizeof(Digest) || !size || !is_inside(line.path))
    return std::nullopt;
  std::ranges::copy(*digest, line.digest.bytes.begin());
  return line;
}

Result<std::vector<ManifestLine>> read_manifest(io::Disk& disk, const io::Path& folder,
                                                const crypto::MinisignKey& key) {
  const std::string text = TRY(io::read_file(disk, folder / manifest_file));
  const std::string signature = TRY(io::read_file(disk, folder / signature_file));
  if (const auto trusted = crypto::check_minisign(key, text, signature); !trusted)
    return bad(folder, trusted.error().message);
  std::vector<ManifestLine> lines;
  ByteReader reader(text);
  if (reader.line() != magic) return bad(folder, "not an archive of this version");
  while (!reader.at_end()) {
    const auto line = parse_line(reader.field("file"));
    if (!reader.good() || !line) return bad(folder, "a line of the manifest is malformed");
    lines.push_back(*line);
  }
  return lines;
}

Result<> put(io::Disk& disk, const io::Path& path, std::string_view bytes) {
  TRY(disk.make_folders(path.parent_path()));
  const auto writer = TRY(disk.create(path));
  TRY(writer->write(bytes));
  return writer->finish();
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
  std::string manifest(magic);
  manifest += '\n';
  Archived done;
  const auto files = TRY(files_to_copy(disk, folder));
  const auto names = TRY(list_segments(disk, folder));
  for (const std::string& path : files) {
    const bool is_newest = !names.empty() && path == names.back();
    const std::string bytes =
        TRY(is_newest ? read_newest(disk, folder / path) : io::read_file(disk, folder / path));
    TRY(put(disk, staged.path() / path, bytes));
    manifest += to_text({crypto::sha256(bytes), bytes.size(), path});
    ++done.files;
    done.bytes += bytes.size();
  }
  done.entries = TRY(verified_entries(disk, staged.path()));
  const auto key = crypto::minisign_key(signer.verifier.key);
  TRY(put(disk, staged.path() / manifest_file, manifest));
  TRY(put(disk, staged.path() / signature_file,
          crypto::minisign(signer.key, manifest, trusted_comment)));
  TRY(put(disk, staged.path() / key_file, crypto::minisign_public_file(key)));
  TRY(staged.commit());
  return done;
}

Result<Archived> restore(io::Disk& disk, const io::Path& archived, const io::Path& out,
                         const crypto::MinisignKey& key) {
  const auto lines = TRY(read_manifest(disk, archived, key));
  auto staged = TRY(io::StagedFolder::create(disk, out, segment_name(0), is_nothing));
  Archived done;
  for (const ManifestLine& line : lines) {
    const std::string bytes = TRY(io::read_file(disk, archived / line.path));
    if (bytes.size() != line.size_bytes || crypto::sha256(bytes) != line.digest)
      return bad(archived / line.path, "not the file that was archived");
    TRY(put(disk, staged.path() / line.path, bytes));
    ++done.files;
    done.bytes += bytes.size();
  }
  done.entries = TRY(verified_entries(disk, staged.path()));
  TRY(staged.commit());
  return done;
}

}  // namespace journal
