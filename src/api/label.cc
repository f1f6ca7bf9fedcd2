#include "api/label.h"

#include <fmt/format.h>

#include "api/html.h"
#include "base/date.h"
#include "base/words.h"
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

}  // namespace

std::expected<http::Response, Problem> label_of_reduction(std::string_view number,
                                                          const site::View& view) {
  const trade::Partition& own = view.own;
  const auto wanted = trade::parse_number(number);
  const auto found = wanted ? own.reductions.find(wanted->counter) : own.reductions.end();
  if (found == own.reductions.end() || own.number(found->first) != *wanted) {
    Problem problem(row_of(trade::Refusal::document_unknown));
    problem.number = number;
    return std::unexpected(std::move(problem));
  }
  const trade::Reduction& reduction = found->second;
  Html page(trade::to_string(*wanted), style);
  page.paragraph(own.goods.product(reduction.line).view());
  page.tag("<p class=\"price\"><s>");
  page.text(text_of_price(trade::price_on(own, reduction.line, own.day)));
  page.tag("</s> ");
  page.text(text_of_price(reduction.pence));
  page.tag("</p>\n");
  page.paragraph(fmt::format("until {}", to_string(trade::to_date(reduction.expiry))));
  page.paragraph(fmt::format("for {} units", base::grouped(reduction.units)));
  return http::Response{
      200,
      "text/html; charset=utf-8",
      std::move(page).finish(),
      {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}}};
}

}  // namespace api
