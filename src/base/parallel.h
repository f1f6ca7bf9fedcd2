#pragma once
// Work over index ranges on several threads, cut the same way whatever the number of threads.

#include <cstddef>
#include <functional>
#include <future>
#include <utility>

namespace base {

// Calls work(begin, end, chunk) for consecutive ranges of `grain` indexes that cover [0, count);
// chunk numbers them from 0. Chunks run on up to `threads` threads in any order, so results must go
// to places that belong to the chunk or the index; then they do not depend on the number of
// threads. Nothing may throw.
void for_ranges(
    int threads, std::size_t count, std::size_t grain,
    const std::function<void(std::size_t begin, std::size_t end, std::size_t chunk)>& work);

// Starts work() on a thread of its own, to be fetched with get(); with one thread, work() runs in
// get(). What it refers to must outlive the future, which waits where it is destroyed.
template <class Work>
auto beside(int threads, Work work) {
  return std::async(threads > 1 ? std::launch::async : std::launch::deferred, std::move(work));
}

// Threads that this machine runs at once, at least 1.
int hardware_threads();

}  // namespace base
