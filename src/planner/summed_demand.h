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
#include "planner/weeks_of_line.h"

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

// A line on its way into the sums of its group.
struct WaitingLine {
  WeeksOfLine weeks;
  double* sums;  // of each week: means, then variances
  double units;  // found: the sum of the line's means
  std::size_t group;
};

// Sums over lines of their demand in each of some consecutive periods, for several groups of lines
// at once. A group's sums depend on the order of its own lines and on nothing else.
class DemandSums {
 public:
  // Of all lines that are added, `demand` is the demand. Requires: from > demand.origin().
  DemandSums(const Demand& demand, std::int32_t from, std::size_t periods, std::size_t groups);

  // What the line sells in all periods, or in those of [from, to).
  void add(std::size_t group, const Demand::Line& line) {
    add(group, line, from_, from_ + periods_);
  }
  void add(std::size_t group, const Demand::Line& line, std::int32_t from, std::int32_t to);

  // A group's sums, one entry per period, and its SummedDemand::concentration. Nothing is added
  // after the first of these calls.
  double write(std::size_t group, std::span<Moments> sums);

 private:
  static constexpr std::size_t waiting_max = 16;
  struct Group {
    double units = 0, squares = 0;
  };
  double* sums_of(std::size_t group) { return sums_.data() + group * weeks_ * 2 * week_lanes; }
  void gather_factors(const Demand::Line& line, WeeksOfLine& weeks);
  void take_times(const Demand::Line& line, std::int32_t from, std::int32_t to, WeeksOfLine& weeks);
  void add_waiting();

  const Demand* demand_;
  std::int32_t from_, periods_;
  std::size_t weeks_;
  bool in_profiles_;          // all periods
  std::vector<double> sums_;  // per group and week: eight means, eight variances
  std::vector<Group> groups_;
  std::vector<double> whole_;  // times of a line that sells in all periods
  // Those of a line that does not, and factors past what the profiles have; for one line at a time.
  std::vector<double> times_;
  std::vector<float> weekday_, common_;
  std::size_t waiting_count_ = 0;
  std::array<WaitingLine, waiting_max> waiting_;
};

}  // namespace planner
