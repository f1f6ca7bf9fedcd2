#include "http/certificate.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/client.h"
#include "http/server.h"

namespace http {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t now_ms = 20'000 * day_ms;

class WhoIsThere final : public Handler {
 public:
  void handle(Request request, Reply reply) override {
    const auto& key = request.peer_key;
    reply.answer({200, "text/plain", key ? std::to_string((*key)[0]) : "nobody", {}});
  }
};

class Tls : public testing::Test {
 protected:
  Tls() {
    ServerOptions options;
    options.certificates = {site_certificate(site_), browser_};
    auto started = Server::start(options, handler_);
    EXPECT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }
  Dial dial(Pin pin) const { return {.address = "127.0.0.1", .port = server_->port(), .pin = pin}; }

  const crypto::SigningKey site_{crypto::Seed{1}}, other_{crypto::Seed{2}};
  const Certificate browser_ =
      browser_certificate({"localhost"}, io::real_entropy(), io::real_clock().wall_ms()).value();
  WhoIsThere handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(Tls, a_client_that_pins_the_sites_key_is_served) {
  const auto response = Client(dial(site_.public_key())).send({});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "nobody");
}

TEST_F(Tls, a_client_that_pins_another_key_says_nothing) {
  EXPECT_FALSE(Client(dial(other_.public_key())).send({}));
}

TEST_F(Tls, a_browser_gets_the_ordinary_certificate) {
  EXPECT_TRUE(Client(dial(fingerprint(browser_).value())).send({}));
  EXPECT_FALSE(Client(dial(crypto::Digest{})).send({}));
}

TEST_F(Tls, the_key_that_a_client_shows_reaches_the_handler) {
  Dial dial = this->dial(site_.public_key());
  dial.own = site_certificate(other_);
  const auto response = Client(dial).send({});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, std::to_string(other_.public_key()[0]));
}

TEST_F(Tls, a_large_answer_and_a_large_body_pass_whole) {
  Client client(dial(site_.public_key()));
  for (int i = 0; i < 3; ++i) {
    const auto response = client.send({.method = Method::post, .body = std::string(900'000, 'b')});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
  }
}

TEST_F(Tls, plain_http_is_not_answered) {
  Dial plain{.address = "127.0.0.1", .port = server_->port()};
  EXPECT_FALSE(Client(plain).send({}));
}

TEST(Certificates, a_sites_certificate_follows_from_its_key) {
  const crypto::SigningKey key(crypto::Seed{3});
  EXPECT_EQ(site_certificate(key).certificate_pem, site_certificate(key).certificate_pem);
}

TEST(Certificates, a_browsers_key_comes_from_the_entropy_that_is_given) {
  io::SimEntropy one(1), same(1), two(2);
  const auto make = [](io::Entropy& entropy) {
    return browser_certificate({"localhost", "127.0.0.1"}, entropy, now_ms).value().key_pem;
  };
  const std::string first = make(one);
  EXPECT_EQ(make(same), first);
  EXPECT_NE(make(two), first);
}

TEST(Certificates, names_that_are_no_names_are_refused) {
  for (const auto* name : {"", "a,DNS:b", "a b", "a\nb"})
    EXPECT_FALSE(browser_certificate({name}, io::real_entropy(), now_ms)) << name;
  EXPECT_FALSE(browser_certificate({}, io::real_entropy(), now_ms));
}

class KeptCertificate : public testing::Test {
 protected:
  KeptCertificate() { std::filesystem::remove_all(folder_), create_directories(folder_); }
  ~KeptCertificate() override { std::filesystem::remove_all(folder_); }
  base::Result<Certificate> keep(const std::vector<std::string>& names = {"localhost"}) {
    return keep_browser_certificate(io::real_disk(), file_, names, io::real_entropy(), clock_);
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "stockade-http-certificate";
  const std::filesystem::path file_ = folder_ / "browser.pem";
  io::SimClock clock_{now_ms};
};

TEST_F(KeptCertificate, is_made_once_and_only_its_owner_can_read_it) {
  const auto made = keep();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(keep()->certificate_pem, made->certificate_pem);
  EXPECT_EQ(keep()->key_pem, made->key_pem);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(KeptCertificate, is_made_anew_for_other_names_and_before_it_ends) {
  const auto made = keep();
  EXPECT_NE(keep({"store.example.test"})->key_pem, made->key_pem);
  const auto named = keep({"store.example.test"});
  clock_.set_wall(now_ms + 360 * day_ms);
  EXPECT_EQ(keep({"store.example.test"})->key_pem, named->key_pem);
  clock_.set_wall(now_ms + 370 * day_ms);
  EXPECT_NE(keep({"store.example.test"})->key_pem, named->key_pem);
}

TEST_F(KeptCertificate, a_file_of_somebody_else_is_left_alone) {
  ASSERT_TRUE(io::write_file(io::real_disk(), file_, "notes"));
  const auto kept = keep();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, base::ErrorCode::input_bad);
  EXPECT_EQ(io::read_file(io::real_disk(), file_).value(), "notes");
}

}  // namespace
}  // namespace http
