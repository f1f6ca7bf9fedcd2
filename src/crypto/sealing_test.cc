#include "crypto/sealing.h"

#include <gtest/gtest.h>

namespace crypto {
namespace {

TEST(Sealing, opens_with_its_key_and_with_no_other) {
  const SealingKey key{1, 2, 3}, other{1, 2, 4};
  const std::string sealed = seal(key, {9}, "12 High Street");
  EXPECT_EQ(open_sealed(key, sealed), "12 High Street");
  EXPECT_EQ(open_sealed(other, sealed), std::nullopt);
  EXPECT_EQ(sealed.find("High"), std::string::npos);
}

TEST(Sealing, shows_every_changed_bit_and_every_cut) {
  const SealingKey key{7};
  const std::string sealed = seal(key, {9}, "a name");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(open_sealed(key, changed), std::nullopt) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(open_sealed(key, sealed.substr(0, size)), std::nullopt) << size;
}

TEST(Sealing, takes_an_empty_text) { EXPECT_EQ(open_sealed({}, seal({}, {}, "")), ""); }

}  // namespace
}  // namespace crypto
