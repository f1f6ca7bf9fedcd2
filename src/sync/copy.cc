#include "sync/copy.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/snapshot.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Frontier;
using journal::Place;

// A start reads on from the frontier file; it is written anew after so many entries.
constexpr std::uint64_t frontier_entries = 4'096;

constexpr std::string_view staged_checkpoint = ".checkpoint";
constexpr std::string_view staged_frontier = ".frontier";

// Lays a file down; it is on disk only once the volume is synced.
Result<> put(io::Disk& disk, const io::Path& path, std::string_view bytes) {
  const auto writer = TRY(disk.create(path));
  return writer->write(bytes);
}

void take_documents(const journal::Frame& frame, std::vector<journal::DocumentBody>& documents) {
  for (const std::string_view bytes : frame.entries) {
    const auto entry = journal::parse_entry(bytes);
    if (!entry || entry->kind != journal::EntryKind::document) continue;
    if (const auto body = journal::parse_document(entry->body)) documents.push_back(*body);
  }
}

// Adds bytes that follow what the pieces have so far.
void add_piece(std::vector<Step::Piece>& pieces, const Place& at, std::string_view bytes) {
  if (!pieces.empty() && pieces.back().segment == at.segment && at.offset > 0) {
    std::string_view& last = pieces.back().bytes;
    last = {last.data(), last.size() + bytes.size()};
  } else {
    pieces.push_back({at.segment, at.offset, bytes});
  }
}

}  // namespace

Result<Copy> Copy::open(io::Disk& disk, const io::Path& folder, const journal::VerifierKey& key) {
  Copy copy(disk, folder, key);
  if (disk.exists(folder)) TRY(copy.read());
  copy.keep_state();
  return copy;
}

void Copy::keep_state() { settled_ = {place_, frontier_, checkpoint_}; }

// A checkpoint that does not hold is as good as none: the next run brings one.
Result<> Copy::read() {
  auto stored = journal::load_checkpoint(*disk_, folder_, key_);
  if (stored)
    checkpoint_ = *std::move(stored);
  else if (stored.error().code == ErrorCode::io_failed)
    return std::unexpected(stored.error());
  if (TRY(journal::list_segments(*disk_, folder_)).empty()) return {};
  const State begin = TRY(remembered_place());
  const bool is_read = begin.place.next > 0 && TRY(read_from(begin));
  if (!is_read) TRY(read_from({}));
  return damage_.empty() ? set_aside_rest() : Result<>{};
}

// Where to read on; the start where nothing that can be believed is remembered.
Result<Copy::State> Copy::remembered_place() const {
  const io::Path path = folder_ / frontier_file;
  if (!checkpoint_ || !disk_->exists(path)) return State{};
  const std::string bytes = TRY(io::read_file(*disk_, path));
  const auto found = journal::parse_snapshot(bytes);
  if (!found || found->key != key_ || found->place.next > checkpoint_->checkpoint.size ||
      !disk_->exists(folder_ / found->place.segment))
    return State{};
  return State{found->place, found->frontier, {}};
}

// False where what was read does not fit what is signed.
Result<bool> Copy::read_from(const State& begin) {
  Frontier frontier = begin.frontier;
  Place last = begin.place;
  const std::uint64_t signed_size = checkpoint_ ? checkpoint_->checkpoint.size : 0;
  std::optional<Digest> root;
  const auto note_root = [&] {
    if (frontier.size() == signed_size) root = frontier.root();
  };
  note_root();
  const auto on_frame = [&](const journal::Frame& frame, const Place& at) {
    for (const Digest& leaf : frame.leaves) {
      frontier.append(leaf);
      note_root();
    }
    last = {at.segment, at.offset + frame.bytes, frontier.size(), frame.check};
  };
  const auto end = TRY(journal::scan(*disk_, folder_, begin.place, on_frame));
  place_ = last;  // a header with nothing behind it comes again
  frontier_ = frontier;
  frontier_saved_ = begin.place.next;
  const auto damaged = [&](std::string_view why) {
    damage_ = fmt::format("{}: {}", folder_.string(), why);
    return false;
  };
  damage_.clear();
  if (!end.key.name.empty() && end.key != key_) return damaged("it is under another key");
  if (frontier.size() < signed_size)
    return damaged(end.fault ? to_string(*end.fault) : "it ends before what is signed");
  if (signed_size > 0 && root != checkpoint_->checkpoint.root)
    return damaged("its entries are not those that were signed");
  return true;
}

// What lies behind the last whole frame came when the power went: it was acknowledged to nobody,
// and comes again.
Result<> Copy::set_aside_rest() {
  const auto keep = [&](const std::string& name, std::uint64_t offset) -> Result<> {
    const std::string bytes = TRY(io::read_file(*disk_, folder_ / name)).substr(offset);
    const std::string_view rest = journal::without_zeros(bytes);
    if (rest.empty()) return {};
    const io::Path folder = folder_ / journal::set_aside_folder;
    TRY(disk_->make_folders(folder));
    return io::write_file(
        *disk_,
        folder / fmt::format("{}-{}-{}", name, offset, to_hex(crypto::sha256(rest)).substr(0, 16)),
        rest);
  };
  for (const std::string& name : TRY(journal::list_segments(*disk_, folder_))) {
    if (name < place_.segment) continue;
    const std::uint64_t offset = name == place_.segment ? place_.offset : 0;
    if (TRY(disk_->open(folder_ / name))->size_bytes() > offset) TRY(keep(name, offset));
  }
  return cut_back();
}

// Takes everything behind the copy's end off the disk.
Result<> Copy::cut_back() {
  for (const std::string& name : TRY(journal::list_segments(*disk_, folder_))) {
    if (name > place_.segment) TRY(disk_->remove_all(folder_ / name));
    if (name != place_.segment) continue;
    if (TRY(disk_->open(folder_ / name))->size_bytes() == place_.offset) continue;
    const auto file = TRY(disk_->open_file(folder_ / name));
    TRY(file->truncate(place_.offset));
    TRY(file->sync());
  }
  must_cut_ = false;
  return {};
}

std::expected<Step, No> Copy::judge(const Run& run, const journal::SignedCheckpoint& note) const {
  CHECK(run.from == size() && damage_.empty());
  Step step{{}, place_, frontier_, {}, {}};
  Place& place = step.place;
  const std::uint64_t signed_size = checkpoint_ ? checkpoint_->checkpoint.size : 0;
  const auto no = [&](Refusal refusal, std::string_view why) {
    return std::unexpected(
        No{refusal, fmt::format("{}, entry {}: {}", key_.name, place.next, why), signed_size});
  };
  journal::Frame frame;
  bool ends_with_frame = true;
  for (std::string_view rest = run.bytes; !rest.empty();) {
    ends_with_frame = journal::frame_bytes(rest).has_value();
    if (!ends_with_frame) {
      const auto parsed = journal::parse_header(rest);
      if (!parsed) return no(Refusal::does_not_continue, parsed.error().message);
      const Place begin{journal::segment_name(place.next), 0, place.next, place.link};
      const std::string why = objection(parsed->header, begin, key_);
      if (!why.empty()) return no(Refusal::does_not_continue, why);
      if (begin.segment == place.segment)
        return no(Refusal::does_not_continue, "a segment begins twice");
      add_piece(step.pieces, begin, rest.substr(0, parsed->bytes));
      place = {begin.segment, parsed->bytes, place.next, parsed->check};
      rest.remove_prefix(parsed->bytes);
      continue;
    }
    const journal::FrameFault fault = read_frame(rest, place.next, place.link, frame);
    if (fault != journal::FrameFault::none) return no(Refusal::does_not_continue, to_text(fault));
    if (place.segment.empty()) return no(Refusal::does_not_continue, "a header is missing");
    add_piece(step.pieces, place, rest.substr(0, frame.bytes));
    take_documents(frame, step.documents);
    for (const Digest& leaf : frame.leaves) step.frontier.append(leaf);
    place = {place.segment, place.offset + frame.bytes, step.frontier.size(), frame.check};
    rest.remove_prefix(frame.bytes);
  }
  if (!ends_with_frame) return no(Refusal::does_not_continue, "a segment without a commit");
  const journal::Checkpoint& whole = note.checkpoint;
  const bool is_whole = step.frontier.size() == whole.size;
  const bool is_proved =
      is_whole ? step.frontier.root() == whole.root
               : journal::proves_consistency(step.frontier.size(), whole.size, step.frontier.root(),
                                             whole.root, run.proof);
  if (!is_proved) return no(Refusal::bad_proof, "the run is not a part of what is signed");
  if (is_whole) step.checkpoint = note;
  return step;
}

Result<> Copy::write(const Step& step) {
  if (const auto written = put_pieces(step); !written) {
    undo();
    return written;
  }
  place_ = step.place;
  frontier_ = step.frontier;
  if (step.checkpoint) checkpoint_ = step.checkpoint;
  return {};
}

Result<> Copy::put_pieces(const Step& step) {
  if (!disk_->exists(folder_)) TRY(disk_->make_folders(folder_));
  if (must_cut_) TRY(cut_back());
  for (const Step::Piece& piece : step.pieces) {
    if (piece.offset == 0) {
      TRY(put(*disk_, folder_ / piece.segment, piece.bytes));
    } else {
      const auto file = TRY(disk_->open_file(folder_ / piece.segment));
      TRY(file->write_at(piece.offset, piece.bytes));
    }
  }
  return {};
}

void Copy::remember(journal::SignedCheckpoint checkpoint) { checkpoint_ = std::move(checkpoint); }

void Copy::undo() {
  place_ = settled_.place;
  frontier_ = settled_.frontier;
  checkpoint_ = settled_.checkpoint;
  must_cut_ = disk_->exists(folder_);
  is_staged_ = false;
}

Result<> Copy::stage_checkpoint() {
  const auto text = [](const std::optional<journal::SignedCheckpoint>& one) {
    return one ? to_string(one->note) : std::string();
  };
  if (!checkpoint_ || text(checkpoint_) == text(settled_.checkpoint)) return {};
  if (!disk_->exists(folder_)) TRY(disk_->make_folders(folder_));
  TRY(put(*disk_, folder_ / staged_checkpoint, journal::wrap_checkpoint(checkpoint_->note)));
  is_staged_ = true;
  const bool is_due =
      size() >= frontier_saved_ + frontier_entries && size() == checkpoint_->checkpoint.size;
  if (!is_due) return {};
  frontier_saved_ = size();
  return put(*disk_, folder_ / staged_frontier,
             encode(journal::Snapshot{key_, place_, frontier_, {}}));
}

Result<> Copy::settle() {
  if (std::exchange(is_staged_, false)) {
    TRY(disk_->rename(folder_ / staged_checkpoint, folder_ / journal::checkpoint_file));
    if (disk_->exists(folder_ / staged_frontier))
      TRY(disk_->rename(folder_ / staged_frontier, folder_ / frontier_file));
  }
  keep_state();
  return {};
}

}  // namespace syncing
