#include "nightly/report.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <tuple>

#include <fmt/core.h>

#include "estate/words.h"
#include "nightly/charts.h"
#include "nightly/depot_capacity.h"
#include "nightly/order_numbers.h"
#include "nightly/page.h"
#include "nightly/report_style.h"

namespace nightly {
namespace {

constexpr std::size_t list_rows_max = 20;
constexpr std::size_t category_bars_max = 12;
constexpr std::size_t due_bars_max = 14;
constexpr std::size_t minimums_named_max = 10;

// What all sections look at.
struct View {
  const OrderRunInput& input;
  const Night& night;
  const Figures& figures;
  const RunFacts& facts;

  const estate::Estate& estate() const { return input.estate; }
  Html site(std::uint32_t index) const {
    const estate::Site& site = estate().sites[index];
    return named(site.name, site.id);
  }
  Html product(std::uint32_t index) const {
    const estate::Product& product = estate().products[index];
    return named(product.name, product.id);
  }
  Html amount(std::uint32_t product, std::int64_t units) const {
    Quantity quantity;
    quantity.add(estate().products[product].measure, units);
    return shown(in_words(quantity));
  }
  Html money(std::int64_t pence) const { return shown(exact_money(estate().currency, pence)); }
};

std::string percent(double share) { return fmt::format("{:.1f}%", share * 100); }

std::string count(std::size_t value) { return grouped(static_cast<std::int64_t>(value)); }

// A card with a heading, a line below it that says how to read it, and a body.
Html card(std::string_view title, std::string_view reading, const Html& body) {
  return {fmt::format("<section class=\"card\"><h2>{}</h2>\n<p>{}</p>\n{}</section>\n", title,
                      shown(reading).code, body.code)};
}

Html empty_card(std::string_view title, std::string_view sentence) {
  return {fmt::format("<section class=\"card\"><h2>{}</h2>\n<p class=\"empty\">{}</p></section>\n",
                      title, shown(sentence).code)};
}

// Says how many of a list are not on the page, and where they are.
Html rest_of(std::size_t all, std::string_view file) {
  if (all <= list_rows_max) return {};
  return {fmt::format("<p class=\"more\">{} more in {}.</p>\n", count(all - list_rows_max), file)};
}

// An estate that is made up says so in its name; nobody should take its report for a real one.
bool is_synthetic(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("synthetic") != std::string::npos;
}

Html top(const View& view) {
  const std::string& name = view.estate().name;
  return {
      fmt::format("<header class=\"top\"><p>Stockade order run{}</p>\n<h1><bdi>{}</bdi></h1>\n"
                  "<p>Stock and sales as of the close of <strong>{}</strong></p></header>\n",
                  is_synthetic(name) ? "<span class=\"badge\">synthetic sample</span>" : "",
                  shown(name).code, long_date(view.input.as_of))};
}

Html tile(std::string_view title, std::string_view number, std::string_view below) {
  return {
      fmt::format("<div class=\"tile\"><span class=\"t\">{}</span><b>{}</b><span>{}</span></div>\n",
                  title, shown(number).code, shown(below).code)};
}

// A note on goods by weight, for a sum whose number counts pieces.
std::string and_weighed(const Quantity& quantity) {
  return quantity.grams == 0 ? "" : fmt::format("and {}", kilograms(quantity.grams));
}

std::string share_of(double part, double whole, std::string_view what) {
  return whole <= 0 ? "" : fmt::format("{} of {}", percent(part / whole), what);
}

Html tiles(const View& view) {
  const auto& [input, night, figures, facts] = view;
  const std::string& currency = view.estate().currency;
  const Quantity withheld = figures.withheld_in_all();
  const Quantity wanted = withheld + figures.ordered.quantity;
  const auto suppliers = static_cast<std::int64_t>(figures.suppliers.size());
  const Html all[] = {
      tile("Lines ordered", grouped(figures.ordered.lines),
           fmt::format("of {} due, {} in range", count(night.lines_due), count(night.lines))),
      tile("Units ordered", grouped(figures.ordered.quantity.pieces),
           and_weighed(figures.ordered.quantity)),
      tile("Value", round_money(currency, figures.ordered.value.pence()),
           fmt::format("in {}", plural(figures.ordered.cases, "case"))),
      tile("No stock record", count(night.lines_unknown),
           share_of(static_cast<double>(night.lines_unknown), static_cast<double>(night.lines),
                    "lines in range")),
      tile("Units short", grouped(withheld.pieces),
           withheld.grams > 0 ? and_weighed(withheld)
                              : share_of(static_cast<double>(withheld.pieces),
                                         static_cast<double>(wanted.pieces), "units wanted")),
      tile("Depot lines", grouped(figures.depots.lines),
           fmt::format("{}, {}", round_money(currency, figures.depots.value.pence()),
                       plural(suppliers, "supplier"))),
  };
  Html html{"<div class=\"tiles\">\n"};
  for (const Html& one : all) html.code += one.code;
  html.code += "</div>\n";
  return html;
}

// What a reader must know before he trusts the figures.
Html notes(const View& view) {
  std::vector<std::string> sentences;
  std::uint64_t rejected = 0;
  for (const estate::FileFacts& file : view.estate().files) rejected += file.rejected;
  if (rejected > 0)
    sentences.push_back(fmt::format("{} of the input were left out as faulty; see rejected.csv.",
                                    plural(static_cast<std::int64_t>(rejected), "row")));
  if (view.facts.calendars_ignored)
    sentences.emplace_back(
        "The estate counts in weeks, so its delivery calendars were not followed.");
  if (view.night.lines_above_tier > 0)
    sentences.push_back(
        fmt::format("A crisis range: products above tier {} are not ordered, which leaves out {}.",
                    view.input.tier_max,
                    plural(static_cast<std::int64_t>(view.night.lines_above_tier), "line")));
  if (view.night.lines_unknown > 0)
    sentences.push_back(fmt::format(
        "Lines without a stock record order their expected sales only. If all their shelves are "
        "empty, {} of tonight's expected sales are missed.",
        percent(view.night.availability_lost)));
  if (view.night.lines_unknown_unordered > 0)
    sentences.push_back(
        fmt::format("Of those, not ordered because a case is more than they are expected to sell: "
                    "{}; see count_tasks.csv.",
                    plural(static_cast<std::int64_t>(view.night.lines_unknown_unordered), "line")));
  if (view.night.direct_orders_below_minimum > 0)
    sentences.push_back(fmt::format(
        "On hold because they are below the supplier's minimum: {}.",
        plural(static_cast<std::int64_t>(view.night.direct_orders_below_minimum), "store order")));
  const auto& out_of_reach = view.night.minimums_out_of_reach;
  const std::size_t named = std::min(out_of_reach.size(), minimums_named_max);
  for (const auto& [site, supplier] : std::span(out_of_reach).first(named))
    sentences.push_back(
        fmt::format("{} runs out of goods of {}, whose minimum is more than it can sell: agree a "
                    "smaller order.",
                    view.estate().sites[site].id, view.estate().suppliers[supplier].id));
  if (named < out_of_reach.size())
    sentences.push_back(fmt::format("The same holds for {} more sites and suppliers.",
                                    count(out_of_reach.size() - named)));
  if (!view.night.left_at_depots.empty())
    sentences.push_back(fmt::format(
        "No shelf can hold all cross-dock goods: {} of {} are left at depots.",
        plural(view.night.units_left_at_depots(), "unit"),
        plural(static_cast<std::int64_t>(view.night.left_at_depots.size()), "product")));
  if (view.night.customer_units_short > 0)
    sentences.push_back(fmt::format("Depots are {} short of what other shops have ordered.",
                                    plural(view.night.customer_units_short, "unit")));
  if (view.figures.lines_unvalued > 0)
    sentences.push_back(fmt::format("{} ordered without a known cost or price, valued at nothing.",
                                    plural(view.figures.lines_unvalued, "line")));
  if (sentences.empty()) return {};
  Html html{"<ul class=\"notes\">\n"};
  for (const std::string& sentence : sentences)
    html.code += fmt::format("<li>{}</li>\n", shown(sentence).code);
  html.code += "</ul>\n";
  return html;
}

// The longest bars, and below them how much the others have together.
Html longest_bars(const ChartText& text, std::vector<Bar> bars, std::string_view unit) {
  std::erase_if(bars, [](const Bar& bar) { return bar.value == 0; });
  if (bars.empty()) return {};
  std::ranges::sort(bars, [](const Bar& a, const Bar& b) {
    return std::tie(b.value, a.label) < std::tie(a.value, b.label);
  });
  const std::size_t shown_count = std::min(bars.size(), category_bars_max);
  Html html = bar_chart(text, std::span(bars).first(shown_count));
  std::int64_t others = 0;
  for (std::size_t i = shown_count; i < bars.size(); ++i) others += bars[i].value;
  if (others > 0)
    html.code += fmt::format("<p class=\"more\">{} {} in {} more categories.</p>\n",
                             grouped(others), unit, bars.size() - shown_count);
  return html;
}

Html categories(const View& view) {
  constexpr std::string_view title = "Units ordered by category";
  std::vector<Bar> pieces, weighed;
  for (const auto& [name, group] : view.figures.by_category) {
    const std::string label = name.empty() ? "(no category)" : name;
    const std::string value = exact_money(view.estate().currency, group.value.pence());
    pieces.push_back({label, group.quantity.pieces, value});
    weighed.push_back({label, (group.quantity.grams + 500) / 1000, value});
  }
  Html body = longest_bars({title, "Category", "Units", "Value"}, pieces, "units");
  const Html kilograms_too = longest_bars(
      {"Kilograms ordered by category", "Category", "Kilograms", "Value"}, weighed, "kg");
  if (!kilograms_too.code.empty())
    body.code += "<h3>By weight, in kilograms</h3>\n" + kilograms_too.code;
  if (body.code.empty()) return empty_card(title, "Nothing was ordered.");
  return card(title, "Of all stores, the largest first.", body);
}

// "<1", "4", "5–6" or "28+": the whole days of one class of cover.
std::string cover_label(std::size_t i) {
  if (i == 0) return fmt::format("<{}", cover_days[0]);
  const std::int32_t first = cover_days[i - 1];
  if (i == cover_days.size()) return fmt::format("{}+", first);
  const std::int32_t last = cover_days[i] - 1;
  return first == last ? fmt::format("{}", first) : fmt::format("{}–{}", first, last);
}

Html cover(const View& view) {
  constexpr std::string_view title = "Days of cover after the order";
  const auto& lines = view.figures.cover;
  const std::int64_t all = std::accumulate(lines.begin(), lines.end(), std::int64_t{0});
  if (all == 0) return empty_card(title, "No line that expects sales was ordered.");
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double share = static_cast<double>(lines[i]) / static_cast<double>(all);
    bars.push_back({cover_label(i), lines[i], fmt::format("{:.0f}%", share * 100)});
  }
  return card(title, "Lines by how many days the shelf should last once the goods are there.",
              column_chart({title, "Days", "Lines", "Share"}, bars));
}

Html deliveries(const View& view) {
  constexpr std::string_view title = "Cases by delivery date";
  const auto& by_due = view.figures.by_due;
  if (by_due.empty()) return empty_card(title, "Nothing is to be delivered.");
  std::vector<Bar> bars;
  for (const auto& [due, group] : by_due) {
    if (bars.size() == due_bars_max) bars.push_back({"Later", 0, ""});
    if (bars.size() > due_bars_max)
      bars.back().value += group.cases;
    else
      bars.push_back({short_date(due), group.cases, plural(group.lines, "line")});
  }
  return card(title, "The first day on the shelf.",
              bar_chart({title, "Date", "Cases", "Lines"}, bars));
}

Html short_cell(const Quantity& quantity) {
  if (quantity.grams == 0) return shown_number(quantity.pieces);
  return {grouped(quantity.pieces) + "<small>" + kilograms(quantity.grams) + "</small>"};
}

Html short_units(const View& view) {
  constexpr std::string_view title = "Units short, by reason and owner";
  if (view.figures.withheld_in_all().units() == 0)
    return empty_card(title, "No units were withheld.");
  std::vector<Heading> headings{{"Reason"}};
  std::vector<std::size_t> owners;  // those that anything is withheld from
  for (std::size_t owner = 0; owner < owner_count; ++owner) {
    const auto ownership = static_cast<estate::Ownership>(owner);
    if (view.figures.withheld_from(ownership).units() == 0) continue;
    owners.push_back(owner);
    headings.push_back({estate::text_of(ownership), true});
  }
  headings.push_back({"all", true});
  std::vector<Row> rows;
  for (std::size_t i = 0; i < cut_reason_count; ++i) {
    const auto reason = static_cast<CutReason>(i);
    const Quantity sum = view.figures.withheld_for(reason);
    if (sum.units() == 0) continue;
    std::string word(text_of(reason));
    std::ranges::replace(word, '_', ' ');
    Row row{shown(word)};
    for (const std::size_t owner : owners)
      row.push_back(short_cell(view.figures.withheld[i][owner]));
    row.push_back(short_cell(sum));
    rows.push_back(row);
  }
  return card(title, "What stores wanted and do not get.", table(headings, rows));
}

// "96%" of a limit, and what stands behind it.
std::string share_used(std::int64_t used, const std::optional<std::int64_t>& most) {
  if (!most) return "no limit";
  if (*most == 0) return used == 0 ? "closed" : "100%";
  return fmt::format("{:.0f}%", 100 * static_cast<double>(used) / static_cast<double>(*most));
}

std::string share_of_cases(const LaneUse& use) {
  const std::string used = grouped(use.picks_used / picks_per_case);
  if (!use.picks_max) return used;
  return fmt::format("{} of {}", used, grouped(*use.picks_max / picks_per_case));
}

// How much of its tightest limit a lane uses, for which lanes come first.
double tightness(const LaneUse& use) {
  const auto share = [](std::int64_t used, const std::optional<std::int64_t>& most) {
    return most ? static_cast<double>(used) / static_cast<double>(std::max<std::int64_t>(*most, 1))
                : 0;
  };
  return std::max(share(use.picks_used, use.picks_max), share(use.load_used, use.load_max));
}

Html capacity(const View& view) {
  constexpr std::string_view title = "Capacity used";
  std::vector<LaneUse> lanes = view.night.capacity_used;
  if (lanes.empty()) return empty_card(title, "Nobody said what depots can pick and send.");
  const auto withheld = [](const LaneUse& use) {
    return use.withheld_for_hands + use.withheld_for_vehicles;
  };
  std::ranges::stable_sort(lanes, [&](const LaneUse& a, const LaneUse& b) {
    return std::pair(withheld(a), tightness(a)) > std::pair(withheld(b), tightness(b));
  });
  std::vector<Row> rows;
  for (const LaneUse& use : std::span(lanes).first(std::min(lanes.size(), list_rows_max)))
    rows.push_back({view.site(use.depot), shown(estate::text_of(use.chain)),
                    shown(short_date(use.day)), shown(share_of_cases(use)),
                    shown(share_used(use.picks_used, use.picks_max)),
                    shown(share_used(use.load_used, use.load_max)),
                    shown_number((withheld(use) + picks_per_case - 1) / picks_per_case)});
  Html body = table({{"Depot"},
                     {"Chain"},
                     {"Picked on"},
                     {"Cases", true},
                     {"Hands", true},
                     {"Vehicles", true},
                     {"Cases kept back", true}},
                    rows);
  body.code += rest_of(lanes.size(), "summary.json").code;
  return card(title, "What keeps the most back first, then what is nearest to its limit.", body);
}

// One line of the table of fill, if anything was wanted.
void add_fill(const View& view, std::string_view who, const Fill& fill, std::vector<Row>& rows) {
  if (fill.lines == 0) return;
  const double whole = static_cast<double>(fill.whole_lines) / static_cast<double>(fill.lines);
  const bool valued = fill.wanted > Value{};
  rows.push_back({shown(who), shown_number(fill.lines), shown(percent(whole)),
                  shown(valued ? percent(fill.given.share_of(fill.wanted)) : "–"),
                  view.money(fill.wanted.pence())});
}

Html filled(const View& view) {
  constexpr std::string_view title = "Fill by owner and lifeline";
  constexpr std::array<std::string_view, lifeline_count> communities{
      "lifeline 0: other shops near", "lifeline 1", "lifeline 2: no other food shop in reach",
      "lifeline 3"};
  std::vector<Row> rows;
  for (std::size_t owner = 0; owner < owner_count; ++owner)
    add_fill(view, estate::text_of(static_cast<estate::Ownership>(owner)),
             view.figures.fill_by_owner[owner], rows);
  if (rows.empty()) return empty_card(title, "No store wanted anything of a depot.");
  for (std::size_t lifeline = 0; lifeline < lifeline_count; ++lifeline)
    add_fill(view, communities[lifeline], view.figures.fill_by_lifeline[lifeline], rows);
  return card(
      title, "What depots give of what was wanted of them: one rule whoever owns the shop.",
      table({{"Stores"}, {"Lines", true}, {"Whole", true}, {"By value", true}, {"Wanted", true}},
            rows));
}

// "+£1,234.50" or "-£1,234.50".
std::string signed_money(const View& view, const Value& before, const Value& now) {
  const bool is_more = before < now;
  const Value by = is_more ? now - before : before - now;
  return fmt::format("{}{}", is_more ? '+' : '-', exact_money(view.estate().currency, by.pence()));
}

Html changed_categories(const View& view, const WeekChanges& changes) {
  std::vector<Row> rows;
  for (const WeekChanges::Category& category :
       std::span(changes.by_category)
           .first(std::min(changes.by_category.size(), category_bars_max)))
    rows.push_back({shown(category.name.empty() ? "no category" : category.name),
                    view.money(category.before.value.pence()),
                    view.money(category.now.value.pence()),
                    shown(signed_money(view, category.before.value, category.now.value))});
  return table({{"Category"}, {"Last week", true}, {"Tonight", true}, {"Difference", true}}, rows);
}

Html changed_lines(const View& view, const WeekChanges& changes) {
  std::vector<Row> rows;
  for (const WeekChanges::Line& line : changes.lines) {
    Value before, now;
    before.add(unit_value(view.estate().products[line.product]), line.units_before);
    now.add(unit_value(view.estate().products[line.product]), line.units_now);
    rows.push_back({view.product(line.product), view.site(line.site),
                    view.amount(line.product, line.units_before),
                    view.amount(line.product, line.units_now),
                    shown(signed_money(view, before, now))});
  }
  return table(
      {{"Product"}, {"Site"}, {"Last week", true}, {"Tonight", true}, {"Difference", true}}, rows);
}

Html changed(const View& view) {
  constexpr std::string_view title = "Biggest changes against last week";
  if (!view.facts.changes)
    return empty_card(title,
                      "Tonight cannot be set beside last week: no orders of that night are kept. "
                      "With --state they are, from one week to the next.");
  const WeekChanges& changes = *view.facts.changes;
  if (changes.lines.empty())
    return empty_card(title, "Every line is ordered as it was a week ago.");
  const std::string reading = fmt::format(
      "{} and {} tonight, {} and {} on {}. Both at tonight's cost.",
      plural(changes.now.lines, "line"),
      round_money(view.estate().currency, changes.now.value.pence()),
      plural(changes.before.lines, "line"),
      round_money(view.estate().currency, changes.before.value.pence()), short_date(changes.night));
  Html body = changed_categories(view, changes);
  body.code += changed_lines(view, changes).code;
  return card(title, reading, body);
}

Html largest(const View& view) {
  constexpr std::string_view title = "Largest order lines by value";
  std::vector<Row> rows;
  for (const std::uint32_t index : view.figures.largest) {
    const OrderLine& line = view.night.orders[index];
    const std::uint32_t product = view.input.columns.product[line.line];
    Value value;
    value.add(unit_value(view.estate().products[product]), line.units);
    rows.push_back({view.product(product), view.site(view.input.columns.site[line.line]),
                    view.amount(product, line.units), view.money(value.pence())});
  }
  if (rows.empty()) return empty_card(title, "Nothing was ordered.");
  return card(title, "Look here first: a wrong figure is dear here.",
              table({{"Product"}, {"Site"}, {"Units", true}, {"Value", true}}, rows));
}

// What the lines of one cause order until somebody decides, and what they would order.
struct Waiting {
  std::int64_t lines = 0;
  Quantity going, withheld;
};

std::vector<Waiting> waiting_by_cause(const View& view) {
  std::vector<Waiting> waiting(view.night.held.size());
  for (const OrderLine& order : view.night.orders) {
    if (order.held == 0) continue;
    Waiting& one = waiting[order.held - 1U];
    const estate::Measure measure = view.estate().products[order.product].measure;
    ++one.lines;
    one.going.add(measure, order.units);
    if (order.cut_reason == CutReason::held) one.withheld.add(measure, order.cut_units);
  }
  return waiting;
}

Html held(const View& view) {
  constexpr std::string_view title = "Held for a person";
  const std::vector<HeldRow>& causes = view.night.held;
  if (causes.empty()) return empty_card(title, "Nothing was held: all inputs were plausible.");
  const std::vector<Waiting> waiting = waiting_by_cause(view);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < std::min(causes.size(), list_rows_max); ++i) {
    const HeldRow& cause = causes[i];
    const Html what{fmt::format("{}<small>{}: {}</small><small>{}</small>", shown(cause.why).code,
                                shown(cause.what).code, shown(cause.where).code,
                                shown(cause.id).code)};
    const Html change{fmt::format("{}<small>now {}</small>",
                                  shown(cause.was.empty() ? "–" : cause.was).code,
                                  shown(cause.is.empty() ? "–" : cause.is).code)};
    rows.push_back({what, change, shown_number(waiting[i].lines), short_cell(waiting[i].going),
                    short_cell(waiting[i].withheld)});
  }
  Html body =
      table({{"Cause"}, {"Was"}, {"Lines", true}, {"Goes out", true}, {"Withheld", true}}, rows);
  body.code += rest_of(causes.size(), "held.csv").code;
  return card(title,
              "Without a decision each line goes out at no more than its own past. To let a cause "
              "pass, name its id in the file given to --release.",
              body);
}

Html count_tasks(const View& view) {
  constexpr std::string_view title = "Shelves to count";
  const std::vector<CountTask>& tasks = view.input.positions.tasks;
  if (tasks.empty()) return empty_card(title, "No shelf needs a count.");
  std::vector<Row> rows;
  for (std::size_t i = 0; i < std::min(tasks.size(), list_rows_max); ++i)
    rows.push_back({view.product(tasks[i].product), view.site(tasks[i].site),
                    shown(text_of(tasks[i].why)), view.money(tasks[i].value.pence())});
  Html body = table({{"Product"}, {"Site"}, {"Why"}, {"At stake", true}}, rows);
  body.code += rest_of(tasks.size(), "count_tasks.csv").code;
  return card(title, "The most valuable first.", body);
}

// Positions::overdue, the most valuable first.
std::vector<OverdueOrder> overdue_by_value(const View& view) {
  std::vector<OverdueOrder> orders = view.input.positions.overdue;
  const auto worth = [&](const OverdueOrder& order) {
    const estate::OnOrderRow& row = view.estate().on_order[order.row];
    Value value;
    value.add(unit_value(view.estate().products[row.product]), row.units);
    return value;
  };
  std::ranges::sort(orders, [&](const OverdueOrder& a, const OverdueOrder& b) {
    return std::pair(worth(b), a.row) < std::pair(worth(a), b.row);
  });
  return orders;
}

Html overdue(const View& view) {
  constexpr std::string_view title = "Overdue orders";
  const std::vector<OverdueOrder> orders = overdue_by_value(view);
  if (orders.empty()) return empty_card(title, "No order was overdue.");
  std::vector<Row> rows;
  for (const OverdueOrder& order : orders) {
    if (rows.size() == list_rows_max) break;
    const estate::OnOrderRow& row = view.estate().on_order[order.row];
    Html site = view.site(row.site);
    if (!row.order.empty()) site.code += fmt::format("<small>{}</small>", shown(row.order).code);
    rows.push_back({view.product(row.product), site, view.amount(row.product, row.units),
                    shown_number(view.input.as_of - order.due)});
  }
  Html body = table({{"Product"}, {"Site and order"}, {"Units", true}, {"Days late", true}}, rows);
  body.code += rest_of(orders.size(), "overdue.csv").code;
  return card(title, "Late by more than one drop, not counted on. The most valuable first.", body);
}

Html suppliers(const View& view) {
  constexpr std::string_view title = "Suppliers";
  const std::vector<SupplierGroup>& groups = view.figures.suppliers;
  if (groups.empty()) return empty_card(title, "No supplier has an order tonight.");
  std::vector<Row> rows;
  for (std::size_t i = 0; i < std::min(groups.size(), list_rows_max); ++i) {
    const estate::Supplier& supplier = view.estate().suppliers[groups[i].supplier];
    rows.push_back({named(supplier.name, supplier.id), shown(short_date(groups[i].first_due)),
                    shown_number(groups[i].group.lines), shown_number(groups[i].group.cases),
                    view.money(groups[i].group.value.pence())});
  }
  Html body =
      table({{"Supplier"}, {"First due"}, {"Lines", true}, {"Cases", true}, {"Value", true}}, rows);
  body.code += rest_of(groups.size(), "by_supplier").code;
  return card(title, "Orders of depots, and of stores that suppliers serve themselves.", body);
}

Html stock_age(const View& view) {
  constexpr std::string_view title = "Age of stock records";
  const auto& records = view.figures.stock_age;
  const std::int64_t all = std::accumulate(records.begin(), records.end(), std::int64_t{0});
  if (all == 0) return empty_card(title, "The stores sent no stock records.");
  std::vector<Row> rows;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::int32_t from = i == 0 ? 0 : stock_age_days[i - 1] + 1;
    const std::string age = i == 0                       ? "Tonight's close"
                            : i == stock_age_days.size() ? fmt::format("{} days or more", from)
                            : from == stock_age_days[i]
                                ? plural(from, "day")
                                : fmt::format("{}–{} days", from, stock_age_days[i]);
    rows.push_back({shown(age), shown_number(records[i]),
                    shown(percent(static_cast<double>(records[i]) / static_cast<double>(all)))});
  }
  return card(title,
              "Older stock is rolled forward by sales, receipts and waste, or by the forecast.",
              table({{"As of"}, {"Records", true}, {"Share", true}}, rows));
}

Html timings(const View& view) {
  constexpr std::string_view title = "Time of the run";
  std::vector<Row> rows;
  for (const auto& [stage, seconds] : view.facts.stage_seconds)
    rows.push_back({shown(stage), shown(fmt::format("{:.2f}", seconds))});
  if (rows.empty()) return empty_card(title, "No stage was timed.");
  return card(title,
              fmt::format("{:.2f} seconds before the files were written.", view.facts.seconds),
              table({{"Stage"}, {"Seconds", true}}, rows));
}

// Cards side by side, one below the other where there is no room.
std::string band(const std::string& left, const std::string& right) {
  return fmt::format("<div class=\"band\">\n<div>\n{}</div>\n<div>\n{}</div>\n</div>\n", left,
                     right);
}

Html bottom(const View& view, std::string_view digest_out) {
  return {
      fmt::format("<footer><p>Input <code>{}</code></p>\n<p>Orders <code>{}</code></p>\n"
                  "<p>SHA-256 as in summary.json.</p></footer>\n",
                  shown(view.estate().digest).code, shown(digest_out).code)};
}

}  // namespace

std::string report_html(const OrderRunInput& input, const Night& night, const Figures& figures,
                        const RunFacts& facts, std::string_view digest_out) {
  const View view{input, night, figures, facts};
  Html body = top(view);
  body.code += "<main>\n" + tiles(view).code + notes(view).code;
  const auto cards = [&](auto... sections) { return (sections(view).code + ...); };
  body.code += cards(held);
  body.code += band(cards(categories, filled), cards(cover, deliveries, short_units));
  body.code += band(cards(changed, largest), cards(capacity, suppliers, stock_age, timings));
  body.code += band(cards(count_tasks), cards(overdue));
  body.code += bottom(view, digest_out).code + "</main>\n";
  return page(fmt::format("Orders of {}, {}", base::to_string(input.as_of), input.estate.name),
              report_style, body);
}

}  // namespace nightly
