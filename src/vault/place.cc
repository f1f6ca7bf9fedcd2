// Append-only places: how a copy gets into one, and what one holds.
#include <set>

#include "vault/copy.h"

namespace vault {
namespace {

using base::Result;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

// Hands a file over in pieces.
template <class Take>
Result<> read_pieces(io::Disk& disk, const io::Path& path, Take&& take) {
  const auto reader = TRY(disk.open(path));
  std::string piece(piece_bytes, '\0');
  while (true) {
    const std::size_t got = TRY(reader->read(piece));
    if (got == 0) return {};
    TRY(take(std::string_view(piece).substr(0, got)));
  }
}

// `fill` writes; the file appears under its name when it is on disk, and only if that is new.
template <class Fill>
Result<> put(io::Disk& disk, const io::Path& place, const std::string& name, Fill&& fill) {
  const io::Path aside = place / ("." + name + ".aside");
  const auto writer = TRY(disk.create(aside));
  Result<> done = fill(*writer);
  if (done) done = writer->finish();
  if (done) done = disk.rename_new(aside, place / name);
  if (done) return disk.sync_folder(place);
  (void)disk.remove_all(aside);
  return done;
}

}  // namespace

Result<FileDigest> digest_of(io::Disk& disk, const io::Path& path) {
  crypto::Sha256 hash;
  FileDigest made;
  TRY(read_pieces(disk, path, [&](std::string_view piece) -> Result<> {
    hash.add(piece);
    made.bytes += piece.size();
    return {};
  }));
  made.digest = hash.finish();
  return made;
}

Result<> put_in_place(io::Disk& disk, const io::Path& archive, std::string_view note,
                      const CopyName& name, const io::Path& place) {
  TRY(disk.make_folders(place));
  const std::string base = to_string(name);
  for (const std::string_view ending : {archive_ending, note_ending})
    if (const io::Path path = place / (base + std::string(ending)); disk.exists(path))
      return base::fail(base::ErrorCode::io_failed,
                        path.string() + ": is there already, and nothing is written twice");
  TRY(put(disk, place, base + std::string(archive_ending), [&](io::Writer& writer) {
    return read_pieces(disk, archive, [&](std::string_view piece) { return writer.write(piece); });
  }));
  return put(disk, place, base + std::string(note_ending),
             [&](io::Writer& writer) { return writer.write(note); });
}

Result<Place> list_place(io::Disk& disk, const io::Path& place) {
  std::set<std::string> names;
  for (std::string& name : TRY(disk.list(place))) names.insert(std::move(name));
  Place found;
  for (const std::string& file : names) {
    const bool is_archive = file.ends_with(archive_ending);
    if (!is_archive && !file.ends_with(note_ending)) continue;
    const std::string_view ending = is_archive ? archive_ending : note_ending,
                           other = is_archive ? note_ending : archive_ending;
    const std::string base = file.substr(0, file.size() - ending.size());
    const auto name = parse_copy_name(base);
    if (!name) continue;
    if (!names.contains(base + std::string(other)))
      found.halves.push_back(file);
    else if (is_archive)
      found.whole.push_back(*name);
  }
  return found;
}

}  // namespace vault
