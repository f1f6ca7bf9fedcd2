#include "api/api.h"

#include <thread>

#include "api/routes.h"
#include "api/testing/kit.h"
#include "api/testing/samples.h"
#include "trade/rules.h"

namespace api {
namespace {

using namespace testing;
using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using trade::Role;

constexpr std::string_view one_soap = R"({"rows":[{"product":"soap","units":1,"pence":210}]})";
constexpr std::uint8_t manager = 1, colleague = 2, till = 3;

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& field : response.headers)
    if (field.name == name) return field.value;
  return "";
}
std::string problem(const http::Response& response) {
  const std::string type = value_in(response.body, "type");
  return type.starts_with("/problems/") ? type.substr(10) : "no problem: " + response.body;
}

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    shop.enrol_person(manager, Role::manager);
    shop.enrol_person(colleague, Role::colleague);
    shop.enrol_device(till);
  }
  Shop shop;
};

TEST_F(ApiTest, a_sale_is_an_event_with_a_name_and_everything_that_was_said) {
  const std::string token = shop.sign_in(colleague);
  const auto sold = shop.post(token, "/v1/sales",
                              R"({"rows":[{"product":"soap","units":2,"pence":420},)"
                              R"({"product":"peas","units":1,"pence":199}]})");
  EXPECT_EQ(sold.status, 201);
  EXPECT_EQ(header(sold, "Content-Type"), "application/json");
  EXPECT_THAT(sold.body, HasSubstr(R"("kind":"goods_moved","actor":2,"body":{"cause":"sale",)"
                                   R"("rows":[{"product":"soap","units":2,"pence":420},)"
                                   R"({"product":"peas","units":1,"pence":199}]})"));
  EXPECT_EQ(value_in(shop.get(token, "/v1/lines/soap").body, "on_hand_units"), "-2");
}

TEST_F(ApiTest, a_request_that_comes_again_gets_the_same_answer_and_happens_once) {
  const std::string token = shop.sign_in(colleague);
  const auto first = shop.post(token, "/v1/sales", std::string(one_soap), "k1");
  const auto again = shop.post(token, "/v1/sales", std::string(one_soap), "k1");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(value_in(shop.get(token, "/v1/lines/soap").body, "on_hand_units"), "-1");
  const auto other = shop.post(token, "/v1/waste", std::string(one_soap), "k1");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(problem(other), "idempotency_key_reused");
}

TEST_F(ApiTest, the_same_key_of_another_person_is_another_key) {
  const auto first = shop.post(shop.sign_in(colleague), "/v1/sales", std::string(one_soap), "k1");
  const auto other = shop.post(shop.sign_in(manager), "/v1/sales", std::string(one_soap), "k1");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(other.status, 201);
}

TEST_F(ApiTest, a_key_that_is_being_answered_is_busy) {
  const std::string token = shop.sign_in(colleague);
  std::latch blocked(1), go_on(1);
  ASSERT_TRUE(shop.core->ask([&](const site::View&) { blocked.count_down(), go_on.wait(); }));
  blocked.wait();
  http::Response first;
  std::thread sender([&] { first = shop.post(token, "/v1/sales", std::string(one_soap), "k1"); });
  while (shop.server->counts().requests_open == 0) std::this_thread::yield();
  http::Response second{0};
  // The first may not have come as far as its key; then it is the one that is told.
  second = shop.server->counts().requests_open > 0
               ? shop.post(token, "/v1/sales", R"({"rows":"not decided"})", "k2")
               : second;
  EXPECT_EQ(problem(second), "value_wrong");
  second = shop.post(token, "/v1/sales", std::string(one_soap), "k1");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(problem(second), "idempotency_key_busy");
  go_on.count_down();
  sender.join();
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(shop.post(token, "/v1/sales", std::string(one_soap), "k1").status, 200);
}

TEST_F(ApiTest, a_full_queue_is_said_with_a_time_to_come_again) {
  const std::string token = shop.sign_in(colleague);
  std::latch blocked(1), go_on(1);
  ASSERT_TRUE(shop.core->ask([&](const site::View&) { blocked.count_down(), go_on.wait(); }));
  blocked.wait();
  while (shop.core->ask([](const site::View&) {})) {
  }
  const auto refused = shop.post(token, "/v1/sales", std::string(one_soap), "k1");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(problem(refused), "busy");
  EXPECT_EQ(header(refused, "Retry-After"), "1");
  EXPECT_EQ(problem(shop.get(token, "/v1/site")), "busy");
  EXPECT_EQ(shop.get(token, "/healthz").status, 200);
  go_on.count_down();
  http::Response sold;
  do {
    sold = shop.post(token, "/v1/sales", std::string(one_soap), "k1");
  } while (sold.status == 503);
  EXPECT_EQ(sold.status, 201);
}

TEST_F(ApiTest, a_person_names_every_command) {
  const std::string token = shop.sign_in(colleague);
  const auto with_key = [&](std::vector<http::Field> headers) {
    headers.push_back({"Authorization", "Bearer " + token});
    return shop.send(Method::post, "/v1/sales", std::string(one_soap), std::move(headers));
  };
  EXPECT_EQ(problem(with_key({})), "idempotency_key_missing");
  EXPECT_EQ(problem(with_key({{"Idempotency-Key", std::string(256, 'k')}})),
            "idempotency_key_wrong");
  EXPECT_EQ(problem(with_key({{"Idempotency-Key", "two words"}})), "idempotency_key_wrong");
  EXPECT_EQ(with_key({{"Idempotency-Key", std::string(255, 'k')}}).status, 201);
}

TEST_F(ApiTest, a_device_counts_its_commands) {
  const auto sell = [&](const std::string& sequence) {
    return shop.send(Method::post, "/v1/sales", std::string(one_soap),
                     {{"Device-Sequence", sequence}}, till);
  };
  const auto sold = sell("1");
  EXPECT_EQ(sold.status, 201);
  EXPECT_THAT(sold.body, HasSubstr(R"("device":1,"sequence":1,)"));
  EXPECT_EQ(problem(sell("1")), "already_done");
  EXPECT_EQ(sell("7").status, 201);
  EXPECT_EQ(sell("6").status, 409);
  for (const std::string wrong : {"0", "x", "1x", "-1", "18446744073709551616"})
    EXPECT_EQ(problem(sell(wrong)), "device_sequence_wrong") << wrong;
  EXPECT_EQ(problem(shop.send(Method::post, "/v1/sales", std::string(one_soap), {}, till)),
            "device_sequence_missing");
}

TEST_F(ApiTest, a_device_that_names_its_command_gets_the_same_answer_again) {
  const auto sell = [&](const std::string& sequence, const std::string& key) {
    return shop.send(Method::post, "/v1/sales", std::string(one_soap),
                     {{"Device-Sequence", sequence}, {"Idempotency-Key", key}}, till);
  };
  const auto first = sell("1", "k1");
  EXPECT_EQ(first.status, 201);
  const auto again = sell("1", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(problem(sell("1", "k2")), "already_done");
}

TEST_F(ApiTest, a_person_at_a_device_is_both) {
  const auto sold = shop.send(
      Method::post, "/v1/sales", std::string(one_soap),
      {{"Authorization", "Bearer " + shop.sign_in(colleague)}, {"Device-Sequence", "1"}}, till);
  EXPECT_EQ(sold.status, 201);
  EXPECT_THAT(sold.body, HasSubstr(R"("actor":2,"device":1,"sequence":1,)"));
}

TEST_F(ApiTest, a_key_that_is_no_devices_opens_nothing) {
  EXPECT_EQ(problem(shop.send(Method::get, "/v1/site", "", {}, 77)), "device_not_enrolled");
  EXPECT_EQ(problem(shop.send(Method::get, "/v1/site", "", {}, manager)), "device_not_enrolled");
}

TEST_F(ApiTest, an_ended_device_is_turned_away) {
  EXPECT_EQ(shop.send(Method::get, "/v1/site", "", {}, till).status, 200);
  EXPECT_EQ(shop.as(shop.sign_in(manager), Method::del, "/v1/devices/1").status, 201);
  EXPECT_EQ(shop.send(Method::get, "/v1/site", "", {}, till).status, 401);
}

TEST_F(ApiTest, an_ended_person_is_out_at_once) {
  const std::string token = shop.sign_in(colleague);
  EXPECT_EQ(shop.get(token, "/v1/site").status, 200);
  EXPECT_EQ(shop.as(shop.sign_in(manager), Method::del, "/v1/people/2").status, 201);
  EXPECT_EQ(shop.get(token, "/v1/site").status, 401);
  EXPECT_EQ(problem(shop.post(token, "/v1/sales", std::string(one_soap))), "session_over");
}

TEST_F(ApiTest, a_refusal_is_a_problem_that_names_what_stands_in_the_way) {
  const std::string token = shop.sign_in(manager);
  const auto waste = shop.post(token, "/v1/waste", std::string(one_soap));
  EXPECT_EQ(waste.status, 409);
  EXPECT_EQ(header(waste, "Content-Type"), "application/problem+json");
  EXPECT_EQ(waste.body,
            R"({"type":"/problems/not_enough","title":"there are fewer units than that",)"
            R"("status":409,"product":"soap"})");
  const auto unknown = shop.post(token, "/v1/sales", R"({"rows":[{"product":"P9","units":1}]})");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(value_in(unknown.body, "product"), "P9");
  const auto wrong = shop.post(token, "/v1/sales", R"({"rows":[{"product":"soap","units":"1"}]})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(value_in(wrong.body, "pointer"), "/rows/0/units");
  EXPECT_THAT(value_in(wrong.body, "detail"), StartsWith("expected a whole number"));
}

TEST_F(ApiTest, lines_that_only_the_answer_names_have_their_products) {
  const std::string token = shop.sign_in(manager);
  shop.must(trade::GoodsMoved{trade::Cause::opening, {{trade::testing::soap, 5, 0, {}}}});
  const auto expected = shop.post(
      token, "/v1/inbound",
      R"({"supplier":"S1","due":"2026-11-30","rows":[{"product":"soap","units":12}]})", "k1");
  ASSERT_EQ(expected.status, 201) << expected.body;
  const std::string number = value_in(expected.body, "number");
  EXPECT_THAT(number, StartsWith("0042-1-1-"));
  // A repetition has only its event to tell of.
  const auto again = shop.post(
      token, "/v1/inbound",
      R"({"supplier":"S1","due":"2026-11-30","rows":[{"product":"soap","units":12}]})", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, expected.body);
  EXPECT_THAT(shop.get(token, "/v1/inbound").body, HasSubstr(number));
}

TEST_F(ApiTest, nothing_but_json_is_read) {
  const std::string token = shop.sign_in(manager);
  const auto as_type = [&](const std::string& type) {
    const auto response = shop.client().send(
        {Method::post,
         "/v1/sales",
         {{"Authorization", "Bearer " + token}, {"Idempotency-Key", "k"}, {"Content-Type", type}},
         std::string(one_soap)});
    return response->status;
  };
  EXPECT_EQ(as_type("text/plain"), 415);
  EXPECT_EQ(as_type("application/x-www-form-urlencoded"), 415);
  EXPECT_EQ(as_type("application/json; charset=utf-8"), 201);
}

TEST_F(ApiTest, what_is_not_there_is_said) {
  EXPECT_EQ(problem(shop.send(Method::get, "/v2/sales")), "not_found");
  EXPECT_EQ(problem(shop.send(Method::get, "/v1/sales/")), "not_found");
  EXPECT_EQ(problem(shop.send(Method::get, "/v1")), "not_found");
  const auto wrong = shop.send(Method::get, "/v1/sales");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(header(wrong, "Allow"), "POST");
  EXPECT_EQ(header(shop.send(Method::del, "/v1/lines/soap"), "Allow"), "GET, HEAD, PUT");
}

TEST_F(ApiTest, every_resource_but_the_open_ones_asks_who_is_there) {
  for (const Route& route : routes()) {
    std::string target;
    std::ranges::remove_copy_if(route.path, std::back_inserter(target),
                                [](char c) { return c == '{' || c == '}'; });
    const auto response = shop.send(route.method, target);
    if (route.access == Access::anybody)
      EXPECT_NE(response.status, 401) << route.path;
    else
      EXPECT_EQ(response.status, 401) << route.path;
  }
}

TEST_F(ApiTest, every_person_may_ask_every_question) {
  const std::string token = shop.sign_in(colleague);
  for (const Route& route : routes()) {
    if (route.access != Access::enrolled || route.method != Method::get ||
        route.duty == Duty::get_events)
      continue;
    std::string target(route.path);
    if (route.duty == Duty::get_line) target = "/v1/lines/soap";
    if (route.duty == Duty::get_pick_list || route.duty == Duty::get_label) continue;
    if (route.duty == Duty::get_parcel_pick_page || route.duty == Duty::get_parcel_labels) continue;
    if (route.duty == Duty::get_load_sheet) target += "?vehicle=V1&delivery=2026-11-30";
    if (route.duty == Duty::get_night) target = "/v1/nights/2026-11-30";
    const auto response = shop.get(token, target);
    // What should be in the drawers only those in charge see.
    if (route.duty == Duty::get_ledger) {
      EXPECT_EQ(problem(response), "role_not_allowed");
      EXPECT_EQ(shop.get(shop.sign_in(manager), target).status, 200);
      continue;
    }
    // This shop keeps no history and has no evening, so they are not there.
    if (route.duty == Duty::get_history || route.duty == Duty::get_night) {
      EXPECT_EQ(problem(response), "not_found") << target;
      continue;
    }
    EXPECT_EQ(response.status, 200) << target << response.body;
    EXPECT_THAT(response.body, StartsWith("{")) << target;
  }
}

// A session for each role of a person, and the till.
TEST(ApiRoles, who_may_do_what_is_what_the_rules_say) {
  for (const trade::SiteKind kind : {trade::SiteKind::store, trade::SiteKind::depot}) {
    Shop shop(kind);
    std::vector<std::string> tokens;
    for (std::uint8_t role = 0; role < static_cast<std::uint8_t>(Role::device); ++role) {
      shop.enrol_person(static_cast<std::uint8_t>(role + 1), static_cast<Role>(role));
      tokens.push_back(shop.sign_in(static_cast<std::uint8_t>(role + 1)));
    }
    shop.enrol_device(100);
    int sequence = 0;
    std::size_t walked = 0;
    for (const Route& route : routes()) {
      if (route.duty != Duty::command) continue;
      const auto sample = std::ranges::find(sample_requests, route.path, &SampleRequest::route);
      ASSERT_NE(sample, sample_requests.end()) << route.path;
      auto body = read_command(route.kind,
                               {route.word, find_route(route.method, sample->target)->values[0]},
                               sample->body);
      ASSERT_TRUE(body) << route.path << body.error().pointer << body.error().expected;
      const auto verb = trade::verb_of(body->body);
      ASSERT_TRUE(verb) << route.path;
      for (std::size_t role = 0; role <= tokens.size(); ++role) {
        const bool is_device = role == tokens.size();
        const auto response =
            is_device
                ? shop.send(route.method, std::string(sample->target), std::string(sample->body),
                            {{"Device-Sequence", std::to_string(++sequence)}}, 100)
                : shop.as(tokens[role], route.method, std::string(sample->target),
                          std::string(sample->body));
        const auto verdict =
            trade::permits(kind, is_device ? Role::device : static_cast<Role>(role), *verb);
        const std::string said = problem(response);
        if (!verdict)
          EXPECT_EQ(said, row_of(verdict.error().why).name) << route.path << " role " << role;
        else
          EXPECT_THAT(said, ::testing::AllOf(Not("role_not_allowed"), Not("kind_not_allowed")))
              << route.path << " role " << role;
        ++walked;
      }
    }
    EXPECT_EQ(walked, sample_requests.size() * 7);
  }
}

}  // namespace
}  // namespace api
