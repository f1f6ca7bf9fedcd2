#pragma once
// All journals that a site can show to others: its own, and its copies of others'.

#include <expected>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "sync/copies.h"
#include "sync/source.h"

namespace syncing {

inline constexpr std::size_t sources_max = 16;  // journals that are kept ready to be read from

struct OwnJournal {
  std::string origin;
  io::Path folder;
};

class Holdings {
 public:
  // Without a journal of its own it only keeps copies. Both must outlive this object.
  Holdings(io::Disk& disk, std::optional<OwnJournal> own, Copies& copies)
      : disk_(&disk), own_(std::move(own)), copies_(&copies) {}

  Copies& copies() { return *copies_; }
  bool is_own(const std::string& origin) const { return own_ && own_->origin == origin; }
  // Journals that are the roster's and held here or wanted, own first.
  std::vector<std::string> origins();

  // Where a journal lies; empty for one that is not listed.
  io::Path folder_of(const std::string& origin);
  // What is held, with a note fit for an offer. Nothing where it cannot be read.
  Held held(const std::string& origin);
  // The same, and what more would be taken.
  Standing standing(const std::string& origin);
  // What Source gives. Refused: behind, not_held, does_not_continue, failed, too_large.
  std::expected<Run, No> run(const std::string& origin, std::uint64_t from);
  std::expected<Growth, No> growth(const std::string& origin, std::uint64_t old_size);
  std::expected<std::string, No> document(const std::string& origin, const Digest& digest);

  // A document of another's journal that this site wants beside what it holds of that journal; the
  // next exchange asks for it. The last one that was named, until it is there.
  void want_document(const std::string& origin, const Digest& digest) {
    wanted_ = {origin, digest};
  }
  // Nothing where it is there, or none is wanted.
  std::optional<std::pair<std::string, Digest>> wanted_document();

  // What somebody else holds, against what is held here. Of the own journal it is remembered.
  std::optional<No> compare(const Held& other);
  // How many entries of the own journal somebody has, by its own signature: more than are here if
  // this site has lost some.
  std::uint64_t own_entries_elsewhere() const { return own_elsewhere_; }

  // A cosignature of the own journal's newest checkpoint. False where it is not by a witness that
  // the roster lists, or of another checkpoint.
  bool add_cosignature(const std::string& line);
  // The own journal's newest checkpoint with the cosignatures that came since it was read; nothing
  // if none did. To be stored by whoever writes the journal.
  std::optional<journal::SignedCheckpoint> cosigned() const { return cosigned_; }

 private:
  std::expected<Source*, No> source(const std::string& origin);

  io::Disk* disk_;
  std::optional<OwnJournal> own_;
  Copies* copies_;
  std::list<std::pair<std::string, Source>> sources_;  // the last used one first
  std::optional<std::pair<std::string, Digest>> wanted_;
  std::uint64_t own_elsewhere_ = 0;
  std::optional<journal::SignedCheckpoint> cosigned_;
};

}  // namespace syncing
