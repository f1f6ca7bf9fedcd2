// An online site that is cut off from the stores whose goods it sells: each side goes by its own
// book, and what was promised meets what is there once they hear each other again.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "trade/testing/chance.h"
#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

constexpr SiteCode web_code{77};
const std::vector<SiteCode> store_codes{SiteCode{42}, SiteCode{43}, SiteCode{44}};
const std::vector<LineNo> sold{soap, peas};

// A site with a book of its own, and how far it has heard the others.
struct Site {
  SiteCode code{};
  Book book;
  std::vector<std::string> events;
  std::map<SiteCode, std::size_t> heard;

  std::expected<Event, No> attempt(const Body& body) {
    auto event =
        decide_as_anybody(book, code, {{}, {ActorNo{7}, {}, 0}, asked_at_ms(body), body, {}, 0});
    if (!event) return event;
    apply(book, code, *event);
    events.push_back(encode(*event));
    return event;
  }
  Event must(const Body& body) {
    auto event = attempt(body);
    RC_ASSERT(event.has_value());
    return *event;
  }
  void hear(const Site& other) {
    std::size_t& next = heard[other.code];
    for (; next < other.events.size(); ++next)
      RC_ASSERT(admit(book, other.code, other.events[next]).has_value());
  }
  const Partition& own() const { return *book.find(code); }
};

class CutOff {
 public:
  explicit CutOff(Chance& chance) : chance_(chance) {
    for (const SiteCode code : store_codes) {
      Site& store = stores_.emplace_back();
      store.code = code;
      for (const Body& body : opening_of(code)) store.must(body);
      for (const LineNo line : sold) {
        store.must(GoodsMoved{Cause::opening, {{line, 40, 0, {}}}});
        store.must(StockAllotted{web_code, line, static_cast<Units>(1 + chance.below(40))});
      }
    }
    web_.code = web_code;
    for (Body body : opening_of(web_code)) {
      if (auto* opened = std::get_if<SiteOpened>(&body)) opened->kind = SiteKind::online;
      web_.must(body);
    }
    for (const Site& store : stores_) {
      web_.hear(store);
      for (const LineNo line : sold)
        web_.must(AllotmentTaken{store.code, line,
                                 static_cast<Units>(store.own().given.at({web_code, line}).given)});
    }
  }

  // Nobody hears anybody.
  void trade_on(int steps) {
    for (int i = 0; i < steps; ++i) {
      Site& store = stores_[chance_.below(stores_.size())];
      const LineNo line = sold[chance_.below(sold.size())];
      const auto units = static_cast<Units>(1 + chance_.below(5));
      switch (chance_.below(4)) {
        case 0:  // a sale is a fact, whatever was given away
          store.must(GoodsMoved{Cause::sale, {{line, units, 199 * units, {}}}});
          break;
        case 1:
          store.must(GoodsCounted{line, {}, static_cast<Units>(chance_.below(40)), 0});
          break;
        default:
          order(store.code, line, units);
      }
    }
  }
  void reconnect() {
    for (Site& store : stores_) {
      store.hear(web_);
      web_.hear(store);
      pick(store);
      web_.hear(store);
    }
  }

 private:
  void order(SiteCode store, LineNo line, Units units) {
    const Pence price = line == soap ? 210 : 199;
    OnlineOrdered wanted{0, store, OnlineWay::collect, 0, false, price * units, {}, {}, {}, {}};
    for (Sha256* digest : {&wanted.payment, &wanted.sealed, &wanted.code}) digest->bytes[31] = 1;
    wanted.payment.bytes[0] = static_cast<std::uint8_t>(++payments_);
    wanted.payment.bytes[1] = static_cast<std::uint8_t>(payments_ >> 8);
    wanted.rows = {{line, units, price * units, 0}};
    const std::int64_t left = web_.own().allotments.at({store, line}).available();
    const bool is_done = web_.attempt(wanted).has_value();
    // Within what was given it sells, cut off or not; beyond it never.
    RC_ASSERT(is_done == (units <= left));
    if (is_done) promised_[{store, line}] += units;
  }

  void pick(Site& store) {
    std::map<LineNo, std::int64_t> there, shorts;
    for (const LineNo line : sold) there[line] = std::max(store.own().stock.on_hand(line), 0);
    const auto on_hand = there;
    for (const auto& [counter, order] : web_.own().online_orders) {
      if (order.store != store.code) continue;
      const DocumentNumber number = web_.own().number(counter);
      store.must(ParcelExpected{number, {}, {}, {}});
      ParcelPacked packed{number, {}, {}, {}};
      const OnlineRow& row = order.rows.at(0);
      const auto got = static_cast<Units>(std::min<std::int64_t>(row.units, there[row.line]));
      if (got < row.units) packed.shorts.push_back({row.line, got});
      there[row.line] -= got;
      shorts[row.line] += row.units - got;
      store.must(packed);
    }
    for (const LineNo line : sold)
      RC_ASSERT(shorts[line] ==
                std::max<std::int64_t>(promised_[{store.code, line}] - on_hand.at(line), 0));
    web_.hear(store);
    capture(store);
  }

  // No short is paid for: what was captured is the price of what is in the parcel.
  void capture(const Site& store) {
    std::vector<std::uint32_t> counters;
    for (const auto& [counter, order] : web_.own().online_orders)
      if (order.store == store.code) counters.push_back(counter);
    for (const std::uint32_t counter : counters) {
      web_.must(OnlinePicked{counter, {}, 0});
      const OnlineOrder& order = web_.own().online_orders.at(counter);
      std::int64_t in_parcel = 0;
      for (const CargoRow& row : store.own().parcels.at(web_.own().number(counter)).cargo)
        in_parcel += row.units;
      const OnlineRow& row = order.rows.at(0);
      RC_ASSERT(order.captured_pence == row.pence / row.units * in_parcel);
    }
  }

  Chance& chance_;
  std::vector<Site> stores_;
  Site web_;
  std::map<std::pair<SiteCode, LineNo>, std::int64_t> promised_;
  int payments_ = 0;
};

RC_GTEST_PROP(CutLinks, promise_no_unit_beyond_what_was_given_and_no_short_is_paid_for,
              (std::uint64_t seed)) {
  Chance chance(seed);
  CutOff estate(chance);
  estate.trade_on(*rc::gen::inRange(0, 150));
  estate.reconnect();
}

}  // namespace
}  // namespace trade
