#include "nightly/recover.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

class RecoverTest : public ::testing::Test {
 protected:
  RecoverTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("recover-{}",
                            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RecoverTest() override { std::filesystem::remove_all(folder_); }

  static estate::Estate town() {
    testing::Files files = testing::steady_shop();
    files["sites.csv"] = "site,name,kind,depot,lifeline\nS1,<b>Isle</b>,store,D1,3\nD1,,depot,,0\n";
    files["products.csv"] = "product,supplier,category\nP1,A,dairy & eggs\n";
    files["suppliers.csv"] = "supplier,lead_days\nA,2\n";
    files["stock.csv"] = "site,product,on_hand_units\nD1,P1,0\nS1,P1,0\n";
    files["on_order.csv"] = "site,product,due_date,units,source\nD1,P1,2026-02-10,30,A\n";
    return *estate::testing::read_files(files, {.as_of = testing::tonight});
  }
  base::Result<RecoverResult> run(const std::string& name, int threads = 1,
                                  const io::Path& truth = {}) const {
    RecoverOptions options;
    options.from = testing::tonight + 1;
    options.days = 14;
    options.out = folder_ / name;
    options.paths = 4;
    options.threads = threads;
    options.truth = truth;
    return run_recover(io::real_disk(), io::real_clock(), town(), options);
  }
  std::string text(const std::string& file) const {
    return *io::read_file(io::real_disk(), folder_ / file);
  }

  io::Path folder_;
};

TEST_F(RecoverTest, the_folder_holds_the_answer_as_page_table_and_summary) {
  const auto result = run("out");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->answer.starts_with("Yes: on Saturday 7 March 2026")) << result->answer;
  EXPECT_TRUE(text("out/availability.csv")
                  .starts_with("site,category,date,lines,share,low,high\n"
                               "S1,dairy & eggs,2026-03-03,1,0.0000,0.0000,0.0000\n"));
  const std::string page = text("out/recover.html");
  EXPECT_NE(page.find("&lt;b&gt;Isle"), std::string::npos);
  EXPECT_EQ(page.find("<b>Isle"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(text("out/by_supplier/A.html").find("Made for us"), std::string::npos);
  EXPECT_EQ(text("out/surplus.csv"),
            "supplier,depot,product,made_for,units,taken_units,surplus_units,until\n"
            "A,D1,P1,2026-02-10,30,30,0,\n");
  const auto summary = nlohmann::json::parse(result->summary);
  EXPECT_EQ(summary["back"], summary["categories"]["dairy & eggs"]["back"]);
  EXPECT_EQ(summary["by_day"].size(), 14u);
  EXPECT_EQ(summary["by_day"][0]["share"], 0);
}

TEST_F(RecoverTest, threads_change_no_byte) {
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("three", 3));
  for (const char* file : {"availability.csv", "recover.html", "surplus.csv", "by_supplier/A.html"})
    EXPECT_EQ(text(std::string("one/") + file), text(std::string("three/") + file)) << file;
}

TEST_F(RecoverTest, a_truth_tells_how_far_the_forecast_was_off) {
  std::string truth = "date,site,product,demand\n";
  for (int day = 1; day <= 14; ++day)
    truth += fmt::format("{},S1,P1,10\n", base::to_string(testing::tonight + day));
  const io::Path file = folder_ / "truth.csv";
  ASSERT_TRUE(io::write_file(io::real_disk(), file, truth));
  const auto result = run("out", 1, file);
  ASSERT_TRUE(result && result->error);
  const auto summary = nlohmann::json::parse(result->summary);
  double off = 0;
  for (const auto& day : summary["by_day"])
    off += std::abs(day["share"].get<double>() - day["played_out"].get<double>());
  EXPECT_NEAR(summary["mean_absolute_error_points"], 100 * off / 14, 1e-9);
}

TEST_F(RecoverTest, somebody_elses_folder_and_a_broken_truth_are_refused) {
  ASSERT_TRUE(io::write_file(io::real_disk(), folder_ / "mine.txt", "mine"));
  EXPECT_EQ(run("").error().code, base::ErrorCode::input_bad);
  const io::Path file = folder_ / "truth.csv";
  ASSERT_TRUE(
      io::write_file(io::real_disk(), file, "date,site,product,demand\n2026-03-03,X,P1,1\n"));
  EXPECT_EQ(run("out", 1, file).error().code, base::ErrorCode::input_bad);
  EXPECT_FALSE(io::real_disk().exists(folder_ / "out"));
}

}  // namespace
}  // namespace nightly
