#pragma once
// What a bench of a site is held against: the disk's own syncs, and the processor's time.

#include <ctime>
#include <string>

#include "base/result.h"
#include "io/clock.h"
#include "io/disk.h"

namespace cmd {

inline constexpr std::size_t raw_bytes = 320;  // about what a sale of five lines takes in a journal

// Appends of that size with a sync each, as fast as the disk takes them. Error: io_failed.
inline base::Result<double> raw_syncs_per_s(const io::Path& folder, double seconds_wanted) {
  io::Disk& disk = io::real_disk();
  io::Clock& clock = io::real_clock();
  TRY(io::write_file(disk, folder / "raw", ""));
  const auto file = TRY(disk.open_file(folder / "raw"));
  const std::string block(raw_bytes, 'x');
  std::uint64_t syncs = 0;
  const double begin = clock.seconds();
  while (clock.seconds() - begin < seconds_wanted) {
    TRY(file->write_at(syncs * raw_bytes, block));
    TRY(file->sync());
    ++syncs;
  }
  return static_cast<double>(syncs) / (clock.seconds() - begin);
}

// Seconds that the process, or a thread, has had of the processor.
inline double cpu_seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace cmd
