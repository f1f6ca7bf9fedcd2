#include "crypto/hex.h"

#include <gtest/gtest.h>

namespace crypto {
namespace {

TEST(Base64, vectors_of_rfc_4648_go_both_ways) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, one_value_has_one_spelling) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==\n", "Zm9v=", " Zg=="})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Hex, goes_both_ways_in_lower_case_only) {
  EXPECT_EQ(to_hex(std::string("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(from_hex("00ff1a"), std::string("\x00\xff\x1a", 3));
  for (const char* text : {"0", "0g", "FF"}) EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace crypto
