// Sites exchange journals over TLS on this machine.
#include <functional>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "carry/gate.h"
#include "carry/rounds.h"
#include "sync/testing/kit.h"

namespace carry {
namespace {

using syncing::testing::bytes_of;
using syncing::testing::copy_folder;
using syncing::testing::roster_of;
using syncing::testing::Site;

// Whatever is not for other sites.
class Rest final : public http::Handler {
 public:
  void handle(http::Request request, http::Reply reply) override {
    reply.answer({200, "text/plain", "rest of " + request.path, {}});
  }
};

class CarryTest : public ::testing::Test {
 protected:
  CarryTest() { serve(); }
  ~CarryTest() override { stop(); }

  void serve(std::uint16_t port = 0) { serve_as(centre_.signer(), port); }
  void serve_as(const journal::Signer& signer, std::uint16_t port) {
    http::ServerOptions options;
    options.certificates = {http::site_certificate(signer.key)};
    options.port = port;
    options.request.body_bytes_max = sync_body_bytes_max;
    server_ = http::Server::start(options, gate_).value();
  }
  void stop() {
    if (server_) server_->stop(5'000);
    server_.reset();
  }
  http::Dial dial(const journal::Signer& own) const {
    http::Dial dial{"127.0.0.1", server_->port()};
    dial.pin = centre_.signer().verifier.key;
    dial.own = http::site_certificate(own.key);
    return dial;
  }
  static void wait_for(const std::function<bool()>& is_so) {
    for (int i = 0; i < 500 && !is_so(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(is_so());
  }
  base::Result<syncing::Exchanged> exchange_once(Site& site, const http::Dial& to) {
    Port port(site.holdings(), clock_);
    http::Client client(to);
    return exchange(port, client, clock_, 1);
  }

  io::Clock& clock_ = io::real_clock();
  const syncing::RosterIndex roster_{roster_of(12)};
  Site centre_{"0001", roster_, 1};
  Port port_{centre_.holdings(), clock_};
  Rest rest_;
  Gate gate_{port_, rest_};
  std::unique_ptr<http::Server> server_;
};

TEST_F(CarryTest, a_journal_arrives_byte_for_byte) {
  Site store("0101", roster_, 2);
  store.trade(200);
  const auto done = exchange_once(store, dial(store.signer()));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->given_entries, 200u);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store.disk(), "journal"));
}

TEST_F(CarryTest, many_sites_at_once_are_all_served) {
  std::vector<std::unique_ptr<Site>> stores;
  for (int i = 0; i < 12; ++i) {
    stores.push_back(std::make_unique<Site>(fmt::format("{:04}", 101 + i), roster_, 10 + i));
    stores.back()->trade(50 + i);
  }
  std::vector<std::thread> threads;
  for (const auto& store : stores)
    threads.emplace_back([&] {
      const auto done = exchange_once(*store, dial(store->signer()));
      EXPECT_TRUE(done) << done.error().message;
    });
  for (std::thread& one : threads) one.join();
  for (std::size_t i = 0; i < stores.size(); ++i)
    EXPECT_EQ(bytes_of(centre_.disk(), copy_folder(fmt::format("{:04}", 101 + i))),
              bytes_of(stores[i]->disk(), "journal"));
  EXPECT_GE(port_.counts().requests, 24u);
}

TEST_F(CarryTest, whoever_shows_no_key_of_a_site_is_sent_away_and_others_are_let_through) {
  http::Dial stranger{"127.0.0.1", server_->port()};
  stranger.pin = centre_.signer().verifier.key;
  http::Client client(stranger);
  const http::ClientRequest sync{http::Method::post, std::string(sync_path), {}, "anything"};
  EXPECT_EQ(client.send(sync)->status, 403);
  EXPECT_EQ(client.send({http::Method::get, std::string(sync_path), {}, {}})->status, 405);
  EXPECT_EQ(client.send({http::Method::get, "/v1/lines", {}, {}})->body, "rest of /v1/lines");
  EXPECT_EQ(port_.counts().requests, 0u);
}

TEST_F(CarryTest, a_key_that_the_roster_does_not_list_is_refused_by_name) {
  const syncing::RosterIndex longer(roster_of(13));
  Site stranger("0113", longer, 2);
  stranger.trade(3);
  const auto done = exchange_once(stranger, dial(stranger.signer()));
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_FALSE(done->stopped.empty());
  EXPECT_EQ(done->stopped[0].no.refusal, syncing::Refusal::unknown_site);
  EXPECT_FALSE(centre_.disk().exists(copy_folder("0113")));
}

TEST_F(CarryTest, rounds_go_on_until_the_other_side_is_there_again) {
  Site store("0101", roster_, 2);
  store.trade(20);
  const http::Dial to = dial(store.signer());
  stop();
  Port port(store.holdings(), clock_);
  std::atomic<int> failed = 0, done = 0;
  RoundsOptions options;
  options.upstreams = {{"centre", to}};
  options.every_ms = 20;
  options.on_round = [&](const Round& round) { ++(round.outcome ? done : failed); };
  const Rounds rounds(port, clock_, std::move(options));
  wait_for([&] { return failed > 0; });
  serve(to.port);
  wait_for([&] { return done > 0; });
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store.disk(), "journal"));
}

// A new centre answers at the old one's address; nobody waits until the next try is due.
TEST_F(CarryTest, rounds_go_to_whom_the_roster_names_now_and_at_once_if_they_are_hurried) {
  Site store("0101", roster_, 2);
  store.trade(20);
  std::mutex lock;
  const journal::Signer renewed = syncing::testing::signer_of("0001", 2);
  base::Result<crypto::PublicKey> named = renewed.verifier.key;
  std::vector<std::string> failures;
  std::size_t done = 0;
  Port port(store.holdings(), clock_);
  RoundsOptions options;
  options.upstreams = {{"centre", dial(store.signer()), [&] {
                          const std::lock_guard held(lock);
                          return named;
                        }}};
  const std::uint16_t address = options.upstreams[0].dial.port;
  options.every_ms = options.retry_ms_max = 3'600'000;
  options.on_round = [&](const Round& round) {
    const std::lock_guard held(lock);
    if (round.outcome)
      ++done;
    else
      failures.push_back(round.outcome.error().message);
  };
  Rounds rounds(port, clock_, std::move(options));
  const auto count = [&](const auto& what) {
    const std::lock_guard held(lock);
    return what();
  };
  const auto done_count = [&] { return count([&] { return done; }); };
  const auto failed_count = [&] { return count([&] { return failures.size(); }); };
  wait_for([&] { return failed_count() == 1; });
  EXPECT_EQ(done_count(), 0u) << "the one who answers is not the one who is named";

  stop();
  serve_as(renewed, address);
  rounds.hurry();
  wait_for([&] { return done_count() == 1; });
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store.disk(), "journal"));
  EXPECT_EQ(server_->counts().connections_open, 1u) << "for the next round";

  {
    const std::lock_guard held(lock);
    named = base::fail(base::ErrorCode::evidence_bad, "its key is revoked");
  }
  rounds.hurry();
  wait_for([&] { return failed_count() == 2; });
  EXPECT_EQ(failures[1], "its key is revoked");
  wait_for([&] { return server_->counts().connections_open == 0; });
  EXPECT_EQ(done_count(), 1u);
}

// The key ends in the middle of an exchange: nothing more is given to it.
TEST_F(CarryTest, an_exchange_goes_on_only_as_long_as_it_may) {
  Site store("0101", roster_, 2);
  store.trade(20);
  Port port(store.holdings(), clock_);
  http::Client client(dial(store.signer()));
  int asked = 0;
  const auto goes_on = [&]() -> base::Result<> {
    if (++asked == 1) return {};
    return base::fail(base::ErrorCode::evidence_bad, "another key is to answer there now");
  };
  const auto outcome = exchange(port, client, clock_, 1, goes_on);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "another key is to answer there now");
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(centre_.disk().exists(copy_folder("0101") / "segment-00000000000000000000"));
}

}  // namespace
}  // namespace carry
