#include "records/records.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace records {
namespace {

io::Path new_file() {
  const io::Path path =
      io::Path(::testing::TempDir()) /
      (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".db");
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + ending);
  return path;
}

Records open(const io::Path& path) {
  auto records = Records::open(io::real_disk(), path);
  EXPECT_TRUE(records) << records.error().message;
  return std::move(*records);
}

EventRow event(std::uint64_t entry, std::string_view kind) {
  EventRow row;
  row.entry = entry;
  row.at_ms = 1'000 + static_cast<std::int64_t>(entry);
  row.day = static_cast<std::int32_t>(entry / 2);
  row.kind = kind;
  row.bytes = "bytes";
  return row;
}

// Ten events, two a day; even ones are sales of milk by 7, odd ones counts of soap under a number.
void fill(Records& records) {
  ASSERT_TRUE(records.begin());
  for (std::uint64_t entry = 0; entry < 10; ++entry) {
    EventRow row = event(entry, entry % 2 == 0 ? "goods_moved" : "goods_counted");
    row.products = {entry % 2 == 0 ? "milk" : "soap"};
    row.actor = entry % 2 == 0 ? 7 : 8;
    if (entry % 2 != 0) row.documents = {"0042-1-1-10"};
    ASSERT_TRUE(records.add(row));
  }
  ASSERT_TRUE(records.commit(10));
}

std::vector<std::uint64_t> entries_of(Records& records, const Search& search) {
  std::vector<std::uint64_t> entries;
  const auto page = records.find(search).value();
  for (const FoundEvent& found : page) entries.push_back(found.entry);
  return entries;
}

using Entries = std::vector<std::uint64_t>;

TEST(Records, are_found_by_what_they_name_the_newest_first) {
  Records records = open(new_file());
  fill(records);
  EXPECT_EQ(entries_of(records, {.product = "milk"}), (Entries{8, 6, 4, 2, 0}));
  EXPECT_EQ(entries_of(records, {.document = "0042-1-1-10"}), (Entries{9, 7, 5, 3, 1}));
  EXPECT_EQ(entries_of(records, {.kind = "goods_counted", .first_day = 3}), (Entries{9, 7}));
  EXPECT_EQ(entries_of(records, {.last_day = 0}), (Entries{1, 0}));
  EXPECT_EQ(entries_of(records, {.product = "milk", .actor = 8}), Entries{});
  const auto found = records.find({.product = "soap", .rows_max = 1}).value();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].bytes, "bytes");
  EXPECT_EQ(found[0].at_ms, 1'009);
}

TEST(Records, come_page_by_page) {
  Records records = open(new_file());
  fill(records);
  Search search{.rows_max = 4};
  Entries all;
  for (auto page = records.find(search).value(); !page.empty();
       page = records.find(search).value()) {
    for (const FoundEvent& found : page) all.push_back(found.entry);
    search.before = {page.back().entry, page.back().place};
  }
  EXPECT_EQ(all, (Entries{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
}

TEST(Records, take_what_stands_in_a_search_as_a_value_and_never_as_sql) {
  Records records = open(new_file());
  fill(records);
  EXPECT_EQ(entries_of(records, {.product = "milk' OR '1'='1"}), Entries{});
}

TEST(Records, add_up_what_a_line_sold_in_a_day) {
  Records records = open(new_file());
  ASSERT_TRUE(records.begin());
  ASSERT_TRUE(records.add_sales(5, "milk", 3, 450));
  ASSERT_TRUE(records.add_sales(5, "milk", -1, -150));
  ASSERT_TRUE(records.note_empty(5, "milk"));
  ASSERT_TRUE(records.note_empty(6, "milk"));
  ASSERT_TRUE(records.add_sales(7, "soap", 1, 100));
  ASSERT_TRUE(records.commit(1));
  std::string told;
  ASSERT_TRUE(records.each_day_of_line(5, 6, [&](const DayOfLine& row) {
    told += std::to_string(row.day) + row.product + std::to_string(row.units) + '/' +
            std::to_string(row.pence) + (row.was_empty ? "! " : " ");
  }));
  EXPECT_EQ(told, "5milk2/300! 6milk0/0! ");
}

TEST(Records, are_there_again_after_a_restart_and_without_what_was_not_committed) {
  const io::Path path = new_file();
  {
    Records records = open(path);
    fill(records);
    ASSERT_TRUE(records.begin());
    ASSERT_TRUE(records.add(event(10, "lost")));
  }
  Records records = open(path);
  EXPECT_EQ(records.entries(), 10u);
  EXPECT_EQ(entries_of(records, {.kind = "lost"}), Entries{});
}

TEST(Records, forget_what_is_rolled_back) {
  Records records = open(new_file());
  fill(records);
  ASSERT_TRUE(records.begin());
  ASSERT_TRUE(records.add(event(10, "lost")));
  records.roll_back();
  EXPECT_EQ(entries_of(records, {.kind = "lost"}), Entries{});
  ASSERT_TRUE(records.begin());
  EXPECT_TRUE(records.commit(11));
}

TEST(Records, begin_anew_where_the_file_is_something_else) {
  const io::Path path = new_file();
  std::ofstream(path) << std::string(4'096, 'x');
  Records records = open(path);
  EXPECT_EQ(records.entries(), 0u);
  fill(records);
}

TEST(Records, begin_anew_where_the_file_is_of_another_version) {
  const io::Path path = new_file();
  {
    Records records = open(path);
    fill(records);
    auto database = Database::open(path);
    ASSERT_TRUE(database && database->run("UPDATE facts SET value = 99 WHERE name = 'version'"));
  }
  EXPECT_EQ(open(path).entries(), 0u);
}

}  // namespace
}  // namespace records
