#include "nightly/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "nightly/order_numbers.h"
#include "nightly/page.h"
#include "planner/distribution.h"

namespace nightly {
namespace {

// Which of the classes with these upper ends a number of days falls in.
template <std::size_t N>
std::size_t class_of(const std::array<std::int32_t, N>& ends, double days, bool ends_included) {
  const auto end = ends_included ? std::lower_bound(ends.begin(), ends.end(), days)
                                 : std::upper_bound(ends.begin(), ends.end(), days);
  return static_cast<std::size_t>(end - ends.begin());
}

// One ordered line, as it counts towards every sum.
struct Ordered {
  std::int64_t cases, units;
  estate::Measure measure;
  base::Money each;
};

// Whether it was the depot that could not, rather than the shelf.
bool is_depots(CutReason reason) {
  return reason == CutReason::no_stock || reason == CutReason::pick_capacity ||
         reason == CutReason::vehicle;
}

void add_to(Group& group, const Ordered& ordered) {
  ++group.lines;
  group.cases += ordered.cases;
  group.quantity.add(ordered.measure, ordered.units);
  group.value.add(ordered.each, ordered.units);
}

// Walks over the orders and keeps sums by number; names come in at the end, because a look-up of a
// text per line would cost more than all the rest.
class Tally {
 public:
  Tally(const OrderRunInput& input, const Night& night)
      : in_(input), night_(night), supplier_(input.estate.suppliers.size()) {
    for (const estate::Product& product : in_.estate.products)
      category_of_.push_back(
          category_.try_emplace(product.category, category_.size()).first->second);
    by_category_.resize(category_.size());
    for (std::uint32_t i = 0; i < supplier_.size(); ++i) supplier_[i].supplier = i;
  }

  Figures figures() {
    for (std::uint32_t i = 0; i < night_.orders.size(); ++i) add_store_line(i);
    for (const DepotOrderLine& line : night_.depot_orders) add_depot_line(line);
    for (const auto& [name, number] : category_)
      if (by_category_[number].lines > 0) figures_.by_category.emplace(name, by_category_[number]);
    add_suppliers();
    add_stock_age();
    sort_largest();
    return std::move(figures_);
  }

 private:
  void add_store_line(std::uint32_t index) {
    const OrderLine& line = night_.orders[index];
    const std::uint32_t number = in_.columns.product[line.line];
    const estate::Product& product = in_.estate.products[number];
    const estate::Site& site = in_.estate.sites[in_.columns.site[line.line]];
    const auto owner = site.ownership;
    figures_.withheld[static_cast<std::size_t>(line.cut_reason)][static_cast<std::size_t>(owner)]
        .add(product.measure, line.cut_units);
    if (line.source_site != estate::none) {
      add_fill(figures_.fill_by_owner[static_cast<std::size_t>(owner)], line, product);
      add_fill(figures_.fill_by_lifeline[site.lifeline], line, product);
    }
    add_expected_lost(line, product);
    if (line.units <= 0) return;
    const Ordered ordered{cases_of(line), line.units, product.measure, unit_value(product)};
    add_to(figures_.ordered, ordered);
    if (ordered.each.e4 == 0) ++figures_.lines_unvalued;
    add_to(by_category_[category_of_[number]], ordered);
    add_to(figures_.by_due[line.on_shelf], ordered);
    if (line.source_site == estate::none && line.source_supplier != estate::none)
      add_supplied(line.source_supplier, ordered, line.on_shelf);
    add_cover(line);
    keep_if_large(index, ordered.each);
  }

  static void add_fill(Fill& fill, const OrderLine& line, const estate::Product& product) {
    const std::int32_t withheld = is_depots(line.cut_reason) ? line.cut_units : 0;
    if (line.units + withheld <= 0) return;
    ++fill.lines;
    if (withheld == 0) ++fill.whole_lines;
    fill.wanted.add(unit_value(product), std::int64_t{line.units} + withheld);
    fill.given.add(unit_value(product), line.units);
  }

  void add_expected_lost(const OrderLine& line, const estate::Product& product) {
    const planner::Moments demand{line.expected_demand, line.demand_variance};
    const auto stock = std::llround(std::max(0.0, line.expected_on_hand)) + line.units;
    const double lost = std::max(0.0, demand.mean - planner::expected_sold(demand, 0, stock));
    ExpectedLost& sums = figures_.expected_lost;
    (product.measure == estate::Measure::g ? sums.kg : sums.pieces) +=
        product.measure == estate::Measure::g ? lost / 1000 : lost;
    const base::Money each = product.unit_price.value_or(product.unit_cost.value_or(base::Money{}));
    sums.pence += lost * static_cast<double>(each.e4) / 10'000 * 100;
  }

  void add_depot_line(const DepotOrderLine& line) {
    if (line.units <= 0) return;
    const estate::Product& product = in_.estate.products[line.product];
    const Ordered ordered{line.cases, line.units, product.measure, unit_value(product)};
    add_to(figures_.depots, ordered);
    add_supplied(line.supplier, ordered, line.due);
  }

  void add_supplied(std::uint32_t supplier, const Ordered& ordered, Date due) {
    add_to(supplier_[supplier].group, ordered);
    supplier_[supplier].first_due = std::min(supplier_[supplier].first_due, due);
  }

  // How long the stock lasts that is expected on the shelf once the goods are there.
  void add_cover(const OrderLine& line) {
    const double days = std::max(line.next_on_shelf - line.on_shelf, 1);
    if (line.expected_demand <= 0) return;
    const double lasts = (line.expected_on_hand + line.units) * days / line.expected_demand;
    ++figures_.cover[class_of(cover_days, lasts, false)];
  }

  struct Large {
    Value value;
    std::uint32_t index;
    friend bool operator<(const Large& a, const Large& b) {  // a comes before b in the report
      return std::tie(b.value, a.index) < std::tie(a.value, b.index);
    }
  };

  void keep_if_large(std::uint32_t index, base::Money each) {
    Large large{{}, index};
    large.value.add(each, night_.orders[index].units);
    if (large_.size() == largest_lines_max && !(large < large_.back())) return;
    large_.insert(std::lower_bound(large_.begin(), large_.end(), large), large);
    if (large_.size() > largest_lines_max) large_.pop_back();
  }
  void sort_largest() {
    for (const Large& large : large_) figures_.largest.push_back(large.index);
  }

  void add_suppliers() {
    std::erase_if(supplier_, [](const SupplierGroup& group) { return group.group.lines == 0; });
    std::ranges::sort(supplier_, [](const SupplierGroup& a, const SupplierGroup& b) {
      return std::tie(b.group.value, a.supplier) < std::tie(a.group.value, b.supplier);
    });
    figures_.suppliers = std::move(supplier_);
  }

  void add_stock_age() {
    const estate::Stock& stock = in_.estate.stock;
    for (std::size_t i = 0; i < stock.size(); ++i) {
      if (in_.estate.sites[stock.site[i]].kind == estate::SiteKind::depot) continue;
      const bool said = stock.as_of[i] != base::date_min;
      const int age = said ? std::max(in_.as_of - stock.as_of[i], 0) : 0;
      ++figures_.stock_age[class_of(stock_age_days, age, true)];
    }
  }

  const OrderRunInput& in_;
  const Night& night_;
  std::map<std::string, std::size_t> category_;
  std::vector<std::size_t> category_of_;  // per product
  std::vector<Group> by_category_;
  std::vector<SupplierGroup> supplier_;
  std::vector<Large> large_;
  Figures figures_;
};

}  // namespace

std::int64_t Value::pence() const {
  constexpr Wide most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min((e4_ + 50) / 100, most));
}

Quantity Figures::withheld_in_all() const {
  Quantity sum;
  for (const auto& by_owner : withheld) sum = std::reduce(by_owner.begin(), by_owner.end(), sum);
  return sum;
}

Quantity Figures::withheld_for(CutReason reason) const {
  const auto& by_owner = withheld[static_cast<std::size_t>(reason)];
  return std::reduce(by_owner.begin(), by_owner.end(), Quantity{});
}

Quantity Figures::withheld_from(estate::Ownership owner) const {
  Quantity sum;
  for (const auto& by_owner : withheld) sum = sum + by_owner[static_cast<std::size_t>(owner)];
  return sum;
}

Figures figures_of(const OrderRunInput& input, const Night& night) {
  return Tally(input, night).figures();
}

std::string in_words(const Quantity& quantity) {
  if (quantity.grams == 0) return grouped(quantity.pieces);
  const std::string weighed = kilograms(quantity.grams);
  return quantity.pieces == 0 ? weighed : grouped(quantity.pieces) + " and " + weighed;
}

base::Money unit_value(const estate::Product& product) {
  if (product.unit_cost) return *product.unit_cost;
  return product.unit_price.value_or(base::Money{});
}

}  // namespace nightly
