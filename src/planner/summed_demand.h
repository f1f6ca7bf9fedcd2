#pragma once
// Demand of many lines together: what they get wrong one by one cancels out, what they get wrong
// together does not.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "planner/demand.h"
#include "planner/distribution.h"

namespace planner {

// What all lines get wrong together, relative to their demand: for a whole interval (a slump) and
// for one period (weather, a pay day). Without it the errors of many lines would cancel out.
struct CommonError {
  double lasting, passing;
};

struct SummedDemand {
  std::span<const Moments> periods;  // sums over the lines, one entry per period to come
  double concentration = 0;          // sum of squared shares of the lines in all demand
};

// Demand of the periods [begin, end), counted from the first; those past the last entry are as
// those looked at are on average. Requires: 0 <= begin <= end, and some period.
Moments summed_over(const SummedDemand& demand, std::int32_t begin, std::int32_t end,
                    CommonError error, double level_variance);

// Sums over lines of their demand in each of some consecutive periods, for several groups of lines
// at once, fastest where lines are added in turn to groups that stand side by side. A group's sums
// depend on the order of its own lines and on nothing else.
class DemandSums {
 public:
  // Of all lines that are added, `demand` is the demand. Requires: from > demand.origin().
  DemandSums(const Demand& demand, std::int32_t from, std::size_t periods, std::size_t groups);
  DemandSums(const DemandSums&) = delete;
  DemandSums& operator=(const DemandSums&) = delete;

  // What the line sells in all periods, or in those of [from, to).
  void add(std::size_t group, const Demand::Line& line) {
    add(group, line, from_, from_ + periods_);
  }
  void add(std::size_t group, const Demand::Line& line, std::int32_t from, std::int32_t to);
  // All periods of lines in groups side by side, one each: `group` and those that follow it.
  void add(std::size_t group, std::span<const Demand::Line> lines);

  // A group's sums, one entry per period, and its SummedDemand::concentration. Nothing is added
  // after the first of these calls.
  double write(std::size_t group, std::span<Moments> sums);

 private:
  struct Group {
    double units = 0, squares = 0;
  };
  // Sums of demand_lanes groups side by side: for each period so many means, then variances.
  std::size_t sums_at(std::size_t group) const {
    return group / demand_lanes * tile_size_ + group % demand_lanes;
  }
  // Lets a line of `group` wait in a lane.
  void take(std::size_t lane, std::size_t group, const Demand::Line& line);
  void take_times(std::size_t lane, const Demand::Line& line, std::int32_t from, std::int32_t to);
  bool are_side_by_side() const;
  void add_waiting();
  void add_waiting_together();
  // Adds all that wait to the sums of a tile.
  void add_lanes(double* sums);

  const Demand* demand_;
  std::int32_t from_, periods_;
  std::size_t tile_size_;
  std::vector<PeriodTerms> period_terms_;
  DemandTerms terms_;
  std::vector<double> sums_;
  std::vector<Group> groups_;
  // Lines that wait for their lanes to be full, and what promotions and closed periods make of
  // their periods; 1 where they say nothing.
  std::size_t waiting_ = 0;
  std::array<std::int32_t, demand_lanes> line_{}, pool_at_{};
  std::array<double, demand_lanes> prior_{};
  std::array<std::size_t, demand_lanes> group_{};
  std::vector<double> times_;
  bool has_times_ = false;
  std::vector<double> apart_;  // sums of lanes whose groups are not side by side
};

}  // namespace planner
