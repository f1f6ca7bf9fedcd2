#include "nightly/summary.h"

#include <nlohmann/json.hpp>

#include "estate/words.h"

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
