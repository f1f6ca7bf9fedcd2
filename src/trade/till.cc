// A store's reading of its tills, and reports of a till's shift.
#include "trade/till.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

// What the till's journal is known to be up to, as far as the store has booked it.
Verdict check_further(const Partition& partition, const TillHeard& heard) {
  const auto known = partition.tills.find(heard.till);
  if (known == partition.tills.end()) return {};
  const TillBooked& before = known->second;
  const bool is_further =
      heard.epoch > before.epoch || (heard.epoch == before.epoch && heard.events > before.events);
  if (!is_further) return no(Refusal::till_heard_already);
  return {};
}

}  // namespace

Verdict fits(const Partition& partition, const TillHeard& heard) {
  if (heard.till == partition.site.code || heard.epoch == 0 || heard.events == 0)
    return no(Refusal::value_out_of_range);
  TRY(check_further(partition, heard));
  for (const TillRow& row : heard.rows) {
    const auto by_hand = row_of(row.cause).by_hand;
    if (by_hand != Verb::sell && by_hand != Verb::take_back) return no(Refusal::cause_not_by_hand);
  }
  return check_rows(partition, heard.rows);
}

void apply(Partition& partition, const TillHeard& heard) {
  partition.tills[heard.till] = {heard.epoch, heard.events};
  for (const TillRow& row : heard.rows)
    partition.stock.move(row.cause, row.line, row.units, row.lot,
                         row.cause == Cause::sale ? sold_from(partition, row.line) : Day{});
}

std::vector<TillGoods> goods_of(const Partition& till, const Body& body) {
  std::vector<TillGoods> made;
  const auto add = [&](Cause cause, const std::vector<SoldRow>& rows) {
    for (const SoldRow& row : rows)
      made.push_back({cause, till.goods.product(row.line), row.lot, row.units, row.pence});
  };
  if (const auto* sale = std::get_if<SaleMade>(&body)) add(Cause::sale, sale->rows);
  if (const auto* refund = std::get_if<RefundMade>(&body)) add(refund->cause, refund->rows);
  return made;
}

void TillTally::add(const std::vector<TillGoods>& goods) {
  for (const TillGoods& one : goods) {
    Sum& sum = sums_[{one.cause, one.product, one.lot}];
    sum.units += one.units;
    sum.pence += one.pence;
  }
}

// Where a row cannot hold the units, several do; the money stands in the first.
TillTally::Rows TillTally::rows(const Partition& store) const {
  Rows made;
  for (const auto& [key, sum] : sums_) {
    const auto& [cause, product, lot] = key;
    const auto line = store.goods.find(product);
    if (!line) {
      ++made.unknown;
      continue;
    }
    std::int64_t pence = sum.pence;
    for (std::int64_t left = sum.units; left > 0; left -= row_units_max) {
      const auto units = static_cast<Units>(std::min<std::int64_t>(left, row_units_max));
      made.rows.push_back({cause, *line, units, std::exchange(pence, 0), lot});
    }
  }
  return made;
}

std::vector<std::pair<std::string, std::string>> shift_report(const Partition& till) {
  const Shift& shift = till.shift;
  std::vector<std::pair<std::string, std::string>> lines;
  const auto count = [&](std::string_view name, std::uint32_t value) {
    lines.emplace_back(name, std::to_string(value));
  };
  const auto money = [&](std::string name, std::int64_t pence) {
    lines.emplace_back(std::move(name), pounds(pence));
  };
  lines.emplace_back("shift", to_string(till.number(shift.opened)));
  count("sales", shift.sale_count);
  money("sold", shift.sold_pence);
  count("refunds", shift.refund_count);
  money("refunded", shift.refunded_pence);
  count("voids", shift.void_count);
  money("voided", shift.voided_pence);
  count("no sales", shift.no_sale_count);
  for (std::size_t i = 0; i < count_of<TenderKind>; ++i)
    money("by " + std::string(text_of(static_cast<TenderKind>(i))), shift.tendered_pence[i]);
  for (std::size_t i = 0; i < vat_codes; ++i) {
    if (shift.gross_pence[i] == 0 && shift.vat_pence[i] == 0) continue;
    const std::string code(text_of(static_cast<VatCode>(i)));
    money("gross " + code, shift.gross_pence[i]);
    money("VAT " + code, shift.vat_pence[i]);
  }
  if (shift.state != DrawerState::counted) return lines;
  const std::int64_t expected = till.ledger.total(Account::cash);
  money("counted", shift.counted_pence);
  money("expected", expected);
  money(shift.counted_pence < expected ? "short" : "over",
        std::abs(shift.counted_pence - expected));
  return lines;
}

}  // namespace trade
