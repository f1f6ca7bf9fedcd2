#include "journal/journal.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/files.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

// How many zeros a frame takes with it, and how large it is at most: a larger one gains little. The
// design note has the figures.
constexpr std::uint64_t space_bytes = 1u << 20;
constexpr std::size_t space_frame_bytes_max = 64u << 10;

io::Path parent_of(const io::Path& path) {
  return path.has_parent_path() ? path.parent_path() : io::Path(".");
}

// Makes a folder and its name durable.
Result<> make_folder(io::Disk& disk, const io::Path& folder) {
  if (disk.exists(folder)) return {};
  TRY(disk.make_folders(folder));
  return disk.sync_folder(parent_of(folder));
}

}  // namespace

Journal::Journal(io::Disk& disk, io::Path folder, const Options& options)
    : disk_(&disk), folder_(std::move(folder)), options_(options) {}

Result<> Journal::create(io::Disk& disk, const io::Path& folder, const VerifierKey& key) {
  CHECK(key.kind == KeyKind::signer);
  if (disk.exists(folder) && !TRY(list_segments(disk, folder)).empty())
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: there is a journal already", folder.string()));
  TRY(make_folder(disk, folder));
  return io::write_file(disk, folder / segment_name(0), encode(SegmentHeader{key, 0, {}}));
}

Result<std::uint64_t> Journal::append(std::span<const std::string_view> events, Stamp stamp) {
  CHECK(!events.empty());
  const std::uint64_t first = size();
  const auto entries = TRY(pack_events(events, stamp));
  TRY(commit(entries));
  last_ = stamp;
  if (!unsigned_since_tick_ms_) unsigned_since_tick_ms_ = stamp.tick_ms;
  return first;
}

Result<Digest> Journal::append_document(std::string_view bytes, Stamp stamp) {
  TRY(check_writable());
  const Digest digest = crypto::sha256(bytes);
  const io::Path path = document_path(folder_, digest);
  TRY(make_folder(*disk_, folder_ / documents_folder));
  TRY(make_folder(*disk_, path.parent_path()));
  const auto present = disk_->exists(path) ? io::read_file(*disk_, path) : std::string();
  const bool is_there = present && crypto::sha256(*present) == digest;
  // The name of one that is there may not be durable: a loss of power can have come before that.
  if (is_there)
    TRY(disk_->sync_folder(path.parent_path()));
  else
    TRY(io::write_file(*disk_, path, bytes));
  const std::string body = encode(DocumentBody{digest, bytes.size()});
  TRY(commit(std::array{encode(Entry{EntryKind::document, stamp, body})}));
  last_ = stamp;
  return digest;
}

Result<> Journal::save_snapshot(std::string state, Stamp stamp) {
  TRY(check_writable());
  TRY(rotate_if_full());
  const Snapshot snapshot{key_, place_, frontier_, std::move(state)};
  const std::string body = encode(DigestBody{size(), crypto::sha256(snapshot.state)});
  TRY(commit(std::array{encode(Entry{EntryKind::digest, stamp, body})}));
  last_ = stamp;
  return io::write_file(*disk_, folder_ / snapshot_file, encode(snapshot));
}

bool Journal::checkpoint_due(std::int64_t tick_ms) const {
  if (unsigned_entries() == 0) return false;
  return unsigned_entries() >= unsigned_entries_max || !unsigned_since_tick_ms_ ||
         tick_ms - *unsigned_since_tick_ms_ >= unsigned_ms_max;
}

Result<> Journal::save_checkpoint(const SignedCheckpoint& checkpoint) {
  const auto refuse = [&](std::string_view why) {
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: the checkpoint {}", folder_.string(), why));
  };
  const Checkpoint& what = checkpoint.checkpoint;
  if (check(checkpoint.note, key_).outcome != Signed::yes || what.origin != key_.name)
    return refuse("is not of this journal");
  if (what.size < signed_size_) return refuse("is older than the one that is stored");
  if (what.size > size()) return refuse("covers entries that are not there");
  TRY(io::write_file(*disk_, folder_ / checkpoint_file, wrap_checkpoint(checkpoint.note)));
  signed_size_ = what.size;
  if (unsigned_entries() == 0) unsigned_since_tick_ms_.reset();
  return {};
}

Result<> Journal::check_writable() const {
  if (opening_.standing != Standing::ready) return base::fail(ErrorCode::read_only, opening_.why);
  if (!closed_why_.empty()) return base::fail(ErrorCode::read_only, closed_why_);
  return {};
}

Result<> Journal::commit(std::span<const std::string> entries) {
  TRY(check_writable());
  TRY(rotate_if_full());
  return commit_here(entries);
}

// The heart: one frame, one write, one sync.
Result<> Journal::commit_here(std::span<const std::string> entries) {
  builder_.begin(place_.next, place_.link);
  for (const std::string& entry : entries)
    if (!builder_.add(entry))
      return base::fail(ErrorCode::input_too_large,
                        fmt::format("a commit of more than {} bytes or {} entries",
                                    frame_body_bytes_max, frame_entries_max));
  const std::string_view frame = builder_.finish();
  TRY(write(frame));
  place_.offset += frame.size();
  place_.next += builder_.leaves().size();
  place_.link = builder_.check();
  for (const Digest& leaf : builder_.leaves()) frontier_.append(leaf);
  return {};
}

// After a write that failed, for example on a full disk, the segment is cut back to its last frame
// and the journal goes on. After a sync that failed nobody knows what is on disk, and asking again
// would be believed wrongly: the journal closes until it is opened anew.
Result<> Journal::write(std::string_view frame) {
  if (const auto written = write_with_space(frame); !written) {
    const auto cut = cut_back();
    return base::fail(ErrorCode::io_failed,
                      fmt::format("{}; {}", written.error().message,
                                  cut ? "nothing was written" : std::string_view(closed_why_)));
  }
  const auto synced = file_->sync();
  if (!synced)
    closed_why_ = fmt::format("{}; what is on disk is known after the journal is opened anew",
                              synced.error().message);
  return synced;
}

// A sync of a file that grows has to commit its new size too, one of bytes that were there has not.
// So a small frame that reaches beyond what is there takes a run of zeros with it, for those after
// it. A disk that has no room for the run may have some for the frame, and is not asked again.
Result<> Journal::write_with_space(std::string_view frame) {
  const std::uint64_t end = place_.offset + frame.size();
  const std::uint64_t run_end = std::min(end + space_bytes, options_.segment_bytes_max);
  if (end > space_end_ && end < run_end && makes_space_ && frame.size() <= space_frame_bytes_max) {
    std::string bytes(frame);
    bytes.resize(run_end - place_.offset, '\0');
    makes_space_ = file_->write_at(place_.offset, bytes).has_value();
    if (makes_space_) {
      space_end_ = run_end;
      return {};
    }
    TRY(file_->truncate(place_.offset));
    space_end_ = place_.offset;
  }
  TRY(file_->write_at(place_.offset, frame));
  space_end_ = std::max(space_end_, end);
  return {};
}

// Takes everything behind the last frame away: what a failed write left, and space for later ones.
Result<> Journal::cut_back() {
  const auto cut = file_->truncate(place_.offset);
  const auto synced = cut ? file_->sync() : cut;
  space_end_ = place_.offset;
  if (!synced)
    closed_why_ =
        fmt::format("the segment could not be cut back: {}; open it anew", synced.error().message);
  return synced;
}

// The next segment appears whole, header included, or not at all.
Result<> Journal::rotate_if_full() {
  if (place_.offset < options_.segment_bytes_max) return {};
  // Space is never made beyond the bound, but the bound may have been another one then.
  if (space_end_ > place_.offset) TRY(cut_back());
  const std::string name = segment_name(place_.next);
  const SegmentHeader header{key_, place_.next, place_.link};
  const std::string bytes = encode(header);
  auto outcome = io::write_file(*disk_, folder_ / name, bytes);
  if (outcome) {
    auto file = disk_->open_file(folder_ / name);
    if (file) {
      file_ = *std::move(file);
      place_ = {name, bytes.size(), place_.next, parse_header(bytes)->check};
      space_end_ = place_.offset;
      makes_space_ = true;
      return {};
    }
    outcome = std::unexpected(file.error());
  }
  // A segment that may be there must not be followed by entries in the one before it.
  if (disk_->exists(folder_ / name))
    closed_why_ = fmt::format("{}; open the journal anew", outcome.error().message);
  return outcome;
}

Result<> Journal::resume(std::string_view by, std::string_view why, Stamp stamp) {
  CHECK(opening_.standing == Standing::undecided);
  const std::string broken = TRY(io::read_file(*disk_, folder_ / opening_.set_aside));
  const std::string body = encode(
      SetAsideBody{crypto::sha256(broken), broken.size(), std::string(by), std::string(why)});
  const Opening found = std::exchange(opening_, {});
  // The decision is written over the broken record: one frame, one sync. What is left of a longer
  // one behind it is cut off afterwards; after a loss of power in between, it is set aside again.
  const auto outcome = [&]() -> Result<> {
    TRY(commit_here(std::array{encode(Entry{EntryKind::set_aside, stamp, body})}));
    return cut_back();
  }();
  if (outcome)
    last_ = stamp;
  else
    opening_ = found;
  if (!outcome && closed_why_.empty())
    closed_why_ = outcome.error().message + "; open the journal anew";
  return outcome;
}

}  // namespace journal
