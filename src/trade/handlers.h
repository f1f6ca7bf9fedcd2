#pragma once
// What each kind of event means, for book.cc alone: one set of three functions a kind.
//
// fits:     whether the event can be true after what the partition knows; every bound is checked
// here. apply:    changes the partition. Requires fits. complete: turns what a command wants into
// the event, or refuses what only a decision can know:
//           stop-sales, dates, cut-offs, what other sites have said. The default wants nothing.

#include <algorithm>

#include "trade/book.h"

namespace trade {

struct Decision {
  const Book& book;
  const Partition& site;
  const Command& command;
};

#define TRADE_KIND(Kind)                       \
  Verdict fits(const Partition&, const Kind&); \
  void apply(Partition&, const Kind&)
TRADE_KIND(CapabilitySwitched);
TRADE_KIND(LineOpened);
TRADE_KIND(LineChanged);
TRADE_KIND(PriceSet);
TRADE_KIND(DayOpened);
TRADE_KIND(DayClosed);
TRADE_KIND(GoodsMoved);
TRADE_KIND(GoodsCounted);
TRADE_KIND(LotCorrected);
TRADE_KIND(GoodsReceived);
TRADE_KIND(GoodsSent);
TRADE_KIND(SentClosed);
TRADE_KIND(PriceReduced);
TRADE_KIND(StopSet);
TRADE_KIND(StopLifted);
TRADE_KIND(StopPulled);
TRADE_KIND(OrderProposed);
TRADE_KIND(ProposalWithdrawn);
TRADE_KIND(OrderConfirmed);
TRADE_KIND(OrderPlaced);
TRADE_KIND(OrderMoved);
TRADE_KIND(WaveOpened);
TRADE_KIND(WaveClosed);
TRADE_KIND(OrderAcknowledged);
TRADE_KIND(OrderAllocated);
TRADE_KIND(FulfilmentMoved);
TRADE_KIND(OrderPicked);
TRADE_KIND(OrderDispatched);
TRADE_KIND(InboundExpected);
TRADE_KIND(InboundMoved);
TRADE_KIND(PersonEnrolled);
TRADE_KIND(DeviceEnrolled);
TRADE_KIND(EnrolmentEnded);
TRADE_KIND(SecurityNoted);
TRADE_KIND(ProposalChanged);
TRADE_KIND(ProposalSkipped);
TRADE_KIND(InboundProposed);
TRADE_KIND(Heard);
TRADE_KIND(OrderTold);
TRADE_KIND(OrderAssumed);
TRADE_KIND(OrderRefused);
TRADE_KIND(NightTold);
TRADE_KIND(SiteContinued);
TRADE_KIND(SaleMade);
TRADE_KIND(RefundMade);
TRADE_KIND(CardActivated);
TRADE_KIND(CardCredited);
TRADE_KIND(CardMoved);
TRADE_KIND(HoldTaken);
TRADE_KIND(HoldCaptured);
TRADE_KIND(HoldEnded);
TRADE_KIND(PendingHandedOver);
TRADE_KIND(ExposureRefunded);
TRADE_KIND(NoticeBooked);
TRADE_KIND(PaymentPosted);
TRADE_KIND(PaymentMoved);
TRADE_KIND(DrawerMoved);
TRADE_KIND(TillHeard);
TRADE_KIND(StockAllotted);
TRADE_KIND(AllotmentTaken);
TRADE_KIND(AllotmentReturned);
TRADE_KIND(AllotmentEnded);
TRADE_KIND(SlotOpened);
TRADE_KIND(OnlineOrdered);
TRADE_KIND(OnlineMoved);
TRADE_KIND(OnlinePicked);
TRADE_KIND(OnlineRefunded);
TRADE_KIND(ParcelExpected);
TRADE_KIND(ParcelPacked);
TRADE_KIND(ParcelMoved);
TRADE_KIND(ParcelHanded);
TRADE_KIND(ParcelFood);
TRADE_KIND(LimitsSet);
#undef TRADE_KIND

template <class Kind>
Verdict complete(const Decision&, Kind&) {
  return {};
}
Verdict complete(const Decision&, DayOpened&);
Verdict complete(const Decision&, GoodsMoved&);
Verdict complete(const Decision&, GoodsCounted&);
Verdict complete(const Decision&, GoodsReceived&);
Verdict complete(const Decision&, GoodsSent&);
Verdict complete(const Decision&, PriceReduced&);
Verdict complete(const Decision&, OrderConfirmed&);
Verdict complete(const Decision&, OrderPlaced&);
Verdict complete(const Decision&, OrderMoved&);
Verdict complete(const Decision&, OrderAcknowledged&);
Verdict complete(const Decision&, OrderAllocated&);
Verdict complete(const Decision&, OrderPicked&);
Verdict complete(const Decision&, OrderDispatched&);
Verdict complete(const Decision&, PersonEnrolled&);
Verdict complete(const Decision&, DeviceEnrolled&);
Verdict complete(const Decision&, EnrolmentEnded&);
Verdict complete(const Decision&, ProposalChanged&);
Verdict complete(const Decision&, ProposalSkipped&);
Verdict complete(const Decision&, OrderTold&);
Verdict complete(const Decision&, SaleMade&);
Verdict complete(const Decision&, RefundMade&);
Verdict complete(const Decision&, ExposureRefunded&);
Verdict complete(const Decision&, HoldTaken&);
Verdict complete(const Decision&, HoldEnded&);
Verdict complete(const Decision&, NoticeBooked&);
Verdict complete(const Decision&, PaymentMoved&);
Verdict complete(const Decision&, DrawerMoved&);
Verdict complete(const Decision&, StockAllotted&);
Verdict complete(const Decision&, AllotmentTaken&);
Verdict complete(const Decision&, AllotmentEnded&);
Verdict complete(const Decision&, OnlineOrdered&);
Verdict complete(const Decision&, OnlineMoved&);
Verdict complete(const Decision&, OnlinePicked&);
Verdict complete(const Decision&, ParcelExpected&);
Verdict complete(const Decision&, ParcelPacked&);
Verdict complete(const Decision&, ParcelMoved&);
Verdict complete(const Decision&, ParcelHanded&);
Verdict complete(const Decision&, ParcelFood&);
Verdict complete(const Decision&, LimitsSet&);

// Kinds that open a document have a counter, which is the site's next.
template <class Kind>
concept Numbered = requires(Kind kind) {
  kind.counter;
};

// The number that the event's site issues with it, a whole one, or nullptr.
template <class Kind>
DocumentNumber* issued_by(Kind&) {
  return nullptr;
}
inline DocumentNumber* issued_by(SaleMade& it) { return &it.receipt; }
inline DocumentNumber* issued_by(RefundMade& it) { return &it.refund; }
inline DocumentNumber* issued_by(HoldTaken& it) { return &it.hold; }
inline DocumentNumber* issued_by(ExposureRefunded& it) { return &it.refund; }
inline DocumentNumber* issued_by(PaymentMoved& it) {
  return it.verb == PaymentVerb::ask ? &it.payment : nullptr;
}
template <class Kind>
const DocumentNumber* issued_by(const Kind& it) {
  return issued_by(const_cast<Kind&>(it));
}

// The order of rows in a document: by line, then by lot; each once.
template <class Row>
auto place_in_document(const Row& row) {
  if constexpr (requires { row.lot; })
    return std::pair(row.line, row.lot);
  else
    return row.line;
}

template <class Row>
bool is_sorted_once(const std::vector<Row>& rows) {
  return std::adjacent_find(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
           return !(place_in_document(a) < place_in_document(b));
         }) == rows.end();
}

// The row of a line in rows that stand in the order of their lines, or nullptr.
template <class Rows>
auto* row_of_line(Rows& rows, LineNo line) {
  const auto row = std::lower_bound(rows.begin(), rows.end(), line,
                                    [](const auto& a, LineNo b) { return a.line < b; });
  return row == rows.end() || row->line != line ? nullptr : &*row;
}

inline Verdict check_line(const Partition& partition, LineNo line) {
  if (!partition.goods.has(line)) return no(Refusal::line_unknown, line);
  return {};
}

inline bool within(std::int64_t value, std::int64_t least, std::int64_t most) {
  return least <= value && value <= most;
}

// Whether so many more units on a line, up or down, stay within what a line can hold.
inline bool has_room(const Partition& partition, LineNo line, std::int64_t units) {
  return within(partition.stock.on_hand(line) - units, -on_hand_units_max, on_hand_units_max) &&
         within(partition.stock.on_hand(line) + units, -on_hand_units_max, on_hand_units_max) &&
         partition.stock.quarantined(line) + units <= on_hand_units_max;
}

// Rows with a line that the site has and 1 to row_units_max units; together they have room on every
// line, so no order of moving them can go beyond it.
template <class Row>
Verdict check_rows(const Partition& partition, const std::vector<Row>& rows) {
  if (rows.size() > rows_max) return no(Refusal::document_too_large);
  std::int64_t sum = 0;
  for (const Row& row : rows) {
    TRY(check_line(partition, row.line));
    if (!within(row.units, 1, row_units_max)) return no(Refusal::value_out_of_range, row.line);
    sum += row.units;
  }
  for (const Row& row : rows)
    if (!has_room(partition, row.line, sum)) return no(Refusal::value_out_of_range, row.line);
  return {};
}

// As check_rows, for a document that may not be empty and names each line (and lot) once.
template <class Row>
Verdict check_document(const Partition& partition, const std::vector<Row>& rows) {
  if (rows.empty()) return no(Refusal::document_empty);
  TRY(check_rows(partition, rows));
  if (!is_sorted_once(rows)) return no(Refusal::rows_not_sorted);
  return {};
}

// What is bought online: amounts and ages in bounds, one VAT rate for each code.
Verdict check_bought(const std::vector<OnlineRow>& rows);

// Rows of what a person takes from the shelf in good order.
template <class Row>
Verdict check_leaving(const Partition& partition, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    TRY(check_line(partition, row.line));
    TRY(may_leave(partition, row.line, row.lot, row.units));
  }
  return {};
}

// The first expiry date that may still leave: of use-by lines today, of others any.
inline Day sold_from(const Partition& partition, LineNo line) {
  return partition.goods.terms(line).date_kind == DateKind::use_by ? partition.day : Day{};
}

// Allocated units are spoken for until they are picked.
inline bool holds_reservation(FulfilmentState state) {
  return state == FulfilmentState::allocated || state == FulfilmentState::picking;
}

// The day until which goods for an order must keep: its delivery, and the life that a store gets.
inline Day needed_until(const Partition& depot, const OrderKey& key, LineNo line) {
  return later(key.delivery, depot.goods.terms(line).life_on_receipt_days);
}

// At the opening of a day: documents that are over, and whose delivery was kept_days ago.
inline constexpr std::uint32_t kept_days = 35;
void forget_old_documents(Partition& partition);
void forget_old_online(Partition& partition);

// The document under the key, or document_unknown.
template <class Table>
auto find_in(Table& table, const typename Table::key_type& key)
    -> std::expected<decltype(&table.begin()->second), No> {
  const auto row = table.find(key);
  if (row == table.end()) return no(Refusal::document_unknown);
  return &row->second;
}

}  // namespace trade
