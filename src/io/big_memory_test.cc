#include "io/big_memory.h"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

namespace io {
namespace {

TEST(BigMemory, can_be_written_to_its_last_byte) {
  for (const std::size_t bytes : {1u, 4097u, (2u << 20) - 1, (2u << 20) + 1, 5u << 20}) {
    const BigMemory memory = big_memory(bytes);
    std::memset(memory.get(), 7, bytes);
    EXPECT_EQ(static_cast<const std::uint8_t*>(memory.get())[bytes - 1], 7);
  }
}

TEST(BigMemory, begins_on_a_large_page_where_it_is_as_large) {
  const BigMemory memory = big_memory(3 << 20);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.get()) % (2 << 20), 0u);
}

TEST(BigMemory, of_nothing_is_no_fault) { big_memory(0); }

}  // namespace
}  // namespace io
