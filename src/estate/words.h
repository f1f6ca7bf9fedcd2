#pragma once
// The words that estate folders use for enumerations, in one place for readers and writers.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "estate/estate.h"

namespace estate {

// Who sold, as sales.csv says it; summed away when the rows are kept.
enum class Channel : std::uint8_t { unsaid, till, online, partner };
// What Barcode::kind counts.
enum class BarcodeKind : std::uint8_t { each, inner, case_, plu };

// Words<E>::list holds the word of every enumerator, in their order; an empty word is never
// written.
template <class E>
struct Words;

#define ESTATE_WORDS(Enum, ...)                                                \
  template <>                                                                  \
  struct Words<Enum> {                                                         \
    static constexpr auto list = std::to_array<std::string_view>(__VA_ARGS__); \
  }
ESTATE_WORDS(PeriodKind, {"day", "week"});
ESTATE_WORDS(SiteKind, {"store", "depot", "online"});
ESTATE_WORDS(Ownership, {"own", "franchise", "society", "wholesale"});
ESTATE_WORDS(Measure, {"each", "g"});
ESTATE_WORDS(Chain, {"ambient", "chilled", "frozen"});
ESTATE_WORDS(DateKind, {"none", "use_by", "best_before"});
ESTATE_WORDS(RangeStatus, {"active", "launch", "run_down", "seasonal", "blocked"});
ESTATE_WORDS(Flow, {"stock", "cross_dock", "direct"});
ESTATE_WORDS(OrderBasis, {"units", "cases", "layers", "pallets", "kg", "pence"});
ESTATE_WORDS(DayState, {"open", "closed", "no_delivery"});
ESTATE_WORDS(CapacityBasis, {"units", "cases", "cages", "kg"});
ESTATE_WORDS(Mechanic, {"", "price", "multibuy", "meal_deal", "member"});
ESTATE_WORDS(MovementReason, {"received", "waste", "damage", "theft", "count", "transfer_in",
                              "transfer_out", "donated", "recalled"});
ESTATE_WORDS(Channel, {"", "till", "online", "partner"});
ESTATE_WORDS(BarcodeKind, {"each", "inner", "case", "plu"});
#undef ESTATE_WORDS

// The word of a value, for example "chilled".
template <class E>
constexpr std::string_view text_of(E value) {
  return Words<E>::list[static_cast<std::size_t>(value)];
}

// The value of a word, or nothing.
template <class E>
constexpr std::optional<E> parse_word(std::string_view text) {
  for (std::size_t i = 0; i < Words<E>::list.size(); ++i)
    if (!text.empty() && Words<E>::list[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

// "one of ambient, chilled, frozen"
template <class E>
std::string words_expected() {
  std::string text;
  for (std::string_view word : Words<E>::list) {
    if (word.empty()) continue;
    text += text.empty() ? "one of " : ", ";
    text += word;
  }
  return text;
}

}  // namespace estate
