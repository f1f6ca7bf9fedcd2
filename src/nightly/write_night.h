#pragma once
// The out folder of a night: orders, supplier files, tasks, lists, summary and report. See
// docs/formats/orders.md.

#include <map>
#include <optional>
#include <string>

#include "io/disk.h"
#include "nightly/order_run.h"
#include "nightly/week_changes.h"

namespace nightly {

// What the summary says beside the night itself.
struct RunFacts {
  std::map<std::string, double> stage_seconds;
  double seconds = 0;
  bool calendars_ignored = false;
  bool state_carried = false;  // continued from an earlier night, not rebuilt from history
  std::string state_rebuilt_because = {};   // a state was there, but could not be continued
  std::optional<WeekChanges> changes = {};  // nothing where the week before is not remembered
};

// Whether write_night could write there: the folder is new, empty or an earlier output.
base::Result<> check_out_folder(io::Disk& disk, const io::Path& out);

// Writes every file of the format into `out` as one step: the folder appears whole, an earlier
// output is replaced, a failure before that step leaves it untouched. A non-empty folder that holds
// no summary.json is refused (input_bad). Returns the text of summary.json.
base::Result<std::string> write_night(io::Disk& disk, const io::Path& out,
                                      const OrderRunInput& input, const Night& night,
                                      const RunFacts& facts);

}  // namespace nightly
