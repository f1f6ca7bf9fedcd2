#pragma once
// A store and an online site that sells its goods, with both journals' events in one book, for
// tests of what is made of them.

#include <functional>
#include <memory>

#include "site/testing/kit.h"

namespace site::testing {

inline constexpr trade::SiteCode web_code{9'501};

inline trade::Sha256 digest(int number) {
  trade::Sha256 made;
  made.bytes.fill(static_cast<std::uint8_t>(number));
  return made;
}

// Lines have the same numbers at both sites: milk, soap and peas.
class Business {
 public:
  Business() : loop_(world_.open_new(journal_disk_)) {
    estate_.must(web_code, trade::SiteOpened{web_code, trade::SiteKind::online, 1});
    for (const trade::Body& body : trade::testing::opening_of(web_code))
      if (!std::holds_alternative<trade::SiteOpened>(body)) estate_.must(web_code, body);
    for (const trade::LineNo line : {milk, soap, trade::testing::peas}) {
      estate_.stock(store_code, line, 10, line == milk ? trade::testing::until(5) : trade::Lot{});
      estate_.must(store_code, trade::StockAllotted{web_code, line, 8});
      estate_.must(web_code, trade::AllotmentTaken{store_code, line, 8});
    }
  }

  // To be collected; each with a number of its own. Two soaps where nothing else is wanted.
  trade::DocumentNumber order(int number = 1,
                              std::vector<trade::OnlineRow> rows = {{soap, 2, 420, 0}}) {
    trade::OnlineOrdered made;
    made.store = store_code;
    made.authorised_pence = static_cast<trade::Pence>(pence_of(rows));
    made.way = trade::OnlineWay::collect;
    made.takes_substitutes = number % 2 == 0;
    made.payment = digest(number);
    made.sealed = digest(100 + number);
    made.code = digest(200 + number);
    made.rows = std::move(rows);
    return placed(made);
  }
  trade::DocumentNumber placed(const trade::OnlineOrdered& ordered) {
    const auto event = happens(web_code, ordered);
    return web().number(std::get<trade::OnlineOrdered>(event.body).counter);
  }
  // By the site itself, each at a site time of its own.
  trade::Event happens(trade::SiteCode site, const trade::Body& body) {
    return happens_by(trade::Role::site, site, body);
  }
  trade::Event happens_by(trade::Role role, trade::SiteCode site, const trade::Body& body) {
    trade::Command command{role, {}, 0, body};
    command.tick_ms = tick_ms_ += 1'000;
    const auto event = trade::decide(estate_.book, site, command);
    EXPECT_TRUE(event) << row_of(event.error().why).name;
    if (event) trade::apply(estate_.book, site, *event);
    return event.value_or(trade::Event{});
  }
  void at_store(const trade::DocumentNumber& order, trade::ParcelVerb verb) {
    happens(store_code, trade::ParcelMoved{order, verb, 0});
  }
  const trade::Partition& web() const { return *estate_.book.find(web_code); }
  const trade::Partition& store() const { return *estate_.book.find(store_code); }
  const trade::OnlineOrder& of(const trade::DocumentNumber& order) const {
    return web().online_orders.at(order.counter);
  }

  // As one of the two sites sees it.
  void look(const trade::Partition& own, const std::function<void(const View&)>& question) const {
    const View told = loop_->view();
    question({estate_.book, own, told.journal, tick_ms_, {}, told.requests, {}});
  }

 private:
  World world_;
  io::SimDisk journal_disk_{1};
  std::unique_ptr<Loop> loop_;
  trade::testing::Estate estate_;
  std::int64_t tick_ms_ = 0;
};

}  // namespace site::testing
