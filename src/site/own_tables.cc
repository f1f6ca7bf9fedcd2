#include "site/own_tables.h"

#include <algorithm>
#include <tuple>

namespace site {

OwnLines::OwnLines(const estate::Estate& estate, const trade::Partition& own)
    : line_of(estate.products.size(), trade::no_line),
      product_of(own.goods.line_count(), estate::none) {
  for (std::uint32_t product = 0; product < line_of.size(); ++product) {
    const auto id = trade::ProductId::of(estate.products[product].id);
    const auto line = id ? own.goods.find(*id) : std::nullopt;
    if (!line) continue;
    line_of[product] = *line;
    product_of[index(*line)] = product;
  }
}

estate::Stock own_stock(std::uint32_t site, const trade::Partition& own, const OwnLines& lines,
                        base::Date day) {
  estate::Stock stock;
  const auto add = [&](std::uint32_t product, std::int32_t units, trade::Day expiry) {
    stock.site.push_back(site);
    stock.product.push_back(product);
    stock.on_hand_units.push_back(units);
    stock.blocked_units.push_back(0);
    stock.expiry.push_back(expiry.given() ? trade::to_date(expiry) : base::date_max);
    stock.as_of.push_back(day);
    stock.counted_on.push_back(base::date_min);
  };
  for (std::uint32_t product = 0; product < lines.line_of.size(); ++product) {
    const trade::LineNo line = lines.line_of[product];
    if (line == trade::no_line) continue;
    trade::Units loose = own.stock.on_hand(line);
    std::map<trade::Day, trade::Units> by_expiry;
    own.stock.each_lot(line, [&](const trade::Lot& lot, trade::Units units) {
      loose -= units;
      if (!trade::is_stopped(own, line, lot)) by_expiry[lot.expiry] += units;
    });
    if (trade::is_stopped(own, line, {})) loose = 0;
    if (by_expiry.empty() || loose != 0) by_expiry[trade::Day{}] += loose;
    // In the order of the estate: by expiry, without a date last.
    const trade::Units undated =
        by_expiry.contains(trade::Day{}) ? by_expiry.extract(trade::Day{}).mapped() : 0;
    const bool has_dated = !by_expiry.empty();
    for (const auto& [expiry, units] : by_expiry) add(product, units, expiry);
    if (!has_dated || undated != 0) add(product, undated, {});
  }
  return stock;
}

std::vector<estate::OnOrderRow> own_orders(std::uint32_t site, const trade::Partition& own,
                                           const OwnLines& lines, base::Date day) {
  std::vector<estate::OnOrderRow> rows;
  for (const auto& [key, order] : own.orders) {
    if (order.state != trade::OrderState::placed) continue;
    for (const trade::OrderedRow& row : order.rows) {
      const std::uint32_t product = lines.product_of[index(row.line)];
      const trade::Units left = row.ordered - row.received;
      if (product == estate::none || left <= 0) continue;
      estate::OnOrderRow& made = rows.emplace_back();
      made.site = site;
      made.product = product;
      made.due = std::max(trade::to_date(key.delivery), day + 1);
      made.units = left;
      made.order = to_string(own.number(order.counter));
    }
  }
  std::ranges::sort(rows, {}, [](const estate::OnOrderRow& row) {
    return std::tuple(row.product, row.due, std::string_view(row.order));
  });
  return rows;
}

estate::Stock stock_with(const estate::Stock& known,
                         const std::map<std::uint32_t, estate::Stock>& own) {
  estate::Stock made;
  const bool has_batches = !known.batch.empty();
  const auto add = [&](const estate::Stock& from, std::size_t row) {
    made.site.push_back(from.site[row]);
    made.product.push_back(from.product[row]);
    made.on_hand_units.push_back(from.on_hand_units[row]);
    made.blocked_units.push_back(from.blocked_units[row]);
    made.expiry.push_back(from.expiry[row]);
    made.as_of.push_back(from.as_of[row]);
    made.counted_on.push_back(from.counted_on[row]);
    if (has_batches) made.batch.push_back(from.batch.empty() ? "" : from.batch[row]);
  };
  std::size_t row = 0;
  for (const auto& [site, stock] : own) {
    for (; row < known.size() && known.site[row] < site; ++row) add(known, row);
    for (std::size_t i = 0; i < stock.size(); ++i) add(stock, i);
    while (row < known.size() && known.site[row] == site) ++row;
  }
  for (; row < known.size(); ++row) add(known, row);
  return made;
}

}  // namespace site
