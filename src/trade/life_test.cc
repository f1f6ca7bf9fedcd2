#include "trade/life.h"

#include <map>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "trade/testing/walk.h"

namespace trade {
namespace {

using testing::walk;

TEST(Life, of_a_proposal_is_its_table) {
  walk<ProposalState, ProposalVerb>({{{"none", "propose"}, "proposed"},
                                     {{"proposed", "propose"}, "proposed"},
                                     {{"proposed", "withdraw"}, "withdrawn"},
                                     {{"withdrawn", "propose"}, "proposed"}});
}

TEST(Life, of_an_order_is_its_table) {
  walk<OrderState, OrderVerb>({{{"none", "confirm"}, "confirmed"},
                               {{"confirmed", "confirm"}, "confirmed"},
                               {{"placed", "confirm"}, "confirmed"},
                               {{"cancelled", "confirm"}, "confirmed"},
                               {{"confirmed", "place"}, "placed"},
                               {{"confirmed", "cancel"}, "cancelled"},
                               {{"placed", "cancel"}, "cancelled"},
                               {{"placed", "receive"}, "received"},
                               {{"confirmed", "receive"}, "received"},
                               {{"cancelled", "receive"}, "received"},
                               {{"received", "receive"}, "received"},
                               {{"placed", "close"}, "closed"},
                               {{"received", "close"}, "closed"},
                               {{"none", "skip"}, "skipped"},
                               {{"skipped", "confirm"}, "confirmed"}});
}

TEST(Life, of_a_fulfilment_is_its_table) {
  walk<FulfilmentState, FulfilmentVerb>({{{"none", "acknowledge"}, "acknowledged"},
                                         {{"acknowledged", "acknowledge"}, "acknowledged"},
                                         {{"allocated", "acknowledge"}, "acknowledged"},
                                         {{"cancelled", "acknowledge"}, "acknowledged"},
                                         {{"acknowledged", "allocate"}, "allocated"},
                                         {{"allocated", "allocate"}, "allocated"},
                                         {{"allocated", "release"}, "picking"},
                                         {{"picking", "pick"}, "picked"},
                                         {{"picked", "put_back"}, "picking"},
                                         {{"picked", "dispatch"}, "dispatched"},
                                         {{"dispatched", "close"}, "closed"},
                                         {{"acknowledged", "cancel"}, "cancelled"},
                                         {{"allocated", "cancel"}, "cancelled"},
                                         {{"picking", "cancel"}, "cancelled"}});
}

TEST(Life, of_an_inbound_delivery_is_its_table) {
  walk<InboundState, InboundVerb>({{{"none", "expect"}, "expected"},
                                   {{"expected", "rebook"}, "expected"},
                                   {{"expected", "stop"}, "stopped"},
                                   {{"stopped", "rebook"}, "expected"},
                                   {{"expected", "receive"}, "received"},
                                   {{"expected", "refuse"}, "refused"},
                                   {{"stopped", "refuse"}, "refused"},
                                   {{"none", "propose"}, "proposed"},
                                   {{"proposed", "place"}, "expected"},
                                   {{"proposed", "withdraw"}, "withdrawn"}});
}

// What three owners write, each in its order, and how far a reader has come with each.
struct Owners {
  std::vector<ProposalState> proposals{ProposalState::none, ProposalState::proposed};
  std::vector<OrderState> orders{OrderState::none, OrderState::confirmed, OrderState::placed,
                                 OrderState::received, OrderState::closed};
  std::vector<FulfilmentState> fulfilments{
      FulfilmentState::none,    FulfilmentState::acknowledged, FulfilmentState::allocated,
      FulfilmentState::picking, FulfilmentState::picked,       FulfilmentState::dispatched,
      FulfilmentState::closed};
};

// Reads on in every order that is possible; the number of ways to the end. `before` is what people
// saw last: it may only move forward.
int read_on(const Owners& owners, std::size_t p, std::size_t o, std::size_t f, Seen before) {
  if (p == owners.proposals.size() || o == owners.orders.size() || f == owners.fulfilments.size())
    return 0;
  const Seen here = seen(owners.proposals[p], owners.orders[o], owners.fulfilments[f]);
  EXPECT_LE(before, here) << p << " " << o << " " << f;
  if (p + 1 == owners.proposals.size() && o + 1 == owners.orders.size() &&
      f + 1 == owners.fulfilments.size()) {
    EXPECT_EQ(here, Seen::closed);
    return 1;
  }
  return read_on(owners, p + 1, o, f, here) + read_on(owners, p, o + 1, f, here) +
         read_on(owners, p, o, f + 1, here);
}

TEST(Seen, moves_forward_only_and_ends_the_same_in_every_interleaving_of_three_journals) {
  // 1 + 4 + 6 events: 11! / (1! 4! 6!) ways.
  EXPECT_EQ(read_on({}, 0, 0, 0, Seen::nothing), 2'310);
}

TEST(Seen, says_on_its_way_even_if_the_store_has_cancelled_meanwhile) {
  for (const auto order : {OrderState::cancelled, OrderState::confirmed, OrderState::placed})
    EXPECT_EQ(seen(ProposalState::none, order, FulfilmentState::dispatched), Seen::on_the_way);
  EXPECT_EQ(seen(ProposalState::none, OrderState::cancelled, FulfilmentState::allocated),
            Seen::cancelled);
}

TEST(Seen, has_an_answer_for_every_combination) {
  std::map<Seen, int> answers;
  for (std::size_t p = 0; p < count_of<ProposalState>; ++p)
    for (std::size_t o = 0; o < count_of<OrderState>; ++o)
      for (std::size_t f = 0; f < count_of<FulfilmentState>; ++f)
        ++answers[seen(static_cast<ProposalState>(p), static_cast<OrderState>(o),
                       static_cast<FulfilmentState>(f))];
  EXPECT_EQ(answers.size(), count_of<Seen>);
}

}  // namespace
}  // namespace trade
