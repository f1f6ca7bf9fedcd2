// What online orders come to in the value ledger.
#include <gtest/gtest.h>

#include "trade/testing/online_kit.h"

namespace trade {
namespace {

using namespace testing;

CardDigest card_of(std::uint8_t number) {
  CardDigest made;
  made.bytes[0] = number;
  return made;
}

// Charged at the pick with the VAT of what was there, refunded with its share, and once only: what
// a store has refunded that could not ask is granted out of the same sum.
TEST(OnlineMoney, is_posted_at_the_pick_and_at_each_refund_and_adds_up_with_a_cut_off_store) {
  Shop shop;
  shop.allot(milk, 10);
  shop.allot(soap, 10);
  OnlineOrdered basket = shop.basket({{milk, 2}, {soap, 3}});
  for (OnlineRow& row : basket.rows)
    if (row.line == Shop::at_web(soap))
      row.basis_points = 2'000;
    else
      row.vat = VatCode::zero;
  OnlineOrdered wrong = basket;
  wrong.rows[1].vat = wrong.rows[0].vat;
  wrong.rows[1].basis_points = wrong.rows[0].basis_points + 1;
  EXPECT_EQ(shop.answer(web_code, wrong), "value_out_of_range") << "one rate for a code";

  const DocumentNumber number = shop.place(basket);
  shop.must(store_code, ParcelExpected{number, {}, {}, {}});
  shop.must(store_code, ParcelPacked{number, {{soap, 2}}, {}, {}});
  const auto total = [&](Account account) { return shop.web().ledger.total(account); };
  EXPECT_EQ(total(Account::card_receivable), 0);
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  EXPECT_EQ(total(Account::card_receivable), 730);  // 2 x 155, 2 x 210
  EXPECT_EQ(total(Account::vat), -70);              // a sixth of 420
  EXPECT_EQ(total(Account::sales), -660);

  // A store that cannot ask refunds what it is shown, as far as it has heard of the order;
  // meanwhile the order's own site pays something back. What is left is granted.
  ExposureRefunded elsewhere{{}, number, {}, 500, card_of(7), TillReason::goods_faulty, {}};
  shop.must(store_code, elsewhere);
  elsewhere.card = card_of(8);
  elsewhere.pence = 231;
  EXPECT_EQ(shop.answer(store_code, elsewhere), "over_refund");
  shop.must(web_code, OnlineRefunded{number.counter, 365});
  EXPECT_EQ(total(Account::card_receivable), 365);
  EXPECT_EQ(total(Account::vat), -35);
  const Notice told = shop.store().ledger.notices(web_code).at(0);
  shop.must(web_code, NoticeBooked{store_code, 1, 0, told});
  EXPECT_EQ(total(Account::refunds), 660);
  EXPECT_EQ(total(Account::vat), 0);
  EXPECT_EQ(shop.web().ledger.balance({Account::due, {}, {store_code, 0, 0}}), -365);
  EXPECT_EQ(shop.answer(web_code, OnlineRefunded{number.counter, 1}), "over_refund");
  EXPECT_TRUE(shop.web().ledger.is_sound());
  shop.must(store_code, NoticeBooked{web_code, 1, 0, shop.web().ledger.notices(store_code).at(0)});
  EXPECT_EQ(shop.store().ledger.total(Account::loss), 135);
}

// The store packed and refunded while the line was cut, and all of it is heard at once.
TEST(OnlineMoney, of_a_refund_waits_for_the_pick_that_it_is_of) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber number = shop.ready(shop.basket({{soap, 1}}));
  shop.must(store_code,
            ExposureRefunded{{}, number, {}, 210, card_of(7), TillReason::goods_faulty, {}});
  const Notice told = shop.store().ledger.notices(web_code).at(0);
  EXPECT_TRUE(waits_for_its_order(shop.web(), told));
  EXPECT_EQ(shop.answer(web_code, NoticeBooked{store_code, 1, 0, told}), "notice_out_of_turn");
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  shop.must(web_code, NoticeBooked{store_code, 1, 0, told});
  EXPECT_EQ(shop.web().ledger.refundable_pence(number), 0);
  EXPECT_EQ(shop.web().ledger.notices(store_code).at(0).granted_pence, 210);
}

TEST(OnlineMoney, is_forgotten_with_its_order) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber number = shop.ready(shop.basket({{soap, 1}}));
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  shop.must(store_code, Shop::by_code(number));
  shop.must(web_code, OnlineMoved{number.counter, OnlineVerb::complete});
  EXPECT_EQ(shop.web().ledger.refundable_pence(number), 210);
  shop.must(web_code, DayClosed{});
  shop.must(web_code, DayOpened{in_days(60)});
  EXPECT_FALSE(shop.web().online_orders.contains(number.counter));
  EXPECT_EQ(shop.web().ledger.refundable_pence(number), 0);
  EXPECT_EQ(shop.web().ledger.total(Account::card_receivable), 210);
}

}  // namespace
}  // namespace trade
