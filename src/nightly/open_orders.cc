#include "nightly/open_orders.h"

#include <algorithm>
#include <ranges>

namespace nightly {
namespace {

template <class Row>
std::pair<std::uint32_t, std::uint32_t> key_of(const Row& row) {
  return {row.site, row.product};
}

}  // namespace

void open_orders(const estate::Estate& estate, std::size_t first, std::size_t last, Date as_of,
                 std::vector<OpenOrder>& open) {
  open.clear();
  if (first == last) return;
  const auto key = key_of(estate.on_order[first]);
  const auto moved =
      std::ranges::equal_range(estate.movements, key, {}, key_of<estate::MovementRow>);
  auto receipt = moved.begin();
  std::int64_t received = 0;  // of `receipt`, not yet matched with an order
  const auto next_receipt = [&](Date due) {
    while (receipt != moved.end() &&
           (received == 0 || receipt->date < due || receipt->date > as_of)) {
      ++receipt;
      received = 0;
      if (receipt != moved.end() && receipt->reason == estate::MovementReason::received)
        received = std::max(receipt->units, 0);
    }
    return receipt != moved.end();
  };
  if (receipt != moved.end() && receipt->reason == estate::MovementReason::received)
    received = std::max(receipt->units, 0);
  for (std::size_t i = first; i < last; ++i) {
    const estate::OnOrderRow& row = estate.on_order[i];
    if (row.units <= 0 || row.status == "cancelled" || row.status == "received") continue;
    std::int64_t units = row.units;
    while (units > 0 && next_receipt(row.due)) {
      const std::int64_t settled = std::min(units, received);
      units -= settled;
      received -= settled;
    }
    if (units > 0)
      open.push_back({static_cast<std::uint32_t>(i), row.due, static_cast<std::int32_t>(units),
                      row.status == "reinstated"});
  }
}

std::pair<std::size_t, std::size_t> order_rows(const estate::Estate& estate, std::uint32_t site,
                                               std::uint32_t product) {
  const auto rows = std::ranges::equal_range(estate.on_order, std::pair(site, product), {},
                                             key_of<estate::OnOrderRow>);
  const auto first = static_cast<std::size_t>(rows.begin() - estate.on_order.begin());
  return {first, first + rows.size()};
}

Coming coming(const OpenOrder& order, Date looked_on, std::int32_t drop_days, Date as_of) {
  if (order.due > as_of) return Coming::ahead;
  if (order.reinstated) return Coming::late;
  if (order.due > looked_on) return Coming::came;
  return order.due + drop_days <= looked_on ? Coming::overdue : Coming::late;
}

std::vector<Date> last_receipts(const estate::Estate& estate, Date as_of) {
  std::vector<Date> last(estate.sites.size(), base::date_min);
  for (const estate::MovementRow& row : estate.movements)
    if (row.reason == estate::MovementReason::received && row.date <= as_of)
      last[row.site] = std::max(last[row.site], row.date);
  return last;
}

}  // namespace nightly
