#include "selling/vat.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "base/result.h"

namespace selling {

Answer<std::int32_t> vat_basis_points(std::span<const VatRateRow> rates, VatCode code, Day day) {
  const VatRateRow* best = nullptr;
  for (const VatRateRow& row : rates)
    if (row.code == code && row.from <= day && (best == nullptr || best->from < row.from))
      best = &row;
  if (best == nullptr) return no(Refusal::vat_rate_missing);
  return best->basis_points;
}

Answer<VatCode> vat_code(std::span<const VatCodeRow> codes, const ProductId& product, Day day) {
  const VatCodeRow* best = nullptr;
  for (const VatCodeRow& row : rows_of(codes, product))
    if (row.from <= day && (best == nullptr || best->from < row.from)) best = &row;
  if (best == nullptr) return no(Refusal::vat_code_missing);
  return best->code;
}

std::vector<std::int64_t> apportion(std::int64_t amount_pence,
                                    std::span<const std::int64_t> weights) {
  const std::int64_t all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  CHECK(amount_pence >= 0 && amount_pence <= all && all <= total_pence_max);
  std::vector<std::int64_t> shares(weights.size(), 0);
  if (amount_pence == 0) return shares;
  std::vector<std::int64_t> remainders(weights.size());
  std::int64_t left = amount_pence;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    shares[i] = amount_pence * weights[i] / all;
    remainders[i] = amount_pence * weights[i] % all;
    left -= shares[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) { return remainders[i]; });
  for (std::int64_t i = 0; i < left; ++i) ++shares[order[static_cast<std::size_t>(i)]];
  return shares;
}

Answer<std::vector<VatRow>> vat_summary(std::span<const VatRateRow> rates,
                                        std::span<const VatLine> lines, Day day) {
  std::array<std::int64_t, vat_codes> gross{};
  std::array<bool, vat_codes> occurs{};
  for (const VatLine& line : lines) {
    gross[static_cast<std::size_t>(line.code)] += line.gross_pence;
    occurs[static_cast<std::size_t>(line.code)] = true;
  }
  std::vector<VatRow> rows;
  for (std::size_t i = 0; i < vat_codes; ++i) {
    if (!occurs[i]) continue;
    const auto code = static_cast<VatCode>(i);
    const std::int32_t rate = TRY(vat_basis_points(rates, code, day));
    rows.push_back({code, rate, gross[i], trade::vat_of(gross[i], rate)});
  }
  return rows;
}

}  // namespace selling
