#pragma once
// What a store makes of its tills' journals, and what a till prints of its shift.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "trade/partition.h"

namespace trade {

// Cards and gift cards are switched off: then only cash is left.
bool is_cash_only(const Partition& partition);

// Goods that a customer took or brought back, by product: a store and its till number their lines
// each by itself.
struct TillGoods {
  Cause cause{};
  ProductId product;
  Lot lot;
  Units units = 0;
  std::int64_t pence = 0;
};
// What an event of the till's journal sold or took back. Requires the till's partition, with the
// lines that the event names.
std::vector<TillGoods> goods_of(const Partition& till, const Body& body);

// Goods of a stretch of a till's journal, added up.
class TillTally {
 public:
  void add(const std::vector<TillGoods>& goods);
  // Whether one more receipt of any size may no longer go into the same TillHeard.
  bool is_full() const { return sums_.size() + rows_of_receipt_max > rows_of_heard_max; }
  // Rows of the store's lines, and the number of those of products that it has no line of.
  struct Rows {
    std::vector<TillRow> rows = {};
    std::uint32_t unknown = 0;
  };
  Rows rows(const Partition& store) const;

 private:
  static constexpr std::size_t rows_of_heard_max = 2'000;  // with lots, well within an event
  static constexpr std::size_t rows_of_receipt_max = 500;  // what a basket holds
  struct Sum {
    std::int64_t units = 0, pence = 0;
  };
  std::map<std::tuple<Cause, ProductId, Lot>, Sum> sums_;
};

// Calls f(Cause, LineNo, std::int64_t units, std::int64_t pence) for the site's own goods that an
// event says customers took or brought back: by hand, on a receipt, or as its tills have it.
template <class F>
void each_traded(const Partition& partition, const Body& body, F&& f) {
  const auto rows = [&](Cause cause, const auto& them) {
    for (const auto& row : them)
      f(cause, row.line, std::int64_t{row.units}, std::int64_t{row.pence});
  };
  if (const auto* moved = std::get_if<GoodsMoved>(&body)) rows(moved->cause, moved->rows);
  if (const auto* heard = std::get_if<TillHeard>(&body))
    for (const TillRow& row : heard->rows)
      f(row.cause, row.line, std::int64_t{row.units}, row.pence);
  if (partition.site.kind == SiteKind::till) return;
  if (const auto* sale = std::get_if<SaleMade>(&body)) rows(Cause::sale, sale->rows);
  if (const auto* refund = std::get_if<RefundMade>(&body)) rows(refund->cause, refund->rows);
}

// X (while the shift runs) or Z (counted): name and figure of each line of the report, pence as
// pounds. What should be in the drawer is shown only once it was counted.
std::vector<std::pair<std::string, std::string>> shift_report(const Partition& till);

}  // namespace trade
