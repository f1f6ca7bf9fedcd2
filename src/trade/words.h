#pragma once
// The words of trade: ids, dates, short texts and every enumeration with its spelling.
//
// An enumeration has one spelling everywhere: Words<E>::list, in the order of its values. Values
// are written into journals, so a list only ever grows at its end.

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/date.h"

namespace trade {

enum class SiteCode : std::uint16_t {};  // four digits, from the roster
inline constexpr std::uint16_t site_code_max = 9'999;
enum class LineNo : std::uint32_t {};  // lines of a site count from 0 in the order of their opening
inline constexpr LineNo no_line{0xffff'ffff};
enum class ActorNo : std::uint32_t {};   // an enrolment; who that is stands in no journal
enum class DeviceNo : std::uint32_t {};  // an enrolled device; 0 = none

constexpr std::uint32_t index(LineNo line) { return static_cast<std::uint32_t>(line); }

using Units = std::int32_t;
using Pence = std::int32_t;

inline constexpr std::uint32_t lines_max = 1'000'000;           // of a site
inline constexpr Units row_units_max = 1'000'000;               // in a row of a document
inline constexpr Units on_hand_units_max = 1'000'000'000;       // of a line, below zero as well
inline constexpr Pence row_pence_max = 1'000'000'000;           // in a row of a document
inline constexpr std::int64_t total_pence_max = row_pence_max;  // of a receipt, a card, a payment
inline constexpr std::size_t rows_max = 8'192;                  // of a document
inline constexpr std::size_t event_bytes_max = 65'516;          // what a journal's entry can hold

// Days since 2000-01-01, to 2179; 0 = no date. Small, because every expiry lot has one.
struct Day {
  std::uint16_t days = 0;
  constexpr bool given() const { return days != 0; }
  friend constexpr auto operator<=>(Day, Day) = default;
};
inline constexpr Day day_max{0xffff};
inline constexpr std::int32_t day_epoch = 10'957;  // 2000-01-01 in days since 1970-01-01
// Requires a date from 2000-01-02 to 2179-06-06.
constexpr Day to_day(base::Date date) {
  return {static_cast<std::uint16_t>(date.days - day_epoch)};
}
constexpr base::Date to_date(Day day) { return {day.days + day_epoch}; }
// The last day there is, if the sum lies behind it.
constexpr Day later(Day day, std::uint32_t days) {
  return {static_cast<std::uint16_t>(std::min<std::uint32_t>(day.days + days, day_max.days))};
}

// A short text without a length: printable ASCII, filled up with zeros, so that it costs no heap.
template <std::size_t size_max>
struct Text {
  std::array<char, size_max> bytes{};

  static constexpr std::optional<Text> of(std::string_view text) {
    if (text.size() > size_max) return std::nullopt;
    Text made;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] < ' ' || text[i] > '~') return std::nullopt;
      made.bytes[i] = text[i];
    }
    return made;
  }
  constexpr std::string_view view() const {
    std::size_t size = 0;
    while (size < size_max && bytes[size] != '\0') ++size;
    return {bytes.data(), size};
  }
  constexpr bool given() const { return bytes[0] != '\0'; }
  friend constexpr auto operator<=>(const Text&, const Text&) = default;
};

// So many bytes, or none: all zero. Keys and digests.
template <std::size_t size>
struct Octets {
  std::array<std::uint8_t, size> bytes{};

  constexpr bool given() const { return *this != Octets{}; }
  friend constexpr auto operator<=>(const Octets&, const Octets&) = default;
};
// Bytes, as many as there are.
struct Blob {
  std::string bytes;
  friend auto operator<=>(const Blob&, const Blob&) = default;
};
// The value of a table that is a set.
struct Nothing {
  static constexpr auto fields() { return std::tuple(); }
  friend auto operator<=>(const Nothing&, const Nothing&) = default;
};
using PublicKey = Octets<32>;
using TreeRoot = Octets<32>;  // of a journal's hash tree
using Sha256 = Octets<32>;    // of a document
// Names a request that may be sent again: 8 bytes of a digest of its key and its sender, 8 of its
// content. Nothing of either can be read from it.
using RequestId = Octets<16>;

using ProductId = Text<32>;
using SupplierId = Text<32>;
using Batch = Text<20>;
using Reference = Text<32>;  // what stands on somebody's paper
using Note = Text<60>;       // a few words of a person: never a name, a number to call, an address

enum class SiteKind : std::uint8_t { store, depot, centre, online, till };
enum class Role : std::uint8_t {
  colleague,
  manager,
  depot,
  planner,
  incident,
  auditor,
  device,
  site,  // the site's own process
};
enum class Mode : std::uint8_t { open, closed };
enum class Capability : std::uint8_t {
  setting_up,
  trading_day,
  pricing,
  selling,
  returns,
  receiving,
  counting,
  wasting,
  transferring,
  stopping,
  ordering,
  fulfilling,
  supplying,
  enrolling,
  gift_cards,
  card_payments,
  reconciling,
  online_orders,
  parcels,
};
// Where units are. Every quantity moves from one to another.
enum class Place : std::uint8_t {
  on_hand,     // at the site, for sale or for picking
  quarantine,  // at the site, set apart
  dock,        // picked for a store, not yet on a vehicle
  supplier,
  vehicle,
  parcel,
  customer,
  waste,
  opening,      // before the journal began
  unexplained,  // found or missed by a count
  disputed,     // dispatched and not received, until the sender settles it
};
enum class Chain : std::uint8_t { ambient, chilled, frozen };
enum class DateKind : std::uint8_t { none, use_by, best_before };
// Why a person does not take a proposal as it is.
enum class ChangeReason : std::uint8_t {
  local_event,
  weather,
  wrong_stock,  // the book's; a count puts it right
  promotion,
  too_much_left,
  sold_out,
  no_room,
  other,  // the note says it
};
// What somebody did who may be an attacker.
enum class SecurityKind : std::uint8_t {
  code_wrong,
  challenge_wrong,
  signature_wrong,
  key_unknown,
  session_over,
  role_refused,
  sequence_repeated,
  malformed,
  flood,
  invited,  // by whoever has the site's own machine, past everybody who is enrolled
};

// How an order came to the depot where the store's journal did not bring it, or what stands in its
// place.
enum class OrderPath : std::uint8_t {
  carried,   // with the store's journal
  sealed,    // the store's signature, as one file
  scanned,   // the same as the codes of a sheet
  typed,     // a sheet that somebody typed, after a call back
  standing,  // nobody was heard: what the centre has signed for the store
  customer,  // of a shop that is no site of the estate
};
// Why a depot does not take an order that it was told.
enum class OrderFault : std::uint8_t {
  known,
  outdated,
  cycle_already_ordered,
  cut_off_passed,
  rehearsed,
  over_cap,
  not_called_back,
  standing_unknown,
};

template <class E>
struct Words;

#define TRADE_WORDS(Enum, ...)                                                 \
  template <>                                                                  \
  struct Words<Enum> {                                                         \
    static constexpr auto list = std::to_array<std::string_view>(__VA_ARGS__); \
  }
TRADE_WORDS(SiteKind, {"store", "depot", "centre", "online", "till"});
TRADE_WORDS(Role,
            {"colleague", "manager", "depot", "planner", "incident", "auditor", "device", "site"});
TRADE_WORDS(Mode, {"open", "closed"});
TRADE_WORDS(Capability,
            {"setting_up", "trading_day", "pricing", "selling", "returns", "receiving", "counting",
             "wasting", "transferring", "stopping", "ordering", "fulfilling", "supplying",
             "enrolling", "gift_cards", "card_payments", "reconciling", "online_orders",
             "parcels"});
TRADE_WORDS(Place, {"on_hand", "quarantine", "dock", "supplier", "vehicle", "parcel", "customer",
                    "waste", "opening", "unexplained", "disputed"});
TRADE_WORDS(Chain, {"ambient", "chilled", "frozen"});
TRADE_WORDS(DateKind, {"none", "use_by", "best_before"});
TRADE_WORDS(ChangeReason, {"local_event", "weather", "wrong_stock", "promotion", "too_much_left",
                           "sold_out", "no_room", "other"});
TRADE_WORDS(SecurityKind,
            {"code_wrong", "challenge_wrong", "signature_wrong", "key_unknown", "session_over",
             "role_refused", "sequence_repeated", "malformed", "flood", "invited"});

TRADE_WORDS(OrderPath, {"carried", "sealed", "scanned", "typed", "standing", "customer"});
TRADE_WORDS(OrderFault, {"known", "outdated", "cycle_already_ordered", "cut_off_passed",
                         "rehearsed", "over_cap", "not_called_back", "standing_unknown"});

template <class E>
concept Word = requires {
  Words<E>::list;
};

template <Word E>
inline constexpr std::size_t count_of = Words<E>::list.size();

// The word of a value, for example "use_by".
template <Word E>
constexpr std::string_view text_of(E value) {
  return Words<E>::list[static_cast<std::size_t>(value)];
}

// The value of a word, or nothing.
template <Word E>
constexpr std::optional<E> parse_word(std::string_view text) {
  for (std::size_t i = 0; i < count_of<E>; ++i)
    if (Words<E>::list[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace trade
