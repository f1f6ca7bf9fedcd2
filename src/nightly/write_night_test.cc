#include "nightly/write_night.h"

#include <filesystem>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "io/testing/failing_disk.h"
#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;
using testing::Files;
using testing::FullEvening;
using ::testing::HasSubstr;
using testing::night_files;
using ::testing::Not;

class WriteNightTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(disk_.make_folders(folder_));
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }

  std::string write(const Evening& evening, const RunFacts& facts = {{}, 1.5, false}) {
    const auto summary = write_night(disk_, out_, evening.input(), evening.night, facts);
    EXPECT_TRUE(summary) << summary.error().message;
    return summary.value_or("");
  }
  std::string content(const io::Path& name) { return *io::read_file(disk_, out_ / name); }
  // Every file of the output with its bytes.
  std::map<std::string, std::string> snapshot() {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(out_))
      if (entry.is_regular_file())
        files[entry.path().lexically_relative(out_)] = *io::read_file(disk_, entry.path());
    return files;
  }

  io::Disk& disk_ = io::real_disk();
  const io::Path folder_ = io::Path(::testing::TempDir()) / "stockade_write_night_test";
  const io::Path out_ = folder_ / "out";
};

TEST_F(WriteNightTest, a_small_night_gives_exactly_these_orders) {
  write(FullEvening());
  EXPECT_EQ(
      content("orders.csv"),
      "order,line,site,product,units,cases,source,drop,due_date,expected_demand,order_up_to,"
      "on_hand,on_order,cut,cut_reason,held,reason\n"
      "S1-D1-20260108-1-chilled,1,S1,P1,13,3,D1,1,2026-01-08,8.12,16,4,0,5,no_stock,,demand\n"
      "S1-B-20260107-1-ambient,1,S1,P2,12,12,B,1,2026-01-07,8.12,16,4,0,0,,,presentation\n"
      "S2-D1-20260108-1-chilled,1,S2,P1,0,0,D1,1,2026-01-08,8.12,16,4,0,6,vehicle,,demand\n"
      "S2-D1-20260108-1-ambient,1,S2,P3,5000,1,D1,1,2026-01-08,8.12,16,,0,0,,,stock_unknown\n");
  EXPECT_EQ(content("depot_orders.csv"),
            "order,line,depot,supplier,product,supplier_item,units,cases,due_date,reason\n"
            "D1-A-20260109,1,D1,A,P1,=MLK,24,4,2026-01-09,demand\n"
            "D1-A-20260109,2,D1,A,P3,,10000,2,2026-01-09,minimum\n");
}

TEST_F(WriteNightTest, a_small_night_gives_exactly_these_lists) {
  write(FullEvening());
  EXPECT_EQ(content("supplier_forecast.csv"),
            "supplier,depot,product,date,units,units_high,committed_units\n"
            "A,D1,P1,2026-01-10,24,36,12\n");
  EXPECT_EQ(content("count_tasks.csv"), "site,product,why,value\nS1,P1,overdue,5\n");
  EXPECT_EQ(content("overdue.csv"),
            "site,product,order,due_date,units,days_overdue,cause\n"
            "S1,P2,OLD-7,2026-01-02,10,4,missed_drop\n");
  EXPECT_EQ(content("dormant.csv"),
            "site,product,last_sold,cause\nS2,P2,2025-01-03,not_sold_lately\n");
  EXPECT_EQ(content("held.csv"), "id,where,what,was,is,why\n");
  EXPECT_EQ(content("by_supplier/A.csv"),
            "order,line,due_date,site,product,supplier_item,case_gtin,name,cases,units\n"
            "D1-A-20260109,1,2026-01-09,D1,P1,'=MLK,0501,\"Milk, 2 l\",4,24\n"
            "D1-A-20260109,2,2026-01-09,D1,P3,,,Carrots,2,10000\n");
  EXPECT_EQ(content("by_supplier/B.csv"),
            "order,line,due_date,site,product,supplier_item,case_gtin,name,cases,units\n"
            "S1-B-20260107-1-ambient,1,2026-01-07,S1,P2,,,White loaf,12,12\n");
}

TEST_F(WriteNightTest, a_small_night_gives_exactly_these_files) {
  write(FullEvening());
  std::vector<std::string> names;
  for (const auto& [name, bytes] : snapshot()) names.push_back(name);
  EXPECT_THAT(names,
              ::testing::ElementsAre("by_supplier/A.csv", "by_supplier/A.html", "by_supplier/B.csv",
                                     "by_supplier/B.html", "count_tasks.csv", "depot_orders.csv",
                                     "dormant.csv", "held.csv", "orders.csv", "overdue.csv",
                                     "report.html", "summary.json", "supplier_forecast.csv"));
}

TEST_F(WriteNightTest, the_summary_adds_the_night_up) {
  const FullEvening evening;
  const std::string summary =
      write(evening, {{{"read", 1.25}, {"plan", 0.5}}, 2.0, true, false, "it rained"});
  EXPECT_EQ(summary, content("summary.json"));
  crypto::Sha256 digest;
  digest.add(content("orders.csv") + content("depot_orders.csv"));
  EXPECT_EQ(summary, R"({
  "name": "Small",
  "as_of": "2026-01-06",
  "lines_in_range": 5,
  "lines_due": 4,
  "lines_unknown": 1,
  "lines_ordered": 3,
  "units": 5025,
  "value_pence": 2197,
  "depot_lines_ordered": 2,
  "short_units": {
    "by_reason": {
      "no_stock": 5,
      "pick_capacity": 0,
      "vehicle": 6,
      "order_max": 0,
      "shelf": 0,
      "life": 0,
      "order_min": 0,
      "surge": 0,
      "held": 0
    },
    "by_owner": {
      "own": 5,
      "franchise": 6,
      "society": 0,
      "wholesale": 0
    }
  },
  "expected_lost": {
    "pieces": 8,
    "kg": 0,
    "pence": 667
  },
  "lines_above_tier": 0,
  "capacity_used": [],
  "availability_lost": 0.125,
  "held": 0,
  "calendars_ignored": true,
  "state_carried": false,
  "state_rebuilt_because": "it rained",
  "digest_in": ")" + evening.estate.digest +
                         R"(",
  "digest_out": ")" + digest.finish_hex() +
                         R"(",
  "seconds": 2.0,
  "stages": {
    "plan": 0.5,
    "read": 1.25
  }
}
)");
}

TEST_F(WriteNightTest, the_same_night_gives_the_same_bytes) {
  write(FullEvening());
  const auto first = snapshot();
  write(FullEvening());
  EXPECT_EQ(snapshot(), first);
}

TEST_F(WriteNightTest, lines_are_numbered_within_their_order) {
  Evening evening;
  OrderLine late = evening.line("S1", "P1");
  late.drop = 2;
  evening.night.orders = {evening.line("S1", "P1"), late,
                          evening.line("S1", "P2"), evening.line("S2", "P1"),
                          evening.line("S2", "P2"), evening.line("S2", "P3")};
  write(evening);
  std::vector<std::string> starts;
  std::istringstream lines(content("orders.csv"));
  for (std::string line; std::getline(lines, line);)
    starts.push_back(line.substr(0, line.find(",S")));
  EXPECT_THAT(starts, ::testing::ElementsAre(
                          ::testing::_, "S1-D1-20260108-1-chilled,1", "S1-D1-20260108-2-chilled,1",
                          "S1-D1-20260108-1-ambient,1", "S2-D1-20260108-1-chilled,1",
                          "S2-D1-20260108-1-ambient,1", "S2-D1-20260108-1-ambient,2"));
}

TEST_F(WriteNightTest, a_line_that_nobody_supplies_has_no_source) {
  Evening evening;
  evening.night.orders = {evening.line("S1", "P1")};
  evening.night.orders[0].source_site = estate::none;
  write(evening);
  EXPECT_THAT(content("orders.csv"), HasSubstr("\nS1--20260108-1-chilled,1,S1,P1,12,2,,1,"));
}

TEST_F(WriteNightTest, a_night_without_orders_is_a_whole_output) {
  const std::string summary = write(Evening());
  EXPECT_THAT(summary, HasSubstr("\"lines_ordered\": 0"));
  EXPECT_EQ(content("depot_orders.csv"),
            "order,line,depot,supplier,product,supplier_item,units,cases,due_date,reason\n");
  EXPECT_TRUE(disk_.list(out_ / "by_supplier")->empty());
  EXPECT_THAT(content("report.html"), HasSubstr("No order was overdue."));
}

TEST_F(WriteNightTest, overdue_orders_of_depots_and_stores_are_listed_together) {
  Files files = night_files();
  files["on_order.csv"] =
      "site,product,due_date,units,order\nD1,P1,2026-01-03,24,NEW-1\nS1,P2,2026-01-02,10,OLD-7\n";
  FullEvening evening(files);
  evening.positions.overdue = {{1, base::make_date(2026, 1, 2)}};
  evening.night.depot_overdue = {{0, base::make_date(2026, 1, 3)}};
  write(evening);
  EXPECT_EQ(content("overdue.csv"),
            "site,product,order,due_date,units,days_overdue,cause\n"
            "D1,P1,NEW-1,2026-01-03,24,3,missed_drop\nS1,P2,OLD-7,2026-01-02,10,4,missed_drop\n");
}

TEST_F(WriteNightTest, the_report_says_what_is_left_at_depots_and_owed_to_other_shops) {
  FullEvening evening;
  evening.night.left_at_depots = {{find_site(evening.estate, "D1"), 0, 40}};
  evening.night.customer_units_short = 7;
  write(evening);
  EXPECT_THAT(content("report.html"), HasSubstr("40 units of 1 product are left at depots"));
  EXPECT_THAT(content("report.html"), HasSubstr("Depots are 7 units short of what other shops"));
}

TEST_F(WriteNightTest, rows_that_were_left_out_are_listed) {
  Files files = night_files();
  files["stock.csv"] += "S1,P9,1,\n";
  write(FullEvening(files, true));
  EXPECT_EQ(content("rejected.csv"),
            "file,line,column,value,why\n"
            "stock.csv,4,product,P9,expected a product of products.csv\n");
  EXPECT_THAT(content("report.html"), HasSubstr("1 row of the input were left out"));
}

TEST_F(WriteNightTest, a_hostile_name_is_text_on_every_page) {
  Files files = night_files();
  files["products.csv"] =
      "product,name,category,supplier,chain,case_units,unit_cost\n"
      "P1,\"<script>alert('\"\"x\"\"')</script> & co,\n\x01\",\"<b "
      "onclick=\"\"go()\"\">\",A,chilled,6,"
      "0.805\nP2,=cmd|' /C calc'!A0,bread,B,ambient,1,0.5\nP3,Carrots,veg,A,ambient,1,1\n";
  files["suppliers.csv"] = "supplier,name\nA,</title><script>\nB,@SUM(1)\n";
  files["estate.toml"] = "format = 1\nname = \"</title><script>\"\nperiod = \"day\"\n";
  const FullEvening evening(files);
  write(evening);
  for (const char* name : {"report.html", "by_supplier/A.html", "by_supplier/B.html"}) {
    const std::string page = content(name);
    EXPECT_THAT(page, Not(HasSubstr("<script"))) << name;
    EXPECT_THAT(page, Not(HasSubstr("<b onclick"))) << name;
    EXPECT_THAT(page, Not(HasSubstr("\x01"))) << name;
    EXPECT_EQ(page.find("</title>"), page.rfind("</title>")) << name;
    EXPECT_THAT(page, HasSubstr("default-src 'none'")) << name;
  }
  EXPECT_THAT(
      content("by_supplier/A.html"),
      HasSubstr(
          "&lt;script&gt;alert(&#39;&quot;x&quot;&#39;)&lt;/script&gt; &amp; co,\n\xef\xbf\xbd"));
  EXPECT_THAT(content("by_supplier/A.csv"),
              HasSubstr(",\"<script>alert('\"\"x\"\"')</script> & co,\n\x01\",4,24\n"));
  EXPECT_THAT(content("by_supplier/B.csv"), HasSubstr(",'=cmd|' /C calc'!A0,12,12\n"));
}

TEST_F(WriteNightTest, whichever_step_the_disk_fails_at_the_earlier_output_or_the_new_is_whole) {
  const FullEvening evening;
  const Evening before;
  write(evening);
  const auto later = snapshot();
  write(before);
  const auto earlier = snapshot();
  int kept = 0;
  for (int step = 1;; ++step) {
    io::testing::FailingDisk disk(disk_, step);
    const auto summary = write_night(disk, out_, evening.input(), evening.night, {{}, 1.5, false});
    const bool in_place =
        summary || summary.error().message.find("is in place, but") != std::string::npos;
    ASSERT_EQ(snapshot(), in_place ? later : earlier) << "step " << step;
    if (!disk.has_failed()) {
      EXPECT_TRUE(summary);
      break;
    }
    ASSERT_FALSE(summary) << "step " << step;
    if (in_place) {  // the earlier night lies beside the new one
      EXPECT_EQ(disk_.list(folder_)->size(), 2u) << "step " << step;
      ASSERT_TRUE(disk_.remove_all(folder_));
      ASSERT_TRUE(disk_.make_folders(folder_));
      write(before);
      continue;
    }
    EXPECT_EQ(summary.error().message, "the disk is full");
    EXPECT_EQ(disk_.list(folder_)->size(), 1u) << "step " << step << " leaves something beside";
    ++kept;
  }
  EXPECT_GT(kept, 40);  // three steps for each of the files
}

}  // namespace
}  // namespace nightly
