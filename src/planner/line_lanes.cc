// Fold::steps: lines that take their steps side by side, as many as a register holds.
#include <cmath>
#include <cstddef>
#include <cstring>

#include "base/result.h"
#include "planner/instruction_sets.h"
#include "planner/line_state.h"
#include "planner/state_words.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace planner {
namespace {

constexpr std::int64_t count_last = 65'535;  // counts of a state stay there

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/line_lanes_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#define PACK_AVX2
#include "planner/line_lanes_kernel.inc"
#undef PACK_AVX2
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#define PACK_AVX512
#include "planner/line_lanes_kernel.inc"
#undef PACK_AVX512
}  // namespace avx512
#pragma GCC pop_options
#endif

using Steps = decltype(&plain::steps);

Steps steps_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return &avx512::steps;
  if (registers == Registers::avx2) return &avx2::steps;
#endif
  (void)registers;
  return &plain::steps;
}

}  // namespace

void Fold::steps(std::span<LineState> states, const LaneTrack& track, int weekday) const {
  CHECK(!states.empty() && states.size() <= line_lanes);
  const Steps steps_of = steps_for(registers_in_use);
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
