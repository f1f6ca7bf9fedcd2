#pragma once
// What an estate folder is fit for on a day: how old and how complete it is, and which lines could
// be ordered.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "estate/estate.h"

namespace estate {

inline constexpr int check_periods = 28;  // completeness and jumps look back this far
inline constexpr int jump_factor = 5;  // a site's total is a jump above or below this many medians
inline constexpr int case_units_odd = 1000;  // larger cases of pieces are doubted

enum class Severity : std::uint8_t { info, warn, stop };

struct Finding {
  Severity severity;
  std::string file;  // plain name, or empty for the folder
  std::string text;
};

struct FileAge {
  std::string file;  // as found
  std::uint64_t rows = 0, rejected = 0;
  std::optional<Date> first, last;  // of its main date column
  std::optional<int>
      age_periods;  // whole periods from last to as_of, 0 = current; negative = later
};

// Whether the sites that sell told what they sold.
struct Completeness {
  std::uint32_t sites_open = 0;           // that sell on as_of
  std::uint32_t sites_reported_last = 0;  // in the period of as_of
  std::uint64_t periods_expected =
      0;  // site-periods of the last check_periods, closed days left out
  std::uint64_t periods_reported = 0;
  struct Silent {
    std::uint32_t site;
    std::optional<int> periods;  // since its last report; nothing where it never reported
  };
  std::vector<Silent> silent;  // sites that did not report the last period, in site order
};

// Days or weeks on which a whole site sold far more or less than usual, in pieces.
struct Jump {
  std::uint32_t site;
  Date period;
  std::int64_t units, median_units;
};

// Whether lines in range have what an order needs. `full`: a stock record. `forecast`: none, so
// only expected sales are ordered. `none`: blocked, or neither stock nor sales nor a product to
// learn from. A site counts as its best line.
struct Orderable {
  struct Count {
    std::uint64_t full = 0, forecast = 0, none = 0;
  };
  Count sites, lines;
  struct Reason {
    std::string why;
    std::uint64_t sites = 0, lines = 0;
  };
  std::vector<Reason> reasons;  // for `none`; those that occur
};

// Products that lack what planning would like to know.
struct ProductGaps {
  std::uint32_t no_supplier = 0, no_price = 0, price_zero = 0, no_life = 0, case_one = 0,
                case_odd = 0;
};

struct CheckReport {
  std::vector<FileAge> files;
  Completeness completeness;
  std::vector<Jump> jumps;
  Orderable orderable;
  ProductGaps products;
  std::uint32_t sites_without_depot = 0;
  std::uint64_t lines_in_range = 0, lines_with_stock = 0, lines_negative = 0, lines_dormant = 0;
  std::uint64_t lines_case_over_shelf = 0;  // the order multiple is more than twice the shelf
  std::uint64_t lines_without_source = 0;   // that nobody supplies
  std::optional<Date> stock_oldest;         // as_of of the oldest stock row that says one
  std::vector<Finding> findings;  // the worst first; within a severity in the order of the checks
};

// Whether somebody supplies a product to a site.
using IsSupplied = std::function<bool(std::uint32_t site, std::uint32_t product)>;

// Looks at everything up to the close of the period that holds `as_of`. Changes nothing, reads
// nothing. Who supplies what is for the caller to say, since that is a rule of the order run.
CheckReport check(const Estate& estate, Date as_of, const IsSupplied& is_supplied);

}  // namespace estate
