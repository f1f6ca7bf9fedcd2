#include "site/night.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include "io/disk.h"
#include "nightly/guards.h"
#include "nightly/night.h"
#include "nightly/why.h"
#include "site/own_tables.h"
#include "site/set_up.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;
using estate::Estate;

// Rows of the site, and of no other, in the order of their products: what the estate said of the
// days before the first that the site knows itself, then the site's own.
class OwnSales {
 public:
  OwnSales(const Estate& estate, std::uint32_t site, std::span<const SoldDay> sold)
      : estate_(estate), site_(site) {
    for (const SoldDay& row : sold) first_ = std::min(first_, row.day);
    take_history();
    for (const SoldDay& row : sold) take(row);
  }

  estate::Sales make() {
    std::ranges::sort(rows_, {}, [](const Row& row) { return std::pair(row.product, row.day); });
    estate::Sales made;
    for (const Row& row : rows_) {
      made.site.push_back(site_);
      made.product.push_back(row.product);
      made.day.push_back(row.day);
      made.units.push_back(row.units);
      made.flags.push_back(row.flags);
    }
    if (!estate_.sales.reduced_units.empty()) made.reduced_units.resize(rows_.size());
    return made;
  }

 private:
  struct Row {
    std::uint32_t product;
    std::uint16_t day;
    std::int32_t units;
    std::uint8_t flags;
  };

  void take_history() {
    const estate::Sales& sales = estate_.sales;
    for (std::size_t i = 0; i < sales.size(); ++i)
      if (sales.site[i] == site_ && estate::sale_date(sales.day[i]) < first_)
        rows_.push_back({sales.product[i], sales.day[i], sales.units[i], sales.flags[i]});
  }

  void take(const SoldDay& row) {
    const std::uint32_t product = estate::find_product(estate_, row.product);
    if (product == estate::none) return;  // the estate has dropped it
    const auto units = static_cast<std::int32_t>(
        std::clamp<std::int64_t>(row.units, -trade::row_units_max, trade::row_units_max));
    rows_.push_back({product, static_cast<std::uint16_t>(row.day - estate::sales_epoch), units,
                     row.was_empty ? estate::sale_empty_shelf : std::uint8_t{0}});
  }

  const Estate& estate_;
  const std::uint32_t site_;
  Date first_ = base::date_max;
  std::vector<Row> rows_;
};

// The estate as this site knows it tonight.
void put_own_in(Estate& estate, std::uint32_t site, const trade::Partition& own,
                std::span<const SoldDay> sold, Date day) {
  const OwnLines lines(estate, own);
  estate.sales = OwnSales(estate, site, sold).make();
  estate.stock = own_stock(site, own, lines, day);
  estate.on_order = own_orders(site, own, lines, day);
  estate.movements.clear();
  estate.customer_orders.clear();
  std::erase_if(estate.range, [&](const estate::RangeRow& row) { return row.site != site; });
  estate.has_stock = true;
}

// The steps of `why` that are units, with the sign of what they do to the quantity.
class Reasons {
 public:
  explicit Reasons(std::span<const nightly::WhyStep> steps) : steps_(steps) {}

  std::vector<Reason> largest() {
    const double level = value("order-up-to"), demand = value("demand");
    add("demand", demand);
    add("presentation minimum",
        value("presentation minimum") + demand >= level && has("presentation minimum")
            ? level - demand
            : 0);
    if (!has("presentation minimum") || value("presentation minimum") + demand < level)
      add("for demand", level - demand);
    add("on hand at arrival", -value("on hand at arrival"));
    add("waste expected", value("waste expected"));
    add("rounding", value("rounding") - value("need"));
    add("launch", value("launch"));
    for (const char* change :
         {"held", "surge guard", "supplier's minimum", "supplier's maximum", "shared", "cut"})
      add(change, value(change));
    std::ranges::stable_sort(reasons_, std::greater{},
                             [](const Reason& reason) { return std::abs(reason.units); });
    if (reasons_.size() > reasons_max) reasons_.resize(reasons_max);
    return std::move(reasons_);
  }

 private:
  const nightly::WhyStep* find(std::string_view name) const {
    const auto step = std::ranges::find(steps_, name, &nightly::WhyStep::name);
    return step == steps_.end() ? nullptr : &*step;
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  double value(std::string_view name) const {
    const nightly::WhyStep* step = find(name);
    if (step == nullptr || !std::holds_alternative<double>(step->value)) return 0;
    return std::get<double>(step->value);
  }
  void add(const char* name, double units) {
    if (units == 0 || !has(name)) return;
    reasons_.push_back({name, units, find(name)->because});
  }

  std::span<const nightly::WhyStep> steps_;
  std::vector<Reason> reasons_;
};

std::vector<Reason> reasons_of(const nightly::Why& why, const nightly::OrderLine& order) {
  for (const nightly::WhyDrop& drop : why.drops)
    if (drop.drop == order.drop && drop.on_shelf == order.on_shelf)
      return Reasons(std::span(why.steps).subspan(drop.first_step, drop.step_count)).largest();
  return {};
}

Result<trade::OrderKey> key_of(const Estate& estate, const trade::Partition& own,
                               const nightly::OrderLine& order) {
  trade::OrderKey key;
  key.store = own.site.code;
  key.depot = TRY(code_of(estate, order.source_site));
  key.delivery = trade::to_day(order.on_shelf);
  key.drop = static_cast<std::uint8_t>(order.drop);
  key.chain = static_cast<trade::Chain>(estate.products[order.product].chain);
  return key;
}

}  // namespace

std::vector<Lesson> lessons_of(const trade::Partition& own) {
  std::vector<Lesson> lessons;
  for (const auto& [key, answer] : own.answers) {
    if (!answer.learn) continue;
    std::map<trade::LineNo, LessonLine> lines;
    for (const trade::OrderRow& row : answer.proposed) lines[row.line].proposed_units = row.units;
    for (const trade::OrderRow& row : answer.wanted) lines[row.line].wanted_units = row.units;
    Lesson& lesson = lessons.emplace_back(Lesson{key, answer.reason, {}});
    for (auto& [line, told] : lines) {
      told.line = line;
      if (told.proposed_units != told.wanted_units) lesson.lines.push_back(told);
    }
  }
  return lessons;
}

trade::OrderProposed ProposedOrder::body() const {
  trade::OrderProposed proposed{key, {}};
  for (const ProposedLine& line : lines) proposed.rows.push_back({line.line, line.units});
  return proposed;
}

Result<std::vector<ProposedOrder>> plan_night(Estate estate, std::string_view site_id,
                                              const trade::Partition& own,
                                              std::span<const SoldDay> sold, Date day,
                                              int threads) {
  const std::uint32_t site = estate::find_site(estate, site_id);
  if (site == estate::none)
    return base::fail(ErrorCode::input_missing, fmt::format("sites.csv has no site {}", site_id));
  put_own_in(estate, site, own, sold, day);
  const OwnLines lines(estate, own);

  nightly::Guards guards(io::real_disk(), {}, {}, day);
  TRY(guards.inspect(estate, std::nullopt));
  nightly::DecidedNight night(estate, day, std::nullopt, threads);
  TRY(night.decide(guards));
  const nightly::Explainer explainer(night);

  std::map<trade::OrderKey, std::vector<ProposedLine>> orders;
  for (const nightly::OrderLine& order : night.night.orders) {
    const trade::LineNo line = lines.line_of[order.product];
    if (order.units <= 0 || order.source_site == estate::none || line == trade::no_line) continue;
    orders[TRY(key_of(estate, own, order))].push_back(
        {line, order.units, reasons_of(explainer.why(order.line), order)});
  }
  std::vector<ProposedOrder> made;
  for (auto& [key, proposed] : orders) {
    std::ranges::sort(proposed, {}, &ProposedLine::line);
    made.push_back({key, std::move(proposed)});
  }
  return made;
}

}  // namespace site
