#pragma once
// What the book knows of one site: the fold of that site's journal and of nothing else.
//
// Only apply changes a partition; everybody else reads it.

#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "trade/events.h"
#include "trade/goods.h"
#include "trade/ledger.h"
#include "trade/stock.h"
#include "trade/terminal.h"

namespace trade {

struct PriceKey {
  LineNo line{};
  Day to;  // not given: for good
  Day from;
  static constexpr auto fields() {
    return std::tuple(&PriceKey::line, &PriceKey::to, &PriceKey::from);
  }
  friend auto operator<=>(const PriceKey&, const PriceKey&) = default;
};

// Sold off with labels.
struct Reduction {
  LineNo line{};
  Day expiry;
  Units units = 0;
  Pence pence = 0;
  static constexpr auto fields() {
    return std::tuple(&Reduction::line, &Reduction::expiry, &Reduction::units, &Reduction::pence);
  }
};

struct Stop {
  ProductId product;
  Batch batch;
  Day expiry_to;
  DocumentNumber source;
  bool is_pulled =
      false;  // the pull task is done: what bears no name is known to be something else
  static constexpr auto fields() {
    return std::tuple(&Stop::product, &Stop::batch, &Stop::expiry_to, &Stop::source,
                      &Stop::is_pulled);
  }
};

// A transfer that this site sent.
struct Sent {
  SiteCode to{};
  bool is_loan = false;
  DocumentNumber returns;
  std::vector<CargoRow> rows;
  static constexpr auto fields() {
    return std::tuple(&Sent::to, &Sent::is_loan, &Sent::returns, &Sent::rows);
  }
};

struct Proposal {
  ProposalState state{};
  std::vector<OrderRow> rows;
  static constexpr auto fields() { return std::tuple(&Proposal::state, &Proposal::rows); }
};

// What a person said to a proposal that was not taken as it was.
struct Answer {
  ChangeReason reason{};
  Note note;
  bool learn = false;
  std::vector<OrderRow> proposed;  // none, where another site plans for this one
  std::vector<OrderRow> wanted;    // none: it was skipped
  static constexpr auto fields() {
    return std::tuple(&Answer::reason, &Answer::note, &Answer::learn, &Answer::proposed,
                      &Answer::wanted);
  }
};

struct OrderedRow {
  LineNo line{};
  Units ordered = 0;
  Units received = 0;
  static constexpr auto fields() {
    return std::tuple(&OrderedRow::line, &OrderedRow::ordered, &OrderedRow::received);
  }
};

struct Order {
  OrderState state{};
  std::uint32_t counter = 0;     // of the number that it was placed under last
  std::vector<OrderedRow> rows;  // in the order of their lines
  static constexpr auto fields() {
    return std::tuple(&Order::state, &Order::counter, &Order::rows);
  }
};

struct FulfilmentRow {
  LineNo line{};
  Units ordered = 0;
  Units allocated = 0;
  static constexpr auto fields() {
    return std::tuple(&FulfilmentRow::line, &FulfilmentRow::ordered, &FulfilmentRow::allocated);
  }
};

// What was picked and dispatched is the cargo.
struct Fulfilment {
  FulfilmentState state{};
  DocumentNumber order;
  std::uint32_t wave = 0;
  std::uint32_t advice = 0;  // the counter of its dispatch
  Text<16> vehicle;
  std::uint16_t stop = 0;
  std::vector<FulfilmentRow> rows;  // in the order of their lines
  std::vector<CargoRow> cargo;
  static constexpr auto fields() {
    return std::tuple(&Fulfilment::state, &Fulfilment::order, &Fulfilment::wave,
                      &Fulfilment::advice, &Fulfilment::vehicle, &Fulfilment::stop,
                      &Fulfilment::rows, &Fulfilment::cargo);
  }
};

struct Wave {
  Day delivery;
  Chain chain{};
  std::int64_t cut_off_ms = 0;
  bool is_closed = false;
  static constexpr auto fields() {
    return std::tuple(&Wave::delivery, &Wave::chain, &Wave::cut_off_ms, &Wave::is_closed);
  }
};

struct Inbound {
  InboundState state{};
  SupplierId supplier;
  Day due;
  std::vector<OrderRow> rows;
  static constexpr auto fields() {
    return std::tuple(&Inbound::state, &Inbound::supplier, &Inbound::due, &Inbound::rows);
  }
};

// Who may ask for something. An enrolment that has ended keeps its number and its key.
struct Person {
  Role role{};
  PublicKey key;
  bool is_ended = false;
  static constexpr auto fields() {
    return std::tuple(&Person::role, &Person::key, &Person::is_ended);
  }
};

struct Device {
  PublicKey key;
  SiteCode site{};  // that it speaks for; none: this one
  bool is_ended = false;
  static constexpr auto fields() {
    return std::tuple(&Device::key, &Device::site, &Device::is_ended);
  }
};

// How far the site has read another's journal, as it said itself.
struct HeardOf {
  std::uint16_t epoch = 0;
  std::uint64_t size = 0;  // entries
  TreeRoot root;
  static constexpr auto fields() {
    return std::tuple(&HeardOf::epoch, &HeardOf::size, &HeardOf::root);
  }
};

// An earlier epoch that this one goes on from. Counters run on, so they tell in which epoch a
// number was issued.
struct EarlierEpoch {
  std::uint16_t epoch = 0;
  std::uint64_t entries = 0;       // that are believed of its journal
  std::uint32_t last_counter = 0;  // of the numbers that were issued until then
  static constexpr auto fields() {
    return std::tuple(&EarlierEpoch::epoch, &EarlierEpoch::entries, &EarlierEpoch::last_counter);
  }
};

// What has come of an earlier epoch, until all of it is there.
struct Carried {
  std::uint32_t parts = 0;
  Blob bytes;
  static constexpr auto fields() { return std::tuple(&Carried::parts, &Carried::bytes); }
};

// An order that the depot was told, or assumed, and its way there.
struct ToldOrder {
  DocumentNumber order;
  OrderPath path{};
  Reference reference;
  std::vector<OrderRow> rows;  // in the order of their lines
  static constexpr auto fields() {
    return std::tuple(&ToldOrder::order, &ToldOrder::path, &ToldOrder::reference, &ToldOrder::rows);
  }
};

struct RefusedOrder {
  OrderKey key;
  OrderFault why{};
  static constexpr auto fields() { return std::tuple(&RefusedOrder::key, &RefusedOrder::why); }
};

// A store's night at the centre.
struct NightKey {
  SiteCode store{};
  Day day;
  static constexpr auto fields() { return std::tuple(&NightKey::store, &NightKey::day); }
  friend auto operator<=>(const NightKey&, const NightKey&) = default;
};

// What a till's drawer has come to since it was opened. Its cash is in the ledger.
struct Shift {
  DrawerState state{};
  std::uint32_t opened = 0;  // the counter of its opening
  std::uint32_t sale_count = 0, refund_count = 0, void_count = 0, no_sale_count = 0;
  std::int64_t sold_pence = 0, refunded_pence = 0, voided_pence = 0;
  std::array<std::int64_t, count_of<TenderKind>> tendered_pence{};  // in less out
  std::array<std::int64_t, vat_codes> gross_pence{};                // of goods, in less out
  std::array<std::int64_t, vat_codes> vat_pence{};
  std::int64_t counted_pence = 0;
  static constexpr auto fields() {
    return std::tuple(&Shift::state, &Shift::opened, &Shift::sale_count, &Shift::refund_count,
                      &Shift::void_count, &Shift::no_sale_count, &Shift::sold_pence,
                      &Shift::refunded_pence, &Shift::voided_pence, &Shift::tendered_pence,
                      &Shift::gross_pence, &Shift::vat_pence, &Shift::counted_pence);
  }
};

// How much of a till's journal the site has booked.
struct TillBooked {
  std::uint16_t epoch = 0;
  std::uint64_t events = 0;
  static constexpr auto fields() { return std::tuple(&TillBooked::epoch, &TillBooked::events); }
};

struct Partition {
  Partition(Catalogue& catalogue, const SiteOpened& opened)
      : site(opened), ledger(opened.code, opened.epoch), goods(catalogue) {}

  SiteOpened site;
  std::uint32_t last_counter = 0;  // of the numbers that this site has issued
  Day day;                         // the trading day, or the last one
  bool day_is_open = false;
  std::array<Mode, count_of<Capability>> modes{};
  std::map<DeviceNo, std::uint64_t> devices;  // the last sequence number of each
  std::map<PriceKey, Pence> prices;           // those with dates; the regular ones are in goods
  std::map<std::uint32_t, Reduction> reductions;
  std::map<std::uint32_t, Stop> stops;
  std::map<std::uint32_t, Sent> sent;
  std::map<DocumentNumber, Nothing> received;  // advices, so that none is received twice
  std::map<OrderKey, Proposal> proposals;
  std::map<OrderKey, Order> orders;
  std::map<OrderKey, Fulfilment> fulfilments;
  std::map<std::uint32_t, Wave> waves;
  std::map<std::uint32_t, Inbound> inbounds;
  std::map<ActorNo, Person> people;
  std::map<DeviceNo, Device> enrolled_devices;
  std::array<std::uint64_t, count_of<SecurityKind>> security{};  // what was noted of each kind
  std::map<OrderKey, Answer> answers;  // to proposals that were changed or skipped
  std::map<SiteCode, HeardOf> heard;
  std::map<OrderKey, ToldOrder> told;
  std::map<DocumentNumber, RefusedOrder> refused;  // the last answer to each
  std::map<NightKey, Sha256> nights;
  std::vector<EarlierEpoch> earlier;  // the oldest first
  Carried carried;
  Ledger ledger;
  CardPayments payments;
  Shift shift;
  Limits limits, table_limits;
  std::map<SiteCode, TillBooked> tills;          // this site's
  std::map<AllotmentKey, Allotment> allotments;  // of an online site
  std::map<GivenKey, Given> given;               // of a store
  std::map<std::uint32_t, Slot> slots;
  std::map<std::uint32_t, OnlineOrder> online_orders;
  std::map<DocumentNumber, Parcel> parcels;
  std::set<Sha256> online_payments;  // of the online orders, which it follows from
  Goods goods;
  Stock stock;

  // The members that are written and read as they are; goods and stock go line by line.
  static constexpr auto fields() {
    return std::tuple(
        &Partition::site, &Partition::last_counter, &Partition::day, &Partition::day_is_open,
        &Partition::modes, &Partition::devices, &Partition::prices, &Partition::reductions,
        &Partition::stops, &Partition::sent, &Partition::received, &Partition::proposals,
        &Partition::orders, &Partition::fulfilments, &Partition::waves, &Partition::inbounds,
        &Partition::people, &Partition::enrolled_devices, &Partition::security, &Partition::answers,
        &Partition::heard, &Partition::told, &Partition::refused, &Partition::nights,
        &Partition::earlier, &Partition::carried, &Partition::ledger, &Partition::payments,
        &Partition::shift, &Partition::limits, &Partition::table_limits, &Partition::tills,
        &Partition::allotments, &Partition::given, &Partition::slots, &Partition::online_orders,
        &Partition::parcels);
  }

  DocumentNumber number(std::uint32_t counter) const {
    for (const EarlierEpoch& it : earlier)
      if (counter <= it.last_counter) return {site.code, it.epoch, counter};
    return {site.code, site.epoch, counter};
  }
  // That the site issues next.
  DocumentNumber next_number() const { return {site.code, site.epoch, last_counter + 1}; }
};

// Whether what another site refunded is of an order that is not charged yet: only then does anybody
// know what of it can be granted. Nobody waits longer than a week.
bool waits_for_its_order(const Partition& partition, const Notice& notice);

// The price of a line on a day.
Pence price_on(const Partition& partition, LineNo line, Day day);

// Whether a stop-sale holds the lot back. As long as the pull task of a stop is open, units whose
// batch or date nobody has read count as stopped.
bool is_stopped(const Partition& partition, LineNo line, const Lot& lot);

// Whether units of the lot may be sold, dispatched or handed over. Errors: stop_sale; use_by_passed
// also where no date is named and so many are there only if some have passed theirs.
Verdict may_leave(const Partition& partition, LineNo line, const Lot& lot, Units units);

// Units of a line for somebody who needs them until the day: the earliest first, then those without
// a lot; no stopped lot, and no use-by date that has passed. Fewer, if there are not enough.
std::vector<CargoRow> choose_lots(const Partition& partition, LineNo line, Units units,
                                  Day needed_until);
// Why choose_lots gives fewer than so many: life_too_short if it would give more to somebody who
// needs them today, else not_enough.
Refusal why_too_few(const Partition& partition, LineNo line, Units units, Day needed_until);

// Who holds the key, and still may; nothing if nobody does.
std::optional<ActorNo> person_of(const Partition& partition, const PublicKey& key);
std::optional<DeviceNo> device_of(const Partition& partition, const PublicKey& key);

// The canonical bytes of a partition: its snapshot, and what its digest is taken of.
std::string encode(const Partition& partition);
// Requires a catalogue that outlives the result. Error: bytes_bad.
std::expected<Partition, No> decode_partition(std::string_view bytes, Catalogue& catalogue);

}  // namespace trade
