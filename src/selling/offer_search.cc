#include "selling/offer_search.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace selling {
namespace {

// Units are taken one by one, dearest first. A state says how far each offer's unfinished
// applications are, and nothing else, so that all partial answers that lead to it become one.
// Slots of an offer:
//   n_for_price  units of the unfinished application
//   n_for_m      paid units of the unfinished application; free units that are still due. A unit
//   may
//                be free only after its paid ones, which are dearer: so the cheapest are free
//   meal_deal    per part, units that wait for the other parts
struct State {
  std::array<std::uint16_t, search_slots_max> counts{};
  friend bool operator==(const State&, const State&) = default;
};

struct StateHash {
  std::size_t operator()(const State& state) const {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(state.counts.data()), sizeof state.counts});
  }
};

// What an answer is worth: more saving first, then fewer applications.
struct Worth {
  std::int64_t saving_pence = 0;
  std::int32_t applications = 0;
  bool is_possible = true;

  bool beats(const Worth& other) const {
    if (is_possible != other.is_possible) return is_possible;
    if (saving_pence != other.saving_pence) return saving_pence > other.saving_pence;
    return applications < other.applications;
  }
  Worth plus(const Worth& other) const {
    return {saving_pence + other.saving_pence, applications + other.applications,
            is_possible && other.is_possible};
  }
};
constexpr Worth impossible{0, 0, false};

// From a state by one choice for the unit.
struct Step {
  std::uint32_t to = 0;  // state of the next layer
  Worth gain = impossible;
};

struct Layer {
  std::vector<State> states;
  std::vector<Step> steps;  // per state: one for each place of the unit, then one for none
};

class Search {
 public:
  Search(std::span<const Offer* const> offers, std::span<const SearchUnit> units)
      : offers_(offers), units_(units) {
    std::size_t slot = 0;
    for (const Offer* offer : offers) {
      slot_.push_back(slot);
      slot += slots_of(*offer);
    }
    count_left();
  }

  std::optional<std::vector<std::uint32_t>> run(std::size_t states_max) {
    layers_.resize(units_.size() + 1);
    layers_[0].states.emplace_back();
    std::size_t held = 1;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (!extend(i, states_max - held)) return std::nullopt;
      held += layers_[i + 1].states.size();
    }
    return choose();
  }

 private:
  // left_[i]: for each slot, how many of the units i, i + 1, … may take that place.
  void count_left() {
    left_.resize(units_.size() + 1);
    for (std::size_t i = units_.size(); i-- > 0;) {
      left_[i] = left_[i + 1];
      for (const Place& place : units_[i].places)
        ++left_[i].counts[slot_[place.offer] + place.part];
    }
  }

  // Whether the units from `unit` on can finish what an offer has begun.
  bool can_finish(const State& state, std::size_t unit, std::size_t index) const {
    const Offer& offer = *offers_[index];
    const auto* count = &state.counts[slot_[index]];
    const auto* left = &left_[unit].counts[slot_[index]];
    if (offer.kind == OfferKind::n_for_price)
      return count[0] == 0 || offer.take - count[0] <= left[0];
    if (offer.kind == OfferKind::n_for_m)
      return count[1] + (count[0] == 0 ? 0 : offer.take - count[0]) <= left[1];
    const std::size_t parts = offer.parts.size();
    const auto most = *std::max_element(count, count + parts);
    for (std::size_t part = 0; part < parts; ++part)
      if (most - count[part] > left[part]) return false;
    return true;
  }

  // Puts the unit into the place; what that gains, or impossible.
  Worth take(const Place& place, Pence pence, State& state) const {
    const Offer& offer = *offers_[place.offer];
    auto* count = &state.counts[slot_[place.offer]];
    if (offer.kind == OfferKind::n_for_m) return take_n_for_m(offer, place.part, pence, count);
    ++count[place.part];
    if (offer.kind == OfferKind::n_for_price) {
      if (count[0] < offer.take) return {pence};
      count[0] = 0;
      return {pence - offer.pence, 1};
    }
    const std::size_t parts = offer.parts.size();
    if (std::find(count, count + parts, 0) != count + parts) return {pence};
    for (std::size_t part = 0; part < parts; ++part) --count[part];
    return {pence - offer.pence, 1};
  }

  static Worth take_n_for_m(const Offer& offer, std::uint32_t part, Pence pence,
                            std::uint16_t* count) {
    if (part == 1) {
      if (count[1] == 0) return impossible;
      --count[1];
      return {pence};
    }
    if (++count[0] < offer.pay) return {};
    count[0] = 0;
    count[1] = static_cast<std::uint16_t>(count[1] + offer.take - offer.pay);
    return {0, 1};
  }

  // Fills the layer behind unit i; false if it would hold more than room states.
  bool extend(std::size_t i, std::size_t room) {
    Layer& layer = layers_[i];
    Layer& next = layers_[i + 1];
    std::unordered_map<State, std::uint32_t, StateHash> found;
    const auto step_to = [&](const State& state, Worth gain) {
      for (std::size_t offer = 0; offer < offers_.size(); ++offer)
        if (!can_finish(state, i + 1, offer)) return Step{};
      const auto [at, is_new] = found.try_emplace(state, next.states.size());
      if (is_new) next.states.push_back(state);
      return Step{at->second, gain};
    };
    const SearchUnit& unit = units_[i];
    layer.steps.reserve(layer.states.size() * (unit.places.size() + 1));
    for (const State& from : layer.states) {
      for (const Place& place : unit.places) {
        State state = from;
        const Worth gain = take(place, unit.pence, state);
        layer.steps.push_back(gain.is_possible ? step_to(state, gain) : Step{});
      }
      layer.steps.push_back(step_to(from, {unit.single_saving_pence}));
      if (next.states.size() > room) return false;
    }
    return true;
  }

  // Backwards for the best worth behind each state, then forwards by the first step that keeps it.
  std::vector<std::uint32_t> choose() const {
    std::vector<std::vector<Worth>> best(layers_.size());
    best.back().assign(layers_.back().states.size(), Worth{});  // only the empty state got there
    for (std::size_t i = units_.size(); i-- > 0;) {
      const std::size_t choices = units_[i].places.size() + 1;
      best[i].assign(layers_[i].states.size(), impossible);
      for (std::size_t s = 0; s < best[i].size(); ++s)
        best[i][s] = worth(best[i + 1], layers_[i].steps[s * choices + first(best[i + 1], i, s)]);
    }
    std::vector<std::uint32_t> chosen;
    std::size_t state = 0;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      const std::size_t places = units_[i].places.size();
      const std::size_t choice = first(best[i + 1], i, state);
      chosen.push_back(choice == places ? no_place : static_cast<std::uint32_t>(choice));
      state = layers_[i].steps[state * (places + 1) + choice].to;
    }
    return chosen;
  }

  static Worth worth(const std::vector<Worth>& behind, const Step& step) {
    return step.gain.is_possible ? step.gain.plus(behind[step.to]) : impossible;
  }

  // The first of the best choices for unit i in a state.
  std::size_t first(const std::vector<Worth>& behind, std::size_t i, std::size_t state) const {
    const std::size_t choices = units_[i].places.size() + 1;
    const Step* steps = &layers_[i].steps[state * choices];
    std::size_t best = 0;
    for (std::size_t choice = 1; choice < choices; ++choice)
      if (worth(behind, steps[choice]).beats(worth(behind, steps[best]))) best = choice;
    return best;
  }

  std::span<const Offer* const> offers_;
  std::span<const SearchUnit> units_;
  std::vector<std::size_t> slot_;  // the first of each offer
  std::vector<State> left_;
  std::vector<Layer> layers_;
};

}  // namespace

std::size_t slots_of(const Offer& offer) {
  if (offer.kind == OfferKind::n_for_m) return 2;
  return offer.kind == OfferKind::meal_deal ? offer.parts.size() : 1;
}

std::optional<std::vector<std::uint32_t>> search_offers(std::span<const Offer* const> offers,
                                                        std::span<const SearchUnit> units,
                                                        std::size_t states_max) {
  return Search(offers, units).run(states_max);
}

}  // namespace selling
