#include "planner/replenish.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <new>
#include <type_traits>

#include "base/result.h"

namespace planner {
namespace {

constexpr std::int32_t no_limit = std::numeric_limits<std::int32_t>::max();

// Rounds towards zero, where floor() would be a call.
std::int32_t whole(double units) { return static_cast<std::int32_t>(std::clamp(units, 0.0, 2e9)); }

std::int32_t whole_above(double units) {
  const std::int32_t below = whole(units);
  return below < units ? below + 1 : below;
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
  // `split`: demand before and after the arrival.
  Walk(const Demand::Line& demand, const Demand::Line::Split& split, std::int32_t origin,
       const Position& position, const Settings& settings)
      : demand_(&demand),
        position_(&position),
        until_arrival_(split.before),
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

// One line's way from its questions to its order.
class Order {
 public:
  static constexpr std::size_t limit_asks_max = 3;

  Order(const Demand::Line& demand, Moments interval, const Position& position)
      : demand_(&demand), position_(&position), interval_(interval) {}

  QuantileAsk ask_target(const Arrival& arrival) {
    gone_ = arrival.gone.moments().mean;
    due_ = static_cast<double>(due_in_interval(*position_));
    usable_ = arrival.available + due_ - arrival.waste;
    steady_ = arrival.gone.steady();
    base_ = arrival.gone.certain() + steady_;
    return ask_beyond_gone(arrival, interval_, position_->service_level);
  }

  // Takes the answer; returns how many of `questions` are to be asked before finish().
  std::size_t ask_limits(const Arrival& arrival, std::int32_t target,
                         std::span<QuantileAsk, limit_asks_max> questions) {
    for_demand_ = base_ + target;
    if (position_->presentation_units_min > 0)
      for_presentation_ = gone_ + interval_.mean + position_->presentation_units_min;
    std::size_t count = 0;
    capped_ = short_of(for_demand_) > 0 && gone_ > 0;
    if (capped_) questions[count++] = {interval_, position_->service_level};
    has_life_ =
        position_->life_periods > 0 && short_of(std::max(for_demand_, for_presentation_)) > 0;
    if (!has_life_) return count;
    const Moments within_life =
        demand_->over(position_->on_shelf, position_->on_shelf + position_->life_periods);
    questions[count++] = ask_beyond_gone(arrival, within_life, position_->life_level);
    if (gone_ > 0) questions[count++] = {within_life, position_->life_level};
    return count;
  }

  Replenishment finish(const Arrival& arrival, std::span<const std::int32_t> answers) const {
    std::size_t next = 0;
    const double for_demand = capped_ ? at_most_empty(for_demand_, answers[next++]) : for_demand_;
    const double target = std::max(for_demand, for_presentation_);
    Replenishment result;
    result.expected_demand = interval_.mean;
    result.demand_variance = interval_.variance;
    result.expected_on_hand = arrival.available - gone_;
    result.raised_to_presentation = for_presentation_ > for_demand;
    result.need_units = short_of(target);
    result.order_up_to = whole(target - gone_ + 0.5);
    result.for_demand_units = for_demand - gone_;
    result.waste_units = arrival.waste;
    if (result.need_units == 0) return result;

    std::int32_t room = no_limit;
    Limit limit = Limit::none;
    const auto lower_room = [&](double units, Limit why) {
      if (units >= room) return;
      room = whole(units);
      limit = why;
    };
    if (has_life_) {
      double within_life = base_ + answers[next++];
      if (gone_ > 0) within_life = at_most_empty(within_life, answers[next]);
      lower_room(within_life - usable_, Limit::life);
    }
    if (position_->shelf_units_max > 0)
      lower_room(position_->shelf_units_max - result.expected_on_hand - due_, Limit::shelf);
    if (position_->order_units_max > 0) lower_room(position_->order_units_max, Limit::order_max);
    round(room, limit, result);
    return result;
  }

 private:
  QuantileAsk ask_beyond_gone(const Arrival& arrival, Moments demand, double level) const {
    Moments beyond = arrival.gone.with(demand);
    beyond.mean -= steady_;
    return {beyond, level};
  }
  std::int32_t short_of(double target) const { return whole_above(target - usable_ - 1e-9); }
  // No stock makes a need larger than an empty shelf would: two moments of what is gone can say so.
  double at_most_empty(double target, std::int32_t of_empty) const {
    return std::min(target, usable_ - due_ + of_empty);
  }

  void round(std::int32_t room, Limit limit, Replenishment& result) const {
    const std::int32_t multiple = position_->order_multiple_units;
    // No order is larger than its maximum, not even a single multiple.
    const bool one_is_allowed =
        position_->order_units_max == 0 || multiple <= position_->order_units_max;
    result.runs_empty = usable_ - gone_ < interval_.mean;
    if (room != no_limit) result.room_units = room;
    result.units =
        round_to_multiple(result.need_units, multiple, room, result.runs_empty && one_is_allowed);
    result.cut_units = std::max(0, result.need_units - result.units);
    if (result.cut_units > 0) result.limit = limit;
  }

  const Demand::Line* demand_ = nullptr;
  const Position* position_ = nullptr;
  Moments interval_;
  double gone_ = 0, due_ = 0, usable_ = 0;
  double steady_ = 0;  // Gone::steady at the arrival
  double base_ = 0;    // units as good as gone when the goods arrive
  double for_demand_ = 0, for_presentation_ = 0;
  bool capped_ = false, has_life_ = false;
};

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

// Up to `capacity` lines whose questions are answered together.
template <std::size_t capacity>
class Block {
 public:
  void run(std::span<const Demand::Line> demand, std::int32_t origin,
           std::span<const Position> positions, const Settings& settings,
           std::span<Replenishment> results) {
    begin(demand, origin, positions, settings, results);
    go_to_arrival();
    for (std::size_t k = 0; k < count_; ++k) asks_[k] = orders_[k].ask_target(arrivals_[k]);
    quantiles(std::span(asks_).first(count_), answers_);
    std::size_t asked = 0;
    for (std::size_t k = 0; k < count_; ++k) {
      const std::int32_t target = answers_[k];
      limits_begin_[k] = static_cast<std::uint16_t>(asked);
      asked += orders_[k].ask_limits(
          arrivals_[k], target,
          std::span(asks_).subspan(asked).template first<Order::limit_asks_max>());
    }
    quantiles(std::span(asks_).first(asked), answers_);
    for (std::size_t k = 0; k < count_; ++k)
      results[line_[k]] = orders_[k].finish(
          arrivals_[k], std::span<const std::int32_t>(answers_).subspan(limits_begin_[k]));
  }

 private:
  void begin(std::span<const Demand::Line> demand, std::int32_t origin,
             std::span<const Position> positions, const Settings& settings,
             std::span<Replenishment> results) {
    count_ = straight_ = walking_ = 0;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const Position& position = positions[i];
      CHECK(origin < position.on_shelf && position.on_shelf < position.next_on_shelf);
      splits_[i] = {position.on_shelf, position.next_on_shelf, {}, {}};
    }
    Demand::Line::over(demand, origin + 1, std::span(splits_).first(positions.size()));
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const Position& position = positions[i];
      const Moments interval = splits_[i].after;
      if (!position.stock_known) {
        results[i] = order_without_stock_record(interval, position);
        continue;
      }
      orders_.make(count_, demand[i], interval, position);
      line_[count_] = static_cast<std::uint16_t>(i);
      arrivals_[count_] = {Gone(settings.level_variance),
                           static_cast<double>(std::max(position.on_hand_units, 0)), 0};
      if (!nothing_on_the_way(position)) {
        walks_.make(walking_, demand[i], splits_[i], origin, position, settings);
        walking_line_[walking_++] = static_cast<std::uint16_t>(count_);
      } else if (position.on_shelf > origin + 1) {
        straight_line_[straight_++] = static_cast<std::uint16_t>(count_);
      }
      ++count_;
    }
  }

  // Whether one stock is sold from until the goods arrive, and does not expire.
  static bool nothing_on_the_way(const Position& position) {
    return position.batches.empty() &&
           (position.receipts.empty() || position.receipts.front().period >= position.on_shelf);
  }

  // Lines whose way is one stretch ask their only question beside the first ones of the others.
  void go_to_arrival() {
    std::size_t straight = straight_, open = walking_;
    for (std::size_t j = 0; j < straight; ++j) {
      const std::size_t k = straight_line_[j];
      questions_[j] = arrivals_[k].gone.ask_sale(splits_[line_[k]].before, arrivals_[k].available);
    }
    for (std::size_t w = 0; w < open; ++w) open_[w] = static_cast<std::uint16_t>(w);
    while (straight + open > 0) {
      std::size_t still = 0;
      for (std::size_t w = 0; w < open; ++w)
        if (walks_[open_[w]].ask(questions_[straight + still])) open_[still++] = open_[w];
      open = still;
      bounded(std::span(questions_).first(straight + open), bounds_);
      for (std::size_t j = 0; j < straight; ++j) {
        const std::size_t k = straight_line_[j];
        arrivals_[k].gone.sold(splits_[line_[k]].before, arrivals_[k].available, bounds_[j]);
      }
      for (std::size_t w = 0; w < open; ++w) walks_[open_[w]].tell(bounds_[straight + w]);
      straight = 0;
    }
    for (std::size_t w = 0; w < walking_; ++w) arrivals_[walking_line_[w]] = walks_[w].arrival();
  }

  std::size_t count_, straight_, walking_;
  std::array<Demand::Line::Split, capacity> splits_;
  Slots<Order, capacity> orders_;
  std::array<Arrival, capacity> arrivals_;
  Slots<Walk, capacity> walks_;
  std::array<std::uint16_t, capacity> line_, straight_line_, walking_line_, open_, limits_begin_;
  std::array<BoundedAsk, capacity> questions_;
  std::array<Bounded, capacity> bounds_;
  std::array<QuantileAsk, capacity * Order::limit_asks_max> asks_;
  std::array<std::int32_t, capacity * Order::limit_asks_max + Order::limit_asks_max> answers_;
};

constexpr std::size_t block_lines = 128;

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

double Gone::steady() const {
  const double missing = rest_.mean * wanted_.variance - rest_.variance * wanted_.mean;
  return missing > 0 ? whole(missing / wanted_.variance) : 0;
}

Moments Gone::with(Moments demand) const {
  return {rest_.mean + demand.mean,
          rest_.variance + demand.variance + 2 * level_variance_ * follows_ * demand.mean};
}

std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty) {
  if (need <= 0) return 0;
  const std::int64_t up = (std::int64_t{need} + multiple - 1) / multiple * multiple;
  if (up <= room) return static_cast<std::int32_t>(up);
  const std::int32_t down = std::max(room, 0) / multiple * multiple;
  if (down == 0 && runs_empty && std::int64_t{room} * 2 >= multiple) return multiple;
  return down;
}

Replenishment replenish(const Demand::Line& demand, std::int32_t origin, const Position& position,
                        const Settings& settings) {
  Replenishment result;
  Block<1> block;
  block.run({&demand, 1}, origin, {&position, 1}, settings, {&result, 1});
  return result;
}

void replenish(std::span<const Demand::Line> demand, std::int32_t origin,
               std::span<const Position> positions, const Settings& settings,
               std::span<Replenishment> results) {
  CHECK(demand.size() == positions.size() && results.size() == positions.size());
  Block<block_lines> block;
  for (std::size_t begin = 0; begin < positions.size(); begin += block_lines) {
    const std::size_t count = std::min(block_lines, positions.size() - begin);
    block.run(demand.subspan(begin, count), origin, positions.subspan(begin, count), settings,
              results.subspan(begin, count));
  }
}

}  // namespace planner
