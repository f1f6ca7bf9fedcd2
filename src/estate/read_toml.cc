#include "estate/read_toml.h"

#include <optional>

#include <fmt/core.h>
#include <toml++/toml.h>

#include "estate/read_session.h"
#include "estate/read_values.h"

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::int64_t periods_max = 365;
constexpr double cost_max = 1e9;
constexpr std::string_view file = "estate.toml";

std::unexpected<base::Error> bad_value(std::string_view key, const toml::node& node,
                                       std::string_view expected) {
  std::string value = "a value of another type";
  node.visit([&](const auto& inner) {
    if constexpr (toml::is_string<decltype(inner)>)
      value = fmt::format("\"{}\"", shown(inner.get()));
    else if constexpr (toml::is_number<decltype(inner)> || toml::is_boolean<decltype(inner)>)
      value = fmt::format("{}", inner.get());
  });
  const toml::source_position at = node.source().begin;
  return base::fail(ErrorCode::input_bad, fmt::format("{}:{}:{}: key {}: {}: expected {}", file,
                                                      at.line, at.column, key, value, expected));
}

// One table of the file; remembers which keys were asked for.
class Keys {
 public:
  Keys(const toml::table& table, std::string prefix) : table_(table), prefix_(std::move(prefix)) {}

  const toml::node* find(std::string_view key) {
    asked_.emplace_back(key);
    return table_.get(key);
  }
  std::string path(std::string_view key) const { return prefix_ + std::string(key); }

  Result<> text(std::string_view key, std::string& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_string() || !valid_text(node->as_string()->get()))
      return bad_value(path(key), *node, "text");
    into = node->as_string()->get();
    return {};
  }
  Result<> whole(std::string_view key, std::int64_t low, std::int64_t high, std::int32_t& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_integer() || node->as_integer()->get() < low || node->as_integer()->get() > high)
      return bad_value(path(key), *node, fmt::format("a whole number from {} to {}", low, high));
    into = static_cast<std::int32_t>(node->as_integer()->get());
    return {};
  }
  // A number in [0, high], or in the open interval (0, 1) where `high` is 1.
  Result<> number(std::string_view key, double high, std::string_view expected,
                  std::optional<double>& into) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const std::optional<double> value =
        node->is_number() ? node->value<double>() : std::optional<double>();
    const bool open = high == 1;
    if (!value || !(*value >= 0) || !(*value <= high) || (open && (*value == 0 || *value == 1)))
      return bad_value(path(key), *node, expected);
    into = *value;
    return {};
  }
  void add_unknown(std::vector<std::string>& into) const {
    for (const auto& [key, node] : table_)
      if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end())
        into.push_back(shown(path(key.str())));
  }

 private:
  const toml::table& table_;
  std::string prefix_;
  std::vector<std::string> asked_;
};

Result<> read_policy(const toml::node& node, EstateToml& into) {
  if (!node.is_table()) return bad_value("policy", node, "a table [policy]");
  Keys keys(*node.as_table(), "policy.");
  Policy& policy = into.policy;
  TRY(keys.whole("lead_periods", 0, periods_max, policy.lead_periods));
  TRY(keys.whole("review_periods", 1, periods_max, policy.review_periods));
  TRY(keys.number("service_level", 1, "a number above 0 and below 1", policy.service_level));
  const std::string_view cost = "a number from 0 to 1000000000";
  TRY(keys.number("shortage_cost", cost_max, cost, policy.shortage_cost));
  TRY(keys.number("holding_cost", cost_max, cost, policy.holding_cost));
  keys.add_unknown(into.unknown_keys);
  if (policy.service_level && (policy.shortage_cost || policy.holding_cost))
    return bad_value("policy.service_level", *keys.find("service_level"),
                     "either a service level or the two costs, not both");
  if (policy.shortage_cost.has_value() != policy.holding_cost.has_value())
    return bad_value("policy", node, "shortage_cost and holding_cost together");
  return {};
}

Result<> read_requirements(const toml::node& node, EstateToml& into) {
  const std::string_view expected =
      "a list of files and columns, such as [\"promotions.csv\", \"sales.promotion\"]";
  if (!node.is_array()) return bad_value("requires", node, expected);
  for (const toml::node& item : *node.as_array()) {
    if (!item.is_string()) return bad_value("requires", item, expected);
    into.requirements.push_back({item.as_string()->get(), item.source().begin.line});
  }
  return {};
}

Result<> read_head(Keys& keys, EstateToml& into) {
  const auto missing = [](std::string_view key, std::string_view example) {
    return base::fail(ErrorCode::input_missing,
                      fmt::format("{}: expected a line {} = {}", file, key, example));
  };
  const toml::node* format = keys.find("format");
  if (format == nullptr) return missing("format", "1");
  if (!format->is_integer() || format->as_integer()->get() != 1)
    return bad_value("format", *format, "1, the only format so far");
  if (keys.find("name") == nullptr) return missing("name", "\"…\"");
  TRY(keys.text("name", into.name));
  TRY(keys.text("currency", into.currency));
  TRY(keys.text("timezone", into.timezone));
  const toml::node* period = keys.find("period");
  if (period == nullptr) return missing("period", "\"day\" or \"week\"");
  const auto kind = period->is_string() ? parse_word<PeriodKind>(period->as_string()->get())
                                        : std::optional<PeriodKind>();
  if (!kind) return bad_value("period", *period, words_expected<PeriodKind>());
  into.period = *kind;
  return {};
}

Result<toml::table> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return base::fail(ErrorCode::input_bad, fmt::format("{}:{}:{}: no TOML: {}", file, at.line,
                                                        at.column, error.description()));
  }
}

}  // namespace

Result<EstateToml> parse_estate_toml(std::string_view text) {
  const toml::table table = TRY(parse_toml(text));
  EstateToml into;
  Keys keys(table, "");
  TRY(read_head(keys, into));
  if (const toml::node* list = keys.find("requires")) TRY(read_requirements(*list, into));
  if (const toml::node* policy = keys.find("policy")) TRY(read_policy(*policy, into));
  keys.add_unknown(into.unknown_keys);
  if (!into.policy.service_level && !into.policy.shortage_cost) into.policy.service_level = 0.97;
  return into;
}

}  // namespace estate
