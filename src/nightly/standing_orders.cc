#include "nightly/standing_orders.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/parallel.h"
#include "nightly/range_days.h"
#include "nightly/schedule.h"

namespace nightly {
namespace {

using planner::Receipt;

constexpr std::size_t sites_per_chunk = 4;

planner::Position at_drop(planner::Position position, const StandingDrop& drop,
                          std::span<const Receipt> receipts, const planner::Settings& settings) {
  const Terms& terms = drop.terms;
  position.receipts = receipts;
  position.on_shelf = drop.on_shelf;
  position.next_on_shelf = drop.next_on_shelf;
  position.service_level = terms.quantile(drop.next_on_shelf - drop.on_shelf, settings);
  position.life_periods = terms.life_periods;
  position.life_level = terms.life_quantile(settings);
  position.presentation_units_min = drop.is_last ? 0 : terms.presentation;
  position.shelf_units_max = terms.shelf_max;
  position.order_multiple_units = terms.multiple;
  position.order_units_max = terms.order_max;
  return position;
}

bool is_coming(std::span<const Receipt> receipts, std::int32_t before) {
  return std::ranges::any_of(
      receipts, [&](const Receipt& one) { return one.period < before && one.units > 0; });
}

std::int32_t launch_units(const Terms& terms) {
  std::int32_t room = std::numeric_limits<std::int32_t>::max();
  for (const std::int32_t limit : {terms.shelf_max, terms.order_max})
    if (limit > 0) room = std::min(room, limit);
  return planner::round_to_multiple(terms.launch, terms.multiple, room, false);
}

// A shelf that sells what is expected, day by day.
class Expected {
 public:
  Expected(const planner::Demand::Line& demand, const planner::Position& now,
           std::int32_t sells_after)
      : demand_(demand),
        begin_(sells_after),
        period_(sells_after),
        on_hand_(std::max(now.on_hand_units, 0)),
        receipts_(now.receipts.begin(), now.receipts.end()) {}

  void live_until(std::int32_t period) {
    while (period_ < period) {
      ++period_;
      while (!receipts_.empty() && receipts_.front().period <= period_) {
        on_hand_ += receipts_.front().units;
        receipts_.erase(receipts_.begin());
      }
      on_hand_ = std::max(on_hand_ - demand_.in(period_).mean, 0.0);
    }
  }
  void expect(const Receipt& receipt) {
    const auto place = std::ranges::upper_bound(receipts_, receipt.period, {}, &Receipt::period);
    receipts_.insert(place, receipt);
  }
  // As the planner would be told at the close of the period; later nobody knows of dates.
  planner::Position position(planner::Position now) const {
    if (period_ == begin_) return now;
    now.on_hand_units = static_cast<std::int32_t>(std::lround(on_hand_));
    now.batches = {};
    return now;
  }
  std::span<const Receipt> receipts() const { return receipts_; }
  std::int32_t period() const { return period_; }

 private:
  const planner::Demand::Line& demand_;
  const std::int32_t begin_;
  std::int32_t period_;
  double on_hand_;
  std::vector<Receipt> receipts_;
};

// The deliveries of one site while its lines are gone through.
class SiteDeliveries {
 public:
  SiteDeliveries(const OrderRunInput& input, const Schedule& schedule, const Sources& sources,
                 const LineTerms& terms, std::uint32_t site)
      : in_(input), schedule_(schedule), sources_(sources), terms_(terms), site_(site) {}

  std::vector<StandingDelivery> plan() {
    const Columns& columns = in_.columns;
    for (std::uint64_t line = columns.site_begin[site_]; line < columns.site_begin[site_ + 1];
         ++line)
      plan_line(line);
    std::vector<StandingDelivery> made;
    for (auto& [key, delivery] : deliveries_) made.push_back(std::move(delivery));
    return made;
  }

  std::vector<StandingPlan>* watched = nullptr;  // where lines are told, if anybody asks

 private:
  using Key = std::tuple<Date, std::int32_t, estate::Chain, std::uint32_t>;
  struct Lane {
    estate::Chain chain;
    Source source;
    std::vector<Drop> drops;  // from depots, by on_shelf
  };

  // Lines of one chain and source share their drops; a site has few of them.
  const Lane& lane_of(std::uint32_t product) {
    const estate::Chain chain = in_.estate.products[product].chain;
    const Source source = sources_.of(site_, product);
    for (const Lane& lane : lanes_)
      if (lane.chain == chain && lane.source == source) return lane;
    Lane lane{chain, source,
              schedule_.drops(site_, chain, source, in_.as_of, in_.as_of + (standing_nights - 1))};
    std::erase_if(lane.drops, [](const Drop& drop) {
      return !drop.orders_today || drop.source_site == estate::none;
    });
    std::ranges::stable_sort(lane.drops, {},
                             [](const Drop& drop) { return std::pair(drop.on_shelf, drop.drop); });
    for (const Drop& drop : lane.drops) (void)delivery_of(lane, drop);
    return lanes_.emplace_back(std::move(lane));
  }

  StandingDelivery& delivery_of(const Lane& lane, const Drop& drop) {
    const Key key{drop.on_shelf, drop.drop, lane.chain, drop.source_site};
    const auto [row, is_new] = deliveries_.try_emplace(key);
    if (is_new)
      row->second = {site_,           drop.source_site, lane.chain, drop.drop,
                     drop.order_date, drop.on_shelf,    {}};
    return row->second;
  }

  // Nothing where the line is not in range when the goods are there.
  std::optional<StandingDrop> drop_of(std::size_t line, const Drop& drop) const {
    const planner::Period kind = in_.columns.kind;
    const Interval interval = interval_of(kind, drop);
    const auto stay = stay_from(in_.estate, in_.columns, line, drop.on_shelf);
    if (!stay || period_of(kind, stay->from) > interval.on_shelf) return std::nullopt;
    StandingDrop made{interval.on_shelf, interval.next_on_shelf, period_of(kind, drop.order_date),
                      false, terms_.of(line, std::max(stay->from, drop.on_shelf))};
    if (!made.terms.orderable) return std::nullopt;
    if (stay->to < drop.next_on_shelf - 1) {
      made.is_last = true;
      made.next_on_shelf =
          std::clamp(period_of(kind, stay->to) + 1, made.on_shelf + 1, made.next_on_shelf);
    }
    return made;
  }

  void plan_line(std::size_t line) {
    if (in_.in_range[line] == 0 && !in_.estate.has_range) return;
    const std::uint32_t product = in_.columns.product[line];
    if (in_.estate.products[product].tier > in_.tier_max) return;
    const Lane& lane = lane_of(product);
    std::vector<StandingDrop> drops;
    std::vector<const Drop*> of_lane;
    for (const Drop& drop : lane.drops)
      if (const auto made = drop_of(line, drop)) {
        drops.push_back(*made);
        of_lane.push_back(&drop);
      }
    if (drops.empty()) return;
    StandingPlan plan{
        line,      sells_after(line), in_.outlook.state().current[line].known_count > 0,
        now(line), std::move(drops),  {}};
    const auto units = standing_units(in_.outlook.line(line), plan.sells_after, plan.has_sold,
                                      plan.now, plan.drops, in_.settings);
    for (std::size_t i = 0; i < units.size(); ++i)
      if (units[i] > 0) delivery_of(lane, *of_lane[i]).lines.push_back({product, units[i]});
    if (watched == nullptr) return;
    for (const Drop* drop : of_lane) plan.order_dates.push_back(drop->order_date);
    watched->push_back(std::move(plan));
  }

  std::int32_t sells_after(std::size_t line) const {
    const std::int32_t origin = in_.columns.history.last_period;
    const auto stay = stay_from(in_.estate, in_.columns, line, in_.as_of + 1);
    return stay ? std::max(origin, period_of(in_.columns.kind, stay->from) - 1) : origin;
  }

  planner::Position now(std::size_t line) const {
    planner::Position position;
    position.stock_known = in_.positions.known[line] != 0;
    position.on_hand_units = in_.positions.on_hand_units[line];
    position.receipts = in_.positions.receipts_of(line);
    position.batches = in_.positions.batches_of(line);
    return position;
  }

  const OrderRunInput& in_;
  const Schedule& schedule_;
  const Sources& sources_;
  const LineTerms& terms_;
  const std::uint32_t site_;
  std::vector<Lane> lanes_;
  std::map<Key, StandingDelivery> deliveries_;
};

}  // namespace

std::vector<std::int32_t> standing_units(const planner::Demand::Line& demand,
                                         std::int32_t sells_after, bool has_sold,
                                         const planner::Position& now,
                                         std::span<const StandingDrop> drops,
                                         const planner::Settings& settings) {
  Expected shelf(demand, now, sells_after);
  std::vector<std::int32_t> units;
  units.reserve(drops.size());
  double carried = 0;  // of a line without a stock record: wanted, and less than a case
  for (const StandingDrop& drop : drops) {
    std::int32_t given = 0;
    if (now.stock_known) {
      shelf.live_until(drop.order_period);
      const auto position = at_drop(shelf.position(now), drop, shelf.receipts(), settings);
      given = planner::replenish(demand, shelf.period(), position, settings).units;
      const bool is_launch = !has_sold && now.on_hand_units <= 0 && drop.terms.launch > given &&
                             !is_coming(shelf.receipts(), drop.next_on_shelf);
      if (is_launch) given = std::max(given, launch_units(drop.terms));
    } else {
      carried += demand.over(drop.on_shelf, drop.next_on_shelf).mean;
      const int multiple = std::max(drop.terms.multiple, 1);
      given = static_cast<std::int32_t>(std::floor(carried / multiple)) * multiple;
      if (drop.terms.order_max > 0) given = std::min(given, drop.terms.order_max);
      carried -= given;
    }
    units.push_back(given);
    shelf.expect({drop.on_shelf, given});
  }
  return units;
}

std::vector<StandingPlan> standing_plans(const OrderRunInput& input, std::uint32_t site) {
  const Schedule schedule = Schedule::build(input.estate, input.as_of);
  const Sources sources = Sources::build(input.estate, input.as_of);
  const LineTerms terms(input.estate, input.columns);
  std::vector<StandingPlan> plans;
  SiteDeliveries deliveries(input, schedule, sources, terms, site);
  deliveries.watched = &plans;
  (void)deliveries.plan();
  return plans;
}

std::vector<StandingDelivery> standing_orders(const OrderRunInput& input) {
  const Schedule schedule = Schedule::build(input.estate, input.as_of);
  const Sources sources = Sources::build(input.estate, input.as_of);
  const LineTerms terms(input.estate, input.columns);
  const std::size_t sites = input.estate.sites.size();
  std::vector<std::vector<StandingDelivery>> of_site(sites);
  base::for_ranges(
      input.threads, sites, sites_per_chunk, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t site = begin; site < end; ++site)
          of_site[site] =
              SiteDeliveries(input, schedule, sources, terms, static_cast<std::uint32_t>(site))
                  .plan();
      });
  std::vector<StandingDelivery> made;
  for (auto& deliveries : of_site) std::ranges::move(deliveries, std::back_inserter(made));
  return made;
}

}  // namespace nightly
