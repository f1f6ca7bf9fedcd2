#include "till/sold_as.h"

#include <algorithm>
#include <span>

namespace till {
namespace {

// A restriction by hours may hide nothing of the age, so any minute does.
constexpr std::uint16_t noon = 12 * 60;

std::uint8_t age_of(const Tables& tables, const selling::ProductRow& row, trade::Day day) {
  const selling::RestrictedLine line{.category = row.category, .units = 1};
  std::uint8_t years = 0;
  for (const selling::LineRefusal& found : selling::check_restrictions(
           tables.restrictions, tables.nation, {day, noon}, {}, std::span(&line, 1)))
    if (found.why == selling::Refusal::age_unchecked)
      years = std::max(years, static_cast<std::uint8_t>(found.bound));
  return years;
}

}  // namespace

std::optional<site::SoldAs> sold_as(const Tables& tables, const trade::ProductId& product,
                                    trade::Day day) {
  const auto rows =
      selling::rows_of(std::span<const selling::ProductRow>(tables.products), product);
  const auto code = selling::vat_code(tables.vat_codes, product, day);
  if (rows.empty() || !code) return std::nullopt;
  const auto rate = selling::vat_basis_points(tables.vat_rates, *code, day);
  if (!rate) return std::nullopt;
  return site::SoldAs{*code, *rate, age_of(tables, rows.front(), day)};
}

}  // namespace till
