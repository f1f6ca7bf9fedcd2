// How a journal starts: fold what is there, then judge it.
#include <algorithm>

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/journal.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view repair =
    "keep the folder as it is, and repair it from a peer or an archive; stockade verify says more";
constexpr std::string_view decide =
    "if no peer has seen a later entry, stockade journal resume goes on without it";

}  // namespace

Result<Journal> Journal::open(io::Disk& disk, const io::Path& folder, const Options& options,
                              Fold& fold) {
  Journal journal(disk, folder, options);
  TRY(journal.replay(fold));
  // A segment that is full with its header alone would be followed by one of the same name.
  CHECK(options.segment_bytes_max > encode(SegmentHeader{journal.key_, 0, {}}).size());
  return journal;
}

Result<> Journal::reopen(Fold& fold) {
  // The file is let go of first, because it takes one holder at a time.
  file_.reset();
  closed_why_ = fmt::format("{}: the journal could not be opened anew", folder_.string());
  options_.known_entries = std::max(options_.known_entries, size());
  Journal fresh(*disk_, folder_, options_);
  TRY(fresh.replay(fold));
  *this = std::move(fresh);
  return {};
}

Result<> Journal::replay(Fold& fold) {
  ScanEnd end;
  if (!options_.use_snapshot || !TRY(replay_from_snapshot(fold, end)))
    end = TRY(replay_from({}, fold, std::nullopt));
  key_ = end.key;
  place_ = end.place;
  TRY(judge(end));
  if (opening_.standing == Standing::damaged) return {};
  file_ = TRY(disk_->open_file(folder_ / place_.segment));
  TRY(check_nobody_writes(place_.offset + end.broken.size()));
  if (opening_.standing == Standing::undecided) return set_broken_aside(end.broken);
  return make_sure_of_last_frame(end.last_frame_bytes);
}

// False where there is no snapshot to believe: then nothing has been folded.
Result<bool> Journal::replay_from_snapshot(Fold& fold, ScanEnd& end) {
  if (!disk_->exists(folder_ / snapshot_file)) return false;
  const std::string bytes = TRY(io::read_file(*disk_, folder_ / snapshot_file));
  const auto snapshot = parse_snapshot(bytes);
  if (!snapshot || !disk_->exists(folder_ / snapshot->place.segment)) return false;
  fold.reset();
  if (!fold.load(snapshot->state)) return false;
  frontier_ = snapshot->frontier;
  key_ = snapshot->key;
  end = TRY(replay_from(snapshot->place, fold,
                        DigestBody{snapshot->place.next, crypto::sha256(snapshot->state)}));
  opening_.from_snapshot = digest_confirmed_ && end.key == snapshot->key;
  return opening_.from_snapshot;
}

// The size that the checkpoint file states, to note the root there on the way. Whether the file
// holds is judged later.
std::uint64_t Journal::claimed_size() const {
  const auto file = io::read_file(*disk_, folder_ / checkpoint_file);
  const auto bytes = file ? unwrap_checkpoint(*file) : file;
  if (!bytes) return 0;
  const auto note = parse_note(*bytes);
  if (!note) return 0;
  const auto claimed = parse_checkpoint(note->text);
  return claimed ? claimed->size : 0;
}

// Folds entries from a place on. With `expected`, the first one must be that digest entry; without
// it nothing more is folded.
Result<ScanEnd> Journal::replay_from(const Place& begin, Fold& fold,
                                     const std::optional<DigestBody>& expected) {
  if (!expected) {
    fold.reset();
    frontier_ = {};
  }
  opening_ = {};
  last_ = {};
  bad_entry_.reset();
  digest_confirmed_ = !expected;
  signed_size_ = claimed_size();
  signed_root_.reset();
  if (frontier_.size() == signed_size_) signed_root_ = frontier_.root();
  return scan(*disk_, folder_, begin, [&](const Frame& frame, const Place& at) {
    if (!digest_confirmed_) {
      const auto entry = parse_entry(frame.entries[0]);
      const auto body =
          entry && entry->kind == EntryKind::digest ? parse_digest(entry->body) : std::nullopt;
      digest_confirmed_ = body && body->entries == expected->entries &&
                          body->digest == expected->digest && frame.first == expected->entries;
      if (!digest_confirmed_) bad_entry_ = Fault{};
    }
    if (!bad_entry_) take(frame, at, fold);
  });
}

void Journal::take(const Frame& frame, const Place& begin, Fold& fold) {
  for (std::size_t i = 0; i < frame.entries.size(); ++i) {
    const std::uint64_t index = frame.first + i;
    const auto entry = parse_entry(frame.entries[i]);
    if (!entry || entry->stamp.tick_ms < last_.tick_ms) {
      bad_entry_ = Fault{begin.segment, index, begin.offset,
                         entry ? "the site's time runs backwards" : entry.error().message};
      return;
    }
    fold.apply(index, *entry);
    last_ = entry->stamp;
    frontier_.append(frame.leaves[i]);
    ++opening_.entries_read;
    if (frontier_.size() == signed_size_) signed_root_ = frontier_.root();
  }
}

// The table of what was found, first row that fits:
//   an entry of an unknown kind, or time that runs backwards        damaged
//   a fault with something whole behind it                          damaged
//   the checkpoint file does not hold                               damaged
//   fewer whole entries than are signed or known to a peer          damaged
//   the root at the signed size is not the signed one               damaged
//   a fault in the newest commit                                    undecided
//   anything else                                                   ready
Result<> Journal::judge(const ScanEnd& end) {
  const auto at = [&](std::string why) {
    return Fault{place_.segment, place_.next, place_.offset, std::move(why)};
  };
  if (bad_entry_) return refuse(Standing::damaged, *bad_entry_, repair), Result<>{};
  if (end.fault && !end.is_last) return refuse(Standing::damaged, *end.fault, repair), Result<>{};
  const auto checkpoint = load_checkpoint(*disk_, folder_, key_);
  if (!checkpoint) {
    if (checkpoint.error().code == ErrorCode::io_failed) return std::unexpected(checkpoint.error());
    refuse(Standing::damaged,
           {std::string(checkpoint_file), std::nullopt, 0, checkpoint.error().message}, repair);
    return {};
  }
  signed_size_ = *checkpoint ? (*checkpoint)->checkpoint.size : 0;
  const std::uint64_t floor = std::max(signed_size_, options_.known_entries);
  if (place_.next < floor) {
    refuse(
        Standing::damaged,
        at(fmt::format("{}; {} entries were signed or seen by a peer, {} are here",
                       end.fault ? end.fault->why : "the journal ends early", floor, place_.next)),
        repair);
  } else if (*checkpoint && signed_root_ && *signed_root_ != (*checkpoint)->checkpoint.root) {
    refuse(Standing::damaged,
           {std::string(checkpoint_file), std::nullopt, 0,
            fmt::format("the first {} entries are not those that were signed", signed_size_)},
           repair);
  } else if (end.fault) {
    refuse(Standing::undecided, *end.fault, decide);
  }
  return {};
}

void Journal::refuse(Standing standing, Fault fault, std::string_view what_to_do) {
  opening_.standing = standing;
  opening_.why = fmt::format("{}: {}; the journal is read-only: {}", folder_.string(),
                             to_string(fault), what_to_do);
  opening_.fault = std::move(fault);
}

// The file is ours from here on; what was read before that must still be all of it, but for the
// space made for later frames.
Result<> Journal::check_nobody_writes(std::uint64_t end) {
  std::string bytes(64u << 10, '\0');
  bool has_grown = false;
  space_end_ = end;
  while (const std::size_t got = TRY(file_->read_at(space_end_, bytes))) {
    space_end_ += got;
    has_grown |= !without_zeros(std::string_view(bytes).substr(0, got)).empty();
  }
  const auto names = TRY(list_segments(*disk_, folder_));
  if (!has_grown && names.back() == place_.segment) return {};
  return base::fail(ErrorCode::io_failed,
                    fmt::format("{}: another process is writing it", folder_.string()));
}

// The same broken bytes always get the same name, however often the journal is opened.
Result<> Journal::set_broken_aside(const std::string& broken) {
  const io::Path folder = folder_ / set_aside_folder;
  const std::string name = fmt::format("{}-{}-{}", place_.segment, place_.offset,
                                       to_hex(crypto::sha256(broken)).substr(0, 16));
  if (!disk_->exists(folder)) {
    TRY(disk_->make_folders(folder));
    TRY(disk_->sync_folder(folder_));
  }
  if (!disk_->exists(folder / name)) TRY(io::write_file(*disk_, folder / name, broken));
  opening_.set_aside = (io::Path(set_aside_folder) / name).string();
  opening_.why += fmt::format("; its bytes are kept in {}", opening_.set_aside);
  return {};
}

// A frame can be read back and yet not be on disk, if its sync failed and the process ended then.
// Writing the same bytes once more makes it so.
Result<> Journal::make_sure_of_last_frame(std::size_t size) {
  TRY(disk_->sync_folder(folder_));
  if (size == 0) return {};
  std::string bytes(size, '\0');
  const std::uint64_t begin = place_.offset - size;
  if (TRY(file_->read_at(begin, bytes)) != size)
    return base::fail(ErrorCode::io_failed,
                      fmt::format("{}: shrinks while it is read", folder_.string()));
  TRY(file_->write_at(begin, bytes));
  return file_->sync();
}

}  // namespace journal
