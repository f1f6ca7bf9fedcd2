#include "planner/scarcity_oracle.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>

namespace planner::oracle {
namespace {

template <class T, class D>
D cell(std::span<const T> column, std::size_t i, D otherwise) {
  return column.empty() ? otherwise : static_cast<D>(column[i]);
}

enum class Thing { goods, picks, load, drop };

// Each thing that can run out, as a list of what claims take of it.
class Depot {
 public:
  Depot(const Claims& claims, const Resources& resources, const Chance& chance)
      : in_(claims), has_(resources), chance_(chance) {
    given_.assign(claims.size(), 0);
    refused_.assign(claims.size(), false);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      goods_short_.push_back(is_short(i, Thing::goods));
      hands_short_.push_back(is_short(i, Thing::picks) || is_short(i, Thing::load) ||
                             is_short(i, Thing::drop));
    }
    for (std::size_t i = 0; i < claims.size(); ++i)
      if (!contested(i)) given_[i] = in_.wanted_units[i];
  }

  Shared run() {
    Shared shared;
    refuse_spent_lanes();
    first_tier(true, false);
    first_tier(true, true);
    first_tier(false, false);
    minimum();
    shared.before_chance_units = given_;
    serve([&](std::size_t) { return true; },
          [&](std::size_t i) {
            return std::tuple{-chance_(i, given_[i]), i};
          });
    shared.given_units = given_;
    std::sort(cuts_.begin(), cuts_.end(), [](auto& a, auto& b) { return a.claim < b.claim; });
    shared.cuts = cuts_;
    return shared;
  }

 private:
  std::int32_t wanted(std::size_t i) const { return in_.wanted_units[i]; }
  std::int32_t multiple(std::size_t i) const { return cell(in_.multiple_units, i, 1); }
  bool contested(std::size_t i) const { return goods_short_[i] || hands_short_[i]; }
  std::uint32_t lane(std::size_t i) const { return cell(in_.lane, i, no_index); }

  std::uint32_t place(std::size_t i, Thing thing) const {
    if (thing == Thing::goods) return cell(in_.group, i, no_index);
    if (thing == Thing::drop) return cell(in_.drop, i, no_index);
    return lane(i);
  }
  std::int64_t use(std::size_t i, Thing thing, std::int32_t units) const {
    const std::int64_t packs = (units + multiple(i) - 1) / multiple(i);
    if (thing == Thing::goods) return units;
    if (thing == Thing::picks) return packs * cell(in_.pack_picks, i, 1);
    if (thing == Thing::load) return packs * cell(in_.pack_load, i, 0);
    return packs * cell(in_.pack_drop, i, 1);
  }
  std::int32_t day(std::size_t i) const { return cell(in_.shelf_day, i, 0); }

  std::int64_t limit(std::uint32_t place, Thing thing) const {
    if (thing == Thing::picks) return has_.lane_picks[place];
    if (thing == Thing::load) return cell(has_.lane_load, place, no_limit);
    return has_.drop_capacity[place];
  }

  bool serves(std::size_t lot, std::int32_t day) const {
    return in_.shelf_day.empty() ||
           (day <= has_.lot_last_day[lot] &&
            (has_.lot_first_day.empty() || has_.lot_first_day[lot] <= day));
  }

  // What is left at claim i's place if so many units of each claim are taken.
  std::int64_t left(std::size_t i, Thing thing, const std::vector<std::int32_t>& units) const {
    const std::uint32_t at = place(i, thing);
    if (at == no_index) return no_limit;
    if (thing == Thing::goods) return goods_left(i, units);
    std::int64_t rest = limit(at, thing);
    if (rest == no_limit) return rest;
    for (std::size_t k = 0; k < in_.size(); ++k)
      if (place(k, thing) == at) rest -= use(k, thing, units[k]);
    return rest;
  }

  // Hall's theorem: whatever days one takes, the lots that serve any of them must do for all who
  // ask for one of them. Tries all sets of days that hold claim i's.
  std::int64_t goods_left(std::size_t i, const std::vector<std::int32_t>& units) const {
    const std::uint32_t at = in_.group[i];
    std::set<std::int32_t> all;
    for (std::size_t k = 0; k < in_.size(); ++k)
      if (place(k, Thing::goods) == at) all.insert(day(k));
    const std::vector<std::int32_t> days(all.begin(), all.end());
    std::int64_t least = no_limit;
    for (unsigned chosen = 0; chosen < 1u << days.size(); ++chosen) {
      std::set<std::int32_t> some;
      for (std::size_t d = 0; d < days.size(); ++d)
        if (chosen >> d & 1) some.insert(days[d]);
      if (!some.contains(day(i))) continue;
      std::int64_t rest = 0;
      for (std::size_t lot = has_.lot_begin[at]; lot < has_.lot_begin[at + 1]; ++lot)
        if (std::any_of(some.begin(), some.end(), [&](auto on) { return serves(lot, on); }))
          rest += has_.lot_units[lot];
      for (std::size_t k = 0; k < in_.size(); ++k)
        if (in_.group[k] == at && some.contains(day(k))) rest -= units[k];
      least = std::min(least, rest);
    }
    return least;
  }

 public:
  bool is_short(std::size_t i, Thing thing) const {
    const std::uint32_t at = place(i, thing);
    if (at == no_index) return false;
    const std::vector<std::int32_t> all(in_.wanted_units.begin(), in_.wanted_units.end());
    for (std::size_t k = 0; k < in_.size(); ++k)
      if (place(k, thing) == at && wanted(k) > 0 && left(k, thing, all) < 0) return true;
    return false;
  }
  bool fits_all(const std::vector<std::int32_t>& units) const {
    for (std::size_t i = 0; i < in_.size(); ++i)
      for (const Thing thing : {Thing::goods, Thing::picks, Thing::load, Thing::drop})
        if (units[i] > 0 && left(i, thing, units) < 0) return false;
    return true;
  }

 private:
  bool waits(std::size_t i) const { return contested(i) && !refused_[i] && given_[i] < wanted(i); }

  // Packs of claim i that a limit lets through, as units, at most `units`.
  std::int32_t lets_through(std::size_t i, Thing thing, std::int32_t units) const {
    const std::int64_t there = left(i, thing, given_);
    if (there == no_limit) return units;
    std::int32_t through = 0;
    while (through < units) {
      const std::int32_t more = std::min(units, through + multiple(i));
      if (use(i, thing, more) > there) break;
      through = more;
    }
    return through;
  }

  void refuse(std::size_t i) {
    const std::int32_t asked = wanted(i) - given_[i];
    const std::int32_t there = lets_through(i, Thing::goods, asked);
    const std::int32_t picked = lets_through(i, Thing::picks, there);
    cuts_.push_back({i, asked - there, there - picked, picked});
    refused_[i] = true;
  }

  void refuse_spent_lanes() {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (!waits(i)) continue;
      bool spent = false;
      for (const Thing thing : {Thing::picks, Thing::load}) {
        if (!is_short(i, thing)) continue;
        std::int64_t least = no_limit;
        for (std::size_t k = 0; k < in_.size(); ++k)
          if (lane(k) == lane(i) && wanted(k) > 0) least = std::min(least, use(k, thing, 1));
        spent = spent || left(i, thing, given_) < least;
      }
      if (spent) refuse(i);
    }
  }

  void give_or_refuse(std::size_t i) {
    std::vector<std::int32_t> more = given_;
    more[i] = std::min(wanted(i), more[i] + multiple(i));
    for (const Thing thing : {Thing::goods, Thing::picks, Thing::load, Thing::drop})
      if (left(i, thing, more) < 0) return refuse(i);
    given_ = more;
    refuse_spent_lanes();
  }

  // One pack after the other, each time to the claim whose key is least.
  template <class May, class Key>
  void serve(May may, Key key) {
    while (true) {
      std::optional<std::size_t> next;
      for (std::size_t i = 0; i < in_.size(); ++i)
        if (waits(i) && may(i) && (!next || key(i) < key(*next))) next = i;
      if (!next) return;
      give_or_refuse(*next);
    }
  }

  // The claims that stand in for each other with claim i.
  std::vector<std::size_t> need(std::size_t i) const {
    const std::uint32_t name = cell(in_.need, i, no_index);
    std::vector<std::size_t> members;
    for (std::size_t k = 0; k < in_.size(); ++k)
      if (k == i || (name != no_index && in_.need[k] == name)) members.push_back(k);
    return members;
  }
  double need_there(std::size_t i) const {
    double there = 0;
    for (const std::size_t k : need(i))
      there +=
          cell(in_.need_weight, k, 1.0) * (std::max(0.0, double{in_.on_hand_units[k]}) + given_[k]);
    return there;
  }
  double need_expected(std::size_t i) const {
    double expected = 0;
    for (const std::size_t k : need(i))
      expected += cell(in_.need_weight, k, 1.0) * double{in_.demand_mean[k]};
    return expected;
  }
  double need_cover(std::size_t i) const {
    double days = 0;
    for (const std::size_t k : need(i)) days = std::max(days, cell(in_.days, k, 1.0));
    return need_there(i) * days / std::max(need_expected(i), 1e-9);
  }
  bool need_has_given(std::size_t i) const {
    for (const std::size_t k : need(i))
      if (contested(k) && in_.tier[k] == 1 && given_[k] > 0) return true;
    return false;
  }

  void first_tier(bool lifeline, bool whole) {
    serve(
        [&](std::size_t i) {
          const bool unserved = need_there(i) < need_expected(i) * (1 - 1e-9);
          return in_.tier[i] == 1 && (in_.lifeline[i] >= 2) == lifeline &&
                 (whole || !hands_short_[i] || unserved);
        },
        [&](std::size_t i) {
          const bool some = !whole && hands_short_[i] ? need_has_given(i) : given_[i] > 0;
          return std::tuple{some, need_cover(i), in_.store[i], -chance_(i, given_[i]), i};
        });
  }

  void minimum() {
    serve(
        [&](std::size_t i) {
          if (!hands_short_[i]) return given_[i] == 0;
          for (std::size_t k = 0; k < in_.size(); ++k)
            if (in_.store[k] == in_.store[i] && lane(k) == lane(i) && hands_short_[k] &&
                given_[k] > 0)
              return false;
          return true;
        },
        [&](std::size_t i) {
          const double cover = std::max(0.0, double{in_.on_hand_units[i]}) *
                               cell(in_.days, i, 1.0) / std::max(double{in_.demand_mean[i]}, 1e-9);
          return std::tuple{-int{in_.lifeline[i]}, cover, i};
        });
  }

  const Claims& in_;
  const Resources& has_;
  const Chance& chance_;
  std::vector<std::int32_t> given_;
  std::vector<bool> refused_, goods_short_, hands_short_;
  std::vector<Cut> cuts_;
};

}  // namespace

Shared allocate(const Claims& claims, const Resources& resources, const Chance& chance) {
  return Depot(claims, resources, chance).run();
}

bool is_possible(const Claims& claims, const Resources& resources,
                 const std::vector<std::int32_t>& units) {
  const Chance none = [](std::size_t, std::int32_t) { return 0.0; };
  return Depot(claims, resources, none).fits_all(units);
}

double expected_sold(double mean, double variance, std::int64_t stock, std::int64_t units) {
  const auto probability = [&](std::int64_t n) {
    const long double m = mean, x = static_cast<long double>(n);
    if (variance - mean <= mean * 1e-6) return std::exp(x * std::log(m) - m - std::lgamma(x + 1));
    const long double size = m * m / (variance - m), kept = size / (size + m);
    return std::exp(std::lgamma(x + size) - std::lgamma(size) - std::lgamma(x + 1) +
                    size * std::log(kept) + x * std::log1p(-kept));
  };
  long double sold = 0;
  for (std::int64_t k = stock + 1; k <= stock + units; ++k) {
    long double less = 0;
    for (std::int64_t n = 0; n < k; ++n) less += probability(n);
    sold += 1 - less;
  }
  return static_cast<double>(sold);
}

}  // namespace planner::oracle
