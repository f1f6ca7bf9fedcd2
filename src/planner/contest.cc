#include "planner/contest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "base/result.h"
#include "planner/distribution.h"
#include "planner/value_queue.h"

namespace planner {
namespace {

// A contested claim. What is not short is no_index here: it can refuse nothing.
struct Contender {
  std::size_t claim = 0;
  std::uint32_t store = 0;
  std::uint32_t group = no_index;  // short
  std::uint32_t lane = no_index;   // of which picks or load are short
  std::uint32_t drop = no_index;   // short
  std::uint32_t need = no_index;   // of needs_; only tier 1 has one
  std::uint32_t visit = no_index;  // of visits_, where hands or vehicles are short
  std::int32_t left_units = 0, given_units = 0, multiple = 1;
  std::uint8_t lifeline = 0;
  bool is_open = true;

  bool waits_for_hands() const { return visit != no_index; }
  bool is_lifeline() const { return lifeline >= lifeline_min; }
  std::int32_t pack() const { return std::min(multiple, left_units); }
};

// Goods that stand in for each other at one store, in weighted units.
struct Need {
  double there = 0;     // expected on hand, and given
  double expected = 0;  // demand of the interval
  double days = 1;      // the longest interval of its claims
  bool has_given = false;

  double cover_days() const { return there * days / std::max(expected, 1e-9); }
  bool is_served() const { return there >= expected * (1 - 1e-9); }
};

// Where a pack stands in the order of the first tier: least first.
struct Turn {
  bool has_some = false;  // the claim, or the need where hands are short
  double cover_days = 0;  // of the need
  std::uint32_t store = 0;
  double minus_chance = 0;
  std::uint32_t contender = 0;

  friend auto operator<=>(const Turn& a, const Turn& b) {
    return std::tie(a.has_some, a.cover_days, a.store, a.minus_chance, a.contender) <=>
           std::tie(b.has_some, b.cover_days, b.store, b.minus_chance, b.contender);
  }
};

enum class Extent : std::uint8_t {
  need,   // where hands are short, only until the need is served
  whole,  // all that was wanted
};

class Contest {
 public:
  Contest(const Claims& claims, const Resources& resources, Shortage& shortage)
      : claims_(claims), resources_(resources), shortage_(shortage) {}

  void enter(std::size_t begin, std::size_t end, std::span<std::uint32_t> need_slots) {
    for (std::size_t i = begin; i < end; ++i) {
      const bool joins = claims_.wanted_units[i] > 0 && is_contested(claims_, shortage_, i);
      const std::uint32_t need = need_of(i, joins, need_slots);
      if (joins) add_contender(i, need);
    }
  }

  void run() {
    if (contenders_.empty()) return;
    for (const Lane& lane : lanes_) close_lane_if_spent(lane.lane);
    by_cover(true, Extent::need);
    by_cover(true, Extent::whole);
    by_cover(false, Extent::need);
    one_each();
    by_chance();
  }

  void write(std::span<std::int32_t> given_units, std::vector<Cut>& cuts) {
    for (const Contender& contender : contenders_)
      given_units[contender.claim] = contender.given_units;
    std::sort(cuts_.begin(), cuts_.end(),
              [](const Cut& a, const Cut& b) { return a.claim < b.claim; });
    cuts = std::move(cuts_);
  }

 private:
  std::int32_t picks(const Contender& c) const { return value_or(claims_.pack_picks, c.claim, 1); }
  std::int32_t load(const Contender& c) const { return value_or(claims_.pack_load, c.claim, 0); }
  std::int32_t stop(const Contender& c) const { return value_or(claims_.pack_drop, c.claim, 1); }

  // The need that a claim of tier 1 serves; any claim of a named need has goods for it.
  std::uint32_t need_of(std::size_t i, bool joins, std::span<std::uint32_t> slots) {
    const std::uint32_t name = value_or(claims_.need, i, no_index);
    const bool is_first_tier = claims_.tier[i] == first_tier;
    if (name == no_index && !(joins && is_first_tier)) return no_index;
    std::uint32_t own = no_index;
    std::uint32_t& slot = name == no_index ? own : slots[name];
    if (slot == no_index) {
      slot = static_cast<std::uint32_t>(needs_.size());
      needs_.push_back({.days = 0});
    }
    const double weight = value_or(claims_.need_weight, i, 1.0f);
    Need& need = needs_[slot];
    need.there += weight * std::max(0.0, double{claims_.on_hand_units[i]});
    if (!joins) need.there += weight * claims_.wanted_units[i];
    need.expected += weight * claims_.demand_mean[i];
    need.days = std::max(need.days, double{value_or(claims_.days, i, 1.0f)});
    return is_first_tier ? slot : no_index;
  }

  void add_contender(std::size_t i, std::uint32_t need) {
    Contender c{.claim = i, .store = claims_.store[i]};
    if (const auto group = value_or(claims_.group, i, no_index);
        group != no_index && shortage_.group[group])
      c.group = group;
    const auto lane = value_or(claims_.lane, i, no_index);
    if (lane != no_index && (shortage_.picks[lane] || shortage_.load[lane])) c.lane = lane;
    if (const auto drop = value_or(claims_.drop, i, no_index);
        drop != no_index && shortage_.drop[drop])
      c.drop = drop;
    c.need = need;
    c.left_units = claims_.wanted_units[i];
    c.multiple = value_or(claims_.multiple_units, i, 1);
    c.lifeline = claims_.lifeline[i];
    if (c.lane != no_index || c.drop != no_index) c.visit = visit_of(c.store, lane);
    if (c.lane != no_index) join_lane(c);
    contenders_.push_back(c);
  }

  // A store's deliveries of one lane; a store's claims follow each other.
  std::uint32_t visit_of(std::uint32_t store, std::uint32_t lane) {
    if (store != visit_store_) visits_of_store_.clear();
    visit_store_ = store;
    for (const auto& [seen, visit] : visits_of_store_)
      if (seen == lane) return visit;
    const auto visit = static_cast<std::uint32_t>(visits_.size());
    visits_.push_back(0);
    visits_of_store_.emplace_back(lane, visit);
    return visit;
  }

  void join_lane(const Contender& c) {
    auto at = std::find_if(lanes_.begin(), lanes_.end(),
                           [&](const Lane& lane) { return lane.lane == c.lane; });
    if (at == lanes_.end()) at = lanes_.insert(at, {c.lane, picks(c), load(c)});
    at->picks_min = std::min(at->picks_min, picks(c));
    at->load_min = std::min(at->load_min, load(c));
  }

  // Units on the depot's shelves that last long enough for the claim.
  std::int64_t goods_left(const Contender& c) const {
    if (c.group == no_index) return no_limit;
    std::int64_t units = 0;
    const std::size_t end = resources_.lot_begin[c.group + 1];
    for (std::size_t lot = first_lot(claims_, resources_, c.claim); lot < end; ++lot)
      units += shortage_.lot_left[lot];
    return units;
  }

  std::int64_t picks_left(const Contender& c) const {
    return c.lane != no_index && shortage_.picks[c.lane] ? shortage_.picks_left[c.lane] : no_limit;
  }
  std::int64_t load_left(const Contender& c) const {
    return c.lane != no_index && shortage_.load[c.lane] ? shortage_.load_left[c.lane] : no_limit;
  }
  std::int64_t drop_left(const Contender& c) const {
    return c.drop != no_index ? shortage_.drop_left[c.drop] : no_limit;
  }

  bool fits(const Contender& c) const {
    return goods_left(c) >= c.pack() && picks_left(c) >= picks(c) && load_left(c) >= load(c) &&
           drop_left(c) >= stop(c);
  }

  // First expired, first out.
  void take_goods(const Contender& c, std::int64_t units) {
    if (c.group == no_index) return;
    for (std::size_t lot = first_lot(claims_, resources_, c.claim); units > 0; ++lot) {
      const std::int64_t taken = std::min(units, shortage_.lot_left[lot]);
      shortage_.lot_left[lot] -= taken;
      units -= taken;
    }
  }

  // One more pack; where it does not fit the claim is refused for good, since nothing grows back.
  bool give_pack(Contender& c) {
    if (!fits(c)) {
      refuse(c);
      return false;
    }
    const std::int32_t units = c.pack();
    take_goods(c, units);
    if (picks_left(c) != no_limit) shortage_.picks_left[c.lane] -= picks(c);
    if (load_left(c) != no_limit) shortage_.load_left[c.lane] -= load(c);
    if (c.drop != no_index) shortage_.drop_left[c.drop] -= stop(c);
    c.given_units += units;
    c.left_units -= units;
    if (c.left_units == 0) c.is_open = false;
    if (c.need != no_index) {
      needs_[c.need].there += value_or(claims_.need_weight, c.claim, 1.0f) * double(units);
      needs_[c.need].has_given = true;
    }
    if (c.waits_for_hands() && visits_[c.visit] == 0) {
      visits_[c.visit] = 1;
      ++visits_made_;
    }
    close_lane_if_spent(c.lane);
    return true;
  }

  // Units beyond what the goods left could fill are refused for want of goods, of the others those
  // beyond the hands left for want of hands, and the rest for want of a vehicle.
  void refuse(Contender& c) {
    const auto filled = [&](std::int32_t units, std::int64_t left, std::int32_t use) {
      if (use == 0) return units;
      return static_cast<std::int32_t>(std::min<std::int64_t>(units, left / use * c.multiple));
    };
    const std::int64_t goods = goods_left(c);
    const std::int32_t there = goods >= c.left_units
                                   ? c.left_units
                                   : static_cast<std::int32_t>(goods / c.multiple) * c.multiple;
    const std::int64_t packs_max = c.left_units / c.multiple + 1;
    const std::int32_t picked =
        filled(there, std::min(picks_left(c), packs_max * picks(c)), picks(c));
    cuts_.push_back({c.claim, c.left_units - there, there - picked, picked});
    c.is_open = false;
  }

  // Where not even the smallest pack of a lane fits any more, all that waits in it is refused.
  void close_lane_if_spent(std::uint32_t lane) {
    if (lane == no_index) return;
    Lane& at = *std::find_if(lanes_.begin(), lanes_.end(),
                             [&](const Lane& other) { return other.lane == lane; });
    const bool has_picks = !shortage_.picks[lane] || shortage_.picks_left[lane] >= at.picks_min;
    const bool has_load = !shortage_.load[lane] || shortage_.load_left[lane] >= at.load_min;
    if (at.is_spent || (has_picks && has_load)) return;
    at.is_spent = true;
    for (Contender& c : contenders_)
      if (c.lane == lane && c.is_open) refuse(c);
  }

  double chance(const Contender& c) const {
    return chance_of_next_pack(claims_, c.claim, c.given_units);
  }

  bool takes_part(const Contender& c, bool lifeline, Extent extent) const {
    return c.is_open && c.need != no_index && c.is_lifeline() == lifeline &&
           (extent == Extent::whole || !c.waits_for_hands() || !needs_[c.need].is_served());
  }

  Turn turn_of(std::uint32_t k, Extent extent) const {
    const Contender& c = contenders_[k];
    const Need& need = needs_[c.need];
    const bool shares_need = extent == Extent::need && c.waits_for_hands();
    return {shares_need ? need.has_given : c.given_units > 0, need.cover_days(), c.store,
            -chance(c), k};
  }

  // Tier 1, pack by pack to whom goods last the fewest days. A turn only ever moves back, so one
  // that has grown old is put where it belongs when it comes up.
  void by_cover(bool lifeline, Extent extent) {
    std::vector<Turn> turns;
    for (std::uint32_t k = 0; k < contenders_.size(); ++k)
      if (takes_part(contenders_[k], lifeline, extent)) turns.push_back(turn_of(k, extent));
    std::make_heap(turns.begin(), turns.end(), std::greater<>{});
    while (!turns.empty()) {
      std::pop_heap(turns.begin(), turns.end(), std::greater<>{});
      const Turn turn = turns.back();
      turns.pop_back();
      Contender& c = contenders_[turn.contender];
      if (!takes_part(c, lifeline, extent)) continue;
      const Turn now = turn_of(turn.contender, extent);
      if (now > turn) {
        turns.push_back(now);
      } else {
        if (!give_pack(c) || !takes_part(c, lifeline, extent)) continue;
        turns.push_back(turn_of(turn.contender, extent));
      }
      std::push_heap(turns.begin(), turns.end(), std::greater<>{});
    }
  }

  // One pack of each short product to every store that has none of it; where hands or vehicles are
  // short, one pack of anything to every delivery that is still empty.
  void one_each() {
    struct Turn {
      std::int32_t minus_lifeline;
      double cover_days;
      std::uint32_t contender;
      auto operator<=>(const Turn&) const = default;
    };
    std::vector<Turn> turns;
    for (std::uint32_t k = 0; k < contenders_.size(); ++k)
      if (const Contender& c = contenders_[k]; lacks_minimum(c))
        turns.push_back({-c.lifeline, cover_days(c), k});
    std::make_heap(turns.begin(), turns.end(), std::greater<>{});
    auto products = std::count_if(turns.begin(), turns.end(), [&](const Turn& turn) {
      return !contenders_[turn.contender].waits_for_hands();
    });
    for (auto end = turns.end(); end != turns.begin(); --end) {
      if (products == 0 && visits_made_ == visits_.size()) break;
      std::pop_heap(turns.begin(), end, std::greater<>{});
      Contender& c = contenders_[(end - 1)->contender];
      if (!c.waits_for_hands()) --products;
      if (lacks_minimum(c)) give_pack(c);
    }
  }

  bool lacks_minimum(const Contender& c) const {
    return c.is_open && (c.waits_for_hands() ? visits_[c.visit] == 0 : c.given_units == 0);
  }

  double cover_days(const Contender& c) const {
    return std::max(0.0, double{claims_.on_hand_units[c.claim]}) *
           value_or(claims_.days, c.claim, 1.0f) /
           std::max(double{claims_.demand_mean[c.claim]}, 1e-9);
  }

  // All the rest, pack by pack to the highest chance. Most claims never come up before the hands
  // are gone, so a chance is worked out only once its upper bound comes up.
  void by_chance() {
    ValueQueue queue(contenders_.size());
    for (std::uint32_t k = 0; k < contenders_.size(); ++k)
      if (contenders_[k].is_open) queue.push(k, chance_bound(contenders_[k]), false);
    ValueQueue::Entry next;
    while (queue.pop(next)) {
      Contender& c = contenders_[next.index];
      if (!c.is_open) continue;
      if (next.is_exact && (!give_pack(c) || !c.is_open)) continue;
      queue.push(next.index, chance(c), true);
    }
  }

  // Scarf's bound, for any distribution with these moments: E[(X - s)^+] <= (sqrt(variance +
  // (s - mean)^2) - (s - mean)) / 2. A little is added for what rounding may do.
  double chance_bound(const Contender& c) const {
    const double mean = claims_.demand_mean[c.claim];
    const double variance = std::max(double{claims_.demand_variance[c.claim]}, mean);
    const double stock =
        std::round(std::max(0.0, double{claims_.on_hand_units[c.claim]})) + c.given_units - mean;
    const double sold = (std::sqrt(variance + stock * stock) - stock) / 2;
    const double part = std::min<double>(sold, c.pack()) / c.multiple;
    return (part * (1 + 1e-5) + 1e-9) / value_or(claims_.effort, c.claim, 1.0f);
  }

  struct Lane {
    std::uint32_t lane = no_index;
    std::int32_t picks_min = 0, load_min = 0;  // of one pack
    bool is_spent = false;
  };

  const Claims& claims_;
  const Resources& resources_;
  Shortage& shortage_;
  std::vector<Contender> contenders_;
  std::vector<Need> needs_;
  std::vector<std::uint8_t> visits_;  // 1 = something is on it
  std::vector<std::pair<std::uint32_t, std::uint32_t>> visits_of_store_;
  std::uint32_t visit_store_ = no_index;
  std::size_t visits_made_ = 0;
  std::vector<Lane> lanes_;
  std::vector<Cut> cuts_;
};

}  // namespace

std::size_t first_lot(const Claims& claims, const Resources& resources, std::size_t claim) {
  const std::uint32_t group = claims.group[claim];
  std::size_t lot = resources.lot_begin[group];
  const std::size_t end = resources.lot_begin[group + 1];
  if (claims.shelf_day.empty()) return lot;
  while (lot < end && resources.lot_last_day[lot] < claims.shelf_day[claim]) ++lot;
  return lot;
}

bool is_contested(const Claims& claims, const Shortage& shortage, std::size_t claim) {
  const auto group = value_or(claims.group, claim, no_index);
  const auto lane = value_or(claims.lane, claim, no_index);
  const auto drop = value_or(claims.drop, claim, no_index);
  return (group != no_index && shortage.group[group]) ||
         (lane != no_index && (shortage.picks[lane] || shortage.load[lane])) ||
         (drop != no_index && shortage.drop[drop]);
}

void contest(const Claims& claims, const Resources& resources, std::size_t begin, std::size_t end,
             Shortage& shortage, std::span<std::uint32_t> need_slots,
             std::span<std::int32_t> given_units, std::vector<Cut>& cuts) {
  std::copy(claims.wanted_units.begin() + static_cast<std::ptrdiff_t>(begin),
            claims.wanted_units.begin() + static_cast<std::ptrdiff_t>(end),
            given_units.begin() + static_cast<std::ptrdiff_t>(begin));
  Contest run(claims, resources, shortage);
  run.enter(begin, end, need_slots);
  run.run();
  run.write(given_units, cuts);
}

}  // namespace planner
