#include "estate/sample/depot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "estate/sample/chance.h"

namespace estate::sample {
namespace {

constexpr double safety_days = 4;
constexpr double opening_days = 10;
constexpr double capacity_margin = 1.1;

// Rounds up to whole layers for goods that go out fast, to cases otherwise.
std::int32_t rounded(const Product& product, double units, double daily_units) {
  const std::int32_t layer = product.layer_cases * product.case_units;
  const std::int32_t multiple = daily_units * 7 > layer ? layer : product.case_units;
  return static_cast<std::int32_t>(std::ceil(units / multiple)) * multiple;
}

// One product in one depot over the window. Shipments happened, so a lack is taken as covered by a
// transfer.
class DepotLine {
 public:
  DepotLine(const World& world, std::uint32_t product, const Shipped& shipped)
      : world_(world),
        index_(product),
        product_(world.products[product]),
        shipped_(shipped),
        out_(shipped.of(product)) {
    const auto total = std::accumulate(out_.begin(), out_.end(), std::int64_t{0});
    int served = 0;  // days
    for (int t = 0; t < shipped.days; ++t) served += !world.cut_off(shipped.from_day + t);
    daily_ = static_cast<double>(total) / served;
    arrivals_.resize(out_.size() + 60);
  }

  void run(DepotEnd& end) {
    const Supplier& supplier = world_.suppliers[product_.supplier];
    receive(0, rounded(product_, daily_ * opening_days, daily_));
    for (int t = 0; t < shipped_.days; ++t) {
      if (world_.cut_off(shipped_.from_day + t)) continue;
      receive(t, arrivals_[static_cast<std::size_t>(t)]);
      ship(out_[static_cast<std::size_t>(t)]);
      const int weekday = base::weekday(world_.date(shipped_.from_day + t));
      if ((supplier.order_weekdays >> weekday & 1) != 0) order(t, supplier.lead_days, end);
    }
    if (batches_.empty()) end.stock.push_back({index_, life_never, 0});
    for (const DepotBatch& batch : batches_) end.stock.push_back(batch);
  }

 private:
  void receive(int t, std::int32_t units) {
    if (units == 0) return;
    const int life = product_.life_into_depot_days;
    const int expiry = life == 0 ? life_never : shipped_.from_day + t + life - 1;
    if (!batches_.empty() && batches_.back().expiry_day == expiry)
      batches_.back().units += units;
    else
      batches_.push_back({index_, expiry, units});
    on_hand_ += units;
  }
  void ship(std::int64_t units) {
    while (units > 0 && !batches_.empty()) {
      DepotBatch& first = batches_.front();
      const auto part = static_cast<std::int32_t>(std::min<std::int64_t>(units, first.units));
      first.units -= part, units -= part, on_hand_ -= part;
      if (first.units == 0) batches_.erase(batches_.begin());
    }
  }
  void order(int t, int lead_days, DepotEnd& end) {
    const int gap = product_.life_into_depot_days - product_.life_on_receipt_days;
    const double keep_days = product_.life_into_depot_days > 0
                                 ? std::min<double>(safety_days + 3, gap + 1)
                                 : safety_days + 3;
    const double target = daily_ * (lead_days + keep_days);
    const auto position = static_cast<double>(on_hand_ + on_order(t));
    if (position >= target) return;
    const std::int32_t units = rounded(product_, target - position, daily_);
    arrivals_[static_cast<std::size_t>(t + lead_days)] += units;
    const int due = t + lead_days;
    if (due >= shipped_.days || world_.cut_off(shipped_.from_day + due))
      end.on_order.push_back({index_, shipped_.from_day + t, shipped_.from_day + due, units});
  }
  std::int64_t on_order(int t) const {
    return std::accumulate(arrivals_.begin() + t + 1, arrivals_.end(), std::int64_t{0});
  }

  const World& world_;
  const std::uint32_t index_;
  const Product& product_;
  const Shipped& shipped_;
  const std::span<const std::int64_t> out_;
  std::vector<std::int32_t> arrivals_;  // units by day of the window and after it
  std::vector<DepotBatch> batches_;     // the earliest date first
  std::int64_t on_hand_ = 0;
  double daily_ = 0;
};

}  // namespace

DepotEnd run_depot(const World& world, const Shipped& shipped) {
  DepotEnd end;
  for (std::uint32_t p = 0; p < world.products.size(); ++p) {
    const ProductTraits& traits = world.traits[p];
    if (is_cross_dock(categories()[traits.category]) || traits.delist_day < world.days) continue;
    DepotLine(world, p, shipped).run(end);
  }
  return end;
}

std::vector<CapacityRow> capacity_of(const World& world, std::uint32_t depot,
                                     const Shipped& shipped) {
  std::vector<CapacityRow> rows;
  std::vector<std::array<double, chains>> cases_of_day(static_cast<std::size_t>(shipped.days));
  for (std::uint32_t p = 0; p < world.products.size(); ++p)
    for (std::size_t t = 0; t < cases_of_day.size(); ++t)
      cases_of_day[t][static_cast<std::size_t>(world.products[p].chain)] +=
          static_cast<double>(shipped.of(p)[t]) / world.products[p].case_units;
  for (std::size_t chain = 0; chain < chains; ++chain)
    for (int weekday = 0; weekday < 7; ++weekday) {
      double busiest = 0;
      for (int t = 0; t < shipped.days; ++t)
        if (base::weekday(world.date(shipped.from_day + t)) == weekday)
          busiest = std::max(busiest, cases_of_day[static_cast<std::size_t>(t)][chain]);
      CapacityRow row{
          .depot = depot, .chain = static_cast<Chain>(chain), .date = {}, .weekday = weekday};
      row.pick_cases = static_cast<std::int64_t>(std::ceil(busiest * capacity_margin));
      row.receive_pallets = row.pick_cases / 30 + 5;  // some 30 to 60 cases a pallet
      row.loads = row.pick_cases / 1500 + 1;          // some 45 cages of 35 cases a lorry
      rows.push_back(row);
    }
  return rows;
}

}  // namespace estate::sample
