#pragma once
// One night from the estate in memory to the out folder, stage by stage with its clock times.

#include "io/clock.h"
#include "nightly/order_run.h"
#include "nightly/release_file.h"
#include "nightly/write_night.h"

namespace nightly {

struct NightOptions {
  Date as_of;
  io::Path out;
  io::Path state_folder;          // empty = rebuild from history, keep nothing
  std::vector<Release> releases;  // what people let pass
  double read_seconds = 0;        // what reading the estate took, for the report
  int threads = 1;
};

struct NightResult {
  Night night;
  std::string summary;   // summary.json
  bool carried = false;  // the state was continued, not rebuilt
  bool calendars_ignored = false;
  std::vector<std::string> unused_releases;  // ids that nothing tonight answers to
};

// The state is continued from the newest one before as_of in the state folder, or rebuilt from
// history where there is none. Files are written at the end; a failure before leaves the out folder
// as it was. `estate` is what the folder says, and afterwards what the guards believe of it.
base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, estate::Estate& estate,
                                    const NightOptions& options);

}  // namespace nightly
