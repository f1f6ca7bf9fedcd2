// A till over HTTP: a colleague sells, a manager allows, and whatever else somebody may send.
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "api/testing/kit.h"
#include "site/key.h"
#include "till/desk.h"
#include "till/simulated_terminal.h"
#include "till/testing/kit.h"

namespace api {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr trade::SiteCode till_code{4'201}, owner_code{9'901};

// A till that is served without TLS, with a manager (key 1) and a colleague (key 2).
class Tillfronts : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("tillfront-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    site::CoreOptions options;
    options.data = folder_;
    options.site = {till_code, trade::SiteKind::till, 1};
    options.estate = "sample";
    core_ =
        site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy()).value();
    door_ = std::make_unique<site::Door>(*core_, io::real_clock(), io::real_entropy());
    enrol(1, trade::Role::manager);
    enrol(2, trade::Role::colleague);
    desk_ = std::make_unique<till::Desk>(till::DeskOptions{}, *core_, tables_, terminal_, owner_);
    ApiOptions how;
    how.till = desk_.get();
    api_ = std::make_unique<Api>(*core_, *door_, io::real_clock(), io::real_disk(), how);
    http::ServerOptions serving;
    serving.headers_wanted = Api::headers_wanted();
    server_ = http::Server::start(serving, *api_).value();
    manager_ = sign_in(1);
    colleague_ = sign_in(2);
  }
  void TearDown() override {
    server_.reset();
    api_.reset();
    desk_.reset();
    door_.reset();
    core_.reset();
    std::filesystem::remove_all(folder_);
  }

  void enrol(std::uint8_t key, trade::Role role) {
    std::latch told(1);
    EXPECT_TRUE(core_->submit(
        site::testing::wish(trade::PersonEnrolled{{}, role, {secret(key).public_key()}}),
        [&](const site::Outcome& outcome, const site::View&) {
          EXPECT_EQ(site::testing::word(outcome), "done");
          told.count_down();
        }));
    told.wait();
  }
  http::Response send(http::Method method, const std::string& target, const std::string& body,
                      std::vector<http::Field> headers) {
    http::Dial dial;
    dial.address = "127.0.0.1";
    dial.port = server_->port();
    if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
    auto response = http::Client(dial).send({method, target, std::move(headers), body});
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response.value_or(http::Response{0});
  }
  std::string sign_in(std::uint8_t key) {
    const auto challenge = send(http::Method::post, "/v1/challenges", "", {});
    const std::string word = value_in(challenge.body, "challenge");
    const auto signature = secret(key).sign(site::session_text(core_->key().name, word));
    const auto session =
        send(http::Method::post, "/v1/sessions",
             fmt::format(R"({{"public_key":"{}","challenge":"{}","signature":"{}"}})",
                         base64(secret(key).public_key()), word, base64(signature)),
             {});
    EXPECT_EQ(session.status, 201) << session.body;
    return value_in(session.body, "token");
  }
  // By the colleague; every request has a key of its own unless one is given.
  http::Response call(http::Method method, const std::string& target, const std::string& body = "",
                      std::string key = "") {
    if (key.empty()) key = fmt::format("key-{}", ++keys_);
    return send(method, target, body,
                {{"Authorization", "Bearer " + colleague_}, {"Idempotency-Key", key}});
  }
  http::Response post(const std::string& target, const std::string& body = "",
                      const std::string& key = "") {
    return call(http::Method::post, target, body, key);
  }
  static std::string problem(const http::Response& response) {
    EXPECT_GE(response.status, 400) << response.body;
    const std::string type = value_in(response.body, "type");
    return type.substr(type.rfind('/') + 1);
  }
  void open_drawer() {
    const auto opened = post("/v1/till/drawer", R"({"verb":"open","pence":10000})");
    ASSERT_EQ(opened.status, 201) << opened.body;
  }

  std::filesystem::path folder_;
  std::unique_ptr<site::Core> core_;
  std::unique_ptr<site::Door> door_;
  till::TablesInUse tables_{till::testing::shop_tables()};
  till::SimulatedTerminal terminal_{{.approve_pence_max = 1'000}};
  till::UnreachedCardOwner owner_{owner_code};
  std::unique_ptr<till::Desk> desk_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<http::Server> server_;
  std::string manager_, colleague_;
  int keys_ = 0;
};

TEST_F(Tillfronts, sell_for_cash_and_card_and_give_the_same_receipt_again) {
  open_drawer();
  const auto scanned = post("/v1/till/basket/items", R"({"product":"milk","units":2})");
  ASSERT_EQ(scanned.status, 200) << scanned.body;
  EXPECT_THAT(scanned.body, HasSubstr(R"("product":"milk","title":"Whole milk 2 l","units":2)"));
  EXPECT_EQ(value_in(scanned.body, "to_pay_pence"), "310");
  const auto member =
      call(http::Method::put, "/v1/till/basket/card", R"({"number":"6335000000000003"})");
  EXPECT_EQ(value_in(member.body, "to_pay_pence"), "280");
  EXPECT_EQ(problem(post("/v1/till/basket/complete", "", "sale")), "not_paid");
  EXPECT_EQ(post("/v1/till/basket/tenders/card", R"({"pence":100})").status, 200);
  desk_->step();
  // The terminal's answer goes through the journal first.
  const auto is_approved = [&] {
    return call(http::Method::get, "/v1/till/basket").body.contains(R"("state":"approved")");
  };
  for (int i = 0; i < 500 && !is_approved(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto cash = post("/v1/till/basket/tenders/cash", R"({"pence":200})");
  EXPECT_EQ(value_in(cash.body, "change_pence"), "20");
  EXPECT_THAT(cash.body, HasSubstr(R"("state":"approved")"));
  const auto done = post("/v1/till/basket/complete", "", "sale");
  ASSERT_EQ(done.status, 201) << done.body;
  EXPECT_THAT(done.body, HasSubstr("Change"));
  const auto again = post("/v1/till/basket/complete", "", "sale");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(value_in(again.body, "receipt"), value_in(done.body, "receipt"));
  const std::string number = value_in(done.body, "receipt");
  EXPECT_THAT(post("/v1/till/receipts/" + number + "/copy").body, HasSubstr("COPY 1"));
  EXPECT_EQ(problem(post("/v1/till/receipts/4201-1-9-99/copy")), "not_found");
}

TEST_F(Tillfronts, a_second_person_shows_who_he_is_by_his_own_session) {
  open_drawer();
  post("/v1/till/basket/items", R"({"product":"milk","units":20})");
  const std::string at = "/v1/till/basket/lines/0/void";
  EXPECT_EQ(problem(post(at, R"({"reason":"scanned_wrong"})")), "second_missing");
  EXPECT_EQ(problem(post(at, R"({"reason":"scanned_wrong","second":"1"})")), "session_over");
  const auto second = [](const std::string& token) {
    return fmt::format(R"({{"reason":"scanned_wrong","second":"{}"}})", token);
  };
  EXPECT_EQ(problem(post(at, second(colleague_))), "second_missing");
  EXPECT_EQ(post(at, second(manager_)).status, 200);
  EXPECT_EQ(problem(post("/v1/till/basket/lines/9/void", second(manager_))), "basket_line_unknown");
}

TEST_F(Tillfronts, what_is_in_the_way_has_sellings_own_words) {
  open_drawer();
  EXPECT_EQ(problem(post("/v1/till/basket/items", R"({"code":"5000000000000"})")),
            "code_check_digit");
  EXPECT_EQ(problem(post("/v1/till/basket/items", R"({"code":"4242424242424242"})")),
            "code_length");
  EXPECT_EQ(problem(post("/v1/till/basket/items", R"({"product":"moon"})")), "product_unknown");
  const auto whisky = post("/v1/till/basket/items", R"({"product":"whisky"})");
  EXPECT_THAT(whisky.body, HasSubstr(R"("why":"age_unchecked")"));
  EXPECT_EQ(problem(post("/v1/till/basket/tenders/cash", R"({"pence":2000})")), "basket_refused");
  const auto checked =
      call(http::Method::put, "/v1/till/basket/age", R"({"years":18,"passed":true})");
  EXPECT_THAT(checked.body, HasSubstr(R"("hindrances":[])"));
}

TEST_F(Tillfronts, no_request_takes_the_number_of_a_banks_card) {
  open_drawer();
  post("/v1/till/basket/items", R"({"product":"milk"})");
  for (const char* body :
       {R"({"pence":100,"number":"4242424242424242"})", R"({"pence":100,"pan":"4242424242424242"})",
        R"({"pence":100,"cvv":"123"})"})
    EXPECT_EQ(problem(post("/v1/till/basket/tenders/card", body)), "member_unknown");
  EXPECT_EQ(problem(post("/v1/till/basket/tenders/gift-card", R"({"code":"4242 4242 4242 4242"})")),
            "card_number_shown");
  EXPECT_EQ(
      problem(call(http::Method::put, "/v1/till/basket/card", R"({"number":"4242424242424242"})")),
      "card_unknown");
}

TEST_F(Tillfronts, bad_requests_are_problems_and_change_nothing) {
  open_drawer();
  const std::string items = "/v1/till/basket/items";
  EXPECT_EQ(problem(post(items, R"({"product":"milk","code":"1"})")), "value_wrong");
  EXPECT_EQ(problem(post(items, R"({})")), "value_wrong");
  EXPECT_EQ(problem(post(items, R"({"product":"milk","units":-1})")), "units_out_of_range");
  EXPECT_EQ(problem(post(items, R"({"product":"milk","units":99999999999})")), "value_wrong");
  EXPECT_EQ(problem(post(items, "{")), "malformed");
  EXPECT_EQ(problem(post("/v1/till/basket/tenders/cash", R"({"pence":-5})")), "pence_out_of_range");
  EXPECT_EQ(problem(post("/v1/till/basket/complete")), "basket_empty");
  EXPECT_EQ(problem(post("/v1/till/baskets/x/recall")), "not_found");
  EXPECT_EQ(problem(post("/v1/till/baskets/99/recall")), "basket_unknown");
  EXPECT_EQ(problem(post("/v1/till/drawer", R"({"verb":"void_line","reason":"test"})")),
            "move_not_listed");
  EXPECT_EQ(problem(post("/v1/till/refunds", R"({"way":"cash","reason":"test","items":[]})")),
            "document_empty");
  EXPECT_EQ(problem(send(http::Method::post, "/v1/till/basket/complete", "",
                         {{"Authorization", "Bearer " + colleague_}})),
            "idempotency_key_missing");
  EXPECT_EQ(problem(send(http::Method::get, "/v1/till", "", {})), "sign_in_needed");
  const auto state = call(http::Method::get, "/v1/till");
  EXPECT_EQ(value_in(state.body, "drawer"), "open");
  EXPECT_THAT(state.body, HasSubstr(R"("tenders":["cash","card"])"));
  EXPECT_THAT(call(http::Method::get, "/v1/till/basket").body, HasSubstr(R"("lines":[])"));
}

TEST_F(Tillfronts, a_shift_ends_with_a_count_and_z) {
  open_drawer();
  EXPECT_EQ(problem(post("/v1/till/drawer", R"({"verb":"no_sale"})")), "reason_missing");
  const auto x = post("/v1/till/drawer", R"({"verb":"read"})");
  EXPECT_EQ(x.status, 201);
  EXPECT_THAT(x.body, HasSubstr(R"("name":"sales","value":"0")"));
  EXPECT_EQ(post("/v1/till/drawer", R"({"verb":"count","pence":10000})").status, 201);
  const auto z = post("/v1/till/drawer", R"({"verb":"close"})", "z");
  EXPECT_EQ(value_in(z.body, "drawer"), "closed") << z.body;
  EXPECT_EQ(post("/v1/till/drawer", R"({"verb":"close"})", "z").status, 200);
}

}  // namespace
}  // namespace api
