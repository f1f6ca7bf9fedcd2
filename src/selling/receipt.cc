#include "selling/receipt.h"

#include <fmt/core.h>

#include "base/date.h"
#include "base/result.h"
#include "base/words.h"

namespace selling {
namespace {

// "20%", "17.5%"
std::string percent(std::int32_t basis_points) {
  return base::to_string(base::Money{std::int64_t{basis_points} * 100}) + "%";
}

std::string reason_of(PriceKind kind) {
  switch (kind) {
    case PriceKind::member:
      return "member price";
    case PriceKind::colleague:
      return "colleague price";
    case PriceKind::reduction:
      return "reduced";
    case PriceKind::regular:
    case PriceKind::label:
      break;
  }
  return {};
}

class Print {
 public:
  explicit Print(std::size_t columns) : columns_(columns) {}

  void rule() { lines_.emplace_back(columns_, '-'); }
  void centre(std::string text) {
    text.resize(std::min(text.size(), columns_));
    lines_.push_back(std::string((columns_ - text.size()) / 2, ' ') + text);
  }
  // Text on the left, cut where it would touch the right one.
  void row(std::string left, const std::string& right) {
    left.resize(columns_ - right.size(), ' ');
    if (!right.empty()) left.back() = ' ';
    lines_.push_back(left + right);
    while (lines_.back().ends_with(' ')) lines_.back().pop_back();
  }

  std::vector<std::string> lines() && { return std::move(lines_); }

 private:
  std::size_t columns_;
  std::vector<std::string> lines_;
};

void print_head(const ReceiptHead& head, Print& print) {
  print.centre(head.shop);
  print.centre("VAT number " + head.vat_number);
  if (head.copy > 0) print.centre(fmt::format("*** COPY {} ***", head.copy));
  print.row(fmt::format("{} {:02}:{:02}", base::to_string(trade::to_date(head.sold.day)),
                        head.sold.minute / 60, head.sold.minute % 60),
            fmt::format("till {} no {}", head.till, head.number));
  print.rule();
}

void print_line(const PricedLine& line, Print& print) {
  const std::string title{line.title.view()};
  if (line.is_void) {
    print.row(title, "VOID");
    return;
  }
  print.row(title, fmt::format("{} {}", pounds(line.price.gross_pence), letter_of(line.vat)));
  if (line.grams > 0)
    print.row(fmt::format("  {}.{:03} kg", line.grams / 1'000, line.grams % 1'000), "");
  if (line.units > 1) print.row(fmt::format("  {} x {}", line.units, pounds(line.price.pence)), "");
  const std::string reason = reason_of(line.price.kind);
  if (!reason.empty())
    print.row(fmt::format("  {}, was {}", reason, pounds(line.price.regular_pence)), "");
}

void print_totals(const PricedBasket& basket, Print& print) {
  print.rule();
  if (!basket.offers.empty()) {
    print.row("Before offers", pounds(basket.gross_pence) + "  ");
    for (const OfferTotal& offer : basket.offers) {
      const std::string times = offer.times > 1 ? fmt::format(" x {}", offer.times) : "";
      print.row(std::string(offer.title.view()) + times, pounds(-offer.saving_pence) + "  ");
    }
  }
  print.row("TOTAL GBP", pounds(basket.total_pence) + "  ");
  if (basket.savings_pence > 0) print.row("You saved", pounds(basket.savings_pence) + "  ");
  print.rule();
}

std::string rate_of(const VatRow& row) {
  if (row.code == VatCode::exempt) return "exempt";
  return row.code == VatCode::outside_scope ? "no VAT" : percent(row.basis_points);
}

// Code and rate in 10 columns, then three amounts that share the rest. The largest basket there is
// needs 39 columns for its amounts.
void print_vat(std::span<const VatRow> rows, std::size_t columns, Print& print) {
  const std::size_t width = (columns - 10) / 3 - 1;
  const auto cells = [&](const std::string& net, const std::string& vat, const std::string& gross) {
    return fmt::format("{:>{}} {:>{}} {:>{}}", net, width, vat, width, gross, width);
  };
  print.row("VAT", cells("net", "VAT", "gross"));
  for (const VatRow& row : rows)
    print.row(fmt::format("{} {}", letter_of(row.code), rate_of(row)),
              cells(pounds(row.net_pence()), pounds(row.vat_pence), pounds(row.gross_pence)));
}

}  // namespace

std::vector<std::string> print_receipt(const ReceiptHead& head, const PricedBasket& basket,
                                       std::size_t columns) {
  CHECK(columns >= receipt_columns_min && columns <= receipt_columns_max);
  CHECK(basket.refusals.empty());
  Print print(columns);
  print_head(head, print);
  for (const PricedLine& line : basket.lines) print_line(line, print);
  print_totals(basket, print);
  print_vat(basket.vat, columns, print);
  return std::move(print).lines();
}

}  // namespace selling
