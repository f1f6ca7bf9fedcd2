// Sites exchange journals over TLS on this machine.
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

  void serve(std::uint16_t port = 0) {
    http::ServerOptions options;
    options.certificates = {http::site_certificate(centre_.signer().key)};
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
  const auto wait_for = [](const std::atomic<int>& count) {
    for (int i = 0; i < 500 && count == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_GT(count, 0);
  };
  wait_for(failed);
  serve(to.port);
  wait_for(done);
  EXPECT_EQ(bytes_of(centre_.disk(), copy_folder("0101")), bytes_of(store.disk(), "journal"));
}

}  // namespace
}  // namespace carry
