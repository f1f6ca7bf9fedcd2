#include "site/core.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "site/key.h"
#include "site/loop.h"
#include "site/peer_reader.h"

namespace site {
namespace {

using base::Result;

// How long the core sleeps at most where nobody wants anything: checkpoints become due by time.
constexpr std::chrono::milliseconds pulse{250};
constexpr std::chrono::milliseconds peers_every{2'000};
// A commit costs the processor what a dozen wishes do. So where many come at once, the core lets
// more of them gather before it takes them; who comes alone never waits.
constexpr std::size_t gather_from = 6;  // wishes and questions in the batch before
constexpr std::chrono::microseconds gather_for{400};

}  // namespace

// Two locks: one for what waits, one for what readers are told. Neither is held while anything is
// decided, written or answered.
struct Core::Parts {
  Parts(std::unique_ptr<Loop> made, const CoreOptions& the_options, io::Disk& the_disk)
      : options(the_options), disk(the_disk), loop(std::move(made)) {
    for (const io::Path& folder : options.peers) readers.emplace_back(disk, folder, options.estate);
    publish();
  }

  bool enqueue(Job job, bool is_bounded = true);
  bool take_batch(std::vector<Job>& batch, bool waits);
  void run();
  void work(std::vector<Job>& batch);
  void publish();  // before anyone is answered: what an answer names is then committed for readers
  void follow_new(const std::function<bool(Errand)>& run_errand);
  void read_peers(const std::function<bool(Errand)>& run_errand);
  void run_readers();
  void stop();

  const CoreOptions options;
  io::Disk& disk;
  const std::unique_ptr<Loop> loop;

  mutable std::mutex queue_lock;
  std::condition_variable has_work;
  std::deque<Job> waiting;
  std::uint64_t turned_away = 0;
  bool stops = false;

  mutable std::mutex told_lock;
  std::condition_variable has_more;
  CoreCounts told;
  bool is_over = false;

  std::mutex peers_lock;
  std::condition_variable peers_wake;
  bool peers_asked = false, peers_stop = false;
  // Of one thread at a time: the starter's, then the readers'.
  std::vector<PeerReader> readers;
  std::set<std::string> held_names;  // of the folders in options.held that were looked at

  std::thread core_thread, peers_thread;
};

bool Core::Parts::enqueue(Job job, bool is_bounded) {
  {
    const std::lock_guard lock(queue_lock);
    if (stops || (is_bounded && waiting.size() >= queue_max)) {
      ++turned_away;
      return false;
    }
    waiting.push_back(std::move(job));
    if (waiting.size() > 1) return true;  // the core is awake, or has been woken
  }
  has_work.notify_one();
  return true;
}

// False once nothing waits and nothing more will.
bool Core::Parts::take_batch(std::vector<Job>& batch, bool waits) {
  std::unique_lock lock(queue_lock);
  if (waits) has_work.wait_for(lock, pulse, [&] { return stops || !waiting.empty(); });
  const std::size_t count = std::min(waiting.size(), batch_max);
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  return count > 0 || !stops;
}

void Core::Parts::work(std::vector<Job>& batch) {
  loop->commit(batch);
  publish();
  loop->answer(batch);
  batch.clear();
  loop->settle();
  publish();
}

void Core::Parts::run() {
  std::vector<Job> batch;
  batch.reserve(batch_max);
  while (take_batch(batch, true)) {
    const bool gathers = batch.size() >= gather_from && batch.size() < batch_max;
    work(batch);
    if (gathers) std::this_thread::sleep_for(gather_for);
  }
  loop->stop();
  publish();
}

void Core::Parts::publish() {
  bool grew = false;
  {
    const std::lock_guard lock(told_lock);
    grew = loop->counts().committed_entries != told.committed_entries;
    told = loop->counts();
  }
  if (grew) has_more.notify_all();
}

// An earlier epoch of the site itself lies there too, and is not followed.
void Core::Parts::follow_new(const std::function<bool(Errand)>& run_errand) {
  if (options.held.empty()) return;
  const auto names = disk.list(options.held);
  if (!names) return;
  for (const std::string& name : *names) {
    if (held_names.contains(name)) continue;
    const io::Path folder = options.held / name;
    const auto key = journal_key(disk, folder);
    if (!key || !*key) continue;  // nothing there yet, or no journal at all
    held_names.insert(name);
    const auto origin = journal::parse_origin((*key)->name);
    if (!origin || code_of(*origin) == options.site.code) continue;
    if (!run_errand([&](Loop& core) { core.follow(folder); })) return;
    readers.emplace_back(disk, folder, options.estate);
  }
}

// Hands every peer's news to the core; `run_errand` returns once it has run, or false if it cannot.
void Core::Parts::read_peers(const std::function<bool(Errand)>& run_errand) {
  follow_new(run_errand);
  const RosterPtr roster = options.roster ? options.roster->get() : nullptr;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const auto take = [&](const Peer& peer, std::span<const std::string> events) {
      bool goes_on = false;
      return run_errand([&](Loop& core) { goes_on = core.admit(i, peer, events); }) && goes_on;
    };
    readers[i].read(take, roster.get());
  }
}

void Core::Parts::run_readers() {
  const auto wait_for_core = [&](Errand errand) {
    std::latch done(1);
    const auto run = [&](Loop& core) {
      errand(core);
      done.count_down();
    };
    if (!enqueue(Errand(run), false)) return false;
    done.wait();
    return true;
  };
  std::unique_lock lock(peers_lock);
  while (!peers_stop) {
    peers_wake.wait_for(lock, peers_every, [&] { return peers_stop || peers_asked; });
    peers_asked = false;
    if (peers_stop) return;
    lock.unlock();
    read_peers(wait_for_core);
    lock.lock();
  }
}

// The readers first, for they wait for the core.
void Core::Parts::stop() {
  {
    const std::lock_guard lock(peers_lock);
    peers_stop = true;
  }
  peers_wake.notify_all();
  if (peers_thread.joinable()) peers_thread.join();
  {
    const std::lock_guard lock(queue_lock);
    stops = true;
  }
  has_work.notify_all();
  if (core_thread.joinable())
    core_thread.join();
  else
    run();
  {
    const std::lock_guard lock(told_lock);
    is_over = true;
  }
  has_more.notify_all();
}

Result<std::unique_ptr<Core>> Core::start(const CoreOptions& options, io::Disk& disk,
                                          io::Clock& clock, io::Entropy& entropy) {
  auto loop = TRY(Loop::open(options, disk, clock, entropy));
  std::unique_ptr<Core> core(new Core(std::make_unique<Parts>(std::move(loop), options, disk)));
  Parts& parts = *core->parts_;
  parts.read_peers([&](Errand errand) {
    errand(*parts.loop);
    return true;
  });
  if (!parts.options.has_threads) return core;
  parts.core_thread = std::thread([&parts] { parts.run(); });
  if (!parts.readers.empty() || !options.held.empty())
    parts.peers_thread = std::thread([&parts] { parts.run_readers(); });
  return core;
}

Core::Core(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Core::~Core() { parts_->stop(); }

bool Core::submit(Wish wish, Then then) {
  return parts_->enqueue(Wanted{std::move(wish), std::move(then)});
}

bool Core::ask(std::move_only_function<void(const View&)> question) {
  return parts_->enqueue(std::move(question));
}

bool Core::keep_document(std::string bytes,
                         std::move_only_function<void(const Result<journal::Digest>&)> then) {
  return parts_->enqueue(Errand(
      [&parts = *parts_, bytes = std::move(bytes), then = std::move(then)](Loop& loop) mutable {
        const auto kept = loop.keep_document(bytes);
        parts.publish();
        then(kept);
      }));
}

bool Core::resume(std::string by, std::string why,
                  std::move_only_function<void(const Result<>&)> then) {
  return parts_->enqueue(Errand([&parts = *parts_, by = std::move(by), why = std::move(why),
                                 then = std::move(then)](Loop& loop) mutable {
    const auto resumed = loop.resume(by, why);
    parts.publish();
    then(resumed);
  }));
}

void Core::note_orders(OrderNotes notes) {
  (void)parts_->enqueue(Errand([notes = std::move(notes)](Loop& loop) mutable {
                          loop.note_orders(std::move(notes));
                        }),
                        false);
}

void Core::close(std::string why) {
  (void)parts_->enqueue(
      Errand([why = std::move(why)](Loop& loop) mutable { loop.close(std::move(why)); }), false);
}

void Core::read_peers() {
  if (!parts_->options.has_threads) {
    return parts_->read_peers([&](Errand errand) {
      errand(*parts_->loop);
      return true;
    });
  }
  {
    const std::lock_guard lock(parts_->peers_lock);
    parts_->peers_asked = true;
  }
  parts_->peers_wake.notify_all();
}

void Core::listen(std::weak_ptr<Listener> listener) {
  (void)parts_->enqueue(Errand([listener = std::move(listener)](Loop& loop) mutable {
                          loop.listen(std::move(listener));
                        }),
                        false);
}

void Core::step() {
  CHECK(!parts_->options.has_threads);
  std::vector<Job> batch;
  do {
    parts_->take_batch(batch, false);
    parts_->work(batch);
    const std::lock_guard lock(parts_->queue_lock);
    if (parts_->waiting.empty()) return;
  } while (true);
}

std::uint64_t Core::committed() const {
  const std::lock_guard lock(parts_->told_lock);
  return parts_->told.committed_entries;
}

std::uint64_t Core::wait_committed(std::uint64_t seen, std::int64_t ms_max) {
  std::unique_lock lock(parts_->told_lock);
  parts_->has_more.wait_for(lock, std::chrono::milliseconds(ms_max), [&] {
    return parts_->is_over || parts_->told.committed_entries > seen;
  });
  return parts_->told.committed_entries;
}

CoreCounts Core::counts() const {
  CoreCounts counts;
  {
    const std::lock_guard lock(parts_->told_lock);
    counts = parts_->told;
  }
  const std::lock_guard lock(parts_->queue_lock);
  counts.turned_away = parts_->turned_away;
  counts.waiting = parts_->waiting.size();
  return counts;
}

const journal::VerifierKey& Core::key() const { return parts_->loop->key(); }

}  // namespace site
