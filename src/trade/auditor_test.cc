// The auditor: a second, naive model of a site's units, written from the words of
// docs/design/trade.md. It hears every event and never calls what decides or applies them.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "trade/testing/chance.h"
#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

// From where to where, in words, for the causes by hand.
const std::map<std::string_view, std::pair<std::string, std::string>> ways{
    {"opening", {"opening", "on_hand"}},
    {"sale", {"on_hand", "customer"}},
    {"returned_to_shelf", {"customer", "on_hand"}},
    {"returned_to_quarantine", {"customer", "quarantine"}},
    {"returned_to_waste", {"customer", "waste"}},
    {"waste", {"on_hand", "waste"}},
    {"waste_of_quarantine", {"quarantine", "waste"}},
    {"quarantine", {"on_hand", "quarantine"}},
    {"release", {"quarantine", "on_hand"}},
    {"returned_to_supplier", {"quarantine", "supplier"}},
    {"dispute_found", {"disputed", "on_hand"}},
    {"dispute_lost", {"disputed", "waste"}},
    {"dispute_granted", {"on_hand", "disputed"}},
};

struct Shelf {
  std::int64_t on_hand = 0, apart = 0;
  bool is_use_by = false;
  // Expiry (no date is far away) and batch.
  std::map<std::pair<int, std::string>, std::int64_t> lots;
};

std::pair<int, std::string> name_of(const Lot& lot) {
  return {lot.expiry.given() ? lot.expiry.days : 99'999, std::string(lot.batch.view())};
}

struct Promise {
  bool is_open = false;  // allocated, and not picked yet
  std::map<LineNo, std::int64_t> allocated;
  std::vector<CargoRow> cargo;
};

class Auditor {
 public:
  void hear(const Event& event) {
    std::visit([&](const auto& body) { note(body); }, event.body);
  }

  std::map<LineNo, Shelf> shelves;
  std::map<std::string, std::int64_t> places;
  std::map<OrderKey, Promise> promises;

 private:
  template <class Other>
  void note(const Other&) {}  // moves no units

  void note(const LineOpened& opened) {
    const LineNo line{static_cast<std::uint32_t>(shelves.size())};
    shelves[line].is_use_by = opened.terms.date_kind == DateKind::use_by;
    line_of_product_[std::string(opened.product.view())] = line;
  }
  void note(const LineChanged& changed) {
    shelves[changed.line].is_use_by = changed.terms.date_kind == DateKind::use_by;
  }
  void note(const DayOpened& opened) { day_ = opened.day.days; }

  void note(const GoodsMoved& moved) {
    const auto& [from, to] = ways.at(text_of(moved.cause));
    for (const GoodsRow& row : moved.rows)
      move(row.line, from, to, row.units, row.lot, moved.cause == Cause::sale);
  }
  // Of a store or a depot; a till's goods are its store's.
  void note(const SaleMade& sale) {
    for (const SoldRow& row : sale.rows)
      move(row.line, "on_hand", "customer", row.units, row.lot, true);
  }
  void note(const RefundMade& refund) {
    const auto& [from, to] = ways.at(text_of(refund.cause));
    for (const SoldRow& row : refund.rows) move(row.line, from, to, row.units, row.lot);
  }
  void note(const TillHeard& heard) {
    for (const TillRow& row : heard.rows) {
      const auto& [from, to] = ways.at(text_of(row.cause));
      move(row.line, from, to, row.units, row.lot, row.cause == Cause::sale);
    }
  }
  void note(const GoodsCounted& counted) {
    if (counted.moved_units > 0)
      move(counted.line, "unexplained", "on_hand", counted.moved_units, counted.lot);
    if (counted.moved_units < 0)
      move(counted.line, "on_hand", "unexplained", -counted.moved_units, counted.lot);
  }
  void note(const LotCorrected& corrected) {
    Shelf& shelf = shelves[corrected.line];
    if (corrected.from.given()) take(shelf, corrected.units, corrected.from, 0);
    if (corrected.to.given()) shelf.lots[name_of(corrected.to)] += corrected.units;
    trim(shelf);
  }
  void note(const GoodsReceived& received) {
    const std::string source(text_of(received.source));
    for (const ReceiptRow& row : received.rows) {
      move(row.line, source, "on_hand", row.accepted, row.lot);
      move(row.line, source, "quarantine", row.quarantined, row.lot);
      move(row.line, source, "waste", row.damaged, row.lot);
      if (source == "vehicle" && received.advice.given()) {
        const std::int64_t short_units = row.advised - row.accepted - row.quarantined - row.damaged;
        places["vehicle"] -= short_units;
        places["disputed"] += short_units;
      }
    }
  }
  void note(const GoodsSent& sent) {
    for (const CargoRow& row : sent.rows)
      move(row.line, "on_hand", "vehicle", row.units, row.lot, true);
  }
  void note(const StopSet& set) { stops_[set.counter] = std::string(set.product.view()); }
  void note(const StopPulled& pulled) {
    const LineNo line = line_of_product_.at(stops_.at(pulled.stop));
    for (const PulledRow& row : pulled.rows) {
      const std::int64_t known = std::max<std::int64_t>(shelves[line].on_hand, 0);
      if (row.units > known) move(line, "unexplained", "on_hand", row.units - known, {});
      move(line, "on_hand", "quarantine", row.units, row.lot);
    }
  }
  void note(const OrderAcknowledged& acknowledged) { promises[acknowledged.key] = {}; }
  void note(const OrderAllocated& allocated) {
    Promise& promise = promises[allocated.key];
    promise.is_open = true;
    promise.allocated.clear();
    for (const OrderRow& row : allocated.rows) promise.allocated[row.line] = row.units;
  }
  void note(const OrderPicked& picked) {
    Promise& promise = promises[picked.key];
    promise.is_open = false;
    promise.cargo = picked.cargo;
    for (const CargoRow& row : picked.cargo)
      move(row.line, "on_hand", "dock", row.units, row.lot, true);
  }
  void note(const OrderDispatched& dispatched) {
    for (const CargoRow& row : promises[dispatched.key].cargo)
      move(row.line, "dock", "vehicle", row.units, row.lot);
  }
  void note(const FulfilmentMoved& moved) {
    Promise& promise = promises[moved.key];
    if (moved.verb == FulfilmentVerb::cancel) promise = {};
    if (moved.verb != FulfilmentVerb::put_back) return;
    promise.is_open = true;
    for (const CargoRow& row : promise.cargo) move(row.line, "dock", "on_hand", row.units, row.lot);
  }

  void move(LineNo line, const std::string& from, const std::string& to, std::int64_t units,
            const Lot& lot, bool is_leaving = false) {
    Shelf& shelf = shelves[line];
    places[from] -= units;
    places[to] += units;
    if (from == "on_hand") shelf.on_hand -= units;
    if (to == "on_hand") shelf.on_hand += units;
    if (from == "quarantine") shelf.apart -= units;
    if (to == "quarantine") shelf.apart += units;
    if (from == "on_hand") take(shelf, units, lot, is_leaving && shelf.is_use_by ? day_ : 0);
    if (to == "on_hand" && lot.given() && units > 0) shelf.lots[name_of(lot)] += units;
    trim(shelf);
  }
  // The named lots, or with no name the earliest of those that may still be sold.
  static void take(Shelf& shelf, std::int64_t units, const Lot& lot, int usable_from) {
    for (auto& [name, held] : shelf.lots) {
      if (lot.expiry.given() && lot.expiry.days != name.first) continue;
      if (lot.batch.given() && lot.batch.view() != name.second) continue;
      if (!lot.given() && name.first < usable_from) continue;
      const std::int64_t taken = std::min(held, units);
      held -= taken;
      units -= taken;
    }
    std::erase_if(shelf.lots, [](const auto& row) { return row.second == 0; });
  }
  // Lots never hold more than is on hand; the earliest go first.
  static void trim(Shelf& shelf) {
    std::int64_t held = 0;
    for (const auto& [name, units] : shelf.lots) held += units;
    take(shelf, std::max<std::int64_t>(held - std::max<std::int64_t>(shelf.on_hand, 0), 0), {}, 0);
  }

  int day_ = 0;
  std::map<std::string, LineNo> line_of_product_;
  std::map<std::uint32_t, std::string> stops_;
};

void compare_line(const Auditor& auditor, const Partition& partition, LineNo line) {
  const Shelf& shelf = auditor.shelves.at(line);
  RC_ASSERT(partition.stock.on_hand(line) == shelf.on_hand);
  RC_ASSERT(partition.stock.quarantined(line) == shelf.apart);
  std::map<std::pair<int, std::string>, std::int64_t> lots;
  std::int64_t in_lots = 0;
  partition.stock.each_lot(line, [&](const Lot& lot, Units units) {
    lots[name_of(lot)] = units;
    in_lots += units;
  });
  RC_ASSERT(lots == shelf.lots);
  RC_ASSERT(in_lots <= std::max<std::int64_t>(shelf.on_hand, 0));
  std::int64_t promised = 0;
  for (const auto& [key, promise] : auditor.promises)
    if (const auto row = promise.allocated.find(line);
        promise.is_open && row != promise.allocated.end())
      promised += row->second;
  RC_ASSERT(partition.stock.reserved(line) == promised);
}

void check_balance(const Partition& partition) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count_of<Place>; ++i)
    sum += partition.stock.total(static_cast<Place>(i));
  RC_ASSERT(sum == 0);
}

void check_read_back(const Partition& partition) {
  const std::string bytes = encode(partition);
  Book other;
  RC_ASSERT(other.restore(bytes).has_value());
  const Partition& back = *other.find(partition.site.code);
  RC_ASSERT(encode(back) == bytes);
  RC_ASSERT(std::ranges::equal(back.stock.reserved(), partition.stock.reserved()));
  for (std::uint32_t i = 0; i < partition.goods.line_count(); ++i)
    RC_ASSERT(back.goods.is_stopped(LineNo{i}) == partition.goods.is_stopped(LineNo{i}));
}

void compare(const Auditor& auditor, const Partition& partition) {
  check_balance(partition);
  for (std::size_t i = 0; i < count_of<Place>; ++i) {
    const auto place = static_cast<Place>(i);
    const auto told = auditor.places.find(std::string(text_of(place)));
    RC_ASSERT(partition.stock.total(place) == (told == auditor.places.end() ? 0 : told->second));
  }
  for (std::uint32_t i = 0; i < partition.goods.line_count(); ++i)
    compare_line(auditor, partition, LineNo{i});
}

const std::vector<SiteCode> sites{store_code, other_store_code, depot_code};

// What people and devices try, near enough to what the book holds to succeed often.
class Crowd {
 public:
  explicit Crowd(Chance& chance) : chance_(chance) {}

  Command next_command(const Book& book, SiteCode site) {
    Command command;
    if (chance_.once_in(2)) command.origin.device = DeviceNo{5};
    command.origin.sequence = ++sequence_;
    command.at_ms = static_cast<std::int64_t>(chance_.below(1'050));
    day_ = book.find(site)->day;
    command.body = next_body(*book.find(site));
    if (std::holds_alternative<DayOpened>(command.body)) command.at_ms = asked_at_ms(command.body);
    return command;
  }

 private:
  LineNo line() { return LineNo{static_cast<std::uint32_t>(chance_.below(3))}; }
  Units units() { return static_cast<Units>(1 + chance_.below(9)); }
  Day day() { return later(day_, static_cast<std::uint32_t>(chance_.below(6))); }
  Lot lot() {
    Lot made;
    if (chance_.once_in(2)) made.expiry = day();
    if (chance_.once_in(3)) made.batch = batch(chance_.once_in(2) ? "B1" : "B2");
    return made;
  }
  OrderKey key() {
    return {chance_.once_in(3) ? other_store_code : store_code, depot_code, day(), 1,
            Chain::chilled};
  }
  template <class Row>
  std::vector<Row> rows() {
    std::vector<Row> made;
    for (std::uint32_t i = 0; i < 3; ++i) {
      if (chance_.once_in(2)) continue;
      Row row;
      row.line = LineNo{i};
      row.units = units();
      if constexpr (requires { row.lot; }) row.lot = lot();
      made.push_back(row);
    }
    return made;
  }
  template <class Table>
  typename Table::key_type key_in(const Table& table, typename Table::key_type otherwise) {
    if (table.empty()) return otherwise;
    return std::next(table.begin(), static_cast<std::ptrdiff_t>(chance_.below(table.size())))
        ->first;
  }
  PublicKey key_of_somebody() {
    PublicKey made;
    made.bytes[0] = static_cast<std::uint8_t>(chance_.below(20));
    return made;
  }
  DocumentNumber advice() {
    const SiteCode from = chance_.once_in(2) ? depot_code : chance_.one_of(sites);
    return {from, 1, static_cast<std::uint32_t>(chance_.below(40))};
  }

  Body next_body(const Partition& partition) {
    switch (chance_.below(4)) {
      case 0:
        return hand_move();
      case 1:
        return goods(partition);
      case 2:
        return order(partition);
      default:
        return fulfil(partition);
    }
  }
  Body hand_move() {
    const auto cause =
        chance_.once_in(2) ? Cause::opening : static_cast<Cause>(chance_.below(count_of<Cause>));
    return GoodsMoved{cause, rows<GoodsRow>()};
  }
  std::vector<SoldRow> sold() {
    std::vector<SoldRow> made;
    for (const CargoRow& row : rows<CargoRow>())
      made.push_back({row.line, row.units, 0, 100, 100, VatCode::zero, row.lot});
    return made;
  }
  static std::int64_t pence_of(const std::vector<SoldRow>& rows) {
    return 100 * static_cast<std::int64_t>(rows.size());
  }
  static std::vector<VatRow> vat_of_rows(const std::vector<SoldRow>& rows) {
    return {{VatCode::zero, 0, pence_of(rows), 0}};
  }
  Body goods(const Partition& partition) {
    switch (chance_.below(29)) {
      case 26: {
        const auto rows = sold();
        return SaleMade{{}, {}, vat_of_rows(rows), {}, {{.pence = pence_of(rows)}}, rows};
      }
      case 27: {
        const auto rows = sold();
        RefundMade refund{{}, {}, {}, vat_of_rows(rows), {{.pence = pence_of(rows)}}, rows};
        refund.cause = static_cast<Cause>(chance_.below(count_of<Cause>));
        refund.reason = TillReason::test;
        refund.second = ActorNo{1};
        return refund;
      }
      case 28: {
        std::vector<TillRow> rows;
        for (const SoldRow& row : sold())
          rows.push_back({chance_.once_in(2) ? Cause::sale : Cause::returned_to_shelf, row.line,
                          row.units, row.pence, row.lot});
        return TillHeard{SiteCode{4'201}, 1, ++till_events_, rows, 0};
      }
      case 22:
        return told();
      case 23:
        return assumed();
      case 24:
        return OrderRefused{key(),
                            number_of_store(),
                            OrderPath::sealed,
                            static_cast<OrderFault>(chance_.below(count_of<OrderFault>)),
                            {}};
      case 25:
        return NightTold{store_code, day(), key_of_somebody()};
      case 0:
        return DayClosed{};
      case 1:
        return DayOpened{later(day_, chance_.once_in(4) ? 1 : 0)};
      case 2:
        return GoodsCounted{line(), lot(), units(), 0};
      case 3:
        return LotCorrected{line(), lot(), lot(), units()};
      case 4:
        return GoodsSent{0, chance_.one_of(sites), false, {}, rows<CargoRow>()};
      case 5:
        return StopSet{
            0, product(chance_.once_in(2) ? "milk" : "soap"), lot().batch, lot().expiry, {}};
      case 6:
        return StopLifted{key_in(partition.stops, 0)};
      case 7:
        return StopPulled{key_in(partition.stops, 0), {{units(), lot()}}};
      case 8:
        return PriceReduced{0, line(), day(), units(), 50};
      case 9:
        return PriceSet{line(), 90, day(), chance_.once_in(2) ? Day{} : day()};
      case 10:
        return InboundExpected{0, *SupplierId::of("dairy"), day(), rows<OrderRow>()};
      case 16:
        return PersonEnrolled{ActorNo{}, static_cast<Role>(chance_.below(count_of<Role>)),
                              key_of_somebody()};
      case 17:
        return DeviceEnrolled{DeviceNo{}, key_of_somebody()};
      case 18:
        return chance_.once_in(2) ? EnrolmentEnded{key_in(partition.people, {}), {}}
                                  : EnrolmentEnded{{}, key_in(partition.enrolled_devices, {})};
      case 19:
        return SecurityNoted{SecurityKind::code_wrong, *Text<48>::of("10.0.0.9"), 1, 3};
      case 20:
        return InboundProposed{0, *SupplierId::of("dairy"), day(), rows<OrderRow>()};
      case 21:
        return Heard{SiteCode{7}, static_cast<std::uint16_t>(chance_.below(3)),
                     chance_.below(1'000), key_of_somebody()};
      case 11:
        return InboundMoved{key_in(partition.inbounds, 0),
                            static_cast<InboundVerb>(chance_.below(count_of<InboundVerb>)),
                            {}};
      case 12:
        return SentClosed{key_in(partition.sent, 0)};
      case 13:
        return change_of(partition);
      default:
        return receipt(partition);
    }
  }
  DocumentNumber number_of_store() {
    return {store_code, 1, 1 + static_cast<std::uint32_t>(chance_.below(20))};
  }
  Body told() {
    OrderTold told{key(), number_of_store(), OrderPath::sealed, {}, {},
                   0,     key_of_somebody(), rows<OrderRow>()};
    told.order.site = told.key.store;
    if (chance_.once_in(2)) return told;
    told.path = OrderPath::typed;
    told.called_back_by = ActorNo{3};
    told.called_back_ms = static_cast<std::int64_t>(chance_.below(5));
    return told;
  }
  Body assumed() {
    OrderAssumed assumed{0, key(), OrderPath::standing, key_of_somebody(), {}, rows<OrderRow>()};
    if (chance_.once_in(2)) return assumed;
    assumed.key.store = {};
    assumed.path = OrderPath::customer;
    assumed.document = {};
    assumed.reference = *Reference::of(chance_.once_in(2) ? "C1" : "C2");
    return assumed;
  }
  Body change_of(const Partition& partition) {
    const LineNo changed = line();
    Terms terms = partition.goods.terms(changed);
    terms.date_kind = static_cast<DateKind>(chance_.below(count_of<DateKind>));
    return LineChanged{changed, terms, 5, chance_.once_in(4)};
  }
  Body receipt(const Partition& partition) {
    GoodsReceived received{Place::vehicle, advice(), {}, 20, {}, {}};
    if (chance_.once_in(3)) {
      received.source = Place::supplier;
      received.advice = partition.number(key_in(partition.inbounds, 0));
    }
    if (chance_.once_in(4)) received.advice = {};
    if (chance_.once_in(2))
      for (const CargoRow& row : rows<CargoRow>())
        received.rows.push_back({row.line, 0, units(), units() / 3, units() / 4, 0, row.lot});
    return received;
  }
  Body order(const Partition& partition) {
    const OrderKey known = key_in(partition.orders, key());
    switch (chance_.below(8)) {
      case 0:
        return OrderProposed{key(), rows<OrderRow>()};
      case 4:
        return ProposalWithdrawn{key_in(partition.proposals, key())};
      case 1:
        return OrderConfirmed{key(), rows<OrderRow>()};
      case 2:
        return OrderPlaced{known, 0, {}};
      case 3:
        return OrderMoved{known, chance_.once_in(2) ? OrderVerb::cancel : OrderVerb::close};
      case 5:
        return ProposalChanged{key_in(partition.proposals, key()), reason(), note(),
                               chance_.once_in(2), rows<OrderRow>()};
      case 6:
        return ProposalSkipped{key_in(partition.proposals, key()), reason(), note(),
                               chance_.once_in(2)};
      default:
        return WaveOpened{0, day(), Chain::chilled, 1'000};
    }
  }
  ChangeReason reason() { return static_cast<ChangeReason>(chance_.below(count_of<ChangeReason>)); }
  Note note() { return *Note::of(chance_.once_in(2) ? "" : "fair in the village"); }
  Body fulfil(const Partition& partition) {
    if (!partition.fulfilments.empty() && !chance_.once_in(3)) {
      const OrderKey known = key_in(partition.fulfilments, {});
      return step_of(partition, known, partition.fulfilments.at(known));
    }
    if (partition.waves.empty() || chance_.once_in(6))
      return WaveOpened{0, day(), Chain::chilled, 1'000};
    const std::uint32_t wave = key_in(partition.waves, 0);
    if (chance_.once_in(3)) return WaveClosed{wave};
    OrderKey fresh = key();
    fresh.delivery = partition.waves.at(wave).delivery;
    const auto counter = 1 + static_cast<std::uint32_t>(chance_.below(20));
    return OrderAcknowledged{fresh, {fresh.store, 1, counter}, {}, wave, rows<OrderRow>()};
  }
  // Mostly what comes next, sometimes anything.
  Body step_of(const Partition& partition, const OrderKey& key, const Fulfilment& fulfilment) {
    if (chance_.once_in(5))
      return FulfilmentMoved{key,
                             static_cast<FulfilmentVerb>(chance_.below(count_of<FulfilmentVerb>))};
    std::vector<OrderRow> some;
    switch (fulfilment.state) {
      case FulfilmentState::acknowledged:
        if (!partition.waves.at(fulfilment.wave).is_closed) return WaveClosed{fulfilment.wave};
        for (const FulfilmentRow& row : fulfilment.rows)
          some.push_back({row.line, 1 + row.ordered / 2});
        return OrderAllocated{key, some};
      case FulfilmentState::allocated:
        return FulfilmentMoved{key, FulfilmentVerb::release};
      case FulfilmentState::picking:
        for (const FulfilmentRow& row : fulfilment.rows)
          if (row.allocated > 0 && chance_.once_in(2))
            some.push_back({row.line, static_cast<Units>(chance_.below(2))});
        return OrderPicked{key, some, {}};
      default:
        return OrderDispatched{key, 0, {}, 1};
    }
  }

  Chance& chance_;
  Day day_;  // of the site whose turn it is
  std::uint64_t sequence_ = 0, till_events_ = 0;
};

struct Journal {
  SiteCode site{};
  std::vector<std::string> events;
};

// Plays so many commands and audits after every event; the journals that came of it.
std::map<SiteCode, Journal> play(std::uint64_t seed, std::size_t steps,
                                 std::set<std::size_t>& kinds) {
  Chance chance(seed);
  Crowd crowd(chance);
  Book book;
  std::map<SiteCode, Auditor> auditors;
  std::map<SiteCode, Journal> journals;
  const auto carry_out = [&](SiteCode site, const Command& command) {
    const auto decided = decide_as_anybody(book, site, command);
    if (!decided) return false;
    const std::string bytes = encode(*decided);
    RC_ASSERT((decode(bytes) == decided));
    apply(book, site, *decided);
    journals[site].events.push_back(bytes);
    auditors[site].hear(*decided);
    compare(auditors[site], *book.find(site));
    kinds.insert(decided->body.index());
    return true;
  };
  for (const SiteCode site : sites)
    for (const Body& body : opening_of(site))
      RC_ASSERT(carry_out(site, {{}, {}, asked_at_ms(body), body}));
  for (std::size_t i = 0; i < steps; ++i) {
    const SiteCode site = chance.one_of(sites);
    const Command command = crowd.next_command(book, site);
    const bool is_done = carry_out(site, command);
    if (is_done && command.origin.device != DeviceNo{})
      RC_ASSERT((decide_as_anybody(book, site, command) == no(Refusal::already_done)));
    if (i % 16 == 0) check_read_back(*book.find(site));
  }
  return journals;
}

RC_GTEST_PROP(Auditor, agrees_with_the_book_after_every_event, (std::uint64_t seed)) {
  std::set<std::size_t> kinds;
  play(seed, *rc::gen::inRange<std::size_t>(0, 400), kinds);
}

TEST(Auditor, has_heard_every_kind_of_event_that_trade_makes) {
  std::set<std::size_t> kinds;
  for (std::uint64_t seed = 0; seed < 60; ++seed) play(seed, 400, kinds);
  // All but the switching of capabilities, the nights of a centre, a site that goes on in its next
  // epoch (continued_test.cc), money that moves no goods (money_test.cc), online orders
  // (online_test.cc), and limits (limits_test.cc) are in the play.
  const std::size_t money = Body(DrawerMoved{}).index() - Body(RefundMade{}).index();
  constexpr std::size_t elsewhere = 4, online = 14;
  EXPECT_EQ(kinds.size(), std::variant_size_v<Body> - elsewhere - money - online);
}

RC_GTEST_PROP(Books, are_the_same_in_whatever_order_journals_are_read, (std::uint64_t seed)) {
  std::set<std::size_t> kinds;
  const auto journals = play(seed, 200, kinds);
  Book one_by_one, in_turn;
  for (const auto& [site, journal] : journals)
    for (const std::string& event : journal.events)
      RC_ASSERT(admit(one_by_one, site, event).has_value());
  for (std::size_t i = 0; i < 400; ++i)
    for (auto journal = journals.rbegin(); journal != journals.rend(); ++journal)
      if (i < journal->second.events.size())
        RC_ASSERT(admit(in_turn, journal->first, journal->second.events[i]).has_value());
  for (const SiteCode site : sites)
    RC_ASSERT(encode(*one_by_one.find(site)) == encode(*in_turn.find(site)));
}

// An event that no honest site wrote, or bytes that are none.
std::string absurd_entry(Chance& chance, const std::vector<std::string>& honest) {
  if (chance.once_in(2)) return encode(chance.any_event());
  std::string bytes = chance.one_of(honest);
  bytes[chance.below(bytes.size())] = static_cast<char>(chance.below(256));
  return bytes;
}

RC_GTEST_PROP(Absurdity, of_one_site_sets_its_journal_aside_and_nothing_else,
              (std::uint64_t seed)) {
  std::set<std::size_t> kinds;
  const auto journals = play(seed, 150, kinds);
  Chance chance(seed + 1);
  Book book;
  for (const auto& [site, journal] : journals)
    for (const std::string& event : journal.events) RC_ASSERT(admit(book, site, event).has_value());
  const std::string depot_before = encode(*book.find(depot_code));
  for (int i = 0; i < 200; ++i) {
    const std::string before = encode(*book.find(store_code));
    const Verdict verdict =
        admit(book, store_code, absurd_entry(chance, journals.at(store_code).events));
    if (verdict) {  // it could have been true
      check_balance(*book.find(store_code));
      check_read_back(*book.find(store_code));
      continue;
    }
    RC_ASSERT(encode(*book.find(store_code)) == before);
    RC_ASSERT(book.quarantine(store_code)->why == verdict.error());
    RC_ASSERT((admit(book, store_code, journals.at(store_code).events[0]) ==
               no(Refusal::site_quarantined)));
    break;
  }
  RC_ASSERT(encode(*book.find(depot_code)) == depot_before);
  RC_ASSERT(!book.quarantine(depot_code));
}

}  // namespace
}  // namespace trade
