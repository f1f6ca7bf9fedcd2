// Demand before and after a period, of many lines at once.

#include <algorithm>
#include <array>
#include <cstring>

#include "base/result.h"
#include "planner/demand.h"
#include "planner/demand_lanes.h"
#include "planner/instruction_sets.h"
#include "planner/state_words.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace planner {
namespace {

constexpr std::size_t block_lines = 64;
// Demand further ahead is asked for line by line.
constexpr std::size_t periods_max = 32;
static_assert(block_lines % demand_lanes == 0);

// Periods counted from the first that is asked for.
struct SplitColumns {
  std::array<std::int32_t, block_lines> middle, end;
  // What promotions and closed periods make of demand, periods apart by block_lines; only where
  // one of demand_lanes neighbours has any.
  std::array<double, periods_max * block_lines> times;
  std::array<bool, block_lines / demand_lanes> has_times{};
  std::array<double, block_lines> before_mean, before_variance, after_mean, after_variance;

  double* times_of(std::size_t line, std::size_t periods) {
    const std::size_t group = line / demand_lanes;
    if (!has_times[group])
      for (std::size_t k = 0; k < periods; ++k)
        std::fill_n(&times[k * block_lines + group * demand_lanes], demand_lanes, 1);
    has_times[group] = true;
    return &times[line];
  }
};

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/split_demand_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#define PACK_AVX2
#include "planner/split_demand_kernel.inc"
#undef PACK_AVX2
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#define PACK_AVX512
#include "planner/split_demand_kernel.inc"
#undef PACK_AVX512
}  // namespace avx512
#pragma GCC pop_options
#endif

using SplitLines = decltype(&plain::split_lines);

SplitLines split_lines_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return avx512::split_lines;
  if (registers == Registers::avx2) return avx2::split_lines;
#endif
  (void)registers;
  return plain::split_lines;
}

}  // namespace

void Demand::Line::over(std::span<const Line> lines, std::int32_t from, const Splits& splits) {
  const std::size_t all = lines.size();
  CHECK(splits.middle.size() == all && splits.end.size() == all);
  for (std::size_t begin = 0; begin < all; begin += block_lines)
    over_block(lines.subspan(begin, std::min(block_lines, all - begin)), from, begin, splits);
}

void Demand::Line::over_block(std::span<const Line> lines, std::int32_t from, std::size_t begin,
                              const Splits& splits) {
  const Demand& demand = *lines.front().demand_;
  std::array<std::int32_t, block_lines> number, pool_at;
  std::array<double, block_lines> prior;
  SplitColumns found;
  std::int32_t end_max = 0;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    demand.place(lines[k].index_, number[k], pool_at[k], prior[k]);
    found.middle[k] = splits.middle[begin + k] - from;
    found.end[k] = splits.end[begin + k] - from;
    end_max = std::max(end_max, found.end[k]);
  }
  std::size_t padded = lines.size();
  for (; padded % demand_lanes != 0; ++padded) {
    number[padded] = number[0];
    pool_at[padded] = pool_at[0];
    prior[padded] = prior[0];
    found.middle[padded] = found.end[padded] = 0;
  }
  std::array<PeriodTerms, periods_max> terms;
  const std::size_t periods = std::min(static_cast<std::size_t>(end_max), periods_max);
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].is_plain())
      lines[k].fill_times(from, periods, block_lines, found.times_of(k, periods));
  split_lines_for(registers_in_use)(demand.terms(from, std::span(terms).first(periods)),
                                    {number.data(), pool_at.data(), prior.data()}, padded, found);
  const auto give = [&](const std::array<double, block_lines>& column, std::span<double> to) {
    std::copy_n(column.begin(), lines.size(), to.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  give(found.before_mean, splits.before_mean);
  give(found.before_variance, splits.before_variance);
  give(found.after_mean, splits.after_mean);
  give(found.after_variance, splits.after_variance);
  for (std::size_t k = 0; k < lines.size(); ++k) {
    if (static_cast<std::size_t>(found.end[k]) <= periods) continue;
    const Line& line = lines[k];
    const std::size_t i = begin + k;
    const Moments before = line.over(from, splits.middle[i]);
    const Moments after = line.over(splits.middle[i], splits.end[i]);
    splits.before_mean[i] = before.mean;
    splits.before_variance[i] = before.variance;
    splits.after_mean[i] = after.mean;
    splits.after_variance[i] = after.variance;
  }
}

}  // namespace planner
