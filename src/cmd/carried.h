#pragma once
// Reading an estate for a night that may continue a carried state.

#include "cmd/common.h"
#include "nightly/state_file.h"

namespace cmd {

// An estate, and the newest state before the night: nothing saved where none fits.
struct CarriedEstate {
  estate::Estate estate;
  nightly::LoadedState carried;
};

// Reads of the sales only those that the state in `state_folder` needs; all of them where that is
// empty, or the state turns out to be of no use.
base::Result<CarriedEstate> read_carried(const EstateOptions& options, base::Date as_of,
                                         const std::string& state_folder);

}  // namespace cmd
