#include "site/cut_offs.h"

#include <ctime>

namespace site {

int cut_off_minute(const estate::Estate& estate, std::uint32_t site, const trade::OrderKey& key,
                   base::Date day) {
  // 1970-01-01 was a Thursday; weekdays count from Monday.
  const int weekday = ((day.days + 3) % 7 + 7) % 7;
  for (const estate::DeliveryRow& row : estate.deliveries) {
    const bool is_it =
        row.site == site && static_cast<int>(row.chain) == static_cast<int>(key.chain) &&
        row.drop == key.drop && row.order_weekday == weekday && row.from <= day && day <= row.to;
    if (is_it && row.cut_off_minute >= 0) return row.cut_off_minute;
  }
  return default_cut_off_minute;
}

int supplier_cut_off_minute(const estate::Estate& estate, std::uint32_t depot,
                            std::string_view supplier, base::Date day) {
  for (const estate::SupplyRow& row : estate.supply) {
    const bool is_it = row.to_site == depot && row.from_supplier != estate::none &&
                       estate.suppliers[row.from_supplier].id == supplier && row.from <= day &&
                       day <= row.to;
    if (is_it && row.cut_off_minute >= 0) return row.cut_off_minute;
  }
  return default_cut_off_minute;
}

std::int64_t local_ms(base::Date day, int minute) {
  const std::time_t noon = (std::int64_t{day.days} * 24 + 12) * 3'600;
  std::tm parts{};
  gmtime_r(&noon, &parts);
  parts.tm_hour = 0;
  parts.tm_min = minute;
  parts.tm_sec = 0;
  parts.tm_isdst = -1;  // whatever the zone has on that day
  return static_cast<std::int64_t>(std::mktime(&parts)) * 1'000;
}

LocalTime local_time(std::int64_t wall_ms) {
  const std::time_t seconds = wall_ms / 1'000;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return {base::make_date(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
          parts.tm_hour * 60 + parts.tm_min};
}

}  // namespace site
