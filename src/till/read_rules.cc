// What holds for everything that is sold: vat_codes.csv, vat_rates.csv, restrictions.csv,
// cards.csv, limits.csv.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "till/built_in.h"
#include "till/reading.h"

namespace till {
namespace {

using base::Date;
using base::Result;
using estate::Column;
using estate::Expected;
using estate::Lookup;
using estate::Numbered;
using estate::Table;
using selling::Category;
using selling::Nation;
using selling::RestrictionRow;
using selling::VatCode;
using selling::VatCodeRow;
using enum estate::Need;
namespace v = values;

struct CodeRow {
  std::uint32_t product = estate::none;
  VatCode code = VatCode::standard;
  Date from = base::date_min;
};
constexpr auto code_columns = std::to_array<Column<CodeRow>>({
    {"product", required, v::product<&CodeRow::product>},
    {"vat_code", required, v::trade_word<&CodeRow::code>},
    {"from_date", optional, v::date<&CodeRow::from>},
});
constexpr Table<CodeRow> code_table{"vat_codes.csv", code_columns};

struct RateRow {
  VatCode code = VatCode::standard;
  Date from = base::date_min;
  std::int32_t basis_points = 0;
};
constexpr auto rate_columns = std::to_array<Column<RateRow>>({
    {"vat_code", required, v::trade_word<&RateRow::code>},
    {"from_date", optional, v::date<&RateRow::from>},
    {"percent", required, v::percent<&RateRow::basis_points, 100, 0>},
});
estate::RowFault check_rate(const RateRow& row) {
  const bool is_taxed = row.code == VatCode::standard || row.code == VatCode::reduced;
  if (is_taxed || row.basis_points == 0) return {};
  return {"percent", "0 for this code"};
}
constexpr Table<RateRow> rate_table{"vat_rates.csv", rate_columns, check_rate};

enum class RuleKind : std::uint8_t { age, hours, unit_price, quantity };

struct RestrictionDraft {
  Category category = {};
  RuleKind rule = RuleKind::age;
  std::optional<Nation> nation;
  std::optional<std::int32_t> years, from_minute, until_minute, units_max;
  std::optional<base::Money> price;
  std::uint8_t weekdays = 0b1111111;
  Date from = base::date_min, to = base::date_max;
};
Expected set_rule(RestrictionDraft& row, std::string_view text, const Lookup&) {
  constexpr auto words =
      std::to_array<std::string_view>({"age", "hours", "unit_price", "quantity"});
  const auto word = std::ranges::find(words, text);
  if (word == words.end()) return "one of age, hours, unit_price, quantity";
  row.rule = static_cast<RuleKind>(word - words.begin());
  return {};
}
// The end of a day is a time as well.
Expected set_until(RestrictionDraft& row, std::string_view text, const Lookup& lookup) {
  constexpr std::int32_t minutes_of_day = 1'440;
  if (text == "24:00") {
    row.until_minute = minutes_of_day;
    return {};
  }
  return v::minute<&RestrictionDraft::until_minute>(row, text, lookup).empty()
             ? Expected()
             : "a time HH:MM from 00:01 to 24:00";
}
constexpr std::int64_t age_max = 99;
constexpr auto restriction_columns = std::to_array<Column<RestrictionDraft>>({
    {"category", required, v::ascii<&RestrictionDraft::category>},
    {"rule", required, set_rule},
    {"nation", optional, v::nation<&RestrictionDraft::nation>},
    {"years", optional, v::whole<&RestrictionDraft::years, 1, age_max>},
    {"weekdays", optional, v::weekdays<&RestrictionDraft::weekdays>},
    {"from_time", optional, v::minute<&RestrictionDraft::from_minute>},
    {"until_time", optional, set_until},
    {"unit_price", optional, v::money<&RestrictionDraft::price>},
    {"units_max", optional, v::whole<&RestrictionDraft::units_max, 0, selling::basket_units_max>},
    {"from_date", optional, v::date<&RestrictionDraft::from>},
    {"to_date", optional, v::date<&RestrictionDraft::to>},
});
estate::RowFault check_restriction(const RestrictionDraft& row) {
  switch (row.rule) {
    case RuleKind::age:
      if (!row.years) return {"years", "the age in years"};
      break;
    case RuleKind::hours:
      if (!row.from_minute) return {"from_time", "when the sale begins, HH:MM"};
      if (!row.until_minute || *row.until_minute <= *row.from_minute)
        return {"until_time", "when the sale ends, HH:MM later than from_time"};
      break;
    case RuleKind::unit_price:
      if (!row.price || row.price->pence() < 1 || row.price->pence() > selling::unit_pence_max)
        return {"unit_price", "pounds for a unit of alcohol, at least a penny"};
      break;
    case RuleKind::quantity:
      if (!row.units_max) return {"units_max", "the most that a basket may hold"};
      break;
  }
  return estate::check_days(row);
}
constexpr Table<RestrictionDraft> restriction_table{"restrictions.csv", restriction_columns,
                                                    check_restriction};

struct CardDraft {
  std::string prefix;
  std::int32_t digits = 0;
  selling::CardKind kind = selling::CardKind::member;
};
Expected set_card_kind(CardDraft& row, std::string_view text, const Lookup&) {
  if (text != "member" && text != "colleague") return "one of member, colleague";
  row.kind = text == "member" ? selling::CardKind::member : selling::CardKind::colleague;
  return {};
}
constexpr std::int64_t card_digits_max = 19;  // ISO/IEC 7812-1
constexpr auto card_columns = std::to_array<Column<CardDraft>>({
    {"prefix", required, v::text<&CardDraft::prefix>},
    {"digits", required, v::whole<&CardDraft::digits, 4, card_digits_max>},
    {"kind", required, set_card_kind},
});
estate::RowFault check_card(const CardDraft& row) {
  const bool is_digits = row.prefix.find_first_not_of("0123456789") == std::string::npos;
  if (!is_digits || row.prefix.size() > 12) return {"prefix", "1 to 12 digits"};
  if (row.digits <= static_cast<std::int32_t>(row.prefix.size()))
    return {"digits", "more digits than the prefix has"};
  return {};
}
constexpr Table<CardDraft> card_table{"cards.csv", card_columns, check_card};

struct LimitDraft {
  std::string limit;
  std::int64_t value = 0;
};
constexpr auto limit_columns = std::to_array<Column<LimitDraft>>({
    {"limit", required, v::text<&LimitDraft::limit>},
    {"value", required, v::whole<&LimitDraft::value, 0, trade::total_pence_max>},
});
constexpr Table<LimitDraft> limit_table{"limits.csv", limit_columns};

selling::Rule rule_of(const RestrictionDraft& row) {
  const auto minute = [](const std::optional<std::int32_t>& value) {
    return static_cast<std::uint16_t>(value.value_or(0));
  };
  switch (row.rule) {
    case RuleKind::age:
      return selling::MinimumAge{static_cast<std::uint8_t>(row.years.value_or(0))};
    case RuleKind::hours:
      return selling::SaleHours{row.weekdays, minute(row.from_minute), minute(row.until_minute)};
    case RuleKind::unit_price:
      return selling::MinimumUnitPrice{
          static_cast<trade::Pence>(row.price.value_or(base::Money{}).pence())};
    case RuleKind::quantity:
      break;
  }
  return selling::QuantityLimit{row.units_max.value_or(0)};
}

}  // namespace

// A category that the file names is the file's alone; the others are built in.
Result<> read_restrictions(Reading& reading) {
  const auto rows = TRY(estate::read_rows(reading.session, restriction_table));
  std::vector<RestrictionRow>& into = reading.tables.restrictions;
  std::set<Category> said;
  for (const Numbered<RestrictionDraft>& numbered : rows) {
    const RestrictionDraft& row = numbered.row;
    said.insert(row.category);
    RestrictionRow made{row.category, Nation::england, day_of(row.from), end_of(row.to),
                        rule_of(row)};
    for (std::size_t nation = 0; nation < trade::count_of<Nation>; ++nation) {
      made.nation = static_cast<Nation>(nation);
      if (!row.nation || *row.nation == made.nation) into.push_back(made);
    }
  }
  for (RestrictionRow& law : built_in_restrictions())
    if (!said.contains(law.category)) into.push_back(std::move(law));
  return {};
}

Result<> read_vat(Reading& reading) {
  auto codes = TRY(estate::read_rows(reading.session, code_table));
  TRY(estate::sort_unique(reading.session, code_table.file, "product and from_date", codes,
                          [](const CodeRow& row) { return std::tie(row.product, row.from); }));
  std::vector<VatCodeRow>& into = reading.tables.vat_codes;
  // A row without a day stands in place of what products.csv says.
  for (const Numbered<CodeRow>& numbered : codes) {
    const CodeRow& row = numbered.row;
    const Date from = row.from;
    into.push_back(
        {reading.id(row.product), from == base::date_min ? trade::Day{} : day_of(from), row.code});
  }
  std::ranges::stable_sort(into, {},
                           [](const VatCodeRow& row) { return std::pair(row.product, row.from); });
  const auto is_replaced = [](const VatCodeRow& row, const VatCodeRow& next) {
    return row.product == next.product && row.from == next.from;
  };
  std::vector<VatCodeRow> kept;
  for (const VatCodeRow& row : into) {
    if (!kept.empty() && is_replaced(kept.back(), row)) kept.pop_back();
    kept.push_back(row);
  }
  into = std::move(kept);

  auto rates = TRY(estate::read_rows(reading.session, rate_table));
  TRY(estate::sort_unique(reading.session, rate_table.file, "vat_code and from_date", rates,
                          [](const RateRow& row) { return std::tie(row.code, row.from); }));
  std::set<VatCode> said;
  for (const Numbered<RateRow>& numbered : rates) {
    const RateRow& row = numbered.row;
    said.insert(row.code);
    reading.tables.vat_rates.push_back({row.code, day_of(row.from), row.basis_points});
  }
  for (const selling::VatRateRow& rate : built_in_vat_rates())
    if (!said.contains(rate.code)) reading.tables.vat_rates.push_back(rate);
  return {};
}

// What the file does not name is as it is where there is no file.
Result<> read_limits(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, limit_table));
  TRY(estate::sort_unique(reading.session, limit_table.file, "limit", rows,
                          [](const LimitDraft& row) { return row.limit; }));
  for (const Numbered<LimitDraft>& numbered : rows) {
    const LimitDraft& row = numbered.row;
    const auto known = std::ranges::find(trade::limit_rows(), row.limit, &trade::LimitRow::name);
    if (known == trade::limit_rows().end())
      return wrong(reading, limit_table.file, numbered.line, "limit", row.limit,
                   "a limit that GET /v1/limits names");
    if (row.value > known->most)
      return wrong(reading, limit_table.file, numbered.line, "value", std::to_string(row.value),
                   fmt::format("at most {}", known->most));
    if (!reading.tables.limits) reading.tables.limits.emplace();
    (*reading.tables.limits).*known->value = row.value;
  }
  return {};
}

// In the order of the file: the first row that fits a card counts.
Result<> read_cards(Reading& reading) {
  const auto rows = TRY(estate::read_rows(reading.session, card_table));
  for (const Numbered<CardDraft>& numbered : rows) {
    const CardDraft& row = numbered.row;
    reading.tables.cards.push_back(
        {*trade::Text<12>::of(row.prefix), static_cast<std::uint8_t>(row.digits), row.kind});
  }
  return {};
}

}  // namespace till
