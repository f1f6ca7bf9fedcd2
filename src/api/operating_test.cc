// What those who run a site see: health, metrics, the log, live events.
#include <cstdlib>
#include <thread>

#include "api/queries.h"
#include "api/testing/kit.h"
#include "http/wire.h"
#include "records/database.h"

namespace api {
namespace {

using namespace testing;
using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;
using trade::testing::milk;
using trade::testing::peas;
using trade::testing::soap;

constexpr std::uint8_t manager = 1;

class OperatingTest : public ::testing::Test {
 protected:
  OperatingTest() {
    shop.enrol_person(manager, trade::Role::manager);
    token = shop.sign_in(manager);
  }
  // What a question is answered, or the name of its problem.
  std::string ask(const std::string& target) const {
    const auto response = shop.get(token, target);
    return response.status == 200 ? response.body : value_in(response.body, "type");
  }
  std::string page(const std::string& path) const { return shop.page(token, path).body; }
  std::unique_ptr<http::Wire> events(const std::string& headers = "") const {
    http::Dial dial;
    dial.address = "127.0.0.1";
    dial.port = shop.server->port();
    dial.pin = secret(200).public_key();
    auto wire = http::Wire::open(dial);
    EXPECT_TRUE(wire);
    EXPECT_TRUE((*wire)->write("GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " +
                               token + "\r\n" + headers + "\r\n"));
    return *std::move(wire);
  }
  static std::string read_until(http::Wire& wire, std::string_view text) {
    std::string all;
    while (all.find(text) == all.npos) {
      const auto some = wire.read();
      if (!some || some->empty()) return all + "<end>";
      all += *some;
    }
    return all;
  }

  Shop shop;
  std::string token;
};

TEST_F(OperatingTest, health_readiness_and_the_contract_are_open_to_all) {
  EXPECT_EQ(shop.send(Method::get, "/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(shop.send(Method::get, "/readyz").body, R"({"status":"ready"})");
  EXPECT_THAT(shop.send(Method::get, "/openapi.yaml").body, HasSubstr("openapi: 3.1.0\n"));
  EXPECT_THAT(shop.send(Method::get, "/v1/catalogue").body,
              HasSubstr(R"({"name":"not_enough","status":409,"meaning":"there are fewer)"));
  EXPECT_THAT(shop.send(Method::get, "/problems/not_enough").body, HasSubstr(R"("status":409)"));
  EXPECT_EQ(shop.send(Method::get, "/problems/nonsense").status, 404);
}

TEST_F(OperatingTest, metrics_count_answers_by_resource) {
  (void)shop.get(token, "/v1/site");
  (void)shop.get(token, "/v1/site");
  (void)shop.send(Method::get, "/nowhere");
  const std::string text = shop.send(Method::get, "/metrics").body;
  EXPECT_THAT(text, HasSubstr("stockade_requests_total{method=\"GET\",path=\"/v1/site\","
                              "status=\"2xx\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{method=\"any\",path=\"other\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stockade_request_seconds_bucket{le=\"0.0005\"}"));
  EXPECT_THAT(text, HasSubstr("stockade_request_seconds_bucket{le=\"+Inf\"}"));
  EXPECT_THAT(text, HasSubstr("stockade_journal_takes_entries 1\n"));
  EXPECT_THAT(text, HasSubstr("stockade_sessions_open 1\n"));
  EXPECT_THAT(text, HasSubstr("stockade_queue_length 0\n"));
  EXPECT_THAT(text, HasSubstr("stockade_journal_checkpoint_age_seconds 0\n"));
  EXPECT_THAT(text, HasSubstr("stockade_http_connections_total "));
  if (const char* file = std::getenv("STOCKADE_METRICS_OUT")) {
    std::FILE* out = std::fopen(file, "w");
    ASSERT_NE(out, nullptr);
    (void)std::fputs(text.c_str(), out);
    (void)std::fclose(out);
  }
}

TEST(FailedWrite, is_told_until_one_has_worked_and_no_person_is_asked_to_decide) {
  io::SimDisk disk{1};
  io::SimClock clock{1'796'000'000'000};
  Shop shop(trade::SiteKind::store, clock, false, disk);
  shop.enrol_person(manager, trade::Role::manager);
  const std::string token = shop.sign_in(manager);
  const auto ready = [&] { return shop.send(Method::get, "/readyz"); };
  EXPECT_EQ(ready().status, 200);

  std::latch set(1);
  ASSERT_TRUE(shop.core->ask([&](const site::View&) {
    disk.set_faults({.fails_at = disk.operations()});
    set.count_down();
  }));
  set.wait();
  const std::string one_soap = R"({"rows":[{"product":"soap","units":1}]})";
  const auto sold = shop.post(token, "/v1/sales", one_soap, "k1");
  for (const auto& answer : {sold, ready()}) {
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(value_in(answer.body, "type"), "/problems/not_written");
    EXPECT_THAT(value_in(answer.body, "title"), HasSubstr("nothing is acknowledged"));
    EXPECT_NE(value_in(answer.body, "detail"), "") << "the cause";
  }
  EXPECT_THAT(shop.send(Method::get, "/metrics").body,
              HasSubstr("stockade_journal_takes_entries 0\n"));
  EXPECT_THAT(shop.page(token, "/").body, HasSubstr("The journal takes no entries: "));

  clock.advance(1'000);
  for (int i = 0; i < 1'000 && ready().status != 200; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(ready().status, 200) << "the site tries by itself";
  EXPECT_EQ(shop.post(token, "/v1/sales", one_soap, "k1").status, 201);
}

TEST(HistoryOverHttp, that_is_behind_is_told_by_its_own_name_and_made_up_for) {
  Shop shop(trade::SiteKind::store, io::real_clock(), true);
  shop.enrol_person(manager, trade::Role::manager);
  const std::string token = shop.sign_in(manager);
  const auto ready = [&] { return shop.send(Method::get, "/readyz"); };
  EXPECT_EQ(shop.get(token, "/v1/history?kind=day_opened").status, 200);
  EXPECT_EQ(value_in(ready().body, "history"), "follows");

  auto records = records::Database::open(shop.folder() / "records.db");
  ASSERT_TRUE(records);
  ASSERT_TRUE(
      records->run("CREATE TRIGGER full BEFORE INSERT ON event "
                   "BEGIN SELECT RAISE(ABORT, 'no space left'); END"));
  EXPECT_EQ(shop.post(token, "/v1/sales", R"({"rows":[{"product":"soap","units":1}]})").status, 201)
      << "the shop trades on";
  for (const std::string target : {"/v1/history?kind=goods_moved", "/v1/nights/2026-11-30"}) {
    const auto behind = shop.get(token, target);
    EXPECT_EQ(behind.status, 503) << target;
    EXPECT_EQ(value_in(behind.body, "type"), "/problems/history_behind");
    EXPECT_THAT(behind.body, HasSubstr("no space left"));
    EXPECT_EQ(std::ranges::count(behind.headers, std::string("Retry-After"), &http::Field::name),
              1);
  }
  EXPECT_EQ(ready().status, 200);
  EXPECT_EQ(value_in(ready().body, "history"), "behind");
  EXPECT_THAT(ready().body, HasSubstr("no space left"));
  const std::string text = shop.send(Method::get, "/metrics").body;
  EXPECT_THAT(text, HasSubstr("stockade_history_follows 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("stockade_history_lag_entries 0\n")));

  ASSERT_TRUE(records->run("DROP TRIGGER full"));
  for (int i = 0; i < 1'000 && value_in(ready().body, "history") != "follows"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(value_in(ready().body, "history_lag_entries"), "0");
  EXPECT_THAT(shop.get(token, "/v1/history?kind=goods_moved").body, HasSubstr("\"soap\""));
  EXPECT_THAT(shop.send(Method::get, "/metrics").body, HasSubstr("stockade_history_follows 1\n"));
}

// The file may hold anything; the site trades on with the roster that it has.
TEST(RosterOverHttp, that_was_not_taken_over_is_told_until_the_file_holds_the_one_in_use) {
  io::SimDisk disk{1};
  const auto anna =
      journal::make_signer("anna", journal::KeyKind::signer, crypto::Seed{std::uint8_t{1}});
  journal::Roster first;
  first.estate = "sample";
  first.approvers = {anna.verifier};
  journal::Note note{to_text(first), {}};
  note.signatures = {sign(anna, note.text)};
  ASSERT_TRUE(io::write_file(disk, "roster", to_string(note)));
  const auto roster = site::RosterInUse::open(disk, "roster").value();
  Shop shop(trade::SiteKind::store, io::real_clock(), false, io::real_disk(), roster);
  const auto ready = [&] { return shop.send(Method::get, "/readyz"); };
  EXPECT_EQ(ready().body, R"({"status":"ready","roster":"in_use","roster_number":1})");

  ASSERT_TRUE(io::write_file(disk, "roster", "\xc3 no roster"));
  EXPECT_FALSE(roster->look());
  ASSERT_TRUE(roster->look());
  EXPECT_EQ(ready().status, 200);
  EXPECT_EQ(value_in(ready().body, "roster"), "refused");
  EXPECT_EQ(value_in(ready().body, "roster_number"), "1");
  EXPECT_THAT(value_in(ready().body, "roster_detail"), HasSubstr("note"));
  const auto metrics = [&] { return shop.send(Method::get, "/metrics").body; };
  EXPECT_THAT(metrics(), HasSubstr("stockade_roster_number 1\n"));
  EXPECT_THAT(metrics(), HasSubstr("stockade_roster_follows 0\n"));
  EXPECT_THAT(metrics(), HasSubstr("stockade_roster_refusals_total 1\n"));

  ASSERT_TRUE(io::write_file(disk, "roster", to_string(note)));
  EXPECT_FALSE(roster->look());
  EXPECT_FALSE(roster->look()) << "it is the one in use";
  EXPECT_EQ(value_in(ready().body, "roster"), "in_use");
  EXPECT_THAT(metrics(), HasSubstr("stockade_roster_follows 1\n"));
}

// What the evening knows is told to the core; here a test says it.
TEST(OpenOrders, tell_their_cut_off_and_why_they_wait_until_somebody_has_dealt_with_them) {
  io::SimClock clock{1'796'000'000'000};  // in the night before the delivery
  Shop shop(trade::SiteKind::store, clock);
  shop.enrol_person(manager, trade::Role::manager);
  const std::string token = shop.sign_in(manager);
  const std::string key =
      R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,)"
      R"("chain":"ambient"})";
  const std::string order = key + R"(,"rows":[{"product":"soap","units":12}]})";
  const trade::OrderKey name{site::testing::store_code, trade::testing::depot_code,
                             trade::to_day({20'787}), 1, trade::Chain::ambient};
  ASSERT_EQ(shop.post(token, "/v1/orders", order).status, 201);
  site::OrderNotes notes;
  notes.cut_offs[name] = 1'795'999'999'999;
  notes.not_placed[name] = {"line_closed", "the line is closed", 1'796'000'000'000};
  shop.core->note_orders(notes);
  const std::string told = R"("cut_off_ms":1795999999999,"not_placed":{"why":"line_closed",)"
                           R"("words":"the line is closed","at_ms":1796000000000})";
  EXPECT_THAT(shop.get(token, "/v1/orders").body, HasSubstr(told));
  EXPECT_THAT(shop.send(Method::get, "/metrics").body, HasSubstr("stockade_orders_not_placed 1\n"));

  EXPECT_EQ(shop.post(token, "/v1/orders/place", key + "}").status, 201);
  const std::string orders = shop.get(token, "/v1/orders").body;
  EXPECT_THAT(orders, HasSubstr(R"("cut_off_ms":1795999999999)"));
  EXPECT_THAT(orders, Not(HasSubstr("not_placed")));
  EXPECT_THAT(shop.send(Method::get, "/metrics").body, HasSubstr("stockade_orders_not_placed 0\n"));

  const auto late = shop.post(token, "/v1/orders", order);
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(value_in(late.body, "type"), "/problems/cut_off_passed");
  EXPECT_NE(value_in(late.body, "number"), "") << "which order stays as it is";
}

TEST_F(OperatingTest, the_log_says_what_was_asked_and_nothing_of_who) {
  (void)shop.send(Method::post, "/v1/sales", R"({"rows":[{"product":"soap","units":1}]})",
                  {{"Authorization", "Bearer " + token}, {"Idempotency-Key", "secret-key"}});
  const auto lines = shop.log_lines();
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines.back(), HasSubstr(R"("method":"POST","path":"/v1/sales","status":201,)"));
  for (const std::string& line : lines)
    for (const std::string& private_word :
         {token, std::string("secret-key"), std::string("127.0.0.1"), std::string("soap")})
      EXPECT_THAT(line, Not(HasSubstr(private_word)));
}

TEST_F(OperatingTest, an_answer_names_its_line_in_the_log) {
  const auto response = shop.send(Method::get, "/healthz");
  const auto id =
      std::ranges::find(response.headers, std::string("Request-Id"), &http::Field::name);
  ASSERT_NE(id, response.headers.end());
  EXPECT_THAT(shop.log_lines().back(), HasSubstr("\"request\":" + id->value + "}"));
}

TEST_F(OperatingTest, live_events_come_as_they_happen) {
  const auto wire = events();
  EXPECT_THAT(read_until(*wire, "\r\n\r\n"), HasSubstr("text/event-stream"));
  const auto sold =
      shop.post(token, "/v1/sales", R"({"rows":[{"product":"soap","units":1,"pence":5}]})");
  const std::string told = read_until(*wire, "\n\n");
  EXPECT_THAT(told, HasSubstr("id: " + value_in(sold.body, "event") + "\n"));
  EXPECT_THAT(told, HasSubstr("data: " + sold.body + "\n"));
}

TEST_F(OperatingTest, events_of_the_past_are_told_again_behind_the_last_that_a_client_has) {
  const auto first =
      shop.post(token, "/v1/sales", R"({"rows":[{"product":"soap","units":1,"pence":5}]})");
  const auto second =
      shop.post(token, "/v1/sales", R"({"rows":[{"product":"peas","units":1,"pence":6}]})");
  const auto wire = events("Last-Event-ID: " + value_in(first.body, "event") + "\r\n");
  const std::string told = read_until(*wire, "\"peas\"");
  EXPECT_THAT(told, HasSubstr("data: " + second.body));
  EXPECT_THAT(told, Not(HasSubstr(first.body)));
  // From the beginning of the journal.
  const auto all = events("Last-Event-ID: 0.0\r\n");
  EXPECT_THAT(read_until(*all, "\"peas\""),
              HasSubstr(R"("kind":"line_opened","body":{"product":)"));
}

TEST_F(OperatingTest, a_stream_ends_with_its_session) {
  const auto wire = events();
  EXPECT_THAT(read_until(*wire, "\r\n\r\n"), HasSubstr("text/event-stream"));
  EXPECT_EQ(shop.as(token, Method::del, "/v1/sessions/current").status, 204);
  EXPECT_THAT(read_until(*wire, "no event has this"), HasSubstr("<end>"));
}

TEST_F(OperatingTest, a_place_behind_all_events_of_an_entry_is_the_next_entry) {
  const auto first =
      shop.post(token, "/v1/sales", R"({"rows":[{"product":"soap","units":1,"pence":5}]})");
  const auto second =
      shop.post(token, "/v1/sales", R"({"rows":[{"product":"peas","units":1,"pence":6}]})");
  const std::string id = value_in(first.body, "event");
  const auto wire = events("Last-Event-ID: " + id.substr(0, id.find('.')) + ".4294967295\r\n");
  const std::string told = read_until(*wire, "\"peas\"");
  EXPECT_THAT(told, HasSubstr("data: " + second.body));
  EXPECT_THAT(told, Not(HasSubstr(first.body)));
}

TEST_F(OperatingTest, an_event_that_has_not_happened_is_no_place_to_go_on_from) {
  for (const std::string id : {"999999.0", "x", "1"}) {
    const auto response = shop.send(Method::get, "/v1/events", "",
                                    {{"Authorization", "Bearer " + token}, {"Last-Event-ID", id}});
    EXPECT_EQ(response.status, 400) << id;
    EXPECT_EQ(value_in(response.body, "type"), "/problems/event_id_wrong");
  }
}

TEST_F(OperatingTest, lists_come_in_pages) {
  EXPECT_EQ(value_in(ask("/v1/lines?limit=2"), "next"), "peas");
  const std::string rest = ask("/v1/lines?limit=2&after=peas");
  EXPECT_THAT(rest, HasSubstr(R"("product":"soap")"));
  EXPECT_THAT(rest, Not(HasSubstr("next")));
  for (const std::string query :
       {"limit=0", "limit=501", "limit=x", "limit=", "limit=1&limit=2", "limits=2", "after=%"})
    EXPECT_EQ(ask("/v1/lines?" + query), "/problems/query_wrong") << query;
  EXPECT_EQ(ask("/v1/people?after=x"), "/problems/query_wrong");
  EXPECT_EQ(ask("/v1/orders?after=x"), "/problems/query_wrong");
  EXPECT_EQ(ask("/v1/site?limit=1"), "/problems/query_wrong");
}

TEST_F(OperatingTest, a_line_tells_its_lots_its_stops_and_what_is_coming) {
  shop.must(
      trade::GoodsMoved{trade::Cause::opening, {{milk, 6, 0, {trade::to_day({21'000}), {}}}}});
  ASSERT_EQ(shop.post(token, "/v1/stops", R"({"product":"milk","batch":"L1"})").status, 201);
  const std::string line = ask("/v1/lines/milk");
  EXPECT_THAT(line, HasSubstr(R"("on_hand_units":6,)"));
  EXPECT_THAT(line, HasSubstr(R"("lots":[{"expiry":"2027-07-01","units":6}])"));
  EXPECT_THAT(line,
              HasSubstr(R"("product":"milk","batch":"L1","is_pulled":false,"is_here":true})"));
  EXPECT_THAT(line, HasSubstr(R"("on_order_units":0,"in_transit_units":0,)"));
  EXPECT_EQ(ask("/v1/lines/tea"), "/problems/line_unknown");
}

TEST_F(OperatingTest, a_stop_of_goods_that_are_not_here_says_so) {
  ASSERT_EQ(shop.post(token, "/v1/stops", R"({"product":"toys"})").status, 201);
  EXPECT_THAT(ask("/v1/stops"), HasSubstr(R"("product":"toys","is_pulled":false,"is_here":false)"));
  EXPECT_THAT(page("/stops"), HasSubstr("<td>no line here</td>"));
  shop.must(trade::LineOpened{trade::testing::product("toys"), {1, {}, {}, 0, 0, 0, 0}, 500, 0});
  EXPECT_THAT(ask("/v1/stops"), HasSubstr(R"("is_here":true)"));
  EXPECT_THAT(page("/stops"), Not(HasSubstr("no line here")));
  EXPECT_THAT(page("/"), HasSubstr("<a href=\"/stops\">Open stop-sales</a>: 1"));
}

TEST_F(OperatingTest, an_order_is_seen_as_far_as_it_has_come) {
  const std::string order =
      R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,)"
      R"("chain":"ambient"},)"
      R"("rows":[{"product":"soap","units":12}]})";
  const std::string key = order.substr(0, order.find(R"(,"rows")")) + "}";
  EXPECT_EQ(shop.post(token, "/v1/orders", order).status, 201);
  EXPECT_THAT(ask("/v1/orders"), HasSubstr(R"("seen":"confirmed")"));
  const auto placed = shop.post(token, "/v1/orders/place", key);
  EXPECT_EQ(placed.status, 201) << placed.body;
  const std::string orders = ask("/v1/orders");
  EXPECT_THAT(orders, HasSubstr(R"("seen":"placed")"));
  EXPECT_THAT(orders, HasSubstr(R"("number":")" + value_in(placed.body, "number")));
  EXPECT_EQ(value_in(ask("/v1/lines/soap"), "on_order_units"), "12");
}

TEST(Advices, are_what_others_have_sent_and_we_have_not_received) {
  trade::testing::Estate estate;
  estate.stock(trade::testing::other_store_code, peas, 9);
  const auto sent =
      estate.must(trade::testing::other_store_code,
                  trade::GoodsSent{0, trade::testing::store_code, false, {}, {{peas, 4, {}}}});
  io::SimDisk disk{1};
  site::testing::World world;
  const auto loop = world.open(disk);
  const site::View view{
      estate.book, estate.store(), loop->view().journal, 0, {}, loop->view().requests, ""};
  const auto advices = advices_of(view);
  ASSERT_EQ(advices.size(), 1u);
  EXPECT_EQ(advices[0].number.site, trade::testing::other_store_code);
  EXPECT_EQ(coming_of(view, peas).in_transit_units, 4);
  EXPECT_EQ(coming_of(view, soap).in_transit_units, 0);
  Question question{Duty::get_advices, {}, {}};
  EXPECT_THAT(*answer(question, view),
              HasSubstr(R"("from":"0043","rows":[{"product":"peas","units":4}]})"));
  estate.must(trade::testing::store_code,
              trade::GoodsReceived{
                  trade::Place::vehicle, advices[0].number, {}, trade::no_temperature, {}, {}});
  EXPECT_TRUE(advices_of(view).empty());
}

TEST(OrderKey, has_one_spelling) {
  const trade::OrderKey key{trade::SiteCode{42}, trade::SiteCode{9}, trade::to_day({20'787}), 1,
                            trade::Chain::chilled};
  EXPECT_EQ(to_string(key), "0042.0009.2026-11-30.1.chilled");
  EXPECT_EQ(parse_order_key("0042.0009.2026-11-30.1.chilled"), key);
  for (const std::string_view wrong :
       {"", "42.0009.2026-11-30.1.chilled", "0042.0009.2026-11-30.1.warm", "0042.0009.x.1.chilled",
        "0042.0009.2026-11-30.01.chilled", "0042.0009.2026-11-30.256.chilled",
        "0042.0009.1999-11-30.1.chilled", "0042.0009.2026-11-30.1.chilled."})
    EXPECT_FALSE(parse_order_key(wrong)) << wrong;
}

}  // namespace
}  // namespace api
