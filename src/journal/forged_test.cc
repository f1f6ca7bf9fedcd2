// What somebody made up: refused, and named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"
#include "journal/witness.h"

namespace journal {
namespace {

using journal::testing::append;
using journal::testing::EventList;
using journal::testing::sign_now;
using journal::testing::test_signer;
using ::testing::HasSubstr;

const io::Path folder = "j";
const std::string name = "stockade/sample/0042/1";

// A journal of `entries` one-event entries that begin with `prefix`, signed at its end.
io::SimDisk journal_of(const Signer& signer, int entries, const std::string& prefix = "event ") {
  io::SimDisk disk(1);
  EXPECT_TRUE(Journal::create(disk, folder, signer.verifier));
  EventList fold;
  auto journal = Journal::open(disk, folder, {}, fold);
  EXPECT_TRUE(journal);
  for (int i = 0; i < entries; ++i) EXPECT_TRUE(append(*journal, {prefix + std::to_string(i)}, i));
  EXPECT_TRUE(sign_now(*journal, signer));
  return disk;
}

std::string stored_note(io::Disk& disk) {
  return *unwrap_checkpoint(*io::read_file(disk, folder / checkpoint_file));
}

Tree tree_of(io::Disk& disk) {
  Tree tree;
  EXPECT_TRUE(scan(disk, folder, {}, [&](const Frame& frame, const Place&) {
    for (const Digest& leaf : frame.leaves) tree.append(leaf);
  }));
  return tree;
}

std::string first_complaint(io::Disk& disk, const VerifyOptions& options) {
  const auto report = verify(disk, folder, options);
  EXPECT_TRUE(report);
  return report->ok ? "" : to_string(report->faults[0]);
}

Roster roster_with(std::vector<RosterLine> lines) {
  Roster roster;
  roster.estate = "sample";
  roster.approvers = {make_signer("anna", KeyKind::signer, crypto::Seed{1}).verifier};
  roster.lines = std::move(lines);
  return roster;
}

TEST(Forged, a_checkpoint_by_another_key_is_refused) {
  io::SimDisk disk = journal_of(test_signer(), 5);
  const Signer thief = test_signer(name, 99);
  const auto report = verify(disk, folder, {});
  ASSERT_TRUE(report->ok);
  const auto tree = tree_of(disk);
  const auto forged = sign(thief, {name, 5, tree.root(5)});
  ASSERT_TRUE(io::write_file(disk, folder / checkpoint_file, wrap_checkpoint(forged.note)));
  EXPECT_THAT(first_complaint(disk, {}), HasSubstr("not signed by " + name));
}

TEST(Forged, a_journal_under_another_sites_name_is_refused_by_key_and_by_roster) {
  const Signer honest = test_signer(), thief = test_signer(name, 99);
  io::SimDisk disk = journal_of(thief, 5);
  EXPECT_EQ(first_complaint(disk, {}), "");  // true to itself, so only an outside key can tell
  EXPECT_THAT(first_complaint(disk, {.key = honest.verifier}), HasSubstr("expected " + name));
  const Roster roster = roster_with({{honest.verifier, Role::store, {20'000}, std::nullopt}});
  EXPECT_THAT(first_complaint(disk, {.roster = &roster}), HasSubstr("another key for " + name));
  const Roster stranger = roster_with({});
  EXPECT_THAT(first_complaint(disk, {.roster = &stranger}), HasSubstr("does not list " + name));
}

TEST(Forged, a_rewritten_past_does_not_fit_the_signature) {
  io::SimDisk honest = journal_of(test_signer(), 5), rewritten = journal_of(test_signer(), 5, "x");
  const auto checkpoint = *io::read_file(honest, folder / checkpoint_file);
  ASSERT_TRUE(io::write_file(rewritten, folder / checkpoint_file, checkpoint));
  EXPECT_THAT(first_complaint(rewritten, {}), HasSubstr("not those that were signed"));
  EventList fold;
  const auto journal = Journal::open(rewritten, folder, {}, fold);
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->opening().standing, Standing::damaged);
}

TEST(Forged, a_split_view_is_found_with_the_checkpoint_that_a_witness_holds) {
  // The site's own key signs both histories: each is true to itself.
  io::SimDisk shown = journal_of(test_signer(), 5), other = journal_of(test_signer(), 7, "x");
  EXPECT_EQ(first_complaint(other, {}), "");
  EXPECT_THAT(first_complaint(other, {.seen = {stored_note(shown)}}), HasSubstr("split view"));
  io::SimDisk shorter = journal_of(test_signer(), 3);
  EXPECT_THAT(first_complaint(shorter, {.seen = {stored_note(shown)}}), HasSubstr("ends early"));
  io::SimDisk longer = journal_of(test_signer(), 9);
  EXPECT_EQ(first_complaint(longer, {.seen = {stored_note(shown)}}), "");
}

TEST(Forged, entries_behind_a_revocation_are_refused_and_those_before_it_are_not) {
  io::SimDisk disk = journal_of(test_signer(), 5);
  const auto judge = [&](std::uint64_t revoked_at) {
    const Roster roster =
        roster_with({{test_signer().verifier, Role::store, {20'000}, revoked_at}});
    return *verify(disk, folder, {.roster = &roster});
  };
  EXPECT_TRUE(judge(5).ok);
  const auto late = judge(3);
  EXPECT_FALSE(late.ok);
  EXPECT_EQ(late.trustworthy, 3u);
  EXPECT_THAT(late.faults[0].why, HasSubstr("revoked after entry count 3"));
}

TEST(Forged, a_future_epoch_is_refused_and_named) {
  io::SimDisk disk = journal_of(test_signer("stockade/sample/0042/3"), 5);
  const Roster roster =
      roster_with({{test_signer().verifier, Role::store, {20'000}, std::nullopt}});
  EXPECT_THAT(first_complaint(disk, {.roster = &roster}),
              HasSubstr("is of epoch 3, and the roster knows the site up to epoch 1"));
}

TEST(Forged, witnesses_are_counted_and_a_made_up_cosignature_is_named) {
  io::SimDisk disk = journal_of(test_signer(), 5);
  const Signer depot = make_signer("depot", KeyKind::witness, crypto::Seed{5});
  Note note = *parse_note(stored_note(disk));
  EXPECT_THAT(first_complaint(disk, {.witnesses = {depot.verifier}, .witnesses_min = 1}),
              HasSubstr("0 witnesses have cosigned"));
  note.signatures.push_back(cosign(depot, note.text, 1'700'000'000));
  ASSERT_TRUE(io::write_file(disk, folder / checkpoint_file, wrap_checkpoint(note)));
  const auto report = verify(disk, folder, {.witnesses = {depot.verifier}, .witnesses_min = 1});
  EXPECT_TRUE(report->ok);
  EXPECT_EQ(report->witnesses.at(0).seconds, 1'700'000'000u);
  note.signatures.back().bytes[7] ^= 1;  // another time than the one that was signed
  ASSERT_TRUE(io::write_file(disk, folder / checkpoint_file, wrap_checkpoint(note)));
  EXPECT_THAT(first_complaint(disk, {.witnesses = {depot.verifier}}),
              HasSubstr("the cosignature of depot does not fit"));
}

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() { witness_.watch(test_signer().verifier); }

  Signer site_ = test_signer();
  Witness witness_{make_signer("depot", KeyKind::witness, crypto::Seed{5})};
  io::SimDisk disk_ = journal_of(site_, 8);
  Tree tree_ = tree_of(disk_);

  std::string note_of(std::uint64_t size) const {
    return to_string(sign(site_, {name, size, tree_.root(size)}).note);
  }
};

TEST_F(WitnessTest, a_witness_cosigns_growth_that_is_proven) {
  const auto first = witness_.judge(note_of(3), 0, {}, 10);
  ASSERT_TRUE(first.cosignature);
  const auto second = witness_.judge(note_of(8), 3, tree_.consistency(3, 8), 20);
  ASSERT_TRUE(second.cosignature);
  Note note = *parse_note(note_of(8));
  note.signatures.push_back(*second.cosignature);
  EXPECT_EQ(check(note, witness_.key()).outcome, Signed::yes);
  EXPECT_EQ(check(note, witness_.key()).seconds, 20u);
  // The same size again: cosigned for a fresh time.
  EXPECT_TRUE(witness_.judge(note_of(8), 8, {}, 30).cosignature);
}

TEST_F(WitnessTest, each_refusal_has_its_reason) {
  ASSERT_TRUE(witness_.judge(note_of(5), 0, {}, 10).cosignature);
  const auto refused = [&](const std::string& note, std::uint64_t old_size, const Proof& proof) {
    return witness_.judge(note, old_size, proof, 20).refusal;
  };
  const Proof good = tree_.consistency(5, 8);
  const Signer thief = test_signer(name, 99), stranger = test_signer("stockade/sample/0001/1");
  const auto forged = to_string(sign(thief, {name, 8, tree_.root(8)}).note);
  const auto foreign = to_string(sign(stranger, {stranger.verifier.name, 8, tree_.root(8)}).note);
  const auto split = to_string(sign(site_, {name, 8, leaf_hash("another history")}).note);
  EXPECT_EQ(refused(foreign, 5, good), WitnessRefusal::unknown_origin);
  EXPECT_EQ(refused(forged, 5, good), WitnessRefusal::bad_signature);
  EXPECT_EQ(refused("not a note", 5, good), WitnessRefusal::bad_signature);
  EXPECT_EQ(refused(note_of(8), 9, good), WitnessRefusal::old_size_larger);
  EXPECT_EQ(refused(note_of(8), 4, tree_.consistency(4, 8)), WitnessRefusal::other_size_known);
  EXPECT_EQ(refused(note_of(3), 3, {}), WitnessRefusal::other_size_known);  // a rollback
  EXPECT_EQ(refused(split, 5, good), WitnessRefusal::bad_proof);
  EXPECT_EQ(refused(note_of(8), 5, {}), WitnessRefusal::bad_proof);
  EXPECT_FALSE(refused(note_of(8), 5, good));
}

TEST_F(WitnessTest, a_restored_witness_refuses_what_it_would_have_refused_before) {
  ASSERT_TRUE(witness_.judge(note_of(5), 0, {}, 10).cosignature);
  Witness restarted(make_signer("depot", KeyKind::witness, crypto::Seed{5}));
  restarted.watch(site_.verifier);
  restarted.restore(witness_.remembered(name));
  EXPECT_EQ(restarted.judge(note_of(3), 0, {}, 20).refusal, WitnessRefusal::other_size_known);
  EXPECT_TRUE(restarted.judge(note_of(8), 5, tree_.consistency(5, 8), 20).cosignature);
}

}  // namespace
}  // namespace journal
