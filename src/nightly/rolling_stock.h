#pragma once
// Stock of one product at one site while it is carried from the days of its counts to tonight.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/date.h"
#include "estate/estate.h"

namespace nightly {

using base::Date;

// Batches may have been counted on different days. Each is carried on from its own count:
// - What came until the day of the newest count is in the counts already; what came later is added.
// - What left until some day leaves the batches counted before that day, the first to expire
//   first. A batch that was counted later and of which there were units then takes all that is left
//   to take: had more been sold of what expires after it, there would have been none of it to
//   count. A batch counted empty says nothing and is passed over.
// - What nothing is left for is owed, unless some batch was counted later: then that count is
//   believed.
class RollingStock {
 public:
  struct Lot {
    Date expiry;  // date_max = undated
    std::int64_t units;
    Date since;  // the close of this day
    bool counted;
  };

  void clear();
  // A row of stock.csv; all of them before anything else. Units may be negative.
  void count(Date as_of, Date expiry, std::int64_t units);
  void arrive(Date on, Date expiry, std::int64_t units);
  void leave(Date until, std::int64_t units);

  // Takes left(after, until), units, for each stretch of days between counts, the last of which
  // ends at the close of as_of: what is sold by stretches is taken by the same rule.
  template <class Left>
  void leave_between_counts(Date as_of, Left left) {
    for (std::size_t i = 0; i < count_days_.size() && count_days_[i] < as_of; ++i) {
      const Date until = i + 1 < count_days_.size() ? std::min(count_days_[i + 1], as_of) : as_of;
      leave(until, left(count_days_[i], until));
    }
  }

  const std::vector<Lot>& lots() const { return lots_; }  // ascending by expiry
  Date oldest_count() const { return count_days_.empty() ? base::date_max : count_days_.front(); }
  Date newest_count() const { return count_days_.empty() ? base::date_min : count_days_.back(); }
  std::int64_t owed() const { return owed_; }
  void forgive() { owed_ = 0; }  // what was owed was only guessed
  std::int64_t total() const;    // less what is owed

 private:
  void add(const Lot& lot);

  std::vector<Lot> lots_;
  std::vector<Date> count_days_;  // ascending, each once
  std::int64_t owed_ = 0;
};

// Adds what movements.csv says about a product at a site, from the oldest count to as_of. Received
// goods can be sold for `life_days`, the day of their receipt included; 0 = undated.
void add_movements(const estate::Estate& estate, std::uint32_t site, std::uint32_t product,
                   std::int32_t life_days, Date as_of, RollingStock& stock);

// The date of goods that came on a day.
inline Date expiry_after(Date on, std::int32_t life_days) {
  return life_days > 0 ? on + (life_days - 1) : base::date_max;
}

}  // namespace nightly
