#include "planner/demand_oracle.h"

#include <algorithm>
#include <cmath>

#include "base/date.h"

namespace planner::oracle {
namespace {

using Table = std::vector<std::vector<double>>;  // [pool][index]

bool is_below(const Pools& pools, std::uint32_t pool, std::uint32_t ancestor) {
  while (pool != no_index && pool != ancestor) pool = pools.pools[pool].parent;
  return pool == ancestor;
}

bool is_leaf(const Pool& pool) { return pool.region != no_index; }

double shrunk(double learned, double expected, double size, double parent, Shrinkage by) {
  const double weight = by.k * size + by.units;
  return expected + weight > 0 ? (learned + weight * parent) / (expected + weight) : parent;
}

int weekday_of(const Settings& settings, std::int32_t period) {
  return settings.period == Period::day ? base::weekday(base::Date{period}) : 0;
}

class Profiler {
 public:
  Profiler(const PoolSums& sums, const Pools& pools, std::span<const Event> events,
           const Settings& settings, std::int32_t first_period, int settled, int count)
      : sums_(sums),
        pools_(pools),
        events_(events),
        settings_(settings),
        first_period_(first_period),
        settled_(settled),
        count_(count) {}

  PoolFactors build() {
    const auto table = [&] { return Table(pools_.size(), std::vector<double>(count_, 1.0)); };
    factors_ = {table(), table(), table()};
    for (std::uint32_t pool = 0; pool < pools_.size(); ++pool)
      for (int t = 0; t < static_cast<int>(count_); ++t)
        factors_.weekday[pool][t] = weekday(pool, t);
    for (const Event& event : events_) multiply(event);
    for (std::uint32_t pool = 0; pool < pools_.size(); ++pool)
      for (int t = 0; t < static_cast<int>(count_); ++t) factors_.season[pool][t] = season(pool, t);
    return factors_;
  }

 private:
  int newest(int t) const { return std::min(t - raw_periods, settled_); }
  double of_parent(const Table& table, std::uint32_t pool, int t) const {
    const std::uint32_t parent = pools_.pools[pool].parent;
    return parent == no_index ? 1 : table[parent][t];
  }

  // Units per line in the periods around t.
  double mean_around(std::uint32_t pool, int t, int half) const {
    double units = 0, lines = 0;
    for (int s = t - half; s <= t + half; ++s) {
      if (s < 0 || s > settled_) continue;
      units += sums_.units[pool][s];
      lines += sums_.lines[pool][s];
    }
    return lines > 0 ? units / lines : 0;
  }

  double weekday(std::uint32_t pool, int t) const {
    if (settings_.period == Period::week) return 1;
    const double parent = of_parent(factors_.weekday, pool, t);
    int last = t;
    while (last + 3 > newest(t)) last -= 7;
    if (last < 0) return parent;
    double learned = 0, expected = 0, weight = 0, share = settings_.weekday_rate;
    for (int s = last; s >= 0; s -= 7) {
      learned += share * sums_.units[pool][s];
      expected += share * mean_around(pool, s, 3) * sums_.lines[pool][s];
      weight += share;
      share *= 1 - settings_.weekday_rate;
    }
    return shrunk(learned, expected, expected / weight, parent, settings_.weekday);
  }

  void multiply(const Event& event) {
    std::vector<int> days, eves;
    for (const std::int32_t period : event.periods) days.push_back(period - first_period_);
    for (const int day : days)
      if (std::find(days.begin(), days.end(), day - 1) == days.end()) eves.push_back(day - 1);
    multiply(event, days, event.uplift);
    if (settings_.event_eve) multiply(event, eves, 1);
  }

  void multiply(const Event& event, const std::vector<int>& days, double believed) {
    for (const int t : days)
      for (std::uint32_t pool = 0; pool < pools_.size(); ++pool)
        if (t >= 0 && t < static_cast<int>(count_))
          factors_.event[pool][t] *= event_factor(event, days, believed, pool, t);
  }

  double event_factor(const Event& event, const std::vector<int>& days, double believed,
                      std::uint32_t pool, int t) const {
    const Pool& p = pools_.pools[pool];
    const bool right_category = event.category == no_index || event.category == p.category;
    const auto from_parent = [&] { return event_factor(event, days, believed, p.parent, t); };
    if (event.region != no_index) {
      const bool hit = is_leaf(p) && p.region == event.region && right_category;
      return hit ? learned_factor(days, pool, t, believed) : 1;
    }
    if (is_leaf(p)) return from_parent();
    if (!right_category) return 1;
    const bool leans = p.parent != no_index && event.category == no_index;
    return learned_factor(days, pool, t, leans ? from_parent() : believed);
  }

  double learned_factor(const std::vector<int>& days, std::uint32_t pool, int t,
                        double parent) const {
    double learned = 0, expected = 0, weight = 0;
    for (const int s : days) {
      if (s < 0 || s > newest(t) - settings_.event_window) continue;
      const double heard = loudness(days, s, t);
      learned += heard * sums_.units[pool][s];
      expected += heard * mean_around(pool, s, settings_.event_window) * sums_.lines[pool][s] *
                  factors_.weekday[pool][s];
      weight += heard;
    }
    return shrunk(learned, expected, weight > 0 ? expected / weight : 0, parent, settings_.event);
  }

  int years_back(int s, int t) const {
    return static_cast<int>(std::floor((t - s) / settings_.year_periods + 0.5));
  }
  double off_anniversary(int s, int t) const {
    return std::abs((t - s) - settings_.year_periods * years_back(s, t));
  }
  double loudness(const std::vector<int>& days, int s, int t) const {
    const int year = years_back(s, t);
    const double off = off_anniversary(s, t);
    bool nearest = year >= 1;
    for (const int other : days) {
      if (other < 0 || other > newest(t) - settings_.event_window) continue;
      if (years_back(other, t) != year) continue;
      const double other_off = off_anniversary(other, t);
      if (other_off < off || (other_off == off && other < s)) nearest = false;
    }
    const double in_tolerances = off / settings_.event_tolerance;
    double weight = settings_.event_other;
    if (nearest) weight = std::max(weight, 1 / (1 + in_tolerances * in_tolerances));
    for (int y = 1; y < year; ++y) weight *= settings_.event_decay;
    return weight;
  }

  bool is_clean(std::uint32_t pool, int t) const {
    const double factor = factors_.event[pool][t];
    return factor >= settings_.event_clean_min && factor <= settings_.event_clean_max;
  }
  double clean_units(std::uint32_t pool, int t) const {
    return is_clean(pool, t) ? sums_.units[pool][t] / factors_.event[pool][t] : 0;
  }
  double clean_lines(std::uint32_t pool, int t) const {
    return is_clean(pool, t) ? sums_.lines[pool][t] : 0;
  }

  // The mean of a clean series around s, near periods counting more.
  double near(double (Profiler::*series)(std::uint32_t, int) const, std::uint32_t pool, int s,
              int last) const {
    const int width = settings_.year_window + 1;
    double sum = 0;
    for (int i = std::max(0, s - width); i <= std::min(last, s + width); ++i)
      sum += (1 - std::abs(i - s) / static_cast<double>(width)) * (this->*series)(pool, i);
    return sum / width;
  }

  // What the leaves below `pool` would have sold around s at their mean of [begin, end), the season
  // of the pool's parent taken out of that mean.
  double expected_around(std::uint32_t pool, int s, int begin, int end, int last) const {
    double expected = 0;
    for (std::uint32_t leaf = 0; leaf < pools_.size(); ++leaf) {
      if (!is_leaf(pools_.pools[leaf]) || !is_below(pools_, leaf, pool)) continue;
      double units = 0, lines = 0;
      for (int i = begin; i < end; ++i) {
        units += clean_units(leaf, i);
        lines += clean_lines(leaf, i) * of_parent(factors_.season, pool, i);
      }
      if (lines > 0) expected += units / lines * near(&Profiler::clean_lines, leaf, s, last);
    }
    return expected;
  }

  double season(std::uint32_t pool, int t) const {
    const auto half_year = static_cast<int>(settings_.year_periods / 2);
    const int full_year = 2 * half_year + 1;
    double learned = 0, hoped = 0, size = 0;
    for (int back = 1; back <= settings_.year_count_max; ++back) {
      const int s = t - static_cast<int>(std::floor(settings_.year_periods * back + 0.5));
      const int begin = std::max(0, s - half_year);
      const int end = std::min(begin + full_year, newest(t) + 1);
      if (s < 0 || end <= s) continue;
      const double expected = expected_around(pool, s, begin, end, newest(t));
      const double share = (end - begin) / static_cast<double>(full_year);
      const double weight = std::pow(settings_.year_decay, back - 1) * share * share;
      learned += weight * near(&Profiler::clean_units, pool, s, newest(t));
      hoped += weight * expected;
      if (size == 0) size = expected;
    }
    const bool root = pools_.pools[pool].parent == no_index;
    return shrunk(learned, hoped, size, of_parent(factors_.season, pool, t),
                  root ? settings_.year_root : settings_.year_child);
  }

  const PoolSums& sums_;
  const Pools& pools_;
  std::span<const Event> events_;
  const Settings& settings_;
  std::int32_t first_period_;
  int settled_;
  std::size_t count_;
  PoolFactors factors_;
};

// The state is kept in single precision; every sum is rounded when it is stored.
template <class Sum>
void discount(Sum& sum, double rate, double value) {
  sum =
      static_cast<float>((1 - rate) * static_cast<double>(static_cast<float>(sum)) + rate * value);
}

// The weight that a discounted sum of n ones has gathered.
double gathered(double rate, double n) { return 1 - std::pow(1 - rate, n); }

double weekday_factor(const Settings& settings, const LineState& state, double pool, int weekday) {
  if (settings.period == Period::week || state.known_count < 7) return pool;
  double sum = 0, count = 0;
  for (int day = 0; day < 7; ++day) {
    if (!state.own_weekday.learned(day)) continue;
    sum += state.own_weekday.units(day);
    count += 1;
  }
  if (sum <= 0 || !state.own_weekday.learned(weekday)) return pool;
  const double own = state.own_weekday.units(weekday) / (sum / count);
  const double weight = gathered(settings.own_weekday_rate, state.known_count / 7.0);
  return (weight * own + settings.own_weekday_k * pool) / (weight + settings.own_weekday_k);
}

// The mean of a weekday, older weeks counting less; the first sight of it is all that is known.
void learn_weekday(const Settings& settings, LineState& state, double sold, int weekday) {
  double mean = sold;
  if (state.own_weekday.learned(weekday)) {
    const double before = state.own_weekday.units(weekday);
    const int weeks = std::max(1, state.known_count / 7);
    const double share = settings.own_weekday_rate / gathered(settings.own_weekday_rate, weeks + 1);
    mean = before + share * (sold - before);
  }
  state.own_weekday.set(weekday, mean, state.own_weekday.total());
}

double variance(const Settings& settings, double mean, double ratio, int ahead) {
  const double one =
      ratio * mean * (settings.dispersion_linear + settings.dispersion_quadratic * mean);
  const double grown =
      (settings.horizon_base + settings.horizon_growth * (ahead - 1)) * mean * mean;
  return std::max(one + grown, 1.02 * mean);
}

void learn_level(const Settings& settings, LineState& state, double units, double factor,
                 bool only_upwards) {
  const double weight =
      std::pow(std::max(factor, settings.level_factor_min), -settings.level_factor_power);
  for (std::size_t r = 0; r < rates_max; ++r) {
    const double own = static_cast<double>(state.level_units[r]);
    const double over = static_cast<double>(state.level_factors[r]);
    if (only_upwards && over > 0 && units * over <= factor * own) continue;
    discount(state.level_units[r], settings.level_rate[r], weight * units);
    discount(state.level_factors[r], settings.level_rate[r], weight * factor);
  }
}

void learn_dispersion(const Settings& settings, LineState& state, double units, double mean) {
  const double hoped = std::max(mean, settings.mean_min);
  const double usual = hoped * (settings.dispersion_linear + settings.dispersion_quadratic * hoped);
  const double error = (units - mean) * (units - mean) / usual;
  discount(state.dispersion, settings.dispersion_rate,
           std::min(error, settings.dispersion_error_max));
  if (state.error_count < 65535) ++state.error_count;
}

void step(const Settings& settings, LineState& state, const Observation& seen,
          const Factors& factors, int weekday) {
  const bool never_sold = level(settings, state, 0) <= 0 && state.known_count == 0;
  if (seen.seen == Seen::unknown || (never_sold && seen.units == 0)) return;
  const double common = static_cast<double>(factors.common);
  const double factor =
      weekday_factor(settings, state, static_cast<double>(factors.weekday), weekday) * common;
  const double mean = level(settings, state, 0) * factor;
  const double units = seen.units;
  if (seen.seen == Seen::promoted) {
    if (never_sold) return;
    discount(state.promotion_units, settings.promotion_rate, units);
    discount(state.promotion_expected, settings.promotion_rate, mean);
  }
  if (seen.seen == Seen::censored && units > mean)
    learn_level(settings, state, units, factor, true);
  if (seen.seen != Seen::full) return;
  learn_level(settings, state, units, factor, false);
  if (!never_sold) learn_dispersion(settings, state, units, mean);
  if (settings.period == Period::day && common >= settings.own_factor_min)
    learn_weekday(settings, state, units / common, weekday);
  if (state.known_count < 65535) ++state.known_count;
}

bool is_closed(std::span<const std::int32_t> closed, std::int32_t period) {
  return std::find(closed.begin(), closed.end(), period) != closed.end();
}

}  // namespace

Diary observe(const History& history, std::size_t line) {
  Diary diary;
  for (std::int32_t t = history.first_period; t <= history.last_period; ++t) {
    const auto column = static_cast<std::size_t>(t - history.first_period);
    const bool known =
        history.known[history.line_mask[line] * static_cast<std::size_t>(history.table_periods) +
                      column] != 0;
    const bool sold_nothing = known && (history.line_to.empty() || t <= history.line_to[line]);
    diary.push_back({0, sold_nothing ? Seen::full : Seen::unknown});
    for (std::uint64_t row = history.row_begin[line]; row < history.row_begin[line + 1]; ++row) {
      if (!known || history.row_period[row] != t) continue;
      diary.back() = {std::max(history.row_units[row], 0), Seen::full};
      if (history.row_flags[row] & row_promoted) diary.back().seen = Seen::promoted;
      if (history.row_flags[row] & row_censored)
        diary.back() = diary.back().seen == Seen::promoted
                           ? Observation{}
                           : Observation{diary.back().units, Seen::censored};
    }
    for (std::size_t p = 0; p < history.promotions.size(); ++p) {
      if (p < history.promotion_begin[line] || p >= history.promotion_begin[line + 1]) continue;
      const Promotion& promotion = history.promotions[p];
      if (t < promotion.from_period || t > promotion.to_period) continue;
      if (diary.back().seen == Seen::full) diary.back().seen = Seen::promoted;
      if (diary.back().seen == Seen::censored) diary.back() = {};
    }
  }
  return diary;
}

std::int32_t kept(std::int32_t units) {
  if (units <= 8192) return units;
  std::int32_t step = 8;
  while (units >= 2048 * step) step *= 2;
  const std::int32_t below = units / step * step;
  return std::min(units - below < step - units + below ? below : below + step, 2'096'128);
}

Diary kept(Diary diary) {
  for (Observation& seen : diary) seen.units = kept(seen.units);
  return diary;
}

PoolSums sum_pools(const std::vector<Diary>& diaries, const Pools& pools) {
  const std::size_t count = diaries.empty() ? 0 : diaries[0].size();
  const Table zero(pools.size(), std::vector<double>(count, 0.0));
  PoolSums sums{zero, zero};
  for (std::uint32_t pool = 0; pool < pools.size(); ++pool)
    for (std::size_t line = 0; line < diaries.size(); ++line) {
      if (!is_below(pools, pools.leaf[line], pool)) continue;
      bool begun = false;
      for (std::size_t t = 0; t < count; ++t) {
        const Seen seen = diaries[line][t].seen;
        if (diaries[line][t].units > 0 && (seen == Seen::full || seen == Seen::censored))
          begun = true;
        if (!begun || seen != Seen::full) continue;
        sums.units[pool][t] += diaries[line][t].units;
        sums.lines[pool][t] += 1;
      }
    }
  return sums;
}

Factors PoolFactors::of(std::uint32_t pool, std::size_t index) const {
  return {static_cast<float>(weekday[pool][index]),
          static_cast<float>(season[pool][index] * event[pool][index])};
}

PoolFactors profiles(const PoolSums& sums, const Pools& pools, std::span<const Event> events,
                     const Settings& settings, std::int32_t first_period, std::int32_t origin,
                     std::int32_t to) {
  return Profiler(sums, pools, events, settings, first_period, origin - raw_periods - first_period,
                  to - first_period + 1)
      .build();
}

LineState fold(const Settings& settings, std::span<const Observation> seen,
               std::span<const Factors> factors, std::int32_t first_period) {
  LineState state;
  for (std::size_t t = 0; t < seen.size(); ++t) {
    const std::int32_t period = first_period + static_cast<std::int32_t>(t);
    step(settings, state, seen[t], factors[t], weekday_of(settings, period));
  }
  return state;
}

double level(const Settings& settings, const LineState& state, double prior) {
  double blended = 0;
  for (std::size_t r = 0; r < rates_max; ++r) {
    double weight = 0;
    if (prior > 0)
      weight = static_cast<double>(
          static_cast<float>(std::max(settings.level_prior * settings.level_rate[r] *
                                          std::pow(1 - settings.level_rate[r], state.known_count),
                                      settings.level_prior_min)));
    const double units = static_cast<double>(state.level_units[r]) + weight * prior;
    const double factors = static_cast<double>(state.level_factors[r]) + weight;
    if (factors > 0) blended += settings.level_weight[r] * (units / factors);
  }
  return blended;
}

Oracle::Oracle(const History& history, const Pools& pools, std::span<const Event> events, Kin kin,
               const Settings& settings, std::int32_t horizon)
    : history_(history), pools_(pools), kin_(kin), settings_(settings) {
  for (std::size_t line = 0; line < history.line_count; ++line)
    diaries_.push_back(oracle::observe(history, line));
  std::vector<Diary> kept_diaries;
  for (const Diary& diary : diaries_) kept_diaries.push_back(kept(diary));
  sums_ = oracle::sum_pools(kept_diaries, pools);
  factors_ = profiles(sums_, pools, events, settings, history.first_period, history.last_period,
                      history.last_period + horizon);
  for (std::size_t line = 0; line < diaries_.size(); ++line) {
    const Diary& diary = kept_diaries[line];
    std::vector<Factors> factors;
    for (std::size_t t = 0; t < diary.size(); ++t)
      factors.push_back(factors_.of(pools.leaf[line], t));
    const std::size_t raw = std::min<std::size_t>(raw_periods, diary.size());
    current_.push_back(fold(settings, diary, factors, history.first_period));
    settled_.push_back(
        fold(settings, std::span(diary).first(diary.size() - raw), factors, history.first_period));
  }
  for (std::size_t line = 0; line < diaries_.size(); ++line) prior_.push_back(prior_of(line));
}

float Oracle::prior_of(std::size_t line) const {
  const std::uint32_t like = kin_.like_line[line];
  if (like != no_index && current_[like].known_count > 0)
    return static_cast<float>(level(settings_, current_[like], 0));
  const auto mean_where = [&](auto&& is_kin, double& count) {
    double sum = 0;
    for (std::size_t other = 0; other < current_.size(); ++other) {
      if (current_[other].known_count == 0 || !is_kin(other)) continue;
      sum += level(settings_, current_[other], 0);
      ++count;
    }
    return count > 0 ? sum / count : 0;
  };
  double count = 0;
  const double product = mean_where(
      [&](std::size_t other) { return kin_.product[other] == kin_.product[line]; }, count);
  if (count > 0) return static_cast<float>(product);
  return static_cast<float>(mean_where(
      [&](std::size_t other) { return pools_.leaf[other] == pools_.leaf[line]; }, count));
}

double Oracle::pool_uplift(std::uint32_t pool) const {
  double sold = 0, expected = 0;
  for (std::size_t line = 0; line < current_.size(); ++line) {
    if (!is_below(pools_, pools_.leaf[line], pool)) continue;
    sold += static_cast<double>(current_[line].promotion_units);
    expected += static_cast<double>(current_[line].promotion_expected);
  }
  const std::uint32_t parent = pools_.pools[pool].parent;
  const double above = parent == no_index ? 1 : pool_uplift(parent);
  const double weight = settings_.promotion_pool_units * settings_.promotion_rate;
  return (sold + weight * above) / (expected + weight);
}

double Oracle::announced_or_learned(std::size_t line, const Promotion& promotion) const {
  const double announced =
      promotion.uplift > 0 ? static_cast<double>(promotion.uplift) : pool_uplift(pools_.leaf[line]);
  const double weight = settings_.promotion_units * settings_.promotion_rate;
  return (static_cast<double>(current_[line].promotion_units) + weight * announced) /
         (static_cast<double>(current_[line].promotion_expected) + weight);
}

Moments Oracle::in(std::size_t line, std::int32_t period, std::span<const Promotion> promotions,
                   std::span<const std::int32_t> closed) const {
  if (is_closed(closed, period)) return {0, 0};
  const LineState& state = current_[line];
  const Factors pool =
      factors_.of(pools_.leaf[line], static_cast<std::size_t>(period - history_.first_period));
  double factor = weekday_factor(settings_, state, static_cast<double>(pool.weekday),
                                 weekday_of(settings_, period)) *
                  static_cast<double>(pool.common);
  const auto running = std::find_if(promotions.begin(), promotions.end(), [&](const Promotion& p) {
    return p.from_period <= period && period <= p.to_period;
  });
  if (running != promotions.end()) factor *= announced_or_learned(line, *running);
  const double mean = level(settings_, state, static_cast<double>(prior(line))) * factor;
  const double ratio =
      (static_cast<double>(state.dispersion) + settings_.dispersion_prior) /
      (gathered(settings_.dispersion_rate, state.error_count) + settings_.dispersion_prior);
  return {mean, variance(settings_, mean, ratio, period - history_.last_period)};
}

Moments Oracle::over(std::size_t line, std::int32_t from, std::int32_t to,
                     std::span<const Promotion> promotions,
                     std::span<const std::int32_t> closed) const {
  Moments sum;
  for (std::int32_t t = from; t < to; ++t) {
    const Moments one = in(line, t, promotions, closed);
    sum.mean += one.mean;
    sum.variance += one.variance;
    for (std::int32_t other = from; other < to; ++other)
      if (other != t)
        sum.variance +=
            settings_.level_variance * one.mean * in(line, other, promotions, closed).mean;
  }
  return sum;
}

}  // namespace planner::oracle
