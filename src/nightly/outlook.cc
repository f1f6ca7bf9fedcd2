#include "nightly/outlook.h"

namespace nightly {

Outlook::Outlook(const Columns& columns, planner::State state, const planner::Fold& fold,
                 std::int32_t horizon, int threads)
    : columns_(columns),
      state_(std::move(state)),
      profiles_(planner::build_profiles(state_.series, columns.pools, columns.events,
                                        fold.settings(), state_.origin, state_.origin + 1,
                                        state_.origin + horizon, threads)),
      priors_(state_, columns.pools, columns.kin(), fold, threads),
      demand_(state_, columns.pools, profiles_, fold, priors_) {}

}  // namespace nightly
