#include "till/upkeep.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "site/cut_offs.h"
#include "site/follow_date.h"
#include "site/talk.h"

namespace till {
namespace {

using trade::Body;

constexpr auto round_every = std::chrono::seconds(1);
constexpr int rounds_of_a_look = 20;
// Of a round; the core's other wishes come in between.
constexpr std::size_t bodies_of_a_round = 1'000;

}  // namespace

std::vector<Body> upkeep_of(const trade::Partition& own, const Tables* tables, trade::Day today,
                            std::size_t bodies_max) {
  std::vector<Body> bodies;
  site::follow_date(own, today, bodies);
  if (tables == nullptr) return bodies;
  if (tables->limits && *tables->limits != own.table_limits)
    bodies.emplace_back(trade::LimitsSet{*tables->limits, true});
  const trade::Terms no_terms{.case_units = 1};
  for (const selling::ProductRow& product : tables->products) {
    if (bodies.size() >= bodies_max) break;
    if (!own.goods.find(product.product))
      bodies.emplace_back(trade::LineOpened{product.product, no_terms, 0, 0});
  }
  return bodies;
}

struct Upkeep::Parts {
  Parts(UpkeepOptions its_options, site::Core& its_core, io::Clock& its_clock)
      : options(std::move(its_options)), clock(its_clock), talk(its_core) {}

  base::Date today() const { return site::local_time(clock.wall_ms()).day; }

  // Until nothing is left to do, or something is refused: the next round tries again.
  void round() {
    const TablesPtr tables = options.tables->get();
    while (true) {
      const Tables* wanted = tables == lined_up ? nullptr : tables.get();
      const auto bodies = talk.ask([&](const site::View& view) {
        return upkeep_of(view.own, wanted, trade::to_day(today()), bodies_of_a_round);
      });
      if (!bodies) return;
      if (bodies->empty()) break;
      const auto done = talk.carry_out(*bodies);
      if (!done) return;
      for (const site::Carried& one : *done)
        if (!one) return refuse(site::words_of(one.error()));
    }
    lined_up = tables;
    refused.clear();
  }

  void refuse(const std::string& why) {
    if (refused.insert(why).second && options.on_refused) options.on_refused(why);
  }

  void look() {
    const auto news = options.tables->look(today());
    if (news && options.on_news) options.on_news(*news);
  }

  void run() {
    std::unique_lock lock(mutex);
    for (int rounds = 1; !wake.wait_for(lock, round_every, [&] { return stops; }); ++rounds) {
      lock.unlock();
      if (rounds % rounds_of_a_look == 0) look();
      if (options.keeps_lines) round();
      lock.lock();
    }
  }

  const UpkeepOptions options;
  io::Clock& clock;
  site::Talk talk;
  // Of the thread alone, once that runs.
  TablesPtr lined_up;             // the tables whose products have lines
  std::set<std::string> refused;  // since all was well

  std::mutex mutex;  // of what follows
  std::condition_variable wake;
  bool stops = false;
  std::thread thread;
};

std::unique_ptr<Upkeep> Upkeep::start(UpkeepOptions options, site::Core& core, io::Clock& clock) {
  auto parts = std::make_unique<Parts>(std::move(options), core, clock);
  if (parts->options.keeps_lines) parts->round();
  parts->thread = std::thread([its = parts.get()] { its->run(); });
  return std::unique_ptr<Upkeep>(new Upkeep(std::move(parts)));
}

Upkeep::Upkeep(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Upkeep::~Upkeep() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stops = true;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
}

}  // namespace till
