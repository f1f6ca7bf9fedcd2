#include "site/follow_date.h"

namespace site {

void follow_date(const trade::Partition& own, trade::Day today, std::vector<trade::Body>& bodies) {
  if (own.day >= today) return;
  if (own.day_is_open) bodies.emplace_back(trade::DayClosed{});
  bodies.emplace_back(trade::DayOpened{today});
}

}  // namespace site
