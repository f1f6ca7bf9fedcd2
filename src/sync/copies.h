#pragma once
// The copies that a site holds of other sites' journals, and what it says about what it is given.
// One sync of the disk serves everything that was taken since the one before.

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "io/disk.h"
#include "sync/copy.h"
#include "sync/evidence.h"
#include "sync/message.h"
#include "sync/roster_index.h"

namespace syncing {

// A folder below the one of all copies, where proof of rewritten histories is kept.
inline constexpr std::string_view evidence_folder = "evidence";
inline constexpr std::size_t lacking_max = 64;  // documents that are asked for at once

struct CopiesOptions {
  io::Path folder;  // one folder below it for each journal: SITE-EPOCH
  // What is held of a journal that the roster lists.
  std::function<Want(const journal::Origin&)> wants;
  std::optional<journal::Signer> witness;  // cosigns what is proved; of kind witness
};

class Copies {
 public:
  // Makes the folder where it is missing. The roster must outlive this object. Error: io_failed,
  // also while another process holds the copies.
  static base::Result<Copies> open(io::Disk& disk, CopiesOptions options,
                                   const RosterIndex& roster);
  void set_roster(const RosterIndex& roster) { roster_ = &roster; }
  const RosterIndex& roster() const { return *roster_; }

  Want wants(const std::string& origin) const;
  // The copy of a listed journal, empty where nothing is held yet. Refused: unknown_site,
  // wrong_epoch, failed.
  std::expected<Copy*, No> find(const std::string& origin);
  // Whether there may be anything to find, without a look at the disk.
  bool may_hold(const std::string& origin) const;
  // Why nothing more is taken of a journal; nothing if all is well.
  std::optional<No> objection(const std::string& origin);

  // Take what they are given or say why not. What they answer is true once sync() has succeeded.
  // at_s: seconds since 1970-01-01 UTC, for cosignatures.
  std::expected<Taken, No> take(const Run& run, std::uint64_t at_s);
  std::expected<Taken, No> take(const Growth& growth, std::uint64_t at_s);
  std::expected<Taken, No> take_document(const std::string& origin, std::string_view bytes);
  // Whether a document is still to come; from then on it is taken when it comes. For those who do
  // not hold all of a journal's documents.
  bool expects_document(const std::string& origin, const Digest& digest);
  // Compares what somebody else holds with the copy: rewritten where both cannot be true.
  std::optional<No> compare(const Held& other);

  // Puts everything that was taken on disk. After an error nothing of it was.
  base::Result<> sync();

 private:
  struct Kept {
    Copy copy;
    bool is_frozen = false;        // there is evidence against its site
    std::set<Digest> asked_for{};  // documents that a run lacked
  };

  Copies(io::Disk& disk, CopiesOptions options, const RosterIndex& roster)
      : disk_(&disk), options_(std::move(options)), roster_(&roster) {}
  std::expected<Kept*, No> kept(const std::string& origin);
  std::optional<No> objection(const Kept& kept) const;
  std::expected<journal::SignedCheckpoint, No> signed_note(const std::string& note,
                                                           const Copy& copy) const;
  std::optional<No> contradiction(Kept& kept, const journal::SignedCheckpoint& note);
  No keep_evidence(Kept& kept, const Evidence& evidence);
  std::vector<Digest> lacking(Kept& kept, const Step& step);
  Taken answer(Kept& kept, const journal::SignedCheckpoint& note, std::uint64_t at_s);
  io::Path evidence_path(const Copy& copy) const;

  io::Disk* disk_;
  CopiesOptions options_;
  const RosterIndex* roster_;
  std::unique_ptr<io::Volume> volume_;
  std::unique_ptr<io::File> lock_;                 // of one holder at a time
  std::set<std::string> found_;                    // folders that lay there from the start
  std::map<std::string, Kept, std::less<>> kept_;  // by origin; read when first asked for
  std::set<std::string> unsynced_;                 // origins
  std::vector<io::Path> unsynced_documents_;
};

}  // namespace syncing
