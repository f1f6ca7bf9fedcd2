// The site's pages: what people with a browser see.
#include "api/pages.h"

#include <future>

#include "api/html.h"
#include "api/testing/kit.h"
#include "site/cut_offs.h"

namespace api {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;
using trade::testing::soap;

constexpr std::uint8_t manager = 1;
const trade::OrderKey order_key{site::testing::store_code, trade::testing::depot_code,
                                trade::to_day({20'787}), 1, trade::Chain::ambient};
constexpr std::string_view order_name = "0042.0009.2026-11-30.1.ambient";

TEST(Html, what_comes_from_outside_is_text) {
  Html page("<script>alert('a')</script>");
  page.row({"\"><img src=x onerror=y>"});
  page.link("/stock?product=", "a\"b&c=<d", "<b>");
  const std::string html = std::move(page).finish();
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;a&#39;)"));
  EXPECT_THAT(html, HasSubstr("href=\"/stock?product=a%22b%26c%3D%3Cd\">&lt;b&gt;</a>"));
}

class PagesTest : public ::testing::Test {
 protected:
  PagesTest() {
    shop.enrol_person(manager, trade::Role::manager);
    token = shop.sign_in(manager);
  }
  std::string page(const std::string& path) const { return shop.page(token, path).body; }
  void propose() {
    shop.must(trade::OrderProposed{order_key, {{soap, 1'212}}});
    site::OrderNotes notes;
    notes.cut_offs[order_key] = cut_off_ms;
    shop.core->note_orders(notes);
  }

  static constexpr std::int64_t now_ms = 1'795'900'000'000;
  static constexpr std::int64_t cut_off_ms = now_ms + 3'600'000;
  io::SimClock clock{now_ms};
  Shop shop{trade::SiteKind::store, clock, true};
  std::string token;
};

std::string text_of(std::int64_t wall_ms) {
  const site::LocalTime time = site::local_time(wall_ms);
  return fmt::format("{} {:02}:{:02}", to_string(time.day), time.minute / 60, time.minute % 60);
}

TEST_F(PagesTest, say_in_words_what_there_is) {
  EXPECT_THAT(page("/"), HasSubstr("Nothing has been noted."));
  EXPECT_THAT(page("/orders"), HasSubstr("This site has no orders."));
  EXPECT_THAT(page("/proposals"), HasSubstr("Nothing is proposed"));
  EXPECT_THAT(page("/fulfilments"), HasSubstr("depots have fulfilments"));
  EXPECT_THAT(page("/inbound"), HasSubstr("No supplier is to deliver anything here."));
  EXPECT_THAT(page("/stops"), HasSubstr("No stop-sale is set."));
  EXPECT_EQ(shop.page(token, "/orders?page=2").status, 400);
  EXPECT_EQ(shop.page(token, "/stock?after=zzz").status, 200);
  EXPECT_THAT(page("/stock?after=zzz"), HasSubstr("No line comes behind that."));
  EXPECT_THAT(page("/journal"), HasSubstr("This site reads no other site&#39;s journal."));
  EXPECT_THAT(page("/stock"), HasSubstr("href=\"/stock?product=soap\""));
  EXPECT_THAT(page("/stock?product=soap"), HasSubstr("Nobody has told dates"));
}

TEST_F(PagesTest, have_no_script_whatever_is_asked_for) {
  const auto attack = shop.page(token, "/stock?product=%22%3E%3Cscript%3E");
  EXPECT_THAT(attack.body, Not(HasSubstr("<script")));
  EXPECT_THAT(attack.body, HasSubstr("no line for that product"));
  std::string policy;
  for (const auto& field : attack.headers)
    if (field.name == "Content-Security-Policy") policy = field.value;
  EXPECT_THAT(policy, ::testing::StartsWith("default-src 'none'; style-src 'self'"));
}

TEST_F(PagesTest, of_orders_and_proposals_show_how_far_they_are_and_until_when) {
  propose();
  const std::string link =
      fmt::format("<a href=\"/proposals?order={}\">2026-11-30</a>", order_name);
  const auto row_of = [](std::string_view state) {
    return fmt::format("<td>{}</td><td>1</td><td>1,212</td><td>{}</td>", state,
                       text_of(cut_off_ms));
  };
  EXPECT_THAT(page("/proposals"), HasSubstr(link));
  EXPECT_THAT(page("/proposals"), HasSubstr(row_of("proposed")));
  shop.must(trade::OrderConfirmed{order_key, {{soap, 1'212}}});
  EXPECT_THAT(page("/proposals"), HasSubstr(row_of("confirmed")));
  EXPECT_THAT(page("/orders"), HasSubstr(row_of("confirmed")));
  const std::string order = page(fmt::format("/orders?order={}", order_name));
  EXPECT_THAT(order, HasSubstr("<td>soap</td><td>1,212</td><td>0</td>"));
  EXPECT_THAT(order, HasSubstr(text_of(cut_off_ms)));
  shop.must(trade::OrderMoved{order_key, trade::OrderVerb::cancel});
  EXPECT_THAT(page("/proposals"), HasSubstr(row_of("cancelled")));
}

TEST_F(PagesTest, of_a_proposal_has_its_rows_and_the_reasons_of_its_night) {
  propose();
  const std::string target = fmt::format("/proposals?order={}", order_name);
  EXPECT_THAT(page(target), HasSubstr("<td>soap</td><td>1,212</td><td></td>"));
  EXPECT_THAT(page(target), HasSubstr("No night&#39;s document here says why."));
  site::ToldNight night{trade::to_date(trade::testing::today) - 1, {}, {}, {}};
  night.orders.push_back({{order_key,
                           {{soap,
                             1'212,
                             {{"demand", 1'200.04, "two days"},
                              {"pack", 12, ""},
                              {"a", -1, ""},
                              {"fourth", 0.5, ""}}}}},
                          cut_off_ms});
  std::promise<std::string> document;
  ASSERT_TRUE(shop.core->ask(
      [&](const site::View& view) { document.set_value(site::to_document(night, view.own)); }));
  std::latch kept(1);
  ASSERT_TRUE(shop.core->keep_document(document.get_future().get(), [&](const auto& digest) {
    EXPECT_TRUE(digest);
    kept.count_down();
  }));
  kept.wait();
  const std::string told = page(target);
  EXPECT_THAT(told, HasSubstr("<td>demand +1200.0 (two days); pack +12.0; a -1.0</td>"));
  EXPECT_THAT(told, Not(HasSubstr("No night")));
  EXPECT_THAT(page("/proposals?order=0042.0009.2026-11-30.2.ambient"),
              HasSubstr("no such proposal"));
}

TEST_F(PagesTest, of_the_site_says_what_time_it_is_and_what_is_due_next) {
  EXPECT_THAT(page("/"), HasSubstr("<td>due next</td><td>no cut-off</td>"));
  EXPECT_THAT(page("/"), HasSubstr(fmt::format("<td>{}</td>", text_of(now_ms))));
  propose();
  EXPECT_THAT(page("/"), HasSubstr(fmt::format("<td>{}: cut-off of {}</td>", text_of(cut_off_ms),
                                               order_name)));
  shop.must(trade::OrderConfirmed{order_key, {{soap, 1}}});
  shop.must(trade::OrderPlaced{order_key, 0, {}});
  EXPECT_THAT(page("/"), HasSubstr("<td>due next</td><td>no cut-off</td>"))
      << "what is placed is not due any more";
}

TEST_F(PagesTest, of_a_reduction_is_the_label_that_is_printed) {
  shop.must(trade::GoodsMoved{trade::Cause::opening, {{trade::testing::milk, 9, 0, {}}}});
  const auto reduced = shop.post(
      token, "/v1/reductions", R"({"product":"milk","expiry":"2026-11-30","units":4,"pence":75})");
  ASSERT_EQ(reduced.status, 201) << reduced.body;
  const std::string number = value_in(reduced.body, "number");
  const auto label = shop.get(token, fmt::format("/v1/reductions/{}/label", number));
  EXPECT_EQ(label.status, 200);
  for (const std::string& part : std::vector<std::string>{number, "<p>milk</p>", "<s>1.55</s> 0.75",
                                                          "until 2026-11-30", "for 4 units"})
    EXPECT_THAT(label.body, HasSubstr(part));
  EXPECT_THAT(label.body, Not(HasSubstr("href"))) << "it is whole where it is kept as a file";
  for (const std::string& other : std::vector<std::string>{"0042-1-1-", "0043-1-1-98", "nonsense"})
    EXPECT_EQ(value_in(shop.get(token, "/v1/reductions/" + other + "/label").body, "type"),
              "/problems/document_unknown")
        << other;
}

TEST(Pages, without_a_history_show_proposals_without_reasons) {
  Shop shop;
  shop.enrol_person(manager, trade::Role::manager);
  shop.must(trade::OrderProposed{order_key, {{soap, 12}}});
  EXPECT_THAT(shop.page(shop.sign_in(manager), fmt::format("/proposals?order={}", order_name)).body,
              HasSubstr("<td>soap</td><td>12</td>"));
}

}  // namespace
}  // namespace api
