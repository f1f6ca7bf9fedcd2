#pragma once
// The centre's nights that a site holds: found through the centre's journal, whose key and
// signature were checked, and read from the documents beside it, by their digests.

#include <optional>
#include <vector>

#include "site/talk.h"
#include "site/waves.h"

namespace site {

// The newest night of a store: its document, and the journals beside one of which that lies. A
// centre that goes on in its next epoch goes on with the nights of the one before, whose documents
// stay where they are.
struct NamedNight {
  std::vector<io::Path> folders;  // of all the centre's journals, those of later epochs first
  trade::Sha256 document;
};
std::optional<NamedNight> newest_night(const View& view, trade::SiteCode store);
// The folder of them that has the document; nothing if none has.
std::optional<io::Path> folder_with(io::Disk& disk, const NamedNight& night);

// A store's night out of its document; nothing where no folder has it, or its bytes are others.
std::optional<HeldNight> read_night(io::Disk& disk, const trade::NightKey& key,
                                    const NamedNight& night);

// For one thread, which is not the core's.
class NightShelf {
 public:
  NightShelf(Talk& talk, io::Disk& disk) : talk_(talk), disk_(disk) {}

  // Looks for nights that are newer than those held; those of one store, or of all. True if
  // anything changed.
  base::Result<bool> refresh(std::optional<trade::SiteCode> only = {});
  // The newest of each store whose document is here.
  const HeldNights& newest() const { return newest_; }
  // A certain night of a store; nothing where it is not held any more.
  base::Result<std::optional<HeldNight>> find(trade::SiteCode store, base::Date day);

 private:
  using Places = std::map<trade::NightKey, NamedNight>;

  base::Result<Places> places(std::optional<trade::SiteCode> only);

  Talk& talk_;
  io::Disk& disk_;
  HeldNights newest_;
  std::uint64_t begun_anew_ = 0;  // of all peers, when places were asked for last
};

}  // namespace site
