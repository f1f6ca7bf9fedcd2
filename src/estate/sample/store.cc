#include "estate/sample/store.h"

#include <algorithm>
#include <cmath>

#include "estate/sample/chance.h"
#include "estate/sample/range.h"

namespace estate::sample {
namespace {

// The incumbent orders up to so many days of its average beyond the next drop.
constexpr double safety_days_fresh = 0.7, safety_days_dated = 1.2, safety_days_keeping = 2.0;
constexpr double average_weight = 1.0 / 28;
constexpr double promotion_trust =
    0.75;  // of a promotion's known uplift that the incumbent orders for
constexpr double promotion_noise = 0.2;  // how stores differ in what a promotion does
constexpr double vanish_share = 0.0008;  // of orders that never come and stay open in the books
constexpr std::uint64_t mishap_one_in =
    1100;  // line-days with something that the records miss, or a return
constexpr int count_days_min = 60, count_days_max = 130;
constexpr int stop_before_delist_days = 12;
constexpr double reduced_pull =
    0.4;  // of what is left on its last day and finds a buyer at a reduced price
constexpr double store_day_sigma = 0.05, drift_sigma = 0.05, drift_memory = 0.95;
constexpr int open_order_days = 40;  // orders placed longer ago have come or are forgotten

struct Batch {
  int expiry_day;
  std::int32_t units;
};

// The goods of one line that are truly there, the earliest date first.
class Shelf {
 public:
  void clear() { batches_.clear(), total_ = 0; }
  std::int32_t total() const { return total_; }
  const std::vector<Batch>& batches() const { return batches_; }
  void add(int expiry_day, std::int32_t units) {
    if (units <= 0) return;
    total_ += units;
    auto at = batches_.end();
    while (at != batches_.begin() && (at - 1)->expiry_day > expiry_day) --at;
    if (at != batches_.begin() && (at - 1)->expiry_day == expiry_day) {
      (at - 1)->units += units;
    } else {
      batches_.insert(at, {expiry_day, units});
    }
  }
  // Takes at most what is there; returns how much.
  std::int32_t take(std::int32_t units) {
    const std::int32_t taken = std::min(units, total_);
    total_ -= taken;
    for (std::int32_t left = taken; left > 0;) {
      Batch& first = batches_.front();
      const std::int32_t part = std::min(left, first.units);
      first.units -= part, left -= part;
      if (first.units == 0) batches_.erase(batches_.begin());
    }
    return taken;
  }
  std::int32_t due_by(int day) const {
    std::int32_t units = 0;
    for (const Batch& batch : batches_)
      if (batch.expiry_day <= day) units += batch.units;
    return units;
  }

 private:
  std::vector<Batch> batches_;
  std::int32_t total_ = 0;
};

// What the lines of a store share.
struct StoreDays {
  const World& world;
  const Windows& windows;
  std::size_t store;
  std::uint32_t depot;
  std::vector<DayState> states;
  std::array<std::vector<Drop>, chains> drops;
  std::vector<std::vector<float>>
      factors;       // by category and day: region, weekday and the store's own luck
  double skill = 1;  // of the incumbent's safety days
};

StoreDays make_store_days(const World& world, const DayFactors& factors, const Windows& windows,
                          std::size_t store) {
  base::Prng prng = prng_of(world.options.seed, Stream::store_days, store);
  StoreDays days{world, windows, store, world.store_site(store).depot, day_states(world, store),
                 {},    {}};
  days.skill = lognormal(prng, 0.25);
  for (std::size_t chain = 0; chain < chains; ++chain)
    days.drops[chain] = drops_of(world, store, static_cast<Chain>(chain));
  std::vector<double> luck;
  for (int day = 0; day < world.demand_days(); ++day)
    luck.push_back(lognormal(prng, store_day_sigma));
  const auto all = categories();
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto regional = factors.of(world.stores[store].region, c);
    auto& own = days.factors.emplace_back(regional.begin(), regional.end());
    for (std::size_t day = 0; day < own.size(); ++day)
      own[day] *= static_cast<float>(
          luck[day] * week_factor(all[c].week, base::weekday(world.date(static_cast<int>(day)))));
  }
  return days;
}

// One line's life, in the order of a day: goods come, customers buy, old goods go, records err, an
// order is placed.
class LineRun {
 public:
  LineRun(const StoreDays& days, StoreHistory& history, std::uint32_t line)
      : days_(days),
        world_(days.world),
        history_(history),
        line_(line),
        plan_(history.lines[line]),
        product_(world_.products[plan_.product]),
        traits_(world_.traits[plan_.product]),
        category_(categories()[traits_.category]),
        prng_(prng_of(world_.options.seed, Stream::line, days.store, plan_.product)),
        arrivals_(static_cast<std::size_t>(world_.days + horizon_days + 1)) {
    piece_ = traits_.grams > 0 ? traits_.grams : 1;
    fresh_ = is_fresh(category_) && traits_.grams == 0;
    count_every_ = between(prng_, count_days_min, count_days_max);
    average_ = plan_.mean * piece_ * lognormal(prng_, 0.2);
    set_promotions();
  }

  void run() {
    const int first = std::max(0, plan_.from_day);
    if (first < world_.days) open_line(first);
    for (int day = first; day < world_.days && day <= plan_.to_day; ++day) {
      receive(day);
      if (state(day) != DayState::closed) trade(day);
      clear_old(day);
      order(day);
      if (day == history_.stock_day) snapshot();
    }
    history_.true_on_hand[line_] = shelf_.total();
    finish();
    for (int day = std::max(world_.days, plan_.from_day);
         day < world_.demand_days() && day <= plan_.to_day; ++day)
      if (state(day) != DayState::closed) history_.future.push_back({line_, day, draw_demand(day)});
  }

 private:
  DayState state(int day) const { return days_.states[static_cast<std::size_t>(day)]; }

  void set_promotions() {
    promotion_.assign(static_cast<std::size_t>(world_.days + horizon_days), none);
    const auto [first, last] =
        std::pair(world_.promotions_from[plan_.product], world_.promotions_from[plan_.product + 1]);
    for (std::uint32_t i = first; i < last; ++i) {
      const PlannedPromotion& promotion = world_.promotions[i];
      if (promotion.region != none && promotion.region != world_.stores[days_.store].region)
        continue;
      const int until = std::min(promotion.to_day, world_.days + horizon_days - 1);
      for (int day = std::max(0, promotion.from_day); day <= until; ++day)
        promotion_[static_cast<std::size_t>(day)] = i;
    }
    promotion_response_ = lognormal(prng_, promotion_noise);
  }
  double true_uplift(int day) const {
    const std::uint32_t i = promotion_[static_cast<std::size_t>(day)];
    return i == none ? 1 : 1 + (*world_.promotions[i].row.uplift - 1) * promotion_response_;
  }
  double expected_uplift(int day) const {
    const std::uint32_t i = promotion_[static_cast<std::size_t>(day)];
    return i == none ? 1 : 1 + (*world_.promotions[i].row.uplift - 1) * promotion_trust;
  }

  void open_line(int day) {
    const double days_of_stock = safety_days() + 2;
    const auto wanted =
        static_cast<std::int32_t>(std::ceil(average_ * days_of_stock)) + plan_.presentation_units;
    const std::int32_t multiple = plan_.order_multiple_units;
    const std::int32_t units = (wanted + multiple - 1) / multiple * multiple;
    add_goods(day, units);
    recorded_ = units;
  }
  int expiry_of(int day) {
    if (product_.life_on_receipt_days == 0) return life_never;
    const int shorter = prng_.uniform() < 0.2 ? 1 : 0;
    return day + std::max(1, product_.life_on_receipt_days - 1 - shorter);
  }
  void add_goods(int day, std::int32_t units) {
    shelf_.add(expiry_of(day), units);
    if (fresh_) history_.facts.fresh_received_units += units;
  }

  void receive(int day) {
    const std::int32_t units = arrivals_[static_cast<std::size_t>(day)];
    if (units == 0 || world_.cut_off(day)) return;
    add_goods(day, units);
    recorded_ += units;
    on_order_ -= units;
    note(day, units, MovementReason::received);
  }

  double mean_of(int day) {
    if (day % 7 == 0) drift_ = drift_memory * drift_ + drift_sigma * prng_.normal();
    return plan_.mean * days_.factors[traits_.category][static_cast<std::size_t>(day)] *
           true_uplift(day) * std::exp(drift_);
  }
  std::int32_t draw_demand(int day) {
    const auto purchases =
        static_cast<std::int32_t>(negative_binomial(prng_, mean_of(day), traits_.dispersion));
    if (piece_ == 1 || purchases == 0) return purchases;
    return static_cast<std::int32_t>(purchases * piece_ * (0.8 + 0.4 * prng_.uniform()));
  }

  void trade(int day) {
    const std::int32_t demand = draw_demand(day);
    const std::int32_t sold = shelf_.take(demand);
    const bool empty = shelf_.total() < (piece_ + 2) / 3;
    const std::int32_t last_day_units = shelf_.due_by(day);
    std::int32_t reduced = 0;
    if (last_day_units > 0)
      reduced = shelf_.take(std::min(
          last_day_units, static_cast<std::int32_t>(
                              prng_.poisson(reduced_pull * last_day_units / piece_) * piece_)));
    std::int32_t returned = 0;
    if (prng_.below(mishap_one_in) == 0) returned = mishap(day);
    recorded_ -= sold + reduced - returned;
    learn(day, sold, empty);
    const std::int32_t units = sold + reduced - returned;
    if (units != 0 || empty || returned != 0)
      history_.sales.push_back(
          {line_, day, units, reduced, promotion_[static_cast<std::size_t>(day)], empty});
    sum_up(demand, sold, units, empty);
    if (day >= days_.windows.truth_from)
      history_.truth.push_back({line_, day, demand, demand - sold, 0});
  }
  void sum_up(std::int32_t demand, std::int32_t sold, std::int32_t units, bool empty) {
    SampleFacts& facts = history_.facts;
    ++facts.open_line_days;
    facts.empty_line_days += empty;
    if (piece_ > 1) return;
    facts.demand_units += demand, facts.lost_units += demand - sold, facts.sold_units += units;
  }
  // Sales of bare days and of promotions say little about an ordinary day; the plain rule leaves
  // the worst of them out.
  void learn(int day, std::int32_t sold, bool empty) {
    if (promotion_[static_cast<std::size_t>(day)] != none || (empty && sold < average_)) return;
    average_ += (sold - average_) * average_weight;
  }

  // Something that the records miss. Returns the units that a customer brought back.
  std::int32_t mishap(int day) {
    const double chance = prng_.uniform();
    if (chance < 0.5) {  // theft or breakage that nobody wrote down
      shelf_.take(between(prng_, 1, 3) * piece_);
    } else if (chance < 0.6) {  // the whole shelf is lost: mislaid, or a cage that never came
      shelf_.take(shelf_.total());
    } else if (chance < 0.75) {  // goods that came and were never booked in
      recorded_ -= plan_.order_multiple_units;
    } else if (category_.date_kind == DateKind::none || chance > 0.95) {
      if (piece_ > 1) return 0;
      if (category_.chain == Chain::ambient && !is_cross_dock(category_))
        shelf_.add(expiry_of(day), 1);
      else
        recorded_ -= 1;  // taken back, but never put on the shelf again
      return 1;
    }
    return 0;
  }

  void clear_old(int day) {
    const bool last_day = day == plan_.to_day;
    const std::int32_t waste = shelf_.take(last_day ? shelf_.total() : shelf_.due_by(day));
    if (waste > 0) {
      recorded_ -= waste;
      note(day, waste, MovementReason::waste);
      if (fresh_) history_.facts.fresh_waste_units += waste;
      if (!history_.truth.empty() && history_.truth.back().line == line_ &&
          history_.truth.back().day == day)
        history_.truth.back().waste = waste;
    }
    const bool bare_against_record = shelf_.total() == 0 && recorded_ > 0 && prng_.uniform() < 0.06;
    if ((day + static_cast<int>(line_)) % count_every_ == 0 || bare_against_record || last_day)
      count(day);
  }
  void count(int day) {
    if (recorded_ == shelf_.total()) return;
    note(day, shelf_.total() - recorded_, MovementReason::count);
    recorded_ = shelf_.total();
  }

  double safety_days() const {
    if (fresh_) return safety_days_fresh * days_.skill;
    return (product_.life_on_receipt_days > 0 && product_.life_on_receipt_days < 30
                ? safety_days_dated
                : safety_days_keeping) *
           days_.skill;
  }
  void order(int day) {
    const Drop drop =
        days_.drops[static_cast<std::size_t>(product_.chain)][static_cast<std::size_t>(day)];
    if (drop.arrive_day < 0 || day + stop_before_delist_days > plan_.to_day) return;
    if (world_.cut_off(day)) return;
    const double expected =
        average_ * expected_uplift(std::min(drop.arrive_day, world_.days + horizon_days - 1));
    const double target = expected * (drop.cover_days + safety_days()) + plan_.presentation_units;
    const double position = std::max(0, recorded_) + on_order_;
    if (position >= target) return;
    const std::int32_t multiple = plan_.order_multiple_units;
    auto units = static_cast<std::int32_t>(std::ceil((target - position) / multiple)) * multiple;
    const auto room =
        static_cast<std::int32_t>(plan_.shelf_units_max * expected_uplift(day) - position);
    units = std::max(multiple, std::min(units, room / multiple * multiple));
    place(day, drop.arrive_day, units);
  }
  void place(int day, int due_day, std::int32_t units) {
    if (supply_gap(world_, days_.depot, plan_.product, day)) return;
    const bool vanishes = prng_.uniform() < vanish_share;
    if (!vanishes) {
      arrivals_[static_cast<std::size_t>(std::min(due_day, world_.days + horizon_days))] += units;
      on_order_ += units;
      if (day >= days_.windows.shipped_from) shipped(day) += units;
    }
    if (day < world_.days - open_order_days) return;
    open_.push_back({line_, day, due_day, units, vanishes});
  }
  std::int32_t& shipped(int day) {
    const int window = world_.days - days_.windows.shipped_from;
    return history_.shipped[static_cast<std::size_t>(line_) * static_cast<std::size_t>(window) +
                            static_cast<std::size_t>(day - days_.windows.shipped_from)];
  }

  void note(int day, std::int32_t units, MovementReason reason) {
    if (day < days_.windows.movements_from || day > history_.stock_day) return;
    history_.movements.push_back({line_, day, units, reason});
  }

  // The record at the close of the day: batches as on the shelf, with the record's error on the
  // longest date.
  void snapshot() {
    if (recorded_ != shelf_.total()) ++history_.facts.wrong_stock_lines;
    if (recorded_ < 0) ++history_.facts.negative_stock_lines;
    if (recorded_ <= 0) {
      history_.stock.push_back({line_, life_never, recorded_});
      return;
    }
    std::int32_t left = recorded_;
    for (const Batch& batch : shelf_.batches()) {
      const std::int32_t part = std::min(left, batch.units);
      if (part > 0) history_.stock.push_back({line_, batch.expiry_day, part});
      left -= part;
    }
    if (left == 0) return;
    if (shelf_.total() > 0) {
      history_.stock.back().units += left;
    } else {
      history_.stock.push_back({line_, life_never, left});
    }
  }
  // Orders that are still open to whoever last heard from the store: not yet due, or due since, or
  // never come.
  void finish() {
    for (const OpenOrder& one : open_)
      if (one.due_day > history_.stock_day || one.vanished || world_.cut_off(one.due_day))
        history_.on_order.push_back(one);
  }

  const StoreDays& days_;
  const World& world_;
  StoreHistory& history_;
  const std::uint32_t line_;
  const LinePlan& plan_;
  const Product& product_;
  const ProductTraits& traits_;
  const Category& category_;
  base::Prng prng_;
  Shelf shelf_;
  std::vector<std::int32_t> arrivals_;    // units by day
  std::vector<std::uint32_t> promotion_;  // by day
  std::vector<OpenOrder> open_;
  std::int32_t piece_ = 1;  // units of one purchase
  std::int32_t recorded_ = 0, on_order_ = 0;
  double average_ = 0, drift_ = 0, promotion_response_ = 1;
  int count_every_ = 1;
  bool fresh_ = false;
};

}  // namespace

// Some weeks have a gap of one to four days, drawn for each depot, product and week.
bool supply_gap(const World& world, std::uint32_t depot, std::uint32_t product, int day) {
  constexpr double gap_share = 0.02;
  const int week = day / 7, weekday = day % 7;
  const std::uint64_t seed = seed_of(world.options.seed, Stream::supply_gap, product,
                                     static_cast<std::uint64_t>(week) * 1000 + depot);
  if (uniform_of(seed) >= gap_share) return false;
  const int first = static_cast<int>(base::mix(seed + 1) % 7),
            length = 1 + static_cast<int>(base::mix(seed + 2) % 4);
  return weekday >= first && weekday < first + length;
}

StoreHistory simulate_store(const World& world, const DayFactors& factors, const Windows& windows,
                            std::size_t store) {
  const StoreDays days = make_store_days(world, factors, windows, store);
  StoreHistory history;
  history.lines = choose_range(world, store);
  const std::size_t lines = history.lines.size();
  history.stock_day = world.days - 1 - (world.stores[store].dark ? world.options.dark_days : 0);
  history.true_on_hand.resize(lines);
  history.shipped.resize(lines * static_cast<std::size_t>(world.days - windows.shipped_from));
  history.sales.reserve(lines * static_cast<std::size_t>(world.days) / 2);
  for (std::uint32_t line = 0; line < lines; ++line) LineRun(days, history, line).run();
  return history;
}

}  // namespace estate::sample
