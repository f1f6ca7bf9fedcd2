#include "cmd/compare_print.h"

#include <algorithm>
#include <span>

#include <fmt/core.h>

#include "cmd/text.h"

namespace cmd {
namespace {

using base::Money;
using nightly::ComparedLine;
using nightly::Comparison;
using nightly::Side;
using nightly::Tally;

constexpr std::size_t name_columns_max = 28;

struct Gloss {
  std::string_view word, meaning;
};
// What decided our units, for people: words of orders.csv and of nightly::compare.
constexpr auto glosses = std::to_array<Gloss>({
    {"demand", "demand until the next drop"},
    {"presentation", "the shelf should not look empty"},
    {"launch", "first stock of a new line"},
    {"stock_unknown", "no stock record: forecast only"},
    {"cross_dock", "a share of goods that arrive anyway"},
    {"minimum", "raised to the supplier's minimum"},
    {"shelf", "cut: the shelf holds no more"},
    {"life", "cut: more would pass its date unsold"},
    {"no_stock", "cut: the depot has no more"},
    {"pick_capacity", "cut: the depot picks no more"},
    {"vehicle", "cut: the vehicle is full"},
    {"order_max", "cut: no larger order is allowed"},
    {"order_min", "waits: below the supplier's minimum"},
    {"held", "held until somebody releases it"},
    {"not_ordered", "none of ours: enough, or not due"},
    {"blocked", "none of ours: blocked in range.csv"},
    {"dormant", "none of ours: not sold for long"},
    {"not_in_range", "none of ours: not in range"},
    {"not_trading", "none of ours: the site does not trade on that day"},
    {"unknown_site", "no such site in the estate"},
    {"unknown_product", "no such product in the estate"},
});

std::string meaning_of(std::string_view word) {
  const auto found = std::ranges::find(glosses, word, &Gloss::word);
  return found == glosses.end() ? "" : std::string(found->meaning);
}

std::string_view heading_of(Side side) {
  constexpr std::array<std::string_view, nightly::side_count> headings{
      "only ours", "only theirs", "ours higher", "ours lower", "same"};
  return headings[static_cast<std::size_t>(side)];
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? ""
                    : fmt::format("{:.1f} %",
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

// Shows amounts in the estate's currency where lines have a value, else in units.
class Amounts {
 public:
  explicit Amounts(const ComparisonView& view)
      : valued_(view.comparison.valued),
        unit_(view.estate != nullptr ? view.estate->currency : "units") {}

  const std::string& unit() const { return unit_; }
  std::string ours(const Tally& tally) const { return show(tally.ours_value, tally.ours_units); }
  std::string theirs(const Tally& tally) const {
    return show(tally.theirs_value, tally.theirs_units);
  }
  std::string net(const Tally& tally) const {
    return plus(
        show({tally.ours_value.e4 - tally.theirs_value.e4}, tally.ours_units - tally.theirs_units));
  }
  std::string gross(const Tally& tally) const { return show(tally.gross_value, tally.gross_units); }

  static std::string plus(const std::string& amount) {
    const bool signless =
        amount.starts_with('-') || amount.find_first_not_of("0.") == std::string::npos;
    return signless ? amount : fmt::format("+{}", amount);
  }

 private:
  std::string show(Money value, std::int64_t units) const {
    return valued_ ? grouped(value) : grouped(units);
  }

  bool valued_;
  std::string unit_;
};

std::string count(std::uint64_t value) { return grouped(static_cast<std::int64_t>(value)); }

std::string sides_text(const ComparisonView& view, const Amounts& amounts) {
  TextTable table({{""},
                   {"lines", true},
                   {"share", true},
                   {"ours", true},
                   {"theirs", true},
                   {"net", true},
                   {"gross", true}});
  const auto add = [&](std::string_view heading, const Tally& tally) {
    table.row({std::string(heading), count(tally.lines),
               percent(tally.lines, view.comparison.all.lines), amounts.ours(tally),
               amounts.theirs(tally), amounts.net(tally), amounts.gross(tally)});
  };
  for (std::size_t side = 0; side < nightly::side_count; ++side)
    add(heading_of(static_cast<Side>(side)), view.comparison.by_side[side]);
  add("all", view.comparison.all);
  return table.text();
}

std::uint64_t lines_on(const Tally& tally, Side side) {
  return tally.sides[static_cast<std::size_t>(side)];
}

// One row per tally, at most `top`; `explain` adds a last column.
std::string tallies_text(const std::vector<Tally>& tallies, std::string heading, std::size_t top,
                         const Amounts& amounts, std::string (*explain)(std::string_view)) {
  if (top == 0 || tallies.empty()) return {};
  TextTable table({{std::move(heading)},
                   {"lines", true},
                   {"same", true},
                   {"ours more", true},
                   {"ours less", true},
                   {"net", true},
                   {"gross", true},
                   {""}});
  for (const Tally& tally : std::span(tallies).first(std::min(top, tallies.size()))) {
    const std::uint64_t more =
        lines_on(tally, Side::only_ours) + lines_on(tally, Side::ours_higher);
    const std::uint64_t same = lines_on(tally, Side::same);
    table.row({tally.name.empty() ? "(none)" : tally.name, count(tally.lines), count(same),
               count(more), count(tally.lines - same - more), amounts.net(tally),
               amounts.gross(tally), explain != nullptr ? explain(tally.name) : ""});
  }
  std::string text = fmt::format("\n{}", table.text());
  if (tallies.size() > top) text += fmt::format("… and {} more\n", tallies.size() - top);
  return text;
}

std::string name_of(const ComparisonView& view, const ComparedLine& line) {
  if (view.estate == nullptr) return {};
  const std::uint32_t product =
      estate::find_product(*view.estate, view.orders.products.text(line.product));
  return product == estate::none ? "" : view.estate->products[product].name;
}

// The lines that differ most.
std::span<const ComparedLine> top_lines(const ComparisonView& view) {
  const auto& lines = view.comparison.lines;
  const std::size_t differ =
      lines.size() - view.comparison.all.sides[static_cast<std::size_t>(Side::same)];
  return std::span(lines).first(std::min(view.top, differ));
}

std::string lines_text(const ComparisonView& view, const Amounts& amounts) {
  const auto lines = top_lines(view);
  if (lines.empty()) return {};
  TextTable table({{"site"},
                   {"product"},
                   {view.estate != nullptr ? "name" : ""},
                   {"ours", true},
                   {"theirs", true},
                   {"units", true},
                   {view.comparison.valued ? amounts.unit() : "", true},
                   {"what decided ours"}});
  for (const ComparedLine& line : lines)
    table.row({view.orders.sites.text(line.site), view.orders.products.text(line.product),
               shortened(name_of(view, line), name_columns_max), grouped(line.ours_units),
               grouped(line.theirs_units), Amounts::plus(grouped(line.difference_units())),
               line.price ? Amounts::plus(grouped(line.value)) : "",
               view.orders.words.text(line.why)});
  return fmt::format("\nThe largest differences\n{}", table.text("  "));
}

Json json_of(const Tally& tally, bool valued) {
  Json sides = Json::object();
  for (std::size_t side = 0; side < nightly::side_count; ++side)
    sides[std::string(nightly::text_of(static_cast<Side>(side)))] = tally.sides[side];
  Json json = {{"name", tally.name},
               {"lines", tally.lines},
               {"sides", std::move(sides)},
               {"ours_units", tally.ours_units},
               {"theirs_units", tally.theirs_units},
               {"gross_units", tally.gross_units}};
  if (valued) {
    json["ours_value_pence"] = tally.ours_value.pence();
    json["theirs_value_pence"] = tally.theirs_value.pence();
    json["gross_value_pence"] = tally.gross_value.pence();
  }
  return json;
}

Json json_of(const std::vector<Tally>& tallies, bool valued) {
  Json json = Json::array();
  for (const Tally& tally : tallies) json.push_back(json_of(tally, valued));
  return json;
}

Json json_of(const ComparisonView& view, const ComparedLine& line) {
  Json json = {{"site", view.orders.sites.text(line.site)},
               {"product", view.orders.products.text(line.product)},
               {"side", nightly::text_of(line.side)},
               {"ours_units", line.ours_units},
               {"theirs_units", line.theirs_units},
               {"why", view.orders.words.text(line.why)}};
  if (line.price) json["difference_value_pence"] = line.value.pence();
  return json;
}

}  // namespace

std::string text_of(const ComparisonView& view) {
  const Comparison& comparison = view.comparison;
  const Amounts amounts(view);
  std::string text = fmt::format(
      "ours: {}\ntheirs: {}\n"
      "Amounts in {}. Net is ours less theirs, gross the sum of all differences without sign.\n\n",
      view.ours, view.theirs, amounts.unit());
  text += sides_text(view, amounts);
  if (comparison.neither_lines > 0)
    text += fmt::format("Not counted: {} that both leave at 0 units.\n",
                        counted(comparison.neither_lines, "line"));
  if (comparison.unpriced_lines > 0)
    text += fmt::format("No price, so no value: {}.\n", counted(comparison.unpriced_lines, "line"));
  text += tallies_text(comparison.by_why, "what decided ours", comparison.by_why.size(), amounts,
                       meaning_of);
  text += tallies_text(comparison.by_category, "category", view.top, amounts, nullptr);
  text += tallies_text(comparison.by_site, "site", view.top, amounts, nullptr);
  text += lines_text(view, amounts);
  if (top_lines(view).empty() && view.top > 0) text += "\nNo line differs.\n";
  return text;
}

Json json_of(const ComparisonView& view) {
  const Comparison& comparison = view.comparison;
  const bool valued = comparison.valued;
  Json lines = Json::array();
  for (const ComparedLine& line : top_lines(view)) lines.push_back(json_of(view, line));
  Json json = {{"ours", view.ours},
               {"theirs", view.theirs},
               {"currency", view.estate != nullptr ? Json(view.estate->currency) : Json()},
               {"all", json_of(comparison.all, valued)},
               {"by_side", json_of(comparison.by_side, valued)},
               {"by_why", json_of(comparison.by_why, valued)},
               {"by_site", json_of(comparison.by_site, valued)},
               {"neither_lines", comparison.neither_lines},
               {"unpriced_lines", comparison.unpriced_lines},
               {"largest", std::move(lines)}};
  if (valued) json["by_category"] = json_of(comparison.by_category, valued);
  return json;
}

}  // namespace cmd
