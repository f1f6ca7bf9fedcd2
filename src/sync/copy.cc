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
constexpr std::string_view staged_promise = ".promise";
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

std::uint64_t size_of(const std::optional<journal::SignedCheckpoint>& note) {
  return note ? note->checkpoint.size : 0;
}

std::uint64_t size_of(const Promise& promise) { return promise.note.checkpoint.size; }

// A checkpoint covers as many entries as it says.
Result<Promise> parse_whole(std::string_view bytes, const journal::VerifierKey& key) {
  const std::string note = TRY(journal::unwrap_checkpoint(bytes));
  auto whole = TRY(journal::open_checkpoint(note, key));
  const std::uint64_t entries = whole.checkpoint.size;
  return Promise{std::move(whole), entries, {}};
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

void Copy::keep_state() { settled_ = {place_, frontier_, checkpoint_, promise_}; }

const journal::SignedCheckpoint* Copy::base_for(std::uint64_t entries) const {
  if (promise_ && size_of(*promise_) <= entries) return &promise_->note;
  return checkpoint_ ? &*checkpoint_ : nullptr;
}

Result<> Copy::read() {
  std::vector<Note> notes = TRY(read_notes());
  if (TRY(journal::list_segments(*disk_, folder_)).empty()) return {};
  const State begin = TRY(remembered_place());
  const bool is_read = begin.place.next > 0 && TRY(read_from(begin, notes));
  if (!is_read) TRY(read_from({}, notes));
  if (!damage_.empty()) return {};
  TRY(take_notes(notes));
  return set_aside_rest();
}

// A note that cannot be read is as good as none: the next run brings one. What lies beside its
// place came with the last sync or the one after it; it is looked for last.
Result<std::vector<Copy::Note>> Copy::read_notes() {
  std::vector<Note> notes;
  keeps_all_ = disk_->exists(folder_ / journal::believed_file);
  for (const std::string_view file :
       {journal::checkpoint_file, promise_file, staged_checkpoint, staged_promise}) {
    if (!disk_->exists(folder_ / file)) continue;
    const std::string bytes = TRY(io::read_file(*disk_, folder_ / file));
    const bool is_promise = file == promise_file || file == staged_promise;
    auto note = is_promise ? parse_promise(bytes, key_) : parse_whole(bytes, key_);
    if (note)
      notes.push_back({file, *std::move(note)});
    else
      keeps_all_ |= file == journal::checkpoint_file || file == promise_file;
  }
  if (!notes.empty() && notes[0].file == journal::checkpoint_file)
    checkpoint_ = notes[0].promise.note;
  return notes;
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
  return State{found->place, found->frontier, {}, {}};
}

// False where what was read does not fit what is signed. The copy ends with the last frame that a
// note covers. Everything is kept where a note is lost, so that nobody knows what was acknowledged,
// and where a rebuild or a person has decided what is believed without one.
Result<bool> Copy::read_from(const State& begin, std::vector<Note>& notes) {
  State all = begin;
  std::uint64_t covered = begin.place.next;
  for (Note& note : notes) note.holds = false;
  const auto look_at_notes = [&] {
    for (Note& note : notes) {
      if (note.promise.entries != all.frontier.size()) continue;
      note.holds = covers(note.promise, all.frontier);
      if (note.holds) covered = all.frontier.size();
    }
  };
  look_at_notes();
  place_ = begin.place;
  frontier_ = begin.frontier;
  const auto on_frame = [&](const journal::Frame& frame, const Place& at) {
    for (const Digest& leaf : frame.leaves) {
      all.frontier.append(leaf);
      look_at_notes();
    }
    // A header with nothing behind it comes again.
    all.place = {at.segment, at.offset + frame.bytes, all.frontier.size(), frame.check};
    if (covered <= at.next) return;
    place_ = all.place;
    frontier_ = all.frontier;
  };
  const auto end = TRY(journal::scan(*disk_, folder_, begin.place, on_frame));
  frontier_saved_ = begin.place.next;
  const bool keeps_all = keeps_all_ || std::ranges::any_of(notes, [&](const Note& note) {
                           return note.file == promise_file && !note.holds &&
                                  note.promise.entries > size_of(checkpoint_);
                         });
  if (keeps_all) {
    place_ = all.place;
    frontier_ = all.frontier;
  }
  const auto damaged = [&](std::string_view why) {
    damage_ = fmt::format("{}: {}", folder_.string(), why);
    return false;
  };
  damage_.clear();
  if (!end.key.name.empty() && end.key != key_) return damaged("it is under another key");
  if (all.frontier.size() < size_of(checkpoint_))
    return damaged(end.fault ? to_string(*end.fault) : "it ends before what is signed");
  if (checkpoint_ && !notes[0].holds) return damaged("its entries are not those that were signed");
  return true;
}

// Puts what the power left beside its place there, before the next one is laid where it lies.
Result<> Copy::take_notes(std::vector<Note>& notes) {
  for (Note& note : notes) {
    if (size_of(note.promise) <= size_of(checkpoint_)) continue;
    const bool is_whole = note.file == staged_checkpoint;
    if (note.file == promise_file) {
      promise_ = std::move(note.promise);
    } else if (note.holds && note.promise.entries <= size()) {
      TRY(disk_->rename(folder_ / note.file,
                        folder_ / (is_whole ? journal::checkpoint_file : promise_file)));
      if (is_whole)
        checkpoint_ = std::move(note.promise.note);
      else
        promise_ = std::move(note.promise);
    }
  }
  if (promise_ && size_of(*promise_) <= size_of(checkpoint_)) promise_.reset();
  return {};
}

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
  Step step{{}, place_, frontier_, {}, {}, {}};
  Place& place = step.place;
  const auto no = [&](Refusal refusal, std::string_view why) {
    const auto* begin = base_for(note.checkpoint.size);
    return std::unexpected(No{refusal, fmt::format("{}, entry {}: {}", key_.name, place.next, why),
                              begin != nullptr ? begin->checkpoint.size : 0});
  };
  bool is_promise_kept = true;
  const auto append = [&](const Digest& leaf) {
    step.frontier.append(leaf);
    if (promise_ && step.frontier.size() == size_of(*promise_))
      is_promise_kept = step.frontier.root() == promise_->note.checkpoint.root;
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
    for (const Digest& leaf : frame.leaves) append(leaf);
    if (!is_promise_kept) return no(Refusal::does_not_continue, "it was signed otherwise before");
    place = {place.segment, place.offset + frame.bytes, step.frontier.size(), frame.check};
    rest.remove_prefix(frame.bytes);
  }
  if (!ends_with_frame) return no(Refusal::does_not_continue, "a segment without a commit");
  const Promise promise{note, step.frontier.size(), run.proof};
  if (!covers(promise, step.frontier))
    return no(Refusal::bad_proof, "the run is not a part of what is signed");
  if (step.frontier.size() == note.checkpoint.size)
    step.checkpoint = note;
  else
    step.promise = promise;
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
  if (step.promise) promise_ = step.promise;
  if (promise_ && size_of(*promise_) <= size_of(checkpoint_)) promise_.reset();
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
  promise_ = settled_.promise;
  must_cut_ = disk_->exists(folder_);
  is_staged_ = is_promise_staged_ = false;
}

Result<> Copy::stage_notes() {
  const auto text = [](const std::optional<journal::SignedCheckpoint>& one) {
    return one ? to_string(one->note) : std::string();
  };
  const bool has_checkpoint = text(checkpoint_) != text(settled_.checkpoint);
  const bool has_promise =
      promise_ && (!settled_.promise || promise_->entries != settled_.promise->entries);
  if (!has_checkpoint && !has_promise) return {};
  if (!disk_->exists(folder_)) TRY(disk_->make_folders(folder_));
  if (has_promise) TRY(put(*disk_, folder_ / staged_promise, to_text(*promise_)));
  is_promise_staged_ = has_promise;
  if (!has_checkpoint) return {};
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
  if (std::exchange(is_promise_staged_, false))
    TRY(disk_->rename(folder_ / staged_promise, folder_ / promise_file));
  if (std::exchange(is_staged_, false)) {
    TRY(disk_->rename(folder_ / staged_checkpoint, folder_ / journal::checkpoint_file));
    if (disk_->exists(folder_ / staged_frontier))
      TRY(disk_->rename(folder_ / staged_frontier, folder_ / frontier_file));
  }
  keep_state();
  return {};
}

}  // namespace syncing
