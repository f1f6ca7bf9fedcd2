#include "api/parcel_papers.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "api/html.h"
#include "api/json_write.h"
#include "base/date.h"
#include "base/result.h"
#include "base/words.h"
#include "paper/barcode.h"

namespace api {
namespace {

using trade::Chain;
using trade::DocumentNumber;
using trade::Parcel;
using trade::ParcelState;

constexpr std::size_t zones = trade::count_of<Chain>;
constexpr int module_um = 330, bars_um = 14'000;

struct PickOrder {
  DocumentNumber order;
  trade::Units units = 0;
  bool takes_substitutes = false;
};
struct Picks {
  std::array<std::map<std::pair<std::uint32_t, trade::LineNo>, std::vector<PickOrder>>, zones> rows;
  std::vector<const std::pair<const DocumentNumber, Parcel>*> returning;
  std::optional<DocumentNumber> next;
};

Chain zone_of(const trade::Partition& own, trade::LineNo line) {
  return own.goods.terms(line).chain;
}

std::expected<Picks, Problem> picks_of(const Question& question, const trade::Partition& own) {
  const std::uint64_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  auto row = own.parcels.begin();
  if (const auto after = question.parameter("after"); !after.empty()) {
    const auto number = trade::parse_number(after);
    if (!number) return std::unexpected(query_wrong("after", "the \"next\" of the page before"));
    row = own.parcels.upper_bound(*number);
  }
  Picks picks;
  std::size_t parcels = 0, count = 0;
  for (; row != own.parcels.end(); ++row) {
    const auto& [number, parcel] = *row;
    const bool goes_back = parcel.state == ParcelState::returning;
    const bool is_open = !parcel.owed.empty() && parcel.state != ParcelState::returned;
    if (!goes_back && !is_open) continue;
    if (parcels == limit || count >= pick_rows_max) {
      picks.next = std::prev(row)->first;
      break;
    }
    ++parcels;
    count += parcel.owed.size() + parcel.cargo.size();
    if (goes_back) {
      picks.returning.push_back(&*row);
      continue;
    }
    for (const trade::OrderRow& owed : parcel.owed)
      picks
          .rows[static_cast<std::size_t>(zone_of(own, owed.line))]
               [{own.goods.pick_sequence(owed.line), owed.line}]
          .push_back({number, owed.units, parcel.takes_substitutes});
  }
  return picks;
}

std::int64_t units_of(const std::vector<PickOrder>& orders) {
  std::int64_t units = 0;
  for (const PickOrder& order : orders) units += order.units;
  return units;
}

std::string text_of_minute(std::uint16_t minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

// How it leaves the store, as far as the online site is heard.
std::string way_of(const site::View& view, const DocumentNumber& number, const Parcel& parcel) {
  if (parcel.code.given()) return "Collect";
  const trade::Partition* online = view.book.find(number.site);
  if (online == nullptr) return "Deliver";
  const auto order = online->online_orders.find(number.counter);
  if (order == online->online_orders.end()) return "Deliver";
  const auto slot = online->slots.find(order->second.slot);
  if (slot == online->slots.end()) return "Deliver";
  return fmt::format("Deliver {} {}\u2013{}", to_string(trade::to_date(slot->second.day)),
                     text_of_minute(slot->second.from_minute),
                     text_of_minute(slot->second.to_minute));
}

// The zones that the parcel has goods of: what is in it, or what is to be packed.
std::set<Chain> zones_of(const trade::Partition& own, const Parcel& parcel) {
  std::set<Chain> made;
  for (const trade::CargoRow& row : parcel.cargo) made.insert(zone_of(own, row.line));
  for (const trade::OrderRow& row : parcel.owed) made.insert(zone_of(own, row.line));
  return made;
}

constexpr Tag list_style = R"(@page { size: A4; margin: 12mm; }
body { margin: 0; font: 11pt/1.4 sans-serif; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { border-bottom: 1px solid #000; padding: 1mm; text-align: left; vertical-align: top; }
h2 { break-after: avoid; } tr { break-inside: avoid; }
)";
constexpr Tag label_style = R"(@page { size: 100mm 60mm; margin: 4mm; }
body { margin: 0; font: 12pt/1.2 sans-serif; overflow-wrap: anywhere; }
h1 { display: none; }
section { break-after: page; }
p { margin: 0; }
.number { font-size: 18pt; font-weight: bold; }
.zone { font-size: 16pt; font-weight: bold; text-transform: uppercase; }
)";

}  // namespace

http::Response printed(std::string html) {
  return {200,
          "text/html; charset=utf-8",
          std::move(html),
          {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}}};
}

std::expected<std::string, Problem> parcel_pick_list_json(const Question& question,
                                                          const site::View& view) {
  const auto picks = TRY(picks_of(question, view.own));
  const Names names(view.own, &view.book);
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  json.key("zones");
  json.begin('[');
  for (std::size_t zone = 0; zone < zones; ++zone) {
    if (picks.rows[zone].empty()) continue;
    json.begin('{');
    json.member("zone", static_cast<Chain>(zone));
    json.key("rows");
    json.begin('[');
    for (const auto& [key, orders] : picks.rows[zone]) {
      json.begin('{');
      json.member("product", key.second);
      json.member("units", units_of(orders));
      json.key("orders");
      json.begin('[');
      for (const PickOrder& order : orders) {
        json.begin('{');
        json.member("order", order.order);
        json.member("units", order.units);
        json.member("takes_substitutes", order.takes_substitutes);
        json.end('}');
      }
      json.end(']');
      json.end('}');
    }
    json.end(']');
    json.end('}');
  }
  json.end(']');
  json.key("returning");
  json.begin('[');
  for (const auto* row : picks.returning) {
    json.begin('{');
    json.member("order", row->first);
    json.member("rows", row->second.cargo);
    json.end('}');
  }
  json.end(']');
  if (picks.next) json.member("next", *picks.next);
  json.end('}');
  return out;
}

std::expected<http::Response, Problem> parcel_pick_list_page(const Question& question,
                                                             const site::View& view) {
  const auto picks = TRY(picks_of(question, view.own));
  const trade::Goods& goods = view.own.goods;
  Html page("Pick list", list_style);
  for (std::size_t zone = 0; zone < zones; ++zone) {
    if (picks.rows[zone].empty()) continue;
    page.heading(trade::text_of(static_cast<Chain>(zone)));
    page.begin_table({"Product", "Units", "For"});
    for (const auto& [key, orders] : picks.rows[zone]) {
      std::string wanted;
      for (const PickOrder& order : orders)
        wanted += fmt::format("{}{}: {}{}", wanted.empty() ? "" : ", ", to_string(order.order),
                              order.units, order.takes_substitutes ? " (may be substituted)" : "");
      page.row(
          {std::string(goods.product(key.second).view()), base::grouped(units_of(orders)), wanted});
    }
    page.end_table();
  }
  if (!picks.returning.empty()) {
    page.heading("Back to the shelves");
    page.begin_table({"Order", "Product", "Units", "Until"});
    for (const auto* row : picks.returning)
      for (const trade::CargoRow& goods_row : row->second.cargo)
        page.row({to_string(row->first), std::string(goods.product(goods_row.line).view()),
                  base::grouped(goods_row.units),
                  goods_row.lot.expiry.given()
                      ? base::to_string(trade::to_date(goods_row.lot.expiry))
                      : std::string()});
    page.end_table();
  }
  if (picks.next) page.paragraph(fmt::format("More after {}.", to_string(*picks.next)));
  return printed(std::move(page).finish());
}

std::expected<http::Response, Problem> labels_of_parcel(const Question& question,
                                                        const site::View& view) {
  const std::string& text = question.values[0];
  const auto number = trade::parse_number(text);
  const auto found = number ? view.own.parcels.find(*number) : view.own.parcels.end();
  if (found == view.own.parcels.end()) {
    Problem problem(row_of(trade::Refusal::document_unknown));
    problem.number = text;
    return std::unexpected(std::move(problem));
  }
  const Parcel& parcel = found->second;
  const auto used = zones_of(view.own, parcel);
  std::array<std::uint64_t, zones> bags{};
  std::uint64_t total = 0;
  for (std::size_t zone = 0; zone < zones; ++zone) {
    const Chain chain = static_cast<Chain>(zone);
    bags[zone] =
        TRY(number_in(question, trade::text_of(chain), used.contains(chain) ? 1 : 0, 0, bags_max));
    total += bags[zone];
  }
  const auto code = paper::code_128(text);
  CHECK(code.has_value());  // a number's text is short and plain
  const paper::Drawing bars = paper::draw(*code, module_um, bars_um);
  std::uint8_t age_years = 0;
  for (const trade::OnlineRow& row : parcel.rows) age_years = std::max(age_years, row.age_years);
  Html page(text, label_style);
  std::uint64_t bag = 0;
  for (std::size_t zone = 0; zone < zones; ++zone)
    for (std::uint64_t i = 0; i < bags[zone]; ++i) {
      page.tag("<section><p class=\"number\">");
      page.text(text);
      page.tag("</p>\n");
      page.drawing(bars);
      page.paragraph(way_of(view, *number, parcel));
      page.tag("<p class=\"zone\">");
      page.text(trade::text_of(static_cast<Chain>(zone)));
      page.tag("</p>\n");
      page.paragraph(fmt::format("Bag {} of {}", ++bag, total));
      if (age_years > 0) page.paragraph(fmt::format("Check age: {}", age_years));
      page.tag("</section>\n");
    }
  return printed(std::move(page).finish());
}

}  // namespace api
