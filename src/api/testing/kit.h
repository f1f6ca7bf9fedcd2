#pragma once
// A store that serves over TLS on loopback, and people and devices that speak to it, for tests.

#include <filesystem>
#include <latch>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api.h"
#include "crypto/hex.h"
#include "http/client.h"
#include "http/server.h"
#include "site/testing/kit.h"

namespace api::testing {

// What people and devices hold.
inline crypto::SigningKey secret(std::uint8_t number) {
  return crypto::SigningKey(crypto::Seed{number});
}
inline std::string base64(const auto& bytes) {
  return crypto::to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// The value behind "key": in a flat piece of JSON, without its quotes.
inline std::string value_in(std::string_view json, std::string_view key) {
  const std::string quoted = fmt::format("\"{}\":", key);
  const auto at = json.find(quoted);
  if (at == json.npos) return "";
  std::string_view rest = json.substr(at + quoted.size());
  const bool is_text = rest.starts_with('"');
  if (is_text) rest.remove_prefix(1);
  return std::string(rest.substr(0, rest.find_first_of(is_text ? "\"" : ",}]")));
}

class Shop {
 public:
  explicit Shop(trade::SiteKind kind = trade::SiteKind::store, io::Clock& clock = io::real_clock(),
                bool keeps_history = false, io::Disk& disk = io::real_disk(),
                std::shared_ptr<const site::RosterInUse> roster = {})
      : clock_(clock), disk_(disk), roster_(std::move(roster)) {
    std::filesystem::remove_all(folder_);
    site::CoreOptions options;
    options.data = folder_;
    options.site = {site::testing::store_code, kind, 1};
    options.estate = "sample";
    auto started = site::Core::start(options, disk, clock, io::real_entropy());
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    core = *std::move(started);
    door = std::make_unique<site::Door>(*core, clock, io::real_entropy());
    for (const trade::Body& body : trade::testing::opening_of(site::testing::store_code))
      if (!std::holds_alternative<trade::SiteOpened>(body)) must(body);
    if (keeps_history)
      history =
          site::History::start(*core, io::real_disk(), folder_, site::testing::store_code).value();
    serve();
  }
  ~Shop() {
    server.reset();
    api.reset();
    door.reset();
    history.reset();
    core.reset();
    std::filesystem::remove_all(folder_);
  }

  // As the site's own process.
  void must(const trade::Body& body) {
    std::latch told(1);
    EXPECT_TRUE(core->submit(site::testing::wish(body),
                             [&](const site::Outcome& outcome, const site::View&) {
                               EXPECT_EQ(site::testing::word(outcome), "done");
                               told.count_down();
                             }));
    told.wait();
  }
  // The number of a person, or a device, whose key is secret(key).
  void enrol_person(std::uint8_t key, trade::Role role) {
    must(trade::PersonEnrolled{{}, role, {secret(key).public_key()}});
  }
  void enrol_device(std::uint8_t key) {
    must(trade::DeviceEnrolled{{}, {secret(key).public_key()}});
  }

  http::Client client(std::optional<std::uint8_t> device_key = {}) const {
    http::Dial dial;
    dial.address = "127.0.0.1";
    dial.port = server->port();
    dial.pin = secret(200).public_key();
    if (device_key) dial.own = http::site_certificate(secret(*device_key));
    return http::Client(dial);
  }

  // What is answered to a body without anybody's word.
  http::Response send(http::Method method, const std::string& target, const std::string& body = "",
                      std::vector<http::Field> headers = {},
                      std::optional<std::uint8_t> device_key = {}) const {
    if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
    auto response = client(device_key).send({method, target, std::move(headers), body});
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response.value_or(http::Response{0});
  }

  // Begins a session over HTTP; the token.
  std::string sign_in(std::uint8_t key) const {
    const auto challenge = send(http::Method::post, "/v1/challenges");
    const std::string word = value_in(challenge.body, "challenge");
    const auto signature = secret(key).sign(site::session_text(core->key().name, word));
    const auto session =
        send(http::Method::post, "/v1/sessions",
             fmt::format(R"({{"public_key":"{}","challenge":"{}","signature":"{}"}})",
                         base64(secret(key).public_key()), word, base64(signature)));
    EXPECT_EQ(session.status, 201) << session.body;
    return value_in(session.body, "token");
  }
  // As somebody with a token; every command has a key of its own unless one is given.
  http::Response as(const std::string& token, http::Method method, const std::string& target,
                    const std::string& body = "", std::string key = "") const {
    if (key.empty()) key = fmt::format("key-{}", ++keys_);
    return send(method, target, body,
                {{"Authorization", "Bearer " + token}, {"Idempotency-Key", std::move(key)}});
  }
  http::Response post(const std::string& token, const std::string& target,
                      const std::string& body = "", std::string key = "") const {
    return as(token, http::Method::post, target, body, std::move(key));
  }
  http::Response get(const std::string& token, const std::string& target) const {
    return as(token, http::Method::get, target);
  }

  // A page as a browser of the token's holder gets it.
  http::Response page(const std::string& token, const std::string& path) const {
    const auto ticket = post(token, "/v1/tickets");
    const auto entered = send(http::Method::get, value_in(ticket.body, "path"));
    std::string pair;
    for (const auto& field : entered.headers)
      if (field.name == "Set-Cookie") pair = field.value.substr(0, field.value.find(';'));
    return send(http::Method::get, path, "", {{"Cookie", pair}});
  }

  const std::filesystem::path& folder() const { return folder_; }
  std::vector<std::string> log_lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  std::unique_ptr<site::Core> core;
  std::unique_ptr<site::Door> door;
  std::unique_ptr<site::History> history;
  std::unique_ptr<Api> api;
  std::unique_ptr<http::Server> server;

 private:
  void serve() {
    ApiOptions options;
    options.is_secure = true;
    options.history = history.get();
    options.journal = folder_ / "journal";
    options.roster = roster_;
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    };
    options.counts = [this] { return server->counts(); };
    api = std::make_unique<Api>(*core, *door, clock_, disk_, std::move(options));
    http::ServerOptions serving;
    serving.certificates = {http::site_certificate(secret(200))};
    serving.headers_wanted = Api::headers_wanted();
    auto started = http::Server::start(serving, *api);
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    server = *std::move(started);
  }

  // Of its own, also beside another build of the same tests.
  static std::filesystem::path new_folder() {
    std::array<std::uint8_t, 8> name{};
    io::real_entropy().fill(name);
    return std::filesystem::path(::testing::TempDir()) /
           ("stockade-api-" +
            crypto::to_hex({reinterpret_cast<const char*>(name.data()), name.size()}));
  }
  io::Clock& clock_;
  io::Disk& disk_;
  const std::shared_ptr<const site::RosterInUse> roster_;
  std::filesystem::path folder_ = new_folder();
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  mutable int keys_ = 0;
};

}  // namespace api::testing
