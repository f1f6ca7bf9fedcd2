#pragma once
// A night's view of demand: columns, state, profiles and priors that belong together.

#include <memory>

#include "nightly/columns.h"
#include "planner/demand.h"

namespace nightly {

// Owns all that planner::Demand refers to. Not movable: Demand holds references.
class Outlook {
 public:
  // Profiles reach `horizon` periods past the state's origin. `columns` must outlive the outlook.
  Outlook(const Columns& columns, planner::State state, const planner::Fold& fold,
          std::int32_t horizon, int threads = 1);
  Outlook(const Outlook&) = delete;
  Outlook& operator=(const Outlook&) = delete;

  planner::Demand::Line line(std::size_t index) const {
    return demand_.line(index, columns_.promotions_of(index),
                        columns_.closed[columns_.site[index]]);
  }
  const planner::Demand& demand() const { return demand_; }
  const planner::State& state() const { return state_; }
  const planner::Priors& priors() const { return priors_; }

 private:
  const Columns& columns_;
  planner::State state_;
  planner::Profiles profiles_;
  planner::Priors priors_;
  planner::Demand demand_;
};

}  // namespace nightly
