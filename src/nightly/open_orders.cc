#include "nightly/open_orders.h"

#include <algorithm>
#include <span>

namespace nightly {
namespace {

template <class Row>
std::pair<std::uint32_t, std::uint32_t> key_of(const Row& row) {
  return {row.site, row.product};
}

// What was received of one product at one site, taken from front to back.
class Receipts {
 public:
  Receipts(const estate::Estate& estate, std::pair<std::uint32_t, std::uint32_t> key)
      : rows_(std::ranges::equal_range(estate.movements, key, {}, key_of<estate::MovementRow>)) {}

  // Takes up to `units` of what came on the days from..until and was not taken before; what came
  // earlier is passed over.
  std::int32_t take(Date from, Date until, std::int32_t units) {
    std::int32_t taken = 0;
    for (; taken < units && at_ < rows_.size(); ++at_, used_ = 0) {
      const estate::MovementRow& row = rows_[at_];
      if (row.date > until) break;
      if (row.date < from || row.reason != estate::MovementReason::received) continue;
      const std::int32_t more = std::clamp(row.units - used_, 0, units - taken);
      taken += more;
      used_ += more;
      if (used_ < row.units) break;
    }
    return taken;
  }

 private:
  std::span<const estate::MovementRow> rows_;
  std::size_t at_ = 0;
  std::int32_t used_ = 0;  // of rows_[at_]
};

}  // namespace

void open_orders(const estate::Estate& estate, std::size_t first, std::size_t last, Date as_of,
                 std::int32_t drop_days, std::vector<OpenOrder>& open) {
  open.clear();
  if (first == last) return;
  Receipts receipts(estate, key_of(estate.on_order[first]));
  for (std::size_t i = first; i < last; ++i) {
    const estate::OnOrderRow& row = estate.on_order[i];
    if (row.units <= 0 || row.status == "cancelled" || row.status == "received") continue;
    const bool reinstated = row.status == "reinstated";
    const Date until = reinstated ? as_of : std::min(as_of, row.due + (drop_days - 1));
    const std::int32_t units = row.units - receipts.take(row.due, until, row.units);
    if (units > 0) open.push_back({static_cast<std::uint32_t>(i), row.due, units, reinstated});
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

std::vector<std::uint8_t> notes_receipts(const estate::Estate& estate, Date as_of) {
  std::vector<std::uint8_t> notes(estate.sites.size(), 0);
  for (const estate::MovementRow& row : estate.movements)
    if (row.reason == estate::MovementReason::received && row.date <= as_of) notes[row.site] = 1;
  return notes;
}

}  // namespace nightly
