#include "io/big_memory.h"

#include <sys/mman.h>

#include "base/result.h"

namespace io {

BigMemory big_memory(std::size_t bytes) {
  constexpr std::size_t large_page = 2 << 20;
  const bool is_large = bytes >= large_page;
  const std::size_t step = is_large ? large_page : alignof(std::max_align_t);
  const std::size_t whole = (bytes + step - 1) / step * step;
  BigMemory memory(std::aligned_alloc(step, whole));
  CHECK(memory != nullptr || whole == 0);
  // Advice that is not taken changes nothing but time.
  if (is_large) madvise(memory.get(), whole, MADV_HUGEPAGE);
  return memory;
}

}  // namespace io
