// How fast sales are read: `read_speed make FOLDER SITES PRODUCTS DAYS [date|site]` writes an
// estate of that many rows, sorted by date or by site; `read_speed read FOLDER [THREADS]` reads
// it and prints seconds and peak memory.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "base/prng.h"
#include "estate/read.h"

namespace {

using base::Result;

Result<> make(const io::Path& folder, int sites, int products, int days, bool by_date) {
  io::Disk& disk = io::real_disk();
  TRY(disk.make_folders(folder));
  TRY(io::write_file(disk, folder / "estate.toml",
                     "format = 1\nname = \"bench\"\nperiod = \"day\"\n"));
  std::string text = "site,kind\n";
  for (int site = 0; site < sites; ++site) text += fmt::format("S{:04},store\n", site);
  TRY(io::write_file(disk, folder / "sites.csv", text));
  text = "product\n";
  for (int product = 0; product < products; ++product) text += fmt::format("P{:06}\n", product);
  TRY(io::write_file(disk, folder / "products.csv", text));

  const auto sales = TRY(disk.create(folder / "sales.csv"));
  text = "date,site,product,units,in_stock\n";
  base::Prng prng(1);
  const base::Date first = base::make_date(2025, 1, 1);
  const auto add = [&](int day, int site, int product) {
    text += fmt::format("{},S{:04},P{:06},{},1\n", base::to_string(first + day), site, product,
                        prng.below(20));
  };
  for (int outer = 0; outer < (by_date ? days : sites); ++outer) {
    for (int middle = 0; middle < (by_date ? sites : products); ++middle) {
      for (int inner = 0; inner < (by_date ? products : days); ++inner)
        by_date ? add(outer, middle, inner) : add(inner, outer, middle);
      TRY(sales->write(text));
      text.clear();
    }
  }
  return sales->finish();
}

Result<> read(const io::Path& folder, int threads) {
  const auto begin = std::chrono::steady_clock::now();
  const estate::Estate estate =
      TRY(estate::read_estate(io::real_disk(), folder, {.threads = threads}));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  rusage usage;
  CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
  const auto cpu = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  const double peak_bytes = static_cast<double>(usage.ru_maxrss) * 1024;
  const double rows = static_cast<double>(estate.sales.size());
  fmt::print(
      "{} rows, {} threads: {:.2f} s, CPU {:.2f} s, peak {:.0f} MB = {:.2f} x 15 bytes a row\n",
      estate.sales.size(), threads, seconds.count(), cpu(usage.ru_utime) + cpu(usage.ru_stime),
      peak_bytes / 1e6, peak_bytes / (15 * rows));
  return {};
}

Result<> run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return std::atoi(words[i].c_str()); };
  if (words.size() >= 5 && words[0] == "make")
    return make(words[1], number(2), number(3), number(4), words.size() < 6 || words[5] == "date");
  if (words.size() >= 2 && words[0] == "read")
    return read(words[1], words.size() > 2 ? number(2) : 2);
  return base::fail(
      base::ErrorCode::input_bad,
      "usage: read_speed make FOLDER SITES PRODUCTS DAYS [date|site] | read FOLDER [THREADS]");
}

}  // namespace

int main(int count, char** words) {
  const auto outcome = run({words + 1, words + count});
  if (!outcome) fmt::print(stderr, "{}\n", outcome.error().message);
  return outcome ? 0 : 1;
}
