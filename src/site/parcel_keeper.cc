#include "site/parcel_keeper.h"

#include <chrono>
#include <optional>

namespace site {
namespace {

using trade::Body;
using trade::ParcelState;
using trade::ParcelVerb;

constexpr std::chrono::seconds round_every{1};

// Whether the order is the store's to expect, as far as its site has been heard.
bool is_wanted(const View& view, const trade::DocumentNumber& number,
               const trade::OnlineOrder& order) {
  return order.store == view.own.site.code && holds_units(order.state) &&
         later(order.day, parcel_order_days_max) >= view.own.day &&
         !view.own.parcels.contains(number);
}

// The order of a parcel; nullptr where its site is not heard, or no longer believed.
const trade::OnlineOrder* order_of(const View& view, const trade::DocumentNumber& number) {
  const trade::Partition* online = view.book.find(number.site);
  if (online == nullptr || view.book.quarantine(number.site)) return nullptr;
  const auto order = online->online_orders.find(number.counter);
  if (order == online->online_orders.end() || online->number(number.counter) != number)
    return nullptr;
  return &order->second;
}

bool may_cancel(ParcelState state) { return trade::next(state, ParcelVerb::cancel).has_value(); }

std::optional<ParcelVerb> move_of(const View& view, const ParcelRules& rules,
                                  const trade::DocumentNumber& number,
                                  const trade::Parcel& parcel) {
  const std::int64_t since_ms = view.tick_ms - parcel.since_ms;
  if (parcel.state == ParcelState::returning)
    return since_ms >= parcel_back_ms ? std::optional(ParcelVerb::finish) : std::nullopt;
  if (may_cancel(parcel.state)) {
    const trade::OnlineOrder* order = order_of(view, number);
    if (order != nullptr && order->state == trade::OnlineState::cancelled)
      return ParcelVerb::cancel;
  }
  if (rules.lapses && parcel.state == ParcelState::ready &&
      parcel.waited_ms + since_ms >= trade::parcel_right_ms)
    return ParcelVerb::lapse;
  return std::nullopt;
}

}  // namespace

void ParcelUpkeep::expect(const View& view, const trade::Partition& online, Cursor& cursor,
                          std::vector<Body>& bodies) const {
  const auto& orders = online.online_orders;
  const auto take = [&](const auto& row) {
    const trade::DocumentNumber number = online.number(row.first);
    if (is_wanted(view, number, row.second))
      bodies.emplace_back(trade::ParcelExpected{number, {}, {}, {}});
  };
  // A journal that was read anew may hold fewer than before.
  if (orders.empty() || orders.rbegin()->first < cursor.newest) cursor = {};
  std::size_t left = parcel_orders_a_round;
  const auto first_new = orders.upper_bound(cursor.newest);
  for (auto row = orders.upper_bound(cursor.swept); row != first_new; ++row) {
    if (left-- == 0 || bodies.size() >= parcel_bodies_a_round) break;
    take(*row);
    cursor.swept = row->first;
  }
  if (orders.upper_bound(cursor.swept) == first_new) cursor.swept = 0;
  for (auto row = first_new; row != orders.end() && bodies.size() < parcel_bodies_a_round; ++row) {
    take(*row);
    cursor.newest = row->first;
  }
}

void ParcelUpkeep::move(const View& view, std::vector<Body>& bodies) const {
  for (const auto& [number, parcel] : view.own.parcels) {
    if (bodies.size() >= parcel_bodies_a_round) return;
    if (const auto verb = move_of(view, rules_, number, parcel))
      bodies.emplace_back(trade::ParcelMoved{number, *verb, 0});
  }
}

std::vector<Body> ParcelUpkeep::next(const View& view) {
  std::vector<Body> bodies;
  move(view, bodies);
  for (const auto& [code, site] : view.book.partitions())
    if (site.site.kind == trade::SiteKind::online && !view.book.quarantine(code))
      expect(view, site, cursors_[code], bodies);
  return bodies;
}

ParcelKeeper::ParcelKeeper(Core& core, ParcelRules rules) : talk_(core), upkeep_(rules) {
  thread_ = std::thread([this] { run(); });
}

ParcelKeeper::~ParcelKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

// What is refused, or could not be written, is looked for again.
void ParcelKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stops_) {
    lock.unlock();
    const auto bodies = talk_.ask([this](const View& view) { return upkeep_.next(view); });
    if (bodies && !bodies->empty()) (void)talk_.carry_out(*bodies);
    lock.lock();
    wake_.wait_for(lock, round_every, [this] { return stops_; });
  }
}

}  // namespace site
