#pragma once
// One site's journal, to write: append, checkpoint, documents, snapshot, and what a start finds.
// One object at a time may hold a folder open. Not for several threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/disk.h"
#include "journal/checkpoint.h"
#include "journal/entry.h"
#include "journal/scan.h"
#include "journal/snapshot.h"

namespace journal {

// What a start found, and so whether the journal takes entries.
enum class Standing : std::uint8_t {
  ready,
  undecided,  // the last record is broken; it lies in set-aside/ until resume() or a repair
  damaged,    // entries that were committed are broken or missing; only a repair helps
};

// What a site folds from its entries.
class Fold {
 public:
  virtual ~Fold() = default;
  // Forgets everything.
  virtual void reset() = 0;
  // Takes a state that the same code has saved. Error: any; the journal is then folded in full.
  virtual base::Result<> load(std::string_view state) = 0;
  // Entries come in order, from 0 or from where the loaded state ends.
  virtual void apply(std::uint64_t index, const Entry& entry) = 0;
};

struct Options {
  std::uint64_t segment_bytes_max = 64u << 20;  // a fuller segment is closed and the next one begun
  std::uint64_t known_entries = 0;  // how many entries a peer has seen; fewer are a damage
  bool use_snapshot = true;
};

struct Opening {
  Standing standing = Standing::ready;
  std::optional<Fault> fault;
  std::string why;        // what is wrong and what to do, for a person; empty if ready
  std::string set_aside;  // the file that holds the broken record, inside the folder
  bool from_snapshot = false;
  std::uint64_t entries_read = 0;
};

// At most so many entries, and so much time, stay without a signature while a site runs.
inline constexpr std::uint64_t unsigned_entries_max = 1'024;
inline constexpr std::int64_t unsigned_ms_max = 1'000;

class Journal {
 public:
  // Begins an empty journal under the key's name. Error: input_bad if the folder holds one.
  static base::Result<> create(io::Disk& disk, const io::Path& folder, const VerifierKey& key);
  // Folds everything and finds out how the journal stands. Damage is not an error: the journal then
  // answers, but takes no entries. Error: io_failed; evidence_bad where there is no journal.
  static base::Result<Journal> open(io::Disk& disk, const io::Path& folder, const Options& options,
                                    Fold& fold);

  // Opens the same folder anew, with all that is acknowledged as known_entries: after a failure
  // that nothing else clears. After an error the journal takes no entries until this succeeds; the
  // fold then holds some of the first entries, or none. Errors: as open.
  base::Result<> reopen(Fold& fold);

  const Opening& opening() const { return opening_; }
  const VerifierKey& key() const { return key_; }
  std::uint64_t size() const { return frontier_.size(); }
  Stamp last_stamp() const { return last_; }

  // Commits events: when this returns, they are on disk, all of them, in consecutive entries. The
  // result is the index of the first. After an error they are not acknowledged; whether they are
  // there is known after the next open, unless the error says that nothing was written.
  // Errors: read_only, input_too_large, io_failed. Requires at least one event.
  base::Result<std::uint64_t> append(std::span<const std::string_view> events, Stamp stamp);
  // Stores a document under its SHA-256 and commits an entry that names it.
  base::Result<Digest> append_document(std::string_view bytes, Stamp stamp);
  // Goes on without the broken last record, and commits an entry that says so. Requires undecided.
  base::Result<> resume(std::string_view by, std::string_view why, Stamp stamp);
  // Commits the digest of the state after all entries so far, then keeps the state for fast starts.
  base::Result<> save_snapshot(std::string state, Stamp stamp);

  // What there is to sign now.
  Checkpoint checkpoint() const { return {key_.name, frontier_.size(), frontier_.root()}; }
  // Entries that no stored checkpoint covers.
  std::uint64_t unsigned_entries() const { return frontier_.size() - signed_size_; }
  bool checkpoint_due(std::int64_t tick_ms) const;
  // Stores a checkpoint of this journal, replacing the older one. Off the commit path: nothing
  // waits for it. Error: evidence_bad for one that is not of this journal or is older.
  base::Result<> save_checkpoint(const SignedCheckpoint& checkpoint);

 private:
  Journal(io::Disk& disk, io::Path folder, const Options& options);
  base::Result<> replay(Fold& fold);
  base::Result<bool> replay_from_snapshot(Fold& fold, ScanEnd& end);
  base::Result<ScanEnd> replay_from(const Place& begin, Fold& fold,
                                    const std::optional<DigestBody>& expected);
  std::uint64_t claimed_size() const;
  void take(const Frame& frame, const Place& begin, Fold& fold);
  base::Result<> judge(const ScanEnd& end);
  void refuse(Standing standing, Fault fault, std::string_view what_to_do);
  base::Result<> check_nobody_writes(std::uint64_t end);
  base::Result<> set_broken_aside(const std::string& broken);
  base::Result<> make_sure_of_last_frame(std::size_t size);

  base::Result<> commit(std::span<const std::string> entries);
  base::Result<> commit_here(std::span<const std::string> entries);
  base::Result<> write(std::string_view frame);
  base::Result<> write_with_space(std::string_view frame);
  base::Result<> cut_back();
  base::Result<> rotate_if_full();
  base::Result<> check_writable() const;

  io::Disk* disk_;
  io::Path folder_;
  Options options_;
  VerifierKey key_;
  std::unique_ptr<io::File> file_;  // the newest segment
  Place place_;                     // where the next frame goes
  std::uint64_t space_end_ = 0;     // bytes of the segment that are there; zeros from place_ on
  bool makes_space_ = true;         // until the disk has none
  Frontier frontier_;
  Stamp last_;
  Opening opening_;
  std::uint64_t signed_size_ = 0;
  std::optional<Digest> signed_root_;  // of the entries read at the signed size
  std::optional<std::int64_t> unsigned_since_tick_ms_;
  std::optional<Fault> bad_entry_;
  bool digest_confirmed_ = false;
  std::string closed_why_;  // after a failure that only a new open can clear
  FrameBuilder builder_;
};

}  // namespace journal
