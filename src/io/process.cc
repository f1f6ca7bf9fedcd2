#include "io/process.h"

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

}  // namespace io
