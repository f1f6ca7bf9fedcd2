// Papers for online orders, as they come out of a printer: a scanner reads what stands on them.
#include "api/parcel_papers.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/label.h"
#include "io/private_folder.h"
#include "io/program.h"
#include "paper/barcode.h"
#include "site/testing/business.h"

namespace api {
namespace {

using site::testing::milk;
using site::testing::soap;
using site::testing::store_code;
using ::testing::HasSubstr;
using ::testing::Not;
using trade::testing::peas;

Question question_of(Duty duty, std::string value = {}, http::Query query = {}) {
  Question made{duty, {}, std::move(query)};
  made.values[0] = std::move(value);
  return made;
}

class Papers : public ::testing::Test {
 protected:
  // As the store sees it.
  template <class Paper>
  auto at_store(Paper paper, const Question& question) {
    std::invoke_result_t<Paper, const Question&, const site::View&> made;
    business_.look(business_.store(),
                   [&](const site::View& view) { made = paper(question, view); });
    return made;
  }
  std::string list(http::Query query = {}) {
    const auto made = at_store(parcel_pick_list_json,
                               question_of(Duty::get_parcel_pick_list, {}, std::move(query)));
    return made.value_or("none");
  }
  std::string labels(const std::string& number, http::Query query = {}) {
    const auto made =
        at_store(labels_of_parcel, question_of(Duty::get_parcel_labels, number, std::move(query)));
    return made ? made->body : std::string(made.error().row->name);
  }
  trade::DocumentNumber expected(int number, std::vector<trade::OnlineRow> rows) {
    const auto order = business_.order(number, std::move(rows));
    business_.happens(store_code, trade::ParcelExpected{order, {}, {}, {}});
    return order;
  }

  site::testing::Business business_;
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
  return times;
}

TEST_F(Papers, list_what_is_open_by_zone_and_line) {
  expected(1, {{milk, 1, 155, 0}, {soap, 2, 420, 0}});
  expected(2, {{soap, 3, 630, 0}, {peas, 1, 199, 0}});
  EXPECT_EQ(list(),
            R"({"zones":[{"zone":"ambient","rows":[{"product":"soap","units":5,"orders":[)"
            R"({"order":"9501-1-1-41","units":2,"takes_substitutes":false},)"
            R"({"order":"9501-1-2-38","units":3,"takes_substitutes":true}]}]},)"
            R"({"zone":"chilled","rows":[{"product":"milk","units":1,"orders":[)"
            R"({"order":"9501-1-1-41","units":1,"takes_substitutes":false}]}]},)"
            R"({"zone":"frozen","rows":[{"product":"peas","units":1,"orders":[)"
            R"({"order":"9501-1-2-38","units":1,"takes_substitutes":true}]}]}],"returning":[]})");
}

TEST_F(Papers, list_page_after_page) {
  for (int number = 1; number <= 3; ++number) expected(number, {{soap, 1, 210, 0}});
  const std::string first = list({{"limit", "2"}});
  EXPECT_THAT(first, HasSubstr("\"units\":2"));
  const auto at = first.find("\"next\":\"");
  ASSERT_NE(at, first.npos);
  const std::string next = first.substr(at + 8, first.find('"', at + 8) - at - 8);
  const std::string second = list({{"limit", "2"}, {"after", next}});
  EXPECT_THAT(second, HasSubstr("\"units\":1"));
  EXPECT_THAT(second, Not(HasSubstr("next")));
  EXPECT_EQ(list({{"limit", "501"}}), "none");
  EXPECT_EQ(list({{"after", "nonsense"}}), "none");
}

TEST_F(Papers, list_nothing_that_is_packed_and_what_goes_back) {
  const auto order = expected(1, {{milk, 2, 310, 0}});
  // Cancelled and packed, and neither site had heard of the other's.
  business_.happens(site::testing::web_code,
                    trade::OnlineMoved{order.counter, trade::OnlineVerb::cancel});
  business_.happens(store_code, trade::ParcelPacked{order, {}, {}, {}});
  EXPECT_EQ(list(), R"({"zones":[],"returning":[]})");
  business_.at_store(order, trade::ParcelVerb::cancel);
  EXPECT_THAT(list(),
              HasSubstr(R"("returning":[{"order":"9501-1-1-41","rows":[{"product":"milk")"));
  const auto page =
      at_store(parcel_pick_list_page, question_of(Duty::get_parcel_pick_page)).value();
  EXPECT_THAT(page.body, HasSubstr("<h2>Back to the shelves</h2>"));
}

TEST_F(Papers, print_without_loading_anything) {
  expected(2, {{soap, 3, 630, 0}});
  const auto page =
      at_store(parcel_pick_list_page, question_of(Duty::get_parcel_pick_page)).value();
  EXPECT_THAT(page.body, HasSubstr("<td>9501-1-1-41: 3 (may be substituted)</td>"));
  ASSERT_EQ(page.headers.size(), 1u);
  EXPECT_EQ(page.headers[0].value, "default-src 'none'; style-src 'unsafe-inline'");
  for (const char* loaded : {"href", "src=", "url(", "<script", "@import"})
    EXPECT_THAT(page.body, Not(HasSubstr(loaded)));
}

TEST_F(Papers, label_each_bag_with_its_zone) {
  const auto order = expected(1, {{milk, 1, 155, 0}, {soap, 2, 420, 18}});
  const std::string number = trade::to_string(order);
  const std::string page = labels(number);
  EXPECT_EQ(count(page, "<section>"), 2u);
  for (const char* part :
       {"<p>Bag 1 of 2</p>", ">chilled</p>", ">ambient</p>", "<p>Collect</p>", "Check age: 18"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, HasSubstr("<p class=\"number\">" + number + "</p>"));
  EXPECT_EQ(count(labels(number, {{"ambient", "3"}, {"chilled", "0"}}), "<section>"), 3u);
  EXPECT_EQ(labels(number, {{"ambient", "21"}}), "query_wrong");
  for (const char* other : {"9501-1-2-38", "nonsense"})
    EXPECT_EQ(labels(other), "document_unknown");
}

TEST_F(Papers, say_when_a_delivery_goes) {
  const auto opened =
      business_.happens(site::testing::web_code,
                        trade::SlotOpened{0, store_code, trade::testing::in_days(1), 600, 720, 5});
  trade::OnlineOrdered ordered;
  ordered.store = store_code;
  ordered.way = trade::OnlineWay::delivery;
  ordered.slot = std::get<trade::SlotOpened>(opened.body).counter;
  ordered.authorised_pence = 210;
  ordered.payment = ordered.sealed = site::testing::digest(9);
  ordered.rows = {{soap, 1, 210, 0}};
  const auto order = business_.placed(ordered);
  business_.happens(store_code, trade::ParcelExpected{order, {}, {}, {}});
  EXPECT_THAT(labels(trade::to_string(order)),
              HasSubstr(fmt::format("<p>Deliver {} 10:00\u201312:00</p>",
                                    base::to_string(trade::to_date(trade::testing::in_days(1))))));
}

// The drawings of a page, each as a picture, as a scanner reads them.
std::string scanned(const std::string& page, const char* kind) {
  const auto folder = io::PrivateFolder::make_temporary("stockade-scan").value();
  const std::string svg = (folder.path() / "code.svg").string();
  const std::string png = (folder.path() / "code.png").string();
  std::string said;
  for (auto at = page.find("<svg"); at != page.npos; at = page.find("<svg", at + 1)) {
    const std::string drawing = page.substr(at, page.find("</svg>", at) + 6 - at);
    EXPECT_TRUE(io::write_file(io::real_disk(), svg, drawing));
    const std::vector<std::string> draw{"rsvg-convert", "-z", "4", svg, "-o", png};
    EXPECT_TRUE(io::must_run(draw));
    const std::vector<std::string> scan{
        "zbarimg", "--nodbus", "--raw", "-q", "-Sdisable", fmt::format("-S{}.enable", kind), png};
    const auto end = io::run_program(scan);
    EXPECT_TRUE(end);
    if (end) said += end->said;
  }
  return said;
}

bool can_scan() {
  const std::vector<std::string> draw{"rsvg-convert", "--version"}, scan{"zbarimg", "--version"};
  return io::must_run(draw).has_value() && io::must_run(scan).has_value();
}

#define SKIP_WITHOUT_SCANNER() \
  if (!can_scan())             \
  GTEST_SKIP() << "SKIPPED: needs zbarimg (zbar-tools) and rsvg-convert (librsvg2-bin)"

TEST_F(Papers, are_read_by_a_scanner) {
  SKIP_WITHOUT_SCANNER();
  const std::string number = trade::to_string(expected(1, {{soap, 1, 210, 0}}));
  EXPECT_EQ(scanned(labels(number), "code128"), number + "\n");
}

TEST_F(Papers, of_every_number_are_read_by_a_scanner) {
  SKIP_WITHOUT_SCANNER();
  for (const trade::DocumentNumber number : {trade::DocumentNumber{trade::SiteCode{1}, 1, 1},
                                             {trade::SiteCode{9'999}, 65'535, 4'294'967'295}}) {
    const std::string text = trade::to_string(number);
    const auto drawn = paper::draw(*paper::code_128(text), 330, 14'000);
    EXPECT_EQ(scanned(drawn.svg, "code128"), text + "\n");
  }
  for (const std::string gtin : {"5012345678900", "2012345006782"})
    EXPECT_EQ(scanned(paper::draw(*paper::ean(gtin), 330, 7'000).svg, "ean13"), gtin + "\n");
  EXPECT_EQ(scanned(paper::draw(*paper::ean("96385074"), 330, 7'000).svg, "ean8"), "96385074\n");
}

TEST_F(Papers, of_a_reduction_bear_the_code_of_the_goods) {
  business_.happens(store_code, trade::LineOpened{trade::testing::product("5012345678900"),
                                                  business_.store().goods.terms(milk), 155, 0});
  const trade::LineNo line =
      *business_.store().goods.find(trade::testing::product("5012345678900"));
  business_.happens(store_code, trade::GoodsMoved{trade::Cause::opening,
                                                  {{line, 9, 0, trade::testing::until(1)}}});
  const auto label = [&](trade::LineNo of, http::Query query = {}) {
    const auto reduced = business_.happens_by(
        trade::Role::manager, store_code,
        trade::PriceReduced{
            0, of, of == line ? trade::testing::in_days(1) : trade::testing::in_days(5), 4, 75});
    const auto number =
        business_.store().number(std::get<trade::PriceReduced>(reduced.body).counter);
    const auto made =
        at_store(label_of_reduction,
                 question_of(Duty::get_label, trade::to_string(number), std::move(query)));
    return made ? made->body : std::string(made.error().row->name);
  };
  EXPECT_THAT(label(line), HasSubstr("aria-label=\"5012345678900\""));
  EXPECT_THAT(label(milk), Not(HasSubstr("<svg"))) << "its id is no GTIN";
  EXPECT_THAT(label(milk, {{"code", "2012345006782"}}), HasSubstr("aria-label=\"2012345006782\""));
  for (const char* wrong : {"2012345006784", "5012345678900", "96385074", "soap"})
    EXPECT_EQ(label(milk, {{"code", wrong}}), "query_wrong") << wrong;
}

}  // namespace
}  // namespace api
