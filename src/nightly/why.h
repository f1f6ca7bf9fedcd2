#pragma once
// Why a line gets the quantity it gets tonight: every factor of it, recomputed, in a planner's
// words.

#include <string>
#include <variant>
#include <vector>

#include "nightly/night.h"
#include "nightly/plan_lines.h"

namespace nightly {

// One factor: a number or, for a day and the like, a short text; and where it comes from.
struct WhyStep {
  std::string name;
  std::variant<double, std::string> value;
  std::string because;
};

// One of tonight's drops of a line. Its steps are steps[first_step .. first_step + step_count) of
// the whole.
struct WhyDrop {
  std::int32_t drop = 0;
  Date on_shelf;
  std::int32_t asked = 0;   // recomputed for this line alone, before anything is shared
  std::int32_t wished = 0;  // what the run asked for it, planned among all lines
  std::int32_t units = 0;   // asked, and what sharing and suppliers' limits did to it
  std::size_t first_step = 0, step_count = 0;
};

struct Why {
  std::uint32_t site = 0, product = 0;  // of the estate
  std::int64_t units = 0;               // of all drops: the sum of what stands in orders.csv
  std::vector<WhyStep> steps;           // the last one is "units"
  std::vector<WhyDrop> drops;           // empty where no order of the line leaves tonight
};

// Explains any line of a decided night, which must outlive it. Lines may be asked for from several
// threads at once.
class Explainer {
 public:
  explicit Explainer(const DecidedNight& decided);

  // Requires: line < columns.size().
  Why why(std::size_t line) const;
  // The line of a site and a product. Error: nothing_to_do where the estate has no such site,
  // product or pair; it says what is known of them.
  base::Result<std::size_t> find(std::string_view site, std::string_view product) const;

 private:
  class Telling;
  // What all stores want and get of one product of one depot.
  struct Shared {
    std::uint64_t key = 0;  // depot, product
    std::int64_t wanted = 0, given = 0, lines = 0;
  };

  static std::uint64_t key_of(const OrderLine& order);
  void add_up_shared();
  const Shared* shared_of(const OrderLine& order) const;

  const DecidedNight& decided_;
  LineTerms terms_;
  std::vector<OrderLine> wishes_;  // tonight's orders before sharing, sorted by line, then drop
  std::vector<Shared> shared_;     // by key
};

}  // namespace nightly
