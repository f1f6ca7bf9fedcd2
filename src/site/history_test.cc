#include "site/history.h"

#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "records/database.h"
#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;

template <class T, class Start>
T waited(Start&& start) {
  std::promise<T> promise;
  EXPECT_TRUE(start([&](T value) { promise.set_value(std::move(value)); }));
  return promise.get_future().get();
}

constexpr std::string_view monday = R"({"document":"night","day":"2026-11-23","orders":[]})";
constexpr std::string_view again = R"({"document":"night","day":"2026-11-23","orders":[1]})";
const base::Date its_day = base::make_date(2026, 11, 23);

// A store on a real disk, whose core and history run.
class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.has_threads = true;
    options_.data =
        io::Path(::testing::TempDir()) /
        (std::string("history-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(options_.data);
    begin();
    for (Wish& one : opening())
      EXPECT_TRUE(core_->submit(std::move(one), [](const Outcome&, const View&) {}));
    sell();
  }
  void TearDown() override { end(); }

  void begin() {
    core_ = Core::start(options_, io::real_disk(), io::real_clock(), io::real_entropy()).value();
    history_ = History::start(*core_, io::real_disk(), options_.data, store_code).value();
  }
  void end() {
    history_.reset();
    core_.reset();
  }
  // Returns when it is on disk.
  void sell() {
    const auto outcome = waited<std::string>([&](auto then) {
      return core_->submit(sale(std::to_string(++sold_)),
                           [then](const Outcome& told, const View&) mutable { then(word(told)); });
    });
    EXPECT_EQ(outcome, "done");
  }
  void keep(std::string_view document) {
    EXPECT_TRUE(waited<base::Result<journal::Digest>>(
        [&](auto then) { return core_->keep_document(std::string(document), then); }));
  }
  std::size_t sales_found() {
    const auto found = waited<History::Found>(
        [&](auto then) { return history_->search({.kind = "goods_moved"}, then); });
    return found ? found->size() : 0;
  }
  History::Night night(base::Date day) {
    return waited<History::Night>([&](auto then) { return history_->night(day, then); });
  }

  // What the next search is answered: how much it found, or the error.
  base::Result<std::size_t> search() {
    const auto found = waited<History::Found>(
        [&](auto then) { return history_->search({.kind = "goods_moved"}, then); });
    if (!found) return std::unexpected(found.error());
    return found->size();
  }
  // Until it is so, or ten seconds have passed.
  template <class Condition>
  bool comes_true(Condition&& is_so) {
    for (int i = 0; i < 1'000 && !is_so(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return is_so();
  }

  CoreOptions options_ = store_options();
  int sold_ = 0;
  std::unique_ptr<Core> core_;
  std::unique_ptr<History> history_;
};

TEST_F(HistoryTest, an_answer_holds_all_that_was_on_disk_when_it_was_asked_for) {
  for (std::size_t count = 1; count < 20; ++count) {
    EXPECT_EQ(sales_found(), count);
    sell();
  }
  EXPECT_EQ(history_->trouble(), "");
}

TEST_F(HistoryTest, sales_are_added_up_by_day_and_line) {
  sell();
  const base::Date day = trade::to_date(trade::testing::today);
  const auto days =
      waited<History::Days>([&](auto then) { return history_->days(day, day, then); });
  ASSERT_TRUE(days);
  std::int64_t units = 0;
  for (const records::DayOfLine& row : *days) units += row.units;
  EXPECT_EQ(units, 2);
}

TEST_F(HistoryTest, the_last_night_of_a_day_is_the_one_that_is_told) {
  EXPECT_EQ(night(its_day).error().code, base::ErrorCode::input_missing);
  keep(R"({"something":"else"})");
  keep(monday);
  EXPECT_EQ(night(its_day).value(), monday);
  keep(again);
  EXPECT_EQ(night(its_day).value(), again);
}

TEST_F(HistoryTest, everything_is_found_again_after_the_records_are_lost) {
  keep(monday);
  sell();
  ASSERT_EQ(sales_found(), 2u);
  end();
  for (const char* ending : {"", "-wal", "-shm"})
    std::filesystem::remove((options_.data / "records.db").string() + ending);
  begin();
  EXPECT_EQ(sales_found(), 2u);
  EXPECT_EQ(night(its_day).value(), monday);
}

// The records refuse to be written, as on a full disk: nothing is answered from them that may lack
// something, and nobody has to start anything again.
TEST_F(HistoryTest, a_failed_write_is_told_and_made_up_for) {
  keep(monday);
  ASSERT_EQ(sales_found(), 1u);
  auto other = records::Database::open(options_.data / "records.db");
  ASSERT_TRUE(other);
  ASSERT_TRUE(
      other->run("CREATE TRIGGER full BEFORE INSERT ON event "
                 "BEGIN SELECT RAISE(ABORT, 'no space left'); END"));
  sell();
  const auto refused = search();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::io_failed);
  EXPECT_NE(history_->trouble().find("no space left"), std::string::npos) << history_->trouble();
  EXPECT_GT(history_->lag_entries(), 0u);
  EXPECT_EQ(night(its_day).value(), monday) << "what is there is told";
  EXPECT_EQ(night(its_day + 1).error().code, base::ErrorCode::io_failed)
      << "nobody knows whether it was missing";
  ASSERT_TRUE(other->run("DROP TRIGGER full"));
  EXPECT_TRUE(comes_true([&] { return history_->trouble().empty(); }));
  EXPECT_EQ(history_->lag_entries(), 0u);
  EXPECT_EQ(search().value(), 2u);
  EXPECT_EQ(night(its_day + 1).error().code, base::ErrorCode::input_missing);
}

TEST_F(HistoryTest, a_document_that_was_changed_is_not_told) {
  keep(monday);
  ASSERT_TRUE(night(its_day));
  const auto folder = options_.data / "journal" / "documents";
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    ASSERT_TRUE(io::write_file(io::real_disk(), file.path(), again));
  }
  EXPECT_EQ(night(its_day).error().code, base::ErrorCode::evidence_bad);
}

}  // namespace
}  // namespace site
