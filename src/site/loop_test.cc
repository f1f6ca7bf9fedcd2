#include "site/loop.h"

#include <gtest/gtest.h>

#include "journal/files.h"
#include "journal/verify.h"
#include "site/key.h"
#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;

class LoopTest : public ::testing::Test {
 protected:
  trade::Origin by(std::uint32_t actor, std::uint32_t device = 0, std::uint64_t sequence = 0) {
    return {trade::ActorNo{actor}, trade::DeviceNo{device}, sequence, {}};
  }
  static trade::Body sold(trade::Units units = 1) {
    return trade::GoodsMoved{trade::Cause::sale, {{soap, units, 210, {}}}};
  }

  io::SimDisk disk_{1};
  World world_;
};

TEST_F(LoopTest, a_batch_is_one_commit_and_each_of_it_sees_those_before) {
  const auto loop = world_.open(disk_);
  const std::uint64_t operations = disk_.operations();
  const auto outcomes = batch(*loop, opening());
  for (const Outcome& outcome : outcomes) EXPECT_EQ(word(outcome), "done");
  EXPECT_EQ(disk_.operations() - operations, 2u) << "one write and one sync";
  EXPECT_EQ(loop->counts().commits, 2u) << "the site's opening is the first";
  EXPECT_EQ(loop->counts().events, 1u + outcomes.size());
  for (std::uint32_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i]->entry, 1u);
    EXPECT_EQ(outcomes[i]->place, i);
  }
}

TEST_F(LoopTest, a_refused_wish_leaves_no_trace_and_the_others_happen) {
  const auto loop = world_.open_new(disk_);
  std::vector<Wish> some;
  some.push_back(sale("a"));
  some.push_back(wish(trade::DayOpened{trade::testing::today}, by(1)));
  some.push_back(sale("b", 2));
  const auto outcomes = batch(*loop, std::move(some));
  EXPECT_EQ(word(outcomes[0]), "done");
  EXPECT_EQ(word(outcomes[1]), "day_open");
  EXPECT_EQ(word(outcomes[2]), "done");
  EXPECT_EQ(outcomes[2]->place, 1u);
  EXPECT_EQ(on_hand(*loop), -3);
  EXPECT_EQ(loop->counts().refusals, 1u);
}

TEST_F(LoopTest, entry_and_place_name_the_event_in_the_journal) {
  const auto loop = world_.open_new(disk_);
  std::vector<trade::CargoRow> rows;
  for (std::uint16_t i = 1; i <= 2'000; ++i) rows.push_back({soap, 1, {trade::Day{i}, {}}});
  one(*loop, wish(trade::GoodsMoved{trade::Cause::opening, {{soap, 90'000, 0, {}}}}));
  std::vector<Wish> many;
  for (int i = 0; i < 900; ++i) {
    many.push_back(sale(std::to_string(i), 1 + i % 3));
    if (i % 60 == 7)  // entries fill up with events of any size
      many.push_back(
          wish(trade::GoodsSent{0, trade::testing::other_store_code, false, {}, rows}, by(1)));
  }
  const auto outcomes = batch(*loop, std::move(many));
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> found;
  const auto remember = [&](const journal::Frame& frame, const journal::Place&) {
    for (std::size_t i = 0; i < frame.entries.size(); ++i) {
      const auto events = journal::unpack_events(journal::parse_entry(frame.entries[i])->body);
      std::uint32_t place = 0;
      for (const std::string_view event : *events) found[{frame.first + i, place++}] = event;
    }
  };
  ASSERT_TRUE(journal::scan(disk_, journal_path, {}, remember));
  std::set<std::uint64_t> entries;
  for (const Outcome& outcome : outcomes) {
    ASSERT_EQ(word(outcome), "done");
    EXPECT_EQ((found[{outcome->entry, outcome->place}]), trade::encode(outcome->event));
    entries.insert(outcome->entry);
  }
  EXPECT_GT(entries.size(), 2u);
}

TEST_F(LoopTest, more_than_a_commit_holds_becomes_several) {
  const auto loop = world_.open_new(disk_);
  std::vector<trade::CargoRow> rows;
  for (std::uint16_t i = 0; i < 2'000; ++i)
    rows.push_back({soap, 1, {trade::Day{static_cast<std::uint16_t>(i + 1)}, {}}});
  std::vector<Wish> many;
  for (int i = 0; i < 200; ++i)
    many.push_back(
        wish(trade::GoodsSent{0, trade::testing::other_store_code, false, {}, rows}, by(1)));
  one(*loop, wish(trade::GoodsMoved{trade::Cause::opening, {{soap, 900'000, 0, {}}}}));
  const std::uint64_t commits = loop->counts().commits;
  for (const Outcome& outcome : batch(*loop, std::move(many))) ASSERT_EQ(word(outcome), "done");
  EXPECT_GT(loop->counts().commits - commits, 1u);
  EXPECT_EQ(on_hand(*loop), 500'000);
  const std::string state = loop->fold().save();
  EXPECT_EQ(world_.open(disk_)->fold().save(), state);
}

TEST_F(LoopTest, that_is_closed_takes_nothing_more_and_signs_what_it_took) {
  auto loop = world_.open_new(disk_);
  EXPECT_EQ(word(one(*loop, sale("a", 3))), "done");
  loop->close("the roster has revoked its key");
  const Outcome late = one(*loop, sale("b", 3));
  EXPECT_EQ(word(late), "read_only");
  EXPECT_EQ(late.error().words, "the roster has revoked its key");
  EXPECT_EQ(word(one(*loop, sale("a", 3))), "repeated") << "its answer is asked for again";
  EXPECT_EQ(loop->keep_document("a night").error().code, base::ErrorCode::read_only);
  EXPECT_EQ(loop->view().no_write_why(), "the roster has revoked its key");
  loop->stop();
  EXPECT_EQ(loop->view().journal.unsigned_entries(), 0u);
  EXPECT_EQ(on_hand(*world_.open(disk_)), -3) << "nothing that was acknowledged is lost";
}

TEST_F(LoopTest, a_request_that_comes_again_gets_the_same_answer_and_happens_once) {
  auto loop = world_.open_new(disk_);
  const Outcome first = one(*loop, sale("a", 3));
  const auto check = [&](const char* when) {
    const Outcome again = one(*loop, sale("a", 3));
    ASSERT_EQ(word(again), "repeated") << when;
    EXPECT_EQ(again->entry, first->entry) << when;
    EXPECT_EQ(again->place, first->place) << when;
    EXPECT_EQ(again->event, first->event) << when;
    EXPECT_EQ(word(one(*loop, sale("a", 4))), "other_content") << when;
    EXPECT_EQ(on_hand(*loop), -3) << when;
  };
  check("at once");
  loop = world_.open(disk_);
  check("after a restart");
  loop->stop();
  loop = world_.open(disk_);
  EXPECT_TRUE(loop->view().journal.opening().from_snapshot);
  check("from a snapshot");
  world_.clock.advance(request_kept_ms + 1);
  EXPECT_EQ(word(one(*loop, sale("a", 3))), "done") << "after 48 hours";
}

// The largest sales there can be, one after the other: memory stays bounded, nothing happens twice.
TEST_F(LoopTest, a_request_whose_answer_is_no_longer_kept_is_told_where_it_stands) {
  auto loop = world_.open_new(disk_);
  trade::GoodsMoved large{trade::Cause::sale, {}};
  for (std::uint16_t i = 1; i <= 8'000; ++i)
    large.rows.push_back({soap, 1, 1'000'000, {trade::Day{i}, {}}});
  const auto sell = [&](const std::string& key) {
    trade::Origin origin;
    origin.actor = trade::ActorNo{1};
    origin.request = request_of(key, "large");
    return one(*loop, wish(large, origin));
  };
  const Outcome first = sell("first");
  ASSERT_EQ(word(first), "done");
  const std::size_t event_bytes = trade::encode(first->event).size();
  for (std::size_t i = 0; i <= request_event_bytes_max / event_bytes; ++i)
    ASSERT_EQ(word(sell(std::to_string(i))), "done");
  const trade::Units before = on_hand(*loop);
  EXPECT_LT(loop->view().requests.bytes(), request_event_bytes_max + (1u << 20));
  const auto check = [&] {
    const Outcome again = sell("first");
    EXPECT_EQ(word(again), "answer_gone");
    EXPECT_EQ(again.error().words, "its event is number 1 of entry 2 of the journal");
    EXPECT_EQ(word(sell("9")), "repeated");
    EXPECT_EQ(on_hand(*loop), before);
  };
  check();
  loop->stop();
  loop = world_.open(disk_);
  check();
}

TEST_F(LoopTest, a_request_may_come_twice_in_one_batch) {
  const auto loop = world_.open_new(disk_);
  std::vector<Wish> some;
  some.push_back(sale("a", 1));
  some.push_back(sale("a", 1));
  some.push_back(sale("a", 2));
  const auto outcomes = batch(*loop, std::move(some));
  EXPECT_EQ(word(outcomes[0]), "done");
  EXPECT_EQ(word(outcomes[1]), "repeated");
  EXPECT_EQ(outcomes[1]->event, outcomes[0]->event);
  EXPECT_EQ(word(outcomes[2]), "other_content");
  EXPECT_EQ(on_hand(*loop), -1);
}

TEST_F(LoopTest, a_device_that_repeats_a_number_is_refused_also_after_a_restart) {
  auto loop = world_.open_new(disk_);
  EXPECT_EQ(word(one(*loop, wish(sold(), by(0, 1, 5)))), "done");
  EXPECT_EQ(word(one(*loop, wish(sold(), by(0, 1, 5)))), "already_done");
  world_.clock.advance(40 * 24 * 3'600'000ll);
  loop->stop();
  loop = world_.open(disk_);
  EXPECT_EQ(word(one(*loop, wish(sold(), by(0, 1, 4)))), "already_done");
  EXPECT_EQ(word(one(*loop, wish(sold(), by(0, 1, 6)))), "done");
}

TEST_F(LoopTest, who_may_do_what_is_read_when_the_wish_is_decided) {
  const auto loop = world_.open_new(disk_);
  const trade::StopSet stop{0, trade::testing::product("soap"), {}, {}, {}};
  EXPECT_EQ(word(one(*loop, wish(stop, by(2)))), "role_not_allowed");
  EXPECT_EQ(word(one(*loop, wish(stop, by(0, 1, 1)))), "role_not_allowed");
  EXPECT_EQ(word(one(*loop, wish(stop, by(2, 1, 1)))), "role_not_allowed") << "the person's role";
  EXPECT_EQ(word(one(*loop, wish(stop, by(1, 1, 1)))), "done");
  EXPECT_EQ(word(one(*loop, wish(stop, by(9)))), "enrolment_unknown");
  EXPECT_EQ(word(one(*loop, wish(stop, by(1, 9, 1)))), "enrolment_unknown");
}

TEST_F(LoopTest, who_is_ended_is_refused_in_the_same_batch) {
  const auto loop = world_.open_new(disk_);
  std::vector<Wish> some;
  some.push_back(wish(sold(), by(2)));
  some.push_back(wish(trade::EnrolmentEnded{trade::ActorNo{2}, {}}, by(1)));
  some.push_back(wish(sold(), by(2)));
  some.push_back(wish(sold(), by(2, 1, 1)));
  some.push_back(wish(trade::EnrolmentEnded{{}, trade::DeviceNo{1}}, by(1)));
  some.push_back(wish(sold(), by(0, 1, 1)));
  const auto outcomes = batch(*loop, std::move(some));
  EXPECT_EQ(word(outcomes[0]), "done");
  EXPECT_EQ(word(outcomes[2]), "enrolment_unknown");
  EXPECT_EQ(word(outcomes[3]), "enrolment_unknown");
  EXPECT_EQ(word(outcomes[4]), "done");
  EXPECT_EQ(word(outcomes[5]), "enrolment_unknown");
}

TEST_F(LoopTest, the_body_is_made_from_what_the_batch_has_done_so_far) {
  const auto loop = world_.open_new(disk_);
  std::vector<Wish> some;
  some.push_back(wish(trade::LineOpened{
      trade::testing::product("bread"), {1, trade::Chain::ambient, {}, 0, 0, 800, 900}, 140, 5}));
  some.push_back({by(1), [](const trade::Partition& own) -> std::expected<trade::Body, trade::No> {
                    const auto line = own.goods.find(trade::testing::product("bread"));
                    if (!line) return trade::no(trade::Refusal::line_unknown);
                    return trade::GoodsMoved{trade::Cause::sale, {{*line, 1, 140, {}}}};
                  }});
  some.push_back({by(1), [](const trade::Partition&) -> std::expected<trade::Body, trade::No> {
                    return trade::no(trade::Refusal::line_unknown);
                  }});
  const auto outcomes = batch(*loop, std::move(some));
  EXPECT_EQ(word(outcomes[1]), "done");
  EXPECT_EQ(word(outcomes[2]), "line_unknown");
}

TEST_F(LoopTest, answers_come_in_the_order_of_the_wishes_and_questions_see_the_commit) {
  const auto loop = world_.open_new(disk_);
  std::vector<std::string> heard;
  std::vector<Job> jobs;
  jobs.push_back(Question([&](const View& view) {
    heard.push_back("question " + std::to_string(view.own.stock.on_hand(soap)));
    EXPECT_EQ(view.journal.size(), loop->counts().committed_entries);
  }));
  for (const char* name : {"a", "b"})
    jobs.push_back(
        Wanted{sale(name), [&, name](const Outcome&, const View&) { heard.emplace_back(name); }});
  loop->commit(jobs);
  EXPECT_TRUE(heard.empty());
  loop->answer(jobs);
  EXPECT_EQ(heard, (std::vector<std::string>{"a", "b", "question -2"}));
}

TEST_F(LoopTest, site_time_never_runs_backwards_whatever_the_wall_clock_does) {
  auto loop = world_.open_new(disk_);
  world_.clock.advance(5'000);
  one(*loop, sale("a"));
  const std::int64_t tick_ms = loop->view().tick_ms;
  EXPECT_EQ(tick_ms, 5'000);
  world_.clock.set_wall(7);
  world_.clock.advance(10);
  one(*loop, sale("b"));
  EXPECT_EQ(loop->view().journal.last_stamp().tick_ms, 5'010);
  EXPECT_EQ(loop->view().journal.last_stamp().at_ms, 17);
  world_.clock.set_wall(-1);
  EXPECT_EQ(word(one(*loop, sale("c"))), "done") << "a clock before 1970 stops nothing";
  loop = world_.open(disk_);
  EXPECT_GE(loop->view().tick_ms, 5'010);
  EXPECT_TRUE(journal::verify(disk_, journal_path, {})->ok);
}

TEST_F(LoopTest, checkpoints_are_signed_when_due_and_at_a_clean_stop) {
  const auto loop = world_.open_new(disk_);
  const auto signed_size = [&] {
    const auto stored = journal::load_checkpoint(disk_, journal_path, loop->key());
    return *stored ? (*stored)->checkpoint.size : 0;
  };
  world_.clock.advance(999);
  loop->settle();
  EXPECT_EQ(signed_size(), 0u);
  world_.clock.advance(1);
  loop->settle();
  EXPECT_EQ(signed_size(), 2u);
  one(*loop, sale("a"));
  loop->stop();
  EXPECT_EQ(signed_size(), loop->view().journal.size());
}

TEST_F(LoopTest, a_start_from_a_snapshot_gives_the_state_of_a_full_replay) {
  world_.options.snapshot_entries = 5;
  auto loop = world_.open_new(disk_);
  for (int i = 0; i < 12; ++i) {
    one(*loop, sale(std::to_string(i)));
    world_.clock.advance(9 * 3'600'000);
    loop->settle();
  }
  const std::string state = loop->fold().save();
  loop = world_.open(disk_);
  EXPECT_TRUE(loop->view().journal.opening().from_snapshot);
  EXPECT_LT(loop->view().journal.opening().entries_read, 8u);
  EXPECT_EQ(loop->fold().save(), state);
  ASSERT_TRUE(disk_.remove_all(journal_path / journal::snapshot_file));
  loop = world_.open(disk_);
  EXPECT_FALSE(loop->view().journal.opening().from_snapshot);
  EXPECT_EQ(loop->fold().save(), state);
}

TEST_F(LoopTest, a_clean_stop_with_nothing_new_writes_nothing) {
  auto loop = world_.open_new(disk_);
  loop->stop();
  loop = world_.open(disk_);
  const std::uint64_t size = loop->view().journal.size();
  loop->stop();
  EXPECT_EQ(loop->view().journal.size(), size);
}

TEST_F(LoopTest, a_folder_of_another_site_or_without_its_key_is_refused) {
  world_.open_new(disk_);
  const auto refusal = [&](const CoreOptions& options) {
    const auto loop = Loop::open(options, disk_, world_.clock, world_.entropy);
    return loop ? std::string("opened") : std::string(base::name(loop.error().code));
  };
  CoreOptions other = world_.options;
  other.site.code = trade::testing::other_store_code;
  EXPECT_EQ(refusal(other), "input_bad");
  other = world_.options;
  other.site.kind = trade::SiteKind::depot;
  EXPECT_EQ(refusal(other), "input_bad");
  other = world_.options;
  other.data = "fresh";
  other.site.code = trade::SiteCode{10'000};
  EXPECT_EQ(refusal(other), "input_bad");
  other = world_.options;
  other.estate = "else where";
  EXPECT_EQ(refusal(other), "input_bad");
  const std::string key = *io::read_file(disk_, "data/site.key");
  ASSERT_TRUE(disk_.remove_all("data/site.key"));
  EXPECT_EQ(refusal(world_.options), "evidence_bad");
  ASSERT_TRUE(io::write_file(disk_, "data/site.key", "PRIVATE+KEY+nothing"));
  EXPECT_EQ(refusal(world_.options), "evidence_bad");
  ASSERT_TRUE(io::write_file(disk_, "data/site.key", key));
  EXPECT_EQ(refusal(world_.options), "opened");
}

TEST_F(LoopTest, an_undecided_journal_answers_but_takes_nothing_until_a_person_decides) {
  auto loop = world_.open_new(disk_);
  one(*loop, sale("a"));
  loop = nullptr;
  const io::Path segment = journal_path / journal::segment_name(0);
  disk_.cut(segment, written_bytes(disk_) - 1);
  loop = world_.open(disk_);
  EXPECT_EQ(loop->view().journal.opening().standing, journal::Standing::undecided);
  EXPECT_FALSE(loop->view().read_only_why.empty());
  const Outcome refused = one(*loop, sale("b"));
  ASSERT_EQ(word(refused), "read_only");
  EXPECT_NE(refused.error().words.find("resume"), std::string::npos) << refused.error().words;
  EXPECT_EQ(on_hand(*loop), 0);
  ASSERT_TRUE(loop->resume("the manager", "the till has the receipt"));
  EXPECT_EQ(loop->resume("x", "y").error().code, base::ErrorCode::nothing_to_do);
  EXPECT_EQ(word(one(*loop, sale("a"))), "done");
  EXPECT_EQ(on_hand(*loop), -1);
  EXPECT_TRUE(journal::verify(disk_, journal_path, {})->ok);
}

TEST_F(LoopTest, a_damaged_journal_is_answered_from_and_never_resumed) {
  auto loop = world_.open_new(disk_);
  one(*loop, sale("a"));
  one(*loop, sale("b"));
  loop->stop();
  loop = nullptr;
  ASSERT_TRUE(disk_.remove_all(journal_path / journal::snapshot_file));
  const io::Path segment = journal_path / journal::segment_name(0);
  disk_.flip_bit(segment, 8 * (written_bytes(disk_) / 2));
  loop = world_.open(disk_);
  EXPECT_EQ(word(one(*loop, sale("c"))), "read_only");
  EXPECT_EQ(loop->resume("x", "y").error().code, base::ErrorCode::evidence_bad);
  loop->settle();
  loop->stop();
}

TEST_F(LoopTest, a_full_disk_refuses_and_the_site_goes_on_when_there_is_room_again) {
  world_.options.segment_bytes_max = 300;  // so that every commit needs space
  auto loop = world_.open_new(disk_);
  one(*loop, sale("a"));
  disk_.set_faults({.capacity_bytes = 1});
  std::vector<Wish> some;
  some.push_back(sale("b", 5));
  some.push_back(sale("a"));
  some.push_back(wish(trade::DayOpened{trade::testing::today}, by(1)));
  const auto outcomes = batch(*loop, std::move(some));
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(word(outcome), "not_written");
    EXPECT_NE(outcome.error().words.find("no space left"), std::string::npos);
  }
  EXPECT_EQ(on_hand(*loop), -1) << "the book is not ahead of the disk";
  disk_.set_faults({});
  EXPECT_EQ(word(one(*loop, sale("b", 5))), "done");
  EXPECT_EQ(word(one(*loop, sale("a"))), "repeated");
  EXPECT_EQ(on_hand(*loop), -6);
}

TEST_F(LoopTest, a_failed_write_is_told_until_a_write_has_worked_again) {
  world_.options.segment_bytes_max = 300;
  auto loop = world_.open_new(disk_);
  EXPECT_EQ(loop->view().no_write_why(), "");
  disk_.set_faults({.capacity_bytes = 1});
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written");
  EXPECT_EQ(loop->view().read_only_why, "") << "what is there can be read";
  EXPECT_NE(loop->view().no_write_why().find("no space left"), std::string_view::npos);
  disk_.set_faults({});
  EXPECT_EQ(word(one(*loop, sale("a"))), "done");
  EXPECT_EQ(loop->view().no_write_why(), "");
}

TEST_F(LoopTest, a_full_disk_is_tried_every_second_also_where_nobody_writes) {
  world_.options.segment_bytes_max = 300;
  auto loop = world_.open_new(disk_);
  world_.clock.advance(1'000);
  loop->settle();  // signs what is there, so that no checkpoint is due by itself
  disk_.set_faults({.capacity_bytes = 1});
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written");
  const auto fails_after = [&](std::int64_t ms) {
    world_.clock.advance(ms);
    loop->settle();
    return !loop->view().no_write_why().empty();
  };
  EXPECT_TRUE(fails_after(1'000)) << "still full";
  disk_.set_faults({});
  EXPECT_TRUE(fails_after(999)) << "not yet";
  EXPECT_FALSE(fails_after(1));
  EXPECT_EQ(word(one(*loop, sale("a"))), "done");
}

TEST_F(LoopTest, a_failed_sync_leaves_the_book_where_the_disk_is) {
  auto loop = world_.open_new(disk_);
  disk_.set_faults({.fails_at = disk_.operations() + 1});
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written");
  const Outcome again = one(*loop, sale("a"));
  EXPECT_EQ(on_hand(*loop), -1) << "once, whether it was on disk or not";
  disk_.restart(io::Tear::none);
  loop = world_.open(disk_);
  EXPECT_EQ(word(one(*loop, sale("a"))), "repeated");
  EXPECT_EQ(on_hand(*loop), -1);
}

TEST_F(LoopTest, a_journal_that_cannot_be_opened_anew_is_tried_again_every_second) {
  auto loop = world_.open_new(disk_);
  disk_.set_faults({.power_lost_at = disk_.operations()});
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written");
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written");
  loop->settle();
  disk_.restart(io::Tear::none);
  ASSERT_EQ(word(one(*loop, sale("a"))), "not_written") << "not yet";
  world_.clock.advance(1'000);
  loop->settle();
  EXPECT_EQ(word(one(*loop, sale("a"))), "done");
  EXPECT_EQ(on_hand(*loop), -1);
}

TEST_F(LoopTest, listeners_hear_of_ended_enrolments_before_the_answer_and_of_time) {
  struct Ear final : Listener {
    void enrolments_ended(const trade::Partition& own) override {
      heard.push_back(own.people.at(trade::ActorNo{2}).is_ended ? "ended" : "runs");
    }
    void second_passed() override { heard.emplace_back("second"); }
    std::vector<std::string> heard;
  };
  const auto loop = world_.open_new(disk_);
  const auto ear = std::make_shared<Ear>();
  loop->listen(ear);
  loop->listen(std::make_shared<Ear>());  // gone already
  std::vector<Job> jobs;
  jobs.push_back(Wanted{wish(trade::EnrolmentEnded{trade::ActorNo{2}, {}}, by(1)),
                        [&](const Outcome&, const View&) { ear->heard.emplace_back("answer"); }});
  loop->commit(jobs);
  loop->answer(jobs);
  world_.clock.advance(1'000);
  loop->settle();
  loop->settle();
  EXPECT_EQ(ear->heard, (std::vector<std::string>{"ended", "answer", "second"}));
}

TEST_F(LoopTest, a_document_that_cannot_be_stored_is_not_named_and_can_be_kept_later) {
  const auto loop = world_.open_new(disk_);
  const std::uint64_t entries = loop->counts().committed_entries;
  disk_.set_faults({.fails_at = disk_.operations()});
  EXPECT_FALSE(loop->keep_document("a night"));
  EXPECT_EQ(loop->counts().committed_entries, entries);
  ASSERT_TRUE(loop->keep_document("a night"));
  EXPECT_EQ(loop->counts().committed_entries, entries + 1);
  EXPECT_EQ(word(one(*loop, sale("a"))), "done");
}

}  // namespace
}  // namespace site
