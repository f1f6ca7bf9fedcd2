#include "site/centre_night.h"

#include <algorithm>

#include <fmt/core.h>

#include "nightly/guards.h"
#include "nightly/night.h"
#include "nightly/standing_orders.h"
#include "site/cut_offs.h"
#include "site/own_tables.h"
#include "site/set_up.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;
using estate::Estate;

// Nights by the estate's sites, while they are put together.
class Nights {
 public:
  Nights(const Estate& estate, Date day) : estate_(estate), day_(day) {}

  Result<> add(const nightly::OrderLine& order) {
    const std::uint32_t site = site_of(order);
    if (order.units <= 0 || order.source_site == estate::none) return {};
    const trade::OrderKey key = TRY(key_of(site, order.source_site, order.on_shelf, order.drop,
                                           estate_.products[order.product].chain));
    auto& rows = proposals_[site][key];
    rows.push_back({TRY(product_of(order.product)), order.units});
    return {};
  }
  Result<> add(const nightly::StandingDelivery& delivery) {
    PlannedDelivery made;
    made.key = TRY(
        key_of(delivery.site, delivery.depot, delivery.on_shelf, delivery.drop, delivery.chain));
    made.cut_off_ms = cut_off_ms(delivery.site, made.key, delivery.order_date);
    for (const nightly::StandingLine& line : delivery.lines)
      made.rows.push_back({TRY(product_of(line.product)), line.units});
    standing_[delivery.site].push_back(std::move(made));
    return {};
  }
  void set_lines(const nightly::Columns& columns) { columns_ = &columns; }

  Result<std::vector<StoreNight>> take() {
    std::vector<StoreNight> nights;
    for (auto& [site, standing] : standing_) {
      StoreNight& night = nights.emplace_back();
      night.day = day_;
      night.store = TRY(code_of(estate_, site));
      night.standing = std::move(standing);
      for (auto& [key, rows] : proposals_[site])
        night.proposals.push_back({key, cut_off_ms(site, key, day_), std::move(rows)});
      for (auto* deliveries : {&night.standing, &night.proposals}) put_in_order(*deliveries);
    }
    std::ranges::sort(nights, {}, &StoreNight::store);
    return nights;
  }

 private:
  std::uint32_t site_of(const nightly::OrderLine& order) const {
    return columns_->site[order.line];
  }
  std::int64_t cut_off_ms(std::uint32_t site, const trade::OrderKey& key, Date order_date) const {
    return local_ms(order_date, cut_off_minute(estate_, site, key, order_date));
  }
  Result<trade::OrderKey> key_of(std::uint32_t site, std::uint32_t depot, Date on_shelf,
                                 std::int32_t drop, estate::Chain chain) const {
    return trade::OrderKey{TRY(code_of(estate_, site)), TRY(code_of(estate_, depot)),
                           trade::to_day(on_shelf), static_cast<std::uint8_t>(drop),
                           static_cast<trade::Chain>(chain)};
  }
  Result<trade::ProductId> product_of(std::uint32_t product) const {
    const std::string& id = estate_.products[product].id;
    if (const auto made = trade::ProductId::of(id)) return *made;
    return base::fail(ErrorCode::input_bad,
                      fmt::format("product {}: an id of ASCII is wanted", id));
  }
  // Two orders of one delivery, where a calendar has moved one onto the other, become one.
  static void put_in_order(std::vector<PlannedDelivery>& deliveries) {
    std::ranges::stable_sort(deliveries, {}, &PlannedDelivery::key);
    std::vector<PlannedDelivery> made;
    for (PlannedDelivery& delivery : deliveries) {
      std::ranges::sort(delivery.rows, {}, &WantedRow::product);
      if (made.empty() || made.back().key != delivery.key) {
        made.push_back(std::move(delivery));
        continue;
      }
      std::vector<WantedRow> more = std::move(delivery.rows);
      for (WantedRow& row : more)
        for (const WantedRow& known : made.back().rows)
          if (known.product == row.product) row.units += known.units;
      made.back().rows = with_changes(std::move(made.back().rows), more);
    }
    deliveries = std::move(made);
  }

  const Estate& estate_;
  const Date day_;
  const nightly::Columns* columns_ = nullptr;
  std::map<std::uint32_t, std::map<trade::OrderKey, std::vector<WantedRow>>> proposals_;
  std::map<std::uint32_t, std::vector<PlannedDelivery>> standing_;
};

}  // namespace

void KnownStores::add(std::uint32_t site, const trade::Partition& store) {
  const OwnLines lines(estate_, store);
  stock_[site] = own_stock(site, store, lines, day_);
  on_order_[site] = own_orders(site, store, lines, day_);
}

Estate KnownStores::merged() const {
  Estate merged = estate_;
  merged.stock = stock_with(estate_.stock, stock_);
  merged.has_stock |= !stock_.empty();
  std::erase_if(merged.on_order, [&](const auto& row) { return on_order_.contains(row.site); });
  for (const auto& [site, rows] : on_order_)
    merged.on_order.insert(merged.on_order.end(), rows.begin(), rows.end());
  std::ranges::stable_sort(merged.on_order, {}, [](const estate::OnOrderRow& row) {
    return std::tuple(row.site, row.product, row.due);
  });
  std::erase_if(merged.movements, [&](const auto& row) { return stock_.contains(row.site); });
  return merged;
}

Result<std::vector<StoreNight>> plan_estate_night(Estate estate, Date day, int threads) {
  nightly::Guards guards(io::real_disk(), {}, {}, day);
  TRY(guards.inspect(estate, std::nullopt));
  nightly::DecidedNight night(estate, day, std::nullopt, threads);
  TRY(night.decide(guards));
  Nights nights(estate, day);
  nights.set_lines(night.columns);
  for (const nightly::OrderLine& order : night.night.orders) TRY(nights.add(order));
  for (const nightly::StandingDelivery& delivery : nightly::standing_orders(night.input()))
    TRY(nights.add(delivery));
  return nights.take();
}

}  // namespace site
