// Goods at the site: moves by hand, counts, dates, reductions and transfers to other sites.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

// Whether every line has the units that its rows take together. Requires rows sorted by line.
template <class Row>
Verdict check_enough(const Partition& partition, const std::vector<Row>& rows, Place from) {
  const Stock& stock = partition.stock;
  std::int64_t taken = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const LineNo line = rows[i].line;
    taken = (i > 0 && rows[i - 1].line == line ? taken : 0) + rows[i].units;
    if (taken > (from == Place::on_hand ? stock.on_hand(line) : stock.quarantined(line)))
      return no(Refusal::not_enough, line);
  }
  return {};
}

Units known_units(const Partition& partition, LineNo line, const Lot& lot) {
  return lot.given() ? partition.stock.in_lots(line, lot) : partition.stock.on_hand(line);
}

}  // namespace

Verdict fits(const Partition& partition, const GoodsMoved& moved) {
  const CauseRow& cause = row_of(moved.cause);
  if (!cause.by_hand) return no(Refusal::cause_not_by_hand);
  if (!partition.day_is_open && moved.cause != Cause::opening) return no(Refusal::day_not_open);
  if (moved.rows.empty()) return no(Refusal::document_empty);
  TRY(check_rows(partition, moved.rows));
  for (const GoodsRow& row : moved.rows)
    if (!within(row.pence, -row_pence_max, row_pence_max))
      return no(Refusal::value_out_of_range, row.line);
  if (!cause.needs_stock) return {};
  if (!is_sorted_once(moved.rows)) return no(Refusal::rows_not_sorted);
  return check_enough(partition, moved.rows, cause.from);
}

void apply(Partition& partition, const GoodsMoved& moved) {
  const bool is_held_back = row_of(moved.cause).leaves_the_business;
  for (const GoodsRow& row : moved.rows)
    partition.stock.move(moved.cause, row.line, row.units, row.lot,
                         is_held_back ? sold_from(partition, row.line) : Day{});
}

// Money below zero goes back to a customer, so it comes with goods that a customer brings.
Verdict complete(const Decision& decision, GoodsMoved& moved) {
  const CauseRow& cause = row_of(moved.cause);
  for (const GoodsRow& row : moved.rows)
    if (row.pence < 0 && cause.from != Place::customer)
      return no(Refusal::value_out_of_range, row.line);
  if (!cause.leaves_the_business) return {};
  return check_leaving(decision.site, moved.rows);
}

Verdict fits(const Partition& partition, const GoodsCounted& counted) {
  TRY(check_line(partition, counted.line));
  if (!within(counted.counted_units, 0, on_hand_units_max) ||
      !has_room(partition, counted.line, std::abs(std::int64_t{counted.moved_units})))
    return no(Refusal::value_out_of_range, counted.line);
  const std::int64_t known = known_units(partition, counted.line, counted.lot);
  if (known + counted.moved_units != counted.counted_units)
    return no(Refusal::count_differs, counted.line);
  return {};
}

void apply(Partition& partition, const GoodsCounted& counted) {
  if (counted.moved_units == 0) return;
  const Cause cause = counted.moved_units > 0 ? Cause::counted_more : Cause::counted_fewer;
  partition.stock.move(cause, counted.line, std::abs(counted.moved_units), counted.lot);
}

Verdict complete(const Decision& decision, GoodsCounted& counted) {
  TRY(check_line(decision.site, counted.line));
  if (!within(counted.counted_units, 0, on_hand_units_max))
    return no(Refusal::value_out_of_range, counted.line);
  counted.moved_units =
      counted.counted_units - known_units(decision.site, counted.line, counted.lot);
  return {};
}

Verdict fits(const Partition& partition, const LotCorrected& corrected) {
  const LineNo line = corrected.line;
  TRY(check_line(partition, line));
  if (!within(corrected.units, 1, row_units_max) || corrected.from == corrected.to)
    return no(Refusal::value_out_of_range, line);
  const Stock& stock = partition.stock;
  const Units there = corrected.from.given() ? stock.in_lots(line, corrected.from)
                                             : stock.on_hand(line) - stock.in_lots(line);
  if (corrected.units > there) return no(Refusal::not_enough, line);
  return {};
}

void apply(Partition& partition, const LotCorrected& corrected) {
  partition.stock.relabel(corrected.line, corrected.from, corrected.to, corrected.units);
}

Verdict fits(const Partition& partition, const PriceReduced& reduced) {
  TRY(check_line(partition, reduced.line));
  if (!within(reduced.units, 1, row_units_max) || !within(reduced.pence, 0, row_pence_max))
    return no(Refusal::value_out_of_range, reduced.line);
  if (reduced.expiry < partition.day) return no(Refusal::date_past, reduced.line);
  return {};
}

void apply(Partition& partition, const PriceReduced& reduced) {
  partition.reductions[reduced.counter] = {reduced.line, reduced.expiry, reduced.units,
                                           reduced.pence};
}

Verdict complete(const Decision& decision, PriceReduced& reduced) {
  const Partition& site = decision.site;
  TRY(check_line(site, reduced.line));
  if (reduced.pence > price_on(site, reduced.line, site.day))
    return no(Refusal::reduction_too_dear, reduced.line);
  if (reduced.units > site.stock.on_hand(reduced.line))
    return no(Refusal::not_enough, reduced.line);
  return {};
}

Verdict fits(const Partition& partition, const GoodsSent& sent) {
  if (!partition.day_is_open) return no(Refusal::day_not_open);
  if (sent.to == partition.site.code) return no(Refusal::value_out_of_range);
  TRY(check_document(partition, sent.rows));
  return check_enough(partition, sent.rows, Place::on_hand);
}

void apply(Partition& partition, const GoodsSent& sent) {
  for (const CargoRow& row : sent.rows)
    partition.stock.move(Cause::sent, row.line, row.units, row.lot, sold_from(partition, row.line));
  partition.sent[sent.counter] = {sent.to, sent.is_loan, sent.returns, sent.rows};
}

Verdict complete(const Decision& decision, GoodsSent& sent) {
  return check_leaving(decision.site, sent.rows);
}

Verdict fits(const Partition& partition, const SentClosed& closed) {
  TRY(find_in(partition.sent, closed.sent));
  return {};
}

void apply(Partition& partition, const SentClosed& closed) { partition.sent.erase(closed.sent); }

}  // namespace trade
