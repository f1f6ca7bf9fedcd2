#include "rehearse/auditor.h"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include "base/result.h"

namespace rehearse {
namespace {

using namespace trade;

constexpr std::size_t complaints_max = 20;

// Goods by hand go from one place to another; in the words of docs/formats/events.md.
const std::map<std::string_view, std::pair<std::string_view, std::string_view>> ways{
    {"opening", {"opening", "on_hand"}},
    {"sale", {"on_hand", "customer"}},
    {"returned_to_shelf", {"customer", "on_hand"}},
    {"returned_to_quarantine", {"customer", "quarantine"}},
    {"returned_to_waste", {"customer", "waste"}},
    {"waste", {"on_hand", "waste"}},
    {"waste_of_quarantine", {"quarantine", "waste"}},
    {"quarantine", {"on_hand", "quarantine"}},
    {"release", {"quarantine", "on_hand"}},
    {"returned_to_supplier", {"quarantine", "supplier"}},
    {"dispute_found", {"disputed", "on_hand"}},
    {"dispute_lost", {"disputed", "waste"}},
    {"dispute_granted", {"on_hand", "disputed"}},
};

std::string name_of(const OrderKey& key) {
  return fmt::format("store {:04} depot {:04} day {} drop {}", static_cast<int>(key.store),
                     static_cast<int>(key.depot), key.delivery.days, key.drop);
}

}  // namespace

void Auditor::complain(SiteCode site, std::string what) {
  if (complaints_.size() >= complaints_max) return;
  complaints_.push_back(fmt::format("auditor: {:04}: {}", static_cast<int>(site), what));
}

void Auditor::hear(SiteCode code, const Event& event) {
  if (aside_.contains(code)) return;
  Site& site = sites_[code];
  ++events_;
  note_origin(code, site, event);
  std::visit([&](const auto& body) { note(code, site, body); }, event.body);
  check_balance(code, site);
}

// Neither a request nor a device's message happens twice.
void Auditor::note_origin(SiteCode code, Site& site, const Event& event) {
  const Origin& origin = event.origin;
  if (origin.device != DeviceNo{} && origin.sequence != 0 &&
      !site.sequences.insert({origin.device, origin.sequence}).second)
    complain(code, fmt::format("message {} of device {} happened twice", origin.sequence,
                               static_cast<std::uint32_t>(origin.device)));
  if (!origin.request.given()) return;
  std::uint64_t name = 0;
  std::memcpy(&name, origin.request.bytes.data(), sizeof name);
  if (!site.requests.insert(name).second)
    complain(code, fmt::format("request {:016x} happened twice", name));
}

void Auditor::check_balance(SiteCode code, const Site& site) {
  std::int64_t sum = site.inside;
  for (const auto& [place, units] : site.places) sum += units;
  if (sum != 0) complain(code, fmt::format("units do not balance: {} too many", sum));
}

void Auditor::add_to(Site& site, LineNo line, std::string_view place, std::int64_t units) {
  Shelf& shelf = site.shelves.at(index(line));
  if (place == "on_hand") {
    shelf.on_hand += units;
    site.inside += units;
  } else if (place == "quarantine") {
    shelf.apart += units;
    site.inside += units;
  } else {
    const auto found = site.places.find(place);
    if (found == site.places.end())
      site.places.emplace(place, units);
    else
      found->second += units;
  }
}

void Auditor::move(Site& site, LineNo line, std::string_view from, std::string_view to,
                   std::int64_t units) {
  add_to(site, line, from, -units);
  add_to(site, line, to, units);
}

void Auditor::note(SiteCode, Site& site, const SiteOpened& opened) {
  site.epoch = opened.epoch;
  site.is_till = opened.kind == SiteKind::till;
}

void Auditor::note(SiteCode, Site& site, const LineOpened& opened) {
  site.lines[std::string(opened.product.view())] = static_cast<std::uint32_t>(site.products.size());
  site.products.emplace_back(opened.product.view());
  site.shelves.emplace_back();
}

void Auditor::note(SiteCode, Site& site, const GoodsMoved& moved) {
  const auto& [from, to] = ways.at(text_of(moved.cause));
  for (const GoodsRow& row : moved.rows) move(site, row.line, from, to, row.units);
}

// The goods of a till are its store's, which says when it has booked them.
void Auditor::note(SiteCode, Site& site, const SaleMade& sale) {
  if (site.is_till) return;
  for (const SoldRow& row : sale.rows) move(site, row.line, "on_hand", "customer", row.units);
}

void Auditor::note(SiteCode, Site& site, const RefundMade& refund) {
  if (site.is_till) return;
  const auto& [from, to] = ways.at(text_of(refund.cause));
  for (const SoldRow& row : refund.rows) move(site, row.line, from, to, row.units);
}

void Auditor::note(SiteCode, Site& site, const TillHeard& heard) {
  for (const TillRow& row : heard.rows) {
    const auto& [from, to] = ways.at(text_of(row.cause));
    move(site, row.line, from, to, row.units);
  }
}

void Auditor::note(SiteCode, Site& site, const GoodsCounted& counted) {
  move(site, counted.line, "unexplained", "on_hand", counted.moved_units);
}

// Against the advice of another site, what was advised leaves the vehicle: what came, and the rest
// as disputed. Blind, what came leaves it.
void Auditor::note(SiteCode code, Site& site, const GoodsReceived& received) {
  const bool is_from_site = text_of(received.source) == "vehicle";
  const bool is_advised = received.advice.given();
  if (is_advised && !site.received.insert(received.advice).second)
    complain(code, fmt::format("advice {} received twice", to_string(received.advice)));
  if (received.order.delivery.given() && !site.filled.insert(received.order).second)
    complain(code, fmt::format("{}: filled twice", name_of(received.order)));
  const std::string source(text_of(received.source));
  for (const ReceiptRow& row : received.rows) {
    move(site, row.line, source, "on_hand", row.accepted);
    move(site, row.line, source, "quarantine", row.quarantined);
    move(site, row.line, source, "waste", row.damaged);
    const std::int64_t came = std::int64_t{row.accepted} + row.quarantined + row.damaged;
    if (is_from_site && !is_advised) site.blind += came;
    if (!is_from_site || !is_advised) continue;
    move(site, row.line, source, "disputed", row.advised - came);
    Receipt& receipt = receipts_[received.advice];
    receipt.by = code;
    receipt.advised[site.products.at(index(row.line))] += row.advised;
    receipt.came[site.products.at(index(row.line))] += came;
  }
}

void Auditor::note(SiteCode code, Site& site, const GoodsSent& sent) {
  Advice& advice = advices_[{code, site.epoch, sent.counter}];
  advice.from = code;
  advice.to = sent.to;
  for (const CargoRow& row : sent.rows) {
    move(site, row.line, "on_hand", "vehicle", row.units);
    advice.sent[site.products.at(index(row.line))] += row.units;
  }
}

void Auditor::note(SiteCode, Site& site, const StopSet& set) {
  site.stops[set.counter] = std::string(set.product.view());
}

// Goods that were found although the book knew of none come from nowhere.
void Auditor::note(SiteCode, Site& site, const StopPulled& pulled) {
  const auto found = site.lines.find(site.stops.at(pulled.stop));
  if (found == site.lines.end()) return;
  const LineNo line{found->second};
  for (const PulledRow& row : pulled.rows) {
    const std::int64_t known = std::max<std::int64_t>(site.shelves[found->second].on_hand, 0);
    if (row.units > known) move(site, line, "unexplained", "on_hand", row.units - known);
    move(site, line, "on_hand", "quarantine", row.units);
  }
}

void Auditor::note(SiteCode code, Site& site, const OrderPlaced& placed) {
  std::uint32_t& before = site.placed[placed.key];
  if (before != placed.replaces.counter)
    complain(code, fmt::format("{}: ordered twice", name_of(placed.key)));
  before = placed.counter;
}

// The depot is the only arbiter: a second order must say which one it replaces, before picking.
void Auditor::note(SiteCode code, Site& site, const OrderAcknowledged& acknowledged) {
  const auto [row, is_new] = site.cycles.try_emplace(acknowledged.key);
  Cycle& cycle = row->second;
  if (!is_new && !cycle.is_cancelled) {
    if (acknowledged.replaces != cycle.order)
      complain(code, fmt::format("{}: a second order was taken on", name_of(acknowledged.key)));
    if (cycle.is_sealed)
      complain(code, fmt::format("{}: replaced while it was picked", name_of(acknowledged.key)));
  }
  if (cycle.dispatched.given())
    complain(code, fmt::format("{}: taken on after it was dispatched", name_of(acknowledged.key)));
  promise(site, cycle, false);
  cycle = {};
  cycle.order = acknowledged.order;
}

void Auditor::promise(Site& site, Cycle& cycle, bool is_open) {
  if (cycle.is_open == is_open) return;
  cycle.is_open = is_open;
  for (const auto& [line, units] : cycle.allocated)
    site.shelves.at(index(line)).promised += is_open ? units : -units;
}

void Auditor::note(SiteCode code, Site& site, const OrderAllocated& allocated) {
  Cycle& cycle = site.cycles[allocated.key];
  promise(site, cycle, false);
  cycle.allocated.clear();
  for (const OrderRow& row : allocated.rows) cycle.allocated[row.line] = row.units;
  promise(site, cycle, true);
  for (const OrderRow& row : allocated.rows) {
    const Shelf& shelf = site.shelves.at(index(row.line));
    if (shelf.promised > std::max<std::int64_t>(shelf.on_hand, 0))
      complain(code, fmt::format("{}: a unit of {} is promised twice", name_of(allocated.key),
                                 site.products[index(row.line)]));
  }
}

void Auditor::note(SiteCode, Site& site, const FulfilmentMoved& moved) {
  Cycle& cycle = site.cycles[moved.key];
  if (moved.verb == FulfilmentVerb::release) cycle.is_sealed = true;
  if (moved.verb == FulfilmentVerb::cancel) {
    promise(site, cycle, false);
    const Number dispatched = cycle.dispatched;
    cycle = {};
    cycle.is_cancelled = true;
    cycle.dispatched = dispatched;
  }
  if (moved.verb != FulfilmentVerb::put_back) return;
  for (const CargoRow& row : cycle.cargo) move(site, row.line, "dock", "on_hand", row.units);
  cycle.cargo.clear();
  promise(site, cycle, true);
}

void Auditor::note(SiteCode code, Site& site, const OrderPicked& picked) {
  Cycle& cycle = site.cycles[picked.key];
  promise(site, cycle, false);
  cycle.cargo = picked.cargo;
  for (const CargoRow& row : picked.cargo) {
    move(site, row.line, "on_hand", "dock", row.units);
    if (site.shelves.at(index(row.line)).on_hand < 0)
      complain(code, fmt::format("{}: more of {} was picked than there is", name_of(picked.key),
                                 site.products[index(row.line)]));
  }
}

void Auditor::note(SiteCode code, Site& site, const OrderDispatched& dispatched) {
  Cycle& cycle = site.cycles[dispatched.key];
  if (cycle.dispatched.given())
    complain(code, fmt::format("{}: dispatched twice", name_of(dispatched.key)));
  cycle.dispatched = {code, site.epoch, dispatched.counter};
  Advice& advice = advices_[cycle.dispatched];
  advice.from = code;
  advice.to = dispatched.key.store;
  for (const CargoRow& row : cycle.cargo) {
    move(site, row.line, "dock", "vehicle", row.units);
    advice.sent[site.products.at(index(row.line))] += row.units;
  }
}

void Auditor::compare(const Partition& partition) {
  const SiteCode code = partition.site.code;
  if (aside_.contains(code)) return;
  const Site& site = sites_[code];
  const auto differs = [&](std::string_view what, std::int64_t book, std::int64_t told) {
    if (book != told)
      complain(code, fmt::format("{}: the book says {}, the events {}", what, book, told));
  };
  differs("lines", partition.goods.line_count(), static_cast<std::int64_t>(site.products.size()));
  if (partition.goods.line_count() != site.products.size()) return;
  for (std::uint32_t i = 0; i < site.shelves.size(); ++i) {
    const Shelf& shelf = site.shelves[i];
    differs("on hand", partition.stock.on_hand(LineNo{i}), shelf.on_hand);
    differs("in quarantine", partition.stock.quarantined(LineNo{i}), shelf.apart);
    differs("allocated", partition.stock.reserved(LineNo{i}), shelf.promised);
  }
  for (std::size_t i = 0; i < count_of<Place>; ++i) {
    const auto place = static_cast<Place>(i);
    if (place == Place::on_hand || place == Place::quarantine) continue;
    const auto told = site.places.find(text_of(place));
    differs(text_of(place), partition.stock.total(place),
            told == site.places.end() ? 0 : told->second);
  }
}

// In transit = dispatched - received - disputed, document by document and in total.
void Auditor::compare_between() {
  std::int64_t in_transit = 0, blind = 0;
  for (const auto& [number, advice] : advices_) {
    const auto receipt = receipts_.find(number);
    for (const auto& [product, units] : advice.sent)
      in_transit += receipt == receipts_.end() ? units : 0;
    if (receipt == receipts_.end()) continue;
    if (receipt->second.by != advice.to)
      complain(receipt->second.by, fmt::format("{} was not for this site", to_string(number)));
    if (receipt->second.advised != advice.sent)
      complain(receipt->second.by,
               fmt::format("{}: was received as another advice than was sent", to_string(number)));
  }
  for (const auto& [number, receipt] : receipts_)
    if (!advices_.contains(number) && !aside_.contains(number.site))
      complain(receipt.by, fmt::format("{} was received and never sent", to_string(number)));
  if (!aside_.empty()) return;  // what set-aside sites have sent or received is not known
  std::int64_t on_vehicles = 0;
  for (const auto& [code, site] : sites_) {
    const auto found = site.places.find("vehicle");
    if (found != site.places.end()) on_vehicles += found->second;
    blind += site.blind;
  }
  if (on_vehicles + blind != in_transit)
    complain({}, fmt::format("in transit: {} by the places, {} by the documents", on_vehicles,
                             in_transit));
}

}  // namespace rehearse
