#include "site/wave_keeper.h"

#include <fmt/core.h>

namespace site {
namespace {

using base::Result;
using trade::OrderFault;
using trade::Refusal;

std::uint64_t peer_entries(const View& view) {
  std::uint64_t entries = 0;
  for (const Peer& peer : view.peers) entries += peer.entries;
  return entries;
}

std::optional<OrderFault> fault_of(Refusal why) {
  switch (why) {
    case Refusal::order_known:
      return OrderFault::known;
    case Refusal::order_outdated:
      return OrderFault::outdated;
    case Refusal::cycle_already_ordered:
      return OrderFault::cycle_already_ordered;
    case Refusal::cut_off_passed:
      return OrderFault::cut_off_passed;
    case Refusal::order_rehearsed:
      return OrderFault::rehearsed;
    case Refusal::order_over_cap:
      return OrderFault::over_cap;
    case Refusal::call_back_missing:
      return OrderFault::not_called_back;
    case Refusal::standing_unknown:
      return OrderFault::standing_unknown;
    default:
      return std::nullopt;
  }
}

std::vector<WantedRow> rows_of(const paper::Order& order) {
  std::vector<WantedRow> rows;
  for (const paper::Row& row : order.rows) rows.push_back({row.product, row.units});
  return rows;
}

std::int64_t units_of(std::span<const WantedRow> rows) {
  std::int64_t units = 0;
  for (const WantedRow& row : rows) units += row.units;
  return units;
}

using Told = std::expected<trade::OrderTold, NotTaken>;
using Taken = std::expected<TakenOrder, NotTaken>;

Told refused(Refusal why) { return std::unexpected(NotTaken{trade::No{why}, {}}); }
Taken not_taken(NotTaken why) { return std::unexpected(std::move(why)); }

}  // namespace

Result<> WaveKeeper::take_customers(std::span<const CustomerRow> rows) {
  trade::Book book;
  const trade::Partition& depot = *book.find(TRY(talk_.copy_own(book)));
  std::vector<trade::Body> bodies;
  for (trade::OrderAssumed& order : customer_orders(depot, rows))
    bodies.push_back(std::move(order));
  TRY(talk_.carry_out(bodies));
  has_looked_ = false;
  return {};
}

// Waves for what is planned, and answers to what came too late.
Result<> WaveKeeper::note_news() {
  TRY(shelf_.refresh());
  const auto bodies = TRY(talk_.ask([this](const View& view) {
    std::vector<trade::Body> made;
    for (const trade::WaveOpened& wave : waves_to_open(view.own, shelf_.newest()))
      made.push_back(wave);
    const auto heard = heard_orders(view.book.partitions(), view.own);
    for (const trade::OrderRefused& late : late_answers(view.own, heard)) made.push_back(late);
    return made;
  }));
  TRY(talk_.carry_out(bodies));
  return {};
}

Result<> WaveKeeper::keep() {
  const std::uint64_t entries = TRY(talk_.ask(peer_entries));
  if (!has_looked_ || entries != seen_entries_) {
    TRY(note_news());
    seen_entries_ = entries;
    has_looked_ = true;
  }
  const std::int64_t now = clock_.wall_ms();
  const auto due = TRY(talk_.ask([now](const View& view) {
    std::vector<std::uint32_t> waves;
    for (const auto& [counter, wave] : view.own.waves)
      if (!wave.is_closed && wave.cut_off_ms <= now) waves.push_back(counter);
    return waves;
  }));
  for (const std::uint32_t wave : due) TRY(fill(wave));
  return {};
}

// The depot's own number stands in for that of a store that was not heard.
Result<std::vector<trade::Body>> WaveKeeper::acknowledgements(std::uint32_t wave,
                                                              std::span<WaveOrder> orders) {
  std::vector<trade::Body> assumed;
  std::vector<WaveOrder*> silent;
  for (WaveOrder& order : orders) {
    if (order.order.given()) continue;
    assumed.push_back(trade::OrderAssumed{
        0, order.key, trade::OrderPath::standing, order.document, {}, order.rows});
    silent.push_back(&order);
  }
  const auto own = TRY(talk_.ask([](const View& view) { return view.own.site; }));
  const auto done = TRY(talk_.carry_out(assumed));
  for (std::size_t i = 0; i < done.size(); ++i)
    if (done[i])
      silent[i]->order = {own.code, own.epoch,
                          std::get<trade::OrderAssumed>(done[i]->body).counter};
  std::vector<trade::Body> bodies;
  for (WaveOrder& order : orders)
    if (order.order.given())
      bodies.push_back(trade::OrderAcknowledged{order.key, order.order, order.replaces, wave,
                                                std::move(order.rows)});
  return bodies;
}

Result<> WaveKeeper::share(std::uint32_t wave) {
  trade::Book book;
  const trade::Partition& depot = *book.find(TRY(talk_.copy_own(book)));
  std::vector<trade::Body> bodies, released;
  for (trade::OrderAllocated& order : share_wave(depot, wave, facts_, no_limit, options_.threads)) {
    released.push_back(trade::FulfilmentMoved{order.key, trade::FulfilmentVerb::release});
    bodies.push_back(std::move(order));
  }
  TRY(talk_.carry_out(bodies));
  TRY(talk_.carry_out(released));
  return {};
}

Result<> WaveKeeper::fill(std::uint32_t wave) {
  TRY(shelf_.refresh());
  trade::Book book;
  const trade::Partition& depot = *book.find(TRY(talk_.copy_own(book)));
  const auto heard = TRY(
      talk_.ask([](const View& view) { return heard_orders(view.book.partitions(), view.own); }));
  auto orders = orders_of_wave(depot, wave, heard, shelf_.newest());
  const auto acknowledged = TRY(acknowledgements(wave, orders));
  TRY(talk_.carry_out(acknowledged));
  const trade::Body closing = trade::WaveClosed{wave};
  const auto closed = TRY(talk_.carry_out(closing));
  if (!closed)
    return base::fail(base::ErrorCode::nothing_to_do,
                      fmt::format("wave {}: {}", wave, words_of(closed.error())));
  return share(wave);
}

// What a believed offer comes to at this depot.
Result<std::expected<trade::OrderTold, NotTaken>> WaveKeeper::told_by(const OpenedOffer& opened,
                                                                      const OrderOffer& offer,
                                                                      std::size_t& unknown_rows) {
  const paper::Order& order = opened.order;
  if (order.rehearsal.given()) return refused(Refusal::order_rehearsed);
  const bool is_typed = opened.path == trade::OrderPath::typed;
  if (is_typed && offer.called_back_ms == 0) return refused(Refusal::call_back_missing);
  TRY(shelf_.refresh());
  const auto newest = shelf_.newest().find(order.key.store);
  std::optional<HeldNight> base;
  if (!order.is_whole())
    base = TRY(shelf_.find(order.key.store, trade::to_date(order.standing_from)));
  else if (newest != shelf_.newest().end())
    base = newest->second;
  const PlannedDelivery* standing = base ? standing_of(base->night, order.key) : nullptr;
  if (standing == nullptr && (is_typed || !order.is_whole()))
    return refused(Refusal::standing_unknown);
  const auto rows =
      order.is_whole() ? rows_of(order) : with_changes(standing->rows, rows_of(order));
  if (is_typed &&
      units_of(rows) * 100 > units_of(standing->rows) * std::int64_t{options_.typed_cap_percent})
    return refused(Refusal::order_over_cap);
  trade::OrderTold told{order.key, order.number,    opened.path, order.standing_from, {},
                        0,         opened.document, {}};
  if (is_typed) {
    told.called_back_by = offer.called_back_by;
    told.called_back_ms = offer.called_back_ms;
  }
  told.rows = TRY(
      talk_.ask([&](const View& view) { return lines_of(rows, view.own.goods, unknown_rows); }));
  return told;
}

// Journalled once for each order and reason.
Result<> WaveKeeper::answer(const OpenedOffer& opened, const trade::No& no) {
  const auto why = fault_of(no.why);
  if (!why) return {};
  const trade::Body body =
      trade::OrderRefused{opened.order.key, opened.order.number, opened.path, *why, no.number};
  TRY(talk_.carry_out(body));
  return {};
}

Result<std::expected<TakenOrder, NotTaken>> WaveKeeper::take(const OrderOffer& offer,
                                                             const trade::Origin& origin) {
  if (!options_.roster)
    return not_taken({Disbelieved{trade::SecurityKind::key_unknown, {}},
                      "this depot was started without a roster"});
  const RosterPtr roster = options_.roster->get();
  auto opened = open_offer(offer, *roster);
  if (!opened) return not_taken({opened.error(), opened.error().words});
  std::size_t unknown_rows = 0;
  auto told = TRY(told_by(*opened, offer, unknown_rows));
  if (!told) {
    if (const auto* no = std::get_if<trade::No>(&told.error().why)) TRY(answer(*opened, *no));
    return not_taken(told.error());
  }
  const trade::Body body = *std::move(told);
  auto done = TRY(talk_.carry_out(body, origin));
  if (done) {
    has_looked_ = false;
    return Taken(TakenOrder{*std::move(done), unknown_rows});
  }
  const auto* no = std::get_if<trade::No>(&done.error().why);
  if (no == nullptr) return not_taken({std::get<Trouble>(done.error().why), done.error().words});
  TRY(answer(*opened, *no));
  return not_taken({*no, {}});
}

}  // namespace site
