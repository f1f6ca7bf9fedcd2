#include "trade/trace.h"

#include "base/result.h"

namespace trade {
namespace {

enum class Match : std::uint8_t { no, unnamed, yes };

// Whether units of the lot are those that are looked for: for sure, perhaps, or not.
Match match(const Lot& wanted, const Lot& lot) {
  if ((wanted.expiry.given() && lot.expiry.given() && wanted.expiry != lot.expiry) ||
      (wanted.batch.given() && lot.batch.given() && wanted.batch != lot.batch))
    return Match::no;
  const bool is_named = (!wanted.expiry.given() || lot.expiry.given()) &&
                        (!wanted.batch.given() || lot.batch.given());
  return is_named ? Match::yes : Match::unnamed;
}

// Who else has a part in the event, and the papers of it.
struct Ends {
  std::string_view what;
  std::optional<SiteCode> other;
  DocumentNumber number;
  Reference paper{};
};

Ends ends_of(const Partition& site, const Event& event) {
  Ends ends{kind_name(event.body), {}, {}};
  if (const auto* moved = std::get_if<GoodsMoved>(&event.body)) {
    ends.what = text_of(moved->cause);
  } else if (const auto* received = std::get_if<GoodsReceived>(&event.body)) {
    ends.number = received->advice;
    ends.paper = received->paper;
    if (received->source == Place::vehicle && received->advice.given())
      ends.other = received->advice.site;
  } else if (const auto* sent = std::get_if<GoodsSent>(&event.body)) {
    ends.other = sent->to;
    ends.number = site.number(sent->counter);
  } else if (const auto* picked = std::get_if<OrderPicked>(&event.body)) {
    ends.other = picked->key.store;
  } else if (const auto* dispatched = std::get_if<OrderDispatched>(&event.body)) {
    ends.other = dispatched->key.store;
    ends.number = site.number(dispatched->counter);
  }
  return ends;
}

}  // namespace

Trace::Holding Trace::held_by(SiteCode site) const {
  Holding held;
  const Partition* partition = book_.find(site);
  const auto line = partition == nullptr ? std::nullopt : partition->goods.find(product_);
  if (!line) return held;
  std::int64_t without_lot = partition->stock.on_hand(*line);
  partition->stock.each_lot(*line, [&](const Lot& lot, Units units) {
    without_lot -= units;
    if (const Match how = match(lot_, lot); how != Match::no)
      (how == Match::yes ? held.named : held.unnamed) += units;
  });
  (lot_.given() ? held.unnamed : held.named) += without_lot;
  return held;
}

Trace::Holding Trace::holding_of(const std::vector<CargoRow>& cargo, LineNo line) const {
  Holding held;
  for (const CargoRow& row : cargo) {
    const Match how = row.line == line ? match(lot_, row.lot) : Match::no;
    if (how != Match::no) (how == Match::yes ? held.named : held.unnamed) += row.units;
  }
  return held;
}

void Trace::note(SiteCode site, std::int64_t at_ms, const Event& event, const Holding& change) {
  if (change.named == 0 && change.unnamed == 0) return;
  const Partition& partition = *book_.find(site);
  const Ends ends = ends_of(partition, event);
  rows_.push_back({site, at_ms, partition.day, ends.what, ends.other.value_or(SiteCode{}),
                   ends.other.has_value(), ends.number, ends.paper, change.named, change.unnamed});
}

Verdict Trace::take(SiteCode site, std::int64_t at_ms, std::string_view event_bytes) {
  const Holding before = held_by(site);
  TRY(admit(book_, site, event_bytes));
  const Event event = TRY(decode(event_bytes));
  const Holding after = held_by(site);
  note(site, at_ms, event, {after.named - before.named, after.unnamed - before.unnamed});
  if (const auto* dispatched = std::get_if<OrderDispatched>(&event.body)) {
    const Partition& partition = *book_.find(site);
    const auto fulfilment = partition.fulfilments.find(dispatched->key);
    const auto line = partition.goods.find(product_);
    if (fulfilment != partition.fulfilments.end() && line)
      note(site, at_ms, event, holding_of(fulfilment->second.cargo, *line));
  }
  return {};
}

std::vector<TraceRest> Trace::rest() const {
  std::vector<TraceRest> rest;
  for (const auto& [site, partition] : book_.partitions()) {
    const auto line = partition.goods.find(product_);
    if (!line) continue;
    const Holding held = held_by(site);
    const Units quarantined = partition.stock.quarantined(*line);
    if (held.named == 0 && held.unnamed == 0 && quarantined == 0) continue;
    rest.push_back({site, held.named, held.unnamed, quarantined});
  }
  return rest;
}

}  // namespace trade
