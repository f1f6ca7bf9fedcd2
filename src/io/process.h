#pragma once
// What this process has used of the machine so far.

namespace io {

// Seconds of all cores together, spent by the program and for it.
double cpu_seconds();
// The most memory that was resident at one time, in MiB.
double peak_memory_mib();

}  // namespace io
