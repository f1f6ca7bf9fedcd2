#pragma once
// stockade sheet standing: the standing order of a store, as a journal of the centre has signed it.

#include <string>

#include "base/result.h"

namespace cmd {

struct StandingAsked {
  std::string journal;  // folder of the centre's journal, or of a copy with documents
  std::string store;    // its code
  std::string roster;
};
// Prints the newest that the journal names and whose document is there. Errors: usage; evidence_bad
// where the journal does not hold, input_missing where it names none of that store.
base::Result<> print_standing(const StandingAsked& asked);

}  // namespace cmd
