#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/result.h"

namespace base {

void for_ranges(
    int threads, std::size_t count, std::size_t grain,
    const std::function<void(std::size_t begin, std::size_t end, std::size_t chunk)>& work) {
  CHECK(threads >= 1 && grain >= 1);
  const std::size_t chunks = (count + grain - 1) / grain;
  std::atomic<std::size_t> next_chunk = 0;
  const auto run = [&] {
    for (std::size_t chunk; (chunk = next_chunk.fetch_add(1)) < chunks;)
      work(chunk * grain, std::min(count, (chunk + 1) * grain), chunk);
  };
  const std::size_t helpers = std::min(static_cast<std::size_t>(threads), chunks);
  std::vector<std::thread> pool;
  for (std::size_t i = 1; i < helpers; ++i) pool.emplace_back(run);
  run();
  for (auto& thread : pool) thread.join();
}

int hardware_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace base
