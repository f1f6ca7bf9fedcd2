#include "io/sim_net.h"

#include <gtest/gtest.h>

namespace io {
namespace {

std::vector<std::string> arrived(Net& end) {
  std::vector<std::string> all;
  while (auto message = end.receive()) all.push_back(message->from + ":" + message->bytes);
  return all;
}

TEST(SimNet, a_message_arrives_after_its_delay_and_not_before) {
  SimNet net(1);
  net.set_faults({.delay_ms_min = 5, .delay_ms_max = 5});
  ASSERT_TRUE(net.end("store").send("depot", "order"));
  EXPECT_TRUE(arrived(net.end("depot")).empty());
  net.advance(5);
  EXPECT_EQ(arrived(net.end("depot")), std::vector<std::string>{"store:order"});
  EXPECT_TRUE(arrived(net.end("depot")).empty());
}

TEST(SimNet, a_cut_closes_one_way_only) {
  SimNet net(1);
  net.cut("store", "depot", true);
  ASSERT_TRUE(net.end("store").send("depot", "lost"));
  ASSERT_TRUE(net.end("depot").send("store", "heard"));
  EXPECT_TRUE(arrived(net.end("depot")).empty());
  EXPECT_EQ(arrived(net.end("store")).size(), 1u);
  net.cut("store", "depot", false);
  ASSERT_TRUE(net.end("store").send("depot", "found"));
  EXPECT_EQ(arrived(net.end("depot")).size(), 1u);
}

TEST(SimNet, messages_are_dropped_doubled_and_reordered_the_same_way_for_the_same_seed) {
  const auto run = [](std::uint64_t seed) {
    SimNet net(seed);
    net.set_faults(
        {.drop_share = 0.3, .duplicate_share = 0.3, .delay_ms_min = 0, .delay_ms_max = 50});
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(net.end("a").send("b", std::to_string(i)));
    net.advance(50);
    return arrived(net.end("b"));
  };
  const auto first = run(7);
  EXPECT_EQ(first, run(7));
  EXPECT_NE(first, run(8));
  EXPECT_FALSE(std::is_sorted(first.begin(), first.end()));
  auto unique = first;
  std::sort(unique.begin(), unique.end());
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  EXPECT_LT(unique.size(), 100u);
  EXPECT_GT(first.size(), unique.size());
}

}  // namespace
}  // namespace io
