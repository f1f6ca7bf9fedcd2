// Holds api/openapi.yaml against the program: its resources, its schemas, its words, its problems.
#include "api/contract.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/json_read.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/testing/samples.h"
#include "api/testing/schema.h"

namespace api {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// "GET /v1/site", ...: what stands under "paths:", by its indentation.
std::set<std::string> described_resources() {
  std::set<std::string> found;
  std::string path;
  bool is_in_paths = false;
  for (const std::string& line : lines_of(contract_yaml())) {
    if (!line.starts_with(' ')) is_in_paths = line == "paths:";
    if (!is_in_paths || !line.ends_with(':')) continue;
    const auto indent = line.find_first_not_of(' ');
    const std::string name = line.substr(indent, line.size() - indent - 1);
    if (indent == 2) path = name;
    std::string method = name;
    std::ranges::transform(method, method.begin(),
                           [](char c) { return static_cast<char>(std::toupper(c)); });
    if (indent == 4) found.insert(method + " " + path);
  }
  return found;
}

// The text of one resource in the contract.
std::string text_of_resource(const Route& route) {
  std::string text;
  bool is_path = false, is_method = false;
  for (const std::string& line : lines_of(contract_yaml())) {
    const auto indent = line.find_first_not_of(' ');
    if (indent <= 2) is_path = line == fmt::format("  {}:", route.path);
    if (indent <= 4) {
      std::string method(http::name(route.method));
      std::ranges::transform(method, method.begin(),
                             [](char c) { return static_cast<char>(std::tolower(c)); });
      is_method = is_path && line == fmt::format("    {}:", method);
    }
    if (is_method) text += line + "\n";
  }
  return text;
}

TEST(Contract, describes_every_resource_and_no_other) {
  std::set<std::string> served;
  for (const Route& route : routes())
    served.insert(fmt::format("{} {}", http::name(route.method), route.path));
  EXPECT_EQ(described_resources(), served);
}

template <class Kind>
void expect_kind() {
  EXPECT_THAT(contract_yaml(), HasSubstr(struct_schema<Kind>(Use::answer)));
  EXPECT_THAT(contract_yaml(), HasSubstr(event_schema<Kind>()));
  for (const Route& route : routes()) {
    if (route.duty != Duty::command || route.kind != trade::Body(Kind{}).index()) continue;
    const bool has_path_value = route.path.find('{') != route.path.npos;
    const std::string text = text_of_resource(route);
    if (route.method != http::Method::del) {
      EXPECT_THAT(contract_yaml(), HasSubstr(struct_schema<Kind>(Use::command, has_path_value)));
      EXPECT_THAT(text, HasSubstr(reference(name_for<Kind>(Use::command)))) << route.path;
    }
    EXPECT_THAT(text, HasSubstr(reference(std::string(type_name<Kind>()) + "Event"))) << route.path;
  }
}

TEST(Contract, has_the_members_of_every_command_and_every_event) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (expect_kind<std::variant_alternative_t<i, trade::Body>>(), ...);
  }
  (std::make_index_sequence<std::variant_size_v<trade::Body>>{});
}

void expect_schema(const std::string& schema) { EXPECT_THAT(contract_yaml(), HasSubstr(schema)); }

template <class... T>
void expect_parts() {
  (expect_schema(struct_schema<T>(Use::command)), ...);
  (expect_schema(struct_schema<T>(Use::answer)), ...);
}
TEST(Contract, has_the_members_of_every_part) {
  expect_parts<trade::Lot, trade::Terms, trade::OrderKey, trade::GoodsRow, trade::CargoRow,
               trade::OrderRow, trade::ReceiptRow, trade::PulledRow, trade::OnlineRow,
               trade::SubstituteRow>();
}

template <class... T>
void expect_words() {
  (expect_schema(word_schema<T>()), ...);
}
// What no request says yet.
TEST(Contract, has_the_members_of_every_part_of_money) {
  using namespace trade;
  const auto expect = []<class... T>() { (expect_schema(struct_schema<T>(Use::answer)), ...); };
  expect.operator()<VatRow, SoldRow, VoucherRow, Tender, Notice, CardFacts, TillRow>();
}

TEST(Contract, has_every_word) {
  using namespace trade;
  expect_words<SiteKind, Role, Mode, Capability, Place, Chain, DateKind, SecurityKind, Cause,
               OrderVerb, FulfilmentVerb, InboundVerb, ProposalState, OrderState, FulfilmentState,
               InboundState, Seen, ChangeReason, OrderPath, OrderFault, VatCode, TillReason,
               VoucherKind, CardVerb, HoldVerb, NoticeKind, PaymentStep, PaymentVerb, EntryMode,
               TenderKind, DrawerVerb, OnlineWay, OnlineState, OnlineVerb, ParcelState, ParcelVerb,
               HandOver, FoodChoice>();
}

TEST(Contract, has_every_problem) {
  std::string types = "    ProblemType:\n      type: string\n      enum:\n";
  std::set<std::string_view> names;
  for (const ProblemRow& row : catalogue()) {
    types += fmt::format("        - /problems/{}\n", row.name);
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " stands there twice";
    EXPECT_GE(row.http_status, 400) << row.name;
    EXPECT_LT(row.http_status, 600) << row.name;
  }
  EXPECT_THAT(contract_yaml(), HasSubstr(types));
  EXPECT_THAT(contract_yaml(), Not(HasSubstr(types + "        -")));
}

TEST(Contract, shows_an_example_of_every_command_that_has_a_body) {
  for (const Route& route : routes()) {
    if (route.duty != Duty::command) continue;
    const auto sample = std::ranges::find(sample_requests, route.path, &SampleRequest::route);
    ASSERT_NE(sample, sample_requests.end()) << route.path;
    if (sample->body.empty()) continue;
    EXPECT_THAT(text_of_resource(route), HasSubstr(fmt::format("example: {}\n", sample->body)));
  }
}

TEST(Routes, one_path_and_method_lead_to_one_resource) {
  for (std::size_t i = 0; i < routes().size(); ++i) {
    const auto found = find_route(routes()[i].method, routes()[i].path);
    ASSERT_TRUE(found) << routes()[i].path;
    EXPECT_EQ(found->index, i) << routes()[i].path;
  }
}

TEST(Routes, values_of_a_path_are_whole_segments) {
  const auto found = find_route(http::Method::get, "/v1/lines/a b");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->values[0], "a b");
  EXPECT_FALSE(find_route(http::Method::get, "/v1/lines/a/b"));
  EXPECT_FALSE(find_route(http::Method::get, "/v1/lines/"));
  EXPECT_FALSE(find_route(http::Method::get, "/v1/linesx"));
  EXPECT_FALSE(find_route(http::Method::get, ""));
  EXPECT_TRUE(find_route(http::Method::head, "/"));
  EXPECT_EQ(methods_of("/v1/lines/soap"), "GET, HEAD, PUT");
  EXPECT_EQ(methods_of("/nowhere"), "");
}

}  // namespace
}  // namespace api
