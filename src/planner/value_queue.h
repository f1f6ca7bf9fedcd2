#pragma once
// The largest value first, for values that only ever go down. Part of scarcity.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace planner {

// Values >= 0, exact, or an upper bound above the exact one. After a pop, no more than the popped
// value may be pushed. Values fall into buckets by their leading bits; only the bucket in turn is
// kept in order, so that what is never reached costs no more than being put away.
class ValueQueue {
 public:
  struct Entry {
    double value = 0;
    std::uint32_t index = 0;
    bool is_exact = false;
  };

  void push(const Entry& entry) {
    const std::uint32_t bucket = bucket_of(entry.value);
    if (bucket < turn_) {
      buckets_[bucket].push_back(entry);
    } else {
      heap_.push_back(entry);
      std::push_heap(heap_.begin(), heap_.end(), ComesLater{});
    }
  }

  // Moves the largest value to `entry`; bounds before exact ones, then the lowest index. False when
  // empty.
  bool pop(Entry& entry) {
    while (heap_.empty()) {
      if (turn_ == 0) return false;
      heap_ = std::move(buckets_[--turn_]);
      std::make_heap(heap_.begin(), heap_.end(), ComesLater{});
    }
    std::pop_heap(heap_.begin(), heap_.end(), ComesLater{});
    entry = heap_.back();
    heap_.pop_back();
    return true;
  }

 private:
  static constexpr int dropped_bits = 15;  // leaves the exponent and 8 bits: steps of 0.4 %
  static constexpr std::uint32_t bucket_count = (0x7f800000u >> dropped_bits) + 1;

  static std::uint32_t bucket_of(double value) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> dropped_bits;
  }

  struct ComesLater {
    bool operator()(const Entry& a, const Entry& b) const {
      if (a.value != b.value) return a.value < b.value;
      if (a.is_exact != b.is_exact) return a.is_exact;
      return a.index > b.index;
    }
  };

  std::vector<std::vector<Entry>> buckets_{bucket_count};
  std::uint32_t turn_ = bucket_count;  // buckets from here on have been moved to the heap
  std::vector<Entry> heap_;
};

}  // namespace planner
