// A guest's requests over HTTP: a whole order, and whatever else somebody may send.
#include <filesystem>
#include <future>

#include <gtest/gtest.h>

#include "api/testing/kit.h"
#include "site/key.h"
#include "site/shop.h"

namespace api {
namespace {

using namespace testing;
using site::testing::soap;

constexpr trade::SiteCode web_code{9'501};

// An online site that sells eight soaps of a store, served without TLS.
class Shopfronts : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = io::Path(::testing::TempDir()) /
              (std::string("shopfront-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    {
      const auto store = open(site::testing::store_code, trade::SiteKind::store, "store", {});
      for (const trade::Body& body : trade::testing::opening_of(site::testing::store_code))
        if (!std::holds_alternative<trade::SiteOpened>(body)) must(*store, body);
      must(*store, trade::GoodsMoved{trade::Cause::opening, {{soap, 10, 0, {}}}});
      must(*store, trade::StockAllotted{web_code, soap, 8});
    }
    core_ =
        open(web_code, trade::SiteKind::online, "web", {folder_ / "store" / site::journal_folder});
    shop_ = site::Shop::start({.data = folder_ / "web"}, *core_, payments_, io::real_clock(),
                              io::real_entropy())
                .value();
    for (int i = 0; i < 4; ++i) {
      shop_->step();
      for (int j = 0; j < 2; ++j) held_units();
    }
    door_ = std::make_unique<site::Door>(*core_, io::real_clock(), io::real_entropy());
    ApiOptions how;
    how.shop = shop_.get();
    api_ = std::make_unique<Api>(*core_, *door_, io::real_clock(), io::real_disk(), how);
    http::ServerOptions options;
    options.headers_wanted = Api::headers_wanted();
    server_ = http::Server::start(options, *api_).value();
  }
  void TearDown() override {
    server_.reset();
    api_.reset();
    door_.reset();
    shop_.reset();
    core_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<site::Core> open(trade::SiteCode code, trade::SiteKind kind, const char* name,
                                   std::vector<io::Path> peers) {
    site::CoreOptions options;
    options.data = folder_ / name;
    options.site = {code, kind, 1};
    options.estate = "sample";
    options.peers = std::move(peers);
    auto started =
        site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy());
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    return *std::move(started);
  }
  static void must(site::Core& core, const trade::Body& body) {
    std::promise<void> told;
    EXPECT_TRUE(core.submit(site::testing::wish(body),
                            [&](const site::Outcome& outcome, const site::View&) {
                              EXPECT_EQ(site::testing::word(outcome), "done");
                              told.set_value();
                            }));
    told.get_future().wait();
  }
  std::int64_t held_units() {
    std::promise<std::int64_t> told;
    EXPECT_TRUE(core_->ask([&](const site::View& view) {
      std::int64_t held = 0;
      for (const auto& [key, allotment] : view.own.allotments) held += allotment.held;
      told.set_value(held);
    }));
    return told.get_future().get();
  }

  http::Response send(http::Method method, const std::string& target, const std::string& body = "",
                      const std::string& key = "") {
    http::Dial dial;
    dial.address = "127.0.0.1";
    dial.port = server_->port();
    std::vector<http::Field> headers;
    if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
    if (!key.empty()) headers.push_back({"Idempotency-Key", key});
    auto response = http::Client(dial).send({method, target, headers, body});
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response.value_or(http::Response{0});
  }
  std::string basket() {
    const auto made = send(http::Method::post, "/v1/shop/baskets", R"({"store":"0042"})");
    EXPECT_EQ(made.status, 201) << made.body;
    return "/v1/shop/baskets/" + value_in(made.body, "basket");
  }
  std::string paid_basket(int units) {
    const std::string at = basket();
    EXPECT_EQ(send(http::Method::post, at + "/items",
                   fmt::format(R"({{"product":"soap","units":{}}})", units))
                  .status,
              200);
    EXPECT_EQ(send(http::Method::put, at + "/address", address).status, 200);
    EXPECT_EQ(send(http::Method::get, at + "/options").status, 200);
    EXPECT_EQ(
        send(http::Method::put, at + "/option", R"({"option":"collect","takes_substitutes":true})")
            .status,
        200);
    EXPECT_EQ(send(http::Method::post, at + "/payment").status, 201);
    return at;
  }
  // The name of the problem, or the body of what is none.
  static std::string problem(const http::Response& response) {
    EXPECT_GE(response.status, 400) << response.body;
    const std::string type = value_in(response.body, "type");
    return type.substr(type.rfind('/') + 1);
  }

  static constexpr const char* address =
      R"({"name":"Zoë Guest","street":"1 High Street","town":"Leeds","postcode":"LS1 1AA",)"
      R"("email":"guest@example.org"})";
  io::Path folder_;
  site::SimulatedPayments payments_{io::real_clock(), io::real_entropy()};
  std::unique_ptr<site::Core> core_;
  std::unique_ptr<site::Shop> shop_;
  std::unique_ptr<site::Door> door_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(Shopfronts, let_a_guest_place_an_order_in_seven_requests_and_ask_how_it_stands) {
  const std::string at = paid_basket(2);
  const auto placed = send(http::Method::post, at + "/place", "", "one");
  ASSERT_EQ(placed.status, 201) << placed.body;
  const auto again = send(http::Method::post, at + "/place", "", "one");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(value_in(again.body, "order"), value_in(placed.body, "order"));
  EXPECT_EQ(value_in(again.body, "code"), value_in(placed.body, "code"));
  EXPECT_EQ(held_units(), 2);
  const auto told =
      send(http::Method::post, "/v1/shop/order-status",
           fmt::format(R"({{"order":"{}","postcode":"ls11aa"}})", value_in(placed.body, "order")));
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(value_in(told.body, "state"), "placed");
  for (const std::string secret : {"Guest", "High Street", "LS1", "example.org"})
    EXPECT_EQ(told.body.find(secret), std::string::npos) << secret;
}

TEST_F(Shopfronts, show_what_may_be_bought_and_no_basket_to_who_does_not_know_it) {
  const auto catalogue = send(http::Method::get, "/v1/shop/catalogue?limit=5");
  EXPECT_EQ(value_in(catalogue.body, "price_pence"), "210");
  EXPECT_EQ(problem(send(http::Method::get, "/v1/shop/baskets/00000000000000000000000000000000")),
            "basket_unknown");
  EXPECT_EQ(send(http::Method::get, basket()).status, 200);
}

TEST_F(Shopfronts, answer_what_is_wrong_with_a_problem_and_hold_nothing) {
  const std::string at = paid_basket(1);
  const auto post = [&](const std::string& path, const std::string& body) {
    return problem(send(http::Method::post, at + path, body));
  };
  EXPECT_EQ(post("/items", "{"), "malformed");
  EXPECT_EQ(post("/items", R"({"product":"soap","units":-1})"), "value_wrong");
  EXPECT_EQ(post("/items", R"({"product":"soap","units":1e9})"), "value_wrong");
  EXPECT_EQ(post("/items", R"({"product":"soap","units":1000})"), "basket_full");
  EXPECT_EQ(post("/items", R"({"product":"soap","units":9})"), "not_available");
  EXPECT_EQ(post("/items", R"({"product":"tea","units":1})"), "line_unknown");
  EXPECT_EQ(post("/items", R"({"product":"soap","units":1,"currency":"EUR"})"), "member_unknown");
  EXPECT_EQ(post("/items", R"({"product":"soap","product":"soap","units":1})"), "member_doubled");
  EXPECT_EQ(post("/place", ""), "idempotency_key_missing");
  EXPECT_EQ(problem(send(http::Method::post, at + "/place", R"({"pence":1})", "k")),
            "member_unknown");
  EXPECT_EQ(problem(send(http::Method::put, at + "/address",
                         fmt::format(R"({{"name":"{}","street":"","town":"","postcode":"LS1",)"
                                     R"("email":""}})",
                                     std::string(201, 'x')))),
            "value_wrong");
  EXPECT_EQ(problem(send(http::Method::put, at + "/option",
                         R"({"option":"9501-1-1-99","takes_substitutes":false})")),
            "option_wrong");
  EXPECT_EQ(held_units(), 0);
}

TEST_F(Shopfronts, erase_who_ordered_for_managers_once_the_order_is_over) {
  const auto sign_in = [&](std::uint8_t key, trade::Role role) {
    must(*core_, trade::PersonEnrolled{{}, role, {secret(key).public_key()}});
    const std::string word = value_in(send(http::Method::post, "/v1/challenges").body, "challenge");
    const auto signature = secret(key).sign(site::session_text(core_->key().name, word));
    const auto session =
        send(http::Method::post, "/v1/sessions",
             fmt::format(R"({{"public_key":"{}","challenge":"{}","signature":"{}"}})",
                         base64(secret(key).public_key()), word, base64(signature)));
    return value_in(session.body, "token");
  };
  const auto erase = [&](const std::string& order, const std::string& token) {
    http::Dial dial;
    dial.address = "127.0.0.1";
    dial.port = server_->port();
    return http::Client(dial)
        .send({http::Method::del,
               "/v1/online-orders/" + order + "/personal-data",
               {{"Authorization", "Bearer " + token}},
               {}})
        .value();
  };
  const auto status = [&](const std::string& order) {
    return send(http::Method::post, "/v1/shop/order-status",
                fmt::format(R"({{"order":"{}","postcode":"LS1 1AA"}})", order))
        .status;
  };
  const std::string manager = sign_in(1, trade::Role::manager);
  const std::string colleague = sign_in(2, trade::Role::colleague);
  const std::string order =
      value_in(send(http::Method::post, paid_basket(1) + "/place", "", "one").body, "order");
  EXPECT_EQ(status(order), 200);
  EXPECT_EQ(problem(erase(order, colleague)), "role_not_allowed");
  EXPECT_EQ(problem(erase(order, "nobody")), "session_over");
  EXPECT_EQ(problem(erase(order, manager)), "order_open");
  EXPECT_EQ(problem(erase("9501-1-99-53", manager)), "document_unknown");
  must(*core_, trade::OnlineMoved{trade::parse_number(order)->counter, trade::OnlineVerb::cancel});
  int answer = 0;
  for (int i = 0; i < 500 && answer != 204; ++i) {
    shop_->step();
    held_units();
    answer = erase(order, manager).status;
  }
  EXPECT_EQ(answer, 204);
  EXPECT_EQ(status(order), 404);
}

TEST_F(Shopfronts, let_nobody_try_order_numbers_for_long) {
  int blocked = 0;
  for (std::uint32_t i = 1; i <= 30; ++i) {
    const auto number = trade::to_string({web_code, 1, i});
    const auto told = send(http::Method::post, "/v1/shop/order-status",
                           fmt::format(R"({{"order":"{}","postcode":"LS1 1AA"}})", number));
    blocked += told.status == 429;
    EXPECT_TRUE(told.status == 404 || told.status == 429) << told.body;
  }
  EXPECT_EQ(blocked, 20);
}

TEST(Shopfront, is_not_there_at_a_store) {
  testing::Shop store;
  EXPECT_EQ(store.send(http::Method::get, "/v1/shop/catalogue").status, 404);
}

}  // namespace
}  // namespace api
