#pragma once
// Random events of every kind, for tests: mostly small values that often fit, sometimes any at all.

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/prng.h"
#include "trade/codec.h"
#include "trade/events.h"

namespace trade::testing {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : prng_(seed) {}

  bool once_in(std::uint64_t count) { return prng_.below(count) == 0; }
  std::uint64_t below(std::uint64_t count) { return prng_.below(count); }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  // A value that the codec can write, whatever its type.
  template <class T>
  T any() {
    T made{};
    fill(made);
    return made;
  }
  // Any event, of each kind equally often.
  Event any_event() {
    Event event{any<Origin>(), {}};
    fill_kind(event.body, below(std::variant_size_v<Body>));
    return event;
  }

 private:
  template <class T>
  void fill(T& it) {
    if constexpr (Struct<T>) {
      std::apply([&](auto... members) { (fill(it.*members), ...); }, T::fields());
    } else if constexpr (Word<T>) {
      it = static_cast<T>(below(count_of<T>));
    } else if constexpr (std::is_enum_v<T>) {
      it = static_cast<T>(number<std::underlying_type_t<T>>());
    } else {
      it = number<T>();
    }
  }
  template <class T>
  T number() {
    if (once_in(12)) return static_cast<T>(prng_.next());
    return static_cast<T>(below(4));
  }
  void fill(bool& it) { it = once_in(2); }
  template <class T, std::size_t size>
  void fill(std::array<T, size>& values) {
    for (T& it : values) fill(it);
  }
  void fill(Blob& it) { it.bytes = std::string(below(4), '~'); }
  template <std::size_t size>
  void fill(Octets<size>& it) {
    if (once_in(3)) it.bytes.fill(static_cast<std::uint8_t>(below(3)));
  }
  void fill(SiteCode& it) {
    it = one_of(std::vector{SiteCode{42}, SiteCode{43}, SiteCode{9}, SiteCode{10'000}});
  }
  void fill(Day& it) {
    it = once_in(3) ? Day{} : Day{static_cast<std::uint16_t>(9'798 + below(6))};
    if (once_in(12)) it = Day{static_cast<std::uint16_t>(prng_.next())};
  }
  template <std::size_t size_max>
  void fill(Text<size_max>& it) {
    std::string text = one_of(std::vector<std::string>{"", "milk", "soap", "B1", "B2"});
    if (once_in(12)) text = std::string(below(size_max + 1), '~');
    it = *Text<size_max>::of(text);
  }
  template <class T>
  void fill(std::vector<T>& rows) {
    rows.resize(below(4));
    for (T& row : rows) fill(row);
  }
  template <std::size_t at = 0>
  void fill_kind(Body& body, std::uint64_t kind) {
    if constexpr (at < std::variant_size_v<Body>) {
      if (kind == at) return fill(body.emplace<at>());
      fill_kind<at + 1>(body, kind);
    }
  }

  base::Prng prng_;
};

}  // namespace trade::testing
