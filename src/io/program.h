#pragma once
// Other programs, run to their end.

#include <span>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace io {

inline constexpr std::size_t program_said_max = 64 * 1024;

struct ProgramEnd {
  int code = 0;      // its exit code; 128 and the signal's number where a signal ended it
  std::string said;  // the beginning of what it wrote to standard output and error
};

// Runs words[0], looked for in PATH, with the other words as arguments, without a shell, nothing on
// its standard input and no file of ours open. A request to stop ends it with SIGTERM. Requires at
// least one word. Error: io_failed where it cannot be started.
base::Result<ProgramEnd> run_program(std::span<const std::string> words,
                                     const std::stop_token& stop = {});

// Runs it, and takes any exit code but 0 for a failure. Error: io_failed, with what it said.
base::Result<> must_run(std::span<const std::string> words);

}  // namespace io
