#include "selling/barcode.h"

#include <array>
#include <charconv>
#include <string>

#include "base/result.h"

namespace selling {
namespace {

int value_of(char digit) { return digit - '0'; }

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// A digit times its weight, made smaller or larger by its own tens, of which the last digit counts.
// GS1 writes the three kinds "2-", "3" and "5+".
struct Weight {
  int factor;
  int sign_of_tens;
  int of(char digit) const {
    const int product = value_of(digit) * factor;
    return (product + sign_of_tens * (product / 10) + 10) % 10;
  }
};
constexpr Weight two_minus{2, -1}, three{3, 0}, five_plus{5, 1}, five_minus{5, -1};

template <std::size_t size>
int weighted_sum(const std::array<Weight, size>& weights, std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += weights[i].of(digits[i]);
  return sum;
}

}  // namespace

int gs1_check_digit(std::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (std::size_t i = digits.size(); i-- > 0; weight = 4 - weight)
    sum += weight * value_of(digits[i]);
  return (10 - sum % 10) % 10;
}

int verifier_digit(std::string_view digits) {
  if (digits.size() == 4)
    return weighted_sum(std::array{two_minus, two_minus, three, five_minus}, digits) * 3 % 10;
  CHECK(digits.size() == 5);
  const int sum =
      weighted_sum(std::array{five_plus, two_minus, five_minus, five_plus, two_minus}, digits);
  const int wanted = (10 - sum % 10) % 10;
  char digit = '0';
  while (five_minus.of(digit) != wanted) ++digit;  // each value stands once in the "5-" table
  return value_of(digit);
}

Answer<Layouts::Layout> Layouts::parse(std::string_view pattern) {
  const auto text = trade::Text<13>::of(pattern);
  if (pattern.size() != 13 || !text) return no(Refusal::layout_bad);
  Layout layout{.pattern = *text};
  std::size_t at = 0;
  const auto run = [&](std::string_view letters) {
    const std::size_t begin = at;
    while (at < pattern.size() && letters.find(pattern[at]) != std::string_view::npos) ++at;
    return at - begin;
  };
  layout.prefix_digits = run("0123456789");
  const std::size_t reference_digits = run("R");
  layout.item_digits = layout.prefix_digits + reference_digits;
  const std::size_t verifiers = run("V");
  layout.has_verifier = verifiers == 1;
  const std::size_t pence_digits = run("P");
  const std::size_t gram_digits = run("W");
  layout.measure = gram_digits > 0 ? Measure::grams : Measure::pence;
  const std::size_t value_digits = pence_digits + gram_digits;
  const bool is_whole = run("C") == 1 && at == pattern.size();
  const bool is_in_store = layout.prefix_digits >= 2 && pattern[0] == '2';
  const bool has_one_value = (pence_digits == 0) != (gram_digits == 0);
  const bool can_verify = verifiers == 0 || value_digits == 4 || value_digits == 5;
  if (!is_whole || !is_in_store || reference_digits == 0 || !has_one_value || verifiers > 1 ||
      !can_verify)
    return no(Refusal::layout_bad);
  return layout;
}

Answer<Layouts> Layouts::of(std::span<const std::string_view> patterns) {
  Layouts made;
  for (const std::string_view pattern : patterns) {
    const Layout layout = TRY(parse(pattern));
    const std::string_view prefix = layout.prefix(pattern);
    for (const Layout& other : made.layouts_) {
      const std::string_view taken = other.prefix(other.pattern.view());
      if (prefix.starts_with(taken) || taken.starts_with(prefix))
        return no(Refusal::layout_ambiguous);
    }
    made.layouts_.push_back(layout);
  }
  return made;
}

Answer<Measured> Layouts::read(std::string_view code) const {
  const auto layout = std::ranges::find_if(layouts_, [&](const Layout& row) {
    return row.prefix(code) == row.prefix(row.pattern.view());
  });
  if (layout == layouts_.end()) return no(Refusal::code_layout_unknown);
  const std::size_t value_at = layout->item_digits + (layout->has_verifier ? 1 : 0);
  const std::string_view value = code.substr(value_at, 12 - value_at);
  if (layout->has_verifier && verifier_digit(value) != value_of(code[layout->item_digits]))
    return no(Refusal::code_verifier);
  const auto number = static_cast<std::int32_t>(number_of(value));  // at most nine digits
  if (number == 0) return no(Refusal::code_value_zero);
  return Measured{*ItemCode::of(code.substr(0, layout->item_digits)), layout->measure, number};
}

Answer<Scan> read_barcode(std::string_view code, const Layouts& layouts) {
  if (!is_digits(code)) return no(Refusal::code_not_digits);
  constexpr std::array<std::size_t, 4> lengths{8, 12, 13, 14};
  if (std::ranges::find(lengths, code.size()) == lengths.end()) return no(Refusal::code_length);
  if (gs1_check_digit(code.substr(0, code.size() - 1)) != value_of(code.back()))
    return no(Refusal::code_check_digit);
  const std::uint64_t number = number_of(code);
  constexpr std::uint64_t in_store_first = 2'000'000'000'000, in_store_end = 3'000'000'000'000;
  if (number < in_store_first || number >= in_store_end) return Gtin{number};
  return TRY(layouts.read(code.substr(code.size() - 13)));
}

}  // namespace selling
