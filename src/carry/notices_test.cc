// Notices on their way out of the house: to a web server, and to a mail server that nobody here
// wrote.
#include "carry/notices.h"

#include <filesystem>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/hex.h"
#include "http/outward.h"
#include "http/server.h"
#include "io/private_folder.h"
#include "io/program.h"

namespace carry {
namespace {

using site::Sending;
using ::testing::HasSubstr;

const crypto::SigningKey key(crypto::Seed{7});

site::Notice a_notice() {
  return {"9501-1-7-45.ready.1@9501.stockade",
          trade::DocumentNumber{trade::SiteCode{9'501}, 1, 7},
          site::NoticeKind::ready,
          "guest@example.org",
          "Order 9501-1-7-45: ready to collect",
          "Your \"order\".\n\n.\nA line that begins with a dot\n",
          1'777'791'909'000};
}

// Keeps what it is sent, and answers as it is told.
class Receiver final : public http::Handler {
 public:
  void handle(http::Request request, http::Reply reply) override {
    const std::lock_guard lock(mutex_);
    requests.push_back(std::move(request));
    reply.answer({status, "text/plain", "whatever", {}});
  }
  std::vector<http::Request> requests;
  int status = 204;

 private:
  std::mutex mutex_;
};

class Webhooks : public ::testing::Test {
 protected:
  Webhooks() {
    http::ServerOptions options;
    options.headers_wanted = {"webhook-id", "webhook-timestamp", "webhook-signature"};
    server_ = http::Server::start(options, receiver_).value();
  }
  ~Webhooks() override { server_->stop(5'000); }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server_->port()); }

  Receiver receiver_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(Webhooks, post_what_the_receiver_can_check_and_tell_apart) {
  const auto webhook = Webhook::open(url(), key).value();
  EXPECT_EQ(webhook->send(a_notice()), Sending::sent);
  EXPECT_EQ(webhook->send(a_notice()), Sending::sent);
  ASSERT_EQ(receiver_.requests.size(), 2u);
  const http::Request& request = receiver_.requests[0];
  EXPECT_EQ(request.method, http::Method::post);
  EXPECT_EQ(request.path, "/hook");
  EXPECT_EQ(request.header("webhook-id"), a_notice().id);
  EXPECT_EQ(receiver_.requests[1].header("webhook-id"), a_notice().id);
  const auto body = nlohmann::json::parse(request.body);
  EXPECT_EQ(body["to"], "guest@example.org");
  EXPECT_EQ(body["text"], a_notice().text);
  EXPECT_EQ(body["kind"], "ready");
  // The Standard Webhooks specification: what is signed, and how that is written.
  const std::string_view signature = request.header("webhook-signature");
  ASSERT_TRUE(signature.starts_with("v1a,"));
  const auto bytes = crypto::from_base64(signature.substr(4));
  ASSERT_TRUE(bytes && bytes->size() == 64);
  crypto::Signature read;
  std::copy_n(bytes->begin(), 64, read.begin());
  EXPECT_TRUE(crypto::verify(key.public_key(),
                             fmt::format("{}.{}.{}", request.header("webhook-id"),
                                         request.header("webhook-timestamp"), request.body),
                             read));
}

TEST_F(Webhooks, wait_for_a_receiver_that_cannot_and_give_up_on_one_that_will_not) {
  const auto webhook = Webhook::open(url(), key).value();
  for (const int status : {500, 503, 429, 408}) {
    receiver_.status = status;
    EXPECT_EQ(webhook->send(a_notice()), Sending::later) << status;
  }
  for (const int status : {400, 401, 404, 410, 301}) {
    receiver_.status = status;
    EXPECT_EQ(webhook->send(a_notice()), Sending::refused) << status;
  }
  const auto nobody = Webhook::open("http://127.0.0.1:1/", key).value();
  EXPECT_EQ(nobody->send(a_notice()), Sending::later);
}

TEST(Outward, leaves_this_machine_under_tls_only) {
  const auto is_taken = [](const std::string& scheme, const std::string& rest) {
    return http::check_outward(scheme + "://" + rest, "http").has_value();
  };
  for (const char* place : {"example.org/hook", "10.0.0.1:444/", "[2001:db8::1]/"})
    EXPECT_TRUE(is_taken("https", place)) << place;
  for (const char* place : {"127.0.0.1/", "127.0.0.1:80/x", "localhost:80/x", "[::1]:8080/"})
    EXPECT_TRUE(is_taken("http", place)) << place;
  for (const char* place : {"example.org/", "127.evil.example/", "localhost.evil.example/",
                            "[::1].evil.example/", "10.0.0.1/", ""})
    EXPECT_FALSE(is_taken("http", place)) << place;
  for (const char* place : {"", "/", "a:b@example.org/"})
    EXPECT_FALSE(is_taken("https", place)) << place;
  EXPECT_FALSE(is_taken("ftp", "127.0.0.1/"));
  EXPECT_FALSE(http::check_outward("", "http"));
  EXPECT_TRUE(http::check_outward("smtps://mail.example.org", "smtp"));
  EXPECT_FALSE(http::check_outward("smtp://mail.example.org", "smtp"));
}

std::uint16_t free_port() {
  Receiver nobody;
  return http::Server::start({}, nobody).value()->port();
}

// Debian's aiosmtpd, which keeps what comes in a maildir.
TEST(MailRelays, give_messages_to_a_server_of_somebody_elses) {
  const char* program = "/usr/bin/aiosmtpd";
  if (!std::filesystem::exists(program))
    GTEST_SKIP() << "SKIPPED: needs aiosmtpd (python3-aiosmtpd)";
  const auto folder = io::PrivateFolder::make_temporary("stockade-mail").value();
  const std::uint16_t port = free_port();
  const std::vector<std::string> words{"/usr/bin/python3",
                                       program,
                                       "-n",
                                       "-l",
                                       fmt::format("127.0.0.1:{}", port),
                                       "-c",
                                       "aiosmtpd.handlers.Mailbox",
                                       (folder.path() / "mail").string()};
  const std::jthread server(
      [&words](const std::stop_token& stop) { (void)io::run_program(words, stop); });
  const auto relay =
      MailRelay::open(fmt::format("smtp://127.0.0.1:{}", port), "shop@example.org").value();
  Sending sending = Sending::later;
  for (int i = 0; i < 200 && sending != Sending::sent; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    sending = relay->send(a_notice());
  }
  ASSERT_EQ(sending, Sending::sent);
  const io::Path box = folder.path() / "mail" / "new";
  const auto names = io::real_disk().list(box);
  ASSERT_TRUE(names);
  ASSERT_EQ(names->size(), 1u);
  const auto text = io::read_file(io::real_disk(), box / names->front()).value();
  for (const char* part :
       {"X-MailFrom: shop@example.org", "X-RcptTo: guest@example.org",
        "Message-ID: <9501-1-7-45.ready.1@9501.stockade>", "To: <guest@example.org>",
        "Subject: Order 9501-1-7-45: ready to collect", "\n.\n", "Your \"order\"."})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(MailRelays, wait_while_nobody_is_there) {
  const auto relay = MailRelay::open("smtp://127.0.0.1:1", "shop@example.org").value();
  EXPECT_EQ(relay->send(a_notice()), Sending::later);
  EXPECT_FALSE(MailRelay::open("smtp://127.0.0.1:1", "nobody"));
}

}  // namespace
}  // namespace carry
