#include "estate/csv.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "estate/testing/memory_disk.h"

namespace estate {
namespace {

// A record as text: its line, then "bad" or its fields in brackets.
std::string described(std::uint64_t line, bool bad, const std::vector<std::string>& fields) {
  std::string text = fmt::format("{}", line);
  if (bad) return text + " bad\n";
  for (const std::string& field : fields) text += " [" + field + "]";
  return text + "\n";
}

std::string read_all(const std::string& content, std::size_t block_size, std::size_t piece) {
  testing::MemoryReader reader(content, piece);
  CsvBlocks blocks(reader, block_size);
  std::vector<char> block;
  Record record;
  std::string text;
  std::uint64_t line = 1;
  while (*blocks.next(block)) {
    CsvCursor cursor(block);
    while (cursor.next(record))
      text += described(line + record.line, !record.problem.empty(),
                        {record.fields.begin(), record.fields.begin() + record.count});
    line += cursor.lines();
  }
  return text;
}

// The slow obvious reading: one byte at a time over the whole content.
std::string read_slowly(std::string content) {
  if (content.starts_with("\xef\xbb\xbf")) content.erase(0, 3);
  std::string text;
  std::uint64_t line = 1;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t begin = at;
    const std::uint64_t first_line = line;
    std::vector<std::string> fields;
    bool bad = false, more = true, any_quoted = false;
    while (more) {
      std::string field;
      const bool quoted = at < content.size() && content[at] == '"';
      any_quoted = any_quoted || quoted;
      if (quoted) {
        for (++at;; ++at) {
          if (at == content.size()) break;
          if (content[at] == '"' && at + 1 < content.size() && content[at + 1] == '"')
            ++at;
          else if (content[at] == '"')
            break;
          line += content[at] == '\n';
          field += content[at];
        }
        if (at == content.size())
          bad = true;
        else
          ++at;
      }
      std::string plain;
      while (at < content.size() && content[at] != ',' && content[at] != '\n')
        plain += content[at++];
      if (plain.ends_with('\r') && (at == content.size() || content[at] == '\n')) plain.pop_back();
      bad = bad || plain.find('"') != std::string::npos || (quoted && !plain.empty());
      fields.push_back(quoted ? field : plain);
      more = at < content.size() && content[at] == ',';
      if (at < content.size()) line += content[at++] == '\n';
    }
    const bool blank = fields.size() == 1 && fields[0].empty() && !any_quoted && at - begin <= 2;
    if (!blank) text += described(first_line, bad, fields);
  }
  return text;
}

TEST(Csv, quotes_line_ends_and_blank_lines_are_read_as_the_rfc_says) {
  EXPECT_EQ(read_all("a,b\r\n\"x,\"\"y\"\"\",\"1\n2\"\n\n,\n\"\"\nlast", block_bytes, 1),
            "1 [a] [b]\n2 [x,\"y\"] [1\n2]\n5 [] []\n6 []\n7 [last]\n");
  EXPECT_EQ(read_all("a\"b,c\n\"d\"e,f\ng\n\"h\n", block_bytes, 3), "1 bad\n2 bad\n3 [g]\n4 bad\n");
  EXPECT_EQ(read_all("", block_bytes, 3), "");
}

TEST(Csv, any_bytes_in_any_blocks_and_pieces_are_read_like_the_slow_obvious_way) {
  const auto bytes =
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("a,,\"\"\"\n\n\r")));
  rc::check([&] {
    std::string content;
    for (int i = 0; i < 8; ++i) content += *bytes;
    const std::string expected = read_slowly(content);
    RC_ASSERT(read_all(content, block_bytes, 7) == expected);
    // Where every record fits, the size of blocks changes nothing.
    RC_ASSERT(read_all(content, content.size() + 1, 1) == expected);
    std::size_t longest = 1, last_line_end = 0;
    for (std::size_t at = 0; at <= content.size(); ++at) {
      if (at < content.size() && content[at] != '\n') continue;
      const bool outside = std::count(content.begin(), content.begin() + at, '"') % 2 == 0;
      longest = std::max(longest, at + 1 - last_line_end);
      if (outside) last_line_end = at + 1;
    }
    const bool clean = expected.find("bad") == std::string::npos;
    if (clean) RC_ASSERT(read_all(content, longest + 1, 5) == expected);
  });
}

TEST(Csv, only_one_line_without_quotes_is_stepped_over) {
  std::string content = "a,b\r\nc,\"d\"\n" + std::string(field_bytes_max, 'e') + "\nlast";
  CsvCursor cursor(content);
  Record record;
  EXPECT_TRUE(cursor.skip_plain());
  EXPECT_EQ(cursor.lines(), 1u);
  EXPECT_FALSE(cursor.skip_plain());  // quotes
  EXPECT_TRUE(cursor.next(record));
  EXPECT_EQ(record.fields[1], "d");
  EXPECT_FALSE(cursor.skip_plain());  // long
  EXPECT_TRUE(cursor.next(record));
  EXPECT_EQ(cursor.rest(), "last");
  EXPECT_FALSE(cursor.skip_plain());  // no line end
  EXPECT_EQ(cursor.lines(), 3u);
}

TEST(Csv, lines_that_look_like_most_files_are_cut_between_records_for_every_block_size) {
  std::string content;
  for (int i = 0; i < 60; ++i)
    content += i % 3 == 0 ? fmt::format("{},\"a\"\"b\n,c\",x\n", i) : fmt::format("{},abc,\r\n", i);
  const std::string expected = read_slowly(content);
  EXPECT_EQ(expected.find("bad"), std::string::npos);
  for (std::size_t size = 24; size < 300; ++size) EXPECT_EQ(read_all(content, size, 11), expected);
}

}  // namespace
}  // namespace estate
