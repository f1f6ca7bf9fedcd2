// The store's side of online orders: the parcel, from the pick to the customer's hand.
#include <map>

#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

// What is to go into the parcel of a row that is owed, substitutes not counted.
Units present_of(const OrderRow& owed, const std::vector<OrderRow>& shorts) {
  const OrderRow* typed = row_of_line(shorts, owed.line);
  return typed != nullptr ? typed->units : owed.units;
}

Verdict check_shorts(const Parcel& parcel, const ParcelPacked& packed) {
  if (!is_sorted_once(packed.shorts)) return no(Refusal::rows_not_sorted);
  for (const OrderRow& row : packed.shorts) {
    const OrderRow* owed = row_of_line(parcel.owed, row.line);
    if (owed == nullptr) return no(Refusal::line_unknown, row.line);
    if (!within(row.units, 0, owed->units - 1)) return no(Refusal::value_out_of_range, row.line);
  }
  return {};
}

Verdict check_substitutes(const Partition& partition, const Parcel& parcel,
                          const ParcelPacked& packed) {
  if (packed.substitutes.empty()) return {};
  if (!parcel.takes_substitutes) return no(Refusal::no_substitutes);
  if (!is_sorted_once(packed.substitutes)) return no(Refusal::rows_not_sorted);
  for (const SubstituteRow& row : packed.substitutes) {
    const OrderRow* owed = row_of_line(parcel.owed, row.line);
    if (owed == nullptr) return no(Refusal::line_unknown, row.line);
    TRY(check_line(partition, row.with));
    if (row.with == row.line ||
        !within(row.units, 1, owed->units - present_of(*owed, packed.shorts)))
      return no(Refusal::value_out_of_range, row.line);
  }
  return {};
}

// Units of each line that go in.
std::map<LineNo, std::int64_t> wanted_of(const Parcel& parcel, const ParcelPacked& packed) {
  std::map<LineNo, std::int64_t> wanted;
  for (const OrderRow& row : parcel.owed)
    if (const Units units = present_of(row, packed.shorts); units > 0) wanted[row.line] += units;
  for (const SubstituteRow& row : packed.substitutes) wanted[row.with] += row.units;
  return wanted;
}

bool is_use_by(const Partition& partition, LineNo line) {
  return partition.goods.terms(line).date_kind == DateKind::use_by;
}

// The cargo is just what is wanted, is there, and has a date where food must have one.
Verdict check_cargo(const Partition& partition, const ParcelPacked& packed,
                    std::map<LineNo, std::int64_t> wanted) {
  TRY(check_rows(partition, packed.cargo));
  if (!is_sorted_once(packed.cargo)) return no(Refusal::rows_not_sorted);
  for (const auto& [line, units] : wanted)
    if (units > row_units_max || units > partition.stock.on_hand(line))
      return no(Refusal::not_enough, line);
  for (const CargoRow& row : packed.cargo) {
    if (is_use_by(partition, row.line) && !row.lot.expiry.given())
      return no(Refusal::value_out_of_range, row.line);
    wanted[row.line] -= row.units;
  }
  for (const auto& [line, units] : wanted)
    if (units != 0) return no(Refusal::value_out_of_range, line);
  return {};
}

// The store promised no more than it gave the online site.
Verdict check_given(const Partition& partition, SiteCode holder, const Parcel& parcel) {
  for (const OnlineRow& row : parcel.rows) {
    const auto given = partition.given.find({holder, row.line});
    if (given == partition.given.end() || row.units > given->second.outstanding())
      return no(Refusal::not_allotted, row.line);
  }
  return {};
}

// Food that may not be handed over on the day.
bool has_passed(const Partition& partition, const CargoRow& row, Day day) {
  return is_use_by(partition, row.line) && row.lot.expiry < day;
}

// What the customer paid for so many units of a row, rounded up for them, and never more than for
// all.
void add_refund(Parcel& parcel, LineNo line, std::int64_t units) {
  const OnlineRow& row = *row_of_line(parcel.rows, line);
  const std::int64_t share = (row.pence * units + row.units - 1) / row.units;
  parcel.refund_pence =
      static_cast<Pence>(std::min(parcel.refund_pence + share, pence_of(parcel.rows)));
}

// Adds units to the row of a line, which is made where there is none.
void add_units(std::vector<OrderRow>& rows, LineNo line, Units units) {
  if (OrderRow* row = row_of_line(rows, line)) {
    row->units += units;
    return;
  }
  rows.push_back({line, units});
  std::ranges::sort(rows, {}, &OrderRow::line);
}

void add_cargo(std::vector<CargoRow>& cargo, const CargoRow& added) {
  for (CargoRow& row : cargo)
    if (row.line == added.line && row.lot == added.lot) {
      row.units += added.units;
      return;
    }
  cargo.push_back(added);
  std::ranges::sort(cargo, [](const CargoRow& a, const CargoRow& b) {
    return place_in_document(a) < place_in_document(b);
  });
}

// Which ordered rows so many units in the parcel stand for: those that they replace first, then
// their own.
std::vector<OrderRow> stood_for(Parcel& parcel, LineNo line, Units units) {
  std::vector<OrderRow> made;
  for (SubstituteRow& row : parcel.substitutes) {
    if (row.with != line || units == 0) continue;
    const Units taken = std::min(units, row.units);
    add_units(made, row.line, taken);
    row.units -= taken;
    units -= taken;
  }
  std::erase_if(parcel.substitutes, [](const SubstituteRow& row) { return row.units == 0; });
  if (units > 0) add_units(made, line, units);
  return made;
}

// What the food that has passed its date stands for; it leaves the parcel.
std::vector<OrderRow> take_out_passed(const Partition& partition, Parcel& parcel) {
  std::vector<OrderRow> made;
  for (const CargoRow& row : parcel.cargo)
    if (has_passed(partition, row, partition.day))
      for (const OrderRow& part : stood_for(parcel, row.line, row.units))
        add_units(made, part.line, part.units);
  std::erase_if(parcel.cargo,
                [&](const CargoRow& row) { return has_passed(partition, row, partition.day); });
  return made;
}

// What the choice would refund; nothing of the partition changes.
Pence refund_of(const Partition& partition, Parcel parcel, FoodChoice choice) {
  const Pence before = parcel.refund_pence;
  for (const OrderRow& row : take_out_passed(partition, parcel))
    if (choice == FoodChoice::refund) add_refund(parcel, row.line, row.units);
  return parcel.refund_pence - before;
}

// The order that the parcel is for, as far as its site is heard.
std::expected<const OnlineOrder*, No> order_of(const Decision& decision,
                                               const DocumentNumber& number) {
  const Partition* site = decision.book.find(number.site);
  if (site == nullptr || site->number(number.counter) != number)
    return no(Refusal::document_unknown, no_line, number);
  const auto* order = TRY(find_in(site->online_orders, number.counter));
  if (order->store != decision.site.site.code) return no(Refusal::document_not_ours);
  return order;
}

}  // namespace

Verdict fits(const Partition& partition, const ParcelExpected& expected) {
  if (!expected.order.given() || expected.order.site == partition.site.code)
    return no(Refusal::value_out_of_range);
  if (partition.parcels.contains(expected.order))
    return no(Refusal::order_known, no_line, expected.order);
  TRY(check_document(partition, expected.rows));
  TRY(check_bought(expected.rows));
  if (pence_of(expected.rows) > row_pence_max) return no(Refusal::value_out_of_range);
  return {};
}

// The order as its own site says it, in the store's lines.
Verdict complete(const Decision& decision, ParcelExpected& expected) {
  const auto* order = TRY(order_of(decision, expected.order));
  if (!holds_units(order->state)) return no(Refusal::move_not_listed, no_line, expected.order);
  const Partition& online = *decision.book.find(expected.order.site);
  expected.takes_substitutes = order->takes_substitutes;
  expected.code = order->code;
  expected.rows.clear();
  for (OnlineRow row : order->rows) {
    const auto line = decision.site.goods.find(online.goods.product(row.line));
    if (!line) return no(Refusal::line_unknown);
    row.line = *line;
    expected.rows.push_back(row);
  }
  std::ranges::sort(expected.rows, {}, &OnlineRow::line);
  return {};
}

void apply(Partition& partition, const ParcelExpected& expected) {
  Parcel& parcel = partition.parcels[expected.order];
  parcel.state = *next(parcel.state, ParcelVerb::expect);
  parcel.takes_substitutes = expected.takes_substitutes;
  parcel.day = partition.day;
  parcel.code = expected.code;
  parcel.rows = expected.rows;
  for (const OnlineRow& row : expected.rows) parcel.owed.push_back({row.line, row.units});
}

Verdict fits(const Partition& partition, const ParcelPacked& packed) {
  const auto* parcel = TRY(find_in(partition.parcels, packed.order));
  TRY(next(parcel->state, ParcelVerb::pack));
  if (parcel->owed.empty()) return no(Refusal::document_empty);
  TRY(check_shorts(*parcel, packed));
  TRY(check_substitutes(partition, *parcel, packed));
  if (parcel->state == ParcelState::expected)
    TRY(check_given(partition, packed.order.site, *parcel));
  return check_cargo(partition, packed, wanted_of(*parcel, packed));
}

// Lots as a sale takes them, the earliest that may still leave. Food that nobody has read a date of
// is good today and no longer.
Verdict complete(const Decision& decision, ParcelPacked& packed) {
  const Partition& site = decision.site;
  const auto* parcel = TRY(find_in(site.parcels, packed.order));
  TRY(check_shorts(*parcel, packed));
  TRY(check_substitutes(site, *parcel, packed));
  packed.cargo.clear();
  for (const auto& [line, units] : wanted_of(*parcel, packed)) {
    if (units > row_units_max) return no(Refusal::value_out_of_range, line);
    std::int64_t found = 0;
    for (CargoRow row : choose_lots(site, line, static_cast<Units>(units), site.day)) {
      if (is_use_by(site, line) && !row.lot.expiry.given()) row.lot.expiry = site.day;
      found += row.units;
      add_cargo(packed.cargo, row);
    }
    if (found < units)
      return no(why_too_few(site, line, static_cast<Units>(units), site.day), line);
  }
  return {};
}

void apply(Partition& partition, const ParcelPacked& packed) {
  Parcel& parcel = partition.parcels[packed.order];
  const bool is_first = parcel.state == ParcelState::expected;
  parcel.state = *next(parcel.state, ParcelVerb::pack);
  parcel.day = partition.day;
  for (const CargoRow& row : packed.cargo) {
    partition.stock.move(Cause::packed, row.line, row.units, row.lot);
    add_cargo(parcel.cargo, row);
  }
  for (const OrderRow& owed : parcel.owed) {
    Units got = present_of(owed, packed.shorts);
    if (const SubstituteRow* row = row_of_line(packed.substitutes, owed.line)) got += row->units;
    if (is_first && got > 0) parcel.picked.push_back({owed.line, got});
    if (!is_first && got < owed.units) add_refund(parcel, owed.line, owed.units - got);
  }
  for (const SubstituteRow& row : packed.substitutes) parcel.substitutes.push_back(row);
  parcel.owed.clear();
  if (!is_first) return;
  for (const OnlineRow& row : parcel.rows)
    partition.given[{packed.order.site, row.line}].spent += row.units;
}

Verdict fits(const Partition& partition, const ParcelMoved& moved) {
  using enum ParcelVerb;
  constexpr auto by_hand = std::to_array({make_ready, hold, lift, lapse, cancel, finish});
  if (std::ranges::find(by_hand, moved.verb) == by_hand.end()) return no(Refusal::move_not_listed);
  const auto* parcel = TRY(find_in(partition.parcels, moved.order));
  TRY(next(parcel->state, moved.verb));
  if (moved.tick_ms < parcel->since_ms) return no(Refusal::value_out_of_range);
  // Between ticks that were checked to go on only, so nothing overflows.
  if (moved.verb == lapse &&
      parcel->waited_ms + (moved.tick_ms - parcel->since_ms) < parcel_right_ms)
    return no(Refusal::parcel_kept);
  if (moved.verb == finish)
    for (const CargoRow& row : parcel->cargo)
      if (!has_room(partition, row.line, row.units))
        return no(Refusal::value_out_of_range, row.line);
  return {};
}

// Only the customer's own cancellation sends a parcel back before its time.
Verdict complete(const Decision& decision, ParcelMoved& moved) {
  moved.tick_ms = decision.command.tick_ms;
  if (moved.verb != ParcelVerb::cancel) return {};
  const auto* order = TRY(order_of(decision, moved.order));
  if (order->state != OnlineState::cancelled)
    return no(Refusal::move_not_listed, no_line, moved.order);
  return {};
}

void apply(Partition& partition, const ParcelMoved& moved) {
  Parcel& parcel = partition.parcels[moved.order];
  if (parcel.state == ParcelState::ready) parcel.waited_ms += moved.tick_ms - parcel.since_ms;
  parcel.since_ms = moved.tick_ms;
  parcel.state = *next(parcel.state, moved.verb);
  if (moved.verb == ParcelVerb::cancel) parcel.is_cancelled = true;
  if (moved.verb != ParcelVerb::finish) return;
  for (const CargoRow& row : parcel.cargo) {
    const bool is_food = has_passed(partition, row, partition.day);
    partition.stock.move(is_food ? Cause::parcel_wasted : Cause::unpacked, row.line, row.units,
                         row.lot);
  }
  parcel.cargo.clear();
  // The online site got the units of a cancelled order back; it may spend them again.
  if (parcel.is_cancelled)
    for (const OnlineRow& row : parcel.rows)
      partition.given[{moved.order.site, row.line}].spent -= row.units;
}

Verdict fits(const Partition& partition, const ParcelHanded& handed) {
  const auto* parcel = TRY(find_in(partition.parcels, handed.order));
  TRY(next(parcel->state, ParcelVerb::hand_over));
  const bool has_code = parcel->code.given();
  bool is_proof = false;
  switch (handed.by) {
    case HandOver::code:
      is_proof = has_code && handed.code == parcel->code;
      break;
    case HandOver::photo_id:
      is_proof = has_code && !handed.is_nominee && !handed.code.given();
      break;
    case HandOver::driver:
      is_proof = !has_code && !handed.code.given();
      break;
  }
  if (!is_proof) return no(Refusal::proof_wrong);
  for (const OnlineRow& row : parcel->rows)
    if (row.age_years > 0 && !handed.age_is_checked) return no(Refusal::age_unchecked, row.line);
  for (const CargoRow& row : parcel->cargo)
    if (has_passed(partition, row, partition.day)) return no(Refusal::use_by_passed, row.line);
  return {};
}

// The date is the later of the trading day and the clock's: a shop that opened no day for a while
// must not hand over what has gone off meanwhile.
Verdict complete(const Decision& decision, ParcelHanded& handed) {
  constexpr std::int64_t day_ms = 86'400'000;
  const auto* parcel = TRY(find_in(decision.site.parcels, handed.order));
  const std::int64_t clock_days = decision.command.at_ms / day_ms - day_epoch;
  Day today = decision.site.day;
  if (clock_days > today.days && clock_days <= day_max.days)
    today.days = static_cast<std::uint16_t>(clock_days);
  for (const CargoRow& row : parcel->cargo) {
    if (has_passed(decision.site, row, today)) return no(Refusal::use_by_passed, row.line);
    if (is_stopped(decision.site, row.line, row.lot)) return no(Refusal::stop_sale, row.line);
  }
  return {};
}

void apply(Partition& partition, const ParcelHanded& handed) {
  Parcel& parcel = partition.parcels[handed.order];
  parcel.state = *next(parcel.state, ParcelVerb::hand_over);
  for (const CargoRow& row : parcel.cargo)
    partition.stock.move(Cause::handed_over, row.line, row.units, row.lot);
  parcel.cargo.clear();
  // Who comes before the fresh food does has it refunded.
  for (const OrderRow& row : parcel.owed) add_refund(parcel, row.line, row.units);
  parcel.owed.clear();
}

Verdict fits(const Partition& partition, const ParcelFood& food) {
  const auto* parcel = TRY(find_in(partition.parcels, food.order));
  TRY(next(parcel->state, ParcelVerb::replace_food));
  if (std::ranges::none_of(parcel->cargo, [&](const CargoRow& row) {
        return has_passed(partition, row, partition.day);
      }))
    return no(Refusal::document_empty);
  if (food.refund_pence != refund_of(partition, *parcel, food.choice))
    return no(Refusal::value_out_of_range);
  return {};
}

Verdict complete(const Decision& decision, ParcelFood& food) {
  const auto* parcel = TRY(find_in(decision.site.parcels, food.order));
  food.refund_pence = refund_of(decision.site, *parcel, food.choice);
  return {};
}

void apply(Partition& partition, const ParcelFood& food) {
  Parcel& parcel = partition.parcels[food.order];
  parcel.state = *next(parcel.state, ParcelVerb::replace_food);
  for (const CargoRow& row : parcel.cargo)
    if (has_passed(partition, row, partition.day))
      partition.stock.move(Cause::parcel_wasted, row.line, row.units, row.lot);
  for (const OrderRow& row : take_out_passed(partition, parcel))
    if (food.choice == FoodChoice::refund)
      add_refund(parcel, row.line, row.units);
    else
      add_units(parcel.owed, row.line, row.units);
}

}  // namespace trade
