#include "planner/profile.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/parallel.h"
#include "base/result.h"

namespace planner {
namespace {

// Running sums of one pool's series, so that any window is two reads.
class Sums {
 public:
  Sums() = default;
  explicit Sums(std::size_t count) : sums_(count + 1, 0.0) {}
  void set(std::size_t index, double value) { sums_[index + 1] = sums_[index] + value; }
  // Sum over [begin, end), clipped to the series.
  double over(std::int32_t begin, std::int32_t end) const {
    const auto last = static_cast<std::int32_t>(sums_.size()) - 1;
    begin = std::clamp(begin, 0, last);
    end = std::clamp(end, begin, last);
    return sums_[static_cast<std::size_t>(end)] - sums_[static_cast<std::size_t>(begin)];
  }

 private:
  std::vector<double> sums_;
};

// A factor between its parent's value and learned / expected; `size` is what the pool typically
// expects.
double shrunk(double learned, double expected, double size, double parent, Shrinkage by) {
  const double weight = by.k * size + by.units;
  if (expected + weight <= 0) return parent;
  return (learned + weight * parent) / (expected + weight);
}

// Everything below works on indexes: period - series.first_period. Working tables are
// [pool][index].
class Builder {
 public:
  Builder(const GroupSeries& series, const Pools& pools, const Settings& settings,
          std::int32_t origin, std::int32_t from, std::int32_t to, int threads)
      : series_(series), pools_(pools), settings_(settings), threads_(threads) {
    begin_ = from - series.first_period;
    end_ = to + 1 - series.first_period;
    settled_ = std::min(origin - raw_periods, series.last_period()) - series.first_period;
    // The yearly profile divides past units by their event factors, so events are built from the
    // start of the series.
    table_count_ = static_cast<std::size_t>(std::max(end_, series.period_count));
    for (int off = -settings.year_window; off <= settings.year_window; ++off)
      nearness_.push_back(1 - std::abs(off) / (settings.year_window + 1.0));
  }

  Profiles build(std::span<const Event> events) {
    const std::size_t cells = pools_.size() * table_count_;
    weekday_.assign(cells, 1.0);
    event_.assign(cells, 1.0);
    season_.assign(cells, 1.0);
    for (int level = 0; level < levels; ++level) build_weekdays(level);
    for (const Event& event : events) build_event(event);
    build_seasons();
    return collect();
  }

 private:
  struct Occurrence {
    std::int32_t index;
    std::size_t year;  // years back, rounded
    double off;        // distance from the anniversary, in tolerances
    bool nearest;      // of its year
  };

  double units(std::uint32_t pool, std::int32_t index) const {
    return static_cast<double>(series_.units[cell_in_series(pool, index)]);
  }
  double lines(std::uint32_t pool, std::int32_t index) const {
    return static_cast<double>(series_.line_periods[cell_in_series(pool, index)]);
  }
  std::size_t cell_in_series(std::uint32_t pool, std::int32_t index) const {
    return pool * static_cast<std::size_t>(series_.period_count) + static_cast<std::size_t>(index);
  }
  std::size_t cell(std::uint32_t pool, std::int32_t index) const {
    return pool * table_count_ + static_cast<std::size_t>(index);
  }
  // The newest index that a profile of period `index` may read.
  std::int32_t newest_for(std::int32_t index) const {
    return std::min(index - raw_periods, settled_);
  }
  double parent_value(const std::vector<double>& table, std::uint32_t pool,
                      std::int32_t index) const {
    const std::uint32_t parent = pools_.pools[pool].parent;
    return parent == no_index ? 1.0 : table[cell(parent, index)];
  }

  // Of pools of a level, each of which leans on the one above.
  void build_weekdays(int level) {
    if (settings_.period != Period::day) return;
    base::for_ranges(threads_, pools_.size(), 1, [&](std::size_t at, std::size_t, std::size_t) {
      const auto pool = static_cast<std::uint32_t>(at);
      if (level_of(pool) == level) build_weekday(pool);
    });
  }

  // Weekday factor: discounted units of this weekday over discounted units that the centred week
  // around each would give.
  void build_weekday(std::uint32_t pool) {
    constexpr int half = weekdays / 2;
    const std::int32_t count = series_.period_count;
    Sums sold(static_cast<std::size_t>(count)), known(static_cast<std::size_t>(count));
    for (std::int32_t t = 0; t < count; ++t) {
      sold.set(static_cast<std::size_t>(t), units(pool, t));
      known.set(static_cast<std::size_t>(t), lines(pool, t));
    }
    std::vector<double> learned(static_cast<std::size_t>(count)), expected(learned),
        weight(learned);
    const double rate = settings_.weekday_rate;
    for (std::int32_t t = 0; t < count; ++t) {
      const auto i = static_cast<std::size_t>(t);
      const double lines_around = known.over(t - half, t + half + 1);
      const double mean = lines_around > 0 ? sold.over(t - half, t + half + 1) / lines_around : 0;
      const bool first = t < weekdays;
      learned[i] = (first ? 0 : (1 - rate) * learned[i - weekdays]) + rate * units(pool, t);
      expected[i] =
          (first ? 0 : (1 - rate) * expected[i - weekdays]) + rate * mean * lines(pool, t);
      weight[i] = (first ? 0 : (1 - rate) * weight[i - weekdays]) + rate;
    }
    for (std::int32_t t = 0; t < static_cast<std::int32_t>(table_count_); ++t) {
      const double parent = parent_value(weekday_, pool, t);
      // The newest day of the same weekday whose centred week may be read.
      const std::int32_t room = newest_for(t) - half;
      std::int32_t same = t - ((t - room + weekdays - 1) / weekdays) * weekdays;
      if (same < 0) {
        weekday_[cell(pool, t)] = parent;
        continue;
      }
      const auto i = static_cast<std::size_t>(same);
      weekday_[cell(pool, t)] =
          shrunk(learned[i], expected[i], expected[i] / weight[i], parent, settings_.weekday);
    }
  }

  // An event of the whole estate is learned down to categories, whose regions share it; one of a
  // region in its leaves.
  bool learns(const Event& event, std::uint32_t pool) const {
    const Pool& p = pools_.pools[pool];
    if (event.category != no_index && p.category != event.category) return false;
    return p.region == event.region;
  }

  void build_event(const Event& event) {
    factor_of_pool_.resize(pools_.size());
    build_event_days(event, event.periods);
    if (!settings_.event_eve) return;
    std::vector<std::int32_t> eves;
    for (const std::int32_t period : event.periods)
      if (!std::binary_search(event.periods.begin(), event.periods.end(), period - 1))
        eves.push_back(period - 1);
    Event eve = event;
    eve.uplift = 1;
    build_event_days(eve, eves);
  }

  void build_event_days(const Event& event, const std::vector<std::int32_t>& periods) {
    for (const std::int32_t period : periods) {
      const std::int32_t t = period - series_.first_period;
      if (t < 0 || t >= static_cast<std::int32_t>(table_count_)) continue;
      weigh_occurrences(periods, t);
      std::fill(factor_of_pool_.begin(), factor_of_pool_.end(), 1.0);
      for (std::uint32_t pool = 0; pool < pools_.size(); ++pool) {
        const std::uint32_t parent = pools_.pools[pool].parent;
        const bool leans = parent != no_index && learns(event, parent);
        if (learns(event, pool))
          factor_of_pool_[pool] =
              event_factor(pool, leans ? factor_of_pool_[parent] : event.uplift);
        else if (leans)
          factor_of_pool_[pool] = factor_of_pool_[parent];
        event_[cell(pool, t)] *= factor_of_pool_[pool];
      }
    }
  }

  // Which earlier occurrences speak for the one at t, and how loudly: per year back the nearest to
  // the anniversary, the more the nearer it is; the others hardly. A kind of day that comes every
  // week or month is learned from all of them.
  void weigh_occurrences(const std::vector<std::int32_t>& periods, std::int32_t t) {
    occurrences_.clear();
    const std::int32_t newest = newest_for(t) - settings_.event_window;
    std::vector<std::size_t> nearest;  // per year back, index into occurrences_ + 1
    for (const std::int32_t period : periods) {
      const std::int32_t s = period - series_.first_period;
      if (s < 0 || s > newest) continue;
      const double age = t - s;
      const auto year = static_cast<std::size_t>(std::floor(age / settings_.year_periods + 0.5));
      const double off = std::abs(age - settings_.year_periods * static_cast<double>(year));
      occurrences_.push_back({s, year, off / settings_.event_tolerance, false});
      if (year >= nearest.size()) nearest.resize(year + 1);
      if (year == 0) continue;
      std::size_t& best = nearest[year];
      if (best == 0 || occurrences_.back().off < occurrences_[best - 1].off)
        best = occurrences_.size();
    }
    for (const std::size_t best : nearest)
      if (best > 0) occurrences_[best - 1].nearest = true;
  }

  double weight_of(const Occurrence& o) const {
    const double near = o.nearest ? 1 / (1 + o.off * o.off) : 0;
    const double years = o.year > 0 ? static_cast<double>(o.year - 1) : 0;
    return std::max(near, settings_.event_other) * std::pow(settings_.event_decay, years);
  }

  // Weighted units on the occurrences over what the days around them would give.
  double event_factor(std::uint32_t pool, double parent) const {
    double learned = 0, expected = 0, weight = 0;
    const int half = settings_.event_window;
    for (const Occurrence& o : occurrences_) {
      double sold = 0, known = 0;
      for (std::int32_t s = std::max(0, o.index - half);
           s <= std::min(series_.period_count - 1, o.index + half); ++s) {
        sold += units(pool, s);
        known += lines(pool, s);
      }
      const double mean = known > 0 ? sold / known : 0;
      const double heard = weight_of(o);
      learned += heard * units(pool, o.index);
      expected += heard * mean * lines(pool, o.index) * weekday_[cell(pool, o.index)];
      weight += heard;
    }
    return shrunk(learned, expected, weight > 0 ? expected / weight : 0, parent, settings_.event);
  }

  // Season: over earlier years, what sold around the same time of year over what the same lines
  // would have sold at the mean of their leaf pool over the year around it. Expectations are summed
  // up from the leaves, so that lines that come and go between pools of different size do not look
  // like a season. Each level of the tree takes the level above out of the means it divides by: the
  // year around may be cut short by the present.
  void build_seasons() {
    clean_.assign(pools_.size(), {});
    base::for_ranges(threads_, pools_.size(), 1, [&](std::size_t pool, std::size_t, std::size_t) {
      clean_[pool] = clean_series(static_cast<std::uint32_t>(pool));
    });
    for (int level = 0; level < levels; ++level) build_season_level(level);
  }

  struct CleanSeries {
    std::vector<double> units, lines;  // periods with a strong event are left out of both
    Sums unit_sums;
  };

  CleanSeries clean_series(std::uint32_t pool) const {
    const auto count = static_cast<std::size_t>(series_.period_count);
    CleanSeries clean{std::vector<double>(count), std::vector<double>(count), Sums(count)};
    for (std::size_t i = 0; i < count; ++i) {
      const auto t = static_cast<std::int32_t>(i);
      const double factor = event_[cell(pool, t)];
      const bool used = factor >= settings_.event_clean_min && factor <= settings_.event_clean_max;
      clean.units[i] = used ? units(pool, t) / factor : 0;
      clean.lines[i] = used ? lines(pool, t) : 0;
      clean.unit_sums.set(i, clean.units[i]);
    }
    return clean;
  }

  // Everything; categories; leaves.
  static constexpr int levels = 3;
  int level_of(std::uint32_t pool) const {
    const Pool& p = pools_.pools[pool];
    return p.parent == no_index ? 0 : p.region == no_index ? 1 : 2;
  }

  // Sums around index s, near periods counting more: weights 1 - |o| / (year_window + 1).
  double around(const std::vector<double>& values, std::int32_t s, std::int32_t newest) const {
    const std::int32_t first = s - settings_.year_window;
    const std::int32_t last =
        std::min({s + settings_.year_window, newest, series_.period_count - 1});
    double sum = 0;
    for (std::int32_t i = std::max(first, 0); i <= last; ++i)
      sum += nearness_[static_cast<std::size_t>(i - first)] * values[static_cast<std::size_t>(i)];
    return sum;
  }

  // Line periods of a leaf, each times the season of the leaf's ancestor above `level`.
  Sums weighted_lines(std::uint32_t leaf, int level) const {
    const auto count = static_cast<std::size_t>(series_.period_count);
    Sums sums(count);
    std::uint32_t above = leaf;
    while (above != no_index && level_of(above) >= level) above = pools_.pools[above].parent;
    for (std::size_t i = 0; i < count; ++i)
      sums.set(i,
               clean_[leaf].lines[i] *
                   (above == no_index ? 1.0 : season_[cell(above, static_cast<std::int32_t>(i))]));
    return sums;
  }

  // The pools of one level of the tree, and the leaves below them.
  struct Level {
    int number;
    std::vector<std::uint32_t> own, leaves, owner;  // to which of its pools each leaf belongs
    std::vector<Sums> line_sums;                    // of each leaf
  };

  Level level_with(int number) const {
    Level level{number, {}, {}, {}, {}};
    for (std::uint32_t pool = 0; pool < pools_.size(); ++pool) {
      if (level_of(pool) == number) level.own.push_back(pool);
      if (level_of(pool) != 2) continue;
      std::uint32_t up = pool;
      while (level_of(up) > number) up = pools_.pools[up].parent;
      level.leaves.push_back(pool);
      level.owner.push_back(up);
      level.line_sums.push_back(weighted_lines(pool, number));
    }
    return level;
  }

  // A period's season needs those of the level above and of no other period.
  void build_season_level(int number) {
    constexpr std::size_t grain = 32;
    const Level level = level_with(number);
    // Nobody leans on a leaf, so that its past is not asked for.
    const std::int32_t first = number == 2 ? std::max(begin_, 0) : 0;
    const std::size_t count = table_count_ - static_cast<std::size_t>(first);
    base::for_ranges(threads_, count, grain, [&](std::size_t begin, std::size_t end, std::size_t) {
      SeasonSums sums(pools_.size());
      for (std::size_t t = begin; t < end; ++t)
        build_season(level, first + static_cast<std::int32_t>(t), sums);
    });
  }

  // One entry per pool.
  struct SeasonSums {
    std::vector<double> learned, hoped, size, expected;
    explicit SeasonSums(std::size_t pools)
        : learned(pools), hoped(pools), size(pools), expected(pools) {}
  };

  void build_season(const Level& level, std::int32_t t, SeasonSums& sums) {
    const Shrinkage by = level.number == 0 ? settings_.year_root : settings_.year_child;
    const auto half_year = static_cast<std::int32_t>(settings_.year_periods / 2);
    auto& [learned, hoped, size, expected] = sums;
    for (auto* values : {&learned, &hoped, &size}) std::fill(values->begin(), values->end(), 0.0);
    const std::int32_t newest = newest_for(t);
    for (int back = 1; back <= settings_.year_count_max; ++back) {
      const auto s = t - static_cast<std::int32_t>(std::floor(settings_.year_periods * back + 0.5));
      const std::int32_t begin = std::max(0, s - half_year);
      const std::int32_t end = std::min(begin + 2 * half_year + 1, newest + 1);
      if (s < 0 || end <= s) continue;
      std::fill(expected.begin(), expected.end(), 0.0);
      for (std::size_t l = 0; l < level.leaves.size(); ++l) {
        const double lines_in_year = level.line_sums[l].over(begin, end);
        if (lines_in_year <= 0) continue;
        const CleanSeries& leaf = clean_[level.leaves[l]];
        expected[level.owner[l]] +=
            leaf.unit_sums.over(begin, end) / lines_in_year * around(leaf.lines, s, newest);
      }
      const double present = static_cast<double>(end - begin) / (2 * half_year + 1);
      const double weight = std::pow(settings_.year_decay, back - 1) * present * present;
      const double width = settings_.year_window + 1;  // sum of the weights of `around`
      for (const std::uint32_t pool : level.own) {
        learned[pool] += weight * around(clean_[pool].units, s, newest) / width;
        hoped[pool] += weight * expected[pool] / width;
        // The latest year that knows anything: after an outage that is not the last one.
        if (size[pool] == 0) size[pool] = expected[pool] / width;
      }
    }
    for (const std::uint32_t pool : level.own)
      season_[cell(pool, t)] =
          shrunk(learned[pool], hoped[pool], size[pool], parent_value(season_, pool, t), by);
  }

  Profiles collect() const {
    Profiles result;
    result.first_period = begin_ + series_.first_period;
    result.period_count = end_ - begin_;
    const std::size_t cells = pools_.size() * static_cast<std::size_t>(result.period_count);
    result.weekday.assign(cells, 1.0f);
    result.common.assign(cells, 1.0f);
    for (std::uint32_t pool = 0; pool < pools_.size(); ++pool)
      for (std::int32_t t = std::max(begin_, 0); t < end_; ++t) {
        const std::size_t to = result.at(pool, t + series_.first_period);
        result.weekday[to] = static_cast<float>(weekday_[cell(pool, t)]);
        result.common[to] = static_cast<float>(season_[cell(pool, t)] * event_[cell(pool, t)]);
      }
    return result;
  }

  const GroupSeries& series_;
  const Pools& pools_;
  const Settings& settings_;
  int threads_;
  std::int32_t begin_, end_, settled_;
  std::size_t table_count_;
  std::vector<double> weekday_, event_, season_;
  std::vector<double> nearness_;  // weights of `around`
  std::vector<double> factor_of_pool_;
  std::vector<Occurrence> occurrences_;
  std::vector<CleanSeries> clean_;
};

}  // namespace

Profiles build_profiles(const GroupSeries& series, const Pools& pools,
                        std::span<const Event> events, const Settings& settings,
                        std::int32_t origin, std::int32_t from, std::int32_t to, int threads) {
  CHECK(series.pool_count == pools.size() && from <= to);
  return Builder(series, pools, settings, origin, from, to, threads).build(events);
}

}  // namespace planner
