#include "site/door.h"

#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/hex.h"
#include "site/attempts.h"
#include "site/security_log.h"
#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;

constexpr std::string_view at_home = "192.168.0.7", elsewhere = "203.0.113.9";
constexpr std::int64_t minute_ms = 60'000;

crypto::SigningKey secret(std::uint8_t number) { return crypto::SigningKey(crypto::Seed{number}); }

std::string name(DoorTrouble trouble) {
  constexpr std::array names{
      "code_wrong", "challenge_wrong", "signature_wrong", "key_unknown", "session_over", "too_many",
      "busy",       "key_in_use",      "read_only",       "not_written"};
  return names[static_cast<std::size_t>(trouble)];
}
template <class T>
std::string answer(const DoorResult<T>& result) {
  return result ? "done" : name(result.error());
}

class DoorTest : public ::testing::Test {
 protected:
  void SetUp() override { start(); }
  void start() {
    door_.reset();
    core_.reset();
    auto core = Core::start(world_.options, disk_, world_.clock, world_.entropy);
    ASSERT_TRUE(core) << core.error().message;
    core_ = *std::move(core);
    door_ = std::make_unique<Door>(*core_, world_.clock, world_.entropy);
    core_->step();
  }

  DoorResult<Caller> enrol(std::string_view code, std::uint8_t key,
                           std::string_view source = at_home) {
    std::optional<DoorResult<Caller>> told;
    door_->enrol(source, code, secret(key).public_key(),
                 [&](DoorResult<Caller> result) { told = result; });
    core_->step();
    return told.value();
  }
  std::string challenge(std::string_view source = at_home) {
    return door_->challenge(source).value_or("none");
  }
  DoorResult<Session> begin(std::uint8_t key, std::string_view challenge,
                            std::string_view source = at_home, std::uint8_t signer = 0) {
    const auto signature =
        secret(signer == 0 ? key : signer).sign(session_text("stockade/sample/0042/1", challenge));
    std::optional<DoorResult<Session>> told;
    door_->begin(source, secret(key).public_key(), challenge, signature,
                 [&](DoorResult<Session> result) { told = std::move(result); });
    core_->step();
    return told.value();
  }
  // Enrols a person with the key and lets them in.
  std::string token_of(std::uint8_t key, trade::Role role = trade::Role::manager) {
    EXPECT_TRUE(enrol(door_->invite({false, role}), key));
    const auto session = begin(key, challenge());
    EXPECT_TRUE(session);
    return session ? session->token : "";
  }
  std::string holder(std::uint8_t key) {
    std::optional<DoorResult<Caller>> told;
    door_->holder(secret(key).public_key(), [&](DoorResult<Caller> result) { told = result; });
    const bool is_at_once = told.has_value();
    core_->step();
    return answer(*told) + (is_at_once ? " at once" : "");
  }
  void do_as_site(const trade::Body& body) {
    ASSERT_TRUE(core_->submit(
        wish(body), [](const Outcome& outcome, const View&) { EXPECT_EQ(word(outcome), "done"); }));
    core_->step();
  }
  // What the book has noted of a kind.
  std::uint64_t noted(trade::SecurityKind kind) {
    std::uint64_t count = 0;
    EXPECT_TRUE(core_->ask(
        [&](const View& view) { count = view.own.security[static_cast<std::size_t>(kind)]; }));
    core_->step();
    return count;
  }

  io::SimDisk disk_{1};
  World world_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Door> door_;
};

TEST_F(DoorTest, a_code_brings_in_a_person_or_a_device_once) {
  const std::string person = door_->invite({false, trade::Role::manager});
  const std::string device = door_->invite({true, {}});
  EXPECT_EQ(person.size(), 8u);
  EXPECT_NE(person, device);
  EXPECT_EQ(enrol(person, 1), (Caller{trade::ActorNo{1}, {}}));
  EXPECT_EQ(enrol(device, 2), (Caller{{}, trade::DeviceNo{1}}));
  EXPECT_EQ(answer(enrol(person, 3)), "code_wrong");
  EXPECT_EQ(answer(enrol("00000000", 3)), "code_wrong");
}

TEST_F(DoorTest, a_code_is_good_for_fifteen_minutes) {
  const std::string in_time = door_->invite({true, {}}), late = door_->invite({true, {}});
  world_.clock.advance(code_ms_max - 1);
  EXPECT_TRUE(enrol(in_time, 1));
  world_.clock.advance(1);
  EXPECT_EQ(answer(enrol(late, 2)), "code_wrong");
}

TEST_F(DoorTest, a_code_that_could_not_be_used_stays_good) {
  EXPECT_TRUE(enrol(door_->invite({true, {}}), 1));
  const std::string code = door_->invite({true, {}});
  EXPECT_EQ(answer(enrol(code, 1)), "key_in_use");
  disk_.set_faults({.fails_at = disk_.operations()});
  EXPECT_EQ(answer(enrol(code, 2)), "not_written");
  disk_.set_faults({});
  EXPECT_TRUE(enrol(code, 2));
}

TEST_F(DoorTest, of_too_many_codes_the_oldest_go) {
  const std::string oldest = door_->invite({true, {}}), next = door_->invite({true, {}});
  for (std::size_t i = 1; i < codes_max; ++i) door_->invite({true, {}});
  EXPECT_EQ(answer(enrol(oldest, 1)), "code_wrong");
  EXPECT_TRUE(enrol(next, 1));
}

TEST_F(DoorTest, a_signed_challenge_begins_a_session) {
  ASSERT_TRUE(enrol(door_->invite({false, trade::Role::auditor}), 1));
  ASSERT_TRUE(enrol(door_->invite({true, {}}), 2));
  const auto person = begin(1, challenge());
  ASSERT_TRUE(person);
  EXPECT_EQ(person->role, trade::Role::auditor);
  EXPECT_EQ(person->ends_in_ms, session_ms_max);
  EXPECT_EQ(person->token.size(), 64u);
  EXPECT_EQ(door_->session(person->token), (Caller{trade::ActorNo{1}, {}}));
  const auto device = begin(2, challenge());
  ASSERT_TRUE(device);
  EXPECT_EQ(device->role, trade::Role::device);
  EXPECT_EQ(door_->session(device->token), (Caller{{}, trade::DeviceNo{1}}));
  EXPECT_EQ(answer(door_->session("0000")), "session_over");
}

TEST_F(DoorTest, whoever_does_not_hold_an_enrolled_key_gets_no_session) {
  ASSERT_TRUE(enrol(door_->invite({false, trade::Role::manager}), 1));
  const std::string once = challenge();
  EXPECT_TRUE(begin(1, once));
  EXPECT_EQ(answer(begin(1, once)), "challenge_wrong") << "used";
  EXPECT_EQ(answer(begin(1, "made up")), "challenge_wrong");
  EXPECT_EQ(answer(begin(1, challenge(), at_home, 9)), "signature_wrong");
  EXPECT_EQ(answer(begin(9, challenge())), "key_unknown");
  const std::string late = challenge();
  world_.clock.advance(challenge_ms_max);
  EXPECT_EQ(answer(begin(1, late)), "challenge_wrong");
  do_as_site(trade::EnrolmentEnded{trade::ActorNo{1}, {}});
  EXPECT_EQ(answer(begin(1, challenge())), "key_unknown");
}

TEST_F(DoorTest, a_session_ends_idle_or_not) {
  const std::string token = token_of(1);
  world_.clock.advance(session_idle_ms_max - 1);
  EXPECT_TRUE(door_->session(token));
  world_.clock.advance(session_idle_ms_max);
  EXPECT_EQ(answer(door_->session(token)), "session_over");

  const std::string busy = begin(1, challenge())->token;
  for (std::int64_t spent_ms = 0; spent_ms < session_ms_max; spent_ms += 20 * minute_ms) {
    EXPECT_TRUE(door_->session(busy));
    world_.clock.advance(20 * minute_ms);
  }
  EXPECT_EQ(answer(door_->session(busy)), "session_over");

  const std::string left = begin(1, challenge())->token;
  door_->end(left);
  EXPECT_EQ(answer(door_->session(left)), "session_over");
}

TEST_F(DoorTest, sessions_and_remembered_keys_end_with_the_enrolment) {
  const std::string token = token_of(1), other = token_of(2);
  ASSERT_TRUE(enrol(door_->invite({true, {}}), 3));
  EXPECT_EQ(holder(3), "done");
  EXPECT_EQ(holder(3), "done at once");
  do_as_site(trade::EnrolmentEnded{trade::ActorNo{1}, {}});
  EXPECT_EQ(answer(door_->session(token)), "session_over");
  EXPECT_TRUE(door_->session(other));
  EXPECT_EQ(holder(3), "done at once");
  do_as_site(trade::EnrolmentEnded{{}, trade::DeviceNo{1}});
  EXPECT_EQ(holder(3), "key_unknown");
}

TEST_F(DoorTest, nobody_has_more_sessions_than_a_bound_and_the_oldest_go) {
  const std::string first = token_of(1), other = token_of(2);
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < caller_sessions_max; ++i)
    tokens.push_back(begin(1, challenge())->token);
  EXPECT_EQ(answer(door_->session(first)), "session_over");
  for (const std::string& token : tokens) EXPECT_TRUE(door_->session(token));
  EXPECT_TRUE(door_->session(other));
}

TEST_F(DoorTest, a_ticket_opens_one_session_that_ends_when_the_first_would_have) {
  const std::string token = token_of(1);
  world_.clock.advance(20 * minute_ms);
  const auto ticket = door_->ticket(token);
  ASSERT_TRUE(ticket);
  const auto pages = door_->enter(at_home, *ticket);
  ASSERT_TRUE(pages);
  EXPECT_EQ(door_->session(*pages), (Caller{trade::ActorNo{1}, {}}));
  EXPECT_EQ(answer(door_->enter(at_home, *ticket)), "code_wrong") << "used";
  const std::string late = *door_->ticket(token), ended = *door_->ticket(token);
  world_.clock.advance(ticket_ms_max);
  EXPECT_EQ(answer(door_->enter(at_home, late)), "code_wrong");
  door_->end(token);
  EXPECT_EQ(answer(door_->enter(at_home, ended)), "code_wrong");
  EXPECT_EQ(answer(door_->ticket(token)), "session_over");
  for (std::int64_t spent_ms = 21 * minute_ms; spent_ms < session_ms_max;
       spent_ms += 20 * minute_ms) {
    EXPECT_TRUE(door_->session(*pages));
    world_.clock.advance(20 * minute_ms);
  }
  EXPECT_EQ(answer(door_->session(*pages)), "session_over");
}

TEST_F(DoorTest, ten_failures_a_minute_close_the_door_to_their_source_for_a_minute) {
  const std::string code = door_->invite({true, {}});
  for (std::uint8_t i = 0; i < failures_a_minute_max; ++i)
    EXPECT_EQ(answer(enrol("00000000", static_cast<std::uint8_t>(50 + i), elsewhere)),
              "code_wrong");
  EXPECT_EQ(answer(enrol(code, 99, elsewhere)), "too_many");
  EXPECT_EQ(answer(door_->challenge(elsewhere)), "too_many");
  EXPECT_EQ(answer(door_->enter(elsewhere, "x")), "too_many");
  EXPECT_TRUE(door_->challenge(at_home)) << "others are not concerned";
  world_.clock.advance(minute_ms);
  EXPECT_TRUE(enrol(code, 99, elsewhere));
}

TEST_F(DoorTest, nobody_keeps_a_person_out_by_failing_with_their_key) {
  ASSERT_TRUE(enrol(door_->invite({true, {}}), 1));
  for (int i = 0; i < 2 * failures_a_minute_max; ++i)
    EXPECT_EQ(answer(begin(1, "x", elsewhere)),
              i < failures_a_minute_max ? "challenge_wrong" : "too_many");
  EXPECT_EQ(answer(begin(1, challenge(), elsewhere)), "too_many");
  EXPECT_TRUE(begin(1, challenge()));
}

TEST_F(DoorTest, a_source_gets_no_more_challenges_than_a_bound) {
  for (int i = 0; i < challenges_a_minute_max; ++i) ASSERT_TRUE(door_->challenge(elsewhere));
  EXPECT_EQ(answer(door_->challenge(elsewhere)), "too_many");
  EXPECT_TRUE(door_->challenge(at_home));
}

TEST_F(DoorTest, of_too_many_challenges_the_oldest_go) {
  ASSERT_TRUE(enrol(door_->invite({true, {}}), 1));
  const std::string oldest = challenge(), next = challenge();
  for (std::size_t i = 1; i < challenges_max; ++i)
    ASSERT_TRUE(door_->challenge("10.1." + std::to_string(i / 100) + ".1"));
  EXPECT_EQ(answer(begin(1, oldest)), "challenge_wrong");
  EXPECT_TRUE(begin(1, next));
}

TEST_F(DoorTest, what_is_noted_is_journalled_once_a_minute_with_its_count) {
  using enum trade::SecurityKind;
  for (int i = 0; i < 5; ++i) door_->note(at_home, malformed);
  door_->note(elsewhere, malformed);
  enrol("00000000", 1);
  const std::uint64_t before = core_->counts().events;
  EXPECT_EQ(noted(malformed), 0u);
  world_.clock.advance(minute_ms);
  core_->step();
  EXPECT_EQ(noted(malformed), 6u);
  EXPECT_EQ(noted(code_wrong), 1u);
  EXPECT_EQ(core_->counts().events - before, 3u) << "one for each source and kind";
  world_.clock.advance(minute_ms);
  core_->step();
  EXPECT_EQ(noted(malformed), 6u);
  door_->note(at_home, flood);
  start();
  EXPECT_EQ(noted(flood), 1u) << "also at a clean stop";
}

TEST_F(DoorTest, a_full_queue_is_said_and_nothing_is_used_up) {
  const std::string code = door_->invite({true, {}});
  ASSERT_TRUE(enrol(door_->invite({true, {}}), 1));
  const std::string signed_one = challenge();
  while (core_->ask([](const View&) {})) continue;
  std::vector<std::string> told;
  const auto key = secret(2).public_key();
  door_->enrol(at_home, code, key,
               [&](DoorResult<Caller> result) { told.push_back(answer(result)); });
  door_->holder(key, [&](DoorResult<Caller> result) { told.push_back(answer(result)); });
  door_->begin(at_home, secret(1).public_key(), signed_one,
               secret(1).sign(session_text("stockade/sample/0042/1", signed_one)),
               [&](DoorResult<Session> result) { told.push_back(answer(result)); });
  EXPECT_EQ(told, (std::vector<std::string>{"busy", "busy", "busy"}));
  core_->step();
  EXPECT_TRUE(enrol(code, 2));
}

// Under the thread sanitizer this is what it is for.
TEST(DoorThreads, calls_may_come_from_any_thread) {
  io::SimDisk disk(1);
  World world;
  world.options.has_threads = true;
  auto core = *Core::start(world.options, disk, io::real_clock(), io::real_entropy());
  Door door(*core, io::real_clock(), io::real_entropy());
  std::atomic<int> sessions = 0;
  std::vector<std::thread> callers;
  for (std::uint8_t number = 1; number <= 4; ++number)
    callers.emplace_back([&, number] {
      const std::string source = "10.0.0." + std::to_string(number);
      const crypto::SigningKey key = secret(number);
      std::latch enrolled(1);
      door.enrol(source, door.invite({false, trade::Role::manager}), key.public_key(),
                 [&](const DoorResult<Caller>&) { enrolled.count_down(); });
      enrolled.wait();
      for (int i = 0; i < 30; ++i) {
        std::latch begun(1);
        std::string token;
        const std::string text = door.challenge(source).value_or("");
        door.begin(source, key.public_key(), text, key.sign(session_text(core->key().name, text)),
                   [&](DoorResult<Session> session) {
                     if (session) token = session->token;
                     begun.count_down();
                   });
        begun.wait();
        sessions += door.session(token) ? 1 : 0;
        door.note(source, trade::SecurityKind::malformed);
        if (i % 2 == 0) door.end(token);
      }
      (void)core->submit(wish(trade::EnrolmentEnded{trade::ActorNo{number}, {}}),
                         [](const Outcome&, const View&) {});
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_GE(sessions, 30) << "at least of who was ended last";
}

TEST(SecurityLog, sources_beyond_a_bound_share_one_row) {
  SecurityLog log;
  EXPECT_FALSE(log.is_due(minute_ms * 10));
  for (int i = 0; i < 1'000; ++i)
    log.add("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250),
            trade::SecurityKind::malformed, 5, 7 * minute_ms + 1);
  EXPECT_FALSE(log.is_due(minute_ms + 4));
  EXPECT_TRUE(log.is_due(minute_ms + 5));
  const auto rows = log.take();
  ASSERT_EQ(rows.size(), security_sources_max + 1);
  std::uint64_t sum = 0;
  for (const trade::SecurityNoted& row : rows) {
    sum += row.count;
    EXPECT_EQ(row.minute, 7u);
    if (row.source.view() == "others") {
      EXPECT_EQ(row.count, 1'000u - security_sources_max);
    }
  }
  EXPECT_EQ(sum, 1'000u);
  EXPECT_TRUE(log.take().empty());
}

TEST(SecurityLog, only_addresses_of_private_networks_are_named) {
  const SourceKey key{1}, other_key{2};
  for (const std::string address :
       {"127.0.0.1", "10.255.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "169.254.1.1", "::1",
        "fd12:3456::1", "fc00::1", "fe80::1", "::ffff:10.0.0.1"})
    EXPECT_EQ(source_name(address, key), address);
  for (const std::string address :
       {"203.0.113.9", "172.32.0.1", "172.15.0.1", "192.169.0.1", "8.8.8.8", "2001:db8::1", "fd::1",
        "::ffff:8.8.8.8", "10.0.0", "10.0.0.1.2", "10.0.0.256", "anything", "", "fe70::1",
        "10.0.0.1 "}) {
    const std::string name = source_name(address, key);
    EXPECT_EQ(name.size(), 16u) << address;
    EXPECT_TRUE(crypto::from_hex(name)) << address;
    EXPECT_NE(name, source_name(address, other_key)) << address;
    EXPECT_EQ(name, source_name(address, key)) << address;
  }
}

TEST(Attempts, rows_are_bounded_and_old_failures_do_not_count) {
  Attempts attempts(3);
  for (int i = 0; i < 20'000; ++i) attempts.count(std::to_string(i), 0);
  EXPECT_EQ(attempts.size(), attempts_rows_max);
  for (int i = 0; i < 10; ++i) attempts.count("slow", i * 31'000);
  EXPECT_FALSE(attempts.is_blocked("slow", 10 * 31'000));
  for (int i = 0; i < 3; ++i) attempts.count("fast", 1'000'000 + i);
  EXPECT_TRUE(attempts.is_blocked("fast", 1'000'003));
  EXPECT_FALSE(attempts.is_blocked("fast", 1'000'002 + attempts_window_ms));
}

}  // namespace
}  // namespace site
