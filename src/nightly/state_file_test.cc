#include "nightly/state_file.h"

#include <zstd.h>

#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;

class StateFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(save_state(disk_, folder_, testing::as_of,
                           pack_state(evening_.estate, evening_.columns, evening_.fold.settings(),
                                      testing::as_of, evening_.outlook.state())));
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }

  base::Result<std::optional<SavedState>> load(Date as_of = testing::as_of + 1) {
    return TRY(load_state(disk_, folder_, as_of)).saved;
  }
  void expect_refused(const char* why) {
    const auto loaded = load(testing::as_of + 9);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, base::ErrorCode::state_mismatch);
    EXPECT_NE(loaded.error().message.find(why), std::string::npos) << loaded.error().message;
  }

  Evening evening_;
  io::Disk& disk_ = io::real_disk();
  const io::Path folder_ = io::Path(::testing::TempDir()) / "stockade_state_file_test";
  const io::Path file_ = folder_ / "2026-01-06.state.zst";
};

TEST_F(StateFileTest, a_state_reads_back_on_later_days_only) {
  const auto loaded = load();
  ASSERT_TRUE(loaded && loaded->has_value());
  EXPECT_EQ((*loaded)->as_of, testing::as_of);
  EXPECT_EQ((*loaded)->line_site.size(), evening_.columns.size());
  EXPECT_FALSE(load(testing::as_of)->has_value());
}

TEST_F(StateFileTest, the_front_of_a_state_says_which_sales_it_needs) {
  EXPECT_EQ(*sales_from_of_state(disk_, folder_, testing::as_of + 1), (*load())->sales_from());
  EXPECT_EQ(*sales_from_of_state(disk_, folder_, testing::as_of), std::nullopt);
}

TEST_F(StateFileTest, the_front_of_a_damaged_state_says_nothing) {
  for (const std::size_t size : {0, 20, 40}) {
    const std::string packed = *io::read_file(disk_, file_);
    ASSERT_TRUE(io::write_file(disk_, file_, packed.substr(0, size)));
    EXPECT_EQ(*sales_from_of_state(disk_, folder_, testing::as_of + 1), std::nullopt);
  }
}

TEST_F(StateFileTest, a_state_under_the_name_of_another_date_is_refused) {
  ASSERT_TRUE(disk_.rename(file_, folder_ / "2026-01-07.state.zst"));
  expect_refused("is of another date than its name says");
}

TEST_F(StateFileTest, names_that_are_no_date_are_not_states) {
  ASSERT_TRUE(disk_.rename(file_, folder_ / "2026-1-06.state.zst"));
  EXPECT_FALSE(load()->has_value());
}

TEST_F(StateFileTest, a_state_that_claims_an_absurd_size_is_refused_before_memory_is_taken) {
  std::string packed = *io::read_file(disk_, file_);
  // Frame header descriptor with an 8-byte content size, then that size.
  packed = packed.substr(0, 4) + std::string("\xe0") + std::string(7, '\xff') + "\x0f";
  ASSERT_EQ(ZSTD_getFrameContentSize(packed.data(), packed.size()), 0x0fffffffffffffffull);
  ASSERT_TRUE(io::write_file(disk_, file_, packed));
  expect_refused("is damaged");
}

TEST_F(StateFileTest, a_state_that_was_cut_short_is_refused_wherever_it_ends) {
  const std::string packed = *io::read_file(disk_, file_);
  for (std::size_t size = 0; size < packed.size(); size += 1 + packed.size() / 64) {
    ASSERT_TRUE(io::write_file(disk_, file_, packed.substr(0, size)));
    expect_refused("is damaged");
  }
}

}  // namespace
}  // namespace nightly
