#pragma once
// Reading an estate for a night that may continue a carried state.

#include "cmd/common.h"
#include "nightly/guards.h"
#include "nightly/state_file.h"

namespace cmd {

// An estate as the guards believe it, and the newest state before the night: nothing saved where
// none fits.
struct CarriedEstate {
  estate::Estate estate;
  nightly::LoadedState carried;
  nightly::Guards guards;  // have inspected the estate
};

// Reads of the sales only those that the state in `state_folder` needs; all of them where that is
// empty, or the state turns out to be of no use. The guards judge before the past is compared: what
// is not to be believed is no reason to rebuild. `release_file`: what a person lets pass, or empty.
base::Result<CarriedEstate> read_carried(const EstateOptions& options, base::Date as_of,
                                         const std::string& state_folder,
                                         const std::string& release_file);

}  // namespace cmd
