#include "planner/summed_demand.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "planner/demand_lanes.h"
#include "planner/instruction_sets.h"
#include "planner/state_words.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace planner {
namespace {

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/summed_demand_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#define PACK_AVX2
#include "planner/summed_demand_kernel.inc"
#undef PACK_AVX2
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#define PACK_AVX512
#include "planner/summed_demand_kernel.inc"
#undef PACK_AVX512
}  // namespace avx512
#pragma GCC pop_options
#endif

using AddLines = decltype(&plain::add_lines);

AddLines add_lines_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return avx512::add_lines;
  if (registers == Registers::avx2) return avx2::add_lines;
#endif
  (void)registers;
  return plain::add_lines;
}

}  // namespace

DemandSums::DemandSums(const Demand& demand, std::int32_t from, std::size_t periods,
                       std::size_t groups)
    : demand_(&demand),
      from_(from),
      periods_(static_cast<std::int32_t>(periods)),
      tile_size_(periods * 2 * demand_lanes),
      period_terms_(periods),
      terms_(demand.terms(from, period_terms_)),
      sums_((groups + demand_lanes - 1) / demand_lanes * tile_size_),
      groups_(groups),
      times_(periods * demand_lanes, 1),
      apart_(tile_size_) {}

void DemandSums::take(std::size_t lane, std::size_t group, const Demand::Line& line) {
  demand_->place(line.index_, line_[lane], pool_at_[lane], prior_[lane]);
  group_[lane] = group;
}

void DemandSums::add(std::size_t group, const Demand::Line& line, std::int32_t from,
                     std::int32_t to) {
  const std::size_t lane = waiting_++;
  take(lane, group, line);
  if (from > from_ || to < from_ + periods_ || !line.is_plain()) take_times(lane, line, from, to);
  if (waiting_ == demand_lanes) add_waiting();
}

void DemandSums::add(std::size_t group, std::span<const Demand::Line> lines) {
  while (!lines.empty() && (waiting_ > 0 || group % demand_lanes != 0)) {
    add(group++, lines.front());
    lines = lines.subspan(1);
  }
  for (; lines.size() >= demand_lanes; lines = lines.subspan(demand_lanes)) {
    for (std::size_t lane = 0; lane < demand_lanes; ++lane) take(lane, group++, lines[lane]);
    for (std::size_t lane = 0; lane < demand_lanes; ++lane)
      if (!lines[lane].is_plain()) take_times(lane, lines[lane], from_, from_ + periods_);
    waiting_ = demand_lanes;
    add_waiting_together();
  }
  for (const Demand::Line& line : lines) add(group++, line);
}

void DemandSums::take_times(std::size_t lane, const Demand::Line& line, std::int32_t from,
                            std::int32_t to) {
  has_times_ = true;
  const std::int32_t end = from_ + periods_;
  line.fill_times(from_, static_cast<std::size_t>(periods_), demand_lanes, &times_[lane]);
  for (std::int32_t t = from_; t < end; ++t)
    if (t < from || t >= to) times_[static_cast<std::size_t>(t - from_) * demand_lanes + lane] = 0;
}

// Whether the groups of the lines that wait are all those of a tile.
bool DemandSums::are_side_by_side() const {
  if (waiting_ < demand_lanes || group_[0] % demand_lanes != 0) return false;
  for (std::size_t lane = 1; lane < demand_lanes; ++lane)
    if (group_[lane] != group_[0] + lane) return false;
  return true;
}

void DemandSums::add_lanes(double* sums) {
  std::array<double, demand_lanes> units;
  add_lines_for(registers_in_use)(terms_, {line_.data(), pool_at_.data(), prior_.data()},
                                  has_times_ ? times_.data() : nullptr, sums, units.data());
  if (has_times_) std::fill(times_.begin(), times_.end(), 1);
  has_times_ = false;
  for (std::size_t lane = 0; lane < waiting_; ++lane) {
    groups_[group_[lane]].units += units[lane];
    groups_[group_[lane]].squares += units[lane] * units[lane];
  }
}

void DemandSums::add_waiting_together() {
  add_lanes(&sums_[sums_at(group_[0])]);
  waiting_ = 0;
}

void DemandSums::add_waiting() {
  if (waiting_ == 0) return;
  if (are_side_by_side()) return add_waiting_together();
  std::fill(apart_.begin(), apart_.end(), 0);
  add_lanes(apart_.data());
  for (std::size_t lane = 0; lane < waiting_; ++lane) {
    double* const sums = &sums_[sums_at(group_[lane])];
    for (std::size_t at = 0; at < tile_size_; at += demand_lanes) sums[at] += apart_[at + lane];
  }
  waiting_ = 0;
}

double DemandSums::write(std::size_t group, std::span<Moments> sums) {
  add_waiting();
  const double* from = &sums_[sums_at(group)];
  for (Moments& sum : sums) {
    sum = {from[0], from[demand_lanes]};
    from += 2 * demand_lanes;
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
