#include "site/fold.h"

#include <gtest/gtest.h>

#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;

constexpr std::int64_t hour_ms = 3'600'000;

// What its bytes give, which must have the same bytes again.
Requests read_back(const Requests& requests) {
  std::string bytes, again;
  requests.encode(bytes);
  Requests other;
  EXPECT_TRUE(other.decode(bytes));
  other.encode(again);
  EXPECT_EQ(again, bytes);
  return other;
}

TEST(Requests, a_request_is_known_for_48_hours_and_no_longer) {
  Requests requests;
  requests.keep(request_of("a", "1"), 5 * hour_ms, 7, 2, "event");
  const auto known = requests.find(request_of("a", "1"), 53 * hour_ms);
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->is_same);
  EXPECT_EQ(known->made.entry, 7u);
  EXPECT_EQ(known->made.place, 2u);
  EXPECT_EQ(known->made.event, "event");
  EXPECT_FALSE(requests.find(request_of("a", "1"), 53 * hour_ms + 1));
  EXPECT_FALSE(requests.find(request_of("b", "1"), 5 * hour_ms));
}

TEST(Requests, a_name_with_other_content_is_told_apart) {
  Requests requests;
  requests.keep(request_of("a", "1"), 0, 0, 0, "event");
  EXPECT_FALSE(requests.find(request_of("a", "2"), 0)->is_same);
}

TEST(Requests, what_is_too_old_goes_and_its_name_may_come_again) {
  Requests requests;
  for (int i = 0; i < 100; ++i)
    requests.keep(request_of(std::to_string(i % 10), "1"), i * 10 * hour_ms, i, 0,
                  std::string(static_cast<std::size_t>(i), 'x'));
  EXPECT_EQ(requests.count(), 5u);
  EXPECT_LT(requests.bytes(), 2'000u);
  for (int i = 95; i < 100; ++i) {
    const auto known = requests.find(request_of(std::to_string(i % 10), "1"), 990 * hour_ms);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->made.entry, static_cast<std::uint64_t>(i));
    EXPECT_EQ(known->made.event.size(), static_cast<std::size_t>(i));
  }
}

TEST(Requests, beyond_their_bytes_lose_the_oldest_answers_and_are_still_known) {
  constexpr std::size_t event_bytes = 60'000, more = 500;
  constexpr std::size_t kept = request_event_bytes_max / event_bytes;
  Requests requests;
  const auto event_of = [](std::size_t i) {
    return std::string(event_bytes, static_cast<char>('a' + i % 26));
  };
  for (std::size_t i = 0; i < kept + more; ++i)
    requests.keep(request_of(std::to_string(i), "1"), 0, i, 3, event_of(i));
  EXPECT_EQ(requests.count(), kept + more);
  EXPECT_LT(requests.bytes(), request_event_bytes_max + (1u << 20));
  for (std::size_t i = 0; i < kept + more; ++i) {
    const auto known = requests.find(request_of(std::to_string(i), "1"), 0);
    ASSERT_TRUE(known && known->is_same) << i;
    EXPECT_EQ(known->made.entry, i);
    EXPECT_EQ(known->made.event, i < more ? "" : event_of(i)) << i;
    EXPECT_FALSE(requests.find(request_of(std::to_string(i), "2"), 0)->is_same) << i;
  }
  Requests other = read_back(requests);
  // What has lost its answer grows old like the others.
  for (int i = 0; i < 2; ++i)
    other.keep(request_of("new", std::to_string(i)), 100 * hour_ms, 1'000'000, 0, "event");
  EXPECT_EQ(other.count(), 2u);
  EXPECT_EQ(other.find(request_of("new", "1"), 100 * hour_ms)->made.event, "event");
}

// A year of a store, as the fold of one sees it: with a name that comes again after it was
// forgotten, and one that is forgotten while a later row bears it.
TEST(Requests, the_bytes_of_requests_read_back_as_the_same_requests) {
  Requests requests;
  for (int i = 0; i < 50; ++i)
    requests.keep(request_of(std::to_string(i % 7), std::to_string(i)), i * 20 * hour_ms, i, i,
                  "event " + std::to_string(i));
  Requests other = read_back(requests);
  EXPECT_EQ(other.count(), requests.count());
  std::string bytes;
  requests.encode(bytes);
  for (std::size_t size = 1; size < bytes.size(); ++size)
    if (other.decode(std::string_view(bytes).substr(0, size))) {
      EXPECT_LT(other.count(), requests.count()) << size;
    }
}

TEST(Fold, a_state_that_is_loaded_is_the_state_that_was_saved) {
  io::SimDisk disk(1);
  World world;
  const auto loop = world.open_new(disk);
  one(*loop, sale("a"));
  const std::string state = loop->fold().save();
  SiteFold other(the_store);
  ASSERT_TRUE(other.load(state));
  EXPECT_EQ(other.save(), state);
  EXPECT_EQ(other.requests().count(), 1u);
  EXPECT_TRUE(SiteFold(the_store).load(SiteFold(the_store).save()));
}

TEST(Fold, bytes_that_are_no_state_are_refused_and_leave_nothing) {
  io::SimDisk disk(1);
  World world;
  const auto loop = world.open_new(disk);
  one(*loop, sale("a"));
  const std::string state = loop->fold().save();
  SiteFold other(the_store);
  for (std::size_t size = 0; size < state.size(); ++size)
    if (other.load(state.substr(0, size))) {
      EXPECT_EQ(other.requests().count(), 0u) << "only whole requests may be missing";
    }
  SiteFold stranger({trade::testing::depot_code, trade::SiteKind::depot, 1});
  EXPECT_FALSE(stranger.load(state));
  EXPECT_TRUE(stranger.book().partitions().empty());
  other.reset();
  EXPECT_TRUE(other.is_empty());
}

TEST(Fold, before_its_first_event_a_site_has_a_partition_in_which_nothing_is) {
  const SiteFold fold(the_store);
  EXPECT_TRUE(fold.is_empty());
  EXPECT_EQ(fold.own().site, the_store);
  EXPECT_EQ(fold.own().goods.line_count(), 0u);
}

TEST(FoldDeathTest, an_event_in_the_journal_that_does_not_fit_stops_the_process) {
  SiteFold fold(the_store);
  const std::string event = trade::encode({{}, trade::DayClosed{}});
  std::string body{'\0', static_cast<char>(event.size())};
  body += event;
  EXPECT_DEATH(fold.apply(0, {journal::EntryKind::events, {}, body}), "check");
  body.back() = '\x7f';
  EXPECT_DEATH(fold.apply(0, {journal::EntryKind::events, {}, body}), "has_value");
}

}  // namespace
}  // namespace site
