#include "site/till_books.h"

#include "base/result.h"

namespace site {

void TillBooks::read(const trade::Partition& till, std::string_view event_bytes) {
  Read& read = tills_[till.site.code];
  read.epoch = till.site.epoch;
  ++read.events;
  const auto event = trade::decode(event_bytes);
  CHECK(event.has_value());
  auto goods = trade::goods_of(till, event->body);
  if (!goods.empty()) read.open.emplace_back(read.events, std::move(goods));
}

std::optional<trade::TillHeard> TillBooks::next(const trade::Partition& store) {
  for (auto& [code, read] : tills_) {
    const auto booked = store.tills.find(code);
    if (booked != store.tills.end() && booked->second.epoch > read.epoch) continue;
    const bool is_known = booked != store.tills.end() && booked->second.epoch == read.epoch;
    while (is_known && !read.open.empty() && read.open.front().first <= booked->second.events)
      read.open.pop_front();
    if (read.open.empty()) continue;
    trade::TillTally tally;
    std::uint64_t events = 0;
    for (const auto& [at, goods] : read.open) {
      if (tally.is_full()) break;
      tally.add(goods);
      events = at;
    }
    auto rows = tally.rows(store);
    return trade::TillHeard{code, read.epoch, events, std::move(rows.rows), rows.unknown};
  }
  return std::nullopt;
}

}  // namespace site
