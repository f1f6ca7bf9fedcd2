#include "site/depot_night.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "nightly/guards.h"
#include "nightly/night.h"
#include "site/own_tables.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;
using estate::Estate;

// Deliveries of suppliers that are expected and have not come.
void put_own_deliveries_in(Estate& estate, std::uint32_t site, const trade::Partition& own,
                           const OwnLines& lines, Date day) {
  std::erase_if(estate.on_order, [&](const auto& row) { return row.site == site; });
  for (const auto& [counter, inbound] : own.inbounds) {
    if (inbound.state != trade::InboundState::expected) continue;
    for (const trade::OrderRow& row : inbound.rows) {
      const std::uint32_t product = lines.product_of[index(row.line)];
      if (product == estate::none) continue;
      estate::OnOrderRow& made = estate.on_order.emplace_back();
      made.site = site;
      made.product = product;
      made.due = std::max(trade::to_date(inbound.due), day + 1);
      made.units = row.units;
      made.order = to_string(own.number(counter));
      made.source = inbound.supplier.view();
    }
  }
  std::ranges::stable_sort(estate.on_order, {}, [](const estate::OnOrderRow& row) {
    return std::tuple(row.site, row.product, row.due);
  });
}

void put_own_in(Estate& estate, std::uint32_t site, const trade::Partition& own,
                const OwnLines& lines, Date day) {
  estate.stock = stock_with(estate.stock, {{site, own_stock(site, own, lines, day)}});
  estate.has_stock = true;
  put_own_deliveries_in(estate, site, own, lines, day);
  std::erase_if(estate.movements, [&](const auto& row) { return row.site == site; });
}

// What is left of a quantity once demand and position have been told.
const char* because_of_rest(std::string_view reason) {
  if (reason == "minimum") return "raised to what the supplier delivers at least";
  if (reason == "maximum") return "cut to what the supplier delivers at most";
  if (reason == "surge") return "cut to what the supplier confirms for a day";
  if (reason == "held") return "an input waits for a person's decision";
  if (reason == "cross_dock") return "what stores are short of, each for itself, in whole cases";
  return "the service level, in whole cases, within the life of the goods";
}

std::vector<Reason> reasons_of(const nightly::DepotOrderLine& line) {
  const double demand = line.order.until_next_units, position = line.order.position_units;
  std::vector<Reason> reasons{
      {"demand", demand, "what stores will sell until the next order's goods are there"},
      {"position", -position, "there or coming, less what stores and customers are owed"},
      {line.reason == "demand" ? "service level" : line.reason, line.units - (demand - position),
       because_of_rest(line.reason)}};
  std::erase_if(reasons, [](const Reason& reason) { return reason.units == 0; });
  std::ranges::stable_sort(reasons, std::greater{},
                           [](const Reason& reason) { return std::abs(reason.units); });
  return reasons;
}

}  // namespace

trade::InboundProposed ProposedInbound::body() const {
  trade::InboundProposed proposed{0, supplier, due, {}};
  for (const ProposedLine& line : lines) proposed.rows.push_back({line.line, line.units});
  return proposed;
}

Result<std::vector<ProposedInbound>> plan_depot_night(Estate estate, std::string_view site_id,
                                                      const trade::Partition& own, Date day,
                                                      int threads) {
  const std::uint32_t site = estate::find_site(estate, site_id);
  if (site == estate::none)
    return base::fail(ErrorCode::input_missing, fmt::format("sites.csv has no site {}", site_id));
  const OwnLines lines(estate, own);
  put_own_in(estate, site, own, lines, day);

  nightly::Guards guards(io::real_disk(), {}, {}, day);
  TRY(guards.inspect(estate, std::nullopt));
  nightly::DecidedNight night(estate, day, std::nullopt, threads);
  TRY(night.decide(guards));

  std::map<std::pair<std::string_view, Date>, std::vector<ProposedLine>> orders;
  for (const nightly::DepotOrderLine& line : night.night.depot_orders) {
    const trade::LineNo own_line = lines.line_of[line.product];
    if (line.depot != site || line.units <= 0 || own_line == trade::no_line) continue;
    orders[{estate.suppliers[line.supplier].id, line.due}].push_back(
        {own_line, line.units, reasons_of(line)});
  }
  std::vector<ProposedInbound> made;
  for (auto& [key, proposed] : orders) {
    const auto supplier = trade::SupplierId::of(key.first);
    if (!supplier)
      return base::fail(ErrorCode::input_bad,
                        fmt::format("supplier {}: an id of ASCII is wanted here", key.first));
    std::ranges::sort(proposed, {}, &ProposedLine::line);
    made.push_back({*supplier, trade::to_day(key.second), std::move(proposed)});
  }
  return made;
}

}  // namespace site
