#pragma once
// How often somebody has tried: after too many within a minute they wait for one.

#include <cstddef>
#include <cstdint>
#include <string>

#include "site/bounded_table.h"

namespace site {

inline constexpr std::size_t attempts_rows_max = 4'096;
inline constexpr std::int64_t attempts_window_ms = 60'000;

class Attempts {
 public:
  explicit Attempts(int a_minute_max) : a_minute_max_(a_minute_max) {}

  // Times grow only, in milliseconds from any start.
  bool is_blocked(const std::string& who, std::int64_t now_ms) {
    const Row* row = rows_.find(who);
    return row != nullptr && now_ms < row->blocked_until_ms;
  }
  void count(const std::string& who, std::int64_t now_ms) {
    Row* row = rows_.find(who);
    if (row == nullptr || now_ms >= row->begin_ms + attempts_window_ms)
      row = &rows_.put(who, {now_ms, 0, row == nullptr ? 0 : row->blocked_until_ms});
    if (++row->count >= a_minute_max_) row->blocked_until_ms = now_ms + attempts_window_ms;
  }
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::int64_t begin_ms = 0;
    int count = 0;
    std::int64_t blocked_until_ms = 0;
  };
  int a_minute_max_;
  BoundedTable<std::string, Row> rows_{attempts_rows_max};
};

}  // namespace site
