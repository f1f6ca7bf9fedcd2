#include "estate/csv_writer.h"

#include <zlib.h>
#include <zstd.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "io/testing/failing_disk.h"

namespace estate {
namespace {

using base::make_date;
using base::Money;

class CsvWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = io::Path(::testing::TempDir()) / "stockade_csv_writer_test";
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(disk_.make_folders(folder_));
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }
  std::string content(const char* name) { return *io::read_file(disk_, folder_ / name); }

  io::Disk& disk_ = io::real_disk();
  io::Path folder_;
};

// Enough rows for several buffers, told apart by their number.
void write_many(CsvWriter& writer, int rows) {
  for (int i = 0; i < rows; ++i)
    writer.date(make_date(2026, 1, 1) + i % 400)
        .whole(i * 7919LL)
        .text("S0001")
        .money(Money{i})
        .end_row();
}

std::string gunzip(const std::string& bytes) {
  std::string plain(std::size_t{64} << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return plain;
}

std::string unzstd(const std::string& bytes) {
  std::string plain(std::size_t{64} << 20, '\0');
  const std::size_t size = ZSTD_decompress(plain.data(), plain.size(), bytes.data(), bytes.size());
  EXPECT_FALSE(ZSTD_isError(size));
  plain.resize(size);
  return plain;
}

TEST_F(CsvWriterTest, every_kind_of_field_has_its_plain_form) {
  auto writer = CsvWriter::create(disk_, folder_ / "a.csv", "a,b,c,d,e,f");
  ASSERT_TRUE(writer);
  writer->text("milk")
      .whole(-12)
      .date(make_date(2026, 6, 4))
      .money(Money{12500})
      .decimal(0.12345, 3)
      .empty();
  writer->end_row();
  writer->empty().whole(std::numeric_limits<std::int64_t>::min()).date(make_date(1900, 1, 1));
  writer->money(Money{-5}).decimal(-0.0001, 2).text("").end_row();
  EXPECT_EQ(writer->rows(), 2u);
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(content("a.csv"),
            "a,b,c,d,e,f\n"
            "milk,-12,2026-06-04,1.25,0.123,\n"
            ",-9223372036854775808,1900-01-01,-0.0005,0.00,\n");
}

TEST_F(CsvWriterTest, only_fields_that_need_quotes_get_them) {
  auto writer = CsvWriter::create(disk_, folder_ / "a.csv", "a,b,c,d,e");
  ASSERT_TRUE(writer);
  writer->text("1,5")
      .text("6\" pan")
      .text("two\nlines")
      .text("\"\"")
      .text("plain 'n' =simple")
      .end_row();
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(content("a.csv"),
            "a,b,c,d,e\n\"1,5\",\"6\"\" pan\",\"two\nlines\",\"\"\"\"\"\",plain 'n' =simple\n");
}

TEST_F(CsvWriterTest, compressed_files_hold_the_same_bytes_as_the_plain_one) {
  for (const char* name : {"a.csv", "a.csv.gz", "a.csv.zst"}) {
    auto writer = CsvWriter::create(disk_, folder_ / name, "date,n,site,price");
    ASSERT_TRUE(writer);
    write_many(*writer, 100'000);
    ASSERT_TRUE(writer->finish());
  }
  const std::string plain = content("a.csv");
  EXPECT_GT(plain.size(), 2'000'000u);
  EXPECT_EQ(gunzip(content("a.csv.gz")), plain);
  EXPECT_EQ(unzstd(content("a.csv.zst")), plain);
}

TEST_F(CsvWriterTest, a_gzip_header_carries_no_time) {
  auto writer = CsvWriter::create(disk_, folder_ / "a.csv.gz", "a");
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(content("a.csv.gz").substr(4, 4), std::string(4, '\0'));
}

TEST_F(CsvWriterTest, the_tap_hears_every_byte_in_order) {
  std::string heard;
  auto writer = CsvWriter::create(disk_, folder_ / "a.csv.zst", "date,n,site,price");
  ASSERT_TRUE(writer);
  writer->set_tap(
      [](void* to, std::string_view bytes) { static_cast<std::string*>(to)->append(bytes); },
      &heard);
  write_many(*writer, 50'000);
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(heard, unzstd(content("a.csv.zst")));
}

TEST_F(CsvWriterTest, the_first_failure_of_the_disk_is_what_finish_returns) {
  for (const char* name : {"a.csv", "a.csv.gz", "a.csv.zst"}) {
    io::testing::FailingDisk disk(disk_, 2);  // the first write
    auto writer = CsvWriter::create(disk, folder_ / name, "date,n,site,price");
    ASSERT_TRUE(writer);
    write_many(*writer, 200'000);
    const auto outcome = writer->finish();
    ASSERT_FALSE(outcome) << name;
    EXPECT_EQ(outcome.error().message, "the disk is full");
  }
}

TEST_F(CsvWriterTest, a_whole_file_replaces_the_earlier_one_or_leaves_it_as_it_was) {
  const io::Path path = folder_ / "a.csv";
  ASSERT_TRUE(write_csv(disk_, path, "a", [](CsvWriter& csv) -> base::Result<> {
    csv.whole(1).end_row();
    return {};
  }));
  EXPECT_EQ(content("a.csv"), "a\n1\n");
  const auto failed = write_csv(disk_, path, "a", [](CsvWriter& csv) -> base::Result<> {
    csv.whole(2).end_row();
    return base::fail(base::ErrorCode::input_bad, "no");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "no");
  EXPECT_EQ(content("a.csv"), "a\n1\n");
  EXPECT_EQ(disk_.list(folder_)->size(), 1u);
}

// The field that a reader after RFC 4180 gets from the text between header and row end.
std::string unquoted(std::string_view field) {
  if (!field.starts_with('"')) return std::string(field);
  std::string plain;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    if (field[i] == '"') ++i;
    plain += field[i];
  }
  return plain;
}

RC_GTEST_FIXTURE_PROP(CsvWriterTest, any_text_reads_back, (const std::string& value)) {
  auto writer = CsvWriter::create(disk_, folder_ / "a.csv", "a");
  RC_ASSERT(writer.has_value());
  writer->text(value).end_row();
  RC_ASSERT(writer->finish().has_value());
  const std::string file = content("a.csv");
  RC_ASSERT(unquoted(std::string_view(file).substr(2, file.size() - 3)) == value);
}

}  // namespace
}  // namespace estate
