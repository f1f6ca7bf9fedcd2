#pragma once
// Online orders, from checkout to hand-over: words, tables of lives and kinds of events.
//
// An order has two documents with one owner each. The online site's says what was promised and
// paid; the store's is the parcel, from the pick to the customer's hand. Units to promise come from
// an allotment: the store gives some of a line to the online site, which then spends them alone.

#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "trade/life.h"
#include "trade/number.h"
#include "trade/rows.h"
#include "trade/value.h"
#include "trade/words.h"

namespace trade {

enum class OnlineWay : std::uint8_t { delivery, collect };
enum class OnlineState : std::uint8_t {
  none,
  placed,   // units held, payment authorised
  picking,  // the store has begun; nothing is cancelled any more
  picked,   // and captured
  cancelled,
  completed,  // in the customer's hands
  returned,   // back at the store
};
enum class OnlineVerb : std::uint8_t { place, start, pick, cancel, refund, complete, bring_back };
enum class ParcelState : std::uint8_t {
  none,
  expected,
  arrived,
  ready,  // and the customer has been told
  held,   // nothing lapses and nothing is sent back
  collected,
  returning,
  returned,
};
enum class ParcelVerb : std::uint8_t {
  expect,
  pack,
  make_ready,
  hold,
  lift,
  hand_over,
  replace_food,
  lapse,
  cancel,
  finish,  // what was to go back is back
};
// What the customer shows.
enum class HandOver : std::uint8_t {
  code,
  photo_id,  // with the order's number, in the name of who ordered
  driver,    // of a delivery, at the customer's door
};
// What becomes of food whose use-by date has passed: the customer says.
enum class FoodChoice : std::uint8_t { pick_again, refund };

TRADE_WORDS(OnlineWay, {"delivery", "collect"});
TRADE_WORDS(OnlineState,
            {"none", "placed", "picking", "picked", "cancelled", "completed", "returned"});
TRADE_WORDS(OnlineVerb, {"place", "start", "pick", "cancel", "refund", "complete", "bring_back"});
TRADE_WORDS(ParcelState,
            {"none", "expected", "arrived", "ready", "held", "collected", "returning", "returned"});
TRADE_WORDS(ParcelVerb, {"expect", "pack", "make_ready", "hold", "lift", "hand_over",
                         "replace_food", "lapse", "cancel", "finish"});
TRADE_WORDS(HandOver, {"code", "photo_id", "driver"});
TRADE_WORDS(FoodChoice, {"pick_again", "refund"});

std::span<const Move<OnlineState, OnlineVerb>> moves_of(OnlineVerb);
std::span<const Move<ParcelState, ParcelVerb>> moves_of(ParcelVerb);

// Whether units of the order are held in the allotment.
constexpr bool holds_units(OnlineState state) {
  return state == OnlineState::placed || state == OnlineState::picking;
}

// How long a parcel lies ready before it may lapse, in site time; time in a hold does not count.
inline constexpr std::int64_t parcel_right_ms = std::int64_t{10} * 86'400'000;
inline constexpr std::uint8_t age_years_max = 25;
inline constexpr std::uint16_t day_minutes = 1'440;
inline constexpr std::int64_t allotted_units_max = std::int64_t{1} << 40;  // of a line, in all

// The store gives units of its line to an online site.
struct StockAllotted {
  SiteCode holder{};
  LineNo line{};
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&StockAllotted::holder, &StockAllotted::line, &StockAllotted::units);
  }
  friend bool operator==(const StockAllotted&, const StockAllotted&) = default;
};

// The online site has read that, and has the units from here on. The line is its own.
struct AllotmentTaken {
  SiteCode store{};
  LineNo line{};
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&AllotmentTaken::store, &AllotmentTaken::line, &AllotmentTaken::units);
  }
  friend bool operator==(const AllotmentTaken&, const AllotmentTaken&) = default;
};

// The online site gives units back that nobody has ordered.
struct AllotmentReturned {
  SiteCode store{};
  LineNo line{};
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&AllotmentReturned::store, &AllotmentReturned::line,
                      &AllotmentReturned::units);
  }
  friend bool operator==(const AllotmentReturned&, const AllotmentReturned&) = default;
};

// The store has read that, and has the units again.
struct AllotmentEnded {
  SiteCode holder{};
  LineNo line{};
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&AllotmentEnded::holder, &AllotmentEnded::line, &AllotmentEnded::units);
  }
  friend bool operator==(const AllotmentEnded&, const AllotmentEnded&) = default;
};

// Orders of a store that a van takes out within some hours.
struct SlotOpened {
  std::uint32_t counter = 0;  // decided
  SiteCode store{};
  Day day;
  std::uint16_t from_minute = 0, to_minute = 0;  // of the day, by the store's clock
  std::uint32_t capacity_orders = 0;
  static constexpr auto fields() {
    return std::tuple(&SlotOpened::counter, &SlotOpened::store, &SlotOpened::day,
                      &SlotOpened::from_minute, &SlotOpened::to_minute,
                      &SlotOpened::capacity_orders);
  }
  friend bool operator==(const SlotOpened&, const SlotOpened&) = default;
};

// Units of a line and what the customer pays for all of them.
struct OnlineRow {
  LineNo line{};
  Units units = 0;
  Pence pence = 0;
  std::uint8_t age_years = 0;  // how old who takes it must be; 0: any age
  VatCode vat{};               // and its rate, as of the checkout
  std::int32_t basis_points = 0;
  static constexpr auto fields() {
    return std::tuple(&OnlineRow::line, &OnlineRow::units, &OnlineRow::pence, &OnlineRow::age_years,
                      &OnlineRow::vat, &OnlineRow::basis_points);
  }
  friend bool operator==(const OnlineRow&, const OnlineRow&) = default;
};

// A checkout: the units are held and the payment is recorded, or nothing is. Who ordered, and where
// to, is in no journal: `sealed` is the digest of its sealed form.
struct OnlineOrdered {
  std::uint32_t counter = 0;  // decided
  SiteCode store{};           // that picks it
  OnlineWay way{};
  std::uint32_t slot = 0;  // of a delivery
  bool takes_substitutes = false;
  Pence authorised_pence = 0;
  Sha256 payment;  // digest of the provider's reference
  Sha256 sealed;
  Sha256 code;  // digest of the code that a customer collects with
  std::vector<OnlineRow> rows;
  static constexpr auto fields() {
    return std::tuple(&OnlineOrdered::counter, &OnlineOrdered::store, &OnlineOrdered::way,
                      &OnlineOrdered::slot, &OnlineOrdered::takes_substitutes,
                      &OnlineOrdered::authorised_pence, &OnlineOrdered::payment,
                      &OnlineOrdered::sealed, &OnlineOrdered::code, &OnlineOrdered::rows);
  }
  friend bool operator==(const OnlineOrdered&, const OnlineOrdered&) = default;
};

// Start, cancel, complete or bring back.
struct OnlineMoved {
  std::uint32_t order = 0;
  OnlineVerb verb{};
  static constexpr auto fields() { return std::tuple(&OnlineMoved::order, &OnlineMoved::verb); }
  friend bool operator==(const OnlineMoved&, const OnlineMoved&) = default;
};

// What the store has picked, substitutes among them; so much of the payment is captured, and the
// rest of the authorisation is released.
struct OnlinePicked {
  std::uint32_t order = 0;
  std::vector<OrderRow> shorts;  // decided: the units that were there, of what the store was short
  Pence captured_pence = 0;      // decided
  static constexpr auto fields() {
    return std::tuple(&OnlinePicked::order, &OnlinePicked::shorts, &OnlinePicked::captured_pence);
  }
  friend bool operator==(const OnlinePicked&, const OnlinePicked&) = default;
};

struct OnlineRefunded {
  std::uint32_t order = 0;
  Pence pence = 0;
  static constexpr auto fields() {
    return std::tuple(&OnlineRefunded::order, &OnlineRefunded::pence);
  }
  friend bool operator==(const OnlineRefunded&, const OnlineRefunded&) = default;
};

// The store will have a parcel for an online site's order. What it knows of that is decided, from
// what it has heard; the lines are its own.
struct ParcelExpected {
  DocumentNumber order;
  bool takes_substitutes = false;
  Sha256 code;
  std::vector<OnlineRow> rows;
  static constexpr auto fields() {
    return std::tuple(&ParcelExpected::order, &ParcelExpected::takes_substitutes,
                      &ParcelExpected::code, &ParcelExpected::rows);
  }
  friend bool operator==(const ParcelExpected&, const ParcelExpected&) = default;
};

// Units of another line in place of some that were ordered.
struct SubstituteRow {
  LineNo line{};
  LineNo with{};
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&SubstituteRow::line, &SubstituteRow::with, &SubstituteRow::units);
  }
  friend bool operator==(const SubstituteRow&, const SubstituteRow&) = default;
};

// Goods go into the parcel: all that is owed, but for the shorts that are typed back.
struct ParcelPacked {
  DocumentNumber order;
  std::vector<OrderRow> shorts;            // the units that were there, substitutes not counted
  std::vector<SubstituteRow> substitutes;  // one for a line at most
  std::vector<CargoRow> cargo;             // decided: the lots
  static constexpr auto fields() {
    return std::tuple(&ParcelPacked::order, &ParcelPacked::shorts, &ParcelPacked::substitutes,
                      &ParcelPacked::cargo);
  }
  friend bool operator==(const ParcelPacked&, const ParcelPacked&) = default;
};

// Make ready, hold, lift, lapse, cancel or finish.
struct ParcelMoved {
  DocumentNumber order;
  ParcelVerb verb{};
  std::int64_t tick_ms = 0;  // decided: site time
  static constexpr auto fields() {
    return std::tuple(&ParcelMoved::order, &ParcelMoved::verb, &ParcelMoved::tick_ms);
  }
  friend bool operator==(const ParcelMoved&, const ParcelMoved&) = default;
};

// The parcel goes to who may have it. Of a photo id nothing is kept but that it was shown.
struct ParcelHanded {
  DocumentNumber order;
  HandOver by{};
  Sha256 code;  // of the code that was said; not of an id
  bool is_nominee = false;
  bool age_is_checked = false;
  static constexpr auto fields() {
    return std::tuple(&ParcelHanded::order, &ParcelHanded::by, &ParcelHanded::code,
                      &ParcelHanded::is_nominee, &ParcelHanded::age_is_checked);
  }
  friend bool operator==(const ParcelHanded&, const ParcelHanded&) = default;
};

// Food in the parcel whose use-by date has passed is thrown away, and owed again or refunded in
// full.
struct ParcelFood {
  DocumentNumber order;
  FoodChoice choice{};
  Pence refund_pence = 0;  // decided
  static constexpr auto fields() {
    return std::tuple(&ParcelFood::order, &ParcelFood::choice, &ParcelFood::refund_pence);
  }
  friend bool operator==(const ParcelFood&, const ParcelFood&) = default;
};

// Units of a line that lie between a store and an online site. Only sums of events, so that each
// side's journal is enough to know its own.
struct AllotmentKey {
  SiteCode store{};
  LineNo line{};
  static constexpr auto fields() { return std::tuple(&AllotmentKey::store, &AllotmentKey::line); }
  friend auto operator<=>(const AllotmentKey&, const AllotmentKey&) = default;
};

// At the online site.
struct Allotment {
  std::int64_t taken = 0;
  std::int64_t spent = 0;  // picked, or short
  std::int64_t returned = 0;
  std::int64_t held = 0;  // follows from the open orders, so it has no bytes
  std::int64_t available() const { return taken - spent - returned - held; }
  static constexpr auto fields() {
    return std::tuple(&Allotment::taken, &Allotment::spent, &Allotment::returned);
  }
};

// At the store.
struct GivenKey {
  SiteCode holder{};
  LineNo line{};
  static constexpr auto fields() { return std::tuple(&GivenKey::holder, &GivenKey::line); }
  friend auto operator<=>(const GivenKey&, const GivenKey&) = default;
};
struct Given {
  std::int64_t given = 0;
  std::int64_t spent = 0;
  std::int64_t ended = 0;
  std::int64_t outstanding() const { return given - spent - ended; }
  static constexpr auto fields() { return std::tuple(&Given::given, &Given::spent, &Given::ended); }
};

struct Slot {
  SiteCode store{};
  Day day;
  std::uint16_t from_minute = 0, to_minute = 0;
  std::uint32_t capacity_orders = 0;
  std::uint32_t booked_orders = 0;  // follows from the orders
  static constexpr auto fields() {
    return std::tuple(&Slot::store, &Slot::day, &Slot::from_minute, &Slot::to_minute,
                      &Slot::capacity_orders);
  }
};

struct OnlineOrder {
  OnlineState state{};
  Day day;  // of the checkout
  SiteCode store{};
  OnlineWay way{};
  std::uint32_t slot = 0;
  bool takes_substitutes = false;
  Pence authorised_pence = 0, captured_pence = 0, refunded_pence = 0;
  Sha256 payment, sealed, code;
  std::vector<OnlineRow> rows;  // in the order of their lines
  static constexpr auto fields() {
    return std::tuple(&OnlineOrder::state, &OnlineOrder::day, &OnlineOrder::store,
                      &OnlineOrder::way, &OnlineOrder::slot, &OnlineOrder::takes_substitutes,
                      &OnlineOrder::authorised_pence, &OnlineOrder::captured_pence,
                      &OnlineOrder::refunded_pence, &OnlineOrder::payment, &OnlineOrder::sealed,
                      &OnlineOrder::code, &OnlineOrder::rows);
  }
};

struct Parcel {
  ParcelState state{};
  bool takes_substitutes = false;
  bool is_cancelled = false;  // it goes back because its order was cancelled before the pick
  Day day;                    // when it was announced, then when goods went in last
  std::int64_t since_ms = 0;  // site time of the last move that time counts from
  std::int64_t waited_ms = 0;
  Pence refund_pence = 0;  // for food that is not picked again
  Sha256 code;
  std::vector<OnlineRow> rows;             // what was ordered
  std::vector<OrderRow> picked;            // of that, what was there, substitutes counted
  std::vector<OrderRow> owed;              // what is still to be packed
  std::vector<SubstituteRow> substitutes;  // what is in it instead
  std::vector<CargoRow> cargo;             // what is in it
  static constexpr auto fields() {
    return std::tuple(&Parcel::state, &Parcel::takes_substitutes, &Parcel::is_cancelled,
                      &Parcel::day, &Parcel::since_ms, &Parcel::waited_ms, &Parcel::refund_pence,
                      &Parcel::code, &Parcel::rows, &Parcel::picked, &Parcel::owed,
                      &Parcel::substitutes, &Parcel::cargo);
  }
};

// What all the rows come to.
std::int64_t pence_of(const std::vector<OnlineRow>& rows);

// What the customer pays of an order whose shorts are these, each row rounded down for the
// customer: one row for each VAT code that occurs, in their order.
std::vector<VatRow> vat_of(const OnlineOrder& order, const std::vector<OrderRow>& shorts);

}  // namespace trade
