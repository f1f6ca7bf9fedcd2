#include "site/peer_reader.h"

#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "site/testing/kit.h"
#include "trade/continued.h"

namespace site {
namespace {

using namespace testing;

const io::Path depot_folder = "from-depot", other_folder = "from-store";

// Another site's journal, written by hand: whatever bytes it holds.
class Stranger {
 public:
  Stranger(io::SimDisk& disk, const io::Path& folder, std::string name)
      : signer_(journal::testing::test_signer(std::move(name))) {
    EXPECT_TRUE(journal::Journal::create(disk, folder, signer_.verifier));
    journal_.emplace(*journal::Journal::open(disk, folder, {}, fold_));
  }
  void add(const std::vector<std::string>& events) {
    EXPECT_TRUE(journal::testing::append(*journal_, events, ++tick_ms_));
  }
  void add_document(std::string_view bytes) {
    EXPECT_TRUE(journal_->append_document(bytes, journal_->last_stamp()));
  }
  void sign() { EXPECT_TRUE(journal::testing::sign_now(*journal_, signer_)); }

 private:
  journal::Signer signer_;
  journal::testing::EventList fold_;
  std::optional<journal::Journal> journal_;
  std::int64_t tick_ms_ = 0;
};

std::vector<std::string> depot_opening() {
  std::vector<std::string> events;
  for (const trade::Body& body : trade::testing::opening_of(trade::testing::depot_code))
    events.push_back(trade::encode({{}, body}));
  return events;
}

class PeerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Core> start(std::vector<io::Path> peers) {
    world_.options.peers = std::move(peers);
    auto core = Core::start(world_.options, disk_, world_.clock, world_.entropy);
    EXPECT_TRUE(core);
    return *std::move(core);
  }
  // "entries of lines: why" of each peer.
  std::vector<std::string> news(Core& core) {
    std::vector<std::string> told;
    EXPECT_TRUE(core.ask([&](const View& view) {
      for (const Peer& peer : view.peers) {
        const auto* book = peer.site ? view.book.find(*peer.site) : nullptr;
        told.push_back(std::to_string(peer.entries) + " of " +
                       (book ? std::to_string(book->goods.line_count()) : "none") +
                       (peer.why.empty() ? "" : ": " + peer.why));
      }
    }));
    core.step();
    return told;
  }
  using News = std::vector<std::string>;

  io::SimDisk disk_{1};
  World world_;
};

TEST_F(PeerTest, a_journal_is_read_as_far_as_it_is_signed) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  const auto core = start({depot_folder});
  EXPECT_EQ(news(*core), News{"0 of none"});
  depot.sign();
  EXPECT_EQ(news(*core), News{"0 of none"}) << "not asked yet";
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
  const trade::LineOpened tea{trade::testing::product("tea"), {6, {}, {}, 0, 0, 1, 1}, 99, 40};
  depot.add({trade::encode({{}, tea})});
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"2 of 4"});
  core->read_peers();
  EXPECT_EQ(news(*core), News{"2 of 4"});
}

TEST_F(PeerTest, entries_without_events_are_read_as_well) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({depot_folder});
  depot.add_document("a night");
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"2 of 3"});
}

TEST_F(PeerTest, an_absurd_entry_sets_its_journal_aside_and_stops_nothing) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  Stranger store(disk_, other_folder, "stockade/sample/0043/1");
  depot.add(depot_opening());
  depot.add({"nonsense"});
  depot.add({trade::encode({{}, trade::DayClosed{}})});
  store.add({trade::encode(
      {{}, trade::SiteOpened{trade::testing::other_store_code, trade::SiteKind::store, 1}})});
  depot.sign();
  store.sign();
  const auto core = start({depot_folder, other_folder});
  EXPECT_EQ(news(*core),
            (News{"3 of 3: set aside at event 5: the bytes are no event of this version in its "
                  "one form",
                  "1 of 0"}));
  std::string told;
  ASSERT_TRUE(core->submit(std::move(opening().front()),
                           [&](const Outcome& outcome, const View&) { told = word(outcome); }));
  core->step();
  EXPECT_EQ(told, "done");
}

TEST_F(PeerTest, a_folder_that_cannot_be_read_is_named_and_tried_again) {
  const auto core = start({depot_folder});
  ASSERT_EQ(news(*core).size(), 1u);
  EXPECT_NE(news(*core)[0].find("holds no journal of a site of sample"), std::string::npos);
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
  ASSERT_TRUE(io::write_file(disk_, depot_folder / "checkpoint", "?"));
  core->read_peers();
  EXPECT_NE(news(*core)[0].find("1 of 3: "), std::string::npos);
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
}

TEST_F(PeerTest, journals_of_another_estate_of_ourselves_or_told_twice_are_not_read) {
  Stranger foreign(disk_, "a", "stockade/elsewhere/0009/1");
  Stranger ourselves(disk_, "b", "stockade/sample/0042/1");
  Stranger depot(disk_, "c", "stockade/sample/0009/1");
  Stranger again(disk_, "d", "stockade/sample/0009/1");
  for (Stranger* one : {&foreign, &ourselves, &depot, &again}) {
    one->add(depot_opening());
    one->sign();
  }
  const auto core = start({"a", "b", "c", "d"});
  const auto told = news(*core);
  EXPECT_EQ(told[0], "0 of none: a: holds no journal of a site of sample");
  EXPECT_EQ(told[1], "1 of 0: b: holds a journal that is known already");
  EXPECT_EQ(told[2], "1 of 3");
  EXPECT_EQ(told[3], "1 of 3: d: holds a journal that is known already");
}

TEST_F(PeerTest, the_folder_that_told_of_a_site_first_goes_on_telling) {
  Stranger depot(disk_, "b", "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({"a", "b"});
  Stranger late(disk_, "a", "stockade/sample/0009/1");
  late.add(depot_opening());
  late.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), (News{"1 of 3: a: holds a journal that is known already", "1 of 3"}));
  depot.add({trade::encode({{}, trade::DayClosed{}})});
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core)[1], "2 of 3");
}

// The state of the depot after its opening, as its next epoch carries it.
std::vector<std::string> next_epoch(std::uint64_t entries, int units_changed = 0) {
  trade::Book book;
  for (const std::string& event : depot_opening())
    EXPECT_TRUE(trade::admit(book, trade::testing::depot_code, event));
  const std::string bytes = trade::encode(*book.find(trade::testing::depot_code));
  trade::Sha256 state;
  state.bytes = crypto::sha256(bytes).bytes;
  state.bytes[0] ^= static_cast<std::uint8_t>(units_changed);
  std::vector<std::string> events{trade::encode(
      {{}, trade::SiteOpened{trade::testing::depot_code, trade::SiteKind::depot, 2}})};
  for (const auto& part : trade::continue_from(1, entries, state, bytes))
    events.push_back(trade::encode({{}, part}));
  return events;
}

TEST_F(PeerTest, of_the_journals_of_a_site_the_latest_epoch_is_followed) {
  Stranger first(disk_, "a", "stockade/sample/0009/1"),
      second(disk_, "b", "stockade/sample/0009/2");
  first.add(depot_opening());
  first.sign();
  second.add(next_epoch(1));
  second.sign();
  for (const auto& folders : {std::vector<io::Path>{"a", "b"}, std::vector<io::Path>{"b", "a"}}) {
    ASSERT_TRUE(disk_.remove_all(world_.options.data));
    const auto core = start(folders);
    const auto told = news(*core);
    const std::size_t late = folders[0] == "b" ? 0 : 1;
    EXPECT_NE(told[1 - late].find("the site goes on in epoch 2: b"), std::string::npos)
        << told[1 - late];
    EXPECT_EQ(told[late], "1 of 3");
    EXPECT_TRUE(core->ask([](const View& view) {
      const trade::Partition* depot = view.book.find(trade::testing::depot_code);
      ASSERT_NE(depot, nullptr);
      EXPECT_EQ(depot->site.epoch, 2);
      EXPECT_EQ(depot->goods.line_count(), 3u);
    }));
    core->step();
  }
}

TEST_F(PeerTest, an_epoch_that_does_not_go_on_from_what_the_site_was_is_not_followed) {
  Stranger first(disk_, "a", "stockade/sample/0009/1"),
      second(disk_, "b", "stockade/sample/0009/2");
  first.add(depot_opening());
  first.sign();
  second.add(next_epoch(1, 1));
  second.sign();
  const auto core = start({"a", "b"});
  EXPECT_NE(news(*core)[1].find("b: does not go on from what its site was after 1 entries"),
            std::string::npos)
      << news(*core)[1];
  EXPECT_EQ(news(*core)[0], "1 of 3");
}

TEST_F(PeerTest, entries_that_are_not_those_that_were_signed_are_not_read) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  Stranger other(disk_, other_folder, "stockade/sample/0009/1");
  other.add({"something else"});
  ASSERT_TRUE(io::write_file(disk_, other_folder / "checkpoint",
                             *io::read_file(disk_, depot_folder / "checkpoint")));
  const auto core = start({other_folder});
  EXPECT_NE(news(*core)[0].find("0 of none: from-store: its entries are not the 1"),
            std::string::npos);
}

TEST_F(PeerTest, what_peers_told_stays_when_the_own_book_is_folded_anew) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({depot_folder});
  disk_.set_faults({.fails_at = disk_.operations()});
  ASSERT_TRUE(core->submit(
      wish(trade::DayOpened{trade::testing::today}),
      [](const Outcome& outcome, const View&) { EXPECT_EQ(word(outcome), "not_written"); }));
  core->step();
  EXPECT_EQ(news(*core), News{"1 of 3"});
}

// "peer: size" of everything that the site's own book says it has heard, and whether the last root
// is that of the depot's journal.
std::string heard_by(Core& core) {
  std::string told;
  EXPECT_TRUE(core.ask([&](const View& view) {
    for (const auto& [peer, heard] : view.own.heard) {
      const bool is_its_root = heard.root.bytes == view.peers[0].root.bytes;
      told += std::to_string(static_cast<int>(peer)) + ": " + std::to_string(heard.size) +
              (is_its_root ? "; " : " of another root; ");
    }
  }));
  core.step();
  return told;
}

TEST_F(PeerTest, what_a_decision_knew_of_others_stands_before_it_in_the_journal) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({depot_folder});
  const std::uint64_t entries = core->committed();
  EXPECT_EQ(heard_by(*core), "") << "nothing has been decided";
  const auto decide = [&](trade::Body body) {
    std::uint64_t place = 99;
    EXPECT_TRUE(core->submit(wish(std::move(body)), [&](const Outcome& outcome, const View&) {
      place = outcome ? outcome->place : 99;
    }));
    core->step();
    return place;
  };
  EXPECT_EQ(decide(trade::DayOpened{trade::testing::today}), 1u) << "behind what was heard";
  EXPECT_EQ(heard_by(*core), "9: 1; ");
  EXPECT_EQ(core->committed(), entries + 1);
  EXPECT_EQ(decide(trade::DayClosed{}), 0u) << "nothing new was heard";
  depot.add({trade::encode({{}, trade::DayClosed{}})});
  depot.sign();
  core->read_peers();
  EXPECT_EQ(heard_by(*core), "9: 1 of another root; ");
  EXPECT_EQ(decide(trade::DayOpened{trade::testing::today}), 1u);
  EXPECT_EQ(heard_by(*core), "9: 2; ");
}

TEST_F(PeerTest, a_journal_that_is_set_aside_is_not_among_what_was_heard) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add({"nonsense"});
  depot.sign();
  const auto core = start({depot_folder});
  EXPECT_TRUE(core->submit(wish(trade::DayOpened{trade::testing::today}),
                           [](const Outcome& outcome, const View&) { EXPECT_TRUE(outcome); }));
  core->step();
  EXPECT_EQ(heard_by(*core), "");
}

TEST_F(PeerTest, a_key_that_the_roster_does_not_list_speaks_for_nobody) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  journal::Roster empty;
  empty.number = 1;
  world_.options.roster = std::make_shared<RosterInUse>(empty);
  const auto core = start({depot_folder});
  EXPECT_EQ(news(*core),
            News{"0 of none: from-depot: the roster does not list stockade/sample/0009/1"});
}

TEST_F(PeerTest, a_key_that_is_revoked_speaks_for_the_entries_before_that) {
  const std::string name = "stockade/sample/0009/1";
  Stranger depot(disk_, depot_folder, name);
  depot.add(depot_opening());
  depot.add({trade::encode({{}, trade::DayClosed{}})});
  depot.sign();
  journal::Roster roster;
  journal::RosterLine line;
  line.key = journal::testing::test_signer(name).verifier;
  line.role = journal::Role::depot;
  line.revoked_at_entries = 1;
  roster.lines.push_back(line);
  world_.options.roster = std::make_shared<RosterInUse>(roster);
  const auto core = start({depot_folder});
  EXPECT_EQ(news(*core), News{"1 of 3: from-depot: the roster has revoked its key behind entry 1"});
}

// A roster that follows while the site runs.
class NewerRoster : public PeerTest {
 protected:
  static inline const std::string depot_name = "stockade/sample/0009/1";

  NewerRoster() { world_.options.roster = in_use_; }

  void list(std::optional<std::uint64_t> revoked_at) {
    journal::Roster next = *in_use_->get();
    ++next.number;
    next.lines = {
        {journal::testing::test_signer(depot_name).verifier, journal::Role::depot, {}, revoked_at}};
    in_use_->replace(std::make_shared<journal::Roster>(next));
  }
  static std::string tea() {
    return trade::encode(
        {{}, trade::LineOpened{trade::testing::product("tea"), {6, {}, {}, 0, 0, 1, 1}, 99, 40}});
  }
  // What is known of the depot, byte for byte.
  static std::string depot_of(Core& core) {
    std::string bytes;
    EXPECT_TRUE(core.ask([&](const View& view) {
      const auto* depot = view.book.find(trade::testing::depot_code);
      if (depot != nullptr) bytes = trade::encode(*depot);
    }));
    core.step();
    return bytes;
  }

  const std::shared_ptr<RosterInUse> in_use_ = std::make_shared<RosterInUse>(journal::Roster());
};

TEST_F(NewerRoster, lets_a_key_speak_that_it_lists) {
  Stranger depot(disk_, depot_folder, depot_name);
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({depot_folder});
  EXPECT_EQ(news(*core)[0].substr(0, 11), "0 of none: ");
  list({});
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
}

TEST_F(NewerRoster, that_ends_a_key_leaves_what_a_start_with_it_would_leave) {
  list({});
  Stranger depot(disk_, depot_folder, depot_name);
  depot.add(depot_opening());
  depot.add({tea()});
  depot.add({trade::encode({{}, trade::DayClosed{}})});
  depot.sign();
  for (const std::uint64_t kept : {2, 1, 0}) {
    const auto core = start({depot_folder});
    const std::string all = depot_of(*core);
    list(kept);
    core->read_peers();
    const News told = news(*core);
    const std::string rest = depot_of(*core);
    EXPECT_NE(rest, all) << kept;
    EXPECT_EQ(rest.empty(), kept == 0);
    const auto anew = start({depot_folder});
    EXPECT_EQ(told, news(*anew)) << kept;
    EXPECT_EQ(rest, depot_of(*anew)) << kept;
    core->read_peers();
    EXPECT_EQ(news(*core), told) << "and it stays so";
    in_use_->replace(std::make_shared<journal::Roster>());
    list({});
  }
}

TEST_F(NewerRoster, that_ends_a_key_behind_all_that_was_read_changes_nothing) {
  list({});
  Stranger depot(disk_, depot_folder, depot_name);
  depot.add(depot_opening());
  depot.sign();
  const auto core = start({depot_folder});
  list(1);
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3"});
  depot.add({tea()});
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3: from-depot: the roster has revoked its key behind entry 1"});
}

TEST_F(NewerRoster, that_ends_a_key_before_an_absurd_entry_brings_back_what_was_before_it) {
  list({});
  Stranger depot(disk_, depot_folder, depot_name);
  depot.add(depot_opening());
  depot.add({"nonsense"});
  depot.sign();
  const auto core = start({depot_folder});
  EXPECT_NE(news(*core)[0].find("set aside"), std::string::npos);
  list(1);
  core->read_peers();
  EXPECT_EQ(news(*core), News{"1 of 3: from-depot: the roster has revoked its key behind entry 1"});
}

TEST_F(PeerTest, folders_that_appear_later_are_followed_and_the_sites_own_past_is_not) {
  world_.options.held = "data/peers";
  const auto core = start({});
  EXPECT_EQ(news(*core), News{});
  ASSERT_TRUE(disk_.make_folders("data/peers"));
  Stranger depot(disk_, "data/peers/0009-1", "stockade/sample/0009/1");
  Stranger own_past(disk_, "data/peers/0042-1", "stockade/sample/0042/1");
  ASSERT_TRUE(disk_.make_folders("data/peers/evidence"));
  depot.add(depot_opening());
  depot.sign();
  core->read_peers();
  core->step();
  EXPECT_EQ(news(*core), News{"1 of 3"});
  depot.add({trade::encode(
      {{}, trade::LineOpened{trade::testing::product("tea"), {6, {}, {}, 0, 0, 1, 1}, 99, 40}})});
  depot.sign();
  core->read_peers();
  EXPECT_EQ(news(*core), News{"2 of 4"});
}

TEST_F(PeerTest, only_what_a_person_decided_to_believe_is_read) {
  Stranger depot(disk_, depot_folder, "stockade/sample/0009/1");
  depot.add(depot_opening());
  depot.sign();
  const auto key = journal::testing::test_signer("stockade/sample/0009/1").verifier;
  const auto first = journal::load_checkpoint(disk_, depot_folder, key).value();
  depot.add({trade::encode(
      {{}, trade::LineOpened{trade::testing::product("tea"), {6, {}, {}, 0, 0, 1, 1}, 99, 40}})});
  depot.sign();
  const auto believe = [&](std::uint64_t entries, const journal::Digest& root) {
    ASSERT_TRUE(io::write_file(disk_, depot_folder / believed_file,
                               to_text(Believed{entries, root, "it was stolen"})));
  };
  believe(1, first->checkpoint.root);
  EXPECT_EQ(news(*start({depot_folder})),
            News{"1 of 3: from-depot: only its first 1 entries are believed: it was stolen"});
  // A decision about other entries than these.
  believe(1, crypto::sha256("another root"));
  EXPECT_EQ(news(*start({depot_folder})),
            News{"0 of none: from-depot: its entries are not the 1 that its site has signed"});
}

}  // namespace
}  // namespace site
