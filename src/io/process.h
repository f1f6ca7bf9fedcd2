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
// Memory that is freed stays with the process for whoever asks next: for a run that fills hundreds
// of megabytes stage by stage and then ends. What the system hands out anew is cleared first, which
// can take longer than what is done with it. Blocks of up to 32 MiB, or of any size, which then
// cannot grow without being copied. Call it before other threads begin.
enum class KeptBlocks : bool { up_to_32_mib, all };
void keep_freed_memory(KeptBlocks blocks = KeptBlocks::up_to_32_mib);

}  // namespace io
