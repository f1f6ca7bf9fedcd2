#include "estate/sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "crypto/sha256.h"
#include "estate/read.h"

namespace estate {
namespace {

using base::make_date;
// One row of a file, by column name.
class Row {
 public:
  const std::string& operator[](std::string_view column) const {
    const auto found = std::find(header.begin(), header.end(), column);
    CHECK(found != header.end());
    return fields[static_cast<std::size_t>(found - header.begin())];
  }

  std::vector<std::string> header, fields;
};

// The fields of one line after RFC 4180; the sample never writes a line end inside a field.
void cut(std::string_view line, std::vector<std::string>& fields) {
  fields.clear();
  fields.emplace_back();
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
}

// Calls `use` with every data row of a plain file; a row with another number of fields fails.
template <class Use>
void for_rows(const io::Path& path, Use use) {
  const std::string content = *io::read_file(io::real_disk(), path);
  Row row;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = content.find('\n', at);
    ASSERT_NE(end, std::string::npos) << path << " does not end with a line end";
    const auto line = std::string_view(content).substr(at, end - at);
    at = end + 1;
    if (row.header.empty()) {
      cut(line, row.header);
      continue;
    }
    cut(line, row.fields);
    ASSERT_EQ(row.fields.size(), row.header.size()) << path << ": " << line;
    use(row);
  }
}

std::string digest_of(const io::Path& folder, const std::string& except = {}) {
  crypto::Sha256 sha;
  const auto names = io::real_disk().list(folder);
  for (const std::string& name : *names)
    if (name != except) sha.add(name + "\n" + *io::read_file(io::real_disk(), folder / name));
  return sha.finish_hex();
}

io::Path temporary(const char* name) {
  return io::Path(::testing::TempDir()) / "stockade_sample_test" / name;
}

SampleFacts write(SampleOptions options, const char* name) {
  options.out = temporary(name);
  const auto facts = write_sample(io::real_disk(), options);
  EXPECT_TRUE(facts) << facts.error().message;
  return facts.value_or(SampleFacts{});
}

SampleOptions small() { return {.stores = 6, .lines = 60, .days = 70}; }

// One sample for all tests of its figures: 200 days with a Christmas, some 320,000 line-days.
class SampleTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(io::real_disk().make_folders(temporary("")));
    facts_ = write({.stores = 16, .lines = 100, .days = 200, .seed = 7, .threads = 2}, "whole");
  }
  static void TearDownTestSuite() { ASSERT_TRUE(io::real_disk().remove_all(temporary(""))); }
  static io::Path file(const char* name) { return temporary("whole") / name; }
  static double share(std::int64_t part, std::int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  }

  static SampleFacts facts_;
};
SampleFacts SampleTest::facts_;

TEST_F(SampleTest, shelves_are_bare_and_goods_are_wasted_as_often_as_in_a_real_grocer) {
  EXPECT_GT(share(facts_.empty_line_days, facts_.open_line_days), 0.02);
  EXPECT_LT(share(facts_.empty_line_days, facts_.open_line_days), 0.06);
  EXPECT_GT(share(facts_.lost_units, facts_.demand_units), 0.01);
  EXPECT_LT(share(facts_.lost_units, facts_.demand_units), 0.06);
  EXPECT_GT(share(facts_.fresh_waste_units, facts_.fresh_received_units), 0.02);
  EXPECT_LT(share(facts_.fresh_waste_units, facts_.fresh_received_units), 0.08);
}

TEST_F(SampleTest, some_stock_records_are_wrong) {
  EXPECT_GT(share(facts_.wrong_stock_lines, facts_.lines), 0.012);
  EXPECT_LT(share(facts_.wrong_stock_lines, facts_.lines), 0.045);
  std::map<std::pair<std::string, std::string>, int> recorded, truly;
  for_rows(file("stock.csv"), [&](const Row& row) {
    if (row["site"].starts_with("S"))
      recorded[{row["site"], row["product"]}] += std::stoi(row["on_hand_units"]);
  });
  for_rows(file("truth_stock.csv"), [&](const Row& row) {
    truly[{row["site"], row["product"]}] = std::stoi(row["true_on_hand"]);
  });
  std::int64_t wrong = 0;
  for (const auto& [line, units] : recorded) {
    ASSERT_TRUE(truly.contains(line));
    wrong += units != truly[line];
  }
  EXPECT_EQ(wrong, facts_.wrong_stock_lines);
}

TEST_F(SampleTest, most_lines_sell_less_than_one_a_day_and_a_few_sell_many) {
  std::map<std::string, bool> by_piece;
  for_rows(file("products.csv"),
           [&](const Row& row) { by_piece[row["product"]] = row["measure"] == "each"; });
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> lines;
  for_rows(file("truth.csv"), [&](const Row& row) {
    if (!by_piece[row["product"]]) return;
    auto& [units, days] = lines[{row["site"], row["product"]}];
    units += std::stod(row["demand"]), ++days;
  });
  std::vector<double> means;
  double total = 0;
  for (const auto& [line, sums] : lines) total += means.emplace_back(sums.first / sums.second);
  std::sort(means.begin(), means.end());
  const double median = means[means.size() / 2], mean = total / static_cast<double>(means.size());
  EXPECT_GT(median, 0.3);
  EXPECT_LT(median, 0.9);
  EXPECT_GT(mean, 2 * median);
  EXPECT_LT(mean, 5);
}

TEST_F(SampleTest, saturday_sells_more_meat_than_tuesday_and_lunch_is_for_workdays) {
  std::map<std::string, std::string> category_of;
  for_rows(file("products.csv"),
           [&](const Row& row) { category_of[row["product"]] = row["category"]; });
  std::map<std::string, std::array<double, 7>> week;
  for_rows(file("truth.csv"), [&](const Row& row) {
    const auto day = static_cast<std::size_t>(base::weekday(*base::parse_date(row["date"])));
    week[category_of[row["product"]]][day] += std::stod(row["demand"]);
  });
  EXPECT_GT(week["poultry"][5], week["poultry"][1] * 1.3);
  EXPECT_LT(week["sandwiches"][6], week["sandwiches"][2] * 0.75);
}

TEST_F(SampleTest, sales_are_demand_less_what_was_lost_and_loss_needs_a_bare_shelf) {
  using Key = std::array<std::string, 3>;
  struct Sale {
    int units, reduced;
    bool in_stock;
  };
  std::map<Key, Sale> sales;
  for_rows(file("sales.csv"), [&](const Row& row) {
    const Key key{row["date"], row["site"], row["product"]};
    EXPECT_TRUE(sales
                    .emplace(key, Sale{std::stoi(row["units"]), std::stoi(row["reduced_units"]),
                                       row["in_stock"] == "1"})
                    .second);
  });
  EXPECT_EQ(sales.size(), facts_.sales_rows);
  std::size_t rows = 0, bare_loss = 0, with_returns = 0, negative = 0;
  for_rows(file("truth.csv"), [&](const Row& row) {
    ++rows;
    const auto found = sales.find({row["date"], row["site"], row["product"]});
    const int demand = std::stoi(row["demand"]), lost = std::stoi(row["lost_units"]);
    const Sale sale = found == sales.end() ? Sale{0, 0, true} : found->second;
    if (lost > 0 && !sale.in_stock) ++bare_loss;
    EXPECT_TRUE(lost == 0 || !sale.in_stock);
    const int sold = sale.units - sale.reduced;
    EXPECT_TRUE(sold == demand - lost || sold == demand - lost - 1);
    with_returns += sold != demand - lost;
    negative += sale.units < 0;
  });
  EXPECT_EQ(rows, facts_.truth_rows);
  EXPECT_GT(bare_loss, rows / 200);
  EXPECT_GT(with_returns, 0u);
  EXPECT_LT(with_returns, rows / 1000);
  EXPECT_GT(negative, 0u);
}

TEST_F(SampleTest, nobody_trades_on_christmas_day) {
  std::set<std::string> days;
  for_rows(file("sales.csv"), [&](const Row& row) { days.insert(row["date"]); });
  EXPECT_TRUE(days.contains("2025-12-24"));
  EXPECT_FALSE(days.contains("2025-12-25"));
  EXPECT_EQ(*days.rbegin(), "2026-06-14");
  EXPECT_EQ(days.size(), 199u);
}

TEST_F(SampleTest, moving_feasts_fall_where_the_calendar_has_them) {
  std::set<std::string> known;
  for_rows(file("events.csv"),
           [&](const Row& row) { known.insert(row["date"] + " " + row["event"]); });
  for (const char* event : {"2026-04-06 easter_weekend.meat", "2026-02-17 pancake_day.eggs",
                            "2026-05-04 early_may_holiday.meat", "2026-05-25 spring_holiday.meat",
                            "2026-04-04 easter_eggs.confectionery"})
    EXPECT_TRUE(known.contains(event)) << event;
  EXPECT_FALSE(known.contains("2026-04-07 easter_weekend.meat"));
}

TEST_F(SampleTest, islands_are_lifelines_and_see_fewer_lorries) {
  std::map<std::string, int> lifeline, chilled_drops;
  for_rows(file("sites.csv"),
           [&](const Row& row) { lifeline[row["site"]] = std::stoi(row["lifeline"]); });
  for_rows(file("deliveries.csv"),
           [&](const Row& row) { chilled_drops[row["site"]] += row["chain"] == "chilled"; });
  int islands = 0;
  for (const auto& [site, drops] : chilled_drops) {
    EXPECT_TRUE(drops == 3 || drops == 5 || drops == 6) << site;
    islands += drops == 3;
    EXPECT_TRUE(drops != 3 || lifeline[site] >= 1) << site;
  }
  EXPECT_GE(islands, 1);
}

TEST_F(SampleTest, every_row_of_every_table_has_a_field_for_every_column) {
  const auto names = io::real_disk().list(temporary("whole"));
  int tables = 0;
  for (const std::string& name : *names) {
    if (!name.ends_with(".csv")) continue;
    std::size_t rows = 0;
    for_rows(temporary("whole") / name, [&](const Row&) { ++rows; });
    EXPECT_GT(rows, 0u) << name;
    ++tables;
  }
  EXPECT_EQ(tables, 29);
}

TEST_F(SampleTest, the_reader_accepts_every_file_and_knows_every_column) {
  const auto estate = read_estate(io::real_disk(), temporary("whole"), {.threads = 2});
  ASSERT_TRUE(estate) << estate.error().message;
  for (const FileFacts& one : estate->files) EXPECT_TRUE(one.unknown_columns.empty()) << one.file;
  EXPECT_EQ(estate->files.size(), 19u);
  EXPECT_EQ(estate->sales.size(), facts_.sales_rows);
  EXPECT_EQ(estate->products.size(), static_cast<std::size_t>(facts_.products));
  EXPECT_NE(estate->name.find("synthetic"), std::string::npos);
  EXPECT_TRUE(estate->has_range && estate->has_stock && estate->has_in_stock_flags);
}

TEST_F(SampleTest, the_same_seed_gives_the_same_bytes_whatever_the_threads) {
  SampleOptions options = small();
  write(options, "one");
  options.threads = 3;
  write(options, "two");
  options.seed = 2;
  write(options, "three");
  EXPECT_EQ(digest_of(temporary("one")), digest_of(temporary("two")));
  EXPECT_NE(digest_of(temporary("one")), digest_of(temporary("three")));
}

TEST_F(SampleTest, dark_stores_stop_reporting_but_the_world_stays_the_same) {
  SampleOptions options = small();
  write(options, "light");
  options.dark_days = 10, options.dark_share = 0.5;
  const SampleFacts dark = write(options, "dark");
  ASSERT_GT(dark.dark_stores, 0);
  ASSERT_LT(dark.dark_stores, dark.stores);
  for (const char* name : {"truth.csv", "truth_stock.csv", "range.csv"})
    EXPECT_EQ(*io::read_file(io::real_disk(), temporary("light") / name),
              *io::read_file(io::real_disk(), temporary("dark") / name));
  std::map<std::string, std::string> last_sale, last_stock;
  for_rows(temporary("dark") / "sales.csv", [&](const Row& row) {
    last_sale[row["site"]] = std::max(last_sale[row["site"]], row["date"]);
  });
  for_rows(temporary("dark") / "stock.csv", [&](const Row& row) {
    if (row["site"].starts_with("S")) last_stock[row["site"]] = row["as_of"];
  });
  int silent = 0;
  for (const auto& [site, date] : last_sale) {
    silent += date == "2026-06-04";
    EXPECT_EQ(last_stock[site], date == "2026-06-14" ? "" : "2026-06-04") << site;
  }
  EXPECT_EQ(silent, dark.dark_stores);
}

TEST_F(SampleTest, without_deliveries_nothing_comes_or_is_ordered_in_the_dark) {
  SampleOptions options = small();
  options.dark_days = 10, options.dark_share = 1;
  write(options, "supplied");
  options.dark_deliveries = true;
  write(options, "cut-off");
  const auto units_left = [&](const char* folder) {
    std::int64_t units = 0;
    for_rows(temporary(folder) / "truth_stock.csv",
             [&](const Row& row) { units += std::stoll(row["true_on_hand"]); });
    return units;
  };
  EXPECT_LT(units_left("cut-off"), units_left("supplied") / 2);
  std::size_t orders = 0;
  for_rows(temporary("cut-off") / "on_order.csv", [&](const Row& row) {
    EXPECT_LT(row["placed_on"], "2026-06-05");
    ++orders;
  });
  EXPECT_GT(orders, 0u);
}

TEST_F(SampleTest, the_future_has_demand_and_changes_nothing_before_it) {
  SampleOptions options = small();
  write(options, "without");
  options.future_days = 28;
  write(options, "with");
  for (const char* name :
       {"truth.csv", "truth_stock.csv", "sales.csv", "stock.csv", "on_order.csv"})
    EXPECT_EQ(*io::read_file(io::real_disk(), temporary("without") / name),
              *io::read_file(io::real_disk(), temporary("with") / name));
  std::map<std::string, std::int64_t> units;  // by day
  for_rows(temporary("with") / "truth_future.csv",
           [&](const Row& row) { units[row["date"]] += std::stoll(row["demand"]); });
  ASSERT_EQ(units.size(), 28u);
  EXPECT_EQ(units.begin()->first, "2026-06-15");
  EXPECT_GT(std::ranges::min_element(units, {}, [](const auto& day) { return day.second; })->second,
            0);
}

TEST_F(SampleTest, a_compressed_sample_reads_as_the_plain_one) {
  SampleOptions options = small();
  write(options, "plain");
  options.compress = Compression::zstd;
  write(options, "packed");
  const auto plain = read_estate(io::real_disk(), temporary("plain"), {});
  const auto packed = read_estate(io::real_disk(), temporary("packed"), {});
  ASSERT_TRUE(plain && packed);
  EXPECT_EQ(plain->sales.units, packed->sales.units);
  EXPECT_EQ(plain->stock.on_hand_units, packed->stock.on_hand_units);
}

TEST_F(SampleTest, the_smallest_estate_can_be_read) {
  SampleOptions options{.stores = 2, .lines = 20, .days = 60};
  write(options, "smallest");
  const auto estate = read_estate(io::real_disk(), temporary("smallest"), {});
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sites.size(), 4u);
}

TEST_F(SampleTest, options_out_of_range_and_folders_of_others_are_refused) {
  SampleOptions options = small();
  options.out = temporary("refused");
  options.stores = 1;
  EXPECT_EQ(write_sample(io::real_disk(), options).error().code, base::ErrorCode::usage);
  options = small();
  options.out = temporary("refused");
  options.dark_days = 60;
  EXPECT_EQ(write_sample(io::real_disk(), options).error().code, base::ErrorCode::usage);
  options.dark_days = 0;
  ASSERT_TRUE(io::real_disk().make_folders(options.out));
  ASSERT_TRUE(io::write_file(io::real_disk(), options.out / "estate.toml", "format = 1\n"));
  EXPECT_EQ(write_sample(io::real_disk(), options).error().code, base::ErrorCode::input_bad);
}

}  // namespace
}  // namespace estate
