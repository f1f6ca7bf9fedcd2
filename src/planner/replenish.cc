#include "planner/replenish.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

#include "base/result.h"
#include "planner/instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace planner {
namespace {

constexpr std::int32_t no_limit = std::numeric_limits<std::int32_t>::max();

constexpr double units_max = 2e9;
// By which rounding errors may make a need.
constexpr double short_tolerance = 1e-9;

// Rounds towards zero, where floor() would be a call.
std::int32_t whole(double units) {
  return static_cast<std::int32_t>(std::clamp(units, 0.0, units_max));
}

// What is gone and what is there when the order arrives.
struct Arrival {
  Gone gone;
  double available;  // all units made available until then
  double waste;      // of them, expected to expire before the next arrival
};

// Walks from the origin to the arrival through receipts and expiries in their order, then looks at
// what expires until the next arrival. It stops at every question about a bounded gamma.
class Walk {
 public:
  Walk(const Demand::Line& demand, Moments until_arrival, std::int32_t origin,
       const Position& position, const Settings& settings)
      : demand_(&demand),
        position_(&position),
        until_arrival_(until_arrival),
        gone_(settings.level_variance),
        available_(std::max(position.on_hand_units, 0)),
        first_(origin + 1),
        now_(first_) {}

  // The next question. False: there is none left.
  bool ask(BoundedAsk& question) {
    while (true) switch (next_) {
        case Step::sell:
          next_ = Step::event;
          stop_ = next_stop();
          if (stop_ <= now_) break;
          stretch_ = now_ == first_ && stop_ == position_->on_shelf ? until_arrival_
                                                                    : demand_->over(now_, stop_);
          now_ = stop_;
          question = gone_.ask_sale(stretch_, available_);
          pending_ = Step::sell;
          return true;
        case Step::event:
          if (!meet_event(question)) break;
          pending_ = Step::event;
          return true;
        case Step::settle:
          next_ = Step::sell;
          pending_ = Step::settle;
          question = settling_;
          return true;
        case Step::waste:
          if (!next_waste(question)) return false;
          pending_ = Step::waste;
          return true;
      }
  }

  void tell(const Bounded& answer) {
    switch (pending_) {
      case Step::sell:
        return gone_.sold(stretch_, available_, answer);
      case Step::event:
        settling_ = gone_.expired(std::min(dated_, available_), answer);
        next_ = Step::settle;
        return;
      case Step::settle:
        return gone_.settled(answer);
      case Step::waste:
        waste_ = std::max(waste_, dated_ - gone_.certain() - answer.moments.mean);
    }
  }

  Arrival arrival() const { return {gone_, available_, waste_}; }

 private:
  enum class Step : std::uint8_t { sell, event, settle, waste };

  bool has_receipt() const {
    return receipt_ < position_->receipts.size() &&
           position_->receipts[receipt_].period < position_->on_shelf;
  }
  bool has_batch() const {
    return batch_ < position_->batches.size() &&
           position_->batches[batch_].last_period < position_->on_shelf;
  }
  // Goods expire at the close of their last period, before the next period's receipts.
  bool batch_is_next() const {
    return has_batch() && (!has_receipt() || position_->batches[batch_].last_period <
                                                 position_->receipts[receipt_].period);
  }
  std::int32_t next_stop() const {
    if (batch_is_next()) return position_->batches[batch_].last_period + 1;
    return has_receipt() ? position_->receipts[receipt_].period : position_->on_shelf;
  }

  // Takes what happens at the stop; true with a question.
  bool meet_event(BoundedAsk& question) {
    next_ = Step::sell;
    if (batch_is_next()) {
      const std::int32_t last = position_->batches[batch_].last_period;
      for (; batch_ < position_->batches.size() && position_->batches[batch_].last_period == last;
           ++batch_)
        dated_ += position_->batches[batch_].units;
      const double units = std::min(dated_, available_);
      if (units <= gone_.certain()) return false;
      question = gone_.ask_expiry(units);
      return true;
    }
    if (has_receipt())
      available_ += position_->receipts[receipt_++].units;
    else
      next_ = Step::waste;
    return false;
  }

  bool next_waste(BoundedAsk& question) {
    if (batch_ == position_->batches.size()) return false;
    const Batch& batch = position_->batches[batch_];
    if (batch.last_period >= position_->next_on_shelf - 1) return false;
    ++batch_;
    dated_ += batch.units;
    question = {gone_.with(demand_->over(position_->on_shelf, batch.last_period + 1)),
                dated_ - gone_.certain()};
    return true;
  }

  const Demand::Line* demand_ = nullptr;
  const Position* position_ = nullptr;
  Moments until_arrival_;
  Gone gone_;
  double available_ = 0;
  double dated_ = 0;  // units of the batches met so far
  double waste_ = 0;
  std::size_t receipt_ = 0, batch_ = 0;
  std::int32_t first_ = 0, now_ = 0, stop_ = 0;
  Moments stretch_;
  BoundedAsk settling_;
  Step next_ = Step::sell, pending_ = Step::sell;
};

// Units due within the interval.
std::int64_t due_in_interval(const Position& position) {
  std::int64_t units = 0;
  for (const Receipt& receipt : position.receipts)
    if (receipt.period >= position.on_shelf && receipt.period < position.next_on_shelf)
      units += receipt.units;
  return units;
}

Replenishment order_without_stock_record(Moments interval, const Position& position) {
  Replenishment result;
  result.expected_demand = interval.mean;
  result.demand_variance = interval.variance;
  result.need_units = whole(interval.mean - static_cast<double>(due_in_interval(position)));
  result.order_up_to = result.need_units;
  const std::int32_t multiple = position.order_multiple_units;
  result.units = result.need_units / multiple * multiple;
  if (position.order_units_max > 0)
    result.units = std::min(result.units, position.order_units_max / multiple * multiple);
  return result;
}

// Lines whose questions are answered together, and those that kernels take together at most.
constexpr std::size_t block_lines = 128, lanes = 8;

// Lines with a stock record on their way to an order, one entry per line; those of similar demand
// stand side by side.
struct OrderColumns {
  // A few more than lines, so that columns are not multiples of a page apart: what is written to
  // one would hold up who reads the next.
  template <class Number>
  using Of = std::array<Number, block_lines + lanes>;

  Of<double> mean, variance;  // of demand in the interval
  Of<double> level;           // of its quantile
  Of<double> available;       // all units made available until the goods arrive
  Of<double> waste;           // of them, expected to expire before the next arrival
  Of<double> due;             // within the interval
  Of<double> usable;          // available and due, but for the waste
  Of<double> presentation;
  // What is gone by then; see Gone.
  Of<double> certain, rest_mean, rest_variance, wanted_mean, wanted_variance, follows;
  Of<double> gone;                    // expected
  Of<double> steady;                  // beyond `certain`, as good as gone
  Of<double> ask_mean, ask_variance;  // of what is gone beyond, with demand in the interval
  Of<std::int32_t> target;            // its quantile
  // What should be there, of all that was ever available.
  Of<double> for_demand, for_presentation;
  Of<std::int32_t> need, order_up_to;
  Of<std::int64_t> capped;  // not 0: an empty shelf's need is looked at

  void set_gone(std::size_t k, const Gone& by_arrival) {
    certain[k] = by_arrival.certain();
    rest_mean[k] = by_arrival.rest().mean;
    rest_variance[k] = by_arrival.rest().variance;
    wanted_mean[k] = by_arrival.wanted().mean;
    wanted_variance[k] = by_arrival.wanted().variance;
    follows[k] = by_arrival.follows();
  }
  // Nothing is gone by then, in the first `count` places.
  void set_nothing_gone(std::size_t count) {
    for (auto* column :
         {&certain, &rest_mean, &rest_variance, &wanted_mean, &wanted_variance, &follows, &waste})
      std::fill_n(column->begin(), count, 0);
  }
  // A place that no line has, of which kernels may be told.
  void leave_empty(std::size_t k) {
    mean[k] = variance[k] = available[k] = due[k] = presentation[k] = 0;
    target[k] = 0;
  }
};

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/replenish_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#define PACK_AVX2
#include "planner/replenish_kernel.inc"
#undef PACK_AVX2
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#define PACK_AVX512
#include "planner/replenish_kernel.inc"
#undef PACK_AVX512
}  // namespace avx512
#pragma GCC pop_options
#endif

struct Kernels {
  decltype(&plain::aim) aim;
  decltype(&plain::weigh) weigh;
  decltype(&plain::conclude) conclude;
};

Kernels kernels_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return {avx512::aim, avx512::weigh, avx512::conclude};
  if (registers == Registers::avx2) return {avx2::aim, avx2::weigh, avx2::conclude};
#endif
  (void)registers;
  return {plain::aim, plain::weigh, plain::conclude};
}

// Room for so many of a kind, made one by one: nothing is filled in advance, nothing destroyed.
template <class Kind, std::size_t capacity>
class Slots {
 public:
  static_assert(std::is_trivially_destructible_v<Kind>);
  template <class... With>
  Kind& make(std::size_t at, const With&... with) {
    return *new (bytes_.data() + at * sizeof(Kind)) Kind(with...);
  }
  Kind& operator[](std::size_t at) {
    return *std::launder(reinterpret_cast<Kind*>(bytes_.data() + at * sizeof(Kind)));
  }

 private:
  alignas(Kind) std::array<std::byte, capacity * sizeof(Kind)> bytes_;
};

// Up to block_lines lines, from their positions to their orders.
class Block {
 public:
  Block(std::span<const Demand::Line> demand, std::int32_t origin,
        std::span<const Position> positions, const Settings& settings,
        std::span<Replenishment> results)
      : demand_(demand),
        positions_(positions),
        results_(results),
        settings_(settings),
        origin_(origin) {}

  void run() {
    split_demand();
    sort();
    begin();
    go_to_arrival();
    ask_target();
    ask_empty_shelf();
    kernels_for(registers_in_use).conclude(orders_, padded());
    ask_life();
    for (std::size_t k = 0; k < count_; ++k) finish(k);
  }

 private:
  template <class Number>
  using Of = OrderColumns::Of<Number>;

  // Demand before and after each arrival, in the order of the positions.
  void split_demand() {
    const std::size_t count = positions_.size();
    Of<std::int32_t> middle, end;
    for (std::size_t i = 0; i < count; ++i) {
      const Position& position = positions_[i];
      CHECK(origin_ < position.on_shelf && position.on_shelf < position.next_on_shelf);
      middle[i] = position.on_shelf;
      end[i] = position.next_on_shelf;
    }
    Demand::Line::over(
        demand_, origin_ + 1,
        {std::span(middle).first(count), std::span(end).first(count),
         std::span(before_mean_).first(count), std::span(before_variance_).first(count),
         std::span(after_mean_).first(count), std::span(after_variance_).first(count)});
  }

  // Gives lines of similar demand places side by side, so that they need as many steps; answers
  // those without a stock record.
  void sort() {
    constexpr std::size_t buckets = 64;
    std::array<std::uint16_t, buckets + 1> begin{};
    Of<std::uint8_t> bucket;
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      if (!positions_[i].stock_known) {
        results_[i] =
            order_without_stock_record({after_mean_[i], after_variance_[i]}, positions_[i]);
        bucket[i] = buckets;
        continue;
      }
      bucket[i] = bucket_of(after_mean_[i]);
      ++begin[bucket[i] + std::size_t{1}];
    }
    for (std::size_t b = 1; b <= buckets; ++b)
      begin[b] = static_cast<std::uint16_t>(begin[b] + begin[b - 1]);
    count_ = begin[buckets];
    for (std::size_t i = 0; i < positions_.size(); ++i)
      if (bucket[i] < buckets) line_[begin[bucket[i]]++] = static_cast<std::uint16_t>(i);
  }
  // Four for each power of two from a quarter of a unit on.
  static std::uint8_t bucket_of(double mean) {
    constexpr int dropped_bits = 21;
    constexpr std::int32_t first = std::bit_cast<std::int32_t>(0.25f) >> dropped_bits;
    const std::int32_t place =
        std::bit_cast<std::int32_t>(static_cast<float>(mean)) >> dropped_bits;
    return static_cast<std::uint8_t>(std::clamp(place - first, 0, 63));
  }

  void begin() {
    orders_.set_nothing_gone(padded());
    for (std::size_t k = count_; k < padded(); ++k) orders_.leave_empty(k);
    for (std::size_t k = 0; k < count_; ++k) {
      const std::size_t i = line_[k];
      const Position& position = positions_[i];
      orders_.mean[k] = after_mean_[i];
      orders_.variance[k] = after_variance_[i];
      orders_.level[k] = position.service_level;
      orders_.available[k] = std::max(position.on_hand_units, 0);
      orders_.due[k] = static_cast<double>(due_in_interval(position));
      orders_.presentation[k] = position.presentation_units_min;
      if (position.life_periods > 0) fresh_line_[fresh_++] = static_cast<std::uint16_t>(k);
      const bool walks = !nothing_on_the_way(position);
      straight_line_[straight_] = static_cast<std::uint16_t>(k);
      straight_ += !walks && position.on_shelf > origin_ + 1;
      if (!walks) continue;
      const Moments before{before_mean_[i], before_variance_[i]};
      walks_.make(walking_, demand_[i], before, origin_, position, settings_);
      walking_line_[walking_++] = static_cast<std::uint16_t>(k);
    }
  }
  // Places that kernels are told of.
  std::size_t padded() const { return (count_ + lanes - 1) / lanes * lanes; }

  // Whether one stock is sold from until the goods arrive, and does not expire.
  static bool nothing_on_the_way(const Position& position) {
    return position.batches.empty() &&
           (position.receipts.empty() || position.receipts.front().period >= position.on_shelf);
  }

  // Lines whose way is one stretch ask their only question beside the first ones of the others.
  void go_to_arrival() {
    std::size_t straight = straight_, open = walking_;
    for (std::size_t j = 0; j < straight; ++j) {
      const std::size_t k = straight_line_[j], i = line_[k];
      questions_[j] = {{before_mean_[i], before_variance_[i]}, orders_.available[k]};
    }
    for (std::size_t w = 0; w < open; ++w) open_[w] = static_cast<std::uint16_t>(w);
    while (straight + open > 0) {
      std::size_t still = 0;
      for (std::size_t w = 0; w < open; ++w)
        if (walks_[open_[w]].ask(questions_[straight + still])) open_[still++] = open_[w];
      open = still;
      bounded(std::span(questions_).first(straight + open), bounds_);
      for (std::size_t j = 0; j < straight; ++j) go_straight(straight_line_[j], bounds_[j]);
      for (std::size_t w = 0; w < open; ++w) walks_[open_[w]].tell(bounds_[straight + w]);
      straight = 0;
    }
    for (std::size_t w = 0; w < walking_; ++w) {
      const std::size_t k = walking_line_[w];
      const Arrival arrival = walks_[w].arrival();
      orders_.set_gone(k, arrival.gone);
      orders_.available[k] = arrival.available;
      orders_.waste[k] = arrival.waste;
    }
  }
  void go_straight(std::size_t k, const Bounded& answer) {
    const std::size_t i = line_[k];
    Gone gone(settings_.level_variance);
    gone.sold({before_mean_[i], before_variance_[i]}, orders_.available[k], answer);
    orders_.set_gone(k, gone);
  }

  void ask_target() {
    const Kernels kernels = kernels_for(registers_in_use);
    kernels.aim(orders_, padded(), settings_.level_variance);
    quantiles({orders_.ask_mean.data(), orders_.ask_variance.data(), orders_.level.data()},
              std::span(orders_.target).first(count_));
    kernels.weigh(orders_, padded());
  }

  // No stock makes a need larger than an empty shelf would: two moments of what is gone can say so.
  void ask_empty_shelf() {
    Of<double> mean, variance, level;
    Of<std::int32_t> answers;
    Of<std::uint16_t> line;
    std::size_t count = 0;
    for (std::size_t k = 0; k < count_; ++k) {
      line[count] = static_cast<std::uint16_t>(k);
      mean[count] = orders_.mean[k];
      variance[count] = orders_.variance[k];
      level[count] = orders_.level[k];
      count += orders_.capped[k] != 0;
    }
    quantiles({mean.data(), variance.data(), level.data()}, std::span(answers).first(count));
    for (std::size_t c = 0; c < count; ++c) {
      const std::size_t k = line[c];
      orders_.for_demand[k] = at_most_empty(k, orders_.for_demand[k], answers[c]);
    }
  }
  double at_most_empty(std::size_t k, double target, std::int32_t of_empty) const {
    return std::min(target, orders_.usable[k] - orders_.due[k] + of_empty);
  }

  // How much of dated goods may be there.
  void ask_life() {
    std::array<QuantileAsk, 2 * block_lines> asks;
    std::array<std::int32_t, 2 * block_lines> answers;
    std::size_t count = 0, asking = 0;
    for (std::size_t f = 0; f < fresh_; ++f) {
      const std::size_t k = fresh_line_[f], i = line_[k];
      if (orders_.need[k] == 0) continue;
      const Position& position = positions_[i];
      const Moments within_life =
          demand_[i].over(position.on_shelf, position.on_shelf + position.life_periods);
      asks[count++] = {beyond_gone(k, within_life), position.life_level};
      if (orders_.gone[k] > 0) asks[count++] = {within_life, position.life_level};
      fresh_line_[asking++] = static_cast<std::uint16_t>(k);
    }
    quantiles(std::span(asks).first(count), answers);
    for (std::size_t f = 0, next = 0; f < asking; ++f) {
      const std::size_t k = fresh_line_[f];
      double within_life = orders_.certain[k] + orders_.steady[k] + answers[next++];
      if (orders_.gone[k] > 0) within_life = at_most_empty(k, within_life, answers[next++]);
      within_life_[k] = within_life - orders_.usable[k];
    }
  }
  Moments beyond_gone(std::size_t k, Moments demand) const {
    return {orders_.rest_mean[k] + demand.mean - orders_.steady[k],
            orders_.rest_variance[k] + demand.variance +
                2 * settings_.level_variance * orders_.follows[k] * demand.mean};
  }

  void finish(std::size_t k) {
    const Position& position = positions_[line_[k]];
    Replenishment& result = results_[line_[k]];
    const double gone = orders_.gone[k];
    result.expected_demand = orders_.mean[k];
    result.demand_variance = orders_.variance[k];
    result.expected_on_hand = orders_.available[k] - gone;
    result.raised_to_presentation = orders_.for_presentation[k] > orders_.for_demand[k];
    result.need_units = orders_.need[k];
    result.order_up_to = orders_.order_up_to[k];
    result.for_demand_units = orders_.for_demand[k] - gone;
    result.waste_units = orders_.waste[k];
    result.units = result.cut_units = 0;
    result.limit = Limit::none;
    result.room_units = -1;
    result.runs_empty = false;
    if (result.need_units == 0) return;

    Room room;
    if (position.life_periods > 0) room.lower(within_life_[k], Limit::life);
    if (position.shelf_units_max > 0)
      room.lower(position.shelf_units_max - result.expected_on_hand - orders_.due[k], Limit::shelf);
    if (position.order_units_max > 0) room.lower(position.order_units_max, Limit::order_max);
    result.runs_empty = orders_.usable[k] - gone < orders_.mean[k];
    round(position, room, result);
  }

  // What the limits leave to an order.
  struct Room {
    std::int32_t units = no_limit;
    Limit limit = Limit::none;

    void lower(double to, Limit why) {
      if (to >= units) return;
      units = whole(to);
      limit = why;
    }
  };
  static void round(const Position& position, Room room, Replenishment& result) {
    const std::int32_t multiple = position.order_multiple_units;
    // No order is larger than its maximum, not even a single multiple.
    const bool one_is_allowed =
        position.order_units_max == 0 || multiple <= position.order_units_max;
    if (room.units != no_limit) result.room_units = room.units;
    result.units = round_to_multiple(result.need_units, multiple, room.units,
                                     result.runs_empty && one_is_allowed);
    result.cut_units = std::max(0, result.need_units - result.units);
    if (result.cut_units > 0) result.limit = room.limit;
  }

  std::span<const Demand::Line> demand_;
  std::span<const Position> positions_;
  std::span<Replenishment> results_;
  const Settings& settings_;
  std::int32_t origin_;
  // In the order of the positions.
  Of<double> before_mean_, before_variance_, after_mean_, after_variance_;
  // In the order of their places: lines with a stock record, by their places in the positions, and
  // the way they go.
  std::size_t count_ = 0, straight_ = 0, walking_ = 0, fresh_ = 0;
  Of<std::uint16_t> line_, straight_line_, walking_line_, fresh_line_, open_;
  OrderColumns orders_;
  Of<double> within_life_;  // room that the life of the goods leaves
  Slots<Walk, block_lines> walks_;
  Of<BoundedAsk> questions_;
  Of<Bounded> bounds_;
};

}  // namespace

BoundedAsk Gone::ask_sale(Moments demand, double available) const {
  return {with(demand), available - certain_};
}

void Gone::sold(Moments demand, double available, const Bounded& answer) {
  rest_ = answer.moments;
  available_ = available;
  wanted_.mean += demand.mean;
  wanted_.variance += demand.variance;
  follows_ = (follows_ + demand.mean) * answer.below;
}

BoundedAsk Gone::ask_expiry(double units) const { return {rest_, units - certain_}; }

BoundedAsk Gone::expired(double units, const Bounded& answer) {
  // What is left of R above m: R = min(R, m) + e, and min(R, m) = m wherever e > 0, so
  // E[R^2] = E[min(R, m)^2] + 2 m E[e] + E[e^2].
  const double more = units - certain_;
  const double mean = std::max(0.0, rest_.mean - answer.moments.mean);
  const double second = rest_.variance + rest_.mean * rest_.mean - answer.moments.variance -
                        answer.moments.mean * answer.moments.mean - 2 * more * mean;
  certain_ = units;
  follows_ *= 1 - answer.below;
  // The gamma of the step before had forgotten that no more could be sold than was there.
  return {{mean, std::max(0.0, second - mean * mean)}, available_ - certain_};
}

void Gone::settled(const Bounded& answer) { rest_ = answer.moments; }

void Gone::sell(Moments demand, double available) {
  const BoundedAsk ask = ask_sale(demand, available);
  sold(demand, available, bounded(ask.demand, ask.bound));
}

void Gone::expire(double units) {
  if (units <= certain_) return;
  const BoundedAsk first = ask_expiry(units);
  const BoundedAsk second = expired(units, bounded(first.demand, first.bound));
  settled(bounded(second.demand, second.bound));
}

Moments Gone::with(Moments demand) const {
  return {rest_.mean + demand.mean,
          rest_.variance + demand.variance + 2 * level_variance_ * follows_ * demand.mean};
}

std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty) {
  if (need <= 0) return 0;
  // 32 bits hold the sum without a sign, and divide in half the time of 64.
  const auto step = static_cast<std::uint32_t>(multiple);
  const std::uint32_t steps = (static_cast<std::uint32_t>(need) + step - 1) / step;
  const std::int64_t up = std::int64_t{steps} * multiple;
  if (up <= room) return static_cast<std::int32_t>(up);
  const std::int32_t down = std::max(room, 0) / multiple * multiple;
  if (down == 0 && runs_empty && std::int64_t{room} * 2 >= multiple) return multiple;
  return down;
}

Replenishment replenish(const Demand::Line& demand, std::int32_t origin, const Position& position,
                        const Settings& settings) {
  Replenishment result;
  Block({&demand, 1}, origin, {&position, 1}, settings, {&result, 1}).run();
  return result;
}

void replenish(std::span<const Demand::Line> demand, std::int32_t origin,
               std::span<const Position> positions, const Settings& settings,
               std::span<Replenishment> results) {
  CHECK(demand.size() == positions.size() && results.size() == positions.size());
  for (std::size_t begin = 0; begin < positions.size(); begin += block_lines) {
    const std::size_t count = std::min(block_lines, positions.size() - begin);
    Block(demand.subspan(begin, count), origin, positions.subspan(begin, count), settings,
          results.subspan(begin, count))
        .run();
  }
}

}  // namespace planner
