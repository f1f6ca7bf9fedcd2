#include "nightly/schedule.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace nightly {
namespace {

using estate::CalendarRow;
using estate::Chain;
using estate::DayState;
using estate::DeliveryRow;
using estate::none;
using estate::SupplyRow;

constexpr std::uint32_t chain_count = 3;
constexpr std::uint8_t every_weekday = 0x7f;

bool valid(const auto& row, Date day) { return row.from <= day && day <= row.to; }

bool has_weekday(std::uint8_t weekdays, Date day) { return weekdays >> base::weekday(day) & 1; }

Date first_after(Date day, int weekday) {
  const int ahead = (weekday - base::weekday(day) + 7) % 7;
  return day + (ahead == 0 ? 7 : ahead);
}

// Where the rows of each group start in rows sorted by group: one entry per group and one more.
template <class Row, class GroupOf>
std::vector<std::uint32_t> group_starts(const std::vector<Row>& rows, std::size_t groups,
                                        GroupOf group_of) {
  std::vector<std::uint32_t> starts(groups + 1);
  for (const Row& row : rows) ++starts[group_of(row) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  return starts;
}

enum class Level : std::uint8_t { product, category, chain, supplier, all };

std::uint64_t reach(Level level, std::uint32_t id) {
  return static_cast<std::uint64_t>(level) << 32 | id;
}

// Numbers the categories that supply rows name, from 1; 0 stands for all others.
class Categories {
 public:
  explicit Categories(const std::vector<SupplyRow>& supply) {
    for (const SupplyRow& row : supply)
      if (!row.category.empty()) ids_.try_emplace(row.category, count());
  }
  std::uint32_t number(std::string_view category) const {
    const auto found = ids_.find(category);
    return found == ids_.end() ? 0 : found->second;
  }
  // One more than the largest number.
  std::uint32_t count() const { return static_cast<std::uint32_t>(ids_.size()) + 1; }

 private:
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

// What can reach goods of a kind (category and chain) other than by name, the most specific first.
std::array<std::uint64_t, 2> reaches_of_kind(std::uint32_t kind) {
  return {reach(Level::category, kind / chain_count), reach(Level::chain, kind % chain_count)};
}

// What can reach goods whatever their kind: rows of their own supplier, then rows of a depot.
std::array<std::uint64_t, 2> reaches_of_goods(std::uint32_t supplier) {
  return {reach(Level::supplier, supplier), reach(Level::all, 0)};
}

std::uint64_t reach_of(const SupplyRow& row, const Categories& categories) {
  if (row.product != none) return reach(Level::product, row.product);
  if (!row.category.empty()) return reach(Level::category, categories.number(row.category));
  if (row.chain) return reach(Level::chain, static_cast<std::uint32_t>(*row.chain));
  // A supplier's row that names no goods is for the goods that are his.
  if (row.from_supplier != none) return reach(Level::supplier, row.from_supplier);
  return reach(Level::all, 0);
}

Source supplier_terms(const estate::Supplier& supplier, std::uint32_t index) {
  return {.supplier = index,
          .lead_days = supplier.lead_days > 0 ? supplier.lead_days : -1,
          .order_weekdays = supplier.order_weekdays,
          .order_basis = supplier.order_basis,
          .min_order = supplier.min_order,
          .max_order = supplier.max_order};
}

// A row's own words over those of the party it names.
Source source_of(const SupplyRow& row, const std::vector<Source>& supplier_terms) {
  Source source;
  if (row.from_supplier != none) source = supplier_terms[row.from_supplier];
  source.site = row.from_site;
  source.flow = row.flow;
  if (row.lead_days) source.lead_days = *row.lead_days;
  if (row.order_weekdays != 0) source.order_weekdays = row.order_weekdays;
  if (row.order_basis && *row.order_basis != source.order_basis) {
    source.order_basis = *row.order_basis;
    source.min_order = source.max_order = 0;
  }
  if (row.min_order != 0) source.min_order = row.min_order;
  if (row.max_order != 0) source.max_order = row.max_order;
  return source;
}

struct RankedRow {
  const SupplyRow* row;
  std::uint64_t reach;
};

// The rows valid on the day by site, reach and preference; the estate's order decides what is left.
std::vector<RankedRow> ranked(const std::vector<SupplyRow>& supply, const Categories& categories,
                              Date on) {
  std::vector<RankedRow> rows;
  for (const SupplyRow& row : supply)
    if (valid(row, on)) rows.push_back({&row, reach_of(row, categories)});
  std::ranges::stable_sort(rows, {}, [](const RankedRow& ranked) {
    const SupplyRow& row = *ranked.row;
    return std::tuple(row.to_site, ranked.reach, row.priority, -row.from.days);
  });
  return rows;
}

bool same_origin(const Source& a, const Source& b) {
  return a.site == b.site && a.supplier == b.supplier && a.flow == b.flow;
}

}  // namespace

Sources Sources::build(const estate::Estate& estate, Date on) {
  Sources result;
  const Categories categories(estate.supply);
  for (const estate::Product& product : estate.products)
    result.goods_.push_back({.kind = categories.number(product.category) * chain_count +
                                     static_cast<std::uint32_t>(product.chain),
                             .supplier = product.supplier});
  for (const SupplyRow& row : estate.supply)
    if (row.product != none) result.goods_[row.product].named = true;
  for (const estate::Site& site : estate.sites) {
    result.depot_.push_back(site.depot);
    result.buys_.push_back(site.kind == estate::SiteKind::depot && site.depot == none);
  }
  for (std::uint32_t i = 0; i < estate.suppliers.size(); ++i)
    result.supplier_terms_.push_back(supplier_terms(estate.suppliers[i], i));

  const std::vector<RankedRow> rows = ranked(estate.supply, categories, on);
  result.row_start_ = group_starts(rows, estate.sites.size(),
                                   [](const RankedRow& ranked) { return ranked.row->to_site; });
  for (const RankedRow& ranked : rows) {
    result.row_reach_.push_back(ranked.reach);
    result.row_source_.push_back(source_of(*ranked.row, result.supplier_terms_));
  }
  result.kind_count_ = categories.count() * chain_count;
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site)
    for (std::uint32_t kind = 0; kind < result.kind_count_; ++kind)
      result.kind_row_.push_back(result.first_row(site, reaches_of_kind(kind)));
  return result;
}

std::uint32_t Sources::first_row(std::uint32_t site, std::span<const Reach> wanted) const {
  const auto begin = row_reach_.begin() + row_start_[site];
  const auto end = row_reach_.begin() + row_start_[site + 1];
  for (const Reach want : wanted) {
    const auto row = std::lower_bound(begin, end, want);
    if (row != end && *row == want) return static_cast<std::uint32_t>(row - row_reach_.begin());
  }
  return none;
}

Source Sources::otherwise(std::uint32_t site, std::uint32_t product) const {
  const std::uint32_t supplier = goods_[product].supplier;
  if (buys_[site] && supplier != none) return supplier_terms_[supplier];
  return {.site = depot_[site]};
}

Source Sources::of(std::uint32_t site, std::uint32_t product) const {
  const Goods& goods = goods_[product];
  std::uint32_t row = none;
  if (goods.named) row = first_row(site, std::array{reach(Level::product, product)});
  if (row == none) row = kind_row_[std::size_t{site} * kind_count_ + goods.kind];
  if (row == none) row = first_row(site, reaches_of_goods(goods.supplier));
  return row == none ? otherwise(site, product) : row_source_[row];
}

std::vector<Source> Sources::alternatives(std::uint32_t site, std::uint32_t product) const {
  std::vector<Source> result;
  const auto add = [&](const Source& source) {
    const bool known = std::ranges::any_of(
        result, [&](const Source& earlier) { return same_origin(earlier, source); });
    if (!known) result.push_back(source);
  };
  const std::span<const Reach> rows(row_reach_.begin() + row_start_[site],
                                    row_reach_.begin() + row_start_[site + 1]);
  const auto add_rows = [&](Reach wanted) {
    for (const Reach& row : std::ranges::equal_range(rows, wanted))
      add(row_source_[static_cast<std::size_t>(&row - row_reach_.data())]);
  };
  add_rows(reach(Level::product, product));
  for (const Reach wanted : reaches_of_kind(goods_[product].kind)) add_rows(wanted);
  for (const Reach wanted : reaches_of_goods(goods_[product].supplier)) add_rows(wanted);
  if (!result.empty()) return result;
  const Source source = otherwise(site, product);
  if (source.site != none || source.supplier != none) result.push_back(source);
  return result;
}

// What an order of one site, chain and source goes by.
struct Schedule::Lane {
  std::uint32_t site;
  std::optional<Chain> chain;  // nothing: a depot's order, which is for all chains
  const Source& source;
  std::span<const DeliveryRow> rows;  // of deliveries.csv for the site and chain
  int lead_days, review_periods;      // both at least 1

  // Whether goods of the source come with a row; rows_for_depots: some row valid on the same day
  // names no supplier.
  bool carried_by(const DeliveryRow& row, bool rows_for_depots) const {
    if (row.source_supplier == none) return row.source_site == none || source.supplier == none;
    if (source.supplier == none) return !rows_for_depots;
    return row.source_supplier == source.supplier;
  }
};

Schedule Schedule::build(const estate::Estate& estate, Date as_of) {
  Schedule result;
  result.weekly_ = estate.period == estate::PeriodKind::week;
  result.ignores_calendars_ =
      result.weekly_ && !(estate.deliveries.empty() && estate.calendar.empty());
  result.as_of_ = result.weekly_ ? base::monday_of(as_of) : as_of;
  const int period_days = result.weekly_ ? 7 : 1;
  result.policy_lead_days_ = 1 + std::max(0, estate.policy.lead_periods) * period_days;
  result.policy_review_periods_ = std::max(1, estate.policy.review_periods);
  for (const estate::Site& site : estate.sites)
    result.life_.push_back({site.opened_on, site.closed_on});

  const auto lane_of = [](const DeliveryRow& row) {
    return row.site * chain_count + static_cast<std::uint32_t>(row.chain);
  };
  if (!result.weekly_) result.deliveries_ = estate.deliveries;
  std::ranges::stable_sort(result.deliveries_, {}, [&](const DeliveryRow& row) {
    return std::tuple(lane_of(row), row.order_weekday, row.drop, -row.from.days);
  });
  result.delivery_start_ =
      group_starts(result.deliveries_, estate.sites.size() * chain_count, lane_of);

  result.calendar_ = estate.calendar;
  std::ranges::stable_sort(result.calendar_, {},
                           [](const CalendarRow& row) { return std::tuple(row.site, row.date); });
  result.calendar_start_ = group_starts(result.calendar_, estate.sites.size(),
                                        [](const CalendarRow& row) { return row.site; });
  return result;
}

Drop Schedule::tonight(std::uint32_t site, Chain chain, const Source& source) const {
  return first_ordered_on(lane(site, chain, source), as_of_);
}

Drop Schedule::supplier_order(std::uint32_t depot, const Source& source) const {
  return first_ordered_on(supplier_lane(depot, source), as_of_);
}

std::vector<Drop> Schedule::supplier_deliveries(std::uint32_t depot, const Source& source,
                                                Date from, Date to) const {
  constexpr int moved_days_max = 7;  // also the days by which a week's order may come later
  const Lane orders = supplier_lane(depot, source);
  std::vector<Drop> result;
  for (Date day = from - orders.lead_days - moved_days_max;
       day <= to - orders.lead_days + moved_days_max; day = day + 1) {
    Drop drop = first_ordered_on(orders, day);
    if (drop.orders_today && from <= drop.on_shelf && drop.on_shelf <= to) result.push_back(drop);
  }
  std::ranges::stable_sort(result, {}, &Drop::on_shelf);
  return result;
}

std::vector<Drop> Schedule::drops(std::uint32_t site, Chain chain, const Source& source, Date from,
                                  Date to) const {
  std::vector<Drop> result;
  const Lane orders = lane(site, chain, source);
  for (Date day = weekly_ ? base::monday_of(from) : from; day <= to; day = day + 1)
    for (Drop drop : ordered_on(orders, day)) {
      drop.next_on_shelf = next_on_shelf(orders, drop);
      result.push_back(drop);
    }
  return result;
}

bool Schedule::open_on(std::uint32_t site, Date date) const {
  if (!weekly_) return open_all_day(site, date);
  const Date monday = base::monday_of(date);
  for (int i = 0; i < 7; ++i)
    if (open_all_day(site, monday + i)) return true;
  return false;
}

Schedule::Lane Schedule::lane(std::uint32_t site, Chain chain, const Source& source) const {
  const std::size_t group = site * chain_count + static_cast<std::size_t>(chain);
  const std::span rows(deliveries_.begin() + delivery_start_[group],
                       deliveries_.begin() + delivery_start_[group + 1]);
  return {site, chain, source, rows, lead_days(source, policy_lead_days_), policy_review_periods_};
}

Schedule::Lane Schedule::supplier_lane(std::uint32_t depot, const Source& source) const {
  return {.site = depot,
          .chain = std::nullopt,
          .source = source,
          .rows = {},
          .lead_days = lead_days(source, supplier_lead_days),
          .review_periods = 1};
}

int Schedule::lead_days(const Source& source, int otherwise) const {
  return source.lead_days < 0 ? otherwise : std::max(1, source.lead_days);
}

Drop Schedule::first_ordered_on(const Lane& lane, Date day) const {
  const std::vector<Drop> drops = ordered_on(lane, day);
  if (drops.empty()) return {};
  Drop first = drops.front();
  first.next_on_shelf = next_on_shelf(lane, first);
  return first;
}

// The drops of a day's orders by on_shelf and number, without their next_on_shelf.
std::vector<Drop> Schedule::ordered_on(const Lane& lane, Date day) const {
  std::vector<Drop> result;
  const bool rows_for_depots = std::ranges::any_of(lane.rows, [&](const DeliveryRow& row) {
    return valid(row, day) && row.source_supplier == none;
  });
  bool is_covered = false;
  const DeliveryRow* newest = nullptr;
  for (const DeliveryRow& row : lane.rows) {
    if (!valid(row, day)) continue;
    if (newest && newest->order_weekday == row.order_weekday && newest->drop == row.drop) continue;
    newest = &row;
    if (!lane.carried_by(row, rows_for_depots)) continue;
    is_covered = true;
    if (row.order_weekday != base::weekday(day)) continue;
    if (const auto drop = covered(lane, row, day)) result.push_back(*drop);
  }
  if (!is_covered)
    if (const auto drop = uncovered(lane, day)) result.push_back(*drop);
  std::ranges::sort(result, {},
                    [](const Drop& drop) { return std::tuple(drop.on_shelf, drop.drop); });
  return result;
}

std::optional<Drop> Schedule::covered(const Lane& lane, const DeliveryRow& row, Date day) const {
  const Date due =
      row.deliver_weekday >= 0 ? first_after(day, row.deliver_weekday) : day + lane.lead_days;
  const auto on_shelf = arrival(lane, row.drop, due, day);
  if (!on_shelf) return std::nullopt;
  const bool names_source = row.source_site != none || row.source_supplier != none;
  return Drop{.orders_today = true,
              .drop = row.drop,
              .on_shelf = *on_shelf,
              .next_on_shelf = {},
              .capacity = row.capacity,
              .capacity_basis = row.capacity_basis,
              .order_date = day,
              .source_site = names_source ? row.source_site : lane.source.site,
              .source_supplier = names_source ? row.source_supplier : lane.source.supplier};
}

bool Schedule::is_review_day(Date day, int review_periods) const {
  if (weekly_ && base::monday_of(day) != day) return false;
  const planner::Period kind = weekly_ ? planner::Period::week : planner::Period::day;
  return period_of(kind, day) % review_periods == 0;
}

std::optional<Drop> Schedule::uncovered(const Lane& lane, Date day) const {
  const std::uint8_t weekdays = lane.source.order_weekdays;
  const bool by_weekday = !weekly_ && weekdays != 0 && weekdays != every_weekday;
  const bool orders =
      by_weekday ? has_weekday(weekdays, day) : is_review_day(day, lane.review_periods);
  if (!orders) return std::nullopt;
  // A week's order leaves at its close, on Sunday.
  const Date due = weekly_ ? base::monday_of(day + 6 + lane.lead_days) : day + lane.lead_days;
  const auto on_shelf = arrival(lane, 0, due, day);
  if (!on_shelf) return std::nullopt;
  return Drop{.orders_today = true,
              .on_shelf = *on_shelf,
              .next_on_shelf = {},
              .order_date = day,
              .source_site = lane.source.site,
              .source_supplier = lane.source.supplier};
}

// When goods due on a day, ordered at the close of another, really come.
std::optional<Date> Schedule::arrival(const Lane& lane, std::int32_t drop, Date due,
                                      Date day) const {
  const CalendarRow* rule = nullptr;
  int rule_rank = -1;
  for (const CalendarRow& row : calendar(lane.site, due)) {
    if ((row.chain && row.chain != lane.chain) || (row.drop >= 0 && row.drop != drop)) continue;
    const int rank = (row.chain ? 2 : 0) + (row.drop >= 0 ? 1 : 0);
    if (rank > rule_rank) rule = &row, rule_rank = rank;
  }
  if (rule && !weekly_ && rule->state != DayState::open) {
    if (!rule->moved_to) return std::nullopt;
    due = *rule->moved_to;
  }
  if (due <= day || due >= life_[lane.site].closed_on) return std::nullopt;
  return due;
}

Date Schedule::next_on_shelf(const Lane& lane, const Drop& drop) const {
  const int review_days = lane.review_periods * (weekly_ ? 7 : 1);
  const Date last = drop.order_date + std::max(next_drop_days_max, review_days);
  Date next = base::date_max;
  // Goods ordered at the close of a day come after it, so days from `next` on cannot beat it.
  for (Date day = drop.order_date; day <= last && day < next; day = day + 1)
    for (const Drop& other : ordered_on(lane, day))
      if (other.on_shelf > drop.on_shelf) next = std::min(next, other.on_shelf);
  return next == base::date_max ? drop.on_shelf + next_drop_days_max : next;
}

std::span<const CalendarRow> Schedule::calendar(std::uint32_t site, Date date) const {
  const std::span rows(calendar_.begin() + calendar_start_[site],
                       calendar_.begin() + calendar_start_[site + 1]);
  const auto found = std::ranges::equal_range(rows, date, {}, &CalendarRow::date);
  return {found.begin(), found.end()};
}

bool Schedule::open_all_day(std::uint32_t site, Date date) const {
  if (date < life_[site].opened_on || date >= life_[site].closed_on) return false;
  return std::ranges::none_of(calendar(site, date), [](const CalendarRow& row) {
    return row.state == DayState::closed && !row.chain && row.drop < 0;
  });
}

}  // namespace nightly
