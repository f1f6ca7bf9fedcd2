#pragma once
// Everything that happens in trade: one struct for each kind of event.
//
// A command carries the body of the event that it asks for. What the site decides itself (numbers,
// the lots that were picked, what a count moved) is marked "decided": a command leaves it empty and
// decide fills it in. fields() lists the members in the order of their bytes.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "trade/life.h"
#include "trade/limits.h"
#include "trade/lot.h"
#include "trade/number.h"
#include "trade/online.h"
#include "trade/payment.h"
#include "trade/refusal.h"
#include "trade/rows.h"
#include "trade/rules.h"
#include "trade/value.h"
#include "trade/words.h"

namespace trade {

// What a site needs to know of a product to trade it. Zero means not said.
struct Terms {
  std::uint32_t case_units = 0;
  Chain chain{};
  DateKind date_kind{};
  std::uint16_t shelf_life_days = 0;
  std::uint16_t life_on_receipt_days = 0;  // a store gets no less
  std::uint32_t case_weight_g = 0;
  std::uint32_t case_volume_ml = 0;
  static constexpr auto fields() {
    return std::tuple(&Terms::case_units, &Terms::chain, &Terms::date_kind, &Terms::shelf_life_days,
                      &Terms::life_on_receipt_days, &Terms::case_weight_g, &Terms::case_volume_ml);
  }
  friend auto operator<=>(const Terms&, const Terms&) = default;
};

// Who asked: an enrolment, for a device its sequence number, which never repeats, and what tells a
// request that is sent again. Neither actor nor device: the site's own process.
struct Origin {
  ActorNo actor{};
  DeviceNo device{};
  std::uint64_t sequence = 0;
  RequestId request{};
  static constexpr auto fields() {
    return std::tuple(&Origin::actor, &Origin::device, &Origin::sequence, &Origin::request);
  }
  friend bool operator==(const Origin&, const Origin&) = default;
};

// What makes an order one and the same for store and depot.
struct OrderKey {
  SiteCode store{};
  SiteCode depot{};
  Day delivery;
  std::uint8_t drop = 0;
  Chain chain{};
  static constexpr auto fields() {
    return std::tuple(&OrderKey::store, &OrderKey::depot, &OrderKey::delivery, &OrderKey::drop,
                      &OrderKey::chain);
  }
  friend auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

// Units of a line and what was paid for, or lost with, all of them.
struct GoodsRow {
  LineNo line{};
  Units units = 0;
  Pence pence = 0;
  Lot lot;
  static constexpr auto fields() {
    return std::tuple(&GoodsRow::line, &GoodsRow::units, &GoodsRow::pence, &GoodsRow::lot);
  }
  friend bool operator==(const GoodsRow&, const GoodsRow&) = default;
};

// What came of a line. What was advised and is neither accepted, quarantined nor damaged is short.
struct ReceiptRow {
  LineNo line{};
  Units advised = 0;  // decided, from the advice
  Units accepted = 0;
  Units quarantined = 0;
  Units damaged = 0;   // thrown away on the spot
  Units rejected = 0;  // sent back with the driver; part of what is short
  Lot lot;
  static constexpr auto fields() {
    return std::tuple(&ReceiptRow::line, &ReceiptRow::advised, &ReceiptRow::accepted,
                      &ReceiptRow::quarantined, &ReceiptRow::damaged, &ReceiptRow::rejected,
                      &ReceiptRow::lot);
  }
  friend bool operator==(const ReceiptRow&, const ReceiptRow&) = default;
};

struct PulledRow {
  Units units = 0;
  Lot lot;
  static constexpr auto fields() { return std::tuple(&PulledRow::units, &PulledRow::lot); }
  friend bool operator==(const PulledRow&, const PulledRow&) = default;
};

// The first event of every journal.
struct SiteOpened {
  SiteCode code{};
  SiteKind kind{};
  std::uint16_t epoch = 0;
  static constexpr auto fields() {
    return std::tuple(&SiteOpened::code, &SiteOpened::kind, &SiteOpened::epoch);
  }
  friend bool operator==(const SiteOpened&, const SiteOpened&) = default;
};

struct CapabilitySwitched {
  Capability capability{};
  Mode mode{};
  static constexpr auto fields() {
    return std::tuple(&CapabilitySwitched::capability, &CapabilitySwitched::mode);
  }
  friend bool operator==(const CapabilitySwitched&, const CapabilitySwitched&) = default;
};

// The line gets the next line number.
struct LineOpened {
  ProductId product;
  Terms terms;
  Pence price_pence = 0;
  std::uint32_t pick_sequence = 0;  // where its pick location comes on the way round
  static constexpr auto fields() {
    return std::tuple(&LineOpened::product, &LineOpened::terms, &LineOpened::price_pence,
                      &LineOpened::pick_sequence);
  }
  friend bool operator==(const LineOpened&, const LineOpened&) = default;
};

// A closed line takes part in no new document but can still be sold, counted and thrown away.
struct LineChanged {
  LineNo line{};
  Terms terms;
  std::uint32_t pick_sequence = 0;
  bool is_closed = false;
  static constexpr auto fields() {
    return std::tuple(&LineChanged::line, &LineChanged::terms, &LineChanged::pick_sequence,
                      &LineChanged::is_closed);
  }
  friend bool operator==(const LineChanged&, const LineChanged&) = default;
};

// Without a last day the price is the regular one from its first day on. One with a last day goes
// before it;
// of several, the one that began last.
struct PriceSet {
  LineNo line{};
  Pence pence = 0;
  Day from;  // not given: at once
  Day to;    // the last day; not given: for good
  static constexpr auto fields() {
    return std::tuple(&PriceSet::line, &PriceSet::pence, &PriceSet::from, &PriceSet::to);
  }
  friend bool operator==(const PriceSet&, const PriceSet&) = default;
};

// A trading day. Days of a site never go back.
struct DayOpened {
  Day day;
  static constexpr auto fields() { return std::tuple(&DayOpened::day); }
  friend bool operator==(const DayOpened&, const DayOpened&) = default;
};

struct DayClosed {
  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const DayClosed&, const DayClosed&) = default;
};

// Units move as the row of their cause says; only causes by hand.
struct GoodsMoved {
  Cause cause{};
  std::vector<GoodsRow> rows;
  static constexpr auto fields() { return std::tuple(&GoodsMoved::cause, &GoodsMoved::rows); }
  friend bool operator==(const GoodsMoved&, const GoodsMoved&) = default;
};

// The units of a line, or of a lot where one is named, that somebody has counted.
struct GoodsCounted {
  LineNo line{};
  Lot lot;
  Units counted_units = 0;
  Units moved_units = 0;  // decided: what makes the known the counted
  static constexpr auto fields() {
    return std::tuple(&GoodsCounted::line, &GoodsCounted::lot, &GoodsCounted::counted_units,
                      &GoodsCounted::moved_units);
  }
  friend bool operator==(const GoodsCounted&, const GoodsCounted&) = default;
};

// Units turn out to bear other dates. A lot that is not given means units without a date.
struct LotCorrected {
  LineNo line{};
  Lot from;
  Lot to;
  Units units = 0;
  static constexpr auto fields() {
    return std::tuple(&LotCorrected::line, &LotCorrected::from, &LotCorrected::to,
                      &LotCorrected::units);
  }
  friend bool operator==(const LotCorrected&, const LotCorrected&) = default;
};

// A delivery at the door. Against an advice, a command names only what differs from it.
struct GoodsReceived {
  Place source{};         // supplier or vehicle
  DocumentNumber advice;  // not given: a blind receipt
  Reference paper;
  Decidegrees temperature = no_temperature;
  OrderKey order;  // decided: what was ordered, if it was
  std::vector<ReceiptRow> rows;
  static constexpr auto fields() {
    return std::tuple(&GoodsReceived::source, &GoodsReceived::advice, &GoodsReceived::paper,
                      &GoodsReceived::temperature, &GoodsReceived::order, &GoodsReceived::rows);
  }
  friend bool operator==(const GoodsReceived&, const GoodsReceived&) = default;
};

// A transfer or a loan to another store; its number is the advice.
struct GoodsSent {
  std::uint32_t counter = 0;  // decided
  SiteCode to{};
  bool is_loan = false;
  DocumentNumber returns;  // the loan that comes back with it
  std::vector<CargoRow> rows;
  static constexpr auto fields() {
    return std::tuple(&GoodsSent::counter, &GoodsSent::to, &GoodsSent::is_loan, &GoodsSent::returns,
                      &GoodsSent::rows);
  }
  friend bool operator==(const GoodsSent&, const GoodsSent&) = default;
};

// The other site has received it, and what differed is settled.
struct SentClosed {
  std::uint32_t sent = 0;
  static constexpr auto fields() { return std::tuple(&SentClosed::sent); }
  friend bool operator==(const SentClosed&, const SentClosed&) = default;
};

// Labels for units that go off soon; the number is printed on them.
struct PriceReduced {
  std::uint32_t counter = 0;  // decided
  LineNo line{};
  Day expiry;
  Units units = 0;
  Pence pence = 0;  // each
  static constexpr auto fields() {
    return std::tuple(&PriceReduced::counter, &PriceReduced::line, &PriceReduced::expiry,
                      &PriceReduced::units, &PriceReduced::pence);
  }
  friend bool operator==(const PriceReduced&, const PriceReduced&) = default;
};

// Goods that may not leave: a product, or of it only a batch, or only what expires up to a day.
struct StopSet {
  std::uint32_t counter = 0;  // decided
  ProductId product;
  Batch batch;
  Day expiry_to;
  DocumentNumber source;  // the stop of another site that it follows
  static constexpr auto fields() {
    return std::tuple(&StopSet::counter, &StopSet::product, &StopSet::batch, &StopSet::expiry_to,
                      &StopSet::source);
  }
  friend bool operator==(const StopSet&, const StopSet&) = default;
};

struct StopLifted {
  std::uint32_t stop = 0;
  static constexpr auto fields() { return std::tuple(&StopLifted::stop); }
  friend bool operator==(const StopLifted&, const StopLifted&) = default;
};

// The pull task is done: so much was found and set apart.
struct StopPulled {
  std::uint32_t stop = 0;
  std::vector<PulledRow> rows;
  static constexpr auto fields() { return std::tuple(&StopPulled::stop, &StopPulled::rows); }
  friend bool operator==(const StopPulled&, const StopPulled&) = default;
};

// What the planner would order. The lines are those of the store.
struct OrderProposed {
  OrderKey key;
  std::vector<OrderRow> rows;
  static constexpr auto fields() { return std::tuple(&OrderProposed::key, &OrderProposed::rows); }
  friend bool operator==(const OrderProposed&, const OrderProposed&) = default;
};

struct ProposalWithdrawn {
  OrderKey key;
  static constexpr auto fields() { return std::tuple(&ProposalWithdrawn::key); }
  friend bool operator==(const ProposalWithdrawn&, const ProposalWithdrawn&) = default;
};

// What somebody wants to order; it replaces what was confirmed before.
struct OrderConfirmed {
  OrderKey key;
  std::vector<OrderRow> rows;
  static constexpr auto fields() { return std::tuple(&OrderConfirmed::key, &OrderConfirmed::rows); }
  friend bool operator==(const OrderConfirmed&, const OrderConfirmed&) = default;
};

// What is confirmed goes to the depot under a new number.
struct OrderPlaced {
  OrderKey key;
  std::uint32_t counter = 0;  // decided
  DocumentNumber replaces;    // decided
  static constexpr auto fields() {
    return std::tuple(&OrderPlaced::key, &OrderPlaced::counter, &OrderPlaced::replaces);
  }
  friend bool operator==(const OrderPlaced&, const OrderPlaced&) = default;
};

// Close or cancel.
struct OrderMoved {
  OrderKey key;
  OrderVerb verb{};
  static constexpr auto fields() { return std::tuple(&OrderMoved::key, &OrderMoved::verb); }
  friend bool operator==(const OrderMoved&, const OrderMoved&) = default;
};

// A wave collects orders of one delivery day and chain until its cut-off.
struct WaveOpened {
  std::uint32_t counter = 0;  // decided
  Day delivery;
  Chain chain{};
  std::int64_t cut_off_ms = 0;  // UTC since 1970
  static constexpr auto fields() {
    return std::tuple(&WaveOpened::counter, &WaveOpened::delivery, &WaveOpened::chain,
                      &WaveOpened::cut_off_ms);
  }
  friend bool operator==(const WaveOpened&, const WaveOpened&) = default;
};

struct WaveClosed {
  std::uint32_t wave = 0;
  static constexpr auto fields() { return std::tuple(&WaveClosed::wave); }
  friend bool operator==(const WaveClosed&, const WaveClosed&) = default;
};

// The depot takes an order on. The lines are those of the depot, with the units that the store
// wants.
struct OrderAcknowledged {
  OrderKey key;
  DocumentNumber order;
  DocumentNumber replaces;
  std::uint32_t wave = 0;
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&OrderAcknowledged::key, &OrderAcknowledged::order,
                      &OrderAcknowledged::replaces, &OrderAcknowledged::wave,
                      &OrderAcknowledged::rows);
  }
  friend bool operator==(const OrderAcknowledged&, const OrderAcknowledged&) = default;
};

// What the order gets; lines that are not named get nothing.
struct OrderAllocated {
  OrderKey key;
  std::vector<OrderRow> rows;
  static constexpr auto fields() { return std::tuple(&OrderAllocated::key, &OrderAllocated::rows); }
  friend bool operator==(const OrderAllocated&, const OrderAllocated&) = default;
};

// Release, put back, close or cancel.
struct FulfilmentMoved {
  OrderKey key;
  FulfilmentVerb verb{};
  static constexpr auto fields() {
    return std::tuple(&FulfilmentMoved::key, &FulfilmentMoved::verb);
  }
  friend bool operator==(const FulfilmentMoved&, const FulfilmentMoved&) = default;
};

// Lines are picked as allocated, but for the shorts that are typed back.
struct OrderPicked {
  OrderKey key;
  std::vector<OrderRow> shorts;  // the units that were there
  std::vector<CargoRow> cargo;   // decided: the lots
  static constexpr auto fields() {
    return std::tuple(&OrderPicked::key, &OrderPicked::shorts, &OrderPicked::cargo);
  }
  friend bool operator==(const OrderPicked&, const OrderPicked&) = default;
};

// The cargo leaves; the number is the advice.
struct OrderDispatched {
  OrderKey key;
  std::uint32_t counter = 0;  // decided
  Text<16> vehicle;
  std::uint16_t stop = 0;  // on the vehicle's way
  static constexpr auto fields() {
    return std::tuple(&OrderDispatched::key, &OrderDispatched::counter, &OrderDispatched::vehicle,
                      &OrderDispatched::stop);
  }
  friend bool operator==(const OrderDispatched&, const OrderDispatched&) = default;
};

// A supplier's delivery that is announced.
struct InboundExpected {
  std::uint32_t counter = 0;  // decided
  SupplierId supplier;
  Day due;
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&InboundExpected::counter, &InboundExpected::supplier, &InboundExpected::due,
                      &InboundExpected::rows);
  }
  friend bool operator==(const InboundExpected&, const InboundExpected&) = default;
};

// Stop, rebook or refuse; place or withdraw what is proposed.
struct InboundMoved {
  std::uint32_t inbound = 0;
  InboundVerb verb{};
  Day due;  // if rebooked
  static constexpr auto fields() {
    return std::tuple(&InboundMoved::inbound, &InboundMoved::verb, &InboundMoved::due);
  }
  friend bool operator==(const InboundMoved&, const InboundMoved&) = default;
};

// Somebody has shown a code and a key. The number says who; nothing else here does.
struct PersonEnrolled {
  ActorNo actor{};  // decided: the next, from 1
  Role role{};
  PublicKey key;
  static constexpr auto fields() {
    return std::tuple(&PersonEnrolled::actor, &PersonEnrolled::role, &PersonEnrolled::key);
  }
  friend bool operator==(const PersonEnrolled&, const PersonEnrolled&) = default;
};

struct DeviceEnrolled {
  DeviceNo device{};  // decided: the next, from 1
  PublicKey key;
  SiteCode site{};  // of another site: it asks for cards in that site's name alone
  static constexpr auto fields() {
    return std::tuple(&DeviceEnrolled::device, &DeviceEnrolled::key, &DeviceEnrolled::site);
  }
  friend bool operator==(const DeviceEnrolled&, const DeviceEnrolled&) = default;
};

// A person, or a device, may do nothing any more. The number is never given again.
struct EnrolmentEnded {
  ActorNo actor{};
  DeviceNo device{};
  static constexpr auto fields() {
    return std::tuple(&EnrolmentEnded::actor, &EnrolmentEnded::device);
  }
  friend bool operator==(const EnrolmentEnded&, const EnrolmentEnded&) = default;
};

// So often within the minute. The source is an address in private networks, or a digest.
struct SecurityNoted {
  SecurityKind kind{};
  Text<48> source;
  std::uint32_t minute = 0;  // since 1970
  std::uint32_t count = 0;
  static constexpr auto fields() {
    return std::tuple(&SecurityNoted::kind, &SecurityNoted::source, &SecurityNoted::minute,
                      &SecurityNoted::count);
  }
  friend bool operator==(const SecurityNoted&, const SecurityNoted&) = default;
};

// What a person of the store wants in place of what was proposed, and why: confirmed like any
// order.
struct ProposalChanged {
  OrderKey key;
  ChangeReason reason{};
  Note note;
  bool learn = false;  // the planner may take it as a lesson
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&ProposalChanged::key, &ProposalChanged::reason, &ProposalChanged::note,
                      &ProposalChanged::learn, &ProposalChanged::rows);
  }
  friend bool operator==(const ProposalChanged&, const ProposalChanged&) = default;
};

// A person of the store wants nothing of what was proposed, and why.
struct ProposalSkipped {
  OrderKey key;
  ChangeReason reason{};
  Note note;
  bool learn = false;
  static constexpr auto fields() {
    return std::tuple(&ProposalSkipped::key, &ProposalSkipped::reason, &ProposalSkipped::note,
                      &ProposalSkipped::learn);
  }
  friend bool operator==(const ProposalSkipped&, const ProposalSkipped&) = default;
};

// What the planner of a depot would order from a supplier; it becomes an expected delivery when it
// is placed.
struct InboundProposed {
  std::uint32_t counter = 0;  // decided
  SupplierId supplier;
  Day due;
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&InboundProposed::counter, &InboundProposed::supplier, &InboundProposed::due,
                      &InboundProposed::rows);
  }
  friend bool operator==(const InboundProposed&, const InboundProposed&) = default;
};

// From here on the site knows so many entries of another site's journal, whose tree has this root.
struct Heard {
  SiteCode peer{};
  std::uint16_t epoch = 0;
  std::uint64_t size = 0;  // entries
  TreeRoot root;
  static constexpr auto fields() {
    return std::tuple(&Heard::peer, &Heard::epoch, &Heard::size, &Heard::root);
  }
  friend bool operator==(const Heard&, const Heard&) = default;
};

// A store's order that its journal did not bring. The lines are those of the depot.
struct OrderTold {
  OrderKey key;
  DocumentNumber order;             // the store's
  OrderPath path{};                 // sealed, scanned or typed
  Day standing_from;                // the standing order that it changes; not given: a whole order
  ActorNo called_back_by{};         // of a typed one
  std::int64_t called_back_ms = 0;  // UTC since 1970
  Sha256 document;                  // of the sealed bytes, or of the text that was typed
  std::vector<OrderRow> rows;       // what is wanted in all
  static constexpr auto fields() {
    return std::tuple(&OrderTold::key, &OrderTold::order, &OrderTold::path,
                      &OrderTold::standing_from, &OrderTold::called_back_by,
                      &OrderTold::called_back_ms, &OrderTold::document, &OrderTold::rows);
  }
  friend bool operator==(const OrderTold&, const OrderTold&) = default;
};

// The depot itself orders for somebody who cannot: the standing order of a store that was not heard
// from, or what a shop that is no site wants (its store is then 0). The depot's number stands in
// for theirs.
struct OrderAssumed {
  std::uint32_t counter = 0;  // decided
  OrderKey key;
  OrderPath path{};     // standing or customer
  Sha256 document;      // that holds the standing order
  Reference reference;  // of a customer's order, as the customer calls it
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&OrderAssumed::counter, &OrderAssumed::key, &OrderAssumed::path,
                      &OrderAssumed::document, &OrderAssumed::reference, &OrderAssumed::rows);
  }
  friend bool operator==(const OrderAssumed&, const OrderAssumed&) = default;
};

// The depot's answer to an order that it does not take.
struct OrderRefused {
  OrderKey key;
  DocumentNumber order;
  OrderPath path{};
  OrderFault why{};
  DocumentNumber winner;  // that holds the delivery, if one does
  static constexpr auto fields() {
    return std::tuple(&OrderRefused::key, &OrderRefused::order, &OrderRefused::path,
                      &OrderRefused::why, &OrderRefused::winner);
  }
  friend bool operator==(const OrderRefused&, const OrderRefused&) = default;
};

// What the centre planned for a store at the close of a day lies in this document of its journal.
struct NightTold {
  SiteCode store{};
  Day day;
  Sha256 document;
  static constexpr auto fields() {
    return std::tuple(&NightTold::store, &NightTold::day, &NightTold::document);
  }
  friend bool operator==(const NightTold&, const NightTold&) = default;
};

// A part of what the site was in an earlier epoch, after so many entries of that journal. All parts
// follow the opening of the site at once; with the last of them the site goes on from there.
struct SiteContinued {
  std::uint16_t epoch = 0;    // the earlier one
  std::uint64_t entries = 0;  // that are believed of its journal
  Sha256 state;               // of the whole partition that they make
  std::uint32_t part = 0;     // counts from 0
  std::uint32_t parts = 0;
  Blob bytes;  // of the partition, those behind the parts before
  static constexpr auto fields() {
    return std::tuple(&SiteContinued::epoch, &SiteContinued::entries, &SiteContinued::state,
                      &SiteContinued::part, &SiteContinued::parts, &SiteContinued::bytes);
  }
  friend bool operator==(const SiteContinued&, const SiteContinued&) = default;
};
inline constexpr std::uint32_t continued_parts_max = 4'096;

// Goods of a till's receipts, as the store's stock moves with them.
struct TillRow {
  Cause cause{};  // sale, or one of goods that a customer brings back
  LineNo line{};  // of the store
  Units units = 0;
  std::int64_t pence = 0;  // what was paid for them, or paid back
  Lot lot = {};
  static constexpr auto fields() {
    return std::tuple(&TillRow::cause, &TillRow::line, &TillRow::units, &TillRow::pence,
                      &TillRow::lot);
  }
  friend bool operator==(const TillRow&, const TillRow&) = default;
};

// The store has booked so many events of its till's journal, counted from its first; the rows are
// the goods of those that it had not booked before. So no receipt moves its stock twice.
struct TillHeard {
  SiteCode till{};
  std::uint16_t epoch = 0;
  std::uint64_t events = 0;
  std::vector<TillRow> rows;
  std::uint32_t unknown_rows = 0;  // of products that the store has no line of
  static constexpr auto fields() {
    return std::tuple(&TillHeard::till, &TillHeard::epoch, &TillHeard::events, &TillHeard::rows,
                      &TillHeard::unknown_rows);
  }
  friend bool operator==(const TillHeard&, const TillHeard&) = default;
};

// The kinds count from 1 in this order, which is written into journals: new ones go to the end.
using Body =
    std::variant<SiteOpened, CapabilitySwitched, LineOpened, LineChanged, PriceSet, DayOpened,
                 DayClosed, GoodsMoved, GoodsCounted, LotCorrected, GoodsReceived, GoodsSent,
                 SentClosed, PriceReduced, StopSet, StopLifted, StopPulled, OrderProposed,
                 ProposalWithdrawn, OrderConfirmed, OrderPlaced, OrderMoved, WaveOpened, WaveClosed,
                 OrderAcknowledged, OrderAllocated, FulfilmentMoved, OrderPicked, OrderDispatched,
                 InboundExpected, InboundMoved, PersonEnrolled, DeviceEnrolled, EnrolmentEnded,
                 SecurityNoted, ProposalChanged, ProposalSkipped, InboundProposed, Heard, OrderTold,
                 OrderAssumed, OrderRefused, NightTold, SiteContinued,
                 // Value: docs/design/value-ledger.md, card-acceptance.md and till.md.
                 SaleMade, RefundMade, CardActivated, CardCredited, CardMoved, HoldTaken,
                 HoldCaptured, HoldEnded, PendingHandedOver, ExposureRefunded, NoticeBooked,
                 PaymentPosted, PaymentMoved, DrawerMoved, TillHeard,
                 // Online orders: docs/design/online-orders.md.
                 StockAllotted, AllotmentTaken, AllotmentReturned, AllotmentEnded, SlotOpened,
                 OnlineOrdered, OnlineMoved, OnlinePicked, OnlineRefunded, ParcelExpected,
                 ParcelPacked, ParcelMoved, ParcelHanded, ParcelFood, LimitsSet>;

struct Event {
  Origin origin;
  Body body;
  static constexpr auto fields() { return std::tuple(&Event::origin, &Event::body); }
  friend bool operator==(const Event&, const Event&) = default;
};

// The verb that a body asks for, which says who may; for goods_moved it is in the cause's row.
// Nothing for a cause that is not by hand.
std::optional<Verb> verb_of(const Body& body);

// The spelling of a kind, for example "goods_moved".
std::string_view kind_name(const Body& body);

// The one form of an event, docs/formats/events.md.
std::string encode(const Event& event);
// The event, if the bytes are the one form of it.
std::expected<Event, No> decode(std::string_view bytes);

}  // namespace trade
