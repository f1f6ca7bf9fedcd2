// Two sites speak with each other: what each holds afterwards.
#include <gtest/gtest.h>

#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using testing::bytes_of;
using testing::copy_folder;
using testing::Site;

class ExchangeTest : public ::testing::Test {
 protected:
  const RosterIndex roster_{testing::roster_of(3)};
  Site centre_{"0001", roster_, 1}, depot_{"0002", roster_, 2}, store_{"0101", roster_, 3};
};

TEST_F(ExchangeTest, a_copy_equals_its_original_byte_for_byte_and_verifies) {
  store_.trade(300);
  const Exchanged done = store_.exchange(centre_);
  EXPECT_TRUE(done.stopped.empty());
  EXPECT_EQ(done.given_entries, 300u);
  const auto original = bytes_of(store_.disk(), "journal");
  EXPECT_GT(original.size(), 5u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), original);
  const auto report = journal::verify(centre_.disk(), copy_folder("0101"), {});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok) << to_string(report->faults.at(0));
  EXPECT_EQ(report->checkpoint_size, 300u);
}

TEST_F(ExchangeTest, both_ways_go_in_one_exchange_and_a_second_one_moves_nothing) {
  store_.trade(5);
  centre_.trade(7);
  EXPECT_EQ(store_.exchange(centre_).taken_entries, 7u);
  EXPECT_EQ(bytes_of(store_.disk(), copy_folder("0001")), bytes_of(centre_.disk(), "journal"));
  const Exchanged again = store_.exchange(centre_);
  EXPECT_EQ(again.given_entries + again.taken_entries, 0u);
  EXPECT_TRUE(again.stopped.empty());
}

TEST_F(ExchangeTest, who_holds_the_whole_cosigns_and_the_site_learns_it) {
  store_.trade(3);
  store_.exchange(centre_);
  store_.exchange(depot_);
  const auto cosigned = store_.holdings().cosigned();
  ASSERT_TRUE(cosigned);
  for (const std::string witness : {"0001", "0002"}) {
    const auto at = check(cosigned->note, testing::witness_of(witness).verifier);
    EXPECT_EQ(at.outcome, journal::Signed::yes);
    EXPECT_EQ(at.seconds, testing::now_s);
  }
  ASSERT_TRUE(store_.journal().save_checkpoint(*cosigned));
  const auto report =
      journal::verify(store_.disk(), "journal",
                      {.witnesses = {testing::witness_of("0001").verifier}, .witnesses_min = 1});
  EXPECT_TRUE(report->ok);
}

TEST_F(ExchangeTest, who_dials_and_takes_a_whole_journal_brings_its_cosignature) {
  centre_.trade(4);
  depot_.exchange(centre_);
  const auto cosigned = centre_.holdings().cosigned();
  ASSERT_TRUE(cosigned);
  EXPECT_EQ(check(cosigned->note, testing::witness_of("0002").verifier).outcome,
            journal::Signed::yes);
}

TEST_F(ExchangeTest, a_third_site_gets_a_journal_from_whoever_holds_it) {
  store_.trade(40);
  store_.exchange(depot_);
  depot_.exchange(centre_);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(ExchangeTest, what_is_not_signed_does_not_travel) {
  store_.trade(5);
  ASSERT_TRUE(journal::testing::append(store_.journal(), {"unsigned"}, 0));
  EXPECT_EQ(store_.exchange(centre_).given_entries, 5u);
  store_.sign();
  EXPECT_EQ(store_.exchange(centre_).given_entries, 1u);
}

TEST_F(ExchangeTest, a_long_way_goes_in_parts_that_are_each_proved) {
  store_.trade(60, 60'000);  // 3.6 MB, over a part's size
  int requests = 0;
  Dialler dialler(store_.holdings(), 1, testing::now_s);
  while (const auto request = dialler.next()) {
    EXPECT_LE(request->size(), run_bytes_aim + message_rest_bytes_max);
    ++requests;
    ASSERT_TRUE(dialler.take(centre_.listener().answer(*request, store_.key(), 0).bytes));
    ASSERT_TRUE((*centre_.copies().find(store_.origin()))->damage().empty());
  }
  EXPECT_GE(requests, 5);
  EXPECT_EQ(dialler.exchanged().given_entries, 60u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(ExchangeTest, documents_come_before_the_entries_that_name_them) {
  for (int i = 0; i < 100; ++i) store_.store_document("document " + std::to_string(i));
  const Exchanged done = store_.exchange(centre_);
  EXPECT_TRUE(done.stopped.empty());
  EXPECT_EQ(done.given_documents, 100u);
  EXPECT_TRUE(journal::verify(centre_.disk(), copy_folder("0101"), {})->ok);
}

TEST_F(ExchangeTest, documents_are_fetched_too) {
  store_.store_document("a plan");
  store_.exchange(depot_);
  // Where the depot is asked by a new centre, everything comes with its documents.
  Site rebuilt("0001", roster_, 9, {.wants = [](const auto&) { return Want::everything; }});
  const Exchanged done = rebuilt.exchange(depot_);
  EXPECT_EQ(done.taken_documents, 1u);
  EXPECT_TRUE(journal::verify(rebuilt.disk(), copy_folder("0101"), {})->ok);
}

TEST_F(ExchangeTest, a_store_takes_the_centres_entries_and_no_documents_but_those_it_asks_for) {
  const Digest digest = centre_.store_document("the night of store 0101");
  EXPECT_EQ(store_.exchange(centre_).taken_documents, 0u);
  const std::string request = encode(7, Request(AskDocument{centre_.origin(), digest}));
  const Reply reply = centre_.listener().answer(request, store_.key(), 0);
  const auto answer = parse_answer(reply.bytes);
  ASSERT_TRUE(answer && std::holds_alternative<Document>(answer->body));
  EXPECT_EQ(std::get<Document>(answer->body).bytes, "the night of store 0101");
}

TEST_F(ExchangeTest, a_witness_without_a_copy_cosigns_after_a_proof) {
  Site witness("0002", roster_, 9, {.wants = [](const auto&) { return Want::witness; }});
  for (int i = 0; i < 5; ++i) {
    store_.trade(1'700);  // proofs begin within a block, an older one included
    EXPECT_TRUE(store_.exchange(witness).stopped.empty());
    const auto cosigned = store_.holdings().cosigned();
    ASSERT_TRUE(cosigned);
    EXPECT_EQ(cosigned->checkpoint.size, 1'700u * (i + 1));
    witness.start();
  }
  EXPECT_TRUE(bytes_of(witness.disk(), copy_folder("0101")).empty());
}

TEST_F(ExchangeTest, a_site_that_lost_entries_learns_how_many_there_were) {
  store_.trade(9);
  store_.exchange(centre_);
  Site restored("0101", roster_, 9);
  restored.trade(2);
  restored.exchange(centre_);
  EXPECT_EQ(restored.holdings().own_entries_elsewhere(), 9u);
}

TEST_F(ExchangeTest, the_same_answer_twice_or_one_to_another_request_changes_nothing) {
  store_.trade(3);
  Dialler dialler(store_.holdings(), 1, 0);
  const std::string offer = *dialler.next();
  const std::string known = centre_.listener().answer(offer, store_.key(), 0).bytes;
  EXPECT_FALSE(dialler.take("nonsense"));
  EXPECT_TRUE(dialler.take(known));
  EXPECT_FALSE(dialler.take(known));
  const std::string give = *dialler.next();
  EXPECT_NE(give, offer);
  EXPECT_FALSE(dialler.take(known));
  EXPECT_EQ(*dialler.next(), give);
}

TEST_F(ExchangeTest, many_sites_at_once_are_answered_with_one_sync) {
  std::vector<std::unique_ptr<Site>> stores;
  std::vector<std::unique_ptr<Dialler>> diallers;
  for (int i = 0; i < 3; ++i) {
    stores.push_back(std::make_unique<Site>(fmt::format("{:04}", 101 + i), roster_, 20 + i));
    stores.back()->trade(10);
    diallers.push_back(std::make_unique<Dialler>(stores.back()->holdings(), 1, 0));
    const std::string offer = *diallers.back()->next();
    const Reply known = centre_.listener().answer(offer, stores.back()->key(), 0);
    ASSERT_TRUE(diallers.back()->take(known.bytes));
  }
  std::vector<std::string> requests;
  for (auto& dialler : diallers) requests.push_back(*dialler->next());
  std::vector<Asked> asked;
  for (int i = 0; i < 3; ++i) asked.push_back({requests[i], stores[i]->key()});
  const std::uint64_t before = centre_.disk().operations();
  std::vector<Reply> replies = centre_.listener().answer(asked, 0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(replies[i].no);
    EXPECT_TRUE(diallers[i]->take(replies[i].bytes));
    EXPECT_EQ(bytes_of(centre_.disk(), copy_folder(fmt::format("{:04}", 101 + i))),
              bytes_of(stores[i]->disk(), "journal"));
  }
  // For each: the folder, a segment, its bytes, a checkpoint's file, its bytes, its place. One
  // sync.
  EXPECT_EQ(centre_.disk().operations() - before, 3u * 6 + 1);
}

}  // namespace
}  // namespace syncing
