#pragma once
// The guards of a night: what is not to be believed of its inputs, who let it pass, and what the
// lines concerned order meanwhile. See docs/design/guards.md.

#include <optional>
#include <vector>

#include "io/disk.h"
#include "nightly/hold.h"
#include "nightly/release_file.h"
#include "nightly/run_memory.h"
#include "nightly/state_file.h"

namespace nightly {

// One night's guards, in the order in which a night calls them: inspect, order, hold, memory.
class Guards {
 public:
  // `folder` keeps the memories; empty: nothing is remembered, and only bounds and the estate's own
  // history count. The night is that of the period that holds `as_of`.
  Guards(io::Disk& disk, io::Path folder, std::vector<Release> releases, Date as_of)
      : disk_(disk), folder_(std::move(folder)), releases_(std::move(releases)), as_of_(as_of) {}

  // Finds what is suspicious and puts in its place what the last night believed, or nothing known;
  // sales that `saved` has seen come back from there. A person's release lets a cause pass: its
  // values stay, tonight and (with a folder) on all nights to come.
  base::Result<> inspect(estate::Estate& estate, const std::optional<SavedState>& saved,
                         int threads = 1);

  // The order run, in which no line orders far above its own past.
  base::Result<Night> order(const OrderRunInput& input, const Routes& routes,
                            const DepotStock& depots);

  // Holds the lines that the causes reach. After goods were shared and depots have ordered: what a
  // held line might still get stays reserved for it, and no other line can tell the difference.
  base::Result<> hold(const OrderRunInput& input, Night& night);

  // What is to be remembered of tonight: what it believed and ordered, but for the range, which is
  // the estate's. `estate` is as inspect() left it.
  RunMemory memory(const estate::Estate& estate, const Columns& columns, const Night& night,
                   int threads = 1) const;

  // Ids of the release file that nothing tonight answers to.
  std::vector<std::string> unused_releases() const;

 private:
  void judge(estate::Estate& estate, std::vector<Cause> found);
  void settle(const estate::Estate& estate, std::vector<Cause> found);
  bool accepted(std::uint64_t print) const;
  base::Result<> load_past(const estate::Estate& estate);

  io::Disk& disk_;
  io::Path folder_;
  std::vector<Release> releases_;
  Date as_of_;
  std::optional<RunMemory> memory_;
  std::optional<PastOrders> past_;
  std::vector<Cause> causes_;  // nobody has decided about these
  std::vector<HeldRow> rows_;  // one per cause
  std::vector<RunMemory::Accepted> accepted_;
  std::vector<RunMemory::Decision> decisions_;
};

}  // namespace nightly
