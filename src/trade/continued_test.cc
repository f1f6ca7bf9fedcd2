#include "trade/continued.h"

#include <rapidcheck/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

Sha256 some_state() {
  Sha256 state;
  state.bytes[0] = 1;
  return state;
}

// A depot that has traded: stock in lots, an order on its way, a wave, people.
class ContinuedTest : public ::testing::Test {
 protected:
  ContinuedTest() {
    estate.stock(depot_code, milk, 24, until(9));
    estate.stock(depot_code, soap, 36);
    estate.must(depot_code, GoodsSent{0, store_code, false, {}, {{soap, 12, {}}}});
    estate.must(depot_code, WaveOpened{0, in_days(1), Chain::chilled, 1'000});
    PublicKey key;
    key.bytes[0] = 1;
    estate.must(depot_code, PersonEnrolled{{}, Role::depot, key});
    bytes = encode(estate.depot());
  }

  std::vector<SiteContinued> parts(std::uint16_t epoch = 1) {
    return continue_from(epoch, 20, some_state(), bytes);
  }
  // The first refusal, or "done".
  std::string_view go_on(std::span<const SiteContinued> parts) {
    estate.book.forget(depot_code);
    estate.must(depot_code, SiteOpened{depot_code, SiteKind::depot, 2});
    for (const SiteContinued& part : parts)
      if (const auto told = estate.answer(depot_code, part); told != "done") return told;
    return "done";
  }

  Estate estate;
  std::string bytes;
};

TEST_F(ContinuedTest, a_site_goes_on_with_its_stock_and_documents_under_its_next_epoch) {
  ASSERT_EQ(go_on(parts()), "done");
  EXPECT_EQ(estate.depot().site.epoch, 2);
  EXPECT_EQ(estate.on_hand(depot_code, soap), 24);
  EXPECT_EQ(estate.lots(depot_code, milk), "24@9");
  EXPECT_EQ(to_string(estate.depot().number(2)), to_string(DocumentNumber{depot_code, 1, 2}));
  const Event next = estate.must(depot_code, WaveOpened{0, in_days(2), Chain::chilled, 1'000});
  const auto counter = std::get<WaveOpened>(next.body).counter;
  EXPECT_EQ(to_string(estate.depot().number(counter)), to_string(DocumentNumber{depot_code, 2, 3}));
}

TEST_F(ContinuedTest, nobody_who_was_enrolled_before_is_enrolled_now) {
  ASSERT_EQ(go_on(parts()), "done");
  ASSERT_EQ(estate.depot().people.size(), 1u);
  EXPECT_TRUE(estate.depot().people.begin()->second.is_ended);
}

TEST_F(ContinuedTest, what_was_on_its_way_is_received_under_its_old_number) {
  ASSERT_EQ(go_on(parts()), "done");
  estate.must(store_code, GoodsReceived{Place::vehicle, {depot_code, 1, 1}, {}, 20, {}, {}});
  EXPECT_EQ(estate.on_hand(store_code, soap), 12);
  EXPECT_EQ(
      estate.answer(store_code, GoodsReceived{Place::vehicle, {depot_code, 2, 1}, {}, 20, {}, {}}),
      "advice_unknown");
}

TEST_F(ContinuedTest, a_third_epoch_goes_on_from_the_second) {
  ASSERT_EQ(go_on(parts()), "done");
  estate.must(depot_code, WaveOpened{0, in_days(2), Chain::chilled, 1'000});
  bytes = encode(estate.depot());
  estate.book.forget(depot_code);
  estate.must(depot_code, SiteOpened{depot_code, SiteKind::depot, 5});
  for (const SiteContinued& part : parts(2)) estate.must(depot_code, part);
  EXPECT_EQ(estate.depot().number(2).epoch, 1);
  EXPECT_EQ(estate.depot().number(3).epoch, 2);
  EXPECT_EQ(estate.depot().number(4).epoch, 5);
}

TEST_F(ContinuedTest, many_parts_make_one_site_and_nothing_comes_between) {
  std::vector<SiteContinued> many;
  for (std::size_t at = 0; at < bytes.size(); at += 7)
    many.push_back({1,
                    20,
                    some_state(),
                    static_cast<std::uint32_t>(many.size()),
                    static_cast<std::uint32_t>((bytes.size() + 6) / 7),
                    {bytes.substr(at, 7)}});
  ASSERT_GT(many.size(), 10u);
  ASSERT_EQ(go_on(std::span(many).first(5)), "done");
  EXPECT_EQ(estate.answer(depot_code, DayOpened{today}), "number_not_next");
  EXPECT_EQ(estate.answer(depot_code, many[6]), "number_not_next");
  const std::string half = encode(estate.depot());
  ASSERT_TRUE(estate.book.restore(half)) << "a snapshot may fall between two parts";
  EXPECT_EQ(encode(estate.depot()), half);
  for (std::size_t i = 5; i < many.size(); ++i) estate.must(depot_code, many[i]);
  EXPECT_EQ(estate.on_hand(depot_code, soap), 24);
}

TEST_F(ContinuedTest, is_refused_unless_it_is_the_whole_state_of_this_site) {
  auto cut = parts();
  cut.back().bytes.bytes.pop_back();
  EXPECT_EQ(go_on(cut), "bytes_bad");
  auto later = parts(2);
  EXPECT_EQ(go_on(later), "value_out_of_range") << "from an epoch that is not earlier";
  estate.book.forget(depot_code);
  estate.must(depot_code, SiteOpened{depot_code, SiteKind::depot, 3});
  EXPECT_EQ(estate.answer(depot_code, parts(2)[0]), "document_not_ours")
      << "the state says that it is of epoch 1";
  auto empty = parts();
  empty[0].bytes.bytes.clear();
  EXPECT_EQ(go_on(empty), "value_out_of_range");
  bytes = encode(estate.store());
  EXPECT_EQ(go_on(parts()), "document_not_ours");
}

TEST_F(ContinuedTest, is_refused_where_anything_happened_before) {
  EXPECT_EQ(estate.answer(store_code, parts()[0]), "site_exists");
  ASSERT_EQ(go_on(parts()), "done");
  EXPECT_EQ(estate.answer(depot_code, parts()[0]), "site_exists");
}

RC_GTEST_PROP(Continued, of_any_size_fits_its_events_and_is_what_they_make, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 300'000);
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i % 251);
  const auto parts = continue_from(1, 1, some_state(), bytes);
  std::string whole;
  for (const SiteContinued& part : parts) {
    RC_ASSERT(part.parts == parts.size());
    RC_ASSERT(encode(Event{{}, part}).size() <= event_bytes_max);
    whole += part.bytes.bytes;
  }
  RC_ASSERT(whole == bytes);
}

}  // namespace
}  // namespace trade
