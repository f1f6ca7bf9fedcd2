#include "api/identity.h"

#include "api/pages.h"
#include "api/testing/kit.h"

namespace api {
namespace {

using namespace testing;
using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint8_t manager = 1, colleague = 2, somebody = 9;

std::string problem(const http::Response& response) { return value_in(response.body, "type"); }
std::string header(const http::Response& response, std::string_view name) {
  for (const auto& field : response.headers)
    if (field.name == name) return field.value;
  return "";
}

class IdentityTest : public ::testing::Test {
 protected:
  IdentityTest() {
    shop.enrol_person(manager, trade::Role::manager);
    shop.enrol_person(colleague, trade::Role::colleague);
  }
  std::string enrolment(std::string_view code, std::uint8_t key) const {
    return fmt::format(R"({{"code":"{}","public_key":"{}"}})", code,
                       base64(secret(key).public_key()));
  }
  Shop shop;
};

TEST_F(IdentityTest, a_code_brings_in_a_person_once) {
  const auto code = shop.post(shop.sign_in(manager), "/v1/codes", R"({"role":"planner"})");
  ASSERT_EQ(code.status, 201) << code.body;
  EXPECT_EQ(value_in(code.body, "ends_in_ms"), "900000");
  const std::string word = value_in(code.body, "code");
  const auto enrolled = shop.send(Method::post, "/v1/enrolments", enrolment(word, somebody));
  EXPECT_EQ(enrolled.status, 201);
  EXPECT_EQ(enrolled.body, R"({"actor":3})");
  EXPECT_EQ(shop.get(shop.sign_in(somebody), "/v1/site").status, 200);
  EXPECT_EQ(problem(shop.send(Method::post, "/v1/enrolments", enrolment(word, 10))),
            "/problems/code_wrong");
}

TEST_F(IdentityTest, a_code_brings_in_a_device) {
  const auto code = shop.post(shop.sign_in(manager), "/v1/codes", R"({"role":"device"})");
  const auto enrolled =
      shop.send(Method::post, "/v1/enrolments", enrolment(value_in(code.body, "code"), somebody));
  EXPECT_EQ(enrolled.body, R"({"device":1})");
  EXPECT_EQ(shop.send(Method::get, "/v1/site", "", {}, somebody).status, 200);
}

TEST_F(IdentityTest, a_device_may_be_that_of_another_site) {
  const std::string token = shop.sign_in(manager);
  const auto code = shop.post(token, "/v1/codes", R"({"role":"device","site":"4201"})");
  EXPECT_EQ(value_in(code.body, "site"), "4201");
  const auto enrolled =
      shop.send(Method::post, "/v1/enrolments", enrolment(value_in(code.body, "code"), somebody));
  EXPECT_EQ(enrolled.body, R"({"device":1})");
  for (const char* target : {"/v1/site", "/v1/lines", "/v1/cards", "/stock"})
    EXPECT_GE(shop.send(Method::get, target, "", {}, somebody).status, 400) << target;
  const auto person = shop.post(token, "/v1/codes", R"({"role":"planner","site":"4201"})");
  EXPECT_EQ(problem(person), "/problems/value_wrong");
  EXPECT_EQ(value_in(person.body, "pointer"), "/site");
}

TEST_F(IdentityTest, a_key_is_enrolled_once) {
  const auto code = shop.post(shop.sign_in(manager), "/v1/codes", R"({"role":"device"})");
  const auto enrolled =
      shop.send(Method::post, "/v1/enrolments", enrolment(value_in(code.body, "code"), colleague));
  EXPECT_EQ(problem(enrolled), "/problems/key_in_use");
}

TEST_F(IdentityTest, only_those_who_may_enrol_get_codes) {
  const auto refused = shop.post(shop.sign_in(colleague), "/v1/codes", R"({"role":"manager"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(problem(refused), "/problems/role_not_allowed");
  const auto site = shop.post(shop.sign_in(manager), "/v1/codes", R"({"role":"site"})");
  EXPECT_EQ(problem(site), "/problems/value_wrong");
  EXPECT_EQ(value_in(site.body, "pointer"), "/role");
  shop.enrol_device(7);
  EXPECT_EQ(problem(shop.send(Method::post, "/v1/codes", R"({"role":"device"})", {}, 7)),
            "/problems/person_needed");
}

TEST_F(IdentityTest, no_code_is_given_where_enrolling_is_switched_off) {
  shop.enrol_person(5, trade::Role::incident);
  ASSERT_EQ(shop.post(shop.sign_in(5), "/v1/capabilities",
                      R"({"capability":"enrolling","mode":"closed"})")
                .status,
            201);
  EXPECT_EQ(problem(shop.post(shop.sign_in(manager), "/v1/codes", R"({"role":"planner"})")),
            "/problems/capability_closed");
}

TEST_F(IdentityTest, a_session_needs_the_key_that_it_is_for) {
  const auto challenge = shop.send(Method::post, "/v1/challenges");
  EXPECT_EQ(challenge.status, 201);
  const std::string word = value_in(challenge.body, "challenge");
  EXPECT_THAT(challenge.body, HasSubstr("stockade session v1\\u000a"));
  const auto begin = [&](std::uint8_t claimed, std::uint8_t signer, const std::string& of) {
    const auto signature = secret(signer).sign(site::session_text(shop.core->key().name, of));
    return problem(
        shop.send(Method::post, "/v1/sessions",
                  fmt::format(R"({{"public_key":"{}","challenge":"{}","signature":"{}"}})",
                              base64(secret(claimed).public_key()), of, base64(signature))));
  };
  EXPECT_EQ(begin(colleague, somebody, word), "/problems/signature_wrong");
  // It was good once.
  EXPECT_EQ(begin(colleague, colleague, word), "/problems/challenge_wrong");
  const std::string next = value_in(shop.send(Method::post, "/v1/challenges").body, "challenge");
  EXPECT_EQ(begin(somebody, somebody, next), "/problems/key_unknown");
}

TEST_F(IdentityTest, a_session_ends_when_it_is_said) {
  const std::string token = shop.sign_in(colleague);
  EXPECT_EQ(shop.as(token, Method::del, "/v1/sessions/current").status, 204);
  const auto refused = shop.get(token, "/v1/site");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(problem(refused), "/problems/session_over");
  EXPECT_EQ(header(refused, "WWW-Authenticate"), "Bearer");
}

TEST_F(IdentityTest, anything_but_a_token_that_was_given_is_no_session) {
  for (const std::string word : {"Bearer", "Bearer ", "Basic eDp5", "Bearer x", "x"})
    EXPECT_EQ(shop.send(Method::get, "/v1/site", "", {{"Authorization", word}}).status, 401)
        << word;
  EXPECT_EQ(problem(shop.send(Method::get, "/v1/site")), "/problems/sign_in_needed");
}

TEST_F(IdentityTest, guessing_codes_ends_in_too_many) {
  http::Response refused;
  for (int i = 0; i <= site::failures_a_minute_max; ++i)
    refused = shop.send(Method::post, "/v1/enrolments", enrolment("AAAAAAAA", somebody));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(problem(refused), "/problems/too_many");
  EXPECT_EQ(header(refused, "Retry-After"), "1");
}

TEST_F(IdentityTest, a_ticket_opens_the_pages_once) {
  const auto ticket = shop.post(shop.sign_in(colleague), "/v1/tickets");
  ASSERT_EQ(ticket.status, 201) << ticket.body;
  const std::string path = value_in(ticket.body, "path");
  const auto entered = shop.send(Method::get, path);
  EXPECT_EQ(entered.status, 303);
  EXPECT_EQ(header(entered, "Location"), "/");
  const std::string set = header(entered, "Set-Cookie");
  EXPECT_THAT(set, HasSubstr("; HttpOnly; SameSite=Strict; Secure"));
  const std::string cookie_pair = set.substr(0, set.find(';'));
  const auto page = shop.send(Method::get, "/", "", {{"Cookie", cookie_pair}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h1>State of site 0042</h1>"));
  EXPECT_EQ(shop.send(Method::get, path).status, 403);
  // The cookie is for pages and for nothing else.
  EXPECT_EQ(shop.send(Method::get, "/v1/site", "", {{"Cookie", cookie_pair}}).status, 401);
}

TEST_F(IdentityTest, who_has_no_session_is_told_how_to_get_in) {
  for (const char* path : {"/", "/stock", "/orders", "/journal"}) {
    const auto page = shop.send(Method::get, path, "", {{"Cookie", "session=guess"}});
    EXPECT_EQ(page.status, 401);
    EXPECT_THAT(page.body, HasSubstr("Ask your device for a ticket"));
    EXPECT_THAT(page.body, Not(HasSubstr("0042")));
  }
}

TEST(Cookie, is_found_by_its_name_if_it_stands_there_once) {
  EXPECT_EQ(cookie("session=a", "session"), "a");
  EXPECT_EQ(cookie("x=1; session=a=b; y=2", "session"), "a=b");
  EXPECT_EQ(cookie("xsession=1; session2=3", "session"), "");
  EXPECT_EQ(cookie("session=a; session=b", "session"), "");
  EXPECT_EQ(cookie("session", "session"), "");
  EXPECT_EQ(cookie("", "session"), "");
}

}  // namespace
}  // namespace api
