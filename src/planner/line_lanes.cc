// Fold::steps: lines that take their steps side by side, as many as a register holds.
#include <cmath>
#include <cstring>

#include "base/result.h"
#include "planner/line_state.h"

namespace planner {
namespace {

constexpr std::int64_t count_last = 65'535;  // counts of a state stay there

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/line_lanes_kernel.inc"
}  // namespace plain

// clang has no such pragma: it makes do with the plain kernel, whose bits are the same.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PLANNER_HAS_AVX2
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#include "planner/line_lanes_kernel.inc"
}  // namespace avx2
#pragma GCC pop_options
#endif

#ifdef PLANNER_HAS_AVX2
const auto steps_of = __builtin_cpu_supports("avx2") != 0 ? avx2::steps : plain::steps;
#else
const auto steps_of = plain::steps;
#endif

}  // namespace

void Fold::steps(std::span<LineState> states, const LaneTrack& track, int weekday) const {
  CHECK(!states.empty() && states.size() <= line_lanes);
  if (states.size() == line_lanes) {
    steps_of(settings_, counted_, states.data(), track, weekday);
    return;
  }
  std::array<LineState, line_lanes> all{};
  std::copy(states.begin(), states.end(), all.begin());
  LaneTrack padded = track;
  for (std::size_t lane = states.size(); lane < line_lanes; ++lane) {
    padded.weekday_factors[lane] = track.weekday_factors[0];
    padded.common_factors[lane] = track.common_factors[0];
  }
  steps_of(settings_, counted_, all.data(), padded, weekday);
  std::copy_n(all.begin(), states.size(), states.begin());
}

}  // namespace planner
