#include "cmd/common.h"

#include <unistd.h>

#include <fmt/core.h>

#include "base/parallel.h"

namespace cmd {
namespace {

void show_progress(double share, const std::string& file) {
  constexpr int width = 30;
  const int filled = static_cast<int>(share * width);
  fmt::print(stderr, "\r\033[K[{:<{}}] {:3.0f} %  {}", std::string(static_cast<std::size_t>(filled), '#'), width,
             share * 100, file);
  std::fflush(stderr);
}

}  // namespace

void EstateOptions::bind(Options& options) {
  options.text("--estate", folder, "the estate folder", true)
      .flag("--lenient", lenient, "skip bad rows, count and list them, instead of stopping at the first")
      .whole("--threads", threads, "threads; 0 = as many as the machine runs", 0, 64);
}

int EstateOptions::thread_count() const {
  return threads == 0 ? base::hardware_threads() : static_cast<int>(threads);
}

base::Result<estate::Estate> read(const EstateOptions& options, base::Date as_of, base::Date sales_from) {
  estate::ReadOptions how;
  how.lenient = options.lenient;
  how.as_of = as_of;
  how.sales_from = sales_from;
  how.threads = options.thread_count();
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  if (terminal) how.progress = show_progress;
  auto estate = estate::read_estate(io::real_disk(), options.folder, how);
  if (terminal) fmt::print(stderr, "\r\033[K");
  if (!estate) return estate;
  for (const estate::FileFacts& facts : estate->files) {
    if (!facts.unknown_columns.empty()) {
      std::string names;
      for (const std::string& column : facts.unknown_columns) names += (names.empty() ? "" : ", ") + column;
      fmt::print(stderr, "{}: ignoring unknown columns: {}\n", facts.file, names);
    }
    if (facts.rejected > 0) fmt::print(stderr, "{}: {} rows left out\n", facts.file, facts.rejected);
  }
  return estate;
}

}  // namespace cmd
