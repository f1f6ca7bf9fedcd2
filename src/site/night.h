#pragma once
// The night at a site: the planner on what the book and the records know, its quantities as
// proposals with their reasons. Pure; the core carries the proposals out.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "estate/estate.h"
#include "trade/partition.h"

namespace site {

// What a line sold on a day, as records keep it.
struct SoldDay {
  base::Date day;
  std::string_view product;
  std::int64_t units = 0;
  bool was_empty = false;
};

inline constexpr std::size_t reasons_max = 3;

// What moved a quantity, and by how many units, in the words of `stockade why`.
struct Reason {
  std::string name;
  double units = 0;
  std::string because;
};

struct ProposedLine {
  trade::LineNo line{};
  trade::Units units = 0;
  std::vector<Reason> reasons;  // the largest first, at most reasons_max
};

struct ProposedOrder {
  trade::OrderKey key;
  std::vector<ProposedLine> lines;  // in the order of their lines
  trade::OrderProposed body() const;
};

// A line of a proposal that a person changed and wants learned from.
struct LessonLine {
  trade::LineNo line{};
  trade::Units proposed_units = 0, wanted_units = 0;
};

struct Lesson {
  trade::OrderKey key;
  trade::ChangeReason reason{};
  std::vector<LessonLine> lines;  // that differ, in the order of their lines
};

// What people of the last weeks have said to be lessons, in the order of the orders' keys. The
// planner has no input for them yet: a night tells which it knew.
std::vector<Lesson> lessons_of(const trade::Partition& own);

// What a store should order at the close of the day. The estate says what is sold when and who
// supplies it, and the sales of days before the journal; the stock, what is on order and the sales
// of days that the journal knows are the site's own. Sorted by key. Goods that a supplier delivers
// to the store are not among them. Errors: input_missing where the estate has no such site, and
// those of the order run.
base::Result<std::vector<ProposedOrder>> plan_night(estate::Estate estate, std::string_view site_id,
                                                    const trade::Partition& own,
                                                    std::span<const SoldDay> sold, base::Date day,
                                                    int threads);

}  // namespace site
