#include "carry/port.h"

#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

namespace carry {
namespace {

struct Waiting {
  std::string request;
  crypto::PublicKey key;
  std::move_only_function<void(std::string)> then;
};
using Loan = std::move_only_function<void(syncing::Holdings&)>;

}  // namespace

struct Port::Parts {
  Parts(syncing::Holdings& the_holdings, io::Clock& the_clock, OnRefused told)
      : holdings(the_holdings),
        listener(the_holdings),
        clock(the_clock),
        on_refused(std::move(told)) {}

  void run();
  void answer(std::vector<Waiting>& batch);

  syncing::Holdings& holdings;
  syncing::Listener listener;
  io::Clock& clock;
  const OnRefused on_refused;

  mutable std::mutex lock;
  std::condition_variable has_work;
  std::vector<Waiting> waiting;
  std::vector<Loan> loans;
  PortCounts counts;
  bool stops = false;
  std::thread thread;
};

void Port::Parts::run() {
  std::vector<Waiting> batch;
  std::vector<Loan> lent;
  std::unique_lock held(lock);
  while (!stops || !waiting.empty() || !loans.empty()) {
    has_work.wait(held, [&] { return stops || !waiting.empty() || !loans.empty(); });
    std::swap(batch, waiting);
    std::swap(lent, loans);
    held.unlock();
    for (Loan& loan : lent) loan(holdings);
    if (!batch.empty()) answer(batch);
    batch.clear();
    lent.clear();
    held.lock();
  }
}

void Port::Parts::answer(std::vector<Waiting>& batch) {
  std::vector<syncing::Asked> asked;
  for (const Waiting& one : batch) asked.push_back({one.request, one.key});
  const auto now_s = static_cast<std::uint64_t>(clock.wall_ms() / 1'000);
  std::vector<syncing::Reply> replies = listener.answer(asked, now_s);
  std::uint64_t refused = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (replies[i].no) ++refused;
    if (replies[i].no && on_refused) on_refused(replies[i].who, *replies[i].no);
    batch[i].then(std::move(replies[i].bytes));
  }
  const std::lock_guard held(lock);
  counts.requests += batch.size();
  counts.refused += refused;
  ++counts.syncs;
}

Port::Port(syncing::Holdings& holdings, io::Clock& clock, OnRefused on_refused)
    : parts_(std::make_unique<Parts>(holdings, clock, std::move(on_refused))) {
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

Port::~Port() {
  {
    const std::lock_guard held(parts_->lock);
    parts_->stops = true;
  }
  parts_->has_work.notify_one();
  parts_->thread.join();
}

bool Port::ask(std::string request, const crypto::PublicKey& key,
               std::move_only_function<void(std::string)> then) {
  {
    const std::lock_guard held(parts_->lock);
    if (parts_->stops || parts_->waiting.size() >= asked_max) {
      ++parts_->counts.turned_away;
      return false;
    }
    parts_->waiting.push_back({std::move(request), key, std::move(then)});
  }
  parts_->has_work.notify_one();
  return true;
}

void Port::lend(const std::function<void(syncing::Holdings&)>& work) {
  std::latch done(1);
  {
    const std::lock_guard held(parts_->lock);
    CHECK(!parts_->stops);
    parts_->loans.emplace_back([&](syncing::Holdings& holdings) {
      work(holdings);
      done.count_down();
    });
  }
  parts_->has_work.notify_one();
  done.wait();
}

PortCounts Port::counts() const {
  const std::lock_guard held(parts_->lock);
  return parts_->counts;
}

}  // namespace carry
