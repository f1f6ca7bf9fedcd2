#include "paper/codes.h"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "paper/base32.h"

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view mark = "STOCKADE1";
constexpr std::size_t digest_digits = 8;  // 40 bits, over all sealed bytes
constexpr std::size_t check_digits = 4;   // 20 bits, over the code before them

std::string short_digest(std::string_view bytes, std::size_t digits) {
  return to_base32(crypto::sha256(bytes).view()).substr(0, digits);
}

struct Code {
  std::string number, digest, bytes;
  std::size_t part = 0, count = 0;
  std::string name() const { return fmt::format("code {} of {} of order {}", part, count, number); }
};

std::string to_text(const Code& code) {
  const std::string text = fmt::format("{}/{}/{}/{}/{}/{}", mark, code.number, code.part,
                                       code.count, code.digest, to_base32(code.bytes));
  return text + "/" + short_digest(text, check_digits);
}

std::unexpected<base::Error> bad(std::string message) {
  return base::fail(ErrorCode::evidence_bad, std::move(message));
}

// The part before the next slash, or all; taken off the text.
std::string_view take_part(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

// 1 to codes_max, or 0.
std::size_t count_in(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && value <= codes_max ? value : 0;
}

Result<Code> parse_code(const std::string& text) {
  std::string_view rest = text;
  if (!begins_code(rest))
    return bad(fmt::format("'{}': not a code of a sheet", text.substr(0, 40)));
  take_part(rest);
  Code code;
  code.number = take_part(rest);
  code.part = count_in(take_part(rest));
  code.count = count_in(take_part(rest));
  if (!trade::parse_number(code.number) || code.part == 0 || code.part > code.count)
    return bad(fmt::format("'{}': a code that is damaged at its beginning", text.substr(0, 40)));
  code.digest = take_part(rest);
  auto bytes = from_base32(take_part(rest));
  if (bytes) code.bytes = std::move(*bytes);
  // Whatever the parts were, there is one way to write a code.
  if (!bytes || code.bytes.size() > code_bytes_max || to_text(code) != text)
    return bad(code.name() + " is damaged or cut off: scan it again");
  return code;
}

}  // namespace

bool begins_code(std::string_view text) { return text.starts_with(mark); }

Result<std::vector<std::string>> to_codes(const trade::DocumentNumber& number,
                                          std::string_view sealed) {
  const std::size_t count = (sealed.size() + code_bytes_max - 1) / code_bytes_max;
  if (count > codes_max)
    return base::fail(ErrorCode::input_too_large,
                      fmt::format("order {}: {} bytes, a sheet holds {}", trade::to_string(number),
                                  sealed.size(), codes_max * code_bytes_max));
  Code code{trade::to_string(number), short_digest(sealed, digest_digits), {}, 0, count};
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = sealed.size() * i / count, end = sealed.size() * (i + 1) / count;
    code.part = i + 1;
    code.bytes = sealed.substr(begin, end - begin);
    codes.push_back(to_text(code));
  }
  return codes;
}

Result<std::string> from_codes(std::span<const std::string> codes) {
  std::optional<Code> first;
  std::array<std::optional<std::string>, codes_max> parts;
  for (const std::string& text : codes) {
    Code code = TRY(parse_code(text));
    if (!first) first = code;
    if (code.number != first->number)
      return bad(
          fmt::format("codes of two sheets: order {} and order {}", first->number, code.number));
    auto& part = parts[code.part - 1];
    if (code.count != first->count || code.digest != first->digest || (part && *part != code.bytes))
      return bad(code.name() + " is of another sheet with the same number");
    part = std::move(code.bytes);
  }
  if (!first) return bad("no code of a sheet");
  std::string sealed;
  for (first->part = 1; first->part <= first->count; ++first->part) {
    const auto& part = parts[first->part - 1];
    if (!part) return bad(first->name() + " is missing: scan it");
    sealed += *part;
  }
  if (short_digest(sealed, digest_digits) != first->digest)
    return bad(fmt::format("order {}: its codes do not fit together", first->number));
  return sealed;
}

}  // namespace paper
