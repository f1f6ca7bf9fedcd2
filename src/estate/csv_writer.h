#pragma once
// CSV out, RFC 4180 with "\n" line ends: plain, .gz or .zst by the file's name.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/numbers.h"
#include "base/result.h"
#include "io/disk.h"

namespace estate {

// Fields are added from left to right and a row is closed with end_row. The first failure of the
// disk is kept and returned by finish(); until then calls after it do nothing. Nothing is promised
// before finish().
class CsvWriter {
 public:
  // Creates the file and writes the header row, a comma-separated list of column names.
  static base::Result<CsvWriter> create(io::Disk& disk, const io::Path& path,
                                        std::string_view header);
  CsvWriter(CsvWriter&&) noexcept;
  CsvWriter& operator=(CsvWriter&&) noexcept;
  ~CsvWriter();

  CsvWriter& text(std::string_view value);  // quoted where needed
  CsvWriter& whole(std::int64_t value);
  CsvWriter& date(base::Date value);
  CsvWriter& money(base::Money value);
  CsvWriter& decimal(double value, int decimals);
  CsvWriter& empty();
  void end_row();

  std::uint64_t rows() const;
  // Writes the rest, syncs and closes.
  base::Result<> finish();
  // Every uncompressed byte is also handed to `tap`, in order, for digests.
  void set_tap(void (*tap)(void* context, std::string_view bytes), void* context);

 private:
  struct State;
  explicit CsvWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Writes a file that appears whole: filled beside its place, synced, then renamed. A failure, of
// the disk or of `fill`, leaves nothing behind and an earlier file as it was.
base::Result<> write_csv(io::Disk& disk, const io::Path& path, std::string_view header,
                         const std::function<base::Result<>(CsvWriter& csv)>& fill);

}  // namespace estate
