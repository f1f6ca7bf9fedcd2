#pragma once
// The figures of a recovery that its page, its summary and its supplier pages show.

#include <optional>
#include <string>
#include <vector>

#include "nightly/availability.h"
#include "nightly/commitments.h"

namespace nightly {

// The futures played, and the same with one kind of limit lifted.
struct Futures {
  std::vector<PlayedPath> paths;
  std::vector<PlayedPath> without_suppliers, without_depots;
};

// A part of the estate on its way back.
struct Return {
  std::string id, name;
  Availability availability;
  // Days (0 = the first played) on which the mean, the high and the low end of the range reach
  // normal_share; none: not within the days played.
  std::optional<std::int32_t> back, earliest, latest;
  // The mean's, were there no limit of suppliers, or of depots.
  std::optional<std::int32_t> back_without_suppliers, back_without_depots;
};

// What one supplier is asked for on one night, in cases.
struct SupplierNight {
  Date night, first_due;
  double cases = 0, low = 0, high = 0, held = 0;
};
struct SupplierProduct {
  std::uint32_t product = 0;
  double week_cases = 0, all_cases = 0;  // of the first seven nights, and of all
};
struct SupplierReturn {
  std::uint32_t supplier = 0;
  std::vector<SupplierNight> nights;      // those with orders or goods held
  std::vector<SupplierProduct> products;  // the most cases in the first week first
  std::vector<Commitment> commitments;
  double week_cases = 0, week_held = 0;
  std::int32_t nights_held = 0;
};

struct Recovery {
  std::vector<Date> dates;   // of the days played
  std::int32_t weekend = 0;  // the first Saturday played, or the last day
  Return all;
  std::vector<Return> categories;                             // by name
  std::vector<Return> sites;                                  // selling sites with lines, by id
  std::optional<Return> lifeline;                             // sites with lifeline >= lifeline_min
  std::vector<std::uint8_t> is_lifeline;                      // per entry of `sites`
  std::vector<SupplierReturn> suppliers;                      // by id
  double wanted_value = 0, lost_value = 0, wasted_value = 0;  // pounds, mean over the futures
  std::int64_t committed_units = 0, surplus_units = 0;

  const Return* worst_category() const;  // the last to be back; null without any
};

inline constexpr std::uint8_t lifeline_min = 2;

Recovery recovery_of(const PlayPlan& plan, const Futures& futures,
                     std::span<const Commitment> commitments);

// Will shelves be normal by the weekend? One sentence or two.
std::string answer_of(const Recovery& recovery);

// "Thu 25 Jun", or "not within 28 days".
std::string day_text(const Recovery& recovery, std::optional<std::int32_t> day);

}  // namespace nightly
