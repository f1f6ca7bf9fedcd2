#include "site/night_document.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "site/code.h"

namespace site {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const trade::OrderKey& key) {
  return {{"store", to_text(key.store)},
          {"depot", to_text(key.depot)},
          {"delivery", to_string(trade::to_date(key.delivery))},
          {"drop", key.drop},
          {"chain", text_of(key.chain)}};
}

// A hundredth of a unit is as much as anybody reads.
double hundredths(double units) { return std::round(units * 100) / 100; }

Json lines_of(const std::vector<ProposedLine>& lines, const trade::Partition& own) {
  Json told = Json::array();
  for (const ProposedLine& line : lines) {
    Json reasons = Json::array();
    for (const Reason& reason : line.reasons)
      reasons.push_back({{"name", reason.name},
                         {"units", hundredths(reason.units)},
                         {"because", reason.because}});
    told.push_back({{"product", own.goods.product(line.line).view()},
                    {"units", line.units},
                    {"reasons", std::move(reasons)}});
  }
  return told;
}

Json json_of(const Lesson& lesson, const trade::Partition& own) {
  Json lines = Json::array();
  for (const LessonLine& line : lesson.lines)
    lines.push_back({{"product", own.goods.product(line.line).view()},
                     {"proposed_units", line.proposed_units},
                     {"wanted_units", line.wanted_units}});
  return {{"key", json_of(lesson.key)},
          {"reason", text_of(lesson.reason)},
          {"lines", std::move(lines)}};
}

// A member of an object; null where there is none.
const Json& member(const Json& json, const char* name) {
  static const Json none;
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

std::string text_in(const Json& json, const char* name) {
  const Json& text = member(json, name);
  return text.is_string() ? text.get<std::string>() : std::string();
}

}  // namespace

std::string to_document(const ToldNight& night, const trade::Partition& own) {
  Json orders = Json::array(), inbound = Json::array(), lessons = Json::array();
  for (const auto& [order, cut_off_ms] : night.orders)
    orders.push_back({{"key", json_of(order.key)},
                      {"cut_off_ms", cut_off_ms},
                      {"lines", lines_of(order.lines, own)}});
  for (const auto& [order, cut_off_ms] : night.inbound)
    inbound.push_back({{"supplier", order.supplier.view()},
                       {"due", to_string(trade::to_date(order.due))},
                       {"cut_off_ms", cut_off_ms},
                       {"lines", lines_of(order.lines, own)}});
  for (const Lesson& lesson : night.lessons) lessons.push_back(json_of(lesson, own));
  const Json told = {{"document", "night"},
                     {"day", to_string(night.day)},
                     {"orders", std::move(orders)},
                     {"inbound", std::move(inbound)},
                     {"lessons", std::move(lessons)}};
  return told.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<ReasonsOf> reasons_of(std::string_view document, const trade::OrderKey& key) {
  const Json told = Json::parse(document, nullptr, false);
  const Json wanted = json_of(key);
  for (const Json& order : member(told, "orders")) {
    if (member(order, "key") != wanted) continue;
    ReasonsOf reasons;
    for (const Json& line : member(order, "lines"))
      for (const Json& reason : member(line, "reasons")) {
        const Json& units = member(reason, "units");
        reasons[text_in(line, "product")].push_back({text_in(reason, "name"),
                                                     units.is_number() ? units.get<double>() : 0,
                                                     text_in(reason, "because")});
      }
    return reasons;
  }
  return std::nullopt;
}

std::optional<base::Date> night_of(std::string_view document) {
  const Json told = Json::parse(document, nullptr, false);
  if (!told.is_object() || told.value("document", Json()) != "night") return std::nullopt;
  const Json day = told.value("day", Json());
  return day.is_string() ? base::parse_date(day.get<std::string>()) : std::nullopt;
}

}  // namespace site
