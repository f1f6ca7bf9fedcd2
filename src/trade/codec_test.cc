#include "trade/codec.h"

#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "trade/testing/chance.h"
#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

template <class T>
std::string written(const T& value) {
  std::string bytes;
  Writer(bytes).value(value);
  return bytes;
}

template <class T>
std::optional<T> read(std::string_view bytes) {
  T value{};
  Reader reader(bytes);
  reader.value(value);
  if (!reader.at_end()) return std::nullopt;
  return value;
}

std::string bytes(std::initializer_list<int> values) {
  std::string made;
  for (const int value : values) made += static_cast<char>(value);
  return made;
}

TEST(Codec, writes_numbers_seven_bits_a_byte_and_small_ones_in_one) {
  EXPECT_EQ(written(std::uint32_t{0}), bytes({0}));
  EXPECT_EQ(written(std::uint32_t{127}), bytes({0x7f}));
  EXPECT_EQ(written(std::uint32_t{300}), bytes({0xac, 0x02}));
  EXPECT_EQ(written(std::int32_t{-1}), bytes({1}));
  EXPECT_EQ(written(std::int32_t{64}), bytes({0x80, 0x01}));
  EXPECT_EQ(written(std::numeric_limits<std::uint64_t>::max()).size(), 10u);
}

TEST(Codec, reads_back_every_bound_of_every_width) {
  const auto holds = []<class T>(T) {
    for (const T value : {std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), T{0}, T{1}})
      if (read<T>(written(value)) != value) return false;
    return true;
  };
  EXPECT_TRUE(holds(std::uint8_t{}) && holds(std::uint16_t{}) && holds(std::uint32_t{}) &&
              holds(std::uint64_t{}) && holds(std::int16_t{}) && holds(std::int32_t{}) &&
              holds(std::int64_t{}));
}

TEST(Codec, refuses_longer_forms_missing_bytes_and_values_out_of_range) {
  EXPECT_FALSE(read<std::uint32_t>(bytes({0x80, 0x00})));
  EXPECT_FALSE(read<std::uint32_t>(bytes({0xff})));
  EXPECT_FALSE(read<std::uint32_t>(""));
  EXPECT_FALSE(read<std::uint8_t>(bytes({0x80, 0x02})));
  EXPECT_FALSE(read<std::uint64_t>(std::string(9, '\xff') + '\x02'));
  EXPECT_FALSE(read<std::uint64_t>(std::string(11, '\xff')));
  EXPECT_FALSE(read<bool>(bytes({2})));
  EXPECT_FALSE(read<Chain>(bytes({3})));
  EXPECT_FALSE(read<Batch>(bytes({21}) + std::string(21, 'x')));
  EXPECT_FALSE(read<Batch>(bytes({1, 0x7f})));
  EXPECT_FALSE(read<std::vector<OrderRow>>(bytes({2, 1, 2})));
  EXPECT_FALSE(read<std::vector<OrderRow>>(bytes({0xff, 0xff, 0xff, 0x7f})));
  EXPECT_FALSE(read<Body>(bytes({0})));
  EXPECT_FALSE(read<Body>(bytes({static_cast<int>(std::variant_size_v<Body>) + 1})));
}

RC_GTEST_PROP(Codec, reads_back_any_event_and_no_part_of_it, (std::uint64_t seed)) {
  Chance chance(seed);
  const Event event = chance.any_event();
  const std::string encoded = encode(event);
  RC_ASSERT((decode(encoded) == event));
  for (std::size_t size = 0; size < encoded.size(); ++size)
    RC_ASSERT(!decode(std::string_view(encoded).substr(0, size)));
  RC_ASSERT(!decode(encoded + '\0'));
}

RC_GTEST_PROP(Codec, has_one_form_for_each_event, (std::uint64_t seed)) {
  Chance chance(seed);
  std::string encoded = encode(chance.any_event());
  encoded[chance.below(encoded.size())] = static_cast<char>(chance.below(256));
  if (const auto event = decode(encoded)) RC_ASSERT(encode(*event) == encoded);
}

TEST(Codec, writes_an_event_of_five_sold_lines_in_fewer_than_64_bytes) {
  GoodsMoved moved{Cause::sale, {}};
  for (std::uint32_t i = 0; i < 5; ++i) moved.rows.push_back({LineNo{7'000 + i}, 2, 450, {}});
  const Event event{{ActorNo{300}, DeviceNo{20}, 1'000'000}, moved};
  EXPECT_LT(encode(event).size(), 64u);
}

TEST(Partition, refuses_bytes_that_are_cut_or_that_do_not_balance) {
  Estate estate;
  estate.stock(store_code, milk, 9, until(4));
  const std::string encoded = encode(estate.store());
  Book book;
  for (std::size_t size = 0; size < encoded.size(); ++size)
    EXPECT_FALSE(book.restore(std::string_view(encoded).substr(0, size)));
  EXPECT_FALSE(book.restore(encoded + '\0'));
  std::string unbalanced = encoded;
  unbalanced.back() = 2;  // a unit more in dispute
  EXPECT_EQ(book.restore(unbalanced), no(Refusal::bytes_bad));
  EXPECT_TRUE(book.restore(encoded));
}

// Written by version 1: an event of each kind, and a partition. These bytes lie in journals.
TEST(Codec, reads_what_version_1_has_written_and_writes_the_same) {
  std::ifstream file(STOCKADE_SOURCE_DIR "/tests/golden/trade-events-1");
  std::size_t kinds = 0, partitions = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, encoded;
    words >> name;
    for (int byte = 0; words >> std::hex >> byte;) encoded += static_cast<char>(byte);
    if (name == "partition") {
      Book book;
      ASSERT_TRUE(book.restore(encoded));
      EXPECT_EQ(encode(*book.find(store_code)), encoded);
      ++partitions;
      continue;
    }
    const auto event = decode(encoded);
    ASSERT_TRUE(event) << name;
    EXPECT_EQ(event->body.index(), kinds++);
    EXPECT_EQ(kind_name(event->body), name);
    EXPECT_EQ(encode(*event), encoded);
  }
  EXPECT_EQ(kinds, std::variant_size_v<Body>);
  EXPECT_EQ(partitions, 1u);
}

// The worked example of docs/formats/events.md.
TEST(Codec, writes_the_worked_example) {
  const Event sale{
      {ActorNo{300}, DeviceNo{5}, 17},
      GoodsMoved{Cause::sale,
                 {{LineNo{130}, 2, 250, {}}, {LineNo{4}, 1, 155, {{9'804}, batch("B7")}}}}};
  EXPECT_EQ(encode(sale), bytes({0xac, 0x02, 0x05, 0x11, 0x00, 0x08, 0x01, 0x02,  //
                                 0x82, 0x01, 0x04, 0xf4, 0x03, 0x00, 0x00,        //
                                 0x04, 0x02, 0xb6, 0x02, 0xcc, 0x4c, 0x02, 'B',  '7'}));
}

}  // namespace
}  // namespace trade
