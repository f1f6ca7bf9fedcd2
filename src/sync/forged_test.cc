// Attackers' messages: each is refused by name and changes nothing, or is harmless.
#include <gtest/gtest.h>

#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using testing::bytes_of;
using testing::copy_folder;
using testing::now_s;
using testing::Site;

class ForgedTest : public ::testing::Test {
 protected:
  using Run = syncing::Run;  // gtest has one too
  ForgedTest() { store_.trade(20, 100); }

  Refusal refusal_of(const Request& request, const crypto::PublicKey& key) {
    const Reply reply = centre_.listener().answer(encode(1, request), key, now_s);
    const auto answer = parse_answer(reply.bytes);
    CHECK(answer && std::holds_alternative<Refused>(answer->body) && reply.no);
    return std::get<Refused>(answer->body).refusal;
  }
  Refusal refusal_of(const Request& request) { return refusal_of(request, store_.key()); }
  bool is_taken(const Request& request) {
    const Reply reply = centre_.listener().answer(encode(1, request), store_.key(), now_s);
    return std::holds_alternative<Taken>(parse_answer(reply.bytes)->body);
  }
  Run run(std::uint64_t from = 0) { return *store_.holdings().run(store_.origin(), from); }
  std::uint64_t held() { return (*centre_.copies().find(store_.origin()))->size(); }

  // The site's entries from there on, under a note that it signs only after so many more.
  static Run part_of(Site& site, std::uint64_t from, int more) {
    Run part = *site.holdings().run(site.origin(), from);
    const std::uint64_t size = site.journal().size();
    site.trade(more, 101);
    const Growth growth = *site.holdings().growth(site.origin(), size);
    part.note = growth.note;
    part.proof = growth.proof;
    return part;
  }
  bool convicts(Site& holder) {
    const auto text = io::read_file(holder.disk(), "copies/evidence/0101-1");
    return text && parse_evidence(*text, store_.signer().verifier);
  }

  RosterIndex roster_{testing::roster_of(2)};
  Site centre_{"0001", roster_, 1}, store_{"0101", roster_, 2};
};

TEST_F(ForgedTest, a_key_that_the_roster_does_not_list_gets_nothing) {
  EXPECT_EQ(refusal_of(Give{run()}, testing::signer_of("0777").verifier.key),
            Refusal::unknown_site);
  EXPECT_EQ(refusal_of(Ask{centre_.origin(), 0}, testing::signer_of("0777").verifier.key),
            Refusal::unknown_site);
}

TEST_F(ForgedTest, a_revoked_key_gets_nothing_and_its_journal_ends_where_it_was_revoked) {
  journal::Roster roster = testing::roster_of(2);
  roster.lines[2].revoked_at_entries = 12;
  const RosterIndex revoked(roster);
  centre_.copies().set_roster(revoked);
  EXPECT_EQ(refusal_of(Give{run()}), Refusal::revoked_key);
  // Others may bring what it spoke for, and no more.
  const auto key = testing::signer_of("0102").verifier.key;
  EXPECT_EQ(refusal_of(Give{run()}, key), Refusal::revoked_key);
  EXPECT_EQ(held(), 0u);
}

TEST_F(ForgedTest, an_epoch_that_the_roster_does_not_know_is_named) {
  Run later = run();
  later.origin = testing::origin_of("0101", 2);
  EXPECT_EQ(refusal_of(Give{later}), Refusal::wrong_epoch);
  journal::Roster roster = testing::roster_of(2);
  roster.lines.push_back(
      {testing::signer_of("0101", 2).verifier, journal::Role::store, {}, std::nullopt});
  const RosterIndex renewed(roster);
  centre_.copies().set_roster(renewed);
  EXPECT_EQ(refusal_of(Give{run()}), Refusal::wrong_epoch);  // the older key dials
}

TEST_F(ForgedTest, a_note_under_another_key_is_refused) {
  Run forged = run();
  const auto note = journal::parse_note(forged.note);
  journal::Signer stranger = testing::signer_of("0102");
  stranger.verifier.name = store_.origin();
  forged.note = to_string(journal::Note{note->text, {journal::sign(stranger, note->text)}});
  EXPECT_EQ(refusal_of(Give{forged}), Refusal::bad_signature);
}

TEST_F(ForgedTest, every_flipped_bit_of_a_run_is_refused_or_changes_nothing) {
  const std::string bytes = encode(1, Request(Give{run()}));
  const auto original = bytes_of(store_.disk(), "journal");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    SCOPED_TRACE(at);
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    Site centre("0001", roster_, 1);
    const auto answer = parse_answer(centre.listener().answer(flipped, store_.key(), now_s).bytes);
    ASSERT_TRUE(answer);
    const auto held = bytes_of(centre.disk(), copy_folder("0101"));
    if (std::holds_alternative<Refused>(answer->body))
      EXPECT_TRUE(held.empty());
    else
      EXPECT_TRUE(held.empty() || held == original);
  }
}

TEST_F(ForgedTest, a_run_cut_short_at_any_byte_is_refused_or_is_a_proved_part) {
  const Run whole = run();
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    Run part = whole;
    part.bytes.resize(size);
    Site centre("0001", roster_, 1);
    const Reply reply = centre.listener().answer(encode(1, Request(Give{part})), store_.key(), 0);
    EXPECT_TRUE(reply.no) << size;
    EXPECT_TRUE(bytes_of(centre.disk(), copy_folder("0101")).empty());
  }
}

TEST_F(ForgedTest, replayed_and_reordered_runs_change_nothing_and_say_where_to_go_on) {
  const Run first = run();
  ASSERT_TRUE(is_taken(Give{first}));
  store_.trade(5);
  const Run second = run(20);
  store_.trade(5);
  const Run third = run(25);
  for (const Run* late : {&third, &first, &third}) EXPECT_TRUE(is_taken(Give{*late}));
  EXPECT_EQ(held(), 20u);
  ASSERT_TRUE(is_taken(Give{second}));
  ASSERT_TRUE(is_taken(Give{second}));
  ASSERT_TRUE(is_taken(Give{third}));
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(ForgedTest, frames_of_another_journal_under_this_ones_note_are_refused) {
  Site other("0102", roster_, 3);
  other.trade(20, 100);
  Run foreign = run();
  foreign.bytes = other.holdings().run(other.origin(), 0)->bytes;
  EXPECT_EQ(refusal_of(Give{foreign}), Refusal::does_not_continue);
  // Without the header it is the first frame that does not fit.
  foreign.bytes = run().bytes.substr(0, run().bytes.find('\xf7')) +
                  foreign.bytes.substr(foreign.bytes.find('\xf7'));
  EXPECT_EQ(refusal_of(Give{foreign}), Refusal::does_not_continue);
  EXPECT_EQ(held(), 0u);
}

TEST_F(ForgedTest, nobody_can_add_frames_that_the_site_has_not_signed) {
  ASSERT_TRUE(is_taken(Give{run()}));
  store_.trade(3);
  Run forged = run(20);
  // A frame that continues the copy, as anybody could build it.
  const auto& copy = **centre_.copies().find(store_.origin());
  journal::FrameBuilder builder;
  const auto end = journal::testing::end_of(centre_.disk(), copy.folder());
  builder.begin(end.next, end.link);
  const std::string_view event = "units that never came";
  const auto entries = *journal::pack_events(std::span(&event, 1), {1, 0});
  ASSERT_TRUE(builder.add(entries[0]));
  forged.bytes = builder.finish();
  EXPECT_EQ(refusal_of(Give{forged}), Refusal::bad_proof);
  EXPECT_EQ(held(), 20u);
}

TEST_F(ForgedTest, a_history_that_was_rewritten_under_the_same_key_is_refused_with_evidence) {
  ASSERT_TRUE(is_taken(Give{run()}));
  // The same site from an old backup: it goes on from its tenth entry.
  Site liar("0101", roster_, 7);
  liar.trade(10, 100);
  liar.trade(20, 101);
  const Exchanged done = liar.exchange(centre_);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::rewritten) << done.stopped.back().no.words;
  EXPECT_NE(done.stopped.back().no.words.find("20 entries with root"), std::string::npos);
  EXPECT_NE(done.stopped.back().no.words.find(store_.origin()), std::string::npos);
  EXPECT_EQ(held(), 20u);
  // Anybody can check the evidence, and the true site is not gone on with either.
  const auto text = io::read_file(centre_.disk(), "copies/evidence/0101-1");
  ASSERT_TRUE(text);
  EXPECT_TRUE(parse_evidence(*text, store_.signer().verifier));
  EXPECT_FALSE(parse_evidence(*text, testing::signer_of("0102").verifier));
  store_.trade(1);
  EXPECT_EQ(refusal_of(Give{run(20)}), Refusal::rewritten);
  centre_.start();
  EXPECT_EQ(refusal_of(Give{run(20)}), Refusal::rewritten);
}

TEST_F(ForgedTest, a_note_that_proved_a_part_convicts_the_site_once_it_has_outgrown_it) {
  ASSERT_TRUE(is_taken(Give{run()}));
  Site liar("0101", roster_, 7);
  liar.trade(20, 100);
  liar.trade(5, 101);
  ASSERT_TRUE(is_taken(Give{part_of(liar, 20, 5)}));
  EXPECT_EQ(held(), 25u);
  centre_.start();
  store_.trade(7);
  Exchanged done = store_.exchange(centre_);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::does_not_continue);
  EXPECT_FALSE(convicts(centre_));
  centre_.start();
  store_.trade(4);
  done = store_.exchange(centre_);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::rewritten) << done.stopped.back().no.words;
  EXPECT_TRUE(convicts(centre_));
}

TEST_F(ForgedTest, whoever_dials_for_the_rest_of_a_part_finds_the_lie_as_well) {
  ASSERT_TRUE(is_taken(Give{run()}));
  Site liar("0101", roster_, 7);
  liar.trade(20, 100);
  liar.trade(5, 101);
  ASSERT_TRUE(is_taken(Give{part_of(liar, 20, 5)}));
  store_.trade(11);
  centre_.start();
  const Exchanged done = centre_.exchange(store_);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::rewritten) << done.stopped.back().no.words;
  EXPECT_TRUE(convicts(centre_));
}

TEST_F(ForgedTest, a_part_that_is_true_still_convicts_by_its_note) {
  Site liar("0101", roster_, 7);
  liar.trade(20, 100);
  ASSERT_TRUE(is_taken(Give{part_of(liar, 0, 5)}));
  EXPECT_EQ(held(), 20u);
  centre_.start();
  // The true site's entries continue the part, up to where it was signed otherwise.
  store_.trade(3);
  EXPECT_TRUE(store_.exchange(centre_).stopped.empty());
  EXPECT_EQ(held(), 23u);
  centre_.start();
  store_.trade(4);
  const Exchanged done = store_.exchange(centre_);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::rewritten) << done.stopped.back().no.words;
  EXPECT_EQ(held(), 23u);
  EXPECT_TRUE(convicts(centre_));
}

TEST_F(ForgedTest, of_two_notes_over_one_size_the_second_convicts_at_once) {
  Site liar("0101", roster_, 7);
  liar.trade(20, 100);
  ASSERT_TRUE(is_taken(Give{part_of(liar, 0, 5)}));
  centre_.start();
  store_.trade(5);
  EXPECT_EQ(refusal_of(Give{run(20)}), Refusal::rewritten);
  EXPECT_TRUE(convicts(centre_));
}

TEST_F(ForgedTest, a_promise_that_is_kept_is_forgotten) {
  const Run part = part_of(store_, 0, 5);
  ASSERT_TRUE(is_taken(Give{part}));
  const Copy& copy = **centre_.copies().find(store_.origin());
  ASSERT_TRUE(copy.promise());
  EXPECT_EQ(copy.promise()->note.checkpoint.size, 25u);
  EXPECT_TRUE(is_taken(Give{run(20)}));
  EXPECT_FALSE(copy.promise());
  centre_.start();
  EXPECT_FALSE((*centre_.copies().find(store_.origin()))->promise());
  EXPECT_EQ(held(), 25u);
}

TEST_F(ForgedTest, what_a_key_signed_beyond_its_revocation_still_proves_what_it_speaks_for) {
  journal::Roster roster = testing::roster_of(2);
  roster.lines[2].revoked_at_entries = 23;
  const RosterIndex revoked(roster);
  centre_.copies().set_roster(revoked);
  Site liar("0101", roster_, 7);
  liar.trade(20, 100);
  const auto bearer = testing::signer_of("0102").verifier.key;
  const Run part = part_of(liar, 0, 5);
  EXPECT_FALSE(centre_.listener().answer(encode(1, Request(Give{part})), bearer, now_s).no);
  centre_.start();
  EXPECT_EQ(held(), 20u);
  const Run more = *liar.holdings().run(liar.origin(), 20);
  centre_.copies().set_roster(revoked);
  const auto no = centre_.listener().answer(encode(2, Request(Give{more})), bearer, now_s).no;
  ASSERT_TRUE(no);
  EXPECT_EQ(no->refusal, Refusal::revoked_key);
}

TEST_F(ForgedTest, a_split_view_shows_when_two_holders_speak_with_each_other) {
  Site liar("0101", roster_, 7), depot("0002", roster_, 8);
  liar.trade(20, 101);
  store_.exchange(centre_);
  liar.exchange(depot);
  const Exchanged done = depot.exchange(centre_);
  ASSERT_EQ(done.stopped.size(), 1u);
  EXPECT_EQ(done.stopped[0].no.refusal, Refusal::rewritten);
  for (Site* site : {&centre_, &depot}) {
    const auto text = io::read_file(site->disk(), "copies/evidence/0101-1");
    ASSERT_TRUE(text);
    EXPECT_TRUE(parse_evidence(*text, store_.signer().verifier));
  }
}

TEST_F(ForgedTest, the_centre_that_rewrites_its_history_is_found_by_a_store_that_takes_it) {
  centre_.trade(9);
  store_.exchange(centre_);
  Site lying("0001", roster_, 7);
  lying.trade(4);
  lying.trade(8, 99);
  const Exchanged done = store_.exchange(lying);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped.back().no.refusal, Refusal::rewritten);
  EXPECT_TRUE(done.stopped.back().is_ours);
  EXPECT_TRUE(store_.disk().exists("copies/evidence/0001-1"));
}

TEST_F(ForgedTest, a_witness_signs_nothing_after_a_proof_that_does_not_hold) {
  Site witness("0002", roster_, 9, {.wants = [](const auto&) { return Want::witness; }});
  store_.exchange(witness);
  Site liar("0101", roster_, 7);
  liar.trade(20, 101);
  liar.trade(5, 101);
  Growth growth = *liar.holdings().growth(liar.origin(), 20);
  growth.old_root = (*store_.holdings().growth(store_.origin(), 20)).old_root;
  const auto answer = parse_answer(
      witness.listener().answer(encode(1, Request(Show{growth})), liar.key(), now_s).bytes);
  EXPECT_EQ(std::get<Refused>(answer->body).refusal, Refusal::bad_proof);
  // With the true root of its own tree, the same site convicts itself.
  const Exchanged done = liar.exchange(witness);
  ASSERT_FALSE(done.stopped.empty());
  EXPECT_EQ(done.stopped[0].no.refusal, Refusal::rewritten);
}

TEST_F(ForgedTest, documents_that_nobody_asked_for_are_refused) {
  EXPECT_EQ(refusal_of(GiveDocument{store_.origin(), "junk"}), Refusal::not_asked_for);
}

TEST_F(ForgedTest, a_store_reads_the_centres_journal_a_depots_and_its_own_and_no_other) {
  Site depot("0002", roster_, 8);
  depot.trade(2);
  depot.exchange(centre_);
  for (const std::string& origin : {centre_.origin(), depot.origin(), store_.origin()})
    EXPECT_NE(refusal_of(Ask{origin, 99}), Refusal::not_for_you) << origin;
  Site other("0102", roster_, 3);
  other.trade(2);
  other.exchange(centre_);
  EXPECT_EQ(refusal_of(Ask{other.origin(), 0}), Refusal::not_for_you);
  EXPECT_EQ(refusal_of(Prove{other.origin(), 1}), Refusal::not_for_you);
  EXPECT_EQ(refusal_of(AskDocument{other.origin(), {}}), Refusal::not_for_you);
}

TEST_F(ForgedTest, entries_dated_in_the_future_are_history_like_any_other_and_move_no_clock) {
  ASSERT_TRUE(store_.journal().append(std::array<std::string_view, 1>{"sold in 2199"},
                                      {7'226'582'400'000, store_.journal().last_stamp().tick_ms}));
  store_.sign();
  ASSERT_TRUE(is_taken(Give{run()}));
  const auto newest = (*centre_.copies().find(store_.origin()))->checkpoint();
  ASSERT_TRUE(newest);
  EXPECT_EQ(check(newest->note, testing::witness_of("0001").verifier).seconds, now_s);
}

TEST_F(ForgedTest, what_is_no_message_is_refused_as_malformed) {
  for (const std::string& junk : {std::string(), std::string("junk"), std::string(1'000, '\xff'),
                                  encode(1, Answer(Document{"an answer"}))}) {
    const Reply reply = centre_.listener().answer(junk, store_.key(), 0);
    ASSERT_TRUE(reply.no);
    EXPECT_EQ(reply.no->refusal, Refusal::malformed);
  }
}

}  // namespace
}  // namespace syncing
