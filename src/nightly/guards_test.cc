#include "nightly/guards.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightly/testing/grocer.h"

namespace nightly {
namespace {

using estate::testing::Files;
using ::testing::ElementsAre;
using testing::Grocer;
using testing::GrocerTest;
using ::testing::IsEmpty;
using testing::replace_all;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int before = Grocer::days - 2, tonight = Grocer::days - 1;
constexpr std::size_t all_lines = Grocer::sites * Grocer::products;

void zero_leads(Files& files) {
  files["suppliers.csv"] = "supplier,lead_days\nA,0\nB,0\nC,0\n";
  files["supply.csv"] = "to_site,from,lead_days\nD1,A,0\nD1,B,0\nD1,C,0\n";
}
void same_day_deliveries(Files& files) {
  for (int weekday = 1; weekday <= 7; ++weekday)
    replace_all(files["deliveries.csv"], fmt::format(",{},1,{}\n", weekday, weekday % 7 + 1),
                fmt::format(",{},1,{}\n", weekday, weekday));
}
void cases_of_24(Files& files) { replace_all(files["products.csv"], ",1,0.5", ",24,0.5"); }
void free_goods(Files& files) { replace_all(files["products.csv"], ",0.5,0.9", ",0,0"); }
void everyone_lifeline(Files& files) { replace_all(files["sites.csv"], ",D1,0", ",D1,3"); }
void everything_delisted(Files& files) {
  replace_all(files["range.csv"], ",active,1,0,", ",active,1,0,2026-05-01");
}
void everything_blocked(Files& files) { replace_all(files["range.csv"], ",active,", ",blocked,"); }

// Rewrites the units of each sales row.
void rewrite_sales(Files& files, const std::function<int(std::string_view row, int units)>& units) {
  std::string& sales = files["sales.csv"];
  std::string text;
  for (std::size_t at = 0; at < sales.size();) {
    const std::size_t end = sales.find('\n', at);
    const std::string row = sales.substr(at, end - at);
    at = end + 1;
    const std::size_t comma = row.rfind(',');
    if (!text.empty())
      text += fmt::format("{},{}\n", row.substr(0, comma),
                          units(row, std::stoi(row.substr(comma + 1))));
    else
      text = row + "\n";
  }
  sales = text;
}
void no_history(Files& files) {
  rewrite_sales(files, [](std::string_view, int) { return 0; });
}
void half_the_stores_without_history(Files& files) {
  rewrite_sales(files, [](std::string_view row, int units) { return row[13] <= '4' ? 0 : units; });
}
void one_sale_times_1000(Files& files) {
  const std::string day = base::to_string(Grocer::first + tonight) + ",S05,P07";
  rewrite_sales(files, [&](std::string_view row, int units) {
    return row.starts_with(day) ? units * 1000 : units;
  });
}
void one_shelf_times_1000(Files& files) {
  replace_all(files["range.csv"], "S05,P07,active,1,", "S05,P07,active,1000,");
}
void one_stock_times_1000(Files& files) {
  replace_all(files["stock.csv"], "S05,P07,3\n", "S05,P07,3000\n");
}

using Units = std::map<std::tuple<std::uint32_t, std::uint32_t, std::int32_t>, std::int32_t>;

// Units of the lines that are not held, and of all lines.
Units free_units(const Night& night) {
  Units units;
  for (const OrderLine& order : night.orders)
    if (order.held == 0) units[{order.line, order.product, order.on_shelf.days}] = order.units;
  return units;
}
Units all_units(const Night& night) {
  Units units;
  for (const OrderLine& order : night.orders)
    units[{order.line, order.product, order.on_shelf.days}] = order.units;
  return units;
}

std::vector<std::string> ids(const Night& night) {
  std::vector<std::string> ids;
  for (const HeldRow& row : night.held) ids.push_back(row.id);
  return ids;
}

std::vector<Release> releases_of(const Night& night) {
  std::vector<Release> releases;
  for (const HeldRow& row : night.held) releases.push_back({row.id, "A. Person"});
  return releases;
}

class GuardsTest : public GrocerTest {
 protected:
  // A poisoned night after a clean one; lines that are not held order what they do in a clean
  // night, held ones no more than that, and no shop is left without.
  Night poisoned(const Spoil& spoil) {
    night(before);
    const Night clean = night(tonight).night;
    EXPECT_THAT(clean.held, IsEmpty());
    EXPECT_EQ(clean.lines_held, 0u);
    Night night = this->night(tonight, spoil).night;
    const Units all = all_units(clean);
    for (const auto& [line, units] : free_units(night)) EXPECT_EQ(units, all.at(line));
    std::set<std::uint32_t> served;
    for (const OrderLine& order : night.orders) {
      if (order.units > 0) served.insert(order.line / Grocer::products);
      EXPECT_LE(order.units, 6 * 2);  // the most that two days ever sold
    }
    EXPECT_THAT(served, SizeIs(Grocer::sites));
    return night;
  }
};

TEST_F(GuardsTest, clean_nights_hold_nothing) {
  for (int day = tonight - 9; day <= tonight; ++day) {
    const Night night = this->night(day).night;
    EXPECT_THAT(ids(night), IsEmpty()) << day;
    EXPECT_EQ(night.orders.size(), all_lines) << day;
  }
}

TEST_F(GuardsTest, leads_of_zero_hold_what_depots_order_from_suppliers) {
  const Night night = poisoned(zero_leads);
  EXPECT_THAT(ids(night),
              ElementsAre(StartsWith("supply_lead.zero-"), StartsWith("supplier_lead.changed-")));
  EXPECT_EQ(night.lines_held, 0u);
  for (const DepotOrderLine& line : night.depot_orders) EXPECT_EQ(line.reason, "held");
  EXPECT_THAT(night.depot_orders, SizeIs(Grocer::products));
}

TEST_F(GuardsTest, deliveries_on_the_day_of_the_order_hold_the_stores) {
  const Night night = poisoned(same_day_deliveries);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("delivery_days.")));
  EXPECT_EQ(night.lines_held, all_lines);
}

TEST_F(GuardsTest, case_sizes_from_1_to_24_are_one_decision) {
  const Night night = poisoned(cases_of_24);
  ASSERT_THAT(ids(night), ElementsAre(StartsWith("case_units.changed-")));
  EXPECT_EQ(night.held[0].where, "12 products: P01, P02, P03, …");
  EXPECT_EQ(night.held[0].was, "1");
  EXPECT_EQ(night.held[0].is, "24");
  EXPECT_EQ(night.lines_held, all_lines);
}

TEST_F(GuardsTest, prices_of_zero_are_held) {
  EXPECT_THAT(ids(poisoned(free_goods)),
              ElementsAre(StartsWith("unit_cost.zero-"), StartsWith("unit_price.zero-")));
}

TEST_F(GuardsTest, a_lifeline_at_every_store_is_held) {
  EXPECT_THAT(ids(poisoned(everyone_lifeline)), ElementsAre(StartsWith("lifeline.many-")));
}

TEST_F(GuardsTest, a_range_that_ends_without_notice_is_held_and_still_ordered) {
  const Night night = poisoned(everything_delisted);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("range.gone-")));
  EXPECT_EQ(night.lines_held, all_lines);
}

TEST_F(GuardsTest, ends_of_long_ago_are_not_rewritten_along_with_a_range_that_is_held) {
  const auto one_left_in_april = [](Files& files) {
    replace_all(files["range.csv"], "S03,P04,active,1,0,", "S03,P04,active,1,0,2026-04-10");
  };
  night(before, one_left_in_april);
  auto files = grocer_.files(tonight);
  everything_delisted(files);
  auto estate = estate::testing::read_files(files);
  ASSERT_TRUE(estate);
  Guards guards(disk_, folder_ / "state", {}, Grocer::first + tonight);
  ASSERT_TRUE(guards.inspect(*estate, {}));
  const std::uint32_t site = find_site(*estate, "S03"), product = find_product(*estate, "P04");
  const auto row = std::ranges::find_if(
      estate->range, [&](const auto& r) { return r.site == site && r.product == product; });
  ASSERT_NE(row, estate->range.end());
  EXPECT_EQ(row->to, base::make_date(2026, 4, 10));
}

TEST_F(GuardsTest, a_range_that_is_blocked_everywhere_is_held_and_still_ordered) {
  const Night night = poisoned(everything_blocked);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("range.gone-")));
  EXPECT_EQ(night.orders.size(), all_lines);
}

TEST_F(GuardsTest, a_history_of_zeros_is_held_and_the_state_remembers_what_it_was) {
  const Night night = poisoned(no_history);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("sales.lost-"), StartsWith("sales.low-")));
  EXPECT_EQ(night.lines_held, night.orders.size());
  EXPECT_GE(night.orders.size(), all_lines / 2);
}

TEST_F(GuardsTest, stores_without_history_do_not_touch_the_others) {
  const Night night = poisoned(half_the_stores_without_history);
  EXPECT_THAT(night.held, SizeIs(2));
  EXPECT_EQ(free_units(night).size(), all_lines / 2);
}

TEST_F(GuardsTest, one_sale_times_a_thousand_holds_one_line) {
  const Night night = poisoned(one_sale_times_1000);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("sales.high-")));
  EXPECT_EQ(night.held[0].where, "S05 P07");
  EXPECT_EQ(night.lines_held, 1u);
}

TEST_F(GuardsTest, one_presentation_minimum_times_a_thousand_holds_one_line) {
  const Night night = poisoned(one_shelf_times_1000);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("presentation.beyond-")));
  EXPECT_EQ(night.lines_held, 1u);
}

TEST_F(GuardsTest, one_stock_record_times_a_thousand_is_not_believed) {
  const Night night = poisoned(one_stock_times_1000);
  EXPECT_THAT(ids(night), ElementsAre(StartsWith("stock.high-")));
  EXPECT_EQ(night.lines_held, 1u);
  EXPECT_EQ(night.lines_unknown, 1u);
}

TEST_F(GuardsTest, all_poisons_together_are_named_and_one_file_lets_all_pass) {
  const auto everything = [](Files& files) {
    for (const auto spoil : {zero_leads, same_day_deliveries, cases_of_24, free_goods,
                             everyone_lifeline, one_sale_times_1000, one_shelf_times_1000,
                             one_stock_times_1000, half_the_stores_without_history})
      spoil(files);
    everything_blocked(files);
  };
  const Night held = poisoned(everything);
  EXPECT_EQ(held.held.size(), 13u);
  const NightResult released = night(tonight, everything, releases_of(held));
  EXPECT_THAT(released.night.held, IsEmpty());
  EXPECT_EQ(released.night.lines_held, 0u);
  EXPECT_THAT(released.night.orders, IsEmpty());  // all of the range is blocked indeed
}

TEST_F(GuardsTest, what_was_released_once_passes_on_later_nights) {
  night(before);
  const Night held = night(tonight, cases_of_24).night;
  ASSERT_THAT(held.held, SizeIs(1));
  night(tonight, cases_of_24, releases_of(held));
  EXPECT_THAT(night(tonight + 1, cases_of_24).night.held, IsEmpty());
}

TEST_F(GuardsTest, a_release_frees_no_other_values_than_those_that_were_seen) {
  night(before);
  const Night held = night(tonight, cases_of_24).night;
  const auto cases_of_48 = [](Files& files) {
    replace_all(files["products.csv"], ",1,0.5", ",48,0.5");
  };
  const NightResult other = night(tonight, cases_of_48, releases_of(held));
  EXPECT_THAT(other.night.held, SizeIs(1));
  EXPECT_THAT(other.unused_releases, ElementsAre(held.held[0].id));
}

TEST_F(GuardsTest, what_is_held_is_held_again_on_the_next_night) {
  night(before - 1);
  const auto first = ids(night(before, cases_of_24).night);
  EXPECT_EQ(ids(night(tonight, cases_of_24).night), first);
}

TEST_F(GuardsTest, a_poison_that_is_mended_leaves_no_trace) {
  for (const auto spoil : {no_history, half_the_stores_without_history, everything_delisted,
                           cases_of_24, one_stock_times_1000}) {
    SetUp();
    night(before - 1);
    night(before);
    const Units clean = all_units(night(tonight).night);
    SetUp();
    night(before - 1);
    ASSERT_FALSE(night(before, spoil).night.held.empty());
    const Night mended = night(tonight).night;
    EXPECT_THAT(ids(mended), IsEmpty());
    EXPECT_EQ(all_units(mended), clean);
  }
}

TEST_F(GuardsTest, without_a_last_night_bounds_and_the_estates_own_history_still_count) {
  carried_ = false;
  EXPECT_THAT(night(tonight).night.held, IsEmpty());
  const auto found = [&](const Spoil& spoil) {
    const auto names = ids(night(tonight, spoil).night);
    return names.empty() ? std::string() : names[0].substr(0, names[0].find('-'));
  };
  EXPECT_EQ(found(zero_leads), "supply_lead.zero");
  EXPECT_EQ(found(same_day_deliveries), "delivery_days.zero");
  EXPECT_EQ(found(free_goods), "unit_cost.zero");
  EXPECT_EQ(found(everyone_lifeline), "lifeline.many");
  EXPECT_EQ(found(everything_delisted), "range.gone");
  EXPECT_EQ(found(no_history), "sales.low");
  EXPECT_EQ(found(one_sale_times_1000), "sales.high");
  EXPECT_EQ(found(one_shelf_times_1000), "presentation.beyond");
  EXPECT_EQ(found(one_stock_times_1000), "stock.high");
}

TEST_F(GuardsTest, an_order_far_above_its_own_past_is_held_whatever_made_it) {
  night(before);
  const auto promoted = [](Files& files) {
    files["promotions.csv"] = fmt::format(
        "promotion,product,from_date,to_date,site,uplift\nX,P07,{},{},S05,90\n",
        base::to_string(Grocer::first + tonight + 1), base::to_string(Grocer::first + tonight + 9));
  };
  const Night night = this->night(tonight, promoted).night;
  ASSERT_THAT(ids(night), ElementsAre(StartsWith("order.high-")));
  EXPECT_EQ(night.lines_held, 1u);
  for (const OrderLine& order : night.orders) EXPECT_LE(order.units, 12);
}

TEST_F(GuardsTest, the_files_say_what_is_held) {
  night(before);
  const Night night = this->night(tonight, cases_of_24).night;
  EXPECT_THAT(file("held.csv"),
              StartsWith("id,where,what,was,is,why\n" + night.held[0].id + ",\"12 products: "));
  EXPECT_NE(file("orders.csv").find("," + night.held[0].id + ","), std::string::npos);
  EXPECT_NE(file("summary.json").find("\"held\": 96"), std::string::npos);
}

TEST_F(GuardsTest, a_damaged_memory_is_refused_by_name) {
  night(before);
  const io::Path path =
      folder_ / "state" / (base::to_string(Grocer::first + before) + ".memory.zst");
  std::string bytes = *io::read_file(disk_, path);
  bytes.resize(bytes.size() / 2);
  ASSERT_TRUE(io::write_file(disk_, path, bytes));
  auto estate = estate::testing::read_files(grocer_.files(tonight));
  Guards guards(disk_, folder_ / "state", {}, Grocer::first + tonight);
  const auto outcome = guards.inspect(*estate, std::nullopt);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, base::ErrorCode::state_mismatch);
}

}  // namespace
}  // namespace nightly
