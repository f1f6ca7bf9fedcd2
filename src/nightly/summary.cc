#include "nightly/summary.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "estate/words.h"
#include "nightly/depot_capacity.h"

namespace nightly {
namespace {

using Json = nlohmann::ordered_json;

Json short_units(const Figures& figures) {
  Json by_reason = Json::object(), by_owner = Json::object();
  for (std::size_t i = 1; i < cut_reason_count; ++i) {
    const auto reason = static_cast<CutReason>(i);
    by_reason[std::string(text_of(reason))] = figures.withheld_for(reason).units();
  }
  for (std::size_t i = 0; i < owner_count; ++i) {
    const auto owner = static_cast<estate::Ownership>(i);
    by_owner[std::string(estate::text_of(owner))] = figures.withheld_from(owner).units();
  }
  return {{"by_reason", by_reason}, {"by_owner", by_owner}};
}

Json expected_lost(const ExpectedLost& lost) {
  return {{"pieces", std::llround(lost.pieces)},
          {"kg", std::llround(lost.kg)},
          {"pence", std::llround(lost.pence)}};
}

Json limit(const std::optional<std::int64_t>& most, double scale) {
  return most ? Json(static_cast<double>(*most) / scale) : Json(nullptr);
}

// Picks in cases, loads in lorries.
Json capacity_used(const estate::Estate& estate, const Night& night) {
  constexpr double cases = picks_per_case, loads = load_per_pallet * pallets_per_load;
  Json lanes = Json::array();
  for (const LaneUse& use : night.capacity_used)
    lanes.push_back(
        {{"depot", estate.sites[use.depot].id},
         {"chain", std::string(estate::text_of(use.chain))},
         {"date", base::to_string(use.day)},
         {"pick_cases", static_cast<double>(use.picks_used) / cases},
         {"pick_cases_max", limit(use.picks_max, cases)},
         {"loads", static_cast<double>(use.load_used) / loads},
         {"loads_max", limit(use.load_max, loads)},
         {"cases_withheld_for_hands", static_cast<double>(use.withheld_for_hands) / cases},
         {"cases_withheld_for_vehicles", static_cast<double>(use.withheld_for_vehicles) / cases}});
  return lanes;
}

}  // namespace

base::Result<std::string> summary_json(const OrderRunInput& input, const Night& night,
                                       const Figures& figures, const RunFacts& facts,
                                       const std::string& digest_out) {
  try {
    Json json;
    json["name"] = input.estate.name;
    json["as_of"] = base::to_string(input.as_of);
    json["lines_in_range"] = night.lines;
    json["lines_due"] = night.lines_due;
    json["lines_unknown"] = night.lines_unknown;
    json["lines_ordered"] = figures.ordered.lines;
    json["units"] = figures.ordered.quantity.units();
    json["value_pence"] = figures.ordered.value.pence();
    json["depot_lines_ordered"] = figures.depots.lines;
    json["short_units"] = short_units(figures);
    json["expected_lost"] = expected_lost(figures.expected_lost);
    json["lines_above_tier"] = night.lines_above_tier;
    json["capacity_used"] = capacity_used(input.estate, night);
    json["availability_lost"] = night.availability_lost;
    json["held"] = night.lines_held;
    json["calendars_ignored"] = facts.calendars_ignored;
    json["state_carried"] = facts.state_carried;
    json["state_rebuilt_because"] = facts.state_rebuilt_because;
    json["digest_in"] = input.estate.digest;
    json["digest_out"] = digest_out;
    json["seconds"] = facts.seconds;
    json["stages"] = facts.stage_seconds;
    return json.dump(2) + "\n";
  } catch (const std::exception& failure) {
    return base::fail(base::ErrorCode::io_failed, std::string("summary.json: ") + failure.what());
  }
}

}  // namespace nightly
