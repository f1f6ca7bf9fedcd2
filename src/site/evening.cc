#include "site/evening.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "estate/read.h"
#include "site/code.h"
#include "site/cut_offs.h"
#include "site/night.h"
#include "site/set_up.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr auto look_every = std::chrono::seconds(1);
constexpr int history_days = 800;  // of sales that the planner looks at

std::unexpected<base::Error> busy() {
  return base::fail(ErrorCode::nothing_to_do, "the site is too busy; the night waits");
}

// What the core or the history answers, waited for; only the evening's own thread waits.
template <class T, class Start>
Result<T> wait_for(Start&& start) {
  auto promise = std::make_shared<std::promise<T>>();
  auto future = promise->get_future();
  if (!start([promise](T value) { promise->set_value(std::move(value)); })) return busy();
  return future.get();
}

Json json_of(const trade::OrderKey& key) {
  return {{"store", to_text(key.store)},
          {"depot", to_text(key.depot)},
          {"delivery", to_string(trade::to_date(key.delivery))},
          {"drop", key.drop},
          {"chain", text_of(key.chain)}};
}

Json json_of(const ProposedLine& line, const trade::Partition& own) {
  Json reasons = Json::array();
  for (const Reason& reason : line.reasons)
    reasons.push_back(
        {{"name", reason.name}, {"units", reason.units}, {"because", reason.because}});
  return {{"product", own.goods.product(line.line).view()},
          {"units", line.units},
          {"reasons", std::move(reasons)}};
}

}  // namespace

struct Evening::Parts {
  Parts(Core& of, History& with, io::Disk& on, io::Clock& by, const EveningOptions& how)
      : core(of), history(with), disk(on), clock(by), options(how) {}

  io::Path file_of(Date day) const { return options.data / "nights" / (to_string(day) + ".json"); }

  // --- asking the core --------------------------------------------------------------------------

  // The site's partition as it is now, in a book of our own.
  Result<trade::SiteCode> copy_own(trade::Book& into) {
    const auto bytes = TRY(wait_for<std::string>(
        [&](auto then) { return core.ask([then](const View& view) { then(encode(view.own)); }); }));
    CHECK(into.restore(bytes).has_value());
    return into.partitions().begin()->first;
  }

  // Has it carried out by the site itself; counts what is refused.
  Result<> carry_out(const trade::Body& body, NightFacts& facts) {
    using Refused = std::optional<std::string>;
    const auto refused = TRY(wait_for<Refused>([&](auto then) {
      return core.submit(
          {{}, [body](const trade::Partition&) { return body; }},
          [then](const Outcome& outcome, const View&) {
            if (outcome) return then(Refused{});
            const auto* no = std::get_if<trade::No>(&outcome.error().why);
            then(no == nullptr ? outcome.error().words : std::string(row_of(no->why).meaning));
          });
    }));
    if (!refused) return {};
    if (facts.refused++ == 0)
      facts.first_refusal = fmt::format("{}: {}", kind_name(body), *refused);
    return {};
  }

  // --- the night --------------------------------------------------------------------------------

  Result<estate::Estate> read_estate(Date day) const {
    estate::ReadOptions read;
    read.lenient = true;
    read.as_of = day;
    read.threads = options.threads;
    return estate::read_estate(disk, options.estate, read);
  }

  Result<> follow_estate(const estate::Estate& estate, Date day, NightFacts& facts) {
    trade::Book book;
    const trade::SiteCode code = TRY(copy_own(book));
    const auto bodies = TRY(set_up(estate, options.site_id, *book.find(code), day));
    for (const trade::Body& body : bodies) TRY(carry_out(body, facts));
    facts.lines_changed = bodies.size();
    return {};
  }

  Result<NightFacts> run_night(Date day) {
    NightFacts facts;
    facts.day = day;
    estate::Estate estate = TRY(read_estate(day));
    TRY(follow_estate(estate, day, facts));
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    auto history_of_days = TRY(wait_for<History::Days>(
        [&](auto then) { return history.days(day - history_days, day, then); }));
    const auto days = TRY(std::move(history_of_days));
    std::vector<SoldDay> sold;
    sold.reserve(days.size());
    for (const records::DayOfLine& row : days)
      sold.push_back({Date{row.day}, row.product, row.units, row.was_empty});
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    const auto orders = TRY(plan_night(estate, options.site_id, own, sold, day, options.threads));
    Json told = Json::array();
    for (const ProposedOrder& order : orders) {
      TRY(carry_out(order.body(), facts));
      const std::int64_t cut_off = local_ms(day, cut_off_minute(estate, site, order.key, day));
      due[order.key] = cut_off;
      Json lines = Json::array();
      for (const ProposedLine& line : order.lines) lines.push_back(json_of(line, own));
      told.push_back(
          {{"key", json_of(order.key)}, {"cut_off_ms", cut_off}, {"lines", std::move(lines)}});
      facts.lines += order.lines.size();
    }
    facts.orders = orders.size();
    TRY(disk.make_folders(options.data / "nights"));
    const Json night = {{"day", to_string(day)}, {"orders", std::move(told)}};
    TRY(io::write_file(disk, file_of(day),
                       night.dump(1, ' ', false, Json::error_handler_t::replace) + '\n'));
    return facts;
  }

  // --- cut-offs ---------------------------------------------------------------------------------

  // What is left to place at this moment: bodies in the order in which they must happen.
  static std::vector<trade::Body> placing(const trade::Partition& own, const trade::OrderKey& key) {
    const auto order = own.orders.find(key);
    const auto proposal = own.proposals.find(key);
    const bool is_confirmed =
        order != own.orders.end() && order->second.state == trade::OrderState::confirmed;
    if (is_confirmed) return {trade::OrderPlaced{key, 0, {}}};
    const bool is_open = order == own.orders.end() && proposal != own.proposals.end() &&
                         proposal->second.state == trade::ProposalState::proposed &&
                         !proposal->second.rows.empty();
    if (!is_open) return {};
    return {trade::OrderConfirmed{key, proposal->second.rows}, trade::OrderPlaced{key, 0, {}}};
  }

  Result<> place_due() {
    const std::int64_t now = clock.wall_ms();
    std::vector<trade::OrderKey> passed;
    for (const auto& [key, cut_off] : due)
      if (cut_off <= now) passed.push_back(key);
    if (passed.empty()) return {};
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    NightFacts facts;
    for (const trade::OrderKey& key : passed) {
      for (const trade::Body& body : placing(own, key)) TRY(carry_out(body, facts));
      due.erase(key);
    }
    return {};
  }

  // After a restart: every proposal of the last days that is still open, by the night that made it.
  Result<> remember_due(const estate::Estate& estate, Date today) {
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    for (const auto& [key, proposal] : own.proposals)
      if (proposal.state == trade::ProposalState::proposed && !placing(own, key).empty())
        due[key] = local_ms(today, cut_off_minute(estate, site, key, today));
    return {};
  }

  // --- the thread -------------------------------------------------------------------------------

  Result<Date> trading_day() {
    return wait_for<Date>([&](auto then) {
      return core.ask([then](const View& view) {
        then(view.own.day.given() ? trade::to_date(view.own.day) : base::date_min);
      });
    });
  }

  Result<NightFacts> run_asked() {
    const Date day = TRY(trading_day());
    if (day == base::date_min)
      return base::fail(ErrorCode::nothing_to_do, "no trading day has been opened yet");
    return run_night(day);
  }

  Result<> run_at_its_hour() {
    const LocalTime now = local_time(clock.wall_ms());
    if (now.minute < options.minute || now.day == last_tried) return {};
    const Date day = TRY(trading_day());
    if (day == base::date_min) return {};
    last_tried = now.day;
    if (disk.exists(file_of(day))) return {};
    TRY(run_night(day));
    return {};
  }

  bool put(std::move_only_function<void()> task) {
    {
      const std::lock_guard lock(mutex);
      if (asked.size() >= asked_max) return false;
      asked.push_back(std::move(task));
    }
    wake.notify_all();
    return true;
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!is_stopping) {
      if (asked.empty()) wake.wait_for(lock, look_every);
      if (is_stopping) break;
      auto waiting = std::exchange(asked, {});
      lock.unlock();
      for (auto& task : waiting) task();
      auto done = run_at_its_hour();
      if (done) done = place_due();
      if (!done) fmt::print(stderr, "night: {}\n", done.error().message);
      lock.lock();
    }
  }

  Core& core;
  History& history;
  io::Disk& disk;
  io::Clock& clock;
  const EveningOptions options;
  std::map<trade::OrderKey, std::int64_t> due;  // cut-offs that are still to come
  Date last_tried = base::date_min;

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::move_only_function<void()>> asked;
  bool is_stopping = false;
  std::thread thread;
};

Result<std::unique_ptr<Evening>> Evening::start(Core& core, History& history, io::Disk& disk,
                                                io::Clock& clock, const EveningOptions& options) {
  auto parts = std::make_unique<Parts>(core, history, disk, clock, options);
  const Date today = local_time(clock.wall_ms()).day;
  const Date day = TRY(parts->trading_day());
  const auto estate = TRY(parts->read_estate(base::date_max));
  NightFacts facts;
  TRY(parts->follow_estate(estate, day == base::date_min ? today : day, facts));
  if (facts.refused > 0) return base::fail(ErrorCode::input_bad, facts.first_refusal);
  TRY(parts->remember_due(estate, today));
  parts->thread = std::thread([&it = *parts] { it.run(); });
  return std::unique_ptr<Evening>(new Evening(std::move(parts)));
}

Evening::Evening(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Evening::~Evening() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->is_stopping = true;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
}

bool Evening::run_now(std::move_only_function<void(Result<NightFacts>)> then) {
  return parts_->put([&it = *parts_, then = std::move(then)]() mutable { then(it.run_asked()); });
}

bool Evening::night(Date day, std::move_only_function<void(Result<std::string>)> then) {
  return parts_->put([&it = *parts_, day, then = std::move(then)]() mutable {
    then(io::read_file(it.disk, it.file_of(day)));
  });
}

}  // namespace site
