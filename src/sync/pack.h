#pragma once
// The file carrier: a signed folder for a USB stick that holds what a site would answer over a
// network, so that another can take from it what it lacks (docs/formats/sync.md).

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/manifest.h"
#include "sync/dialler.h"

namespace syncing {

struct PackOptions {
  std::vector<std::string> sites = {};  // whom it is for
  std::optional<io::Path> since = {};   // a pack of theirs: what it says they hold is left out
  std::vector<Digest> documents = {};   // for sites that do not hold everything
  std::int64_t made_ms = 0;             // wall time, for people: nothing is decided by it
};

struct Packed {
  std::uint64_t journals = 0, entries = 0, documents = 0, bytes = 0;
};

// Fills `out`, a new folder or an earlier pack, with the journals that every one of the sites may
// read, and with what is held here of all others by size, which makes a pack an acknowledgement
// too. The signer's key is that of the holdings' own journal. Errors: input_bad for a site that the
// roster does not list, or a folder of somebody else; evidence_bad for a `since` that does not
// hold, or a journal that cannot be read.
base::Result<Packed> pack(io::Disk& disk, Holdings& holdings, const journal::Signer& signer,
                          const PackOptions& options, const io::Path& out);

// A pack that was checked: every file is the one that its site has signed.
class Pack {
 public:
  // Error: evidence_bad, also for a site that the roster does not list, or whose key is revoked.
  static base::Result<Pack> open(io::Disk& disk, const io::Path& folder, const RosterIndex& roster);

  const std::string& from() const { return from_; }  // origin of the site that made it
  bool is_for(std::string_view site) const;
  // What the site that made it holds of a journal.
  Held held(const std::string& origin) const;
  // Answers a Dialler as that site would, from what is in the pack.
  std::string answer(std::string_view request) const;

 private:
  using Outcome = std::expected<Answer, No>;

  Pack(io::Disk& disk, io::Path folder) : disk_(&disk), folder_(std::move(folder)) {}
  base::Result<> read_label();
  base::Result<> read_held();
  Outcome decide(const Request& request) const;
  std::expected<Run, No> run(const Ask& ask) const;
  std::expected<std::string, No> file(const std::string& path) const;

  io::Disk* disk_;
  io::Path folder_;
  std::string from_;
  std::vector<std::string> sites_;
  std::map<std::string, Held> held_;                    // by origin
  std::map<std::string, journal::ManifestLine> lines_;  // by path
};

// Lets a site take from a pack what it lacks, and keep evidence that the pack brings. Error:
// input_bad for a pack that is for other sites.
base::Result<Exchanged> unpack(const Pack& pack, Holdings& holdings, std::string_view site,
                               std::uint64_t at_s);

}  // namespace syncing
