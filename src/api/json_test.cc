#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/json_read.h"
#include "api/json_write.h"
#include "trade/testing/kit.h"

namespace api {
namespace {

using testing::HasSubstr;
using namespace trade::testing;
using Kind = JsonFault::Kind;

template <class T>
constexpr std::size_t kind_of = trade::Body(T{}).index();

template <class T>
std::string json_of(const T& value, const trade::Partition& site) {
  std::string out;
  const Names names(site);
  JsonWriter(out, names).value(value);
  return out;
}

// The body that a client's JSON asks for, in a store's own terms; or what is wrong with it.
struct Reading {
  std::optional<trade::Body> body;
  JsonFault fault{};
  NotResolved refusal{};
};

Reading read(std::size_t kind, const Preset& preset, std::string_view json,
             const trade::Partition& site) {
  Reading reading;
  auto draft = read_command(kind, preset, json);
  if (!draft) {
    reading.fault = draft.error();
    return reading;
  }
  LineFinder finder;
  auto resolved = resolve(*std::move(draft), site, finder);
  if (resolved)
    reading.body = *resolved;
  else
    reading.refusal = resolved.error();
  return reading;
}

TEST(Names, of_members_are_those_of_the_program) {
  EXPECT_EQ(name_of<&trade::Lot::expiry>(), "expiry");
  EXPECT_EQ(name_of<&trade::Terms::life_on_receipt_days>(), "life_on_receipt_days");
  EXPECT_EQ(name_of<&trade::Order::state>(), "state");
  EXPECT_EQ(key_of<&trade::GoodsRow::line>(), "product");
  EXPECT_EQ(key_of<&trade::StopSet::counter>(), "number");
  EXPECT_EQ(key_of<&trade::StopLifted::stop>(), "stop");
}

TEST(Json, says_products_days_sites_numbers_and_words_instead_of_numbers) {
  const Estate estate;
  EXPECT_EQ(json_of(trade::GoodsMoved{trade::Cause::sale,
                                      {{milk, 2, 310, {today, batch("L1")}}, {soap, 1, 210, {}}}},
                    estate.store()),
            R"({"cause":"sale","rows":[{"product":"milk","units":2,"pence":310,)"
            R"("lot":{"expiry":"2026-10-31","batch":"L1"}},{"product":"soap","units":1,)"
            R"("pence":210}]})");
  EXPECT_EQ(
      json_of(trade::GoodsSent{7, other_store_code, true, {}, {{peas, 3, {}}}}, estate.store()),
      R"({"number":"0042-1-7-80","to":"0043","is_loan":true,)"
      R"("rows":[{"product":"peas","units":3}]})");
  EXPECT_EQ(json_of(trade::OrderKey{store_code, depot_code, today, 2, trade::Chain::chilled},
                    estate.store()),
            R"({"store":"0042","depot":"0009","delivery":"2026-10-31","drop":2,)"
            R"("chain":"chilled"})");
  EXPECT_EQ(json_of(trade::DayClosed{}, estate.store()), "{}");
}

TEST(Json, escapes_what_would_end_a_string) {
  std::string out;
  append_quoted("a\"b\\c\nd", out);
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000ad\"");
}

// What a command of each kind may say, in the order of the contract: it is written as it was read.
struct Sample {
  std::size_t kind;
  Preset preset;
  std::string_view json;
};
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {kind_of<trade::LineOpened>,
       {},
       R"({"product":"P1","terms":{"case_units":6,"chain":"chilled","date_kind":"use_by",)"
       R"("shelf_life_days":9,"life_on_receipt_days":2,"case_weight_g":1,"case_volume_ml":2},)"
       R"("price_pence":155,"pick_sequence":4})"},
      {kind_of<trade::PriceSet>,
       {},
       R"({"product":"soap","pence":199,"from":"2026-11-01","to":"2026-11-07"})"},
      {kind_of<trade::DayOpened>, {}, R"({"day":"2026-11-22"})"},
      {kind_of<trade::GoodsCounted>,
       {},
       R"({"product":"milk","lot":{"expiry":"2026-11-02"},"counted_units":8})"},
      {kind_of<trade::LotCorrected>,
       {},
       R"({"product":"milk","from":{"batch":"L1"},"to":{"expiry":"2026-11-02"},"units":8})"},
      {kind_of<trade::GoodsReceived>,
       {},
       R"({"source":"vehicle","advice":"0009-1-5-79","paper":"slip 4","temperature":41,)"
       R"("rows":[{"product":"milk","accepted":5,"quarantined":1,"damaged":2,"rejected":3,)"
       R"("lot":{"expiry":"2026-11-02"}}]})"},
      {kind_of<trade::GoodsSent>,
       {},
       R"({"to":"0043","is_loan":true,"returns":"0043-1-2-57",)"
       R"("rows":[{"product":"milk","units":2}]})"},
      {kind_of<trade::PriceReduced>,
       {},
       R"({"product":"milk","expiry":"2026-11-02","units":4,"pence":50})"},
      {kind_of<trade::StopSet>,
       {},
       R"({"product":"milk","batch":"L1","expiry_to":"2026-11-02","source":"0001-1-4-95"})"},
      {kind_of<trade::OrderConfirmed>,
       {},
       R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-02","drop":1,)"
       R"("chain":"ambient"},)"
       R"("rows":[{"product":"soap","units":12}]})"},
      {kind_of<trade::WaveOpened>,
       {},
       R"({"delivery":"2026-11-02","chain":"frozen","cut_off_ms":1760000000000})"},
      {kind_of<trade::OrderDispatched>,
       {},
       R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-02","drop":1,)"
       R"("chain":"ambient"},)"
       R"("vehicle":"V1","stop":3})"},
  };
  return all;
}

// What only answers have.
std::string without(std::string_view decided, std::string json) {
  if (const auto at = json.find(decided); at != json.npos) json.erase(at, decided.size());
  return json;
}

TEST(Json, of_a_command_is_written_as_it_was_read) {
  Estate estate;
  estate.must(store_code, trade::LineOpened{product("P1"), {6}, 155, 0});
  for (const Sample& sample : samples()) {
    const std::string json(sample.json);
    const auto reading = read(sample.kind, sample.preset, json, estate.store());
    ASSERT_TRUE(reading.body) << json << " " << reading.fault.pointer << " "
                              << reading.fault.expected;
    std::string written;
    const Names names(estate.store());
    JsonWriter(written, names).value(*reading.body);
    EXPECT_EQ(without(R"("advised":0,)", without(R"(,"moved_units":0)", written)), json);
  }
}

TEST(Json, rows_may_come_in_any_order) {
  const Estate estate;
  const auto reading = read(kind_of<trade::GoodsMoved>, {"waste", {}},
                            R"({"rows":[{"product":"peas","units":1},
                       {"product":"milk","units":2,"lot":{"expiry":"2026-11-03"}},
                       {"product":"milk","units":3,"lot":{"expiry":"2026-11-02"}}]})",
                            estate.store());
  ASSERT_TRUE(reading.body);
  EXPECT_EQ(json_of(std::get<trade::GoodsMoved>(*reading.body), estate.store()),
            R"({"cause":"waste","rows":[{"product":"milk","units":3,"pence":0,)"
            R"("lot":{"expiry":"2026-11-02"}},{"product":"milk","units":2,"pence":0,)"
            R"("lot":{"expiry":"2026-11-03"}},{"product":"peas","units":1,"pence":0}]})");
}

TEST(Json, what_the_resource_says_is_in_the_body) {
  Estate estate;
  const auto lifted = read(kind_of<trade::StopLifted>, {{}, "0042-1-7-80"}, "", estate.store());
  ASSERT_TRUE(lifted.body);
  EXPECT_EQ(std::get<trade::StopLifted>(*lifted.body).stop, 7u);
  const auto changed = read(kind_of<trade::LineChanged>, {{}, "soap"},
                            R"({"terms":{"case_units":6,"chain":"ambient","date_kind":"none"},)"
                            R"("pick_sequence":1,"is_closed":true})",
                            estate.store());
  ASSERT_TRUE(changed.body);
  EXPECT_EQ(std::get<trade::LineChanged>(*changed.body).line, soap);
  const auto ended = read(kind_of<trade::EnrolmentEnded>, {"device", "3"}, "", estate.store());
  ASSERT_TRUE(ended.body);
  EXPECT_EQ(std::get<trade::EnrolmentEnded>(*ended.body).device, trade::DeviceNo{3});
  EXPECT_EQ(std::get<trade::EnrolmentEnded>(*ended.body).actor, trade::ActorNo{});
}

struct Wrong {
  std::string_view json;
  Kind kind;
  std::string_view pointer;
};

TEST(Json, that_is_not_as_the_contract_says_is_a_fault_that_names_its_place) {
  const Estate estate;
  const std::vector<Wrong> wrongs{
      {"{", Kind::malformed, ""},
      {"{} {}", Kind::malformed, ""},
      {"\xff", Kind::malformed, ""},
      {"[]", Kind::value_wrong, ""},
      {"{}", Kind::member_missing, "/rows"},
      {R"({"rows":{}})", Kind::value_wrong, "/rows"},
      {R"({"rows":[],"rows":[]})", Kind::member_doubled, "/rows"},
      {R"({"rows":[],"ro~w/s":[]})", Kind::member_unknown, "/ro~0w~1s"},
      {R"({"rows":[],"cause":"waste"})", Kind::member_in_path, "/cause"},
      {R"({"rows":[{"units":1}]})", Kind::member_missing, "/rows/0/product"},
      {R"({"rows":[{"product":"milk"}]})", Kind::member_missing, "/rows/0/units"},
      {R"({"rows":[{"product":1,"units":1}]})", Kind::value_wrong, "/rows/0/product"},
      {R"({"rows":[{"product":"","units":1}]})", Kind::value_wrong, "/rows/0/product"},
      {R"({"rows":[{"product":"m\u00e4h","units":1}]})", Kind::value_wrong, "/rows/0/product"},
      {R"({"rows":[{"line":0,"product":"milk","units":1}]})", Kind::member_unknown, "/rows/0/line"},
      {R"({"rows":[{"product":"milk","units":1.5}]})", Kind::value_wrong, "/rows/0/units"},
      {R"({"rows":[{"product":"milk","units":1.0}]})", Kind::value_wrong, "/rows/0/units"},
      {R"({"rows":[{"product":"milk","units":"1"}]})", Kind::value_wrong, "/rows/0/units"},
      {R"({"rows":[{"product":"milk","units":null}]})", Kind::value_wrong, "/rows/0/units"},
      {R"({"rows":[{"product":"milk","units":2147483648}]})", Kind::value_wrong, "/rows/0/units"},
      {R"({"rows":[{"product":"milk","units":99999999999999999999}]})", Kind::malformed, ""},
      {R"({"rows":[{"product":"milk","units":1},)"
       R"({"product":"milk","units":1,"lot":{"expiry":"x"}}]})",
       Kind::value_wrong, "/rows/1/lot/expiry"},
      {R"({"rows":[{"product":"milk","units":1,"lot":{"expiry":"1999-12-31"}}]})",
       Kind::value_wrong, "/rows/0/lot/expiry"},
      {R"({"rows":[{"product":"milk","units":1,"lot":{"batch":"123456789012345678901"}}]})",
       Kind::value_wrong, "/rows/0/lot/batch"},
      {R"({"rows":[{"product":"milk","units":1,"lot":[]}]})", Kind::value_wrong, "/rows/0/lot"},
  };
  for (const Wrong& wrong : wrongs) {
    const auto reading =
        read(kind_of<trade::GoodsMoved>, {"waste", {}}, wrong.json, estate.store());
    EXPECT_FALSE(reading.body) << wrong.json;
    EXPECT_EQ(reading.fault.kind, wrong.kind) << wrong.json;
    EXPECT_EQ(reading.fault.pointer, wrong.pointer) << wrong.json;
    EXPECT_NE(reading.fault.expected, "") << wrong.json;
  }
}

TEST(Json, what_the_site_decides_cannot_be_asked_for) {
  const Estate estate;
  const std::vector<std::pair<std::size_t, std::string_view>> asked{
      {kind_of<trade::GoodsCounted>, "moved_units"}, {kind_of<trade::GoodsReceived>, "order"},
      {kind_of<trade::GoodsSent>, "number"},         {kind_of<trade::PriceReduced>, "number"},
      {kind_of<trade::StopSet>, "number"},           {kind_of<trade::OrderPlaced>, "replaces"},
      {kind_of<trade::WaveOpened>, "number"},        {kind_of<trade::OrderPicked>, "cargo"},
      {kind_of<trade::OrderDispatched>, "number"},   {kind_of<trade::InboundExpected>, "number"},
  };
  for (const auto& [kind, member] : asked) {
    const auto reading = read(kind, {}, fmt::format(R"({{"{}":1}})", member), estate.store());
    EXPECT_EQ(reading.fault.kind, Kind::member_decided) << member;
    EXPECT_EQ(reading.fault.pointer, fmt::format("/{}", member));
  }
}

TEST(Json, a_line_is_opened_under_an_id_that_can_stand_in_a_path) {
  const Estate estate;
  const auto open = [&](const std::string& id) {
    return read(kind_of<trade::LineOpened>, {},
                fmt::format(R"({{"product":"{}","terms":{{"case_units":1,"chain":"ambient",)"
                            R"("date_kind":"none"}},"price_pence":1}})",
                            id),
                estate.store());
  };
  for (const char* id : {"P1", "a.b_c-d", "..1", "12345678901234567890123456789012"})
    EXPECT_TRUE(open(id).body) << id << " " << open(id).fault.pointer;
  for (const char* id : {"", "a/b", "a b", ".", "..", "-", "a?b", "a%2Fb", "\\u00e4",
                         "123456789012345678901234567890123"})
    EXPECT_EQ(open(id).fault.pointer, "/product") << id;
}

TEST(Json, words_that_do_not_exist_are_answered_with_those_that_do) {
  const Estate estate;
  const auto reading = read(kind_of<trade::WaveOpened>, {}, R"({"chain":"warm"})", estate.store());
  EXPECT_EQ(reading.fault.pointer, "/chain");
  EXPECT_THAT(reading.fault.expected, HasSubstr("ambient, chilled, frozen"));
}

TEST(Json, of_more_rows_than_a_document_has_is_refused) {
  const Estate estate;
  std::string json = R"({"rows":[)";
  for (std::size_t i = 0; i <= trade::rows_max; ++i) json += R"({"product":"milk","units":1},)";
  json.back() = ']';
  const auto reading = read(kind_of<trade::GoodsMoved>, {"sale", {}}, json + "}", estate.store());
  EXPECT_EQ(reading.fault.kind, Kind::too_many_rows);
  EXPECT_EQ(reading.fault.pointer, "/rows");
}

TEST(LineFinder, finds_what_is_there_now_whatever_it_found_before) {
  Estate estate;
  LineFinder finder;
  EXPECT_EQ(finder.find(product("soap"), estate.store().goods), soap);
  EXPECT_EQ(finder.find(product("soap"), estate.store().goods), soap);
  EXPECT_EQ(finder.find(product("soup"), estate.store().goods), std::nullopt);
  trade::Book other;
  trade::apply(other, store_code, {{}, trade::SiteOpened{store_code, trade::SiteKind::store, 1}});
  EXPECT_EQ(finder.find(product("soap"), other.find(store_code)->goods), std::nullopt);
  trade::apply(other, store_code, {{}, trade::LineOpened{product("soap"), {6}, 1, 0}});
  EXPECT_EQ(finder.find(product("soap"), other.find(store_code)->goods), trade::LineNo{0});
}

TEST(Draft, with_a_product_that_the_site_does_not_have_names_it) {
  const Estate estate;
  const auto reading =
      read(kind_of<trade::GoodsMoved>, {"sale", {}},
           R"({"rows":[{"product":"milk","units":1},{"product":"P9","units":1}]})", estate.store());
  EXPECT_EQ(reading.refusal.no.why, trade::Refusal::line_unknown);
  EXPECT_EQ(reading.refusal.product, "P9");
}

TEST(Draft, with_another_sites_number_or_proposal_is_not_ours) {
  const Estate estate;
  const auto foreign = trade::to_string({other_store_code, 1, 7});
  const auto lifted = read(kind_of<trade::StopLifted>, {{}, foreign}, "", estate.store());
  EXPECT_EQ(lifted.refusal.no.why, trade::Refusal::document_not_ours);
  const auto older = trade::to_string({store_code, 2, 7});
  EXPECT_EQ(read(kind_of<trade::StopLifted>, {{}, older}, "", estate.store()).refusal.no.why,
            trade::Refusal::document_not_ours);
  const auto proposed =
      read(kind_of<trade::OrderProposed>, {},
           R"({"key":{"store":"0043","depot":"0009","delivery":"2026-11-02","chain":"ambient"},)"
           R"("rows":[{"product":"soap","units":12}]})",
           estate.store());
  EXPECT_EQ(proposed.refusal.no.why, trade::Refusal::document_not_ours);
}

TEST(Event, is_written_with_its_name_and_who_asked) {
  Estate estate;
  const trade::Event event{{trade::ActorNo{3}, trade::DeviceNo{1}, 9},
                           trade::StopSet{4, product("milk"), {}, {}, {}}};
  std::string out;
  EXPECT_TRUE(append_event({12, 1}, event, Names(estate.store()), out));
  EXPECT_EQ(out, R"({"event":"12.1","kind":"stop_set","number":")" +
                     trade::to_string({store_code, 1, 4}) +
                     R"(","actor":3,"device":1,"sequence":9,"body":{"number":")" +
                     trade::to_string({store_code, 1, 4}) + R"(","product":"milk"}})");
}

TEST(Event, with_a_line_that_has_no_name_says_so) {
  const trade::SiteOpened site{store_code, trade::SiteKind::store, 1};
  const std::vector<NamedLine> lines{{soap, product("soap")}};
  std::string out;
  EXPECT_TRUE(append_event({}, {{}, trade::PriceSet{soap, 1, {}, {}}}, Names(site, lines), out));
  EXPECT_FALSE(append_event({}, {{}, trade::PriceSet{milk, 1, {}, {}}}, Names(site, lines), out));
  EXPECT_THAT(out, HasSubstr(R"("product":null)"));
}

TEST(Event, names_the_lines_of_the_store_that_a_proposal_is_for) {
  Estate estate;
  estate.must(other_store_code, trade::LineOpened{product("only_there"), {6}, 1, 0});
  const trade::OrderProposed proposed{{other_store_code, depot_code, today, 0, {}},
                                      {{trade::LineNo{3}, 5}}};
  std::string out;
  EXPECT_TRUE(append_event({}, {{}, proposed}, Names(estate.store(), &estate.book), out));
  EXPECT_THAT(out, HasSubstr(R"("product":"only_there")"));
}

TEST(EventId, has_one_spelling) {
  EXPECT_EQ(to_string(EventId{12, 3}), "12.3");
  EXPECT_EQ(parse_event_id("12.3"), (EventId{12, 3}));
  for (const std::string_view wrong :
       {"", "12", "12.", ".3", "12.3 ", "012.3", "12.03", "-1.0", "+1.0", "1.4294967296", "a.b"})
    EXPECT_FALSE(parse_event_id(wrong)) << wrong;
}

}  // namespace
}  // namespace api
