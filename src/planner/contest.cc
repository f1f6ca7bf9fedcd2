#include "planner/contest.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "planner/distribution.h"
#include "planner/value_queue.h"

namespace planner {
namespace {

// A contested claim, with all that its turn depends on in one cache line. What is not short is
// no_index here: it can refuse nothing.
struct Contender {
  std::uint32_t offset = 0;  // of the claim, from the depot's first
  std::uint32_t store = 0;
  std::uint32_t goods = no_index;  // of goods_, short
  std::uint32_t drop = no_index;   // short
  std::uint32_t lane = no_index;   // of lanes_, of which picks or load are short
  std::uint32_t need = no_index;   // of needs_; only the first tier has one
  std::uint32_t visit = no_index;  // of visits_, where hands or vehicles are short
  std::int32_t left_units = 0, given_units = 0, multiple = 1, pack_picks = 1;
  float on_hand_units = 0, mean = 0, variance = 0, effort = 1;
  std::uint8_t lifeline = 0;
  bool is_open = true;

  bool waits_for_hands() const { return visit != no_index; }
  bool is_lifeline() const { return lifeline >= lifeline_min; }
  std::int32_t pack() const { return std::min(multiple, left_units); }
};
static_assert(sizeof(Contender) == 64);

// Why a claim's remaining units are withheld; those not named here are the vehicle's.
struct Refusal {
  std::int32_t no_stock_units = 0, pick_capacity_units = 0;
};

// A depot's lane of which something is short.
struct Lane {
  std::uint32_t lane = no_index;
  std::int32_t picks_min = 0, load_min = 0;  // of one pack
  bool is_spent = false;
  std::vector<std::uint32_t> contenders;
};

// A store's delivery in one lane.
struct Visit {
  std::uint32_t lane = no_index;
  std::uint32_t first_contender = 0;  // the store's contenders follow each other
  bool has_some = false;
};

// Goods that stand in for each other at one store, in weighted units.
struct Need {
  double there = 0;     // expected on hand, and given
  double expected = 0;  // demand of the interval
  double days = 1;      // the longest interval of its claims
  bool has_some = false;

  double cover_days() const { return there * days / std::max(expected, 1e-9); }
  bool is_served() const { return there >= expected * (1 - 1e-9); }
};

// Where a pack stands in the order of the first tier: least first.
struct Turn {
  double cover_days = 0;  // of the need
  double minus_chance = 0;
  std::uint32_t store = 0;
  std::uint32_t contender = 0;
  bool has_some = false;  // the claim, or the need where hands are short

  // Written out, for the queue asks little else; no number here is a NaN.
  friend bool operator>(const Turn& a, const Turn& b) {
    if (a.has_some != b.has_some) return a.has_some;
    if (a.cover_days != b.cover_days) return a.cover_days > b.cover_days;
    if (a.store != b.store) return a.store > b.store;
    if (a.minus_chance != b.minus_chance) return a.minus_chance > b.minus_chance;
    return a.contender > b.contender;
  }
};

enum class Extent : std::uint8_t {
  need,   // where hands are short, only until the need is served
  whole,  // all that was wanted
};

class Contest {
 public:
  Contest(const Claims& claims, const Resources& resources, Shortage& shortage, std::size_t begin)
      : claims_(claims), resources_(resources), shortage_(shortage), begin_(begin) {}

  void enter(std::size_t end, std::span<std::uint32_t> slots) {
    contenders_.reserve(end - begin_);  // untouched memory costs nothing
    for (std::size_t i = begin_; i < end; ++i) {
      const bool joins = claims_.wanted_units[i] > 0 && is_contested(claims_, shortage_, i);
      const std::uint32_t need = need_of(i, joins, slots.subspan(shortage_.group.size()));
      if (joins) add_contender(i, need, slots);
    }
    refusals_.resize(contenders_.size());
    open_count_ = contenders_.size();
  }

  void run() {
    if (contenders_.empty()) return;
    for (Lane& lane : lanes_) close_if_spent(lane);
    by_cover(true, Extent::need);
    by_cover(true, Extent::whole);
    by_cover(false, Extent::need);
    one_each();
    by_chance();
  }

  void write(std::span<std::int32_t> given_units, std::vector<Cut>& cuts) const {
    for (std::size_t k = 0; k < contenders_.size(); ++k) {
      const Contender& c = contenders_[k];
      given_units[claim(c)] = c.given_units;
      if (c.left_units == 0) continue;
      const auto [no_stock, pick_capacity] = refusals_[k];
      cuts.push_back({claim(c), no_stock, pick_capacity, c.left_units - no_stock - pick_capacity});
    }
  }

 private:
  std::size_t claim(const Contender& c) const { return begin_ + c.offset; }
  std::int32_t load(const Contender& c) const { return value_or(claims_.pack_load, claim(c), 0); }
  std::int32_t stop(const Contender& c) const { return value_or(claims_.pack_drop, claim(c), 1); }

  // The need that a claim of the first tier serves; any claim of a named need has goods for it.
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

  void add_contender(std::size_t i, std::uint32_t need, std::span<std::uint32_t> slots) {
    const auto group = value_or(claims_.group, i, no_index);
    const auto lane = value_or(claims_.lane, i, no_index);
    const auto drop = value_or(claims_.drop, i, no_index);
    const auto k = static_cast<std::uint32_t>(contenders_.size());
    Contender& c = contenders_.emplace_back();
    c.offset = static_cast<std::uint32_t>(i - begin_);
    c.store = claims_.store[i];
    c.need = need;
    c.left_units = claims_.wanted_units[i];
    c.multiple = value_or(claims_.multiple_units, i, 1);
    c.pack_picks = value_or(claims_.pack_picks, i, 1);
    c.on_hand_units = std::max(0.0f, claims_.on_hand_units[i]);
    c.mean = claims_.demand_mean[i];
    c.variance = claims_.demand_variance[i];
    c.effort = value_or(claims_.effort, i, 1.0f);
    c.lifeline = claims_.lifeline[i];
    if (group != no_index && shortage_.group[group]) c.goods = join_goods(group, slots[group]);
    if (drop != no_index && shortage_.drop[drop]) c.drop = drop;
    if (lane != no_index && (shortage_.picks[lane] || shortage_.load[lane]))
      c.lane = join_lane(lane, k);
    if (c.lane != no_index || c.drop != no_index) c.visit = visit_of(lane, k);
    if (need != no_index) first_tier_.push_back(k);
  }

  std::uint32_t join_goods(std::uint32_t group, std::uint32_t& slot) {
    if (slot == no_index) {
      slot = static_cast<std::uint32_t>(goods_.size());
      goods_.push_back(goods_of(claims_, resources_, group));
    }
    return slot;
  }

  std::uint32_t visit_of(std::uint32_t lane, std::uint32_t k) {
    const std::uint32_t store = contenders_[k].store;
    for (std::size_t at = visits_.size(); at-- > 0;) {
      const Visit& visit = visits_[at];
      if (contenders_[visit.first_contender].store != store) break;
      if (visit.lane == lane) return static_cast<std::uint32_t>(at);
    }
    visits_.push_back({lane, k});
    return static_cast<std::uint32_t>(visits_.size() - 1);
  }

  std::uint32_t join_lane(std::uint32_t name, std::uint32_t k) {
    const Contender& c = contenders_[k];
    auto at = std::find_if(lanes_.begin(), lanes_.end(),
                           [&](const Lane& lane) { return lane.lane == name; });
    if (at == lanes_.end()) at = lanes_.insert(at, {name, c.pack_picks, load(c), false, {}});
    at->picks_min = std::min(at->picks_min, c.pack_picks);
    at->load_min = std::min(at->load_min, load(c));
    at->contenders.push_back(k);
    return static_cast<std::uint32_t>(at - lanes_.begin());
  }

  // How many of so many units the depot has for the claim's day.
  std::int32_t goods_left(const Contender& c, std::int32_t units) {
    if (c.goods == no_index) return units;
    return static_cast<std::int32_t>(goods_[c.goods].left(shelf_day(c), units));
  }
  std::int32_t shelf_day(const Contender& c) const {
    return value_or(claims_.shelf_day, claim(c), 0);
  }

  std::int64_t picks_left(const Contender& c) const {
    if (c.lane == no_index) return no_limit;
    const std::uint32_t lane = lanes_[c.lane].lane;
    return shortage_.picks[lane] ? shortage_.picks_left[lane] : no_limit;
  }
  std::int64_t load_left(const Contender& c) const {
    if (c.lane == no_index) return no_limit;
    const std::uint32_t lane = lanes_[c.lane].lane;
    return shortage_.load[lane] ? shortage_.load_left[lane] : no_limit;
  }
  std::int64_t drop_left(const Contender& c) const {
    return c.drop != no_index ? shortage_.drop_left[c.drop] : no_limit;
  }

  bool fits(const Contender& c) {
    const std::int64_t load_there = load_left(c), drop_there = drop_left(c);
    return goods_left(c, c.pack()) == c.pack() && picks_left(c) >= c.pack_picks &&
           (load_there == no_limit || load_there >= load(c)) &&
           (drop_there == no_limit || drop_there >= stop(c));
  }

  // One more pack; where it does not fit the claim is refused for good, since nothing grows back.
  bool give_pack(Contender& c) {
    if (!fits(c)) {
      refuse(c);
      return false;
    }
    const std::int32_t units = c.pack();
    if (c.goods != no_index) goods_[c.goods].book(shelf_day(c), units);
    if (c.drop != no_index) shortage_.drop_left[c.drop] -= stop(c);
    c.given_units += units;
    c.left_units -= units;
    if (c.left_units == 0) close(c);
    if (c.need != no_index) {
      Need& need = needs_[c.need];
      need.there += double{value_or(claims_.need_weight, claim(c), 1.0f)} * units;
      need.has_some = true;
    }
    if (c.visit != no_index) visits_[c.visit].has_some = true;
    if (c.lane != no_index) take_hands(c, lanes_[c.lane]);
    return true;
  }

  void take_hands(const Contender& c, Lane& lane) {
    if (shortage_.picks[lane.lane]) shortage_.picks_left[lane.lane] -= c.pack_picks;
    if (shortage_.load[lane.lane]) shortage_.load_left[lane.lane] -= load(c);
    close_if_spent(lane);
  }

  // Where not even the smallest pack of a lane fits any more, all that waits in it is refused.
  void close_if_spent(Lane& lane) {
    const bool has_picks =
        !shortage_.picks[lane.lane] || shortage_.picks_left[lane.lane] >= lane.picks_min;
    const bool has_load =
        !shortage_.load[lane.lane] || shortage_.load_left[lane.lane] >= lane.load_min;
    if (lane.is_spent || (has_picks && has_load)) return;
    lane.is_spent = true;
    for (const std::uint32_t k : lane.contenders)
      if (contenders_[k].is_open) refuse(contenders_[k]);
  }

  // Units beyond what the goods left could fill are refused for want of goods, of the others those
  // beyond the hands left for want of hands, and the rest for want of a vehicle.
  void refuse(Contender& c) {
    const auto filled = [&](std::int32_t units, std::int64_t packs) {
      return packs >= packs_of(units, c.multiple) ? units
                                                  : static_cast<std::int32_t>(packs) * c.multiple;
    };
    const std::int32_t goods = goods_left(c, c.left_units);
    const std::int32_t there =
        goods == c.left_units ? goods : filled(c.left_units, goods / c.multiple);
    const std::int32_t picked =
        c.pack_picks == 0 ? there : filled(there, picks_left(c) / c.pack_picks);
    refusals_[static_cast<std::size_t>(&c - contenders_.data())] = {c.left_units - there,
                                                                    there - picked};
    close(c);
  }

  void close(Contender& c) {
    c.is_open = false;
    --open_count_;
  }

  double chance(const Contender& c) const {
    return chance_of_pack({c.mean, c.variance}, std::llround(c.on_hand_units) + c.given_units,
                          c.pack(), c.multiple, c.effort);
  }

  bool takes_part(const Contender& c, bool lifeline, Extent extent) const {
    return c.is_open && c.is_lifeline() == lifeline &&
           (extent == Extent::whole || !c.waits_for_hands() || !needs_[c.need].is_served());
  }

  void set_order(Turn& turn, Extent extent) const {
    const Contender& c = contenders_[turn.contender];
    const Need& need = needs_[c.need];
    const bool shares_need = extent == Extent::need && c.waits_for_hands();
    turn.has_some = shares_need ? need.has_some : c.given_units > 0;
    turn.cover_days = need.cover_days();
  }

  Turn turn_of(std::uint32_t k, Extent extent) const {
    Turn turn;
    turn.contender = k;
    turn.store = contenders_[k].store;
    turn.minus_chance = -chance(contenders_[k]);
    set_order(turn, extent);
    return turn;
  }

  // The first tier, pack by pack to whom goods last the fewest days. A turn only ever moves back,
  // so one that has grown old is put where it belongs when it comes up.
  void by_cover(bool lifeline, Extent extent) {
    std::vector<Turn> turns;
    for (const std::uint32_t k : first_tier_)
      if (takes_part(contenders_[k], lifeline, extent)) turns.push_back(turn_of(k, extent));
    std::make_heap(turns.begin(), turns.end(), std::greater<>{});
    while (!turns.empty()) {
      if (has_another(turns.front(), lifeline, extent)) {
        sink_first(turns);
      } else {
        std::pop_heap(turns.begin(), turns.end(), std::greater<>{});
        turns.pop_back();
      }
    }
  }

  // Gives a pack, unless the turn has grown old; true when it has another turn, which it becomes.
  bool has_another(Turn& turn, bool lifeline, Extent extent) {
    Contender& c = contenders_[turn.contender];
    if (!takes_part(c, lifeline, extent)) return false;
    const Turn before = turn;
    set_order(turn, extent);
    if (turn > before) return true;
    if (!give_pack(c) || !takes_part(c, lifeline, extent)) return false;
    turn = turn_of(turn.contender, extent);
    return true;
  }

  // Makes a heap of turns whose first has moved back.
  static void sink_first(std::vector<Turn>& turns) {
    const Turn moved = turns.front();
    std::size_t at = 0;
    for (std::size_t next = 1; next < turns.size(); next = 2 * at + 1) {
      if (next + 1 < turns.size() && turns[next] > turns[next + 1]) ++next;
      if (!(moved > turns[next])) break;
      turns[at] = turns[next];
      at = next;
    }
    turns[at] = moved;
  }

  // Where a pack stands in the order of the fair minimum: least first.
  struct MinimumTurn {
    std::int32_t minus_lifeline;
    double cover_days;
    std::uint32_t contender;
    auto operator<=>(const MinimumTurn&) const = default;
  };

  // One pack of each short product to every store that has none of it; where hands or vehicles are
  // short, one pack of anything to every delivery that is still empty.
  void one_each() {
    std::vector<MinimumTurn> turns;
    for (std::uint32_t k = 0; k < contenders_.size(); ++k) {
      const Contender& c = contenders_[k];
      if (c.is_open && !c.waits_for_hands() && c.given_units == 0)
        turns.push_back(minimum_turn_of(k));
    }
    for (const Visit& visit : visits_)
      if (!visit.has_some) push_first_of(visit, turns);
    std::make_heap(turns.begin(), turns.end(), std::greater<>{});
    while (!turns.empty()) {
      std::pop_heap(turns.begin(), turns.end(), std::greater<>{});
      Contender& c = contenders_[turns.back().contender];
      turns.pop_back();
      const bool is_given = c.is_open && give_pack(c);
      if (is_given || !c.waits_for_hands() || visits_[c.visit].has_some) continue;
      if (push_first_of(visits_[c.visit], turns))
        std::push_heap(turns.begin(), turns.end(), std::greater<>{});
    }
  }

  MinimumTurn minimum_turn_of(std::uint32_t k) const {
    const Contender& c = contenders_[k];
    const double days = value_or(claims_.days, claim(c), 1.0f);
    return {-c.lifeline, c.on_hand_units * days / std::max(double{c.mean}, 1e-9), k};
  }

  bool push_first_of(const Visit& visit, std::vector<MinimumTurn>& turns) const {
    const auto number = static_cast<std::uint32_t>(&visit - visits_.data());
    const std::uint32_t store = contenders_[visit.first_contender].store;
    std::optional<MinimumTurn> first;
    for (std::uint32_t k = visit.first_contender;
         k < contenders_.size() && contenders_[k].store == store; ++k) {
      if (!contenders_[k].is_open || contenders_[k].visit != number) continue;
      const MinimumTurn turn = minimum_turn_of(k);
      if (!first || turn < *first) first = turn;
    }
    if (first) turns.push_back(*first);
    return first.has_value();
  }

  // All the rest, pack by pack to the highest chance. Most claims never come up before the hands
  // are gone, so a chance is worked out only once its upper bound comes up.
  void by_chance() {
    ValueQueue queue;
    for (std::uint32_t k = 0; k < contenders_.size(); ++k)
      if (contenders_[k].is_open) queue.push({chance_bound(contenders_[k]), k, false});
    ValueQueue::Entry next;
    while (open_count_ > 0 && queue.pop(next)) {
      Contender& c = contenders_[next.index];
      if (!c.is_open) continue;
      if (next.is_exact && (!give_pack(c) || !c.is_open)) continue;
      queue.push({chance(c), next.index, true});
    }
  }

  // Scarf's bound, for any distribution with these moments: E[(X - s)^+] <= (sqrt(variance +
  // (s - mean)^2) - (s - mean)) / 2. A little is added for what rounding may do.
  static double chance_bound(const Contender& c) {
    const double mean = c.mean, variance = std::max(c.variance, c.mean);
    const double above = std::round(double{c.on_hand_units}) + c.given_units - mean;
    const double sold = (std::sqrt(variance + above * above) - above) / 2;
    const double part = std::min<double>(sold, c.pack()) / c.multiple;
    return (part * (1 + 1e-5) + 1e-9) / c.effort;
  }

  const Claims& claims_;
  const Resources& resources_;
  Shortage& shortage_;
  std::size_t begin_;
  std::vector<Contender> contenders_;
  std::size_t open_count_ = 0;
  std::vector<Refusal> refusals_;          // one entry per contender
  std::vector<std::uint32_t> first_tier_;  // contenders
  std::vector<Need> needs_;
  std::vector<Visit> visits_;
  std::vector<Lane> lanes_;
  std::vector<GoodsLedger> goods_;
};

}  // namespace

GoodsLedger goods_of(const Claims& claims, const Resources& resources, std::size_t group) {
  const std::size_t begin = resources.lot_begin[group];
  const std::size_t count = resources.lot_begin[group + 1] - begin;
  const auto part = [&](auto column) {
    return column.empty() ? column : column.subspan(begin, count);
  };
  // Without days on the claims all lots will do, and so the days of lots do not count.
  const bool is_dated = !claims.shelf_day.empty();
  return GoodsLedger(
      {.first_day = is_dated ? part(resources.lot_first_day) : std::span<const std::int32_t>{},
       .last_day = is_dated ? part(resources.lot_last_day) : std::span<const std::int32_t>{},
       .units = part(resources.lot_units)});
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
             Shortage& shortage, std::span<std::uint32_t> slots,
             std::span<std::int32_t> given_units, std::vector<Cut>& cuts) {
  std::copy(claims.wanted_units.begin() + static_cast<std::ptrdiff_t>(begin),
            claims.wanted_units.begin() + static_cast<std::ptrdiff_t>(end),
            given_units.begin() + static_cast<std::ptrdiff_t>(begin));
  Contest contest(claims, resources, shortage, begin);
  contest.enter(end, slots);
  contest.run();
  contest.write(given_units, cuts);
}

double chance_of_pack(Moments demand, std::int64_t stock_units, std::int32_t pack_units,
                      std::int32_t multiple, double effort) {
  return expected_sold(demand, stock_units, pack_units) / multiple / effort;
}

}  // namespace planner
