#include "site/depot_night.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "estate/read.h"
#include "estate/sample.h"
#include "nightly/guards.h"
#include "nightly/night.h"
#include "site/set_up.h"
#include "trade/book.h"

namespace site {
namespace {

using base::Date;

constexpr std::string_view depot_id = "D01";
constexpr trade::SiteCode depot_code{9'001};

using UnitsByLine = std::map<trade::LineNo, trade::Units>;

// A sample estate, and the book of its depot after the set-up, on the day after the sample's last.
class DepotNight : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    estate::SampleOptions options;
    options.stores = 3;
    options.lines = 200;
    options.days = 120;
    options.out = io::Path(::testing::TempDir()) / "site-depot-night";
    const auto facts = estate::write_sample(io::real_disk(), options);
    ASSERT_TRUE(facts);
    day = facts->as_of;
    auto read = estate::read_estate(io::real_disk(), options.out, {});
    ASSERT_TRUE(read);
    sample = new estate::Estate(std::move(*read));
  }
  static void TearDownTestSuite() { delete sample; }

  void SetUp() override {
    trade::apply(book, depot_code, {{}, trade::SiteOpened{depot_code, trade::SiteKind::depot, 1}});
    const auto bodies = set_up(*sample, depot_id, own(), day).value();
    for (const trade::Body& body : bodies) carry_out(body);
    carry_out(trade::DayOpened{trade::to_day(day)});
  }

  const trade::Partition& own() const { return *book.find(depot_code); }
  trade::Event carry_out(const trade::Body& body) {
    const auto event = trade::decide(book, depot_code, {trade::Role::site, {}, 0, body});
    EXPECT_TRUE(event) << kind_name(body) << ' ' << row_of(event.error().why).name;
    trade::apply(book, depot_code, *event);
    return *event;
  }
  std::vector<ProposedInbound> plan() const {
    auto made = plan_depot_night(*sample, depot_id, own(), day, 1);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(std::vector<ProposedInbound>{});
  }

  static inline estate::Estate* sample = nullptr;
  static inline Date day;
  trade::Book book;
};

UnitsByLine units_of(const std::vector<ProposedInbound>& orders) {
  UnitsByLine units;
  for (const ProposedInbound& order : orders)
    for (const ProposedLine& line : order.lines) units[line.line] += line.units;
  return units;
}

TEST_F(DepotNight, orders_from_the_book_what_the_order_run_orders_from_the_same_facts) {
  estate::Estate same = *sample;
  const std::uint32_t depot = estate::find_site(same, depot_id);
  std::erase_if(same.on_order, [&](const auto& row) { return row.site == depot; });
  std::erase_if(same.movements, [&](const auto& row) { return row.site == depot; });
  nightly::Guards guards(io::real_disk(), {}, {}, day);
  ASSERT_TRUE(guards.inspect(same, std::nullopt));
  nightly::DecidedNight night(same, day, std::nullopt, 1);
  ASSERT_TRUE(night.decide(guards));
  UnitsByLine expected;
  for (const nightly::DepotOrderLine& line : night.night.depot_orders)
    if (line.depot == depot && line.units > 0)
      expected[*own().goods.find(*trade::ProductId::of(same.products[line.product].id))] +=
          line.units;
  ASSERT_GT(expected.size(), 5u);
  // The sample has records of stock below zero, which a book takes over as nothing.
  std::size_t different = 0;
  const UnitsByLine planned = units_of(plan());
  for (const auto& [line, units] : expected) {
    const auto row = planned.find(line);
    different += row == planned.end() || row->second != units;
  }
  EXPECT_LE(different, 1u);
}

TEST_F(DepotNight, proposes_what_the_book_takes_with_reasons_that_add_up_to_each_quantity) {
  const auto orders = plan();
  ASSERT_FALSE(orders.empty());
  for (const ProposedInbound& order : orders) {
    carry_out(order.body());
    EXPECT_GT(order.due, trade::to_day(day));
    for (const ProposedLine& line : order.lines) {
      double sum = 0;
      for (const Reason& reason : line.reasons) sum += reason.units;
      EXPECT_NEAR(sum, line.units, 1e-6);
      EXPECT_LE(line.reasons.size(), reasons_max);
    }
  }
}

TEST_F(DepotNight, orders_nothing_more_of_what_is_placed_already) {
  const auto first = plan();
  std::vector<std::uint32_t> proposed;
  for (const ProposedInbound& order : first)
    proposed.push_back(std::get<trade::InboundProposed>(carry_out(order.body()).body).counter);
  EXPECT_EQ(units_of(plan()), units_of(first)) << "proposed is not placed";
  for (const std::uint32_t counter : proposed)
    carry_out(trade::InboundMoved{counter, trade::InboundVerb::place, {}});
  // But for what the suppliers were spared of on the first night.
  const auto is_cut = [](const Reason& reason) { return reason.name == "surge"; };
  const UnitsByLine second = units_of(plan());
  for (const ProposedInbound& order : first)
    for (const ProposedLine& line : order.lines)
      EXPECT_TRUE(std::ranges::any_of(line.reasons, is_cut) || !second.contains(line.line))
          << "line " << index(line.line);
}

TEST_F(DepotNight, orders_less_where_more_is_in_stock) {
  const auto first = units_of(plan());
  ASSERT_FALSE(first.empty());
  const trade::LineNo line = first.begin()->first;
  carry_out(trade::GoodsMoved{trade::Cause::opening, {{line, first.begin()->second * 20, 0, {}}}});
  EXPECT_FALSE(units_of(plan()).contains(line));
}

}  // namespace
}  // namespace site
