#include "site/record_keeper.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "journal/journal.h"
#include "trade/testing/kit.h"

namespace site {
namespace {

using namespace trade::testing;
using trade::Body;
using trade::Cause;
using trade::GoodsMoved;

class NoFold final : public journal::Fold {
 public:
  void reset() override {}
  base::Result<> load(std::string_view) override { return {}; }
  void apply(std::uint64_t, const journal::Entry&) override {}
};

// A store's journal on disk, written command by command.
class Keeper : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = io::Path(::testing::TempDir()) /
              (std::string("record-keeper-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const crypto::SigningKey key(crypto::Seed{1});
    const auto named =
        journal::VerifierKey{"stockade/test/S0042/1", journal::KeyKind::signer, key.public_key()};
    ASSERT_TRUE(journal::Journal::create(io::real_disk(), folder_ / "journal", named));
    NoFold fold;
    auto opened = journal::Journal::open(io::real_disk(), folder_ / "journal", {}, fold);
    ASSERT_TRUE(opened);
    journal_.emplace(std::move(*opened));
    for (const Body& body : opening_of(store_code)) happen(body);
  }

  void happen(const Body& body) {
    const std::string bytes = encode(estate_.must_anew(store_code, body));
    const std::string_view view = bytes;
    ASSERT_TRUE(journal_->append(std::span(&view, 1), {1'000, 1'000}));
  }
  RecordKeeper keeper() {
    auto opened = RecordKeeper::open(io::real_disk(), folder_, folder_ / "journal", store_code);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  std::uint64_t size() const { return journal_->size(); }

  struct FreshEstate {
    trade::Book book;
    trade::Event must_anew(trade::SiteCode site, const Body& body) {
      auto event = decide_as_anybody(
          book, site, {{}, {trade::ActorNo{7}}, trade::testing::asked_at_ms(body), body});
      EXPECT_TRUE(event) << row_of(event.error().why).name;
      trade::apply(book, site, *event);
      return *event;
    }
  } estate_;
  io::Path folder_;
  std::optional<journal::Journal> journal_;
};

std::string days_of(RecordKeeper& keeper) {
  std::string told;
  EXPECT_TRUE(keeper.records().each_day_of_line(
      0, trade::to_date(in_days(99)).days, [&](const records::DayOfLine& row) {
        told += row.product + ' ' + std::to_string(row.day - trade::to_date(today).days) + ": " +
                std::to_string(row.units) + (row.was_empty ? " empty; " : "; ");
      }));
  return told;
}

TEST_F(Keeper, finds_events_by_what_they_name) {
  happen(GoodsMoved{Cause::opening, {{milk, 9, 0, {}}, {soap, 5, 0, {}}}});
  happen(GoodsMoved{Cause::sale, {{soap, 2, 420, {}}}});
  happen(trade::StopSet{0, product("soap"), {}, {}, {}});
  RecordKeeper records = keeper();
  EXPECT_EQ(records.keep(size(), 1'000).value(), size());
  EXPECT_EQ(records.records().find({.product = "soap"})->size(), 4u);  // with the line's opening
  EXPECT_EQ(records.records().find({.product = "milk"})->size(), 2u);
  const auto stop = records.records().find({.kind = "stop_set"}).value();
  ASSERT_EQ(stop.size(), 1u);
  const auto number = to_string(trade::DocumentNumber{store_code, 1, 1});
  EXPECT_EQ(records.records().find({.document = number})->size(), 1u);
  EXPECT_EQ(trade::decode(stop[0].bytes)->origin.actor, trade::ActorNo{7});
}

TEST_F(Keeper, adds_up_sales_less_what_came_back_and_notes_empty_shelves) {
  happen(GoodsMoved{Cause::opening, {{milk, 3, 0, {}}, {soap, 5, 0, {}}}});
  happen(GoodsMoved{Cause::sale, {{milk, 3, 465, {}}, {soap, 2, 420, {}}}});
  happen(GoodsMoved{Cause::returned_to_shelf, {{soap, 1, 210, {}}}});
  happen(trade::DayClosed{});
  happen(trade::DayOpened{in_days(1)});
  RecordKeeper records = keeper();
  ASSERT_TRUE(records.keep(size(), 1'000));
  EXPECT_EQ(days_of(records),
            "milk 0: 3 empty; milk 1: 0 empty; peas 0: 0 empty; peas 1: 0 empty; "
            "soap 0: 1 empty; ");
}

TEST_F(Keeper, goes_on_where_the_records_end_and_counts_nothing_twice) {
  happen(GoodsMoved{Cause::opening, {{soap, 5, 0, {}}}});
  happen(GoodsMoved{Cause::sale, {{soap, 2, 420, {}}}});
  {
    RecordKeeper records = keeper();
    while (records.next() < size()) ASSERT_TRUE(records.keep(size(), 2));
  }
  happen(GoodsMoved{Cause::sale, {{soap, 1, 210, {}}}});
  RecordKeeper records = keeper();
  EXPECT_EQ(records.records().entries(), size() - 1);
  ASSERT_TRUE(records.keep(size(), 1'000));
  EXPECT_EQ(records.records().entries(), size());
  EXPECT_EQ(records.records().find({.kind = "goods_moved"})->size(), 3u);
  EXPECT_NE(days_of(records).find("soap 0: 3"), std::string::npos);
}

TEST_F(Keeper, makes_the_same_records_again_from_the_journal) {
  happen(GoodsMoved{Cause::opening, {{soap, 5, 0, {}}}});
  happen(GoodsMoved{Cause::sale, {{soap, 2, 420, {}}}});
  std::string before;
  {
    RecordKeeper records = keeper();
    ASSERT_TRUE(records.keep(size(), 1'000));
    before = days_of(records);
  }
  for (const char* ending : {"", "-wal", "-shm"})
    std::filesystem::remove((folder_ / "records.db").string() + ending);
  RecordKeeper records = keeper();
  EXPECT_EQ(records.records().entries(), 0u);
  ASSERT_TRUE(records.keep(size(), 1'000));
  EXPECT_EQ(days_of(records), before);
}

}  // namespace
}  // namespace site
