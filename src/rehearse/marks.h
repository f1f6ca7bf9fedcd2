#pragma once
// Marks: counters of rare paths, to prove that a batch of rehearsals went there.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rehearse {

enum class Mark : std::uint8_t {
#define X(name, meaning) name,
#include "rehearse/marks.def"
#undef X
};

struct MarkRow {
  std::string_view name, meaning;
};
inline constexpr auto mark_rows = std::to_array<MarkRow>({
#define X(name, meaning) {#name, meaning},
#include "rehearse/marks.def"
#undef X
});
inline constexpr std::size_t mark_count = mark_rows.size();

constexpr const MarkRow& row_of(Mark mark) { return mark_rows[static_cast<std::size_t>(mark)]; }

class Marks {
 public:
  void hit(Mark mark) { ++counts_[static_cast<std::size_t>(mark)]; }
  std::uint64_t count(Mark mark) const { return counts_[static_cast<std::size_t>(mark)]; }
  void add(const Marks& other) {
    for (std::size_t i = 0; i < mark_count; ++i) counts_[i] += other.counts_[i];
  }
  // Those that were never hit.
  std::vector<Mark> missing() const {
    std::vector<Mark> made;
    for (std::size_t i = 0; i < mark_count; ++i)
      if (counts_[i] == 0) made.push_back(static_cast<Mark>(i));
    return made;
  }

 private:
  std::array<std::uint64_t, mark_count> counts_{};
};

}  // namespace rehearse
