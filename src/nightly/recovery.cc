#include "nightly/recovery.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include "nightly/day_chart.h"
#include "nightly/page.h"

namespace nightly {
namespace {

constexpr int saturday = 5;
constexpr std::int32_t first_nights = 7;

bool every(const PlayPlan::Cell&) { return true; }

Return return_of(std::string id, std::string name, Availability availability) {
  Return result;
  result.id = std::move(id);
  result.name = std::move(name);
  result.back = Availability::back_at(availability.share);
  result.earliest = Availability::back_at(availability.high);
  result.latest = Availability::back_at(availability.low);
  result.availability = std::move(availability);
  return result;
}

bool has_lines(const Availability& availability) {
  return std::ranges::any_of(availability.lines, [](std::int64_t lines) { return lines > 0; });
}

double mean_of(std::span<const PlayedPath> paths, std::vector<double> PlayedPath::*values) {
  double sum = 0;
  for (const PlayedPath& path : paths)
    for (const double value : path.*values) sum += value;
  return sum / static_cast<double>(paths.size());
}

// What suppliers are asked for, summed over the futures.
class SupplierSums {
 public:
  SupplierSums(const PlayPlan& plan, std::span<const PlayedPath> paths)
      : estate_(plan.input().tonight.estate),
        first_night_(plan.input().tonight.as_of),
        kind_(plan.input().tonight.columns.kind),
        paths_(paths) {
    for (std::size_t path = 0; path < paths.size(); ++path)
      for (const PlayedOrder& order : paths[path].orders) add(path, order);
  }

  std::vector<SupplierReturn> result(std::span<const Commitment> commitments) const {
    std::map<std::uint32_t, SupplierReturn> by_supplier;
    for (const auto& [key, night] : nights_) {
      SupplierReturn& supplier = by_supplier[key.first];
      supplier.nights.push_back(night_of(key.second, night));
      const SupplierNight& added = supplier.nights.back();
      supplier.nights_held += added.held > 0;
      if (key.second >= first_nights) continue;
      supplier.week_cases += added.cases;
      supplier.week_held += added.held;
    }
    for (const auto& [key, product] : products_)
      by_supplier[key.first].products.push_back(
          {key.second, product.week_cases / count(), product.all_cases / count()});
    for (const Commitment& one : commitments) by_supplier[one.supplier].commitments.push_back(one);
    std::vector<SupplierReturn> result;
    for (auto& [index, supplier] : by_supplier) {
      supplier.supplier = index;
      std::ranges::stable_sort(supplier.products, std::greater{}, &SupplierProduct::week_cases);
      result.push_back(std::move(supplier));
    }
    return result;
  }

 private:
  struct Night {
    Date first_due = base::date_max;
    std::vector<double> cases;  // per path
    double held = 0;
  };
  double count() const { return static_cast<double>(paths_.size()); }

  void add(std::size_t path, const PlayedOrder& order) {
    const double case_units = std::max(estate_.products[order.product].case_units, 1);
    Night& night = nights_[{order.supplier, order.night}];
    night.cases.resize(paths_.size(), 0);
    night.held += static_cast<double>(order.held_units) / case_units;
    if (order.units == 0) return;
    const double cases = static_cast<double>(order.units) / case_units;
    night.first_due = std::min(night.first_due, order.due);
    night.cases[path] += cases;
    SupplierProduct& product = products_[{order.supplier, order.product}];
    product.all_cases += cases;
    if (order.night < first_nights) product.week_cases += cases;
  }

  SupplierNight night_of(std::int32_t index, const Night& night) const {
    std::vector<double> sorted = night.cases;
    std::ranges::sort(sorted);
    SupplierNight result{.night = first_night_, .first_due = night.first_due};
    result.night = date_of(kind_, period_of(kind_, first_night_) + index + 1) - 1;  // its close
    for (const double cases : sorted) result.cases += cases / count();
    const auto last = static_cast<double>(sorted.size() - 1);
    result.low = sorted[static_cast<std::size_t>(std::floor(range_tail * last))];
    result.high = sorted[static_cast<std::size_t>(std::ceil((1 - range_tail) * last))];
    result.held = night.held / count();
    return result;
  }

  const estate::Estate& estate_;
  Date first_night_;
  planner::Period kind_;
  std::span<const PlayedPath> paths_;
  std::map<std::pair<std::uint32_t, std::int32_t>, Night> nights_;  // by supplier, night
  std::map<std::pair<std::uint32_t, std::uint32_t>, SupplierProduct> products_;
};

std::string range_words(const Recovery& recovery, const Return& part) {
  if (part.earliest == part.latest) return "";
  if (!part.latest) return fmt::format(" ({} at the earliest)", day_text(recovery, part.earliest));
  return fmt::format(" (between {} and {})", day_text(recovery, part.earliest),
                     day_text(recovery, part.latest));
}

}  // namespace

const Return* Recovery::worst_category() const {
  const Return* worst = nullptr;
  const auto day = [&](const Return& part) {
    return part.back.value_or(static_cast<std::int32_t>(dates.size()));
  };
  for (const Return& category : categories)
    if (worst == nullptr || day(category) > day(*worst)) worst = &category;
  return worst;
}

Recovery recovery_of(const PlayPlan& plan, const Futures& futures,
                     std::span<const Commitment> commitments) {
  const OrderRunInput& in = plan.input().tonight;
  Recovery result;
  for (std::int32_t day = 0; day < plan.days(); ++day)
    result.dates.push_back(date_of(in.columns.kind, in.columns.history.last_period + day + 1));
  // In a weekly estate, the week that holds the first Saturday.
  const bool daily = in.columns.kind == planner::Period::day;
  while (daily && result.weekend + 1 < plan.days() &&
         base::weekday(result.dates[static_cast<std::size_t>(result.weekend)]) != saturday)
    ++result.weekend;
  result.all = return_of("", "", availability(plan, futures.paths, every));

  const auto by_category = availability_by_category(plan, futures.paths);
  const auto no_suppliers = futures.without_suppliers.empty()
                                ? std::vector<Availability>{}
                                : availability_by_category(plan, futures.without_suppliers);
  const auto no_depots = futures.without_depots.empty()
                             ? std::vector<Availability>{}
                             : availability_by_category(plan, futures.without_depots);
  for (std::size_t i = 0; i < by_category.size(); ++i) {
    if (!has_lines(by_category[i])) continue;
    const std::string& name = plan.categories()[i];
    result.categories.push_back(
        return_of(name, name.empty() ? "without a category" : name, by_category[i]));
    if (!no_suppliers.empty())
      result.categories.back().back_without_suppliers =
          Availability::back_at(no_suppliers[i].share);
    if (!no_depots.empty())
      result.categories.back().back_without_depots = Availability::back_at(no_depots[i].share);
  }
  const auto by_site = availability_by_site(plan, futures.paths);
  for (std::size_t i = 0; i < by_site.size(); ++i) {
    if (!has_lines(by_site[i])) continue;
    result.sites.push_back(return_of(in.estate.sites[i].id, in.estate.sites[i].name, by_site[i]));
    result.is_lifeline.push_back(in.estate.sites[i].lifeline >= lifeline_min);
  }
  if (std::ranges::count(result.is_lifeline, 1) > 0)
    result.lifeline =
        return_of("", "", availability(plan, futures.paths, [&](const PlayPlan::Cell& cell) {
                    return in.estate.sites[cell.site].lifeline >= lifeline_min;
                  }));
  result.suppliers = SupplierSums(plan, futures.paths).result(commitments);
  result.wanted_value = mean_of(futures.paths, &PlayedPath::wanted_value);
  result.lost_value = mean_of(futures.paths, &PlayedPath::lost_value);
  result.wasted_value = mean_of(futures.paths, &PlayedPath::wasted_value);
  for (const Commitment& one : commitments) {
    result.committed_units += one.units;
    result.surplus_units += one.surplus();
  }
  return result;
}

std::string day_text(const Recovery& recovery, std::optional<std::int32_t> day) {
  if (!day)
    return fmt::format("not within {}",
                       plural(static_cast<std::int64_t>(recovery.dates.size()), "day"));
  return short_date(recovery.dates[static_cast<std::size_t>(*day)]);
}

std::string answer_of(const Recovery& recovery) {
  const Return& all = recovery.all;
  const auto at = static_cast<std::size_t>(recovery.weekend);
  const bool normal =
      all.back && *all.back <= recovery.weekend && all.availability.share[at] >= normal_share;
  std::string answer =
      fmt::format("{}: on {} {} of lines are on the shelf.", normal ? "Yes" : "Not by the weekend",
                  long_date(recovery.dates[at]), percent_text(all.availability.share[at]));
  if (!all.back)
    return answer + fmt::format(" 95 % is not reached within {}.",
                                plural(static_cast<std::int64_t>(recovery.dates.size()), "day"));
  return answer + fmt::format(" 95 % {} reached on {}{}.", normal ? "was" : "is",
                              day_text(recovery, all.back), range_words(recovery, all));
}

}  // namespace nightly
