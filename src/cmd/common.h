#pragma once
// What several subcommands share: reading an estate, and a progress bar.

#include <string>

#include "base/date.h"
#include "base/result.h"
#include "cmd/command.h"
#include "estate/read.h"

namespace cmd {

// A bar on stderr, drawn only where that is a terminal and gone with the object.
class ProgressBar {
 public:
  ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ~ProgressBar();

  bool shown() const { return terminal_; }
  // share: 0 to 1; `what` is at hand.
  void draw(double share, std::string_view what) const;

 private:
  bool terminal_;
};

// Options of every command that reads an estate.
struct EstateOptions {
  std::string folder;
  bool lenient = false;
  std::int64_t threads = 0;  // 0 = as many as the machine runs

  void bind(Options& options);
  int thread_count() const;
};

// Reads the estate as of a day. Shows progress on stderr when that is a terminal, and reports
// columns that were ignored there.
base::Result<estate::Estate> read(const EstateOptions& options, base::Date as_of,
                                  base::Date sales_from = base::date_min);

// The last day of sales.csv, for commands whose --as-of may be left out. Error: nothing_to_do.
base::Result<base::Date> last_sales_day(const estate::Estate& estate);

// An output may not lie in a folder that the command reads, nor that folder in the output.
base::Result<> check_apart(const std::string& out, const std::string& folder);

}  // namespace cmd
