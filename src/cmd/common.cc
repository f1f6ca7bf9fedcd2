#include "cmd/common.h"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/parallel.h"
#include "base/words.h"
#include "estate/inflate.h"

namespace cmd {

ProgressBar::ProgressBar() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressBar::draw(double share, std::string_view what) const {
  if (!terminal_) return;
  constexpr int width = 30;
  const std::string bar(static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * width), '#');
  fmt::print(stderr, "\r\033[K[{:<{}}] {:3.0f} %  {}", bar, width, share * 100, what);
  std::fflush(stderr);
}

void EstateOptions::bind(Options& options) {
  options.text("--estate", folder, "the estate folder", true)
      .flag("--lenient", lenient,
            "skip bad rows, count and list them, instead of stopping at the first")
      .whole("--threads", threads, "threads; 0 = as many as the machine runs", 0, 64);
}

int EstateOptions::thread_count() const {
  return threads == 0 ? base::hardware_threads() : static_cast<int>(threads);
}

base::Result<estate::Estate> read(const EstateOptions& options, base::Date as_of,
                                  base::Date sales_from) {
  estate::ReadOptions how;
  how.lenient = options.lenient;
  how.as_of = as_of;
  how.sales_from = sales_from;
  how.threads = options.thread_count();
  std::optional<ProgressBar> bar(std::in_place);
  if (bar->shown())
    how.progress = [&](double share, const std::string& file) { bar->draw(share, file); };
  auto estate = estate::read_estate(io::real_disk(), options.folder, how);
  bar.reset();
  if (!estate) return estate;
  for (const estate::FileFacts& facts : estate->files) {
    if (!facts.unknown_columns.empty()) {
      std::string names;
      for (const std::string& column : facts.unknown_columns)
        names += (names.empty() ? "" : ", ") + column;
      fmt::print(stderr, "{}: ignoring unknown columns: {}\n", facts.file, names);
    }
    if (facts.rejected > 0)
      fmt::print(stderr, "{}: {} left out\n", facts.file, base::counted(facts.rejected, "row"));
  }
  return estate;
}

base::Result<base::Date> last_sales_day(const estate::Estate& estate) {
  for (const estate::FileFacts& facts : estate.files)
    if (estate::plain_name(facts.file) == "sales.csv" && facts.first <= facts.last)
      return facts.last;
  return base::fail(base::ErrorCode::nothing_to_do,
                    "sales.csv: no sales, so nothing says which day it is; give it as --as-of");
}

base::Result<> check_apart(const std::string& out, const std::string& folder) {
  const auto whole = [](const std::string& path) {
    std::error_code ignored;
    const io::Path absolute = std::filesystem::weakly_canonical(path, ignored);
    return (absolute.has_filename() ? absolute : absolute.parent_path()).string() + "/";
  };
  const std::string a = whole(out), b = whole(folder);
  if (!a.starts_with(b) && !b.starts_with(a)) return {};
  return base::fail(base::ErrorCode::usage,
                    fmt::format("{}: an output cannot lie in {} or around it", out, folder));
}

}  // namespace cmd
