#pragma once
// What this process has used of the machine so far, and how much of it it may use.

#include <cstdint>

namespace io {

// Seconds of all cores together, spent by the program and for it.
double cpu_seconds();
// The most memory that was resident at one time, in MiB.
double peak_memory_mib();
// How many files and connections this process may have open. Raised to the most that the system
// lets it have, for each connection of a server takes one.
std::uint64_t raise_open_files();

}  // namespace io
