#include "api/draft.h"

#include <algorithm>

#include "api/member.h"
#include "base/result.h"

namespace api {
namespace {

// Calls f(LineNo&) for each line in the value.
template <class T, class F>
void each_line(T& value, F&& f) {
  if constexpr (std::is_same_v<T, trade::LineNo>) {
    f(value);
  } else if constexpr (requires { value.push_back(value[0]); }) {
    for (auto& row : value) each_line(row, f);
  } else if constexpr (trade::Struct<T>) {
    each_member<T>([&]<auto member>() { each_line(value.*member, f); });
  }
}

// Documents have their rows in the order of line and lot; a client may send them in any.
template <class Row>
void sort_rows(std::vector<Row>& rows) {
  if constexpr (requires(Row row) { row.line, row.lot; })
    std::ranges::stable_sort(rows, [](const Row& a, const Row& b) {
      return std::tie(a.line, a.lot) < std::tie(b.line, b.lot);
    });
  else if constexpr (requires(Row row) { row.line; })
    std::ranges::stable_sort(rows, {}, &Row::line);
}

template <class Kind>
void sort_all_rows(Kind& kind) {
  each_member<Kind>([&]<auto member>() {
    if constexpr (requires { sort_rows(kind.*member); }) sort_rows(kind.*member);
  });
}

std::expected<void, NotResolved> check_numbers(const Draft& draft, const trade::Partition& site) {
  for (const trade::DocumentNumber& number : draft.numbers)
    if (number != site.number(number.counter))
      return std::unexpected(
          NotResolved{{trade::Refusal::document_not_ours, trade::no_line, number}, {}});
  if (const auto* proposed = std::get_if<trade::OrderProposed>(&draft.body))
    if (proposed->key.store != site.site.code)
      return std::unexpected(NotResolved{{trade::Refusal::document_not_ours}, {}});
  return {};
}

// The line of each product, in the order of the products.
std::expected<std::vector<trade::LineNo>, NotResolved> find_lines(const Draft& draft,
                                                                  const trade::Partition& site,
                                                                  LineFinder& finder) {
  std::vector<trade::LineNo> lines;
  lines.reserve(draft.products.size());
  for (const trade::ProductId& product : draft.products) {
    const auto line = finder.find(product, site.goods);
    if (!line)
      return std::unexpected(
          NotResolved{{trade::Refusal::line_unknown}, std::string(product.view())});
    lines.push_back(*line);
  }
  return lines;
}

}  // namespace

std::optional<trade::LineNo> LineFinder::find(const trade::ProductId& product,
                                              const trade::Goods& goods) {
  const std::size_t hash =
      std::hash<std::string_view>{}({product.bytes.data(), product.bytes.size()});
  trade::LineNo& guess = guesses_[hash % guesses_count];
  if (goods.has(guess) && goods.product(guess) == product) return guess;
  const auto found = goods.find(product);
  if (found) guess = *found;
  return found;
}

std::expected<trade::Body, NotResolved> resolve(Draft draft, const trade::Partition& site,
                                                LineFinder& finder) {
  TRY(check_numbers(draft, site));
  const auto lines = TRY(find_lines(draft, site, finder));
  std::visit(
      [&](auto& kind) {
        each_line(kind, [&](trade::LineNo& line) { line = lines[trade::index(line)]; });
        sort_all_rows(kind);
      },
      draft.body);
  return std::move(draft.body);
}

}  // namespace api
