#include "planner/summed_demand.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "planner/instruction_sets.h"

namespace planner {
namespace {

constexpr std::size_t lanes = week_lanes;
using Lanes = std::array<double, lanes>;

// What all lines have in common.
struct SharedTerms {
  double linear, quadratic, horizon_base, horizon_growth;
  Lanes ahead;  // periods from the first that can be asked for to those of the first week
  std::size_t weeks;
};

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/summed_demand_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#include "planner/summed_demand_kernel.inc"
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#include "planner/summed_demand_kernel.inc"
}  // namespace avx512
#pragma GCC pop_options
#endif

using AddWeeks = void (*)(const SharedTerms&, std::span<WeeksOfLine>);

AddWeeks add_weeks_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return avx512::add_weeks;
  if (registers == Registers::avx2) return avx2::add_weeks;
#endif
  return plain::add_weeks;
}

const AddWeeks add_weeks = add_weeks_for(widest_registers());

}  // namespace

DemandSums::DemandSums(const Demand& demand, std::int32_t from, std::size_t periods,
                       std::size_t groups)
    : demand_(&demand),
      from_(from),
      periods_(static_cast<std::int32_t>(periods)),
      weeks_((periods + weekdays - 1) / weekdays),
      sums_(groups * weeks_ * 2 * lanes),
      groups_(groups),
      whole_(weeks_ * weekdays + 1) {
  std::fill_n(whole_.begin(), periods, 1);
  for (std::int32_t lane = 0; lane < weekdays; ++lane)
    weekday_of_lane_[static_cast<std::size_t>(lane)] = demand.weekday_of(from + lane);
}

void DemandSums::add(std::size_t group, const Demand::Line& line, std::int32_t from,
                     std::int32_t to) {
  if (waiting_count_ == waiting_max) add_waiting();
  WeeksOfLine& weeks = waiting_[waiting_count_];
  take_factors(line, weeks);
  take_times(line, from, to, weeks);
  for (std::size_t lane = 0; lane < weekdays; ++lane) {
    const auto shares = line.weekday_.shares(*line.state_, weekday_of_lane_[lane]);
    weeks.own[lane] = shares.own;
    weeks.pool[lane] = shares.pool;
  }
  weeks.own[weekdays] = weeks.pool[weekdays] = 0;
  weeks.level = line.level_;
  weeks.ratio = line.ratio_;
  weeks.sums = sums_of(group);
  weeks.group = group;
  ++waiting_count_;
  if (weeks.times == times_.data() || weeks.weekday == weekday_.data()) add_waiting();
}

void DemandSums::take_factors(const Demand::Line& line, WeeksOfLine& weeks) {
  const Profiles& profiles = demand_->profiles_;
  const auto count = static_cast<std::int32_t>(whole_.size());
  if (from_ >= profiles.first_period &&
      from_ + count <= profiles.first_period + profiles.period_count) {
    const std::size_t at = profiles.at(line.pool_, from_);
    weeks.weekday = profiles.weekday.data() + at;
    weeks.common = profiles.common.data() + at;
    return;
  }
  weekday_.resize(whole_.size());
  common_.resize(whole_.size());
  for (std::size_t i = 0; i < whole_.size(); ++i) {
    const std::size_t at =
        profiles.at(line.pool_, demand_->covered(from_ + static_cast<std::int32_t>(i)));
    weekday_[i] = profiles.weekday[at];
    common_[i] = profiles.common[at];
  }
  weeks.weekday = weekday_.data();
  weeks.common = common_.data();
}

void DemandSums::take_times(const Demand::Line& line, std::int32_t from, std::int32_t to,
                            WeeksOfLine& weeks) {
  const std::int32_t end = from_ + periods_;
  weeks.times = whole_.data();
  if (from <= from_ && to >= end && line.promotions_.empty() && line.closed_.empty()) return;
  times_.assign(whole_.size(), 0);
  weeks.times = times_.data();
  const auto fill = [&](std::int32_t first, std::int32_t last, double times) {
    for (std::int32_t t = std::max({first, from, from_}); t < std::min({last, to, end}); ++t)
      times_[static_cast<std::size_t>(t - from_)] = times;
  };
  fill(from, to, 1);
  // Of promotions that overlap the first counts.
  for (auto promotion = line.promotions_.rbegin(); promotion != line.promotions_.rend();
       ++promotion)
    fill(promotion->from_period, promotion->to_period + 1, line.uplift_of(*promotion));
  for (const std::int32_t closed : line.closed_) fill(closed, closed + 1, 0);
}

void DemandSums::add_waiting() {
  const Settings& settings = demand_->settings();
  SharedTerms shared{.linear = settings.dispersion_linear,
                     .quadratic = settings.dispersion_quadratic,
                     .horizon_base = settings.horizon_base,
                     .horizon_growth = settings.horizon_growth,
                     .ahead = {},
                     .weeks = weeks_};
  for (std::size_t lane = 0; lane < lanes; ++lane)
    shared.ahead[lane] = from_ - demand_->origin() - 1 + static_cast<double>(lane);
  const std::span lines = std::span(waiting_).first(waiting_count_);
  add_weeks(shared, lines);
  for (const WeeksOfLine& line : lines) {
    groups_[line.group].units += line.units;
    groups_[line.group].squares += line.units * line.units;
  }
  waiting_count_ = 0;
}

double DemandSums::write(std::size_t group, std::span<Moments> sums) {
  add_waiting();
  const double* const from = sums_of(group);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t at = i / weekdays * 2 * lanes + i % weekdays;
    sums[i] = {from[at], from[at + lanes]};
  }
  const auto [units, squares] = groups_[group];
  return units > 0 ? squares / (units * units) : 0;
}

Moments summed_over(const SummedDemand& demand, std::int32_t begin, std::int32_t end,
                    CommonError error, double level_variance) {
  const auto looked_at = static_cast<std::int32_t>(demand.periods.size());
  Moments result;
  double squares = 0;
  const auto add = [&](std::int32_t first, std::int32_t last, double times) {
    for (std::int32_t i = first; i < last; ++i) {
      const Moments& one = demand.periods[static_cast<std::size_t>(i)];
      result.mean += times * one.mean;
      result.variance += times * one.variance;
      squares += times * one.mean * one.mean;
    }
  };
  add(begin, std::min(end, looked_at), 1);
  const std::int32_t beyond = end - std::max(begin, looked_at);
  if (beyond > 0) add(0, looked_at, static_cast<double>(beyond) / looked_at);
  const double square = result.mean * result.mean;
  result.variance += level_variance * demand.concentration * std::max(0.0, square - squares) +
                     error.lasting * error.lasting * square +
                     error.passing * error.passing * squares;
  return result;
}

}  // namespace planner
