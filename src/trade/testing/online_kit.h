#pragma once
// A store and an online site for tests of online orders.

#include <algorithm>
#include <string_view>
#include <vector>

#include "trade/online.h"
#include "trade/testing/kit.h"

namespace trade::testing {

inline constexpr SiteCode web_code{77};
inline constexpr std::int64_t day_ms = 86'400'000;

inline Sha256 digest(int n) {
  Sha256 made;
  made.bytes[0] = static_cast<std::uint8_t>(n % 250 + 1);
  made.bytes[1] = static_cast<std::uint8_t>(n / 250);
  made.bytes[31] = 1;
  return made;
}

// A store with stock and an online site that sells some of it.
class Shop : public Estate {
 public:
  Shop() {
    must(web_code, SiteOpened{web_code, SiteKind::online, 1});
    // In another order than at the store: lines are numbers of their own site.
    const auto opening = opening_of(store_code);
    for (const std::size_t at : {std::size_t{2}, std::size_t{1}, std::size_t{3}})
      must(web_code, opening[at]);
    must(web_code, DayOpened{today});
    stock(store_code, milk, 40, until(3));
    stock(store_code, soap, 40);
    stock(store_code, peas, 40, until(300));
  }

  std::expected<Event, No> at_tick(std::int64_t tick_ms, Body body, std::int64_t at_ms = 0) {
    auto event = decide_as_anybody(book, store_code,
                                   {{}, {ActorNo{7}, {}, 0}, at_ms, std::move(body), {}, tick_ms});
    if (event) apply(book, store_code, decode(encode(*event)).value());
    return event;
  }
  std::string_view answer_at(std::int64_t tick_ms, Body body) {
    const auto event = at_tick(tick_ms, std::move(body));
    return event ? "done" : row_of(event.error().why).name;
  }

  void allot(LineNo line, Units units) {
    must(store_code, StockAllotted{web_code, line, units});
    must(web_code, AllotmentTaken{store_code, at_web(line), units});
  }
  static LineNo at_web(LineNo store_line) {
    return store_line == milk ? LineNo{1} : store_line == soap ? LineNo{0} : peas;
  }
  static Pence price(LineNo store_line) {
    return store_line == milk ? 155 : store_line == soap ? 210 : 199;
  }
  // To collect, of lines and units of the store.
  OnlineOrdered basket(std::vector<OrderRow> rows, bool takes_substitutes = false) {
    OnlineOrdered made{0, store_code,          OnlineWay::collect, 0,           takes_substitutes,
                       0, digest(++payments_), digest(900),        digest(901), {}};
    for (const OrderRow& row : rows)
      made.rows.push_back({at_web(row.line), row.units, price(row.line) * row.units, 0});
    std::ranges::sort(made.rows, {}, &OnlineRow::line);
    made.authorised_pence = static_cast<Pence>(pence_of(made.rows));
    return made;
  }
  DocumentNumber place(const OnlineOrdered& ordered) {
    const Event event = must(web_code, ordered);
    return web().number(std::get<OnlineOrdered>(event.body).counter);
  }
  // An order in a parcel that lies ready, at this tick.
  DocumentNumber ready(const OnlineOrdered& ordered, std::int64_t tick_ms = 0) {
    const DocumentNumber number = place(ordered);
    must(store_code, ParcelExpected{number, {}, {}, {}});
    must(store_code, ParcelPacked{number, {}, {}, {}});
    EXPECT_EQ(answer_at(tick_ms, ParcelMoved{number, ParcelVerb::make_ready, 0}), "done");
    return number;
  }
  static ParcelHanded by_code(const DocumentNumber& number) {
    return {number, HandOver::code, digest(901), false, false};
  }

  const Partition& web() const { return at(web_code); }
  const Parcel& parcel(const DocumentNumber& number) const { return store().parcels.at(number); }
  const OnlineOrder& order(const DocumentNumber& number) const {
    return web().online_orders.at(number.counter);
  }
  const Allotment& allotment(LineNo line) const {
    return web().allotments.at({store_code, at_web(line)});
  }

 private:
  int payments_ = 0;
};

}  // namespace trade::testing
