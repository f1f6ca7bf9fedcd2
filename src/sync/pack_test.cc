#include "sync/pack.h"

#include <gtest/gtest.h>

#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using testing::bytes_of;
using testing::copy_folder;
using testing::Site;

class PackTest : public ::testing::Test {
 protected:
  // Packs at one site and carries the folder to another one's disk.
  base::Result<Packed> carry_pack(Site& from, Site& to, const std::string& site,
                                  const std::string& name = "stick", PackOptions options = {}) {
    options.sites = {site};
    const auto done = pack(from.disk(), from.holdings(), from.signer(), options, name);
    if (done) carry_folder(from.disk(), to.disk(), name);
    return done;
  }
  static void carry_folder(io::Disk& from, io::Disk& to, const io::Path& folder) {
    CHECK(to.make_folders(folder).has_value());
    const auto names = *from.list(folder);
    for (const std::string& name : names) {
      if (const auto bytes = io::read_file(from, folder / name))
        CHECK(io::write_file(to, folder / name, *bytes).has_value());
      else
        carry_folder(from, to, folder / name);
    }
  }
  base::Result<Exchanged> take(Site& at, const std::string& site,
                               const std::string& name = "stick") {
    const auto opened = Pack::open(at.disk(), name, roster_);
    if (!opened) return std::unexpected(opened.error());
    return unpack(*opened, at.holdings(), site, testing::now_s);
  }

  const RosterIndex roster_{testing::roster_of(3)};
  Site centre_{"0001", roster_, 1}, depot_{"0002", roster_, 2}, store_{"0101", roster_, 3};
};

TEST_F(PackTest, a_pack_moves_journals_and_documents_byte_for_byte) {
  store_.trade(60, 60'000);  // several runs
  store_.store_document("a count");
  const auto packed = carry_pack(store_, centre_, "0001");
  ASSERT_TRUE(packed) << packed.error().message;
  EXPECT_EQ(packed->entries, 61u);
  EXPECT_EQ(packed->documents, 1u);
  const auto done = take(centre_, "0001");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->stopped.empty());
  EXPECT_EQ(done->taken_entries, 61u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
  EXPECT_TRUE(journal::verify(centre_.disk(), copy_folder("0101"), {})->ok);
}

TEST_F(PackTest, a_second_pack_holds_only_what_is_newer_if_it_knows_what_the_other_has) {
  store_.trade(50);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001"));
  ASSERT_TRUE(take(centre_, "0001"));
  ASSERT_TRUE(carry_pack(centre_, store_, "0101", "back"));
  ASSERT_TRUE(take(store_, "0101", "back"));
  store_.trade(3);
  const auto second = carry_pack(store_, centre_, "0001", "stick2", {.since = "back"});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->entries, 3u);
  EXPECT_EQ(take(centre_, "0001", "stick2")->taken_entries, 3u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(PackTest, a_pack_that_begins_earlier_than_what_is_held_is_taken_from_there_on) {
  store_.trade(50);
  store_.exchange(centre_);
  store_.trade(300);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001"));
  EXPECT_EQ(take(centre_, "0001")->taken_entries, 300u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(PackTest, a_pack_that_begins_later_is_named_and_changes_nothing) {
  store_.trade(50);
  store_.exchange(depot_);
  ASSERT_TRUE(carry_pack(depot_, store_, "0101", "back"));
  store_.trade(5);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001", "stick", {.since = "back"}));
  const auto done = take(centre_, "0001");
  ASSERT_TRUE(done);
  ASSERT_EQ(done->stopped.size(), 1u);
  EXPECT_EQ(done->stopped[0].no.refusal, Refusal::behind);
  EXPECT_EQ(done->taken_entries, 0u);
}

TEST_F(PackTest, a_replayed_or_old_pack_is_harmless) {
  store_.trade(20);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001"));
  ASSERT_TRUE(take(centre_, "0001"));
  store_.trade(20);
  store_.exchange(centre_);
  const auto again = take(centre_, "0001");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->stopped.empty());
  EXPECT_EQ(again->taken_entries, 0u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(PackTest, every_file_that_is_altered_cut_short_or_missing_is_named) {
  store_.trade(20);
  store_.store_document("a count");
  ASSERT_TRUE(carry_pack(store_, centre_, "0001"));
  const auto opened = Pack::open(centre_.disk(), "stick", roster_);
  ASSERT_TRUE(opened);
  const std::vector<std::string> files{"pack", "manifest", "manifest.minisig", "held/000000",
                                       "journals/0101-1/00000000000000000000"};
  for (const std::string& file : files) {
    const io::Path path = io::Path("stick") / file;
    const std::string bytes = *io::read_file(centre_.disk(), path);
    for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 50) {
      if (file == "manifest.minisig" && at < 60) continue;  // a comment that nobody signs
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ 1);
      ASSERT_TRUE(io::write_file(centre_.disk(), path, altered));
      EXPECT_FALSE(Pack::open(centre_.disk(), "stick", roster_)) << file << " " << at;
    }
    ASSERT_TRUE(centre_.disk().remove_all(path));
    EXPECT_FALSE(Pack::open(centre_.disk(), "stick", roster_)) << file;
    ASSERT_TRUE(io::write_file(centre_.disk(), path, bytes));
  }
  EXPECT_TRUE(Pack::open(centre_.disk(), "stick", roster_));
}

TEST_F(PackTest, a_pack_by_a_stranger_or_under_a_revoked_key_is_refused_by_name) {
  store_.trade(5);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001"));
  const RosterIndex others(testing::roster_of(0));
  const auto unknown = Pack::open(centre_.disk(), "stick", others);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("does not list"), std::string::npos);
  journal::Roster roster = testing::roster_of(3);
  roster.lines[2].revoked_at_entries = 3;
  const auto revoked = Pack::open(centre_.disk(), "stick", RosterIndex(roster));
  ASSERT_FALSE(revoked);
  EXPECT_NE(revoked.error().message.find("revoked"), std::string::npos);
}

TEST_F(PackTest, a_pack_signed_by_another_key_than_it_names_is_refused) {
  store_.trade(5);
  PackOptions options{.sites = {"0001"}};
  journal::Signer forger = testing::signer_of("0102");
  forger.verifier.name = store_.origin();
  ASSERT_TRUE(pack(store_.disk(), store_.holdings(), forger, options, "stick"));
  EXPECT_FALSE(Pack::open(store_.disk(), "stick", roster_));
}

TEST_F(PackTest, a_pack_is_for_those_that_it_names) {
  store_.trade(5);
  ASSERT_TRUE(carry_pack(store_, depot_, "0001"));
  const auto done = take(depot_, "0002");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::input_bad);
  EXPECT_EQ(carry_pack(store_, depot_, "0999").error().code, base::ErrorCode::input_bad);
}

TEST_F(PackTest,
       a_store_gets_what_the_centre_and_depots_wrote_and_the_documents_that_are_named_for_it) {
  const Digest plan = centre_.store_document("the night of 0101");
  centre_.store_document("the night of 0102");
  store_.exchange(centre_);
  depot_.trade(5);
  depot_.exchange(centre_);
  const auto packed = carry_pack(centre_, store_, "0101", "stick", {.documents = {plan}});
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->journals, 2u);
  EXPECT_EQ(packed->documents, 1u);
}

TEST_F(PackTest, a_pack_dated_in_the_future_moves_what_it_proves_and_no_clock) {
  store_.trade(5);
  ASSERT_TRUE(carry_pack(store_, centre_, "0001", "stick", {.made_ms = 7'226'582'400'000}));
  EXPECT_EQ(take(centre_, "0001")->taken_entries, 5u);
  const auto newest = (*centre_.copies().find(store_.origin()))->checkpoint();
  EXPECT_EQ(check(newest->note, testing::witness_of("0001").verifier).seconds, testing::now_s);
}

TEST_F(PackTest, a_rewritten_history_in_a_pack_is_refused_and_a_split_view_kept_as_evidence) {
  store_.trade(20, 100);
  store_.exchange(centre_);
  Site liar("0101", roster_, 7);
  liar.trade(20, 101);
  ASSERT_TRUE(carry_pack(liar, centre_, "0001"));
  const auto done = take(centre_, "0001");
  ASSERT_TRUE(done);
  ASSERT_EQ(done->stopped.size(), 1u);
  EXPECT_EQ(done->stopped[0].no.refusal, Refusal::rewritten);
  EXPECT_TRUE(centre_.disk().exists("copies/evidence/0101-1"));
  // At another size there is no proof in a pack; it is refused all the same.
  liar.trade(3);
  liar.exchange(depot_);
  Site fresh("0002", roster_, 8);
  store_.exchange(fresh);
  ASSERT_TRUE(carry_pack(liar, fresh, "0002"));
  const auto other = take(fresh, "0002");
  ASSERT_TRUE(other);
  ASSERT_EQ(other->stopped.size(), 1u);
  EXPECT_EQ(other->stopped[0].no.refusal, Refusal::does_not_continue);
  EXPECT_EQ(bytes_of(fresh.disk(), copy_folder("0101")), bytes_of(store_.disk(), "journal"));
}

TEST_F(PackTest, the_folder_of_somebody_else_is_never_replaced) {
  store_.trade(5);
  ASSERT_TRUE(store_.disk().make_folders("letters"));
  ASSERT_TRUE(io::write_file(store_.disk(), "letters/dear", "dear"));
  EXPECT_EQ(carry_pack(store_, centre_, "0001", "letters").error().code,
            base::ErrorCode::input_bad);
}

}  // namespace
}  // namespace syncing
