#include "site/name_index.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"

namespace site {
namespace {

// Few homes for many names, so that nearly every one has to step aside.
RC_GTEST_PROP(NameIndex, knows_what_a_map_knows, ()) {
  base::Prng prng(*rc::gen::arbitrary<std::uint64_t>());
  NameIndex index;
  std::map<std::uint64_t, std::uint64_t> expected;
  for (std::uint64_t row = 0; row < 400; ++row) {
    const std::uint64_t name = prng.below(40) * 61 + (prng.below(5) << 40);
    const auto known = expected.find(name);
    if (prng.below(3) == 0) {
      const bool is_right = known != expected.end() && prng.below(2) == 0;
      index.erase(name, is_right ? known->second : row + 1'000);
      if (is_right) expected.erase(known);
    } else {
      index.put(name, row);
      expected[name] = row;
    }
    for (const auto& [one, its_row] : expected) RC_ASSERT(index.find(one) == its_row);
    RC_ASSERT(index.find(name).has_value() == expected.contains(name));
  }
}

TEST(NameIndex, grows_with_what_it_holds_and_not_with_what_it_held) {
  NameIndex index;
  for (std::uint64_t row = 0; row < 1'000'000; ++row) {
    index.put(base::mix(row), row);
    if (row >= 1'000) index.erase(base::mix(row - 1'000), row - 1'000);
  }
  EXPECT_LE(index.bytes(), 4'096u * 16);
  EXPECT_EQ(index.find(base::mix(999'999)), 999'999u);
  EXPECT_FALSE(index.find(base::mix(998'000)));
}

}  // namespace
}  // namespace site
