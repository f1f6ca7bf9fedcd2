#include "rehearse/desk.h"

#include <algorithm>
#include <array>

#include "site/share_wave.h"

namespace rehearse {
namespace {

using namespace trade;

struct Article {
  std::string_view id;
  Terms terms;
  Pence pence;
};
constexpr std::array articles{
    Article{"milk", {6, Chain::ambient, DateKind::use_by, 9, 2, 6'500, 7'000}, 155},
    Article{"bread", {4, Chain::ambient, DateKind::best_before, 5, 1, 3'000, 9'000}, 120},
    Article{"soap", {12, Chain::ambient, DateKind::none, 0, 0, 2'000, 3'000}, 210},
    Article{"peas", {8, Chain::ambient, DateKind::best_before, 400, 0, 9'000, 8'000}, 199},
    Article{"rice", {10, Chain::ambient, DateKind::none, 0, 0, 10'000, 9'000}, 180},
};

constexpr ActorNo manager{1};
constexpr DeviceNo the_till{1};
constexpr std::int64_t hour_ms = 3'600'000;

// Delivery days lie so far ahead that orders, acknowledgements and advices have time to travel.
constexpr std::uint32_t lead_days_min = 2, lead_days_max = 5;

ProductId product_of(std::string_view id) { return *ProductId::of(id); }

bool is_ours(const OrderKey& key, const Partition& own) { return key.store == own.site.code; }

// A depot's row of a store's row: each site counts its lines for itself.
std::vector<OrderRow> rows_at(const Partition& there, const Partition& here,
                              const std::vector<OrderedRow>& rows) {
  std::vector<OrderRow> made;
  for (const OrderedRow& row : rows)
    if (const auto line = there.goods.find(here.goods.product(row.line)))
      made.push_back({*line, row.ordered});
  std::ranges::sort(made, {}, &OrderRow::line);
  return made;
}

bool is_wanted(const Partition& depot, std::uint32_t wave) {
  return std::ranges::any_of(depot.fulfilments, [&](const auto& row) {
    return row.second.wave == wave && row.second.state == FulfilmentState::acknowledged;
  });
}

}  // namespace

std::vector<Intent> opening_of(const SiteOpened& site, Chance& chance) {
  std::vector<Intent> made;
  const auto add = [&](Body body) { made.push_back({{}, std::move(body)}); };
  std::array<std::size_t, articles.size()> order;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[chance.below(i)]);
  for (const std::size_t i : order)
    add(LineOpened{product_of(articles[i].id), articles[i].terms, articles[i].pence, 0});
  PublicKey key;
  key.bytes.fill(1);
  add(PersonEnrolled{{}, Role::manager, key});
  key.bytes.fill(2);
  add(DeviceEnrolled{{}, key});
  if (site.kind == SiteKind::centre) return made;
  GoodsMoved opening{Cause::opening, {}};
  const std::int64_t most = site.kind == SiteKind::depot ? 90 : 60;
  for (std::uint32_t i = 0; i < articles.size(); ++i)
    opening.rows.push_back({LineNo{i}, static_cast<Units>(chance.between(most / 3, most)), 0, {}});
  add(std::move(opening));
  return made;
}

void Desk::by_person(Body body, Intents& to) {
  Origin origin;
  origin.actor = manager;
  for (std::uint8_t& byte : origin.request.bytes)
    byte = static_cast<std::uint8_t>(1 + chance_.below(255));
  to.push_back({origin, std::move(body)});
}

void Desk::by_till(const Now& now, Body body, Intents& to) {
  Origin origin;
  origin.device = the_till;
  origin.sequence = ++now.till;
  to.push_back({origin, std::move(body)});
}

LineNo Desk::line(const Partition& own) {
  return LineNo{static_cast<std::uint32_t>(chance_.below(own.goods.line_count()))};
}

Lot Desk::lot(Day today) {
  Lot made;
  if (chance_.once_in(2)) made.expiry = later(today, static_cast<std::uint32_t>(chance_.below(12)));
  if (chance_.once_in(4)) made.batch = *Batch::of(chance_.once_in(2) ? "B1" : "B2");
  return made;
}

std::vector<OrderRow> Desk::rows(const Partition& own) {
  std::vector<OrderRow> made;
  for (std::uint32_t i = 0; i < own.goods.line_count(); ++i)
    if (!chance_.once_in(3))
      made.push_back({LineNo{i}, static_cast<Units>(chance_.between(1, 90))});
  if (made.empty()) made.push_back({LineNo{0}, 5});
  return made;
}

std::vector<Intent> Desk::next(const site::View& view, Day today, std::int64_t wall_ms,
                               std::size_t count, std::uint64_t& till) {
  const Now now{view, view.own, today, wall_ms, till};
  Intents made;
  begin_day(now, made);
  count += made.size();
  switch (view.own.site.kind) {
    case SiteKind::centre:
      at_centre(now, count, made);
      break;
    case SiteKind::depot:
      at_depot(now, count, made);
      break;
    default:
      while (made.size() < count) at_store(now, made);
  }
  return made;
}

// Days never go back: after a day that was opened by mistake the calendar has to catch up.
void Desk::begin_day(const Now& now, Intents& to) {
  if (now.own.day >= now.today && now.own.day_is_open) return;
  if (now.own.day_is_open) by_itself(DayClosed{}, to);
  by_itself(DayOpened{std::max(now.today, now.own.day)}, to);
}

void Desk::at_store(const Now& now, Intents& to) {
  switch (chance_.below(12)) {
    case 0:
      return keep_shop(now, to);
    case 1:
      return chance_.once_in(3) ? stop_goods(now, to) : keep_shop(now, to);
    case 2:
    case 3:
    case 4:
      return order(now, to);
    case 5:
    case 6:
      if (receive(now, to)) return;
      return sell(now, to);
    case 7:
      return send(now, to);
    default:
      return sell(now, to);
  }
}

void Desk::sell(const Now& now, Intents& to) {
  GoodsMoved sale{Cause::sale, {}};
  const std::uint32_t lines = now.own.goods.line_count();
  for (std::uint32_t i = static_cast<std::uint32_t>(chance_.below(lines)); i < lines;
       i += 1 + static_cast<std::uint32_t>(chance_.below(3)))
    sale.rows.push_back({LineNo{i}, static_cast<Units>(chance_.between(1, 4)), 100, {}});
  if (chance_.once_in(3)) return by_person(std::move(sale), to);
  by_till(now, std::move(sale), to);
}

void Desk::keep_shop(const Now& now, Intents& to) {
  const LineNo some = line(now.own);
  const Units here = std::max<Units>(now.own.stock.on_hand(some), 0);
  const auto few = static_cast<Units>(1 + chance_.below(3));
  switch (chance_.below(7)) {
    case 0:
    case 1:
      return by_person(
          GoodsCounted{some, {}, static_cast<Units>(chance_.between(here / 2, here + 6)), 0}, to);
    case 2:
      return by_person(GoodsMoved{Cause::waste, {{some, few, 20, {}}}}, to);
    case 3:
      return by_person(GoodsMoved{Cause::quarantine, {{some, few, 0, {}}}}, to);
    case 4:
      return by_person(GoodsMoved{Cause::waste_of_quarantine, {{some, 1, 0, {}}}}, to);
    case 5:
      return by_person(LotCorrected{some, {}, lot(now.today), few}, to);
    default:
      return by_person(PriceReduced{0, some, now.today, few, 40}, to);
  }
}

void Desk::stop_goods(const Now& now, Intents& to) {
  for (const auto& [counter, stop] : now.own.stops) {
    if (!stop.is_pulled && chance_.once_in(2)) {
      return by_person(StopPulled{counter, {{static_cast<Units>(chance_.below(5) + 1), {}}}}, to);
    }
    if (chance_.once_in(2)) return by_person(StopLifted{counter}, to);
  }
  Lot named;
  if (chance_.once_in(2)) named.batch = *Batch::of("B1");
  by_person(StopSet{0, now.own.goods.product(line(now.own)), named.batch, {}, {}}, to);
}

// One step of one order: accept, change or skip a proposal; confirm, place, cancel or close.
void Desk::order(const Now& now, Intents& to) {
  if (now.view.peers.empty() && now.own.orders.empty() && chance_.once_in(2)) return sell(now, to);
  for (const auto& [code, partition] : now.view.book.partitions())
    for (const auto& [key, proposal] : partition.proposals)
      if (is_ours(key, now.own) && proposal.state == ProposalState::proposed &&
          !now.own.orders.contains(key) && key.delivery >= now.own.day && chance_.once_in(2))
        return answer_proposal(now, key, proposal.rows, to);
  for (const auto& [key, order] : now.own.orders) {
    if (order.state == OrderState::confirmed && chance_.once_in(2))
      return by_person(OrderPlaced{key, 0, {}}, to);
    if (order.state == OrderState::placed && key.delivery > now.today && chance_.once_in(4)) {
      if (!chance_.once_in(3)) return by_person(OrderConfirmed{key, rows(now.own)}, to);
      return by_person(OrderMoved{key, OrderVerb::cancel}, to);
    }
    if (order.state == OrderState::received && chance_.once_in(2))
      return by_person(OrderMoved{key, OrderVerb::close}, to);
  }
  // Its depot is the one that its code falls to.
  const auto code = static_cast<std::uint16_t>(now.own.site.code);
  const SiteCode depot{static_cast<std::uint16_t>(11 + code % 3)};
  const Day delivery =
      later(now.today, static_cast<std::uint32_t>(chance_.between(lead_days_min, lead_days_max)));
  const OrderKey key{now.own.site.code, depot, delivery, 1, Chain::ambient};
  if (now.own.orders.contains(key)) return sell(now, to);
  by_person(OrderConfirmed{key, rows(now.own)}, to);
  by_person(OrderPlaced{key, 0, {}}, to);
}

void Desk::answer_proposal(const Now& now, const OrderKey& key, const std::vector<OrderRow>& rows,
                           Intents& to) {
  switch (chance_.below(4)) {
    case 0:
      return by_person(ProposalSkipped{key, ChangeReason::no_room, {}, false}, to);
    case 1: {
      const bool learns = chance_.once_in(2);
      return by_person(
          ProposalChanged{key, ChangeReason::local_event, {}, learns, this->rows(now.own)}, to);
    }
    default:
      by_person(OrderConfirmed{key, rows}, to);
      by_person(OrderPlaced{key, 0, {}}, to);
  }
}

// What has been sent to this site and is not here yet, as far as the book tells.
bool Desk::receive(const Now& now, Intents& to) {
  for (const auto& [code, sender] : now.view.book.partitions()) {
    if (code == now.own.site.code || now.view.book.quarantine(code)) continue;
    for (const auto& [key, fulfilment] : sender.fulfilments) {
      const DocumentNumber advice = sender.number(fulfilment.advice);
      if (!is_ours(key, now.own) || fulfilment.state != FulfilmentState::dispatched ||
          fulfilment.cargo.empty() || now.own.received.contains(advice))
        continue;
      receive_advice(advice, fulfilment.cargo, sender, now, to);
      return true;
    }
    for (const auto& [counter, sent] : sender.sent) {
      const DocumentNumber advice = sender.number(counter);
      if (sent.to != now.own.site.code || now.own.received.contains(advice)) continue;
      receive_advice(advice, sent.rows, sender, now, to);
      return true;
    }
  }
  if (!chance_.once_in(8)) return false;
  GoodsReceived blind{Place::vehicle, {}, *Reference::of("a slip"), 20, {}, {}};
  blind.rows.push_back({line(now.own), 0, static_cast<Units>(1 + chance_.below(9)), 0, 0, 0, {}});
  by_person(std::move(blind), to);
  return true;
}

// A row is typed only where it differs from the advice.
void Desk::receive_advice(const DocumentNumber& advice, const std::vector<CargoRow>& cargo,
                          const Partition& sender, const Now& now, Intents& to) {
  GoodsReceived received{Place::vehicle, advice, {}, 20, {}, {}};
  const CargoRow& row = chance_.one_of(cargo);
  const auto own = now.own.goods.find(sender.goods.product(row.line));
  if (own && chance_.once_in(3)) {
    const auto lost = static_cast<Units>(chance_.below(static_cast<std::uint64_t>(row.units)));
    received.rows.push_back({*own, 0, row.units - lost, 0, 0, 0, row.lot});
  }
  by_person(std::move(received), to);
}

// Surplus goes back to the depot, whose book knows the advice, or to a neighbour, whose does not.
void Desk::send(const Now& now, Intents& to) {
  for (const auto& [counter, sent] : now.own.sent) {
    const Partition* there = now.view.book.find(sent.to);
    if (there != nullptr && there->received.contains(now.own.number(counter)) && chance_.once_in(2))
      return by_person(SentClosed{counter}, to);
  }
  const LineNo some = line(now.own);
  if (!chance_.once_in(3) || now.own.stock.on_hand(some) < 10) return sell(now, to);
  const auto code = static_cast<std::uint16_t>(now.own.site.code);
  const SiteCode other{static_cast<std::uint16_t>(chance_.once_in(4) ? 101 : 11 + code % 3)};
  by_person(GoodsSent{0, other, false, {}, {{some, static_cast<Units>(1 + chance_.below(6)), {}}}},
            to);
}

void Desk::at_depot(const Now& now, std::size_t count, Intents& to) {
  run_waves(now, to);
  fulfil(now, count, to);
  expect_supplies(now, to);
  if (chance_.once_in(4)) settle_disputes(now, to);
  if (chance_.once_in(3)) keep_shop(now, to);
  (void)receive(now, to);
}

void Desk::expect_supplies(const Now& now, Intents& to) {
  for (const auto& [counter, inbound] : now.own.inbounds) {
    if (inbound.state != InboundState::expected || inbound.due > now.today) continue;
    GoodsReceived received{Place::supplier, now.own.number(counter), {}, 20, {}, {}};
    for (const OrderRow& row : inbound.rows)
      received.rows.push_back({row.line, 0, row.units, 0, 0, 0, lot(later(now.today, 14))});
    return by_person(std::move(received), to);
  }
  if (!chance_.once_in(3)) return;
  std::vector<OrderRow> wanted;
  for (std::uint32_t i = 0; i < now.own.goods.line_count(); ++i)
    if (now.own.stock.on_hand(LineNo{i}) < 60)
      wanted.push_back({LineNo{i}, static_cast<Units>(chance_.between(20, 120))});
  if (wanted.empty()) return;
  by_person(InboundExpected{0, *SupplierId::of("S1"),
                            later(now.today, static_cast<std::uint32_t>(1 + chance_.below(3))),
                            std::move(wanted)},
            to);
}

// One wave for each day of delivery that a store may order for; it closes the day before.
void Desk::run_waves(const Now& now, Intents& to) {
  std::array<bool, lead_days_max + 1> has_wave{};
  for (const auto& [counter, wave] : now.own.waves) {
    const int ahead = int{wave.delivery.days} - int{now.today.days};
    if (!wave.is_closed && ahead >= 0 && ahead <= static_cast<int>(lead_days_max))
      has_wave[static_cast<std::size_t>(ahead)] = true;
    if (wave.is_closed) {
      share(now, counter, to);
    } else if (ahead <= 0 || (is_wanted(now.own, counter) && chance_.once_in(4))) {
      by_person(WaveClosed{counter}, to);
    } else {
      take_orders(now, counter, wave, to);
    }
  }
  for (std::uint32_t ahead = lead_days_min; ahead <= lead_days_max; ++ahead)
    if (!has_wave[ahead] && chance_.once_in(2))
      by_person(WaveOpened{0, later(now.today, ahead), Chain::ambient,
                           now.wall_ms + static_cast<std::int64_t>(ahead) * 24 * hour_ms},
                to);
}

// What stores have placed; now and then somebody tries to get a second order in, as a late centre
// would, or an order that a store has meanwhile replaced.
void Desk::take_orders(const Now& now, std::uint32_t wave, const Wave& row, Intents& to) {
  for (const auto& [code, store] : now.view.book.partitions()) {
    if (store.site.kind != SiteKind::store || now.view.book.quarantine(code)) continue;
    for (const auto& [key, order] : store.orders) {
      if (key.depot != now.own.site.code || key.delivery != row.delivery ||
          order.state != OrderState::placed)
        continue;
      const DocumentNumber number = store.number(order.counter);
      const auto known = now.own.fulfilments.find(key);
      const bool is_known = known != now.own.fulfilments.end();
      OrderAcknowledged taken{key, number, {}, wave, rows_at(now.own, store, order.rows)};
      if (!is_known || known->second.state == FulfilmentState::cancelled) {
        by_person(taken, to);
      } else if (known->second.order != number) {
        taken.replaces = known->second.order;
        by_person(taken, to);
      } else if (chance_.once_in(4)) {
        taken.order = {SiteCode{1}, 1, static_cast<std::uint32_t>(1 + chance_.below(50))};
        by_person(taken, to);
      }
    }
  }
}

void Desk::share(const Now& now, std::uint32_t wave, Intents& to) {
  if (!is_wanted(now.own, wave)) return;
  const auto facts = [](const OrderKey&, LineNo) { return site::ClaimFacts{}; };
  for (OrderAllocated& allocated : site::share_wave(now.own, wave, facts, planner::no_limit, 1)) {
    const Fulfilment& fulfilment = now.own.fulfilments.at(allocated.key);
    std::int64_t ordered = 0, given = 0;
    for (const FulfilmentRow& row : fulfilment.rows) ordered += row.ordered;
    for (const OrderRow& row : allocated.rows) given += row.units;
    if (given < ordered) marks_.hit(Mark::wave_shared_scarce);
    by_person(std::move(allocated), to);
  }
}

void Desk::fulfil(const Now& now, std::size_t count, Intents& to) {
  const std::size_t most = to.size() + count;
  for (const auto& [key, fulfilment] : now.own.fulfilments) {
    if (to.size() >= most) return;
    switch (fulfilment.state) {
      case FulfilmentState::acknowledged:
        if (chance_.once_in(20)) by_person(FulfilmentMoved{key, FulfilmentVerb::cancel}, to);
        break;
      case FulfilmentState::allocated:
        by_person(FulfilmentMoved{key, FulfilmentVerb::release}, to);
        break;
      case FulfilmentState::picking: {
        OrderPicked picked{key, {}, {}};
        for (const FulfilmentRow& row : fulfilment.rows)
          if (row.allocated > 0 && chance_.once_in(5)) {
            picked.shorts.push_back({row.line, static_cast<Units>(chance_.below(
                                                   static_cast<std::uint64_t>(row.allocated)))});
          }
        by_person(std::move(picked), to);
        break;
      }
      case FulfilmentState::picked:
        if (chance_.once_in(12)) {
          by_person(FulfilmentMoved{key, FulfilmentVerb::put_back}, to);
        } else {
          by_person(OrderDispatched{key, 0, *Text<16>::of("van 1"), 1}, to);
        }
        break;
      case FulfilmentState::dispatched: {
        const Partition* store = now.view.book.find(key.store);
        if (store != nullptr && store->received.contains(now.own.number(fulfilment.advice)))
          by_person(FulfilmentMoved{key, FulfilmentVerb::close}, to);
        break;
      }
      default:
        break;
    }
  }
}

// What came short was found, or lost, or granted.
void Desk::settle_disputes(const Now& now, Intents& to) {
  constexpr std::array ways{Cause::dispute_found, Cause::dispute_lost, Cause::dispute_granted};
  by_person(GoodsMoved{chance_.one_of(ways), {{line(now.own), 1, 0, {}}}}, to);
}

// The centre's night: what each store should order.
void Desk::at_centre(const Now& now, std::size_t count, Intents& to) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto code =
        static_cast<std::uint16_t>(101 + chance_.below(chance_.once_in(3) ? 16 : busy_stores));
    const SiteCode depot{static_cast<std::uint16_t>(11 + code % 3)};
    const Day delivery =
        later(now.today, static_cast<std::uint32_t>(chance_.between(lead_days_min, lead_days_max)));
    const OrderKey key{SiteCode{code}, depot, delivery, 1, Chain::ambient};
    const auto known = now.own.proposals.find(key);
    if (known == now.own.proposals.end())
      by_itself(OrderProposed{key, rows(now.own)}, to);
    else if (known->second.state == ProposalState::proposed && chance_.once_in(4))
      by_itself(ProposalWithdrawn{key}, to);
  }
}

}  // namespace rehearse
