// What an online site does by itself: takes what stores allot, follows the date, and captures and
// refunds as the stores' journals say.
#include <algorithm>

#include "site/follow_date.h"
#include "site/shop.h"

namespace site {
namespace {

using trade::Body;

// Orders that are looked at in one round; the next goes on behind them.
constexpr std::size_t orders_a_round = 2'000;

// A product that is allotted and has no line here gets the store's terms and price; what is
// allotted of a known one is taken.
void take_allotments(const View& view, std::size_t bodies_max, std::vector<Body>& bodies) {
  const trade::SiteCode self = view.own.site.code;
  for (const auto& [code, store] : view.book.partitions()) {
    if (store.site.kind != trade::SiteKind::store || view.book.quarantine(code)) continue;
    for (auto row = store.given.lower_bound({self, {}});
         row != store.given.end() && row->first.holder == self; ++row) {
      if (bodies.size() >= bodies_max) return;
      const trade::ProductId& product = store.goods.product(row->first.line);
      const auto line = view.own.goods.find(product);
      if (!line) {
        bodies.emplace_back(trade::LineOpened{product, store.goods.terms(row->first.line),
                                              price_on(store, row->first.line, store.day), 0});
        continue;
      }
      const auto taken = view.own.allotments.find({code, *line});
      const std::int64_t open =
          row->second.given - (taken == view.own.allotments.end() ? 0 : taken->second.taken);
      if (open > 0)
        bodies.emplace_back(trade::AllotmentTaken{
            code, *line,
            static_cast<trade::Units>(std::min<std::int64_t>(open, trade::row_units_max))});
    }
  }
}

std::optional<Body> next_of(const View& view, std::uint32_t counter,
                            const trade::OnlineOrder& order) {
  using trade::OnlineState, trade::ParcelState;
  const trade::Partition* store = view.book.find(order.store);
  if (store == nullptr || view.book.quarantine(order.store)) return std::nullopt;
  const auto row = store->parcels.find(view.own.number(counter));
  if (row == store->parcels.end()) return std::nullopt;
  const trade::Parcel& parcel = row->second;
  if (holds_units(order.state)) {
    if (parcel.state == ParcelState::expected || parcel.is_cancelled) return std::nullopt;
    return trade::OnlinePicked{counter, {}, 0};
  }
  if (order.state == OnlineState::cancelled) return std::nullopt;
  // A store that could not ask may have refunded some of it.
  const auto left =
      static_cast<trade::Pence>(view.own.ledger.refundable_pence(view.own.number(counter)));
  const trade::Pence owed =
      std::min(std::min(parcel.refund_pence, order.captured_pence) - order.refunded_pence, left);
  if (owed > 0) return trade::OnlineRefunded{counter, owed};
  if (order.state == OnlineState::picked && parcel.state == ParcelState::collected)
    return trade::OnlineMoved{counter, trade::OnlineVerb::complete};
  if (order.state == OnlineState::picked && parcel.state == ParcelState::returned)
    return trade::OnlineMoved{counter, trade::OnlineVerb::bring_back};
  // What came back was not taken, so it is given back.
  if (order.state == OnlineState::returned && left > 0) return trade::OnlineRefunded{counter, left};
  return std::nullopt;
}

}  // namespace

std::vector<Body> shop_upkeep(const View& view, trade::Day today,
                              std::map<std::uint32_t, std::int64_t>& orders,
                              std::size_t bodies_max) {
  std::vector<Body> bodies;
  follow_date(view.own, today, bodies);
  take_allotments(view, bodies_max, bodies);
  // The one that was looked at longest ago first.
  std::vector<std::pair<std::int64_t, std::uint32_t>> waiting;
  for (const auto& [counter, looked] : orders) waiting.emplace_back(looked, counter);
  const std::size_t count = std::min(waiting.size(), orders_a_round);
  std::ranges::partial_sort(waiting, waiting.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = 0; i < count && bodies.size() < bodies_max; ++i) {
    const std::uint32_t counter = waiting[i].second;
    const auto order = view.own.online_orders.find(counter);
    if (order == view.own.online_orders.end()) {
      orders.erase(counter);
      continue;
    }
    if (auto body = next_of(view, counter, order->second)) bodies.push_back(*std::move(body));
    orders[counter] = view.tick_ms;
  }
  return bodies;
}

}  // namespace site
