#include "rebuild/rebuild.h"

#include "io/entropy.h"
#include "io/sim_disk.h"
#include "journal/cursor.h"
#include "journal/files.h"
#include "rebuild/quarantine.h"
#include "rebuild/testing/kit.h"
#include "site/believed.h"
#include "site/key.h"
#include "site/peer_reader.h"
#include "trade/book.h"

namespace rebuild {
namespace {

using testing::centre_code;
using testing::copy_folder;
using testing::roster_of;
using testing::sale;
using testing::signer_of;
using testing::Writer;
using trade::testing::store_code;

constexpr std::int64_t now_ms = 1'763'800'000'000;

// What one honest reader makes of a journal's first entries.
journal::Digest state_of(io::Disk& disk, const io::Path& folder, std::uint64_t entries) {
  trade::Book book;
  auto cursor = journal::Cursor::open(disk, folder, 0).value();
  while (const auto item = cursor.next(entries).value()) {
    if (item->entry.kind != journal::EntryKind::events) continue;
    const auto events = journal::unpack_events(item->entry.body).value();
    for (const auto event : events) EXPECT_TRUE(trade::admit(book, store_code, event));
  }
  return crypto::sha256(trade::encode(*book.find(store_code)));
}

class RebuildTest : public ::testing::Test {
 protected:
  Writer store(const io::Path& folder) { return {disk, folder, store_key}; }
  Survey look(std::span<const Part> sizes = {}) {
    const std::vector<io::Path> from{"from"};
    return survey(disk, roster, from, 1, sizes).value();
  }
  // The only journal's prefix.
  Prefix prefix() {
    const Survey seen = look();
    EXPECT_EQ(seen.prefixes.size(), 1u);
    return seen.prefixes.at(0);
  }

  io::SimDisk disk{1};
  journal::Signer store_key = signer_of(store_code);
  journal::Roster roster = roster_of({store_key.verifier});
};

TEST_F(RebuildTest, takes_the_copy_that_proves_most) {
  Writer live = store("from/store/journal");
  live.open_site().sell(3).sign();
  copy_folder(disk, "from/store/journal", "from/depot/copies/0042-1");
  live.sell(4).sign();
  const Prefix newest = prefix();
  EXPECT_EQ(newest.verdict, Verdict::proven) << newest.why;
  EXPECT_EQ(newest.folder, "from/store/journal");
  EXPECT_EQ(newest.entries, live.size());
  EXPECT_EQ(newest.state, state_of(disk, "from/store/journal", live.size()));
}

TEST_F(RebuildTest, does_not_count_what_is_not_signed) {
  Writer live = store("from/journal");
  live.open_site().sell(3).sign();
  const std::uint64_t signed_size = live.size();
  live.sell(2);
  EXPECT_EQ(prefix().entries, signed_size);
  EXPECT_EQ(prefix().state, state_of(disk, "from/journal", signed_size));
}

TEST_F(RebuildTest, falls_back_to_an_older_copy_and_says_how_much_is_lost) {
  Writer live = store("from/store");
  live.open_site().sell(3).sign();
  const std::uint64_t older = live.size();
  copy_folder(disk, "from/store", "from/depot");
  live.sell(4).sign();
  disk.flip_bit("from/store/segment-00000000000000000000", 8 * 400);
  const Survey seen = look();
  EXPECT_EQ(seen.prefixes[0].verdict, Verdict::shortened);
  EXPECT_EQ(seen.prefixes[0].folder, "from/depot");
  EXPECT_EQ(seen.prefixes[0].entries, older);
  ASSERT_EQ(seen.lost.size(), 1u);
  EXPECT_EQ(seen.lost[0].first, older);
  EXPECT_EQ(seen.lost[0].behind, live.size());
}

TEST_F(RebuildTest, believes_of_a_site_that_signed_two_histories_what_all_copies_agree_on) {
  Writer live = store("from/store");
  live.open_site().sell(3).sign();
  const std::uint64_t agreed = live.size();
  copy_folder(disk, "from/store", "from/depot");
  Writer other = store("from/depot");
  other.put(sale(5)).sell(2).sign();
  live.sell(9).sign();
  const Prefix believed = prefix();
  EXPECT_EQ(believed.verdict, Verdict::lying);
  EXPECT_EQ(believed.entries, agreed);
  EXPECT_EQ(believed.state, state_of(disk, "from/store", agreed));
  EXPECT_THAT(believed.why, ::testing::HasSubstr("from/depot"));
}

TEST_F(RebuildTest, stops_before_an_entry_that_cannot_be_true) {
  Writer live = store("from/store");
  live.open_site().sell(3);
  const std::uint64_t before = live.size();
  live.put(trade::GoodsMoved{trade::Cause::sale, {{trade::LineNo{4'000}, 1, 100, {}}}});
  live.sell(3).sign();
  const Prefix believed = prefix();
  EXPECT_EQ(believed.verdict, Verdict::absurd);
  EXPECT_EQ(believed.entries, before);
  EXPECT_EQ(believed.state, state_of(disk, "from/store", before));
  EXPECT_THAT(believed.why, ::testing::HasSubstr("line_unknown"));
}

TEST_F(RebuildTest, believes_no_key_but_the_rosters) {
  Writer{disk, "from/forged", signer_of(store_code, 1, 77)}.open_site().sell(20).sign();
  EXPECT_EQ(prefix().verdict, Verdict::refused);
  EXPECT_EQ(prefix().entries, 0u);
  store("from/true").open_site().sell(1).sign();
  EXPECT_EQ(prefix().verdict, Verdict::proven);
  EXPECT_EQ(prefix().folder, "from/true");
  roster.lines.clear();
  EXPECT_EQ(prefix().verdict, Verdict::refused);
}

TEST_F(RebuildTest, takes_from_a_revoked_key_what_it_could_still_speak_for) {
  Writer live = store("from/store");
  live.open_site().sell(3).sign();
  const std::uint64_t allowed = live.size();
  live.sell(5).sign();
  roster.lines[0].revoked_at_entries = allowed;
  const Prefix believed = prefix();
  EXPECT_EQ(believed.verdict, Verdict::shortened);
  EXPECT_EQ(believed.entries, allowed);
  EXPECT_FALSE(believed.checkpoint.has_value());
}

TEST_F(RebuildTest, names_sites_of_which_nothing_is_left_and_folders_that_hold_rubbish) {
  store("from/store").open_site().sign();
  roster = roster_of({store_key.verifier, signer_of(trade::SiteCode{77}).verifier});
  ASSERT_TRUE(disk.make_folders("from/rubbish"));
  ASSERT_TRUE(io::write_file(disk, "from/rubbish/segment-00000000000000000000", "rubbish"));
  const Survey seen = look();
  EXPECT_EQ(seen.missing, std::vector<std::string>{"stockade/sample/0077/1"});
  ASSERT_EQ(seen.unreadable.size(), 1u);
  EXPECT_THAT(seen.unreadable[0], ::testing::HasSubstr("from/rubbish"));
}

TEST_F(RebuildTest, gives_the_digest_of_earlier_sizes_too) {
  Writer live = store("from/store");
  live.open_site().sell(3).sign();
  const Survey early = look();
  live.sell(6).sign();
  const Survey late = look();
  EXPECT_NE(early.digest, late.digest);
  const std::vector<Part> sizes{{store_key.verifier.name, early.prefixes[0].entries, {}}};
  EXPECT_EQ(look(sizes).digest, early.digest);
  // What nobody asked for is no part of it, whoever has it meanwhile.
  Writer{disk, "from/depot/centre", signer_of(centre_code)}
      .put(trade::SiteOpened{centre_code, trade::SiteKind::centre, 1})
      .sign();
  roster = roster_of({store_key.verifier, signer_of(centre_code).verifier});
  EXPECT_EQ(look().prefixes.size(), 2u);
  EXPECT_EQ(look(sizes).digest, early.digest);
  const std::vector<Part> beyond{{store_key.verifier.name, 1'000, {}}};
  const auto judged = look(beyond).prefixes;
  const auto of_store = std::ranges::find(judged, store_key.verifier.name, &Prefix::origin);
  ASSERT_NE(of_store, judged.end());
  EXPECT_EQ(of_store->verdict, Verdict::refused);
}

TEST_F(RebuildTest, begins_the_centre_anew_with_a_key_that_the_roster_lists_already) {
  store("from/store").open_site().sell(3).sign();
  const journal::Signer next = signer_of(centre_code, 2);
  roster = roster_of({store_key.verifier, signer_of(centre_code).verifier, next.verifier});
  io::SimEntropy entropy{3};
  const auto made_with = [&](const journal::Signer& key, const io::Path& data) {
    return rebuild(disk, entropy, 1'000, roster, {{"from"}, data, centre_code, 1, key});
  };
  const auto rebuilt = made_with(next, "centre");
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_EQ(rebuilt->key, next.verifier);
  EXPECT_EQ(rebuilt->survey.missing, std::vector{signer_of(centre_code).verifier.name});
  EXPECT_EQ(site::journal_key(disk, "centre/journal").value(), next.verifier);
  for (const journal::Signer& wrong : {signer_of(centre_code, 1), store_key}) {
    const auto refused = made_with(wrong, "other");
    ASSERT_FALSE(refused) << wrong.verifier.name;
    EXPECT_EQ(refused.error().code, base::ErrorCode::input_bad);
    EXPECT_FALSE(disk.exists("other/site.key"));
  }
}

TEST_F(RebuildTest, begins_the_centre_anew_in_the_next_epoch_with_journals_that_a_site_reads) {
  store("from/store").open_site().sell(3).sign();
  Writer{disk, "from/depot/centre", signer_of(centre_code)}
      .put(trade::SiteOpened{centre_code, trade::SiteKind::centre, 1})
      .sign();
  roster = roster_of({store_key.verifier, signer_of(centre_code).verifier});
  io::SimEntropy entropy{3};
  const Wanted wanted{{"from"}, "data", centre_code, 1};
  const auto rebuilt = rebuild(disk, entropy, now_ms, roster, wanted);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_EQ(rebuilt->key.name, "stockade/sample/9900/2");
  EXPECT_EQ(rebuilt->survey.digest, look().digest);

  site::PeerReader reader(disk, "data/copies/0042-1", "sample");
  std::size_t events = 0;
  reader.read([&](const site::Peer& peer, std::span<const std::string> some) {
    EXPECT_EQ(peer.why, "");
    events += some.size();
    return true;
  });
  EXPECT_EQ(events, rebuilt->survey.prefixes[0].events);

  auto cursor = journal::Cursor::open(disk, "data/journal", 0).value();
  const auto first = cursor.next(1).value();
  const auto named = journal::parse_document(first->entry.body);
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(io::read_file(disk, journal::document_path("data/journal", named->digest)),
            to_text(rebuilt->survey));

  EXPECT_EQ(rebuild(disk, entropy, now_ms, roster, wanted).error().code,
            base::ErrorCode::input_bad);
}

// The store that goes on in `data`.
site::CoreOptions second_epoch() {
  site::CoreOptions options;
  options.data = "data";
  options.has_threads = false;
  options.estate = "sample";
  options.site = {trade::testing::store_code, trade::SiteKind::store, 2};
  return options;
}

// A custodian: the stock of a lost store, under a new key, wherever its folder now is.
TEST_F(RebuildTest, a_store_goes_on_from_what_counts_of_its_latest_journal) {
  store("from/store")
      .open_site()
      .put(trade::GoodsMoved{trade::Cause::opening, {{trade::testing::soap, 20, 0, {}}}})
      .sell(3)
      .sign();
  const journal::Signer next = signer_of(trade::testing::store_code, 2);
  roster = roster_of({store_key.verifier, next.verifier});
  io::SimEntropy entropy{3};
  const Wanted wanted{{"from"}, "data", trade::testing::store_code, 1, next};
  const auto rebuilt = rebuild(disk, entropy, now_ms, roster, wanted);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_TRUE(rebuilt->goes_on);
  io::SimClock clock{now_ms};
  const auto core = site::Core::start(second_epoch(), disk, clock, entropy);
  ASSERT_TRUE(core) << core.error().message;
  EXPECT_TRUE((*core)->ask([&](const site::View& view) {
    EXPECT_EQ(view.own.stock.on_hand(trade::testing::soap), 17);
    EXPECT_EQ(view.own.site.epoch, 2);
    ASSERT_EQ(view.own.earlier.size(), 1u);
    EXPECT_EQ(view.own.earlier[0].entries, rebuilt->survey.prefixes[0].entries);
  }));
  (*core)->step();
}

// Wherever it stops, a site starts with the stock that was proved or does not start at all.
TEST_F(RebuildTest, that_fails_leaves_no_store_that_starts_without_its_stock) {
  store("from/store")
      .open_site()
      .put(trade::GoodsMoved{trade::Cause::opening, {{trade::testing::soap, 20, 0, {}}}})
      .sign();
  roster = roster_of({store_key.verifier});
  io::SimEntropy entropy{3};
  int failed = 0, started = 0;
  for (bool is_done = false; !is_done; ++failed) {
    ASSERT_TRUE(disk.remove_all("data"));
    const std::uint64_t before = disk.operations();
    disk.set_faults({.fails_at = before + static_cast<std::uint64_t>(failed)});
    const Wanted wanted{{"from"}, "data", trade::testing::store_code, 1};
    is_done = rebuild(disk, entropy, now_ms, roster, wanted).has_value() &&
              disk.operations() < before + static_cast<std::uint64_t>(failed);
    disk.set_faults({});
    if (!disk.exists("data/site.key")) continue;
    io::SimClock clock{now_ms};
    const auto core = site::Core::start(second_epoch(), disk, clock, entropy);
    if (!core) continue;
    ++started;
    EXPECT_TRUE((*core)->ask([&](const site::View& view) {
      ASSERT_EQ(view.own.goods.line_count(), 3u) << "failed at operation " << failed;
      EXPECT_EQ(view.own.stock.on_hand(trade::testing::soap), 20);
    }));
    (*core)->step();
  }
  EXPECT_GT(failed, 20);
  EXPECT_GT(started, 0);
}

TEST_F(RebuildTest, a_third_epoch_goes_on_from_the_second_and_not_from_the_first) {
  Writer first = store("from/store");
  first.open_site()
      .put(trade::GoodsMoved{trade::Cause::opening, {{trade::testing::soap, 20, 0, {}}}})
      .sign();
  const journal::Signer second = signer_of(trade::testing::store_code, 2);
  const journal::Signer third = signer_of(trade::testing::store_code, 3);
  roster = roster_of({store_key.verifier, second.verifier});
  io::SimEntropy entropy{3};
  const auto made_with = [&](const io::Path& from, const io::Path& data, const auto& key) {
    return rebuild(disk, entropy, now_ms, roster,
                   {{from}, data, trade::testing::store_code, 1, key});
  };
  ASSERT_TRUE(made_with("from", "second", second));
  Writer{disk, "second/journal", second}.sell(4).sign();
  roster = roster_of({store_key.verifier, second.verifier, third.verifier});
  const auto rebuilt = made_with("second", "third", third);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  trade::Book book;
  site::PeerReader reader(disk, "third/journal", "sample");
  reader.read([&](const site::Peer&, std::span<const std::string> events) {
    for (const std::string& event : events)
      EXPECT_TRUE(trade::admit(book, trade::testing::store_code, event));
    return true;
  });
  const trade::Partition& own = *book.find(trade::testing::store_code);
  EXPECT_EQ(own.stock.on_hand(trade::testing::soap), 16);
  EXPECT_EQ(own.earlier.size(), 2u);
}

TEST_F(RebuildTest, writes_beside_a_shortened_journal_how_far_it_is_believed) {
  Writer live = store("from/store");
  live.open_site().sell(3).sign();
  copy_folder(disk, "from/store", "from/depot");
  Writer other = store("from/depot");
  other.put(sale(5)).sign();
  live.sell(9).sign();
  const Prefix believed = prefix();
  ASSERT_TRUE(write_prefix(disk, believed, "out"));
  const auto written = site::load_believed(disk, "out").value();
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(written->entries, believed.entries);
  EXPECT_EQ(written->root, believed.root);
  EXPECT_EQ(journal::testing::end_of(disk, "out").next, believed.entries);
  EXPECT_FALSE(disk.exists(io::Path("out") / journal::checkpoint_file));
}

TEST_F(RebuildTest, shows_what_a_quarantine_changes_before_it_is_applied) {
  Writer live = store("data/copies/0042-1");
  live.open_site().put(trade::GoodsCounted{trade::testing::soap, {}, 40, 40}).sell(3);
  const std::uint64_t honest = live.size();
  live.sell(10).put(trade::StopSet{1, trade::testing::product("soap"), {}, {}, {}}).sign();
  const auto found = difference(disk, "data/copies/0042-1", honest);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->entries.kept, static_cast<std::int64_t>(honest));
  EXPECT_EQ(found->events.all - found->events.kept, 11);
  ASSERT_EQ(found->lines.size(), 1u);
  EXPECT_EQ(found->lines[0].product.view(), "soap");
  EXPECT_EQ(found->lines[0].on_hand.kept - found->lines[0].on_hand.all, 10);
  ASSERT_EQ(found->documents.size(), 1u);
  EXPECT_EQ(found->documents[0].first, "stop-sales");
  EXPECT_FALSE(disk.exists("data/copies/0042-1/believed"));
}

TEST_F(RebuildTest, keeps_a_quarantine_until_it_is_lifted) {
  Writer live = store("data/copies/0042-1");
  live.open_site().sell(3).sign();
  ASSERT_TRUE(quarantine(disk, "data/copies/0042-1", 4, "it sold what it never had"));
  const auto believed = site::load_believed(disk, "data/copies/0042-1").value();
  ASSERT_TRUE(believed.has_value());
  EXPECT_EQ(believed->entries, 4u);
  EXPECT_EQ(believed->why, "it sold what it never had");
  ASSERT_TRUE(lift_quarantine(disk, "data/copies/0042-1"));
  EXPECT_FALSE(site::load_believed(disk, "data/copies/0042-1").value().has_value());
  EXPECT_EQ(lift_quarantine(disk, "data/copies/0042-1").error().code,
            base::ErrorCode::nothing_to_do);
  EXPECT_EQ(quarantine(disk, "data/copies/0042-1", 10'000, "more than there is").error().code,
            base::ErrorCode::evidence_bad);
}

TEST(EstateDigest, does_not_depend_on_the_order_and_changes_with_every_part) {
  const Part one{"stockade/sample/0001/1", 5, crypto::sha256("one")};
  const Part two{"stockade/sample/0002/1", 7, crypto::sha256("two")};
  const Part nothing{"stockade/sample/0003/1", 0, crypto::sha256("")};
  EXPECT_EQ(estate_digest({one, two}), estate_digest({two, nothing, one}));
  EXPECT_NE(estate_digest({one, two}), estate_digest({one}));
  Part longer = two;
  ++longer.entries;
  EXPECT_NE(estate_digest({one, two}), estate_digest({one, longer}));
}

}  // namespace
}  // namespace rebuild
