#include "paper/typed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <optional>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/numbers.h"
#include "base/words.h"
#include "crypto/sha256.h"

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;
using Kind = TypedLine::Kind;
using Words = std::vector<std::string>;

constexpr unsigned check_modulus = 97;  // a prime above the count of printable characters
constexpr unsigned check_base = 10;
constexpr unsigned end_modulus = 1'000'000;

// Two digits over the characters of the number and the words: the value in base 10 modulo 97 of the
// characters' places in ASCII. Two values below 97 never agree, and neither do a and b with b and a
// one place on, for 97 divides neither their difference nor 10 - 1.
std::string check_of(std::string_view number, std::string_view words) {
  unsigned value = 0;
  for (const std::string_view part : {number, words})
    for (const char c : part)
      value = (value * check_base + static_cast<unsigned>(c - ' ')) % check_modulus;
  return fmt::format("{:02}", value);
}

// Six digits over everything that is typed and the estate, which is not.
std::string end_check(std::string_view estate, const std::vector<TypedLine>& lines,
                      std::string_view end_words) {
  std::string all(estate);
  for (const TypedLine& line : lines) all.append("\n").append(line.words);
  all.append("\n").append(end_words);
  const crypto::Digest digest = crypto::sha256(all);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 7; ++i) value = value << 8 | digest.bytes[i];
  return fmt::format("{:06}", value % end_modulus);
}

std::int64_t units_of(std::span<const Row> rows) {
  return std::transform_reduce(rows.begin(), rows.end(), std::int64_t{0}, std::plus<>(),
                               [](const Row& row) { return std::int64_t{row.units}; });
}

std::string text_of(trade::Day day) { return to_string(trade::to_date(day)); }

std::string row_words(std::size_t row, const Row& it) {
  return fmt::format("{} {} {}", row, it.product.view(), it.units);
}

// The sum after so many rows, which end a block or the sheet.
std::string sum_words(std::span<const Row> rows) {
  const std::size_t begin = (rows.size() - 1) / block_rows * block_rows;
  return fmt::format("sum {}-{} {}", begin + 1, rows.size(), units_of(rows.subspan(begin)));
}

std::string end_words(std::span<const Row> rows) {
  return fmt::format("end {} {}", rows.size(), units_of(rows));
}

std::vector<TypedLine> head_lines(const Order& order) {
  const trade::OrderKey& key = order.key;
  return {
      {Kind::order, "order " + trade::to_string(order.number), {}},
      {Kind::depot, "depot " + to_text(key.depot), {}},
      {Kind::delivery,
       fmt::format("delivery {} {} {}", text_of(key.delivery), key.drop, text_of(key.chain)),
       {}},
      {Kind::form, order.is_whole() ? "whole" : "changes " + text_of(order.standing_from), {}},
      {Kind::intent,
       order.rehearsal.given() ? "rehearsal " + text_of(order.rehearsal) : "real",
       {}},
  };
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Words words_of(std::string_view line) {
  Words words;
  std::string word;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(word);
  // A row begins with its number; only in its product do capital letters mean something.
  if (!words.empty() && !is_digit(words[0][0]))
    for (std::string& it : words) it = lower(it);
  return words;
}

// The day, if it is one that trade has.
std::optional<trade::Day> day_of(std::string_view text) {
  const auto date = base::parse_date(text);
  if (!date || date->days <= trade::day_epoch || *date > trade::to_date(trade::day_max))
    return std::nullopt;
  return trade::to_day(*date);
}

// A number as it is printed, up to a bound.
std::optional<std::int64_t> number_of(std::string_view text, std::int64_t max) {
  const auto number = base::parse_whole(text);
  if (!number || *number < 0 || *number > max || fmt::to_string(*number) != text)
    return std::nullopt;
  return number;
}

// Takes the lines one after the other and knows which comes next.
class TypedReader {
 public:
  explicit TypedReader(std::string_view estate) { order_.estate = estate; }

  Result<> take(std::string_view line);
  Result<Order> finish();

 private:
  using Take = bool (TypedReader::*)(const Words&);
  struct HeadLine {
    std::string_view name;
    Take take;
  };
  static const std::array<HeadLine, 5> head;

  bool take_number(const Words& words);
  bool take_depot(const Words& words);
  bool take_delivery(const Words& words);
  bool take_form(const Words& words);
  bool take_intent(const Words& words);
  Result<> take_head(Words words);
  Result<> take_row(Words words);
  Result<> take_sum(Words words);
  Result<> take_end(const Words& words);
  // The words without their check digits, if those fit; `what` names the line.
  Result<std::string> checked(Words& words, std::string_view what) const;
  std::unexpected<base::Error> bad(std::string_view what) const;

  bool sum_is_due() const { return !order_.rows.empty() && order_.rows.size() % block_rows == 0; }

  Order order_;
  std::string number_;          // as typed, for the check digits of the lines below
  std::size_t head_lines_ = 0;  // taken so far
  std::size_t summed_rows_ = 0;
  std::string line_;  // at hand
  bool is_ended_ = false;
};

constexpr std::array<TypedReader::HeadLine, 5> TypedReader::head{{
    {"order", &TypedReader::take_number},
    {"depot", &TypedReader::take_depot},
    {"delivery", &TypedReader::take_delivery},
    {"changes or whole", &TypedReader::take_form},
    {"real or rehearsal", &TypedReader::take_intent},
}};

std::unexpected<base::Error> TypedReader::bad(std::string_view what) const {
  return base::fail(ErrorCode::evidence_bad, fmt::format("'{}': {}", line_, what));
}

Result<std::string> TypedReader::checked(Words& words, std::string_view what) const {
  const std::string check = words.back();
  words.pop_back();
  std::string text = fmt::format("{}", fmt::join(words, " "));
  if (words.empty() || check != check_of(number_, text))
    return bad(fmt::format("{}: its check digits do not fit; compare it with the sheet", what));
  return text;
}

bool TypedReader::take_number(const Words& words) {
  if (words.size() != 2 || words[0] != "order") return false;
  const auto number = trade::parse_number(words[1]);
  if (!number) return false;
  order_.number = *number;
  order_.key.store = number->site;
  number_ = words[1];
  return true;
}

bool TypedReader::take_depot(const Words& words) {
  if (words.size() != 2 || words[0] != "depot") return false;
  order_.key.depot = static_cast<trade::SiteCode>(base::parse_whole(words[1]).value_or(0));
  return to_text(order_.key.depot) == words[1];
}

bool TypedReader::take_delivery(const Words& words) {
  if (words.size() != 4 || words[0] != "delivery") return false;
  const auto day = day_of(words[1]);
  const auto drop = number_of(words[2], 255);
  const auto chain = trade::parse_word<trade::Chain>(words[3]);
  if (!day || !drop || !chain) return false;
  order_.key.delivery = *day;
  order_.key.drop = static_cast<std::uint8_t>(*drop);
  order_.key.chain = *chain;
  return true;
}

bool TypedReader::take_form(const Words& words) {
  if (words == Words{"whole"}) return true;
  if (words.size() != 2 || words[0] != "changes") return false;
  const auto day = day_of(words[1]);
  if (day) order_.standing_from = *day;
  return day.has_value();
}

bool TypedReader::take_intent(const Words& words) {
  if (words == Words{"real"}) return true;
  if (words.size() != 2 || words[0] != "rehearsal") return false;
  const auto day = day_of(words[1]);
  if (day) order_.rehearsal = *day;
  return day.has_value();
}

Result<> TypedReader::take_head(Words words) {
  const HeadLine& due = head[head_lines_];
  // The number carries check digits of its own.
  if (head_lines_ > 0) TRY(checked(words, fmt::format("the line {}", due.name)));
  if (!(this->*due.take)(words))
    return bad(head_lines_ == 0 ? std::string("the number of the order does not hold")
                                : fmt::format("expected the line {}", due.name));
  ++head_lines_;
  return {};
}

Result<> TypedReader::take_row(Words words) {
  const std::size_t due = order_.rows.size() + 1;
  if (sum_is_due() && summed_rows_ != order_.rows.size())
    return bad(fmt::format("expected the sum after row {}", due - 1));
  const std::string text = TRY(checked(words, fmt::format("row {}", due)));
  const auto row = number_of(words[0], whole_rows_max);
  const auto units = number_of(words.back(), trade::row_units_max);
  if (row && *row > static_cast<std::int64_t>(due))
    return bad(fmt::format("row {} is missing before it", due));
  if (row != static_cast<std::int64_t>(due)) return bad(fmt::format("expected row {}", due));
  if (words.size() < 3 || !units) return bad(fmt::format("row {}: expected product, units", due));
  const auto product =
      trade::ProductId::of(fmt::format("{}", fmt::join(words.begin() + 1, words.end() - 1, " ")));
  if (!product) return bad(fmt::format("row {}: no product is called so", due));
  order_.rows.push_back({*product, static_cast<trade::Units>(*units)});
  return {};
}

Result<> TypedReader::take_sum(Words words) {
  const std::size_t begin = summed_rows_ + 1, rows = order_.rows.size();
  const std::string text = TRY(checked(words, fmt::format("the sum of rows from {}", begin)));
  if (rows == summed_rows_) return bad(fmt::format("expected row {}", rows + 1));
  const std::string right = sum_words(order_.rows);
  if (!text.starts_with(right.substr(0, right.rfind(' ') + 1)))
    return bad(fmt::format("row {} is missing before it", rows + 1));
  if (text != right)
    return bad(fmt::format("rows {} to {} as typed make {} units: a row is wrong", begin, rows,
                           right.substr(right.rfind(' ') + 1)));
  summed_rows_ = rows;
  return {};
}

Result<> TypedReader::take_end(const Words& words) {
  const std::size_t rows = order_.rows.size();
  if (rows == 0) return bad("row 1 is missing before it");
  if (summed_rows_ != rows) return bad(fmt::format("expected the sum after row {}", rows));
  const std::vector<TypedLine> lines = typed_lines(order_);
  if (fmt::format("{}", fmt::join(words, " ")) != to_text(lines.back()))
    return bad(fmt::format("rows and units, or the check of the whole sheet, do not fit {}, {}",
                           base::counted(static_cast<std::int64_t>(rows), "row"),
                           base::counted(units_of(order_.rows), "unit")));
  is_ended_ = true;
  return {};
}

Result<> TypedReader::take(std::string_view line) {
  line_ = line.substr(0, 100);
  Words words = words_of(line);
  if (words.empty()) return {};
  if (std::ranges::any_of(line,
                          [](char c) { return c != '\t' && c != '\r' && (c < ' ' || c > '~'); }))
    return bad("only letters, digits and signs of ASCII stand on a sheet");
  if (is_ended_) return bad("expected nothing after the end");
  if (head_lines_ < head.size()) return take_head(std::move(words));
  if (words[0] == "sum") return take_sum(std::move(words));
  if (words[0] == "end") return take_end(words);
  return take_row(std::move(words));
}

Result<Order> TypedReader::finish() {
  if (!is_ended_) {
    line_ = "end";
    return bad("this line is missing: the sheet is not typed to its end");
  }
  if (auto held = check(order_); !held) return bad(held.error().message);
  return std::move(order_);
}

}  // namespace

std::string to_text(const TypedLine& line) {
  return line.check.empty() ? line.words : line.words + " " + line.check;
}

std::vector<TypedLine> typed_lines(const Order& order) {
  std::vector<TypedLine> lines = head_lines(order);
  const std::span<const Row> rows(order.rows);
  for (std::size_t row = 1; row <= rows.size(); ++row) {
    lines.push_back({Kind::row, row_words(row, rows[row - 1]), {}});
    if (row % block_rows == 0 || row == rows.size())
      lines.push_back({Kind::sum, sum_words(rows.first(row)), {}});
  }
  const std::string number = trade::to_string(order.number);
  for (TypedLine& line : lines)
    if (line.kind != Kind::order) line.check = check_of(number, line.words);
  const std::string end = end_words(rows);
  const std::string check = end_check(order.estate, lines, end);
  lines.push_back({Kind::end, end, check});
  return lines;
}

Result<Order> parse_typed(std::string_view text, std::string_view estate) {
  if (text.size() > typed_bytes_max)
    return base::fail(ErrorCode::evidence_bad, "more text than a sheet holds");
  TypedReader reader(estate);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    TRY(reader.take(line));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return reader.finish();
}

}  // namespace paper
