#pragma once
// A table that never has more rows than it was made for: the oldest goes when there is no room.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/result.h"

namespace site {

template <class Key, class Value>
class BoundedTable {
 public:
  // Requires rows_max > 0.
  explicit BoundedTable(std::size_t rows_max) : rows_max_(rows_max) { CHECK(rows_max > 0); }

  std::size_t size() const { return rows_.size(); }
  // Valid until the next put or erase.
  Value* find(const Key& key) {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second.value;
  }
  // In place of what the key had; the row counts as new.
  Value& put(const Key& key, Value value) {
    erase(key);
    if (rows_.size() == rows_max_) erase(ages_.begin()->second);
    ages_.emplace(next_age_, key);
    return rows_.emplace(key, Row{std::move(value), next_age_++}).first->second.value;
  }
  // Takes the row out.
  std::optional<Value> take(const Key& key) {
    Value* found = find(key);
    if (found == nullptr) return std::nullopt;
    std::optional<Value> taken(std::move(*found));
    erase(key);
    return taken;
  }
  void erase(const Key& key) {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return;
    ages_.erase(found->second.age);
    rows_.erase(found);
  }
  // Asks of every value, the oldest first, whether it goes.
  template <class Goes>
  void erase_if(Goes&& goes) {
    for (auto at = ages_.begin(); at != ages_.end();) {
      const auto row = rows_.find(at->second);
      if (!goes(row->second.value)) {
        ++at;
        continue;
      }
      rows_.erase(row);
      at = ages_.erase(at);
    }
  }

 private:
  struct Row {
    Value value;
    std::uint64_t age;
  };
  std::size_t rows_max_;
  std::map<Key, Row> rows_;
  std::map<std::uint64_t, Key> ages_;
  std::uint64_t next_age_ = 0;
};

}  // namespace site
