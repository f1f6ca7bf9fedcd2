#pragma once
// Until when an order may change: the cut-offs of an estate's deliveries, on the wall clock.

#include <cstdint>
#include <string_view>

#include "base/date.h"
#include "estate/estate.h"
#include "trade/events.h"

namespace site {

// Where the estate says nothing, orders leave so long after the end of the day that they were
// planned on.
inline constexpr int default_cut_off_minute = 24 * 60 + 2 * 60;

// Minutes after the beginning of `day`, the day that the order is planned on.
int cut_off_minute(const estate::Estate& estate, std::uint32_t site, const trade::OrderKey& key,
                   base::Date day);

// The same for an order of a depot to a supplier, by supply.csv: the first row of the two that says
// one.
int supplier_cut_off_minute(const estate::Estate& estate, std::uint32_t depot,
                            std::string_view supplier, base::Date day);

// Milliseconds UTC of a minute of the day by the machine's time zone; more than 1,440 lie on the
// next.
std::int64_t local_ms(base::Date day, int minute);

// Date and minute by the machine's time zone.
struct LocalTime {
  base::Date day;
  int minute = 0;
};
LocalTime local_time(std::int64_t wall_ms);

}  // namespace site
