#include "api/label.h"

#include <optional>

#include <fmt/format.h>

#include "api/html.h"
#include "api/parcel_papers.h"
#include "base/date.h"
#include "base/result.h"
#include "base/words.h"
#include "paper/barcode.h"
#include "trade/number.h"

namespace api {
namespace {

constexpr Tag style = R"(@page { size: 60mm 40mm; margin: 3mm; }
body { margin: 0; font: 12pt/1.2 sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 8pt; }
p { margin: 0; }
.price { font-size: 22pt; font-weight: bold; }
s { font-size: 12pt; font-weight: normal; }
)";

std::string text_of_price(trade::Pence pence) {
  return fmt::format("{}.{:02}", pence / 100, pence % 100);
}

constexpr int module_um = 330, bars_um = 7'000;

// Nothing where the product's id is no GTIN and no other code is asked for.
std::expected<std::optional<paper::Barcode>, Problem> code_of(const Question& question,
                                                              const trade::ProductId& product) {
  const std::string_view wanted = question.parameter("code");
  auto code = paper::ean(wanted.empty() ? product.view() : wanted);
  if (wanted.empty()) return code ? std::optional(*std::move(code)) : std::nullopt;
  const bool is_in_store = wanted.size() == 13 && wanted.starts_with('2');
  if (!code || !is_in_store)
    return std::unexpected(
        query_wrong("code", "an in-store EAN-13: 13 digits from 2 with their check digit"));
  return std::optional(*std::move(code));
}

}  // namespace

std::expected<http::Response, Problem> label_of_reduction(const Question& question,
                                                          const site::View& view) {
  const trade::Partition& own = view.own;
  const std::string& number = question.values[0];
  const auto wanted = trade::parse_number(number);
  const auto found = wanted ? own.reductions.find(wanted->counter) : own.reductions.end();
  if (found == own.reductions.end() || own.number(found->first) != *wanted) {
    Problem problem(row_of(trade::Refusal::document_unknown));
    problem.number = number;
    return std::unexpected(std::move(problem));
  }
  const trade::Reduction& reduction = found->second;
  const auto code = TRY(code_of(question, own.goods.product(reduction.line)));
  Html page(trade::to_string(*wanted), style);
  page.paragraph(own.goods.product(reduction.line).view());
  page.tag("<p class=\"price\"><s>");
  page.text(text_of_price(trade::price_on(own, reduction.line, own.day)));
  page.tag("</s> ");
  page.text(text_of_price(reduction.pence));
  page.tag("</p>\n");
  page.paragraph(fmt::format("until {}", to_string(trade::to_date(reduction.expiry))));
  page.paragraph(fmt::format("for {} units", base::grouped(reduction.units)));
  if (code) page.drawing(paper::draw(*code, module_um, bars_um));
  return printed(std::move(page).finish());
}

}  // namespace api
