#pragma once
// A held copy: another site's journal in its own format, byte for byte, as far as it was proved to
// be what that site has signed.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/checkpoint.h"
#include "journal/entry.h"
#include "journal/scan.h"
#include "journal/tree.h"
#include "sync/message.h"
#include "sync/promise.h"
#include "sync/roster_index.h"

namespace syncing {

// The file that remembers where a copy's proved part ends, so that a start need not read all of it:
// a snapshot without a state. A cache, believed only if what is signed agrees.
inline constexpr std::string_view frontier_file = "frontier";

// The file of the newest promise; old news once the checkpoint has its note's size.
inline constexpr std::string_view promise_file = "promise";

// What a run comes to, once it is found to hold: the copy's next state, and the bytes that make it.
struct Step {
  struct Piece {
    std::string segment;
    std::uint64_t offset = 0;  // 0: the piece begins a new segment
    std::string_view bytes;    // of the run
  };
  std::vector<Piece> pieces;
  journal::Place place;  // behind the run
  journal::Frontier frontier;
  std::optional<journal::SignedCheckpoint> checkpoint;  // where the run ends with it
  std::optional<Promise> promise;                       // where it ends before its note
  std::vector<journal::DocumentBody> documents;         // that its entries name
};

class Copy {
 public:
  // Reads what the folder holds of the journal under this key; a missing folder holds nothing. What
  // a loss of power left behind the last commit that a note covers was acknowledged to nobody: it
  // goes to set-aside/, and comes again. Damage of what is signed is no error: see damage(). Error:
  // io_failed.
  static base::Result<Copy> open(io::Disk& disk, const io::Path& folder,
                                 const journal::VerifierKey& key);

  const journal::VerifierKey& key() const { return key_; }
  const io::Path& folder() const { return folder_; }
  // Entries that are held; checkpoint and promise say that all of them are signed.
  std::uint64_t size() const { return frontier_.size(); }
  // The newest checkpoint whose entries are all here.
  const std::optional<journal::SignedCheckpoint>& checkpoint() const { return checkpoint_; }
  // A note beyond the checkpoint that proved the newest entries; nothing where the checkpoint did.
  const std::optional<Promise>& promise() const { return promise_; }
  // Where a proof that leads to so many entries should begin: the promise's note if it is not
  // beyond them, or else the checkpoint; nothing where neither is held. A site that has signed a
  // tree which does not grow out of it has signed two histories.
  const journal::SignedCheckpoint* base_for(std::uint64_t entries) const;
  // Why the copy takes nothing before it is repaired; empty if all is well.
  const std::string& damage() const { return damage_; }

  // Whether the run continues the copy, is what the note, which is signed, covers, and keeps the
  // promise. Reads and writes nothing. Requires run.from == size() and no damage. Refused, with the
  // size of the note from which a proof should begin: does_not_continue, bad_proof.
  std::expected<Step, No> judge(const Run& run, const journal::SignedCheckpoint& note) const;

  // Writes a step of this copy, or the newer checkpoint that a witness was shown. It counts once
  // the disk is synced and settle() has been called; until then undo() takes it back. After an
  // error it is taken back already.
  base::Result<> write(const Step& step);
  void remember(journal::SignedCheckpoint checkpoint);
  // Before the disk is synced: lays new notes beside their places. Then: puts them there.
  base::Result<> stage_notes();
  base::Result<> settle();
  void undo();

 private:
  struct State {
    journal::Place place;
    journal::Frontier frontier;
    std::optional<journal::SignedCheckpoint> checkpoint;
    std::optional<Promise> promise;
  };
  // A note that lies with the copy, or beside its place since the power went.
  struct Note {
    std::string_view file;
    Promise promise;
    bool holds = false;  // of the entries that are there
  };

  Copy(io::Disk& disk, io::Path folder, journal::VerifierKey key)
      : disk_(&disk), folder_(std::move(folder)), key_(std::move(key)) {}
  base::Result<> read();
  base::Result<std::vector<Note>> read_notes();
  base::Result<bool> read_from(const State& begin, std::vector<Note>& notes);
  base::Result<> take_notes(std::vector<Note>& notes);
  base::Result<State> remembered_place() const;
  base::Result<> set_aside_rest();
  base::Result<> put_pieces(const Step& step);
  base::Result<> cut_back();
  void keep_state();

  io::Disk* disk_;
  io::Path folder_;
  journal::VerifierKey key_;
  journal::Place place_;
  journal::Frontier frontier_;
  std::optional<journal::SignedCheckpoint> checkpoint_;
  std::optional<Promise> promise_;    // its note is larger than the checkpoint
  State settled_;                     // what undo() goes back to
  bool keeps_all_ = false;            // also what no note covers
  bool must_cut_ = false;             // what was undone is still on the disk
  bool is_staged_ = false;            // a checkpoint lies beside its place
  bool is_promise_staged_ = false;    // and a promise
  std::uint64_t frontier_saved_ = 0;  // size in the frontier file
  std::string damage_;
};

}  // namespace syncing
