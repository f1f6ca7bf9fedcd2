#include "site/evening.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "estate/read.h"
#include "site/cut_offs.h"
#include "site/night_document.h"
#include "site/set_up.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;

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

}  // namespace

struct Evening::Parts {
  Parts(Core& of, History& with, io::Disk& on, io::Clock& by, const EveningOptions& how)
      : core(of), history(with), disk(on), clock(by), options(how) {}

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

  Result<std::vector<SoldDay>> sold_until(Date day, std::vector<records::DayOfLine>& rows) {
    auto told = TRY(wait_for<History::Days>(
        [&](auto then) { return history.days(day - history_days, day, then); }));
    rows = TRY(std::move(told));
    std::vector<SoldDay> sold;
    sold.reserve(rows.size());
    for (const records::DayOfLine& row : rows)
      sold.push_back({Date{row.day}, row.product, row.units, row.was_empty});
    return sold;
  }

  Result<> propose_orders(const estate::Estate& estate, const trade::Partition& own,
                          ToldNight& night, NightFacts& facts) {
    std::vector<records::DayOfLine> rows;
    const auto sold = TRY(sold_until(night.day, rows));
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    auto orders = TRY(plan_night(estate, options.site_id, own, sold, night.day, options.threads));
    for (ProposedOrder& order : orders) {
      TRY(carry_out(order.body(), facts));
      const int minute = cut_off_minute(estate, site, order.key, night.day);
      facts.lines += order.lines.size();
      night.orders.push_back({std::move(order), local_ms(night.day, minute)});
    }
    facts.orders = night.orders.size();
    return {};
  }

  // What an earlier night proposed and nobody placed makes way.
  Result<> propose_inbound(const estate::Estate& estate, const trade::Partition& own,
                           ToldNight& night, NightFacts& facts) {
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    auto orders = TRY(plan_depot_night(estate, options.site_id, own, night.day, options.threads));
    for (const auto& [counter, inbound] : own.inbounds)
      if (inbound.state == trade::InboundState::proposed)
        TRY(carry_out(trade::InboundMoved{counter, trade::InboundVerb::withdraw, {}}, facts));
    for (ProposedInbound& order : orders) {
      TRY(carry_out(order.body(), facts));
      const int minute = supplier_cut_off_minute(estate, site, order.supplier.view(), night.day);
      facts.lines += order.lines.size();
      night.inbound.push_back({std::move(order), local_ms(night.day, minute)});
    }
    facts.orders = night.inbound.size();
    return {};
  }

  Result<NightFacts> run_night(Date day) {
    NightFacts facts;
    facts.day = day;
    const estate::Estate estate = TRY(read_estate(day));
    TRY(follow_estate(estate, day, facts));
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    ToldNight night{day, {}, {}, lessons_of(own)};
    if (own.site.kind == trade::SiteKind::depot)
      TRY(propose_inbound(estate, own, night, facts));
    else
      TRY(propose_orders(estate, own, night, facts));
    TRY(remember_due(estate, day));
    using Kept = Result<journal::Digest>;
    const auto kept = TRY(wait_for<Kept>(
        [&](auto then) { return core.keep_document(to_document(night, own), then); }));
    if (!kept) return std::unexpected(kept.error());
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

  static std::vector<trade::Body> placing(const trade::Partition& own, std::uint32_t counter) {
    const auto inbound = own.inbounds.find(counter);
    const bool is_open =
        inbound != own.inbounds.end() && inbound->second.state == trade::InboundState::proposed;
    if (!is_open) return {};
    return {trade::InboundMoved{counter, trade::InboundVerb::place, {}}};
  }

  Result<> place_due() {
    const std::int64_t now = clock.wall_ms();
    std::vector<Proposed> passed;
    for (const auto& [proposed, cut_off] : due)
      if (cut_off <= now) passed.push_back(proposed);
    if (passed.empty()) return {};
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    NightFacts facts;
    for (const Proposed& proposed : passed) {
      const auto bodies =
          std::visit([&](const auto& which) { return placing(own, which); }, proposed);
      for (const trade::Body& body : bodies) TRY(carry_out(body, facts));
      due.erase(proposed);
    }
    return {};
  }

  // Everything that is proposed and not placed, until the cut-off of the day that it was, or would
  // have been, planned on: after a night, and after a restart.
  Result<> remember_due(const estate::Estate& estate, Date day) {
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(copy_own(book)));
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    for (const auto& [key, proposal] : own.proposals)
      if (proposal.state == trade::ProposalState::proposed && !placing(own, key).empty())
        due.try_emplace(key, local_ms(day, cut_off_minute(estate, site, key, day)));
    for (const auto& [counter, inbound] : own.inbounds)
      if (!placing(own, counter).empty())
        due.try_emplace(counter, local_ms(day, supplier_cut_off_minute(
                                                   estate, site, inbound.supplier.view(), day)));
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
    const auto known =
        TRY(wait_for<History::Night>([&](auto then) { return history.night(day, then); }));
    if (!known) TRY(run_night(day));
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
  // A store's order, or a depot's to a supplier by its counter.
  using Proposed = std::variant<trade::OrderKey, std::uint32_t>;
  std::map<Proposed, std::int64_t> due;  // cut-offs that are still to come
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
  const Date planned_on = day == base::date_min ? today : day;
  TRY(parts->follow_estate(estate, planned_on, facts));
  if (facts.refused > 0) return base::fail(ErrorCode::input_bad, facts.first_refusal);
  TRY(parts->remember_due(estate, planned_on));
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

}  // namespace site
