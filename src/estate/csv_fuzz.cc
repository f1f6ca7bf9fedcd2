// libFuzzer target: the CSV scanner, and the whole reader over one file of a small folder, from any
// bytes.
#include <cstdint>

#include "estate/csv.h"
#include "estate/testing/small_estate.h"

namespace {

// Blocks of any size must hold whole records whose fields lie inside them.
void scan(const std::string& content, std::size_t block_size) {
  estate::testing::MemoryReader reader(content, 5);
  estate::CsvBlocks blocks(reader, block_size);
  std::vector<char> block;
  estate::Record record;
  while (*blocks.next(block)) {
    CHECK(!block.empty() && block.size() <= block_size);
    estate::CsvCursor cursor(block);
    while (cursor.next(record)) {
      CHECK(record.count >= 1 && record.line <= cursor.lines());
      for (std::size_t i = 0; i < record.count; ++i) {
        const std::string_view field = record.fields[i];
        CHECK(field.data() >= block.data());
        CHECK(field.data() + field.size() <= block.data() + block.size());
      }
    }
    CHECK(cursor.offset() == block.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const std::string content(reinterpret_cast<const char*>(data) + 1, size - 1);
  scan(content, 16 + choice);
  constexpr const char* names[] = {"estate.toml",  "sites.csv",     "products.csv",
                                   "sales.csv",    "range.csv",     "deliveries.csv",
                                   "sales.csv.gz", "sales.csv.zst", "supply.csv"};
  estate::testing::Files files = estate::testing::small_estate();
  const std::string name = names[choice % std::size(names)];
  if (name.starts_with("sales")) files.erase("sales.csv");
  files[name] = content;
  const auto strict = estate::testing::read_files(files);
  const auto lenient = estate::testing::read_files(files, {.lenient = true});
  CHECK(!strict || lenient);
  if (strict) CHECK(strict->sales == lenient->sales && lenient->rejected.empty());
  return 0;
}
