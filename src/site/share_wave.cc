#include "site/share_wave.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "base/result.h"

namespace site {
namespace {

using trade::Fulfilment;
using trade::FulfilmentState;
using trade::LineNo;
using trade::OrderKey;
using trade::Partition;

constexpr std::int32_t for_good = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t parts_max = 64;

// The planner's columns, filled claim by claim.
struct Columns {
  std::vector<std::uint32_t> store, group, lane, need;
  std::vector<std::int32_t> shelf_day, wanted, multiple;
  std::vector<float> need_weight, on_hand, mean, variance, days;
  std::vector<std::uint8_t> tier, lifeline;

  void add(const OrderKey& key, std::uint32_t goods, trade::Units units, trade::Units case_units,
           const ClaimFacts& facts) {
    const bool is_known = facts.demand_mean > 0;
    const auto ordered = static_cast<float>(units);
    store.push_back(static_cast<std::uint32_t>(key.store));
    group.push_back(goods);
    lane.push_back(0);
    need.push_back(facts.need);
    need_weight.push_back(facts.need_weight);
    shelf_day.push_back(key.delivery.days);
    wanted.push_back(units);
    multiple.push_back(std::max<trade::Units>(case_units, 1));
    on_hand.push_back(facts.on_hand_units);
    mean.push_back(is_known ? facts.demand_mean : ordered);
    variance.push_back(is_known ? facts.demand_variance : ordered);
    days.push_back(facts.days);
    tier.push_back(facts.tier);
    lifeline.push_back(facts.lifeline);
  }
  std::size_t size() const { return store.size(); }
  // Puts claim order[i] at place i.
  void sort(const std::vector<std::uint32_t>& order) {
    const auto each = [&](auto&... columns) { (permute(columns, order), ...); };
    each(store, group, lane, need, shelf_day, wanted, multiple, need_weight, on_hand, mean,
         variance, days, tier, lifeline);
  }

 private:
  template <class T>
  static void permute(std::vector<T>& column, const std::vector<std::uint32_t>& order) {
    std::vector<T> sorted(column.size());
    for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
    column = std::move(sorted);
  }
};

// Goods that do not stand in for each other, and share no hands, are shared apart: for the planner,
// each part is a depot of its own.
class Parts {
 public:
  Parts(const Columns& columns, std::size_t groups, bool hands_suffice) {
    if (!hands_suffice) {
      part_.assign(columns.size(), 0);
      return;
    }
    join(columns, groups);
    part_.reserve(columns.size());
    for (const std::uint32_t group : columns.group) part_.push_back(root(group) % parts_max);
  }

  // The claims part by part, within a part as they were.
  std::vector<std::uint32_t> order() {
    begin_.assign(parts_max + 1, 0);
    for (const std::uint32_t part : part_) ++begin_[part + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    std::vector<std::uint32_t> order(part_.size());
    for (std::uint32_t claim = 0; claim < part_.size(); ++claim)
      order[next[part_[claim]]++] = claim;
    return order;
  }
  // Where each part begins in that order.
  const std::vector<std::size_t>& begin() const { return begin_; }

 private:
  // Groups that serve one need belong together.
  void join(const Columns& columns, std::size_t groups) {
    for (std::uint32_t i = 0; i < groups; ++i) above_.push_back(i);
    std::map<std::uint32_t, std::uint32_t> first;
    for (std::size_t claim = 0; claim < columns.size(); ++claim) {
      if (columns.need[claim] == planner::no_index) continue;
      const auto [row, is_new] = first.try_emplace(columns.need[claim], columns.group[claim]);
      if (!is_new) above_[root(columns.group[claim])] = root(row->second);
    }
  }
  std::uint32_t root(std::uint32_t group) {
    while (above_[group] != group) group = above_[group] = above_[above_[group]];
    return group;
  }

  std::vector<std::uint32_t> above_, part_;
  std::vector<std::size_t> begin_;
};

// What of the depot's goods is free, as the planner's lots: one group for each line that is asked
// for.
class FreeGoods {
 public:
  explicit FreeGoods(const Partition& depot) : depot_(depot) {}

  std::uint32_t group_of(LineNo line) {
    const auto [row, is_new] = groups_.try_emplace(line, static_cast<std::uint32_t>(lines_.size()));
    if (is_new) lines_.push_back(line);
    return row->second;
  }
  std::size_t count() const { return lines_.size(); }
  // Units that the wave itself holds may be given anew.
  void release(LineNo line, trade::Units units) { released_[line] += units; }

  planner::Resources resources() {
    lot_begin_.push_back(0);
    for (const LineNo line : lines_) {
      add_lots(line);
      lot_begin_.push_back(lot_units_.size());
    }
    return {.lot_begin = lot_begin_, .lot_last_day = lot_last_day_, .lot_units = lot_units_};
  }

 private:
  // The earliest lots are spoken for first, as they are picked first.
  void add_lots(LineNo line) {
    const trade::Terms& terms = depot_.goods.terms(line);
    std::int64_t taken = std::int64_t{depot_.stock.reserved(line)} - released_[line];
    std::int64_t unnamed = depot_.stock.on_hand(line);
    std::map<std::int32_t, std::int64_t> free;
    const auto add = [&](std::int32_t last_day, std::int64_t units) {
      const std::int64_t here = std::max<std::int64_t>(units - std::max<std::int64_t>(taken, 0), 0);
      taken -= units - here;
      if (here > 0) free[last_day] += here;
    };
    depot_.stock.each_lot(line, [&](const trade::Lot& lot, trade::Units units) {
      unnamed -= units;
      if (!trade::may_leave(depot_, line, lot, units)) return;
      const bool ends = lot.expiry.given();
      add(ends ? lot.expiry.days - terms.life_on_receipt_days : for_good, units);
    });
    if (unnamed > 0 && trade::may_leave(depot_, line, {}, static_cast<trade::Units>(unnamed)))
      add(for_good, unnamed);
    for (const auto& [last_day, units] : free) {
      lot_last_day_.push_back(last_day);
      lot_units_.push_back(units);
    }
  }

  const Partition& depot_;
  std::map<LineNo, std::uint32_t> groups_;
  std::map<LineNo, std::int64_t> released_;
  std::vector<LineNo> lines_;
  std::vector<std::size_t> lot_begin_;
  std::vector<std::int32_t> lot_last_day_;
  std::vector<std::int64_t> lot_units_;
};

bool takes_part(const Fulfilment& fulfilment, std::uint32_t wave) {
  return fulfilment.wave == wave && (fulfilment.state == FulfilmentState::acknowledged ||
                                     fulfilment.state == FulfilmentState::allocated);
}

planner::Claims claims_of(const Columns& columns, std::span<const std::size_t> depot_begin) {
  return {.depot_begin = depot_begin,
          .store = columns.store,
          .group = columns.group,
          .shelf_day = columns.shelf_day,
          .lane = columns.lane,
          .need = columns.need,
          .need_weight = columns.need_weight,
          .wanted_units = columns.wanted,
          .multiple_units = columns.multiple,
          .on_hand_units = columns.on_hand,
          .demand_mean = columns.mean,
          .demand_variance = columns.variance,
          .days = columns.days,
          .tier = columns.tier,
          .lifeline = columns.lifeline};
}

std::size_t need_count(const Columns& columns) {
  std::size_t count = 0;
  for (const std::uint32_t need : columns.need)
    if (need != planner::no_index) count = std::max(count, std::size_t{need} + 1);
  return count;
}

}  // namespace

std::vector<trade::OrderAllocated> share_wave(const Partition& depot, std::uint32_t wave,
                                              const FactsOf& facts_of, std::int64_t picks_max,
                                              int threads) {
  const auto row_of_wave = depot.waves.find(wave);
  CHECK(row_of_wave != depot.waves.end() && row_of_wave->second.is_closed);
  Columns columns;
  FreeGoods goods(depot);
  for (const auto& [key, fulfilment] : depot.fulfilments) {
    if (!takes_part(fulfilment, wave)) continue;
    const bool holds = fulfilment.state == FulfilmentState::allocated;
    for (const trade::FulfilmentRow& row : fulfilment.rows) {
      if (holds) goods.release(row.line, row.allocated);
      columns.add(key, goods.group_of(row.line), row.ordered,
                  depot.goods.terms(row.line).case_units, facts_of(key, row.line));
    }
  }
  const std::size_t needs = need_count(columns);
  Parts parts(columns, goods.count(), picks_max == no_limit);
  const std::vector<std::uint32_t> order = parts.order();
  columns.sort(order);
  const std::array lane_picks{picks_max};
  planner::Resources resources = goods.resources();
  resources.lane_picks = lane_picks;
  resources.need_count = needs;
  const auto shared = planner::allocate(claims_of(columns, parts.begin()), resources, threads);
  std::vector<trade::Units> given(columns.size());
  for (std::size_t i = 0; i < order.size(); ++i) given[order[i]] = shared.given_units[i];

  std::vector<trade::OrderAllocated> allocated;
  std::size_t claim = 0;
  for (const auto& [key, fulfilment] : depot.fulfilments) {
    if (!takes_part(fulfilment, wave)) continue;
    trade::OrderAllocated& mine = allocated.emplace_back(trade::OrderAllocated{key, {}});
    for (const trade::FulfilmentRow& row : fulfilment.rows)
      if (const trade::Units units = given[claim++]; units > 0)
        mine.rows.push_back({row.line, units});
  }
  return allocated;
}

}  // namespace site
