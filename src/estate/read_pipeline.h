#pragma once
// Blocks of a stream parsed on several threads and handed over in the stream's order.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace estate {

// A block of input and what parsing made of it. Output is reused; `parse` clears it.
template <class Output>
struct Parsed {
  std::vector<char> block;
  std::size_t block_number = 0;
  Output output;
};

// next: fills a block, false at the end; called from one thread, in order.
// parse: called for each block on any of `threads` threads.
// consume: called in the caller's thread in block order; its first error ends everything.
// The outcome is that of the sequential loop over the three, whatever the number of threads.
template <class Output>
class Pipeline {
 public:
  using Next = std::function<base::Result<bool>(std::vector<char>&)>;
  using Parse = std::function<void(Parsed<Output>&)>;
  using Consume = std::function<base::Result<>(Parsed<Output>&)>;

  Pipeline(Next next, Parse parse, Consume consume)
      : next_(std::move(next)), parse_(std::move(parse)), consume_(std::move(consume)) {}

  base::Result<> run(int threads) { return threads <= 1 ? run_alone() : run_threads(threads); }

 private:
  base::Result<> run_alone() {
    Parsed<Output> slot;
    for (; TRY(next_(slot.block)); ++slot.block_number) {
      parse_(slot);
      TRY(consume_(slot));
    }
    return {};
  }

  base::Result<> run_threads(int threads) {
    slots_ = std::vector<Slot>(static_cast<std::size_t>(threads) + 2);
    std::vector<std::thread> pool;
    pool.emplace_back([this] { fill(); });
    for (int i = 0; i < threads; ++i) pool.emplace_back([this] { work(); });
    base::Result<> outcome = collect();
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (auto& thread : pool) thread.join();
    return outcome;
  }

  enum class State : std::uint8_t { free, filled, parsed };
  struct Slot {
    State state = State::free;
    Parsed<Output> parsed;
  };
  Slot& slot_of(std::size_t number) { return slots_[number % slots_.size()]; }

  void fill() {
    for (std::size_t number = 0;; ++number) {
      Slot& slot = slot_of(number);
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stop_ || slot.state == State::free; });
        if (stop_) return;
      }
      base::Result<bool> got = next_(slot.parsed.block);
      slot.parsed.block_number = number;
      const std::lock_guard lock(mutex_);
      if (got && *got) {
        slot.state = State::filled;
        filled_ = number + 1;
      } else {
        if (!got) source_outcome_ = std::unexpected(std::move(got).error());
        ended_ = true;
      }
      changed_.notify_all();
      if (ended_) return;
    }
  }

  void work() {
    while (true) {
      std::size_t number;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stop_ || ended_ || taken_ < filled_; });
        if (stop_ || taken_ == filled_) return;
        number = taken_++;
      }
      Slot& slot = slot_of(number);
      parse_(slot.parsed);
      {
        const std::lock_guard lock(mutex_);
        slot.state = State::parsed;
      }
      changed_.notify_all();
    }
  }

  base::Result<> collect() {
    for (std::size_t number = 0;; ++number) {
      Slot& slot = slot_of(number);
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock,
                      [&] { return slot.state == State::parsed || (ended_ && number == filled_); });
        if (slot.state != State::parsed) return source_outcome_;
      }
      TRY(consume_(slot.parsed));
      {
        const std::lock_guard lock(mutex_);
        slot.state = State::free;
      }
      changed_.notify_all();
    }
  }

  Next next_;
  Parse parse_;
  Consume consume_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;  // block n lives in slot n modulo their number
  std::size_t filled_ = 0, taken_ = 0;
  bool ended_ = false, stop_ = false;
  base::Result<> source_outcome_;
};

}  // namespace estate
