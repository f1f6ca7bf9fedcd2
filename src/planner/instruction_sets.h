#pragma once
// The instruction sets that the planner's inner loops are built for, and which this machine has.
//
// A kernel is a .inc file that is included once for each set, in a namespace of its own:
// `plain` (16 bytes a register), `avx2` (32) and `avx512` (64). A lane's result depends on that
// lane alone and on no instruction set: every operation is the IEEE one, in source order.

// clang has no such pragma: it makes do with the plain kernels, whose bits are the same.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PLANNER_HAS_WIDE_REGISTERS
#endif

namespace planner {

// What a choice of kernels goes by.
enum class Registers { plain, avx2, avx512 };

inline Registers widest_registers() {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return Registers::avx512;
  if (__builtin_cpu_supports("avx2")) return Registers::avx2;
#endif
  return Registers::plain;
}

// What kernels are chosen by at each call. Only a test that compares them sets it, while nobody
// else computes; the narrower sets run wherever a wider one does.
inline Registers registers_in_use = widest_registers();

}  // namespace planner
