#pragma once
// Which facts of which orders customers were told, in a small file beside the journal. What stands
// in it is on disk; a line is added for each notice, and lines of forgotten orders go at times.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "io/disk.h"
#include "site/notices.h"

namespace site {

// An order's counter and something that its customer was told.
struct ToldFact {
  std::uint32_t order = 0;
  Fact fact;
};

class ToldFile {
 public:
  // Nothing where there is no such file. A last line that a crash has torn is none. Errors:
  // io_failed, input_bad (it is something else).
  static base::Result<std::optional<ToldFile>> open(io::Disk& disk, const io::Path& path);
  // Makes it, in place of what may be there. Error: io_failed.
  static base::Result<ToldFile> make(io::Disk& disk, const io::Path& path,
                                     std::span<const ToldFact> told);

  bool is_told(std::uint32_t order, const Fact& fact) const;
  // Returns once it is on disk. After an error (io_failed) the file must be opened anew.
  base::Result<> note(const ToldFact& told);
  // All that is told of orders that `keeps` holds on to: for make.
  template <class Keeps>
  std::vector<ToldFact> rows(Keeps&& keeps) const {
    std::vector<ToldFact> made;
    for (const auto& [order, numbers] : told_)
      for (std::size_t kind = 0; kind < notice_kinds; ++kind)
        if (numbers[kind] > 0 && keeps(order))
          made.push_back({order, {static_cast<NoticeKind>(kind), numbers[kind]}});
    return made;
  }
  std::uint64_t size_bytes() const { return size_; }

 private:
  ToldFile() = default;
  void take(const ToldFact& told);

  std::unique_ptr<io::File> file_;
  std::uint64_t size_ = 0;
  std::map<std::uint32_t, std::array<std::int64_t, notice_kinds>> told_;  // the highest numbers
};

}  // namespace site
