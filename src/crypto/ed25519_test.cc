#include "crypto/ed25519.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/hex.h"
#include "crypto/minisign.h"
#include "crypto/verified_memory.h"

namespace crypto {
namespace {

template <class Bytes>
Bytes bytes(std::string_view hex) {
  const std::string raw = *from_hex(hex);
  Bytes result;
  EXPECT_EQ(raw.size(), result.size());
  std::copy(raw.begin(), raw.end(), result.begin());
  return result;
}

TEST(Ed25519, test_2_of_rfc_8032) {
  const SigningKey key(
      bytes<Seed>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  EXPECT_EQ(key.public_key(), bytes<PublicKey>("3d4017c3e843895a92b70aa74d1b7ebc"
                                               "9c982ccf2ec4968cc0cd55f12af4660c"));
  const Signature expected = bytes<Signature>(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(key.sign("\x72"), expected);
  EXPECT_TRUE(verify(key.public_key(), "\x72", expected));
}

TEST(Ed25519, every_flipped_bit_of_a_signature_is_refused) {
  const SigningKey key(Seed{1, 2, 3});
  const Signature good = key.sign("message");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Signature bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1u << (bit % 8)));
    EXPECT_FALSE(verify(key.public_key(), "message", bad)) << bit;
  }
}

TEST(Ed25519, with_a_memory_the_answers_are_the_same) {
  const SigningKey key(Seed{1, 2, 3}), other(Seed{4});
  const Signature good = key.sign("message");
  const VerifiedMemory memory;
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(verify(key.public_key(), "message", good));
    EXPECT_FALSE(verify(key.public_key(), "massage", good));
    EXPECT_FALSE(verify(other.public_key(), "message", good));
  }
}

TEST(Minisign, a_signature_holds_for_its_file_and_comment_only) {
  const SigningKey key(Seed{9});
  const MinisignKey public_key = minisign_key(key.public_key());
  const std::string signature = minisign(key, "content", "of store 0042");
  EXPECT_EQ(*check_minisign(public_key, "content", signature), "of store 0042");
  EXPECT_FALSE(check_minisign(public_key, "Content", signature));
  EXPECT_FALSE(
      check_minisign(minisign_key(SigningKey(Seed{8}).public_key()), "content", signature));
  std::string other = signature;
  other.replace(other.find("0042"), 4, "0043");
  EXPECT_FALSE(check_minisign(public_key, "content", other));
  for (std::size_t size = 0; size < signature.size(); ++size)
    EXPECT_FALSE(check_minisign(public_key, "content", signature.substr(0, size))) << size;
}

TEST(Minisign, a_public_key_file_reads_back) {
  const MinisignKey key = minisign_key(SigningKey(Seed{9}).public_key());
  const auto read = parse_minisign_public(minisign_public_file(key));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, key.id);
  EXPECT_EQ(read->key, key.key);
  EXPECT_FALSE(parse_minisign_public("untrusted comment: x\nRWQ=\n"));
}

}  // namespace
}  // namespace crypto
