// libFuzzer target: orders, codes and typed sheets. What is read writes back the same, and no seal
// opens that the store has not made.
#include <cstdint>

#include "paper/codes.h"
#include "paper/testing/orders.h"
#include "paper/typed.h"

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace paper;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const Order small = testing::small_order();
  static const journal::Roster roster = testing::roster_of(small, testing::signer_of(small));
  if (const auto order = decode(bytes)) CHECK(encode(*order) == bytes);
  if (const auto order = open(bytes, roster)) CHECK(*order == small);
  if (const auto sealed = from_codes(lines_of(bytes)))
    if (const auto order = open(*sealed, roster)) CHECK(*order == small);
  if (const auto order = parse_typed(bytes, small.estate)) {
    std::string typed;
    for (const TypedLine& line : typed_lines(*order)) typed += to_text(line) + "\n";
    CHECK(parse_typed(typed, small.estate).value() == *order);
  }
  return 0;
}
