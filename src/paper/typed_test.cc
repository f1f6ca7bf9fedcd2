#include "paper/typed.h"

#include <algorithm>
#include <cctype>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "paper/testing/orders.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using testing::small_order;

// What a typed sheet can say: all but when it was made.
Order as_typed(Order order) {
  order.made_ms = 0;
  return order;
}

std::vector<std::string> texts_of(const Order& order) {
  std::vector<std::string> texts;
  for (const TypedLine& line : typed_lines(order)) texts.push_back(to_text(line));
  return texts;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string why(const std::vector<std::string>& lines) {
  const auto read = parse_typed(joined(lines), "sample");
  return read ? std::string() : read.error().message;
}

TEST(Typed, sheet_reads_as_the_order_it_was_printed_from) {
  EXPECT_EQ(parse_typed(joined(texts_of(small_order())), "sample").value(),
            as_typed(small_order()));
}

RC_GTEST_PROP(Typed, sheet_of_any_order_reads_as_that_order, (std::uint64_t seed)) {
  base::Prng prng(seed);
  Order order = testing::random_order(prng, 1 + prng.below(changes_max));
  if (prng.below(2) == 0) order.standing_from = {};
  RC_ASSERT(parse_typed(joined(texts_of(order)), "sample").value() == as_typed(order));
}

TEST(Typed, spaces_empty_lines_and_capitals_of_words_mean_nothing) {
  Order order = small_order();
  order.rows[2].product = testing::product("own brand TEA 80");
  std::string text;
  for (const std::string& line : texts_of(order)) {
    const bool is_row = line[0] >= '0' && line[0] <= '9';
    for (const char c : line) {
      const auto letter = static_cast<unsigned char>(c);
      text += is_row ? c : static_cast<char>(std::toupper(letter));
      if (c == ' ') text += "  \t";
    }
    text += " \r\n\n";
  }
  EXPECT_EQ(parse_typed(text, "sample").value(), as_typed(order));
}

// Whether the text with that change is refused, and in a row's line with the row's number.
void expect_caught(std::vector<std::string> lines, std::size_t line, const std::string& wrong,
                   std::size_t row) {
  const std::string right = std::exchange(lines[line], wrong);
  const std::string said = why(lines);
  EXPECT_NE(said, "") << right << " typed as " << wrong;
  if (row == 0) return;
  EXPECT_THAT(said, HasSubstr(fmt::format("row {}", row))) << wrong;
}

// Every digit and every letter of a product as every other, and every two neighbours swapped.
TEST(Typed, every_wrong_character_and_every_swapped_pair_is_caught_and_its_row_named) {
  std::size_t substitutions = 0, swaps = 0;
  base::Prng prng(2026);
  for (int round = 0; round < 6; ++round) {
    const Order order = testing::random_order(prng, 1 + prng.below(changes_max));
    const std::vector<TypedLine> typed = typed_lines(order);
    const std::vector<std::string> lines = texts_of(order);
    std::size_t row = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool is_row = typed[i].kind == TypedLine::Kind::row;
      if (is_row) ++row;
      const std::string& line = lines[i];
      for (std::size_t at = 0; at < line.size(); ++at) {
        const bool is_digit = std::isdigit(static_cast<unsigned char>(line[at])) != 0;
        if (!is_digit && !(is_row && line[at] != ' ')) continue;
        for (const char other : std::string_view("0123456789ABCXYZ")) {
          if (other == line[at] || (!is_row && other > '9')) continue;
          std::string wrong = line;
          wrong[at] = other;
          expect_caught(lines, i, wrong, is_row ? row : 0);
          ++substitutions;
        }
        if (at + 1 == line.size() || line[at + 1] == ' ' || line[at + 1] == line[at]) continue;
        std::string wrong = line;
        std::swap(wrong[at], wrong[at + 1]);
        expect_caught(lines, i, wrong, is_row ? row : 0);
        ++swaps;
      }
    }
  }
  fmt::print("caught: {} wrong characters, {} swapped pairs\n", substitutions, swaps);
  EXPECT_GT(substitutions, 20'000u);
  EXPECT_GT(swaps, 1'000u);
}

TEST(Typed, every_missed_line_is_named) {
  base::Prng prng(3);
  const Order order = testing::random_order(prng, 25);
  const std::vector<TypedLine> typed = typed_lines(order);
  std::size_t row = 0;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    std::vector<std::string> lines = texts_of(order);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    const std::string said = why(lines);
    std::string named;
    if (typed[i].kind == TypedLine::Kind::row) named = fmt::format("row {} is missing", ++row);
    if (typed[i].kind == TypedLine::Kind::sum) named = fmt::format("the sum after row {}", row);
    EXPECT_NE(said, "") << typed[i].words;
    EXPECT_THAT(said, HasSubstr(named));
  }
}

TEST(Typed, rows_that_are_swapped_or_typed_twice_are_named) {
  std::vector<std::string> lines = texts_of(small_order());
  std::swap(lines[7], lines[8]);
  EXPECT_THAT(why(lines), HasSubstr("row 3 is missing"));
  lines = texts_of(small_order());
  lines.insert(lines.begin() + 7, lines[6]);
  EXPECT_NE(why(lines), "");
}

TEST(Typed, lines_of_another_sheet_do_not_fit) {
  Order other = small_order();
  other.number.counter = 1235;
  const std::vector<std::string> right = texts_of(small_order()), wrong = texts_of(other);
  for (std::size_t i = 0; i < right.size(); ++i) {
    std::vector<std::string> lines = right;
    lines[i] = wrong[i];
    EXPECT_NE(why(lines), "") << wrong[i];
  }
  EXPECT_THAT(parse_typed(joined(right), "elsewhere").error().message,
              HasSubstr("the check of the whole sheet"));
}

TEST(Typed, text_that_is_no_sheet_is_refused) {
  EXPECT_NE(why({}), "");
  EXPECT_NE(why({"hello"}), "");
  EXPECT_NE(why({"order 0042-1-1234-85", "54"}), "");
  std::vector<std::string> lines = texts_of(small_order());
  lines.push_back("13 P00500 2 11");
  EXPECT_THAT(why(lines), HasSubstr("expected nothing after the end"));
  lines = texts_of(small_order());
  lines[6] = "2 P00049\xc3\xa9 0 11";
  EXPECT_THAT(why(lines), HasSubstr("ASCII"));
  EXPECT_FALSE(parse_typed(std::string(typed_bytes_max + 1, ' '), "sample"));
}

}  // namespace
}  // namespace paper
