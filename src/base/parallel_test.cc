#include "base/parallel.h"

#include <vector>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Parallel, every_index_is_visited_once_in_chunks_cut_the_same_way_for_any_thread_count) {
  for (int threads : {1, 2, 16}) {
    for (std::size_t count : {0u, 1u, 9u, 10u, 11u, 1000u}) {
      std::vector<int> visits(count);
      std::vector<std::size_t> chunk_of(count);
      for_ranges(threads, count, 10, [&](std::size_t begin, std::size_t end, std::size_t chunk) {
        for (std::size_t i = begin; i < end; ++i) {
          ++visits[i];
          chunk_of[i] = chunk;
        }
      });
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(visits[i], 1);
        ASSERT_EQ(chunk_of[i], i / 10);
      }
    }
  }
}

}  // namespace
}  // namespace base
