#pragma once
// What people and devices at a site want next, from what the site's book shows them: the workload.

#include <vector>

#include "rehearse/chance.h"
#include "rehearse/host.h"
#include "rehearse/marks.h"

namespace rehearse {

// The first stores are busier than the others, so that orders come full circle.
inline constexpr std::size_t busy_stores = 4;

// What a site needs to be open: goods, stock, a manager and a till.
std::vector<Intent> opening_of(const trade::SiteOpened& site, Chance& chance);

class Desk {
 public:
  Desk(Chance& chance, Marks& marks) : chance_(chance), marks_(marks) {}

  // What is wanted now, at most about so many things. `today` is the day on the calendar on the
  // wall; `till` counts the messages of the site's till.
  std::vector<Intent> next(const site::View& view, trade::Day today, std::int64_t wall_ms,
                           std::size_t count, std::uint64_t& till);

 private:
  using Intents = std::vector<Intent>;
  struct Now {
    const site::View& view;
    const trade::Partition& own;
    trade::Day today;
    std::int64_t wall_ms;
    std::uint64_t& till;
  };

  void begin_day(const Now& now, Intents& to);
  void at_store(const Now& now, Intents& to);
  void at_depot(const Now& now, std::size_t count, Intents& to);
  void at_centre(const Now& now, std::size_t count, Intents& to);

  void sell(const Now& now, Intents& to);
  void keep_shop(const Now& now, Intents& to);
  void stop_goods(const Now& now, Intents& to);
  void order(const Now& now, Intents& to);
  void answer_proposal(const Now& now, const trade::OrderKey& key,
                       const std::vector<trade::OrderRow>& rows, Intents& to);
  bool receive(const Now& now, Intents& to);
  void receive_advice(const trade::DocumentNumber& advice,
                      const std::vector<trade::CargoRow>& cargo, const trade::Partition& sender,
                      const Now& now, Intents& to);
  void send(const Now& now, Intents& to);

  void expect_supplies(const Now& now, Intents& to);
  void run_waves(const Now& now, Intents& to);
  void take_orders(const Now& now, std::uint32_t wave, const trade::Wave& row, Intents& to);
  void share(const Now& now, std::uint32_t wave, Intents& to);
  void fulfil(const Now& now, std::size_t count, Intents& to);
  void settle_disputes(const Now& now, Intents& to);

  void by_person(trade::Body body, Intents& to);
  void by_till(const Now& now, trade::Body body, Intents& to);
  void by_itself(trade::Body body, Intents& to) { to.push_back({{}, std::move(body)}); }
  trade::LineNo line(const trade::Partition& own);
  trade::Lot lot(trade::Day today);
  std::vector<trade::OrderRow> rows(const trade::Partition& own);

  Chance& chance_;
  Marks& marks_;
};

}  // namespace rehearse
