// libFuzzer target: a card's code as somebody typed it. What is read is written and read the same.
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "trade/card_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto code = trade::parse_card_code(text);
  if (!code) return 0;
  CHECK(code->view().find_first_not_of(trade::card_code_alphabet) == std::string_view::npos);
  CHECK(*trade::parse_card_code(to_string(*code)) == *code);
  return 0;
}
