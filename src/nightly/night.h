#pragma once
// One night from the estate in memory to the out folder, stage by stage with its clock times.

#include <functional>
#include <optional>

#include "io/clock.h"
#include "nightly/guards.h"
#include "nightly/order_run.h"
#include "nightly/state_file.h"
#include "nightly/write_night.h"

namespace nightly {

// A night that was decided, with all that it was decided from. Not movable: the outlook and
// input() refer to it. Everything refers to the estate, which must outlive it.
class DecidedNight {
 public:
  // Everything up to stock: no files, and of the clock only the times of the stages. Continues
  // `saved` where there is one, else rebuilds from history; `as_of` is any day of the period at
  // whose close orders leave. lap(name) is told when a stage has ended.
  DecidedNight(
      const estate::Estate& estate, Date as_of, std::optional<SavedState> saved, int threads,
      std::function<void(const char*)> lap = [](const char*) {});
  DecidedNight(const DecidedNight&) = delete;
  DecidedNight& operator=(const DecidedNight&) = delete;

  // Fills `night`: what stores and depots order, and what is held of it. Once. Requires: `guards`
  // that have inspected the estate. Errors: those of reading their memory.
  base::Result<> decide(Guards& guards);

  OrderRunInput input() const {
    return {estate,   columns, outlook, positions, fold.settings(),
            in_range, as_of,   threads, tier_max,  share_rule};
  }

  const estate::Estate& estate;
  const Date as_of;  // the close of the period
  const int threads;
  const std::function<void(const char*)> lap;
  const planner::Fold fold;
  const Columns columns;
  const Routes routes;
  const std::vector<std::uint8_t> in_range;
  const Outlook outlook;
  const Positions positions;
  std::uint8_t tier_max = 9;  // may be set before decide(), as may the next
  ShareRule share_rule = ShareRule::written;
  Night night;
};

struct NightOptions {
  Date as_of;
  io::Path out;
  io::Path state_folder;     // where the night's state and memory are kept; empty = keep nothing
  LoadedState carried = {};  // what load_state found; its rebuild_because says why not to continue
  double read_seconds = 0;   // what reading and judging the estate took, for the report
  int threads = 1;
  std::uint8_t tier_max = 9;  // lines above it are not ordered: the crisis range
  ShareRule share_rule = ShareRule::written;
};

struct NightResult {
  Night night;
  std::string summary;          // summary.json
  bool carried = false;         // the state was continued, not rebuilt
  std::string rebuilt_because;  // a state was there, but could not be continued
  bool calendars_ignored = false;
  std::vector<std::string> unused_releases;  // ids that nothing tonight answers to
};

// The state is continued from options.carried where that has one, else rebuilt from history. Files
// are written at the end; a failure before leaves the out folder as it was. Requires: `guards` that
// have inspected the estate; a carried state that fits it, and the sales from sales_needed_from on.
base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, const estate::Estate& estate,
                                    Guards& guards, NightOptions options);

}  // namespace nightly
