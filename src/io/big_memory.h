#pragma once
// Memory for columns of many megabytes, on large pages where the system has them.

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace io {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};
using BigMemory = std::unique_ptr<void, FreeMemory>;

// So many bytes, not filled. Touching them for the first time costs one fault for each two
// megabytes, where ordinary pages cost one for each four kilobytes.
BigMemory big_memory(std::size_t bytes);

}  // namespace io
