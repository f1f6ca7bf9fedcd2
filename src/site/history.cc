#include "site/history.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "site/record_keeper.h"

namespace site {
namespace {

constexpr std::uint64_t entries_per_turn = 1'024;
constexpr auto retry_every = std::chrono::seconds(2);
constexpr std::int64_t wait_ms_max = 100;  // for new entries, until questions are looked at again

}  // namespace

struct History::Parts {
  using Reopen = std::function<base::Result<RecordKeeper>()>;
  Parts(Core& of, Reopen again, RecordKeeper keeps)
      : core(of), reopen(std::move(again)), keeper(std::move(keeps)) {}

  struct Question {
    std::uint64_t committed = 0;  // when it was asked
    std::move_only_function<void(RecordKeeper&)> ask;
  };

  bool put(std::move_only_function<void(RecordKeeper&)> ask) {
    const std::lock_guard lock(mutex);
    if (questions.size() >= searches_max) return false;
    questions.push_back({core.committed(), std::move(ask)});
    return true;
  }

  std::optional<Question> take_due() {
    const std::lock_guard lock(mutex);
    const bool is_due =
        !questions.empty() && (questions.front().committed <= keeper.next() || !why.empty());
    if (!is_due) return std::nullopt;
    Question question = std::move(questions.front());
    questions.pop_front();
    return question;
  }

  void run() {
    std::uint64_t committed = core.committed();
    while (!is_stopping) {
      if ((is_broken || keeper.next() < committed) && may_follow()) follow(committed);
      while (auto question = take_due()) question->ask(keeper);
      if (keeper.next() >= committed || is_broken)
        committed = core.wait_committed(committed, wait_ms_max);
    }
    while (auto question = take_due()) question->ask(keeper);
  }

  void follow(std::uint64_t committed) {
    const auto kept = keeper.keep(committed, entries_per_turn);
    entries = keeper.records().entries();
    is_broken = !kept;
    if (!kept)
      note(kept.error().message);
    else if (keeper.next() >= committed)
      note({});
  }

  // After an error the records are as before, and who keeps them has read on: another begins anew.
  bool may_follow() {
    using Clock = std::chrono::steady_clock;
    if (!is_broken) return true;
    if (Clock::now() < retry_at) return false;
    auto opened = reopen();
    retry_at = Clock::now() + retry_every;
    if (!opened) return note(opened.error().message), false;
    keeper = *std::move(opened);
    is_broken = false;
    return true;
  }

  void note(const std::string& now) {
    const std::lock_guard lock(mutex);
    if (now == why) return;
    why = now;
    if (why.empty())
      fmt::print(stderr, "history: follows the journal again\n");
    else
      fmt::print(stderr, "history: does not follow the journal: {}; it is tried again\n", why);
  }

  // Nothing where the records hold all that they should.
  std::optional<base::Error> objection() const {
    const std::string now = trouble();
    if (now.empty()) return std::nullopt;
    return base::Error{base::ErrorCode::io_failed, "the records are behind: " + now};
  }

  std::string trouble() const {
    const std::lock_guard lock(mutex);
    return why;
  }

  Core& core;
  Reopen reopen;
  RecordKeeper keeper;
  bool is_broken = false;  // the keeper, by an error
  std::chrono::steady_clock::time_point retry_at{};
  std::atomic<std::uint64_t> entries = 0;
  std::atomic<bool> is_stopping = false;
  mutable std::mutex mutex;
  std::deque<Question> questions;
  std::string why;
  std::thread thread;
};

base::Result<std::unique_ptr<History>> History::start(Core& core, io::Disk& disk,
                                                      const io::Path& data, trade::SiteCode site) {
  const auto open = [&disk, data, site] {
    return RecordKeeper::open(disk, data, data / "journal", site);
  };
  auto keeper = TRY(open());
  auto parts = std::make_unique<Parts>(core, open, std::move(keeper));
  parts->entries = parts->keeper.records().entries();
  parts->thread = std::thread([&it = *parts] { it.run(); });
  return std::unique_ptr<History>(new History(std::move(parts)));
}

History::History(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

History::~History() {
  parts_->is_stopping = true;
  parts_->thread.join();
}

bool History::search(records::Search search, std::move_only_function<void(Found)> then) {
  return parts_->put([&it = *parts_, search = std::move(search),
                      then = std::move(then)](RecordKeeper& keeper) mutable {
    if (auto no = it.objection()) return then(std::unexpected(*std::move(no)));
    then(keeper.records().find(search));
  });
}

bool History::days(base::Date first, base::Date last, std::move_only_function<void(Days)> then) {
  return parts_->put(
      [&it = *parts_, first, last, then = std::move(then)](RecordKeeper& keeper) mutable {
        if (auto no = it.objection()) return then(std::unexpected(*std::move(no)));
        std::vector<records::DayOfLine> rows;
        const auto read = keeper.records().each_day_of_line(
            first.days, last.days, [&](const records::DayOfLine& row) { rows.push_back(row); });
        if (read)
          then(std::move(rows));
        else
          then(std::unexpected(read.error()));
      });
}

bool History::night(base::Date day, std::move_only_function<void(Night)> then) {
  return parts_->put([&it = *parts_, day, then = std::move(then)](RecordKeeper& keeper) mutable {
    auto told = keeper.night(day);
    const bool is_missing = !told && told.error().code == base::ErrorCode::input_missing;
    if (is_missing)
      if (auto no = it.objection()) return then(std::unexpected(*std::move(no)));
    then(std::move(told));
  });
}

std::uint64_t History::entries() const { return parts_->entries; }
std::uint64_t History::lag_entries() const {
  const std::uint64_t held = entries(), committed = parts_->core.committed();
  return committed > held ? committed - held : 0;
}
std::string History::trouble() const { return parts_->trouble(); }

}  // namespace site
