// The bytes of a sheet that docs/formats/sheet.md shows. They change with the format and never
// otherwise.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "crypto/hex.h"
#include "paper/codes.h"
#include "paper/phone.h"
#include "paper/testing/orders.h"
#include "paper/typed.h"

namespace paper {
namespace {

std::string golden(const std::string& name) {
  std::ifstream file(STOCKADE_SOURCE_DIR "/tests/golden/sheet-1/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(GoldenSheet, has_the_bytes_and_the_signature_that_were_agreed) {
  const Order order = testing::small_order();
  const auto sealed = seal(order, testing::signer_of(order));
  EXPECT_EQ(crypto::to_hex(sealed.value()) + "\n", golden("sealed.hex"));
}

TEST(GoldenSheet, has_the_codes_that_were_agreed) {
  const Order order = testing::small_order();
  const auto sealed = seal(order, testing::signer_of(order));
  std::string text;
  const auto codes = to_codes(order.number, sealed.value());
  for (const std::string& code : codes.value()) text += code + "\n";
  EXPECT_EQ(text, golden("codes.txt"));
}

TEST(GoldenSheet, has_the_lines_that_people_type_and_say) {
  const Order order = testing::small_order();
  std::string text;
  for (const TypedLine& line : typed_lines(order)) text += to_text(line) + "\n";
  EXPECT_EQ(text, golden("typed.txt"));
  EXPECT_EQ(phone_list(order).value(), golden("phone.txt"));
}

}  // namespace
}  // namespace paper
