#include "site/order_offer.h"

#include <gtest/gtest.h>

#include "crypto/hex.h"
#include "paper/codes.h"
#include "paper/phone.h"
#include "paper/seal.h"
#include "paper/testing/orders.h"
#include "paper/typed.h"
#include "site/emergency.h"

namespace site {
namespace {

using paper::testing::roster_of;
using paper::testing::signer_of;
using paper::testing::small_order;

OrderOffer sealed_offer(std::string_view bytes) {
  OrderOffer offer;
  offer.sealed = bytes;
  return offer;
}
OrderOffer typed_offer(std::string_view text) {
  OrderOffer offer;
  offer.typed = text;
  return offer;
}

TEST(OrderOffer, is_read_strictly) {
  const trade::ActorNo caller{3};
  EXPECT_EQ(parse_offer(R"({"sealed":"QUJD"})", caller)->sealed, "ABC");
  EXPECT_EQ(parse_offer(R"({"codes":["a","b"]})", caller)->codes.size(), 2u);
  const auto typed = parse_offer(R"({"typed":"x","called_back":{"at_ms":5}})", caller);
  EXPECT_EQ(typed->called_back_by, caller);
  EXPECT_EQ(typed->called_back_ms, 5);
  EXPECT_EQ(
      parse_offer(R"({"typed":"x","called_back":{"at_ms":5,"by":4}})", caller)->called_back_by,
      trade::ActorNo{4});
  EXPECT_EQ(parse_offer(R"({"typed":"x"})", caller)->called_back_by, trade::ActorNo{});
  for (const char* bad :
       {"", "[]", "{}", R"({"sealed":""})", R"({"sealed":"?"})", R"({"codes":[]})",
        R"({"codes":[1]})", R"({"typed":""})", R"({"typed":"x","codes":["a"]})",
        R"({"sealed":"QUJD","called_back":{"at_ms":5}})", R"({"typed":"x","called_back":{}})",
        R"({"typed":"x","called_back":{"at_ms":-5}})", R"({"typed":"x","more":1})"})
    EXPECT_FALSE(parse_offer(bad, caller)) << bad;
}

class Offers : public ::testing::Test {
 protected:
  // The kind of attempt that it is noted as, or the path that is believed.
  static std::string judged(const OrderOffer& offer, const journal::Roster& roster) {
    const auto opened = open_offer(offer, roster);
    return std::string(opened ? text_of(opened->path) : text_of(opened.error().kind));
  }

  const paper::Order order_ = small_order();
  const journal::Signer signer_ = signer_of(order_);
  const std::string sealed_ = paper::seal(order_, signer_).value();
  const journal::Roster roster_ = roster_of(order_, signer_);
};

TEST_F(Offers, by_file_by_codes_and_by_typing_say_the_same_order) {
  EXPECT_EQ(judged(sealed_offer(sealed_), roster_), "sealed");
  OrderOffer scanned;
  scanned.codes = paper::to_codes(order_.number, sealed_).value();
  EXPECT_EQ(judged(scanned, roster_), "scanned");
  std::string typed;
  for (const auto& line : paper::typed_lines(order_)) typed += to_text(line) + '\n';
  EXPECT_EQ(judged(typed_offer(typed), roster_), "typed");
  EXPECT_EQ(open_offer(typed_offer(typed), roster_)->order.rows,
            open_offer(sealed_offer(sealed_), roster_)->order.rows);
}

TEST_F(Offers, any_altered_byte_is_noticed) {
  for (std::size_t i = 0; i < sealed_.size(); ++i) {
    std::string altered = sealed_;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(open_offer(sealed_offer(altered), roster_)) << i;
  }
  std::string altered = sealed_;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  EXPECT_EQ(judged(sealed_offer(altered), roster_), "signature_wrong");
  EXPECT_EQ(judged(sealed_offer(sealed_.substr(0, 90)), roster_), "malformed");
}

TEST_F(Offers, a_key_that_may_not_speak_is_told_from_a_wrong_signature) {
  journal::Roster revoked = roster_;
  revoked.lines.front().revoked_at_entries = 5;
  EXPECT_EQ(judged(sealed_offer(sealed_), revoked), "key_unknown");
  journal::Roster other = roster_;
  other.lines.clear();
  EXPECT_EQ(judged(sealed_offer(sealed_), other), "key_unknown");
  EXPECT_EQ(judged(typed_offer("order 1"), roster_), "malformed");
}

// --- what a store writes by itself
// ----------------------------------------------------------------

const trade::OrderKey key{trade::SiteCode{42}, trade::SiteCode{9001}, trade::Day{9'801}, 1,
                          trade::Chain::ambient};

std::vector<WantedRow> rows(std::size_t count, trade::Units units) {
  std::vector<WantedRow> made;
  for (std::size_t i = 0; i < count; ++i)
    made.push_back({*trade::ProductId::of(fmt::format("P{:04}", i)),
                    units + static_cast<trade::Units>(i % 7)});
  return made;
}

EmergencyOrder emergency(const std::vector<WantedRow>& wanted, const StoreNight* standing) {
  return emergency_order("sample", key, {key.store, 1, 9}, 1'781'461'800'000, wanted, standing);
}

TEST(EmergencyOrder, is_whole_without_a_standing_order) {
  const auto few = emergency(rows(20, 5), nullptr);
  EXPECT_TRUE(few.written.is_whole());
  EXPECT_EQ(few.spoken->rows.size(), 20u);
  const auto many = emergency(rows(900, 5), nullptr);
  EXPECT_EQ(many.written.rows.size(), paper::whole_rows_max);
  EXPECT_FALSE(many.spoken);
  EXPECT_TRUE(paper::check(many.written));
}

TEST(EmergencyOrder, says_what_changes_the_standing_order_most) {
  const StoreNight night{base::make_date(2026, 10, 30), key.store, {}, {{key, 5, rows(300, 5)}}};
  auto wanted = rows(300, 5);
  wanted[17].units += 40;
  const auto one = emergency(wanted, &night);
  EXPECT_FALSE(one.written.is_whole());
  ASSERT_EQ(one.written.rows.size(), 1u);
  EXPECT_EQ(one.written.rows[0].units, wanted[17].units);
  EXPECT_EQ(*one.spoken, one.written);
  const auto all = emergency(rows(300, 9), &night);
  EXPECT_TRUE(all.written.is_whole());
  EXPECT_EQ(all.spoken->rows.size(), paper::changes_max);
  EXPECT_TRUE(paper::phone_list(*all.spoken));
  const auto none = emergency(rows(300, 5), &night);
  EXPECT_EQ(none.written.rows.size(), 1u);
}

}  // namespace
}  // namespace site
