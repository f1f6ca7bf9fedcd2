#pragma once
// Numbers of a line's state in two bytes each, rounded the same way on every machine.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "planner/settings.h"

namespace planner {

// A number >= 0 in two bytes: five bits of exponent and eleven of fraction, so that the relative
// error is at most 2^-12 from 2^-10 on; below in steps of 2^-21, above 2^21 it stays there.
class SmallFloat {
 public:
  constexpr SmallFloat() = default;
  constexpr SmallFloat(float value) : code_(encode(value)) {}

  constexpr operator float() const {
    if (code_ < first_normal) return static_cast<float>(code_) * 0x1p-21f;
    return std::bit_cast<float>((code_ + offset) << dropped_bits);
  }

  friend constexpr bool operator==(SmallFloat a, SmallFloat b) { return a.code_ == b.code_; }

  // How the bits of a float become a code, for who rounds many at once.
  static constexpr int dropped_bits = 12;  // of the 23 bits of fraction that a float has
  static constexpr std::uint32_t code_max = 0xffff;
  // A float's exponent of 2^-10 becomes 1.
  static constexpr std::uint32_t offset = 116u << 11;
  static constexpr std::uint32_t first_normal = 1u << 11;  // codes below count steps of 2^-21

 private:
  static constexpr std::uint16_t encode(float value) {
    if (!(value >= 0x1p-10f))
      return static_cast<std::uint16_t>(std::max(value, 0.0f) * 0x1p21f + 0.5f);
    const std::uint32_t rounded =
        (std::bit_cast<std::uint32_t>(value) + (1u << (dropped_bits - 1))) >> dropped_bits;
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(rounded - offset, code_max));
  }

  std::uint16_t code_ = 0;
};

// What a line sells on each weekday: seven numbers of sixteen bits under one exponent, and which of
// them have been learned at all.
class WeekdayUnits {
 public:
  bool learned(int weekday) const { return (learned_ >> weekday & 1) != 0; }
  // How many have been learned.
  int learned_count() const { return learned_ == every_day ? weekdays : std::popcount(learned_); }
  double units(int weekday) const { return part(weekday) * scale(); }
  // What units() is made of, for who works on many lines at once: a whole number in a unit of the
  // line's own, in which total() counts too; 0 where nothing was learned.
  std::uint16_t part(int weekday) const { return part_[index(weekday)]; }
  double scale() const { return scale(exponent_); }
  // The parts from weekday `first` on, once round the week, sixteen bits each from the lowest; and
  // a bit for each of them that says whether it has been learned.
  struct Round {
    std::array<std::uint64_t, 2> parts;
    std::uint32_t learned;
  };
  Round round_from(int first) const {
    constexpr int bits = 16 * weekdays;
    std::uint64_t low, high;
    std::memcpy(&low, part_.data(), sizeof low);
    std::memcpy(&high, part_.data() + weekdays - 4, sizeof high);
    using Wide = unsigned __int128;
    const Wide all = static_cast<Wide>(high >> 16) << 64 | low;
    const Wide round = all >> (16 * first) | all << (bits - 16 * first);
    const auto learned = static_cast<std::uint32_t>(learned_);
    return {
        {static_cast<std::uint64_t>(round), static_cast<std::uint64_t>(round >> 64) & ~0ull >> 16},
        (learned >> first | learned << (weekdays - first)) & every_day};
  }
  // The sum of all parts, which who takes many steps carries along; 0 where nothing was ever sold.
  std::uint32_t total() const {
    std::uint32_t sum = 0;
    for (const std::uint16_t each : part_) sum += each;
    return sum;
  }
  // The share that a weekday has of the mean of those learned: 1 is the mean. Requires: total > 0.
  double share(int weekday, std::uint32_t total) const {
    return static_cast<double>(part(weekday) * learned_count()) / static_cast<double>(total);
  }

  // Returns the new total. Requires: units >= 0.
  std::uint32_t set(int weekday, double units, std::uint32_t total) {
    if (total == 0 && units > 0) [[unlikely]]
      exponent_ = static_cast<std::int16_t>(std::max(std::ilogb(units) - 15, exponent_min));
    double part = units * scale(-exponent_) + 0.5;
    while (part >= part_end) [[unlikely]] {
        halve();
        total = this->total();
        part = units * scale(-exponent_) + 0.5;
      }
    total -= this->part(weekday);
    set_part(weekday, static_cast<std::uint16_t>(static_cast<std::int32_t>(part)));
    total += this->part(weekday);
    while (total < total_min && total > 0 && exponent_ > exponent_min) [[unlikely]] {
        for (std::uint16_t& each : part_) each = static_cast<std::uint16_t>(2 * each);
        --exponent_;
        total *= 2;
      }
    return total;
  }
  // What set() does where neither part nor total leave their bounds.
  void set_part(int weekday, std::uint16_t part) {
    part_[index(weekday)] = part;
    learned_ = static_cast<std::uint16_t>(learned_ | 1u << weekday);
  }
  // Where the exponent of scale() and the bits of those learned stand, in steps of sixteen bits;
  // the parts come first.
  static constexpr std::size_t exponent_at = weekdays, learned_at = weekdays + 1;
  void fill(double units) {
    for (int weekday = 0; weekday < weekdays; ++weekday) set(weekday, units, total());
  }

  friend bool operator==(const WeekdayUnits&, const WeekdayUnits&) = default;

  static constexpr double part_end = 65536;
  // Below, all parts are doubled, which loses nothing; far enough from part_end not to sway.
  static constexpr std::uint32_t total_min = 1u << 14;

 private:
  static constexpr int every_day = (1 << weekdays) - 1;
  static constexpr int exponent_min = -100;

  static std::size_t index(int weekday) { return static_cast<std::size_t>(weekday); }
  static double scale(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
  }
  void halve() {
    for (std::uint16_t& each : part_) each = static_cast<std::uint16_t>((each + 1) / 2);
    ++exponent_;
  }

  std::array<std::uint16_t, weekdays> part_{};
  std::int16_t exponent_ = 0;
  std::uint16_t learned_ = 0;
};

}  // namespace planner
