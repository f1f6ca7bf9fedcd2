#pragma once
// The figures of a night that its summary and its report show: one pass over the orders.

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nightly/order_run.h"

namespace nightly {

inline constexpr std::size_t cut_reason_count = 10;  // CutReason::none is the first and stays 0
inline constexpr std::size_t owner_count = 4;
inline constexpr std::size_t lifeline_count = 4;
inline constexpr std::size_t largest_lines_max = 10;

// Upper ends, in days, of the bars of expected cover; one more bar holds what lasts longer.
inline constexpr std::array<std::int32_t, 8> cover_days{1, 2, 3, 4, 5, 7, 14, 28};
// Upper ends, in days before as_of, of the classes of stock records by age; one more is older.
inline constexpr std::array<std::int32_t, 5> stock_age_days{0, 1, 3, 7, 28};

// A sum of money that no sum of order lines can overflow.
class Value {
 public:
  void add(base::Money each, std::int64_t units) { e4_ += static_cast<Wide>(each.e4) * units; }
  // Whole pence, halves up; at most what 64 bits hold.
  std::int64_t pence() const;
  // This as a share of a sum that is above nothing.
  double share_of(const Value& whole) const {
    return static_cast<double>(e4_) / static_cast<double>(whole.e4_);
  }
  friend auto operator<=>(const Value&, const Value&) = default;
  friend Value operator-(Value a, const Value& b) {
    a.e4_ -= b.e4_;
    return a;
  }

 private:
  using Wide = __int128;
  Wide e4_ = 0;
};

// Goods counted by the piece and goods sold by weight, which have no common unit.
struct Quantity {
  std::int64_t pieces = 0, grams = 0;

  void add(estate::Measure measure, std::int64_t units) {
    (measure == estate::Measure::g ? grams : pieces) += units;
  }
  // Units as the files count them, whatever they measure.
  std::int64_t units() const { return pieces + grams; }
  friend Quantity operator+(Quantity a, Quantity b) {
    return {a.pieces + b.pieces, a.grams + b.grams};
  }
};

// Orders that are alike in something.
struct Group {
  std::int64_t lines = 0, cases = 0;
  Quantity quantity;
  Value value;
};

struct SupplierGroup {
  std::uint32_t supplier = 0;
  Group group;
  Date first_due = base::date_max;
};

// How much of what some stores wanted of their depots they get. What a store's own shelf cannot
// take was never wanted.
struct Fill {
  std::int64_t lines = 0, whole_lines = 0;
  Value wanted, given;
};

// What stores' orders leave unsold for want of goods until the next drop: expected demand less what
// of it the stock on the shelf, with the order, is expected to meet.
struct ExpectedLost {
  double pieces = 0, kg = 0;
  double pence = 0;  // at unit_price, or unit_cost
};

// Values are at unit_cost, at unit_price where a product has no cost, and nothing where it has
// neither.
struct Figures {
  Group ordered;                    // lines of stores with units > 0
  std::int64_t lines_unvalued = 0;  // of those, lines whose product has neither cost nor price
  Group depots;                     // lines of depots
  std::array<std::array<Quantity, owner_count>, cut_reason_count> withheld{};
  std::array<Fill, owner_count> fill_by_owner{};
  std::array<Fill, lifeline_count> fill_by_lifeline{};  // by sites.csv `lifeline`, 0 to 3
  ExpectedLost expected_lost;                           // over Night::orders
  std::map<std::string, Group> by_category;
  std::map<Date, Group> by_due;                             // first day on the shelf
  std::array<std::int64_t, cover_days.size() + 1> cover{};  // lines; those that expect sales only
  std::vector<std::uint32_t> largest;    // indexes into Night::orders, the most valuable first
  std::vector<SupplierGroup> suppliers;  // of depots and of stores, the most valuable first
  std::array<std::int64_t, stock_age_days.size() + 1>
      stock_age{};  // stock records of selling sites

  Quantity withheld_in_all() const;
  Quantity withheld_for(CutReason reason) const;
  Quantity withheld_from(estate::Ownership owner) const;
};

Figures figures_of(const OrderRunInput& input, const Night& night);

// "3,275", "39.7 kg", or "3,275 and 39.7 kg".
std::string in_words(const Quantity& quantity);

// What one unit of a product is worth in an order.
base::Money unit_value(const estate::Product& product);

}  // namespace nightly
