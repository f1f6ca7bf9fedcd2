#include "crypto/sha256.h"

#include <gtest/gtest.h>

namespace crypto {
namespace {

TEST(Sha256, known_answers_of_fips_180_4) {
  EXPECT_EQ(Sha256().finish_hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 in_pieces;
  in_pieces.add("a");
  in_pieces.add("bc");
  EXPECT_EQ(in_pieces.finish_hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace crypto
