#pragma once
// One night from the estate in memory to the out folder, stage by stage with its clock times.

#include "io/clock.h"
#include "nightly/order_run.h"
#include "nightly/release_file.h"
#include "nightly/state_file.h"
#include "nightly/write_night.h"

namespace nightly {

struct NightOptions {
  Date as_of;
  io::Path out;
  io::Path state_folder;     // where the night's state and memory are kept; empty = keep nothing
  LoadedState carried = {};  // what load_state found; its rebuild_because says why not to continue
  std::vector<Release> releases = {};  // what people let pass
  double read_seconds = 0;             // what reading the estate took, for the report
  int threads = 1;
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
// are written at the end; a failure before leaves the out folder as it was. `estate` is what the
// folder says, and afterwards what the guards believe of it. Requires: a carried state that fits
// the estate, which holds the sales from sales_needed_from on.
base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, estate::Estate& estate,
                                    NightOptions options);

}  // namespace nightly
