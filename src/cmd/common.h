#pragma once
// What several subcommands share: reading an estate with a progress bar.

#include <string>

#include "base/date.h"
#include "base/result.h"
#include "cmd/command.h"
#include "estate/read.h"

namespace cmd {

// Options of every command that reads an estate.
struct EstateOptions {
  std::string folder;
  bool lenient = false;
  std::int64_t threads = 0;  // 0 = as many as the machine runs

  void bind(Options& options);
  int thread_count() const;
};

// Reads the estate as of a day. Shows progress on stderr when that is a terminal, and reports columns that were ignored there.
base::Result<estate::Estate> read(const EstateOptions& options, base::Date as_of,
                                  base::Date sales_from = base::date_min);

}  // namespace cmd
