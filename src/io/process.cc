#include "io/process.h"

#include <malloc.h>
#include <sys/resource.h>

namespace io {
namespace {

rusage used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

double cpu_seconds() {
  const rusage usage = used();
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_memory_mib() { return static_cast<double>(used().ru_maxrss) / 1024; }

std::uint64_t raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

void keep_freed_memory([[maybe_unused]] KeptBlocks blocks) {
#ifdef __GLIBC__
  constexpr int threshold_max = 32 << 20;
  if (blocks == KeptBlocks::all)
    mallopt(M_MMAP_MAX, 0);
  else
    mallopt(M_MMAP_THRESHOLD, threshold_max);
  mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

}  // namespace io
