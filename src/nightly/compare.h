#pragma once
// Our orders against somebody else's for the same night: what differs, what it is worth, and what
// decided ours. Pure; the files are in compare_files.h.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/numbers.h"
#include "base/result.h"
#include "estate/estate.h"

namespace nightly {

// Texts that come back often, as numbers in the order in which they were met.
class Names {
 public:
  std::uint32_t number_of(std::string_view text);
  const std::string& text(std::uint32_t number) const { return *texts_[number]; }
  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;  // keys of numbers_, which never move
};

inline constexpr std::size_t compared_rows_max = 40'000'000;  // of either side

// One row of either side. Several rows of one line (drops, due dates) are summed.
struct OrderedUnits {
  std::uint32_t site = 0, product = 0;  // of ComparedOrders
  std::int64_t units = 0;               // 0 to 10^9
  std::uint32_t why = 0;  // of ComparedOrders::words; ours only: what decided the units
  bool limited = false;   // ours only: units were cut or held, which is then the `why`
};

struct ComparedOrders {
  Names sites, products, words;
  std::vector<OrderedUnits> ours, theirs;  // at most compared_rows_max each, in any order
};

enum class Side : std::uint8_t { only_ours, only_theirs, ours_higher, ours_lower, same };
inline constexpr std::size_t side_count = 5;
std::string_view text_of(Side side);

// A line that one of the two orders.
struct ComparedLine {
  std::uint32_t site = 0, product = 0;  // of ComparedOrders
  std::int64_t ours_units = 0, theirs_units = 0;
  Side side = Side::same;
  // What decided our units: the word of our order, or why there is none. See why_absent.
  std::uint32_t why = 0;                  // of ComparedOrders::words
  std::optional<base::Money> price = {};  // of one unit
  base::Money value = {};                 // of the difference, ours less theirs; 0 without a price

  std::int64_t difference_units() const { return ours_units - theirs_units; }
};

// Sums over lines. Values count only lines with a price.
struct Tally {
  std::string name;
  std::uint64_t lines = 0;
  std::array<std::uint64_t, side_count> sides{};  // lines by Side
  std::int64_t ours_units = 0, theirs_units = 0,
               gross_units = 0;  // gross: differences without sign
  base::Money ours_value, theirs_value, gross_value;
};

struct Comparison {
  std::vector<ComparedLine> lines;  // the largest difference first, then by site and product
  Tally all;
  std::vector<Tally> by_side;                           // one per Side, in its order
  std::vector<Tally> by_why, by_site, by_category;      // the largest gross difference first
  std::uint64_t unpriced_lines = 0, neither_lines = 0;  // neither: both sides say 0 units
  bool valued = false;  // differences are ranked by value, else by units; by_category is filled
};

// The value of a line's units is cut at this, so that no sum can overflow.
inline constexpr base::Money line_value_max{10'000'000LL * 10'000};

// Compares line by line. With an estate, units are valued at unit_cost, else unit_price, and `why`
// tells what the estate knows of a line that we do not order on `as_of`: unknown_site,
// unknown_product, not_trading, not_in_range, dormant, blocked, not_ordered. Without one it is
// not_ordered. Adds such words to orders.words.
Comparison compare(ComparedOrders& orders, const estate::Estate* estate, base::Date as_of);

}  // namespace nightly
