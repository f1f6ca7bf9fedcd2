// Copies made, placed, verified and damaged, with the real age and tar.
#include "vault/copy.h"

#include <gtest/gtest.h>

#include "estate/read_columns.h"
#include "estate/read_session.h"
#include "io/program.h"
#include "journal/files.h"
#include "site/store_night.h"
#include "vault/layout.h"
#include "vault/testing/kit.h"
#include "vault/verify.h"

namespace vault {
namespace {

using namespace testing;
using trade::testing::milk;
using trade::testing::opening_of;
using trade::testing::soap;
using trade::testing::until;

constexpr std::int64_t now_s = 1'781'492'412;

class CopyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!io::run_program(std::vector<std::string>{"age", "--version"}))
      GTEST_SKIP() << "age is not installed (Debian's package age)";
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(disk_.make_folders(folder_ / "estate"));
    make_estate();
    make_journals();
    ASSERT_TRUE(io::run_program(
        std::vector<std::string>{"age-keygen", "--output", (folder_ / "identity").string()}));
    const auto identity = *io::read_file(disk_, folder_ / "identity");
    const std::size_t at = identity.find("age1");
    put("recipients", identity.substr(at, identity.find('\n', at) - at + 1));
    options_.data = folder_ / "data";
    options_.estate = folder_ / "estate";
    options_.places = {folder_ / "place"};
    options_.recipients = folder_ / "recipients";
    options_.roster = roster_of({signer_of(depot_code).verifier, signer_of(store_code).verifier,
                                 signer_of(trade::testing::centre_code).verifier});
    options_.made_s = now_s;
  }
  void TearDown() override { (void)disk_.remove_all(folder_); }

  void put(const char* name, std::string_view bytes) {
    ASSERT_TRUE(io::write_file(disk_, folder_ / name, bytes));
  }

  void make_estate() {
    put("estate/estate.toml", "format = 1\nname = \"Sample \\\"7\\\"\"\nperiod = \"day\"\n");
    put("estate/sites.csv",
        "site,kind,depot,secret\nS0042,store,D09,x\nS0043,store,D09,y\nD09,depot,,z\n");
    put("estate/products.csv",
        "product,name,unit_price\nmilk,\"Milk, whole\",1.55\nsoap,Soap,2.10\n");
    put("estate/sales.csv",
        "date,site,product,units\n2026-10-20,S0042,milk,3\n2026-10-20,S0043,milk,4\n"
        "2026-10-20,S0043,nothing,4\n2020-01-01,S0043,milk,9\n");
    put("estate/stock.csv", "site,product,on_hand_units\nS0042,milk,999\nS0043,soap,11\n");
    put("estate/barcodes.csv", "barcode,product\n5000,milk\n5001,nothing\n");
  }

  // A depot with a store's copy: stock with lots, a sale, and something under way.
  void make_journals() {
    auto store = opening_of(store_code), depot = opening_of(depot_code);
    depot.front() = trade::SiteOpened{depot_code, trade::SiteKind::depot, 1};
    store.push_back(trade::GoodsMoved{trade::Cause::opening, {{milk, 20, 0, until(5)}}});
    store.push_back(trade::GoodsMoved{trade::Cause::opening, {{soap, 8, 0, {}}}});
    store.push_back(trade::GoodsMoved{trade::Cause::quarantine, {{soap, 3, 0, {}}}});
    store.push_back(trade::GoodsMoved{trade::Cause::sale, {{milk, 2, 310, {}}}});
    store.push_back(trade::GoodsSent{1, trade::SiteCode{43}, false, {}, {{milk, 4, until(5)}}});
    depot.push_back(trade::GoodsMoved{trade::Cause::opening, {{soap, 100, 0, {}}}});
    depot.push_back(trade::InboundExpected{
        1, *trade::SupplierId::of("V1"), trade::testing::in_days(2), {{milk, 48}}});
    write_journal(disk_, folder_ / "data/journal", signer_of(depot_code), depot);
    write_journal(disk_, folder_ / "data/copies/0042-1", signer_of(store_code), store);
    make_centre();
  }

  // A centre of whose three nights only the second's document is here.
  void make_centre() {
    const auto planned = [](int day, trade::Units units) {
      site::StoreNight night;
      night.day = trade::to_date(trade::testing::in_days(day));
      night.store = store_code;
      const trade::OrderKey key{store_code, depot_code, trade::testing::in_days(day + 1), 1,
                                trade::Chain::chilled};
      auto elsewhere = key;
      elsewhere.depot = trade::SiteCode{9010};
      night.standing = {{key, 1'790'000'000'000, {{trade::testing::product("milk"), units}}},
                        {elsewhere, 1'790'000'000'000, {{trade::testing::product("milk"), 99}}}};
      return to_document(night);
    };
    const std::string held = planned(1, 24), missing = planned(2, 36);
    const auto told = [&](int day, const std::string& document) {
      trade::Sha256 digest;
      digest.bytes = crypto::sha256(document).bytes;
      return trade::NightTold{store_code, trade::testing::in_days(day), digest};
    };
    write_journal(disk_, folder_ / "data/copies/0001-1", signer_of(trade::testing::centre_code),
                  {trade::SiteOpened{trade::testing::centre_code, trade::SiteKind::centre, 1},
                   told(0, planned(0, 12)), told(1, held), told(2, missing)});
    const auto path = journal::document_path(folder_ / "data/copies/0001-1", crypto::sha256(held));
    ASSERT_TRUE(disk_.make_folders(path.parent_path()));
    ASSERT_TRUE(io::write_file(disk_, path, held));
  }

  // What verify finds wrong; "holds" for nothing.
  std::string judged(const io::Path& file, VerifyOptions how = {}) {
    how.now_s = now_s + 60;
    const auto roster = journal::open_roster(options_.roster);
    const auto verified = verify(disk_, file, *roster, how);
    if (!verified) return verified.error().message;
    return verified->faults.empty() ? "holds" : verified->faults.front();
  }
  io::Path made(std::string_view ending = archive_ending) const {
    return folder_ / "place" / ("9009-1-20260615T030012Z" + std::string(ending));
  }

  static constexpr trade::SiteCode depot_code{9'009};
  io::Disk& disk_ = io::real_disk();
  io::Path folder_ = io::Path(::testing::TempDir()) / "stockade_vault_test";
  CopyOptions options_{.signer = signer_of(depot_code)};
};

TEST_F(CopyTest, holds_and_opens_with_the_sums_that_the_journals_make) {
  const auto copied = copy(disk_, options_);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_TRUE(copied->not_placed.empty());
  EXPECT_TRUE(copied->doubtful.empty());
  const Sums& sums = copied->claim.sums;
  EXPECT_EQ(sums.sites, 3u);
  // Milk, soap and peas at both journals' sites, and soap where only the estate knows.
  EXPECT_EQ(sums.lines, 7u);
  EXPECT_EQ(sums.units, 20 - 2 - 4 + 8 + 100 + 11);
  EXPECT_EQ(sums.orders, 2u);
  EXPECT_EQ(sums.order_units, 4 + 48);
  EXPECT_EQ(sums.pence, 14 * 155 + 8 * 210 + 100 * 210 + 11 * 210);
  EXPECT_EQ(judged(made()), "holds");
  EXPECT_EQ(judged(made(note_ending), {.identity = folder_ / "identity"}), "holds");
}

TEST_F(CopyTest, of_a_depot_has_the_newest_standing_order_that_is_here) {
  ASSERT_TRUE(copy(disk_, options_));
  const io::Path opened = folder_ / "opened";
  ASSERT_TRUE(disk_.make_folders(opened));
  ASSERT_TRUE(io::must_run(
      std::vector<std::string>{"age", "--decrypt", "--identity", (folder_ / "identity").string(),
                               "--output", (folder_ / "plain").string(), made().string()}));
  ASSERT_TRUE(io::must_run(std::vector<std::string>{"tar", "--extract", "--gzip", "--file",
                                                    (folder_ / "plain").string(), "--directory",
                                                    opened.string()}));
  const std::string day = to_string(trade::to_date(trade::testing::in_days(1)));
  const std::string next = to_string(trade::to_date(trade::testing::in_days(2)));
  EXPECT_EQ(*io::read_file(disk_, opened / "standing.csv"),
            "store,depot,delivery,drop,chain,product,units,cut_off_s,planned_on\n"
            "S0042,D09," +
                next + ",1,chilled,milk,24,1790000000," + day + "\n");
}

TEST_F(CopyTest, leaves_no_plain_text_behind_and_takes_no_unknown_column_along) {
  ASSERT_TRUE(copy(disk_, options_));
  EXPECT_EQ(*disk_.list(options_.data), (std::vector<std::string>{"copies", "journal"}));
  EXPECT_EQ(disk_.list(folder_ / "place")->size(), 2u);
  const auto opened = io::run_program(std::vector<std::string>{
      "sh", "-c", "age -d -i \"$1\" \"$2\" | tar -xzO sites.csv sales.csv barcodes.csv stock.csv",
      "sh", (folder_ / "identity").string(), made().string()});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->said.find("secret"), std::string::npos);
  EXPECT_EQ(opened->said.find("nothing"), std::string::npos) << opened->said;
  EXPECT_NE(opened->said.find("2026-10-31,S0042,milk,2,1,,\n"), std::string::npos) << opened->said;
  EXPECT_EQ(opened->said.find("2020-01-01"), std::string::npos);
  EXPECT_EQ(opened->said.find("999"), std::string::npos) << "the journal knows better";
  EXPECT_NE(opened->said.find("S0042,soap,8,3,,,2026-10-31,\n"), std::string::npos);
}

TEST_F(CopyTest, with_any_byte_flipped_does_not_hold) {
  ASSERT_TRUE(copy(disk_, options_));
  for (const std::string_view ending : {archive_ending, note_ending}) {
    const std::string whole = *io::read_file(disk_, made(ending));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 1 << (at % 8));
      ASSERT_TRUE((*disk_.create(made(ending)))->write(flipped));
      ASSERT_TRUE(judged(made()).starts_with(made(ending).string() + ": ")) << at;
    }
    put(("place/" + made(ending).filename().string()).c_str(), whole);
  }
  EXPECT_EQ(judged(made()), "holds");
}

TEST_F(CopyTest, that_is_cut_old_from_the_future_or_without_its_note_does_not_hold) {
  ASSERT_TRUE(copy(disk_, options_));
  EXPECT_NE(judged(made(), {.age_s_max = 59}).find("older than was asked for"), std::string::npos);
  options_.made_s = now_s + 3'600;
  ASSERT_TRUE(copy(disk_, options_));
  EXPECT_NE(judged(folder_ / "place/9009-1-20260615T040012Z.note").find("lies in the future"),
            std::string::npos);
  const std::string whole = *io::read_file(disk_, made());
  put("place/9009-1-20260615T030012Z.tar.gz.age", whole.substr(0, whole.size() - 1));
  EXPECT_NE(judged(made()).find("were signed"), std::string::npos);
  ASSERT_TRUE(disk_.remove_all(made(note_ending)));
  EXPECT_NE(judged(made()).find("the note is missing"), std::string::npos);
}

TEST_F(CopyTest, of_a_key_that_the_roster_does_not_know_or_has_revoked_does_not_hold) {
  ASSERT_TRUE(copy(disk_, options_));
  options_.roster = roster_of({signer_of(store_code).verifier});
  EXPECT_NE(judged(made()).find("the roster does not list this key"), std::string::npos);
  EXPECT_FALSE(copy(disk_, options_)) << "nor is one made";
}

TEST_F(CopyTest, is_never_written_over_another_and_a_place_that_fails_does_not_stop_the_others) {
  options_.places = {folder_ / "recipients/no-folder", folder_ / "place"};
  const auto first = copy(disk_, options_);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->written.size(), 1u);
  EXPECT_EQ(first->not_placed.size(), 1u);
  const std::string before = *io::read_file(disk_, made());
  const auto second = copy(disk_, options_);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->written.empty());
  EXPECT_EQ(*io::read_file(disk_, made()), before);
}

TEST_F(CopyTest, is_not_opened_by_somebody_elses_identity) {
  ASSERT_TRUE(copy(disk_, options_));
  ASSERT_TRUE(io::run_program(
      std::vector<std::string>{"age-keygen", "--output", (folder_ / "thief").string()}));
  EXPECT_NE(judged(made(), {.identity = folder_ / "thief"}).find("thief: age ended with"),
            std::string::npos);
}

TEST(Layout, describes_every_column_that_the_estate_format_has_and_each_once) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const LayoutRow& row : layout()) {
    EXPECT_TRUE(seen.emplace(row.file, row.column).second) << row.file << ' ' << row.column;
    EXPECT_FALSE(row.meaning.empty());
  }
  // A copy's sales have neither price nor channel: the reader keeps neither.
  for (const auto& columns : {estate::goods_columns(), estate::routine_columns(),
                              estate::stock_columns(), estate::event_columns()})
    for (const estate::FileColumns& file : columns)
      for (const std::string_view name : file.names)
        EXPECT_TRUE(seen.contains({file.file, name})) << file.file << ' ' << name;
}

}  // namespace
}  // namespace vault
