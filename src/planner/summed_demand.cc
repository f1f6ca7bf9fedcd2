#include "planner/summed_demand.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "planner/instruction_sets.h"

namespace planner {
namespace {

constexpr std::size_t lanes = week_lanes;

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

using AddWeeks = void (*)(const WeekTerms&, std::span<WaitingLine>);

AddWeeks add_weeks_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return avx512::add_weeks;
  if (registers == Registers::avx2) return avx2::add_weeks;
#endif
  return plain::add_weeks;
}

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
  const Profiles& profiles = demand.profiles_;
  in_profiles_ = from >= profiles.first_period && from + static_cast<std::int32_t>(whole_.size()) <=
                                                      profiles.first_period + profiles.period_count;
  std::fill_n(whole_.begin(), periods, 1);
}

void DemandSums::add(std::size_t group, const Demand::Line& line, std::int32_t from,
                     std::int32_t to) {
  if (waiting_count_ == waiting_max) add_waiting();
  WaitingLine& waiting = waiting_[waiting_count_++];
  WeeksOfLine& weeks = waiting.weeks = line.weeks();
  if (in_profiles_) {
    const std::size_t at = demand_->profiles_.at(line.pool_, from_);
    weeks.weekday = demand_->profiles_.weekday.data() + at;
    weeks.common = demand_->profiles_.common.data() + at;
  } else {
    gather_factors(line, weeks);
  }
  if (from <= from_ && to >= from_ + periods_ && line.promotions_.empty() && line.closed_.empty())
    weeks.times = whole_.data();
  else
    take_times(line, from, to, weeks);
  waiting.sums = sums_of(group);
  waiting.group = group;
  if (weeks.times == times_.data() || weeks.weekday == weekday_.data()) add_waiting();
}

void DemandSums::gather_factors(const Demand::Line& line, WeeksOfLine& weeks) {
  const Profiles& profiles = demand_->profiles_;
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
  const WeekTerms terms(demand_->settings(), from_ - demand_->origin() - 1,
                        demand_->weekday_of(from_), weeks_);
  const std::span lines = std::span(waiting_).first(waiting_count_);
  add_weeks_for(registers_in_use)(terms, lines);
  for (const WaitingLine& line : lines) {
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
