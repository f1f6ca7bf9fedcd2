#pragma once
// The file of decisions that a person hands to `order --release`: which held causes may pass. See
// docs/formats/held.md.

#include <string>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "io/disk.h"

namespace nightly {

struct Release {
  std::string id;                          // as held.csv has it
  std::string name;                        // of who decided
  base::Date decided_at = base::date_min;  // date_min: not said
};

// CSV with the columns id, name and, if wanted, decided_at. Errors: io_failed, input_bad (an id
// twice, an empty id or name), input_missing (a column).
base::Result<std::vector<Release>> read_releases(io::Disk& disk, const io::Path& file);

}  // namespace nightly
