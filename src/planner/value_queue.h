#pragma once
// The largest value first, for values that only ever go down. Part of scarcity.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace planner {

// Holds each index at most once, with a value >= 0: exact, or an upper bound that is above the
// exact one. An index may be pushed again with no more than the value it was popped with. Values
// fall into buckets by their leading bits; only the bucket in turn is kept in order, so that values
// which are never reached cost no more than a link.
class ValueQueue {
 public:
  struct Entry {
    double value = 0;
    std::uint32_t index = 0;
    bool is_exact = false;
  };

  // For indexes below `count`.
  explicit ValueQueue(std::size_t count)
      : values_(count), next_(count), is_exact_(count), first_(buckets, none) {}

  void push(std::uint32_t index, double value, bool is_exact) {
    const std::uint32_t bucket = bucket_of(value);
    if (bucket >= turn_) {
      heap_.push_back({value, index, is_exact});
      std::push_heap(heap_.begin(), heap_.end(), comes_later);
      return;
    }
    values_[index] = value;
    is_exact_[index] = is_exact;
    next_[index] = first_[bucket];
    first_[bucket] = index;
  }

  // The largest value; bounds before exact ones, then the lowest index. False when empty.
  bool pop(Entry& entry) {
    while (heap_.empty()) {
      if (turn_ == 0) return false;
      open_bucket(--turn_);
    }
    std::pop_heap(heap_.begin(), heap_.end(), comes_later);
    entry = heap_.back();
    heap_.pop_back();
    return true;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr int dropped_bits = 14;  // leaves the exponent and 9 bits: steps of 0.2 %
  static constexpr std::uint32_t buckets = (0x7f800000u >> dropped_bits) + 1;

  static std::uint32_t bucket_of(double value) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> dropped_bits;
  }

  static bool comes_later(const Entry& a, const Entry& b) {
    if (a.value != b.value) return a.value < b.value;
    if (a.is_exact != b.is_exact) return a.is_exact;
    return a.index > b.index;
  }

  void open_bucket(std::uint32_t bucket) {
    for (std::uint32_t i = first_[bucket]; i != none; i = next_[i])
      heap_.push_back({values_[i], i, is_exact_[i] != 0});
    first_[bucket] = none;
    std::make_heap(heap_.begin(), heap_.end(), comes_later);
  }

  std::vector<double> values_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint8_t> is_exact_;
  std::vector<std::uint32_t> first_;  // one entry per bucket
  std::uint32_t turn_ = buckets;      // buckets from here on are open: they are in the heap
  std::vector<Entry> heap_;
};

}  // namespace planner
