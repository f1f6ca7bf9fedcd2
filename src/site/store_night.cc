#include "site/store_night.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "site/code.h"

namespace site {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::string_view name = "store_night";
constexpr std::size_t deliveries_max = 1'024;

Ordered json_of(const std::vector<PlannedDelivery>& deliveries) {
  Ordered told = Ordered::array();
  for (const PlannedDelivery& delivery : deliveries) {
    Ordered rows = Ordered::array();
    for (const WantedRow& row : delivery.rows)
      rows.push_back(Ordered::array({std::string(row.product.view()), row.units}));
    told.push_back({{"delivery", to_string(trade::to_date(delivery.key.delivery))},
                    {"drop", delivery.key.drop},
                    {"chain", text_of(delivery.key.chain)},
                    {"depot", to_text(delivery.key.depot)},
                    {"cut_off_ms", delivery.cut_off_ms},
                    {"rows", std::move(rows)}});
  }
  return told;
}

// Reads members of one kind; what does not fit is remembered, and reading goes on with nothing.
class Reader {
 public:
  std::string text(const Json& from, const char* member) {
    const auto at = from.find(member);
    if (at != from.end() && at->is_string()) return at->get<std::string>();
    is_good = false;
    return {};
  }
  std::int64_t whole(const Json& it, std::int64_t most) {
    if (it.is_number_integer() && it >= 0 && it <= most) return it.get<std::int64_t>();
    is_good = false;
    return 0;
  }
  base::Date day(const Json& from, const char* member) {
    const auto date = base::parse_date(text(from, member));
    if (date && date->days > trade::day_epoch && *date <= trade::to_date(trade::day_max))
      return *date;
    is_good = false;
    return trade::to_date(trade::day_max);
  }
  trade::SiteCode site(const Json& from, const char* member) {
    const std::string digits = text(from, member);
    const bool is_code =
        digits.size() == 4 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (is_code) return trade::SiteCode{static_cast<std::uint16_t>(std::stoi(digits))};
    is_good = false;
    return {};
  }
  PlannedDelivery delivery(const Json& from, trade::SiteCode store) {
    PlannedDelivery made;
    if (!from.is_object()) return is_good = false, made;
    made.key.store = store;
    made.key.depot = site(from, "depot");
    made.key.delivery = trade::to_day(day(from, "delivery"));
    made.key.drop = static_cast<std::uint8_t>(whole(from.value("drop", Json()), 255));
    const auto chain = trade::parse_word<trade::Chain>(text(from, "chain"));
    is_good &= chain.has_value();
    made.key.chain = chain.value_or(trade::Chain{});
    made.cut_off_ms = whole(from.value("cut_off_ms", Json()), std::int64_t{1} << 53);
    const Json rows = from.value("rows", Json());
    is_good &= rows.is_array() && rows.size() <= trade::rows_max;
    if (is_good)
      for (const Json& row : rows) made.rows.push_back(wanted(row));
    is_good &= std::ranges::adjacent_find(made.rows, std::greater_equal{}, &WantedRow::product) ==
               made.rows.end();
    return made;
  }
  std::vector<PlannedDelivery> deliveries(const Json& from, trade::SiteCode store) {
    std::vector<PlannedDelivery> made;
    is_good &= from.is_array() && from.size() <= deliveries_max;
    if (is_good)
      for (const Json& one : from) made.push_back(delivery(one, store));
    is_good &=
        std::ranges::adjacent_find(made, std::greater_equal{}, &PlannedDelivery::key) == made.end();
    return made;
  }

  bool is_good = true;

 private:
  WantedRow wanted(const Json& row) {
    if (!row.is_array() || row.size() != 2 || !row[0].is_string())
      return is_good = false, WantedRow();
    const auto product = trade::ProductId::of(row[0].get<std::string>());
    is_good &= product && product->given();
    const auto units = static_cast<trade::Units>(whole(row[1], trade::row_units_max));
    is_good &= units > 0;
    return {product.value_or(trade::ProductId{}), units};
  }
};

}  // namespace

std::string to_document(const StoreNight& night) {
  const Ordered told = {{"document", name},
                        {"day", to_string(night.day)},
                        {"store", to_text(night.store)},
                        {"proposals", json_of(night.proposals)},
                        {"standing", json_of(night.standing)}};
  return told.dump() + '\n';
}

std::optional<StoreNight> parse_store_night(std::string_view document) {
  const Json told = Json::parse(document, nullptr, false);
  if (!told.is_object() || told.value("document", Json()) != name) return std::nullopt;
  Reader reader;
  StoreNight night;
  night.day = reader.day(told, "day");
  night.store = reader.site(told, "store");
  night.proposals = reader.deliveries(told.value("proposals", Json()), night.store);
  night.standing = reader.deliveries(told.value("standing", Json()), night.store);
  if (!reader.is_good) return std::nullopt;
  return night;
}

const PlannedDelivery* standing_of(const StoreNight& night, const trade::OrderKey& key) {
  const auto row = std::ranges::lower_bound(night.standing, key, {}, &PlannedDelivery::key);
  return row == night.standing.end() || row->key != key ? nullptr : &*row;
}

std::vector<WantedRow> with_changes(std::vector<WantedRow> rows,
                                    std::span<const WantedRow> changes) {
  std::map<trade::ProductId, trade::Units> units;
  for (const WantedRow& row : rows) units[row.product] = row.units;
  for (const WantedRow& row : changes) units[row.product] = row.units;
  rows.clear();
  for (const auto& [product, wanted] : units)
    if (wanted > 0) rows.push_back({product, wanted});
  return rows;
}

std::vector<WantedRow> changes_between(std::span<const WantedRow> from,
                                       std::span<const WantedRow> to) {
  std::map<trade::ProductId, std::pair<trade::Units, trade::Units>> units;
  for (const WantedRow& row : from) units[row.product].first = row.units;
  for (const WantedRow& row : to) units[row.product].second = row.units;
  std::erase_if(units, [](const auto& row) { return row.second.first == row.second.second; });
  std::vector<WantedRow> changes;
  for (const auto& [product, change] : units) changes.push_back({product, change.second});
  std::ranges::stable_sort(changes, std::greater{}, [&](const WantedRow& row) {
    const auto& [before, after] = units.at(row.product);
    return std::abs(after - before);
  });
  return changes;
}

}  // namespace site
