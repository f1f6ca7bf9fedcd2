#include "paper/phone.h"

#include <array>

#include <fmt/core.h>

#include "base/words.h"
#include "paper/typed.h"
#include "paper/words.h"

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;
using Kind = TypedLine::Kind;

constexpr std::array<std::string_view, 10> digit_words{"zero", "one", "two",   "three", "four",
                                                       "five", "six", "seven", "eight", "nine"};

std::string with_check(std::string_view what, const TypedLine& line) {
  return fmt::format("{}. Check {}.\n", what, spoken(line.check));
}

std::string row_line(std::size_t row, const Row& it, const TypedLine& line) {
  const std::string units = std::to_string(it.units);
  return fmt::format("{:>4}  {:<12}  {:>7}  {:<24}  {}\n", row, it.product.view(), units,
                     spoken(units), spoken(line.check));
}

// "sum 1-10 142" or "end 12 160": what comes last, in digits and words.
std::string sum_line(std::string_view what, const TypedLine& line) {
  const std::string units = line.words.substr(line.words.rfind(' ') + 1);
  return fmt::format("      {} {}: {}. Check {}.\n", what, units, spoken(units),
                     spoken(line.check));
}

std::string text_of(const Order& order, const TypedLine& line, std::size_t rows) {
  switch (line.kind) {
    case Kind::order:
      return fmt::format("Order {}.\n", spoken(trade::to_string(order.number)));
    case Kind::depot:
      return with_check(fmt::format("To depot {}", spoken(to_text(order.key.depot))), line);
    case Kind::delivery:
      return with_check("Delivery on " + delivery_text(order.key), line);
    case Kind::form:
      return with_check(form_text(order), line);
    case Kind::intent:
      return with_check(intent_text(order), line);
    case Kind::row:
      return row_line(rows, order.rows[rows - 1], line);
    case Kind::sum:
      return sum_line("together", line);
    case Kind::end:
      return sum_line(
          fmt::format("all {} together", base::counted(static_cast<std::int64_t>(rows), "row")),
          line);
  }
  return {};
}

}  // namespace

std::string spoken(std::string_view digits) {
  std::string text;
  for (const char c : digits) {
    if (!text.empty()) text += ' ';
    if (c >= '0' && c <= '9')
      text += digit_words[static_cast<std::size_t>(c - '0')];
    else if (c == '-')
      text += "dash";
    else
      text += c;
  }
  return text;
}

Result<std::string> phone_list(const Order& order) {
  TRY(check(order));
  if (order.rows.size() > changes_max)
    return base::fail(ErrorCode::input_too_large,
                      fmt::format("order {}: {} rows, and a phone call is for at most {}",
                                  trade::to_string(order.number), order.rows.size(), changes_max));
  std::string text = fmt::format("Store {} speaking, with an emergency order.\n",
                                 spoken(to_text(order.key.store)));
  std::size_t rows = 0;
  for (const TypedLine& line : typed_lines(order)) {
    if (line.kind == Kind::row && rows == 0)
      text += "Of each row say product, units and check; go on when the depot says yes.\n";
    if (line.kind == Kind::row) ++rows;
    text += text_of(order, line, rows);
  }
  return text;
}

}  // namespace paper
