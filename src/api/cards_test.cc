// Gift cards over HTTP: sold, checked, held and spent; and whatever else somebody may send.
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/json_read.h"
#include "api/testing/kit.h"
#include "site/cards.h"

namespace api {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint8_t manager = 1, colleague = 2, till = 3;

site::CardKey the_key() {
  io::SimEntropy entropy(11);
  return site::CardKey::make(entropy);
}
std::string code_of(std::uint8_t number) {
  return to_string(trade::make_card_code(std::array<std::uint8_t, 16>{number, 7}));
}
std::string plain(std::string code) {
  std::erase(code, '-');
  return code;
}

// A store that owns cards.
class CardShop : public Shop {
 public:
  CardShop() {
    enrol_person(manager, trade::Role::manager);
    enrol_person(colleague, trade::Role::colleague);
    enrol_device(till);
    serve_with_cards();
  }
  ~CardShop() {
    server.reset();
    api.reset();
  }
  void serve_with_cards() {
    server.reset();
    api.reset();
    ApiOptions options;
    options.is_secure = true;
    options.cards = &cards;
    options.card_counts = [] {
      return site::CardCounts{5, 0, 0, {{trade::SiteCode{43}, 1, 7, "over_refund", "words"}}};
    };
    options.log = [this](std::string_view line) { log.append(line); };
    api =
        std::make_unique<Api>(*core, *door, io::real_clock(), io::real_disk(), std::move(options));
    http::ServerOptions serving;
    serving.certificates = {http::site_certificate(secret(200))};
    serving.headers_wanted = Api::headers_wanted();
    server = http::Server::start(serving, *api).value();
  }

  std::string log;
  site::Cards cards{*core, io::real_clock(), the_key(), site::testing::store_code};
};

class CardResourcesTest : public ::testing::Test {
 protected:
  // The name of the problem, or "" where there is none.
  static std::string problem(const http::Response& response) {
    const std::string type = value_in(response.body, "type");
    return response.status < 400 ? "" : type.substr(type.rfind('/') + 1);
  }
  http::Response activate(const std::string& code, int pence, const std::string& key = "") {
    return shop.post(at_till, "/v1/cards/activate",
                     fmt::format(R"({{"code":"{}","kind":"gift_card","pence":{},"site":"0042",)"
                                 R"("document":"0042-1-1-98"}})",
                                 code, pence),
                     key);
  }
  http::Response balance(const std::string& code) {
    return shop.send(http::Method::post, "/v1/cards/balance",
                     fmt::format(R"({{"code":"{}"}})", code));
  }
  http::Response hold(const std::string& code, int pence, int minutes = 30) {
    return shop.post(at_till, "/v1/cards/holds",
                     fmt::format(R"({{"code":"{}","pence":{},"site":"0042","minutes":{}}})", code,
                                 pence, minutes));
  }
  std::string digest_of(const std::string& code) {
    return value_in(
        shop.post(at_till, "/v1/cards/look", fmt::format(R"({{"code":"{}"}})", code)).body, "card");
  }
  http::Response move(const std::string& verb, const std::string& code) {
    return shop.post(signed_in, "/v1/cards/" + verb,
                     fmt::format(R"({{"card":"{}"}})", digest_of(code)));
  }

  CardShop shop;
  const std::string signed_in = shop.sign_in(manager), at_till = shop.sign_in(colleague);
};

TEST_F(CardResourcesTest, sell_a_card_hold_capture_release_and_tell_its_balance) {
  const std::string code = code_of(1);
  const auto sold = activate(code, 2'500, "one");
  ASSERT_EQ(sold.status, 201) << sold.body;
  EXPECT_EQ(value_in(sold.body, "kind"), "card_activated");
  EXPECT_EQ(value_in(sold.body, "card"), digest_of(code));
  EXPECT_EQ(balance(code).body, R"({"kind":"gift_card","state":"active","pence":2500})");
  const auto held = hold(code, 1'000);
  ASSERT_EQ(held.status, 201) << held.body;
  const std::string number = value_in(held.body, "hold");
  EXPECT_EQ(value_in(balance(code).body, "pence"), "1500");
  EXPECT_EQ(shop.post(at_till, "/v1/cards/holds/capture",
                      fmt::format(R"({{"hold":"{}","pence":400,"receipt":"0042-1-1-98"}})", number))
                .status,
            201);
  EXPECT_EQ(shop.post(at_till, "/v1/cards/holds/release", fmt::format(R"({{"hold":"{}"}})", number))
                .status,
            201);
  EXPECT_EQ(value_in(balance(code).body, "pence"), "2100");
  const auto credited = shop.post(
      at_till, "/v1/cards/credit",
      fmt::format(R"({{"code":"{}","pence":100,"site":"0043","refund":"0043-1-1-60"}})", code));
  EXPECT_EQ(credited.status, 201) << credited.body;
  EXPECT_EQ(value_in(balance(code).body, "pence"), "2200");
  const auto sums = shop.get(signed_in, "/v1/cards");
  EXPECT_EQ(value_in(sums.body, "gift_card_pence"), "2200");
  EXPECT_EQ(value_in(sums.body, "key"), the_key().id());
  EXPECT_EQ(value_in(sums.body, "card_day_pence"), "5000");
}

TEST_F(CardResourcesTest, do_what_is_sent_again_once_however_the_code_was_typed) {
  const std::string code = code_of(1);
  const auto sold = activate(code, 2'500, "one");
  const auto again = activate(plain(code), 2'500, "one");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, sold.body);
  EXPECT_EQ(problem(activate(code_of(2), 2'500, "one")), "idempotency_key_reused");
  EXPECT_EQ(problem(activate(code, 2'501, "one")), "idempotency_key_reused");
  EXPECT_EQ(problem(activate(code, 2'500)), "move_not_listed") << "another sale of it";
  EXPECT_EQ(value_in(balance(code).body, "pence"), "2500");
  // A till counts.
  const std::string body =
      fmt::format(R"({{"code":"{}","pence":100,"site":"0042","minutes":5}})", code);
  const auto by_till = [&](int sequence) {
    return shop.send(http::Method::post, "/v1/cards/holds", body,
                     {{"Device-Sequence", std::to_string(sequence)}}, till);
  };
  EXPECT_EQ(by_till(1).status, 201);
  EXPECT_EQ(problem(by_till(1)), "already_done");
  EXPECT_EQ(value_in(balance(code).body, "pence"), "2400");
}

// The property: whatever is wrong with a code of the right form, the answer is the same bytes.
TEST_F(CardResourcesTest, tell_nobody_a_stopped_card_from_a_frozen_one_or_from_none) {
  ASSERT_EQ(activate(code_of(1), 2'500).status, 201);
  ASSERT_EQ(activate(code_of(2), 2'500).status, 201);
  ASSERT_EQ(move("stop", code_of(1)).status, 201);
  ASSERT_EQ(move("freeze", code_of(2)).status, 201);
  std::set<std::string> answers;
  // One of these is a card's under another key only.
  for (std::uint8_t number = 1; number <= 25; ++number) {
    const auto said = balance(code_of(number));
    std::string all = fmt::format("{} {} {}", said.status, said.type, said.body);
    for (const http::Field& field : said.headers)
      if (field.name != "Request-Id" && field.name != "Date")
        all += fmt::format(" {}: {}", field.name, field.value);
    answers.insert(std::move(all));
  }
  EXPECT_EQ(answers.size(), 1u) << *answers.begin() << "\n" << *answers.rbegin();
  EXPECT_THAT(*answers.begin(), HasSubstr("/problems/card_unknown"));
  ASSERT_EQ(move("thaw", code_of(2)).status, 201);
  EXPECT_EQ(value_in(balance(code_of(2)).body, "pence"), "2500");
}

TEST_F(CardResourcesTest, refuse_a_mistyped_code_as_often_as_it_comes_and_never_repeat_it) {
  std::string code = plain(code_of(1));
  code.back() = code.back() == '2' ? '3' : '2';
  for (int i = 0; i < 2 * site::balance_checks_a_minute_max; ++i) {
    const auto said = balance(code);
    ASSERT_EQ(problem(said), "card_code_check");
    ASSERT_EQ(value_in(said.body, "pointer"), "/code");
    ASSERT_THAT(said.body, Not(HasSubstr(code)));
  }
  EXPECT_EQ(problem(balance(code.substr(1))), "card_code_length");
  EXPECT_EQ(problem(balance("0" + code.substr(1))), "card_code_alphabet");
  EXPECT_EQ(problem(balance(std::string(65, 'A'))), "value_wrong");
  EXPECT_EQ(problem(balance(code_of(1))), "card_unknown") << "none of these was counted";
}

TEST_F(CardResourcesTest, let_nobody_try_codes_for_long) {
  int blocked = 0;
  for (std::uint8_t number = 1; number <= site::balance_checks_a_minute_max + 10; ++number) {
    const auto said = balance(code_of(number));
    EXPECT_TRUE(problem(said) == "card_unknown" || problem(said) == "too_many") << said.body;
    blocked += said.status == 429;
  }
  EXPECT_EQ(blocked, 10);
}

TEST_F(CardResourcesTest, answer_what_is_wrong_with_a_problem_and_book_nothing) {
  const std::string code = code_of(1);
  ASSERT_EQ(activate(code, 2'500).status, 201);
  EXPECT_EQ(problem(activate(code_of(2), 0)), "pence_out_of_range");
  EXPECT_EQ(problem(activate(code_of(2), -5)), "pence_out_of_range");
  EXPECT_EQ(problem(activate(code_of(2), 2'000'000'000)), "pence_out_of_range");
  EXPECT_EQ(problem(hold(code, 2'501)), "balance_too_low");
  EXPECT_EQ(problem(hold(code, 100, 0)), "value_wrong");
  EXPECT_EQ(problem(hold(code, 100, hold_minutes_max + 1)), "value_wrong");
  EXPECT_EQ(problem(hold(code_of(2), 100)), "move_not_listed");
  const auto post = [&](const std::string& path, const std::string& body) {
    return problem(shop.post(at_till, "/v1/cards/" + path, body));
  };
  EXPECT_EQ(post("holds", "{"), "malformed");
  EXPECT_EQ(
      post("holds", fmt::format(R"({{"code":"{}","pence":1e9,"site":"0042","minutes":5}})", code)),
      "value_wrong");
  EXPECT_EQ(post("holds", fmt::format(R"({{"code":"{}","pence":9,"site":"0042","minutes":5,)"
                                      R"("currency":"EUR"}})",
                                      code)),
            "member_unknown");
  EXPECT_EQ(post("holds/release", R"({"hold":"0042-1-1-98"})"), "hold_unknown");
  EXPECT_EQ(post("holds/release", R"({"hold":"0042-1-1-98","tick_ms":5})"), "member_decided");
  EXPECT_EQ(post("holds/release", R"({"hold":"0042-1-1-98","verb":"expire"})"), "member_in_path");
  EXPECT_EQ(post("freeze", fmt::format(R"({{"card":"{}"}})", digest_of(code))), "role_not_allowed");
  EXPECT_EQ(problem(shop.send(http::Method::post, "/v1/cards/look",
                              fmt::format(R"({{"code":"{}"}})", code))),
            "sign_in_needed");
  EXPECT_EQ(balance(code).body, R"({"kind":"gift_card","state":"active","pence":2500})");
}

TEST_F(CardResourcesTest, keep_codes_out_of_answers_log_and_journal) {
  const std::string code = code_of(1);
  std::string all = activate(code, 2'500).body + hold(code, 100).body + balance(code).body +
                    move("stop", code).body + balance(code).body + activate(code, 1).body;
  shop.server.reset();
  all += shop.log;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.folder()))
    if (entry.is_regular_file()) all += io::read_file(io::real_disk(), entry.path()).value();
  EXPECT_GT(all.size(), 1'000u);
  EXPECT_EQ(all.find(code), std::string::npos);
  EXPECT_EQ(all.find(plain(code)), std::string::npos);
}

// A card whose money was held, captured, and spent once more without asking.
TEST_F(CardResourcesTest, show_losses_with_names_beside_the_bound) {
  const std::string code = code_of(1);
  ASSERT_EQ(activate(code, 5'000).status, 201);
  EXPECT_EQ(value_in(shop.get(signed_in, "/v1/cards/losses").body, "rows"), "[");
  const trade::CardDigest card = *shop.cards.digest_of(code);
  trade::SaleMade sale;
  sale.vat = {{trade::VatCode::standard, 2'000, 4'000, trade::vat_of(4'000, 2'000)}};
  sale.tenders = {{.kind = trade::TenderKind::gift_card_offline,
                   .pence = 4'000,
                   .card = card,
                   .owner = site::testing::store_code}};
  sale.rows = {{site::testing::soap, 1, 0, 4'000, 4'000, trade::VatCode::standard, {}}};
  trade::Origin by;
  by.actor = trade::ActorNo{1};
  std::latch done(1);
  ASSERT_TRUE(shop.core->submit(site::testing::wish(sale, by),
                                [&](const site::Outcome& outcome, const site::View&) {
                                  EXPECT_EQ(site::testing::word(outcome), "done");
                                  done.count_down();
                                }));
  done.wait();
  const auto held = hold(code, 3'000);
  ASSERT_EQ(held.status, 201) << held.body;
  std::vector<trade::NoticeBooked> notices;
  std::latch asked(1);
  ASSERT_TRUE(shop.core->ask([&](const site::View& view) {
    for (const auto& [key, notice] : view.own.ledger.notices())
      notices.push_back({key.reader, key.epoch, key.sequence, notice});
    asked.count_down();
  }));
  asked.wait();
  ASSERT_EQ(notices.size(), 1u);
  shop.must(notices[0]);
  const auto losses = shop.get(signed_in, "/v1/cards/losses");
  EXPECT_THAT(losses.body, HasSubstr(R"("loss_pence":2000,"bound_pence":5000,"sites":2,"days":1)"));
  EXPECT_THAT(losses.body, HasSubstr(R"("site":"0042","receipt":"0042-1-)"));
  EXPECT_THAT(losses.body, HasSubstr(R"("claimed_pence":4000,"lost_pence":2000)"));
  EXPECT_EQ(problem(shop.get(signed_in, "/v1/cards/losses?after=x")), "query_wrong");
  EXPECT_THAT(shop.get(signed_in, "/v1/cards/losses?after=" + std::string(64, 'f')).body,
              HasSubstr(R"("rows":[],)"));
}

TEST_F(CardResourcesTest, tell_what_a_sale_may_take_without_asking) {
  const std::string code = code_of(1);
  ASSERT_EQ(activate(code, 6'000).status, 201);
  const auto look = shop.post(at_till, "/v1/cards/look", fmt::format(R"({{"code":"{}"}})", code));
  EXPECT_EQ(value_in(look.body, "heard"), "active");
  EXPECT_EQ(value_in(look.body, "unasked_pence"), "5000");
  EXPECT_EQ(value_in(look.body, "pending_pence"), "0");
}

// An order of a site that cannot be asked: a credit receipt, its code in the answer alone.
TEST_F(CardResourcesTest, refund_an_order_of_a_site_that_cannot_be_asked_within_caps) {
  const std::string allowed = fmt::format(R"(,"second":"{}")", signed_in);
  const auto refund = [&](int pence, std::string_view more, const std::string& key = "") {
    return shop.post(
        at_till, "/v1/cards/refund-elsewhere",
        fmt::format(R"({{"order":"9501-1-1-41","pence":{},"reason":"goods_faulty"{}}})", pence,
                    more),
        key);
  };
  EXPECT_EQ(problem(refund(620, "")), "second_missing") << "nobody here has heard of that order";
  const auto made = refund(620, allowed, "once");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string code = value_in(made.body, "code");
  EXPECT_TRUE(trade::parse_card_code(code));
  EXPECT_THAT(made.body, HasSubstr("code " + code));
  const auto again = refund(620, allowed, "once");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, made.body) << "the customer's paper can be printed again";
  EXPECT_EQ(balance(code).body, R"({"kind":"credit_receipt","state":"pending","pence":620})");
  EXPECT_EQ(value_in(shop.get(signed_in, "/v1/cards").body, "exposure_pence"), "620");
  EXPECT_EQ(problem(refund(9'381, allowed)), "over_exposure_cap");
  EXPECT_EQ(refund(9'380, allowed).status, 201);
  EXPECT_EQ(problem(refund(1, allowed)), "over_exposure_cap");
  EXPECT_EQ(problem(refund(1, R"(,"second":"nobody")")), "session_over");
  for (const char* body : {R"({"order":"0042-1-1-98","pence":1,"reason":"goods_faulty"})",
                           R"({"order":"9501-1-1-41","pence":1})", "[]"})
    EXPECT_GE(shop.post(at_till, "/v1/cards/refund-elsewhere", body).status, 400) << body;
  EXPECT_THAT(shop.log, Not(HasSubstr(code)));
}

TEST_F(CardResourcesTest, count_notices_that_cannot_be_booked) {
  const auto metrics = shop.send(http::Method::get, "/metrics");
  EXPECT_THAT(metrics.body, HasSubstr("stockade_notices_booked_total 5\n"));
  EXPECT_THAT(metrics.body,
              HasSubstr("stockade_notice_refused{site=\"0043\",why=\"over_refund\"} 1\n"));
}

TEST(CardResources, that_need_a_code_are_not_there_without_a_card_key) {
  testing::Shop store;
  store.enrol_person(manager, trade::Role::manager);
  const std::string token = store.sign_in(manager);
  const std::string body = fmt::format(R"({{"code":"{}"}})", code_of(1));
  EXPECT_EQ(store.send(http::Method::post, "/v1/cards/balance", body).status, 404);
  EXPECT_EQ(store.post(token, "/v1/cards/look", body).status, 404);
  EXPECT_EQ(store.get(token, "/v1/cards/losses").status, 200);
}

}  // namespace
}  // namespace api
