#include "journal/export.h"

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/scan.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t tile_width = 256;
constexpr std::size_t tile_height = 8;  // levels of the tree

bool is_exported(std::string_view name) { return name == checkpoint_file || name == "tile"; }

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

// Writes tile files below tile/, each in the folder that its number asks for.
class TileWriter {
 public:
  TileWriter(io::Disk& disk, io::Path folder) : disk_(disk), folder_(std::move(folder)) {}

  // `width` of 256 is a whole tile; an empty one is never written.
  Result<> write(std::string_view level, std::uint64_t number, std::uint64_t width,
                 std::string_view bytes) {
    CHECK(width > 0 && width <= tile_width);
    std::string name = fmt::format("{}/{}", level, tile_number(number));
    if (width < tile_width) name += fmt::format(".p/{}", width);
    const io::Path path = folder_ / "tile" / name;
    TRY(disk_.make_folders(path.parent_path()));
    const auto writer = TRY(disk_.create(path));
    TRY(writer->write(bytes));
    return writer->finish();
  }

 private:
  io::Disk& disk_;
  io::Path folder_;
};

// Bundles are written as entries come by; the tree is kept for the tiles.
class Exporter {
 public:
  Exporter(io::Disk& disk, const io::Path& folder, std::uint64_t size)
      : tiles_(disk, folder), size_(size) {}

  Result<> take(std::string_view entry, const Digest& leaf) {
    if (tree_.size() == size_) return {};
    tree_.append(leaf);
    put_number(bundle_, entry.size(), 2);
    bundle_ += entry;
    const bool is_full = tree_.size() % tile_width == 0;
    if (!is_full && tree_.size() != size_) return {};
    const std::uint64_t number = (tree_.size() - 1) / tile_width;
    TRY(tiles_.write("entries", number, tree_.size() - number * tile_width, bundle_));
    ++done_.bundles;
    bundle_.clear();
    return {};
  }

  Result<Exported> finish() {
    for (std::size_t level = 0; level * tile_height < tree_.level_count(); ++level) {
      const std::span<const Digest> hashes = tree_.level(level * tile_height);
      for (std::size_t begin = 0; begin < hashes.size(); begin += tile_width) {
        const auto tile = hashes.subspan(begin, std::min(tile_width, hashes.size() - begin));
        TRY(tiles_.write(fmt::format("{}", level), begin / tile_width, tile.size(),
                         {reinterpret_cast<const char*>(tile.data()), tile.size_bytes()}));
        ++done_.tiles;
      }
    }
    done_.entries = tree_.size();
    return done_;
  }

  const Tree& tree() const { return tree_; }

 private:
  TileWriter tiles_;
  std::uint64_t size_;
  Tree tree_;
  std::string bundle_;
  Exported done_;
};

}  // namespace

std::string tile_number(std::uint64_t number) {
  std::string text = fmt::format("{:03}", number % 1000);
  for (number /= 1000; number > 0; number /= 1000)
    text = fmt::format("x{:03}/{}", number % 1000, text);
  return text;
}

Result<Tree> load_tree(io::Disk& disk, const io::Path& folder) {
  Tree tree;
  const ScanEnd end = TRY(scan(disk, folder, {}, [&](const Frame& frame, const Place&) {
    for (const Digest& leaf : frame.leaves) tree.append(leaf);
  }));
  if (end.fault) return bad(folder, to_string(*end.fault));
  return tree;
}

Result<Exported> export_tiles(io::Disk& disk, const io::Path& folder, const io::Path& out) {
  const auto names = TRY(list_segments(disk, folder));
  if (names.empty()) return bad(folder, "holds no segment of a journal");
  const std::string first = TRY(io::read_file(disk, folder / names[0]));
  const ParsedHeader header = TRY(parse_header(first));
  const auto checkpoint = TRY(load_checkpoint(disk, folder, header.header.key));
  if (!checkpoint) return bad(folder, "there is no checkpoint, so nothing is signed yet");
  auto staged = TRY(io::StagedFolder::create(disk, out, checkpoint_file, is_exported));
  Exporter exporter(disk, staged.path(), checkpoint->checkpoint.size);
  Result<> written;
  const ScanEnd end = TRY(scan(disk, folder, {}, [&](const Frame& frame, const Place&) {
    for (std::size_t i = 0; i < frame.entries.size() && written; ++i)
      written = exporter.take(frame.entries[i], frame.leaves[i]);
  }));
  TRY(written);
  const Exported done = TRY(exporter.finish());
  if (end.fault && done.entries < checkpoint->checkpoint.size)
    return bad(folder, to_string(*end.fault));
  if (done.entries < checkpoint->checkpoint.size ||
      exporter.tree().root(done.entries) != checkpoint->checkpoint.root)
    return bad(folder, "the entries are not those that were signed");
  TRY(io::write_file(disk, staged.path() / checkpoint_file, to_string(checkpoint->note)));
  TRY(staged.commit());
  return done;
}

}  // namespace journal
