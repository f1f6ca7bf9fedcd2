#include "paper/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "paper/testing/orders.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using testing::roster_of;
using testing::signer_of;
using testing::small_order;

const journal::Signer signer = signer_of(small_order());
const journal::Roster roster = roster_of(small_order(), signer);

std::string why(std::string_view sealed, const journal::Roster& who) {
  const auto opened = open(sealed, who);
  return opened ? std::string() : opened.error().message;
}

TEST(Seal, holds_under_the_stores_own_key) {
  const std::string sealed = seal(small_order(), signer).value();
  EXPECT_EQ(open(sealed, roster).value(), small_order());
}

TEST(Seal, breaks_with_every_flipped_bit_and_every_cut) {
  const std::string sealed = seal(small_order(), signer).value();
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string other = sealed;
    other[i / 8] = static_cast<char>(other[i / 8] ^ (1 << i % 8));
    EXPECT_FALSE(open(other, roster)) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(open(sealed.substr(0, size), roster)) << size;
}

TEST(Seal, is_made_by_the_key_of_the_orders_store_and_epoch_only) {
  Order other = small_order();
  other.number.epoch = 2;
  EXPECT_THAT(seal(small_order(), signer_of(other)).error().message,
              HasSubstr("stockade/sample/0042/2, expected stockade/sample/0042/1"));
}

TEST(Seal, of_a_key_that_only_bears_the_name_is_refused) {
  const std::string sealed = seal(small_order(), signer_of(small_order(), 43)).value();
  EXPECT_THAT(why(sealed, roster),
              HasSubstr("the signature is not that of stockade/sample/0042/1"));
}

TEST(Seal, of_a_store_that_may_not_speak_is_refused) {
  const std::string sealed = seal(small_order(), signer).value();
  journal::Roster other = roster;
  other.estate = "elsewhere";
  EXPECT_THAT(why(sealed, other), HasSubstr("is not of elsewhere"));
  other = roster;
  other.lines.clear();
  EXPECT_THAT(why(sealed, other), HasSubstr("is not in the roster"));
  other = roster;
  other.lines[0].role = journal::Role::till;
  EXPECT_THAT(why(sealed, other), HasSubstr("is not a store's"));
  // Nobody can prove that the sheet is older than the theft of the key.
  other = roster;
  other.lines[0].revoked_at_entries = 1'000'000;
  EXPECT_THAT(why(sealed, other), HasSubstr("is revoked"));
  other = roster;
  Order next = small_order();
  next.number.epoch = 2;
  other.lines.push_back({signer_of(next).verifier, journal::Role::store, {}, {}});
  EXPECT_THAT(why(sealed, other), HasSubstr("is followed by epoch 2"));
}

}  // namespace
}  // namespace paper
