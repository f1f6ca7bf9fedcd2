#pragma once
// One night from the estate in memory to the out folder, stage by stage with its clock times.

#include "io/clock.h"
#include "nightly/order_run.h"
#include "nightly/state_file.h"
#include "nightly/write_night.h"

namespace nightly {

struct NightOptions {
  Date as_of;
  io::Path out;
  io::Path state_folder;     // where the night's state is kept; empty = keep nothing
  LoadedState carried = {};  // what load_state found; its rebuild_because says why not to continue
  double read_seconds = 0;   // what reading the estate took, for the report
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
};

// The state is continued from options.carried where that has one, else rebuilt from history. Files
// are written at the end; a failure before leaves the out folder as it was. Requires: a carried
// state that fits the estate, which holds the sales from sales_needed_from on.
base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, const estate::Estate& estate,
                                    NightOptions options);

}  // namespace nightly
