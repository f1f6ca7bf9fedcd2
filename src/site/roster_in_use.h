#pragma once
// The roster that a running site goes by: read from a file at the start, and replaced whole by its
// successor when the file holds one. It is never copied: whoever needs it asks each time.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/roster.h"

namespace site {

using RosterPtr = std::shared_ptr<const journal::Roster>;

// What came of another content of the file.
struct RosterNews {
  std::uint64_t number = 0;                     // of the roster in use
  std::string refused_why{};                    // why the file's was not taken over; empty: it was
  std::vector<std::string> added{}, revoked{};  // names of keys, where it was taken over
};

class RosterInUse {
 public:
  // One without a file; only replace() changes it.
  explicit RosterInUse(journal::Roster roster);
  // The roster of a file, which must be approved. Errors: input_missing, io_failed, evidence_bad.
  static base::Result<std::shared_ptr<RosterInUse>> open(io::Disk& disk, io::Path file);

  // From any thread; what was got stays as it is.
  RosterPtr get() const;
  // The one place where it changes. Whoever calls has judged the roster.
  void replace(RosterPtr roster);

  // Looks at the file; to be called about once a second, by one thread. The content is compared,
  // not a time that a copy may carry along: 2,500 sites are 260 KB, a millisecond. Content that is
  // new, and stood still since the look before, is judged once: it is taken over if it is the
  // successor of the roster in use, or follows it through those in between, which lie beside it as
  // FILE.NUMBER. Otherwise the one in use stays. Nothing: there is nothing new, or it is the one in
  // use.
  std::optional<RosterNews> look();

  struct Standing {
    std::uint64_t number = 0, refusals = 0;  // refusals: since the start
    std::string refused_why{};               // why the file's is not in use; empty: it is
  };
  Standing standing() const;  // from any thread

 private:
  RosterInUse(io::Disk& disk, io::Path file, RosterPtr roster, std::string bytes);
  base::Result<std::string> read(const io::Path& path) const;
  base::Result<RosterPtr> follow(std::string_view bytes) const;
  RosterNews refuse(std::string why);

  io::Disk* disk_ = nullptr;  // nullptr: there is no file
  io::Path file_;
  std::optional<std::string> seen_;  // what the file held at the last look; nothing: not readable
  bool is_judged_ = true;            // what was seen

  mutable std::mutex lock_;  // of what follows
  RosterPtr roster_;
  std::uint64_t refusals_ = 0;
  std::string refused_why_;
};

}  // namespace site
