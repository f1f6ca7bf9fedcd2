#include "site/night.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "estate/read.h"
#include "estate/sample.h"
#include "nightly/guards.h"
#include "nightly/night.h"
#include "site/code.h"
#include "site/set_up.h"
#include "trade/book.h"

namespace site {
namespace {

using base::Date;

constexpr std::string_view store_id = "S0002";
constexpr trade::SiteCode store_code{2};

// A sample estate, and the book of one of its stores after the set-up.
class Night : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    estate::SampleOptions options;
    options.stores = 3;
    options.lines = 200;
    options.days = 120;
    options.out = io::Path(::testing::TempDir()) / "site-night";
    const auto facts = estate::write_sample(io::real_disk(), options);
    ASSERT_TRUE(facts);
    day = facts->as_of;
    auto read = estate::read_estate(io::real_disk(), options.out, {});
    ASSERT_TRUE(read);
    sample = new estate::Estate(std::move(*read));
  }
  static void TearDownTestSuite() { delete sample; }

  void SetUp() override {
    trade::apply(book, store_code, {{}, trade::SiteOpened{store_code, trade::SiteKind::store, 1}});
    carry_out(set_up(*sample, store_id, own(), day).value());
    carry_out({trade::DayOpened{trade::to_day(day)}});
  }

  const trade::Partition& own() const { return *book.find(store_code); }
  void carry_out(const std::vector<trade::Body>& bodies) {
    for (const trade::Body& body : bodies) {
      const auto event = trade::decide(book, store_code, {trade::Role::site, {}, 0, body});
      ASSERT_TRUE(event) << kind_name(body) << ' ' << row_of(event.error().why).name;
      trade::apply(book, store_code, *event);
    }
  }
  std::vector<ProposedOrder> plan(std::span<const SoldDay> sold = {}, int days = 0) const {
    auto made = plan_night(*sample, store_id, own(), sold, day + days, 1);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(std::vector<ProposedOrder>{});
  }

  bool is_weighed(trade::LineNo line) const {
    const auto product = estate::find_product(*sample, own().goods.product(line).view());
    return sample->products[product].measure == estate::Measure::g;
  }

  static inline estate::Estate* sample = nullptr;
  static inline Date day;
  trade::Book book;
};

std::map<trade::LineNo, trade::Units> units_of(const std::vector<ProposedOrder>& orders) {
  std::map<trade::LineNo, trade::Units> units;
  for (const ProposedOrder& order : orders)
    for (const ProposedLine& line : order.lines) units[line.line] += line.units;
  return units;
}

TEST_F(Night, sets_up_lines_terms_prices_and_stock_as_the_estate_has_them) {
  const std::uint32_t site = estate::find_site(*sample, store_id);
  std::int64_t in_estate = 0, in_book = 0;
  for (std::size_t row = 0; row < sample->stock.size(); ++row)
    if (sample->stock.site[row] == site) in_estate += std::max(sample->stock.on_hand_units[row], 0);
  for (const trade::Units units : own().stock.on_hand()) in_book += units;
  EXPECT_GT(in_estate, 0);
  EXPECT_EQ(in_book, in_estate);
  for (std::uint32_t i = 0; i < own().goods.line_count(); ++i) {
    const trade::LineNo line{i};
    const estate::Product& product =
        sample->products[estate::find_product(*sample, own().goods.product(line).view())];
    EXPECT_EQ(own().goods.terms(line).case_units, product.case_units);
    EXPECT_GT(own().goods.price_pence(line), 0);
  }
}

TEST_F(Night, sets_nothing_up_twice) {
  EXPECT_TRUE(set_up(*sample, store_id, own(), day)->empty());
}

TEST_F(Night, prices_that_need_a_card_are_no_prices_of_lines) {
  estate::Estate changed = *sample;
  for (const estate::PriceRow& row : sample->prices)
    for (const char* kind : {"member", "colleague"}) {
      estate::PriceRow& lower = changed.prices.emplace_back(row);
      lower.kind = kind, lower.price.e4 = 100;
    }
  std::ranges::stable_sort(changed.prices, {}, &estate::PriceRow::product);
  EXPECT_TRUE(set_up(changed, store_id, own(), day)->empty());
  for (estate::PriceRow& row : changed.prices) row.kind.clear();
  EXPECT_FALSE(set_up(changed, store_id, own(), day)->empty());
}

TEST_F(Night, changes_and_closes_lines_as_the_estate_does) {
  estate::Estate changed = *sample;
  const std::uint32_t site = estate::find_site(changed, store_id);
  const auto of_first = [&](const auto& row) { return row.site == site; };
  const std::uint32_t dropped = std::ranges::find_if(changed.range, of_first)->product;
  std::erase_if(changed.range, [&](const auto& row) { return row.product == dropped; });
  std::ranges::replace(changed.stock.site, site, site + 1);
  for (estate::Product& product : changed.products) product.case_units += 6;
  const auto bodies = set_up(changed, store_id, own(), day).value();
  std::size_t altered = 0;
  std::vector<std::string_view> closed;
  for (const trade::Body& body : bodies)
    if (const auto* change = std::get_if<trade::LineChanged>(&body)) {
      altered += !change->is_closed;
      if (change->is_closed) closed.push_back(own().goods.product(change->line).view());
    }
  EXPECT_EQ(altered + closed.size(), own().goods.line_count());
  EXPECT_NE(std::ranges::find(closed, changed.products[dropped].id), closed.end());
  carry_out(bodies);
  EXPECT_TRUE(set_up(changed, store_id, own(), day)->empty());
}

TEST_F(Night, orders_from_the_book_what_the_order_run_orders_from_the_same_facts) {
  estate::Estate alone = *sample;
  const std::uint32_t site = estate::find_site(alone, store_id);
  estate::Sales own_sales;
  for (std::size_t i = 0; i < alone.sales.size(); ++i) {
    if (alone.sales.site[i] != site) continue;
    own_sales.site.push_back(site);
    own_sales.product.push_back(alone.sales.product[i]);
    own_sales.day.push_back(alone.sales.day[i]);
    own_sales.units.push_back(alone.sales.units[i]);
    own_sales.flags.push_back(alone.sales.flags[i]);
  }
  own_sales.reduced_units.resize(alone.sales.reduced_units.empty() ? 0 : own_sales.size());
  alone.sales = std::move(own_sales);
  std::erase_if(alone.range, [&](const auto& row) { return row.site != site; });
  alone.movements.clear();
  alone.on_order.clear();
  alone.customer_orders.clear();
  nightly::Guards guards(io::real_disk(), {}, {}, day);
  ASSERT_TRUE(guards.inspect(alone, std::nullopt));
  nightly::DecidedNight night(alone, day, std::nullopt, 1);
  ASSERT_TRUE(night.decide(guards));
  std::map<trade::LineNo, trade::Units> expected;
  for (const nightly::OrderLine& order : night.night.orders)
    if (order.units > 0 && order.source_site != estate::none)
      expected[*own().goods.find(*trade::ProductId::of(alone.products[order.product].id))] +=
          order.units;
  ASSERT_GT(expected.size(), 5u);
  // The sample has records of stock below zero, which a book takes over as nothing.
  std::size_t different = 0;
  const auto planned = units_of(plan());
  for (const auto& [line, units] : expected) {
    const auto row = planned.find(line);
    different += row == planned.end() || row->second != units;
  }
  EXPECT_LE(different, 1u);
}

TEST_F(Night, proposes_bodies_that_the_book_takes_with_reasons_for_each_line) {
  const auto orders = plan();
  ASSERT_FALSE(orders.empty());
  for (const ProposedOrder& order : orders) {
    carry_out({order.body()});
    EXPECT_EQ(order.key.store, store_code);
    EXPECT_GE(order.key.delivery, trade::to_day(day));
    for (const ProposedLine& line : order.lines) {
      EXPECT_FALSE(line.reasons.empty());
      EXPECT_LE(line.reasons.size(), reasons_max);
      for (std::size_t i = 1; i < line.reasons.size(); ++i)
        EXPECT_GE(std::abs(line.reasons[i - 1].units), std::abs(line.reasons[i].units));
    }
  }
}

TEST_F(Night, orders_nothing_more_of_what_is_placed_already) {
  const auto first = plan();
  for (const ProposedOrder& order : first) {
    const trade::OrderProposed proposed = order.body();
    carry_out({trade::OrderConfirmed{proposed.key, proposed.rows},
               trade::OrderPlaced{proposed.key, 0, {}}});
  }
  const auto before = units_of(first), after = units_of(plan());
  for (const auto& [line, units] : after) {
    const auto row = before.find(line);
    EXPECT_LT(units, row == before.end() ? trade::row_units_max : row->second + 1)
        << "line " << index(line);
  }
  std::int64_t sum_before = 0, sum_after = 0;
  for (const auto& [line, units] : before) sum_before += units;
  for (const auto& [line, units] : after) sum_after += units;
  EXPECT_LT(sum_after * 4, sum_before);
}

TEST_F(Night, learns_from_what_the_site_itself_has_sold) {
  // A fortnight of every product selling twenty a day, or nothing.
  const auto after = [&](std::int64_t units) {
    std::vector<SoldDay> sold;
    for (int i = 1; i <= 14; ++i)
      for (const trade::LineNo line : own().goods.by_product())
        sold.push_back({day + i, own().goods.product(line).view(), units, false});
    std::int64_t sum = 0;
    const auto planned = units_of(plan(sold, 14));
    for (const auto& [line, ordered] : planned)
      if (!is_weighed(line)) sum += ordered;
    return sum;
  };
  EXPECT_GT(after(20), 2 * after(0));
}

TEST_F(Night, names_a_site_that_the_estate_does_not_have) {
  EXPECT_EQ(plan_night(*sample, "S9", own(), {}, day, 1).error().code,
            base::ErrorCode::input_missing);
}

}  // namespace
}  // namespace site
