// The canonical bytes of a partition. Whatever follows from other bytes is not written.
#include "base/result.h"
#include "trade/codec.h"
#include "trade/handlers.h"

namespace trade {
namespace {

constexpr std::uint8_t version = 7;
constexpr std::int64_t total_max = std::int64_t{1} << 58;  // sums of all places stay within 64 bits

// Lines keep the units of these themselves.
bool is_kept_by_lines(Place place) { return place == Place::on_hand || place == Place::quarantine; }

void write_line(const Partition& partition, LineNo line, Writer& writer) {
  const Goods& goods = partition.goods;
  writer.value(goods.product(line));
  writer.value(goods.terms(line));
  writer.value(goods.price_pence(line));
  writer.value(goods.pick_sequence(line));
  writer.value(goods.is_closed(line));
  writer.value(partition.stock.on_hand(line));
  writer.value(partition.stock.quarantined(line));
  std::uint64_t lot_count = 0;
  partition.stock.each_lot(line, [&](const Lot&, Units) { ++lot_count; });
  writer.number(lot_count);
  partition.stock.each_lot(line, [&](const Lot& lot, Units units) {
    writer.value(lot);
    writer.value(units);
  });
}

void read_lots(Partition& partition, LineNo line, Reader& reader) {
  const std::uint64_t lot_count = reader.number(on_hand_units_max);
  for (std::uint64_t i = 0; i < lot_count && reader.good(); ++i) {
    Lot lot;
    Units units = 0;
    reader.value(lot);
    reader.value(units);
    if (!reader.good() || !partition.stock.restore_lot(line, lot, units)) reader.fail();
  }
}

void read_line(Partition& partition, Reader& reader) {
  LineOpened opened;
  bool is_closed = false;
  Units on_hand = 0, quarantined = 0;
  reader.value(opened.product);
  reader.value(opened.terms);
  reader.value(opened.price_pence);
  reader.value(opened.pick_sequence);
  reader.value(is_closed);
  reader.value(on_hand);
  reader.value(quarantined);
  const LineNo line{partition.goods.line_count()};
  if (!reader.good() || !fits(partition, opened)) return reader.fail();
  apply(partition, opened);
  if (is_closed) partition.goods.change({line, opened.terms, opened.pick_sequence, is_closed});
  if (!partition.stock.restore(line, on_hand, quarantined)) return reader.fail();
  read_lots(partition, line, reader);
}

template <class Row>
bool are_rows(const Partition& partition, const std::vector<Row>& rows) {
  return is_sorted_once(rows) && std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
           if constexpr (requires { row.units; })
             if (!within(row.units, 1, row_units_max)) return false;
           return partition.goods.has(row.line);
         });
}

template <class Table>
bool are_documents(const Partition& partition, const Table& table) {
  return std::all_of(table.begin(), table.end(),
                     [&](const auto& row) { return are_rows(partition, row.second.rows); });
}

bool are_answers(const Partition& partition) {
  return std::all_of(partition.answers.begin(), partition.answers.end(), [&](const auto& row) {
    return are_rows(partition, row.second.proposed) && are_rows(partition, row.second.wanted);
  });
}

template <class Table>
bool are_numbered(const Partition& partition, const Table& table) {
  return table.empty() ||
         (table.begin()->first > 0 && table.rbegin()->first <= partition.last_counter);
}

bool is_fulfilment(const Partition& partition, const Fulfilment& fulfilment) {
  return are_rows(partition, fulfilment.cargo) && fulfilment.advice <= partition.last_counter &&
         std::all_of(fulfilment.rows.begin(), fulfilment.rows.end(), [](const auto& row) {
           return within(row.allocated, 0, row.ordered) && within(row.ordered, 1, row_units_max);
         });
}

// Sums that a shift can come to: more can be added to them.
bool is_shift(const Partition& partition) {
  const Shift& shift = partition.shift;
  const auto are_sums = [](const auto& sums) {
    return std::ranges::all_of(sums,
                               [](std::int64_t sum) { return within(sum, -total_max, total_max); });
  };
  return shift.opened <= partition.last_counter && are_sums(shift.tendered_pence) &&
         are_sums(shift.gross_pence) && are_sums(shift.vat_pence) &&
         are_sums(std::array{shift.sold_pence, shift.refunded_pence, shift.voided_pence,
                             shift.counted_pence});
}

// What apply relies on: documents name lines that are there, and numbers that were issued.
bool is_sound(const Partition& partition) {
  const auto has_line = [&](LineNo line) { return partition.goods.has(line); };
  return are_numbered(partition, partition.reductions) &&
         are_numbered(partition, partition.stops) && are_numbered(partition, partition.sent) &&
         are_numbered(partition, partition.waves) && are_numbered(partition, partition.inbounds) &&
         are_documents(partition, partition.sent) && are_documents(partition, partition.orders) &&
         are_documents(partition, partition.fulfilments) &&
         are_documents(partition, partition.inbounds) && are_documents(partition, partition.told) &&
         are_answers(partition) && partition.ledger.is_sound() && is_shift(partition) &&
         std::all_of(partition.prices.begin(), partition.prices.end(),
                     [&](const auto& row) { return has_line(row.first.line); }) &&
         std::all_of(partition.fulfilments.begin(), partition.fulfilments.end(),
                     [&](const auto& row) { return is_fulfilment(partition, row.second); });
}

// Fills in the units that are spoken for, which follow from the fulfilments.
bool derive_reserved(Partition& partition) {
  for (const auto& [key, fulfilment] : partition.fulfilments) {
    if (!holds_reservation(fulfilment.state)) continue;
    for (const FulfilmentRow& row : fulfilment.rows) {
      if (partition.stock.reserved(row.line) + std::int64_t{row.allocated} > on_hand_units_max)
        return false;
      partition.stock.reserve(row.line, row.allocated);
    }
  }
  return true;
}

bool is_order(const Partition& partition, const OnlineOrder& order) {
  return are_rows(partition, order.rows) && check_bought(order.rows) &&
         within(order.captured_pence, 0, order.authorised_pence) &&
         within(order.refunded_pence, 0, order.captured_pence);
}

// Every unit in a parcel stands for one that was ordered.
bool is_cargo_of(const Parcel& parcel, LineNo line) {
  std::int64_t room = 0;
  for (const SubstituteRow& row : parcel.substitutes)
    if (row.with == line) room += row.units;
  if (const OnlineRow* row = row_of_line(parcel.rows, line)) room += row->units;
  for (const CargoRow& row : parcel.cargo)
    if (row.line == line) room -= row.units;
  return room >= 0;
}

bool is_parcel(const Partition& partition, const Parcel& parcel) {
  const auto is_ordered = [&](const auto& row) {
    const OnlineRow* ordered = row_of_line(parcel.rows, row.line);
    return ordered != nullptr && within(row.units, 1, ordered->units);
  };
  return are_rows(partition, parcel.rows) && check_bought(parcel.rows) &&
         are_rows(partition, parcel.picked) && are_rows(partition, parcel.owed) &&
         are_rows(partition, parcel.cargo) &&
         within(parcel.refund_pence, 0, pence_of(parcel.rows)) && parcel.since_ms >= 0 &&
         within(parcel.waited_ms, 0, parcel.since_ms) &&
         std::ranges::all_of(parcel.owed, is_ordered) &&
         std::ranges::all_of(parcel.picked, is_ordered) &&
         std::ranges::all_of(parcel.substitutes,
                             [&](const SubstituteRow& row) {
                               return is_ordered(row) && partition.goods.has(row.with);
                             }) &&
         std::ranges::all_of(parcel.cargo,
                             [&](const CargoRow& row) { return is_cargo_of(parcel, row.line); });
}

// As is_sound, of what belongs to online orders.
bool is_online_sound(const Partition& partition) {
  const auto of_line = [&](const auto& row) { return partition.goods.has(row.first.line); };
  return are_numbered(partition, partition.slots) &&
         are_numbered(partition, partition.online_orders) &&
         std::all_of(partition.allotments.begin(), partition.allotments.end(), of_line) &&
         std::all_of(partition.given.begin(), partition.given.end(), of_line) &&
         std::all_of(partition.online_orders.begin(), partition.online_orders.end(),
                     [&](const auto& row) { return is_order(partition, row.second); }) &&
         std::all_of(partition.parcels.begin(), partition.parcels.end(),
                     [&](const auto& row) { return is_parcel(partition, row.second); });
}

// Fills in what follows from the online orders: units that are held, slots that are taken,
// payments.
bool derive_held(Partition& partition) {
  for (const auto& [counter, order] : partition.online_orders) {
    if (!partition.online_payments.insert(order.payment).second) return false;
    const auto slot = partition.slots.find(order.slot);
    if (order.state != OnlineState::cancelled && slot != partition.slots.end())
      ++slot->second.booked_orders;
    if (!holds_units(order.state)) continue;
    for (const OnlineRow& row : order.rows) {
      const auto allotment = partition.allotments.find({order.store, row.line});
      if (allotment == partition.allotments.end()) return false;
      allotment->second.held += row.units;
    }
  }
  return std::all_of(partition.allotments.begin(), partition.allotments.end(), [](const auto& row) {
    const Allotment& allotment = row.second;
    return within(allotment.taken, 0, allotted_units_max) && allotment.spent >= 0 &&
           allotment.returned >= 0 && allotment.available() >= 0;
  });
}

// Every unit came from somewhere.
bool is_balanced(const Stock& stock) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count_of<Place>; ++i) sum += stock.total(static_cast<Place>(i));
  return sum == 0;
}

void read_totals(Partition& partition, Reader& reader) {
  for (std::size_t i = 0; i < count_of<Place>; ++i) {
    const auto place = static_cast<Place>(i);
    if (is_kept_by_lines(place)) continue;
    std::int64_t total = 0;
    reader.value(total);
    if (!within(total, -total_max, total_max)) return reader.fail();
    partition.stock.restore_total(place, total);
  }
}

}  // namespace

std::string encode(const Partition& partition) {
  std::string bytes;
  Writer writer(bytes);
  writer.value(version);
  writer.value(partition);
  writer.number(partition.goods.line_count());
  for (std::uint32_t i = 0; i < partition.goods.line_count(); ++i)
    write_line(partition, LineNo{i}, writer);
  for (std::size_t i = 0; i < count_of<Place>; ++i)
    if (const auto place = static_cast<Place>(i); !is_kept_by_lines(place))
      writer.value(partition.stock.total(place));
  return bytes;
}

std::expected<Partition, No> decode_partition(std::string_view bytes, Catalogue& catalogue) {
  Reader reader(bytes);
  std::uint8_t read_version = 0;
  reader.value(read_version);
  if (read_version != version) reader.fail();
  Partition partition(catalogue, {});
  reader.value(partition);
  partition.ledger.go_on(partition.site.code, partition.site.epoch);
  const std::uint64_t line_count = reader.number(lines_max);
  for (std::uint64_t i = 0; i < line_count && reader.good(); ++i) read_line(partition, reader);
  if (reader.good()) read_totals(partition, reader);
  if (!reader.at_end() || !is_sound(partition) || !is_online_sound(partition) ||
      !is_balanced(partition.stock) || !partition.payments.restore() ||
      !derive_reserved(partition) || !derive_held(partition))
    return no(Refusal::bytes_bad);
  return partition;
}

}  // namespace trade
