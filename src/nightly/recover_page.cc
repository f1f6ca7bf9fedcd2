#include "nightly/recover_page.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

#include "nightly/day_chart.h"
#include "nightly/page.h"
#include "nightly/report_style.h"

namespace nightly {
namespace {

constexpr std::size_t list_rows_max = 20;
constexpr std::size_t products_rows_max = 100;

struct View {
  const PlayPlan& plan;
  const Recovery& recovery;

  const estate::Estate& estate() const { return plan.input().tonight.estate; }
  std::string day(std::optional<std::int32_t> index) const { return day_text(recovery, index); }
  Html product(std::uint32_t index) const {
    return named(estate().products[index].name, estate().products[index].id);
  }
};

std::string cases_text(double cases) {
  return cases > 0 && cases < 1 ? "under 1" : grouped(std::llround(cases));
}

Html card(std::string_view title, std::string_view remark, const Html& body) {
  return {fmt::format("<section class=\"card\"><h2>{}</h2>\n<p>{}</p>\n{}</section>\n",
                      shown(title).code, shown(remark).code, body.code)};
}

Html rest_of(std::size_t all, std::size_t rows, std::string_view where) {
  if (all <= rows) return {};
  return {fmt::format("<p class=\"more\">{} more{}.</p>\n",
                      grouped(static_cast<std::int64_t>(all - rows)), where)};
}

Html tile(std::string_view title, std::string_view number, std::string_view below) {
  return {
      fmt::format("<div class=\"tile\"><span class=\"t\">{}</span><b>{}</b><span>{}</span></div>\n",
                  title, shown(number).code, shown(below).code)};
}

// No line of a heading ends between a number and its unit.
std::string unbroken(std::string text) {
  for (std::size_t at = text.find(" %"); at != std::string::npos; at = text.find(" %", at))
    text.replace(at, 1, "\u00a0");
  return text;
}

Html top(const View& view, const RecoverFacts& facts) {
  return {fmt::format(
      "<header class=\"top\"><p>Will shelves be normal by the weekend?</p>\n"
      "<h1 class=\"answer\">{}</h1>\n<p><bdi>{}</bdi>: {} played from {}, {}. A line counts as on "
      "the shelf if there is any of it when the store opens.</p></header>\n",
      shown(unbroken(answer_of(view.recovery))).code, shown(view.estate().name).code,
      plural(static_cast<std::int64_t>(view.recovery.dates.size()), "day"),
      long_date(view.recovery.dates.front()), plural(facts.paths, "possible future"))};
}

Html tiles(const View& view) {
  const Recovery& recovery = view.recovery;
  const auto& share = recovery.all.availability.share;
  const auto back_by_weekend = std::ranges::count_if(
      recovery.categories,
      [&](const Return& category) { return category.back && *category.back <= recovery.weekend; });
  const Return* worst = recovery.worst_category();
  Html html{"<div class=\"tiles\">\n"};
  const auto add = [&](auto... words) { html.code += tile(words...).code; };
  add("When stores open", percent_text(share.front()), short_date(recovery.dates.front()));
  add("At the weekend", percent_text(share[static_cast<std::size_t>(recovery.weekend)]),
      short_date(recovery.dates[static_cast<std::size_t>(recovery.weekend)]));
  add("Back at 95 %", view.day(recovery.all.back), "all lines together");
  add("Categories back", fmt::format("{} of {}", back_by_weekend, recovery.categories.size()),
      "by the weekend");
  add("Last category", worst == nullptr ? "none" : view.day(worst->back),
      worst == nullptr ? "" : worst->name);
  add("Sales missed",
      percent_text(recovery.wanted_value > 0 ? recovery.lost_value / recovery.wanted_value : 0),
      round_money(view.estate().currency, std::llround(recovery.lost_value * 100)));
  html.code += "</div>\n";
  return html;
}

Html chart_of(const View& view, std::string_view whose, const Return& part) {
  const std::string what = fmt::format(
      "{} on the shelf by day: {} on {}, {} on {}, back at 95 %: {}.", whose,
      percent_text(part.availability.share.front()), short_date(view.recovery.dates.front()),
      percent_text(part.availability.share.back()), short_date(view.recovery.dates.back()),
      view.day(part.back));
  return day_chart({.what = what,
                    .dates = view.recovery.dates,
                    .share = part.availability.share,
                    .low = part.availability.low,
                    .high = part.availability.high,
                    .goal = normal_share});
}

Html by_day(const View& view) {
  return card("Lines on the shelf",
              "Of all lines on sale, when stores open. The line is the mean of the futures played, "
              "the band holds nine in ten of them; weekends are shaded.",
              chart_of(view, "Share of all lines", view.recovery.all));
}

Html lifeline(const View& view) {
  if (!view.recovery.lifeline) return {};
  return card(
      "Lifeline stores",
      fmt::format(
          "Stores of communities without another food shop in reach, {} in all. Back at "
          "95 %: {}.",
          std::accumulate(view.recovery.is_lifeline.begin(), view.recovery.is_lifeline.end(), 0),
          view.day(view.recovery.lifeline->back)),
      chart_of(view, "Share of lines in lifeline stores", *view.recovery.lifeline));
}

// The mean of the last seven days played: what is usual once all has settled.
double last_week(const Availability& availability) {
  const auto& share = availability.share;
  const auto first =
      share.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(7, share.size()));
  return std::accumulate(first, share.end(), 0.0) / static_cast<double>(share.end() - first);
}

Html categories(const View& view) {
  const Recovery& recovery = view.recovery;
  const auto weekend = static_cast<std::size_t>(recovery.weekend);
  std::vector<Row> rows;
  for (const Return& part : recovery.categories) {
    const Availability& availability = part.availability;
    rows.push_back({shown(part.name), shown_number(availability.lines.front()),
                    shown(percent_text(availability.share.front())),
                    shown(percent_text(availability.share[weekend])),
                    shown(percent_text(last_week(availability))), shown(view.day(part.back)),
                    shown(part.earliest == part.latest
                              ? "the same"
                              : view.day(part.earliest) + " to " + view.day(part.latest)),
                    shown(view.day(part.back_without_suppliers)),
                    shown(view.day(part.back_without_depots))});
  }
  return card(
      "When each category is back",
      "The first day on which 95 % of its lines are on the shelf, and from which on that holds on "
      "most days of a week; in nine of ten futures between the days of the range; and the day it "
      "would be if suppliers sent all that is asked for at once, or if depots could take in and "
      "pick everything.",
      table({{"Category"},
             {"Lines", true},
             {"First day", true},
             {short_date(recovery.dates[weekend]), true},
             {"Last week", true},
             {"Back at 95 %"},
             {"Range"},
             {"No supplier limit"},
             {"No depot limit"}},
            rows));
}

// The sites with the smallest share at the weekend first.
Html sites(const View& view, bool is_lifeline) {
  const Recovery& recovery = view.recovery;
  const auto weekend = static_cast<std::size_t>(recovery.weekend);
  std::vector<const Return*> order;
  for (std::size_t i = 0; i < recovery.sites.size(); ++i)
    if (!is_lifeline || recovery.is_lifeline[i] != 0) order.push_back(&recovery.sites[i]);
  if (order.empty()) return {};
  std::ranges::stable_sort(order, {},
                           [&](const Return* site) { return site->availability.share[weekend]; });
  std::vector<Row> rows;
  for (const Return* site : order) {
    if (rows.size() == list_rows_max) break;
    rows.push_back(
        {named(site->name, site->id), shown(percent_text(site->availability.share.front())),
         shown(percent_text(site->availability.share[weekend])), shown(view.day(site->back))});
  }
  Html body = table({{"Store"},
                     {"First day", true},
                     {short_date(recovery.dates[weekend]), true},
                     {"Back at 95 %"}},
                    rows);
  body.code += rest_of(order.size(), list_rows_max, " in availability.csv").code;
  return card(is_lifeline ? "Lifeline stores by name" : "Stores that wait the longest",
              "The emptiest at the weekend first.", body);
}

Html suppliers(const View& view) {
  std::vector<const SupplierReturn*> order;
  for (const SupplierReturn& supplier : view.recovery.suppliers) order.push_back(&supplier);
  std::ranges::stable_sort(order, std::greater{}, &SupplierReturn::week_held);
  std::vector<Row> rows;
  for (const SupplierReturn* supplier : order) {
    if (rows.size() == list_rows_max) break;
    const estate::Supplier& from = view.estate().suppliers[supplier->supplier];
    rows.push_back({{fmt::format("<a href=\"by_supplier/{0}.html\">{1}</a>", shown(from.id).code,
                                 named(from.name, from.id).code)},
                    shown(cases_text(supplier->week_cases)),
                    shown(cases_text(supplier->week_held)),
                    shown_number(supplier->nights_held)});
  }
  Html body =
      table({{"Supplier"}, {"Cases, first week", true}, {"Held back", true}, {"Nights held", true}},
            rows);
  body.code += rest_of(order.size(), list_rows_max, " in by_supplier").code;
  return card(
      "Suppliers under their limits",
      "What waits for a later order day, because the supplier confirmed no more for a day "
      "or the depot cannot take in or pick more; the same cases wait every night until they "
      "are ordered.",
      body);
}

Html made(const View& view) {
  std::vector<Row> rows;
  std::size_t all = 0;
  for (const SupplierReturn& supplier : view.recovery.suppliers)
    for (const Commitment& one : supplier.commitments) {
      if (++all > list_rows_max) continue;
      const estate::Supplier& from = view.estate().suppliers[supplier.supplier];
      rows.push_back({view.product(one.product), named(from.name, from.id),
                      shown(short_date(one.due)), shown_number(one.units),
                      shown_number(one.taken_units), shown_number(one.surplus())});
    }
  if (rows.empty()) return {};
  Html body = table({{"Product"},
                     {"Supplier"},
                     {"Made for"},
                     {"Units", true},
                     {"Taken up", true},
                     {"Surplus", true}},
                    rows);
  body.code += rest_of(all, list_rows_max, " in surplus.csv").code;
  return card("Made for us and not taken",
              "Orders that depots no longer count on. Orders to come take them up first; what "
              "would be too old by then is surplus.",
              body);
}

Html bottom(const RecoverFacts& facts) {
  std::string code = fmt::format("<footer><p>Seed {}.", facts.seed);
  if (facts.error)
    code += fmt::format(
        " Played out against what customers truly wanted, the forecast was off by {:.2f} points a "
        "day on average ({:.2f} by category, {:.2f} by store).",
        facts.error->estate_points, facts.error->category_points, facts.error->site_points);
  return {code + "</p></footer>\n"};
}

std::string style() { return std::string(report_style) + std::string(day_chart_style()); }

Html nights_of(const SupplierReturn& supplier) {
  std::vector<Row> rows;
  for (const SupplierNight& night : supplier.nights)
    rows.push_back({shown(short_date(night.night)),
                    shown(night.first_due == base::date_max ? "" : short_date(night.first_due)),
                    shown(cases_text(night.cases)),
                    shown(fmt::format("{} to {}", cases_text(night.low), cases_text(night.high))),
                    shown(cases_text(night.held))});
  return table({{"Ordered"}, {"First due"}, {"Cases", true}, {"Range", true}, {"Held back", true}},
               rows);
}

}  // namespace

std::string recover_html(const PlayPlan& plan, const Recovery& recovery,
                         const RecoverFacts& facts) {
  const View view{plan, recovery};
  Html body = top(view, facts);
  body.code += "<main>\n" + tiles(view).code + by_day(view).code + categories(view).code;
  const std::string own = sites(view, true).code;
  body.code += lifeline(view).code;
  body.code += "<div class=\"band\">\n<div>\n" + sites(view, false).code + "</div>\n<div>\n" + own +
               suppliers(view).code + "</div>\n</div>\n";
  body.code += made(view).code + bottom(facts).code + "</main>\n";
  return page(fmt::format("Recovery of {} from {}", plan.input().tonight.estate.name,
                          base::to_string(recovery.dates.front())),
              style(), body);
}

std::string supplier_html(const PlayPlan& plan, const Recovery& recovery,
                          const SupplierReturn& supplier) {
  const View view{plan, recovery};
  const estate::Supplier& from = view.estate().suppliers[supplier.supplier];
  Html body{fmt::format(
      "<header class=\"top\"><p>What to expect from {}</p>\n<h1><bdi>{}</bdi></h1>\n<p>Orders of "
      "<bdi>{}</bdi> to come, as a forecast of {}. It is not an order.</p></header>\n<main>\n",
      long_date(recovery.dates.front()), shown(from.name.empty() ? from.id : from.name).code,
      shown(view.estate().name).code,
      plural(static_cast<std::int64_t>(recovery.dates.size()), "day"))};
  if (!supplier.nights.empty())
    body.code += card("By order day",
                      "Whole orders of all depots and stores in cases; nine in ten futures lie in "
                      "the range. Held back is what a limit lets wait for a later day.",
                      nights_of(supplier))
                     .code;
  std::vector<Row> rows;
  for (const SupplierProduct& product : supplier.products) {
    if (rows.size() == products_rows_max) break;
    rows.push_back({view.product(product.product), shown(cases_text(product.week_cases)),
                    shown(cases_text(product.all_cases))});
  }
  if (!rows.empty()) {
    Html list = table({{"Product"}, {"Cases, first week", true}, {"Cases, all days", true}}, rows);
    list.code += rest_of(supplier.products.size(), products_rows_max, "").code;
    body.code += card("By product", "Expected orders.", list).code;
  }
  rows.clear();
  for (const Commitment& one : supplier.commitments)
    rows.push_back({view.product(one.product), shown(view.estate().sites[one.depot].id),
                    shown(short_date(one.due)), shown_number(one.units),
                    shown_number(one.taken_units), shown_number(one.surplus())});
  if (!rows.empty())
    body.code += card("Made for us and not taken",
                      "Orders to come take it up first; the surplus would be too old by then.",
                      table({{"Product"},
                             {"Depot"},
                             {"Made for"},
                             {"Units", true},
                             {"Taken up", true},
                             {"Surplus", true}},
                            rows))
                     .code;
  return page(fmt::format("Orders to come for {}", from.id), style(), {body.code + "</main>\n"});
}

}  // namespace nightly
