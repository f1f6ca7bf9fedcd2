#include "paper/order.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "journal/checkpoint.h"
#include "trade/codec.h"

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;

constexpr char format_version = 1;
using EstateText = trade::Text<32>;

// One spelling when it is typed between spaces.
bool is_typeable(const trade::ProductId& product) {
  const std::string_view text = product.view();
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find("  ") == text.npos;
}

Result<> check_rows(const Order& order) {
  std::set<trade::ProductId> seen;
  for (const Row& row : order.rows) {
    const auto bad = [&](std::string_view what) {
      return base::fail(ErrorCode::input_bad,
                        fmt::format("order {}, product '{}': {}", trade::to_string(order.number),
                                    row.product.view(), what));
    };
    if (!is_typeable(row.product)) return bad("nobody could type it: spaces, or nothing");
    if (!seen.insert(row.product).second) return bad("stands there twice");
    const trade::Units units_min = order.is_whole() ? 1 : 0;
    if (row.units < units_min || row.units > trade::row_units_max)
      return bad(
          fmt::format("{} units, expected {} to {}", row.units, units_min, trade::row_units_max));
  }
  return {};
}

// How many characters both begin with.
std::size_t shared(std::string_view a, std::string_view b) {
  const auto ends = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(ends.in1 - a.begin());
}

void write_rows(trade::Writer& to, std::span<const Row> rows) {
  to.number(rows.size());
  trade::ProductId before;
  for (const Row& row : rows) {
    const std::string_view product = row.product.view();
    const std::size_t same = shared(before.view(), product);
    to.number(same);
    to.value(*trade::ProductId::of(product.substr(same)));
    to.number(static_cast<std::uint64_t>(row.units));
    before = row.product;
  }
}

void read_rows(trade::Reader& from, std::vector<Row>& rows) {
  const std::size_t count = from.number(whole_rows_max);
  std::string before;
  for (std::size_t i = 0; i < count && from.good(); ++i) {
    const std::size_t same = from.number(before.size());
    trade::ProductId rest;
    from.value(rest);
    const auto product = trade::ProductId::of(before.substr(0, same).append(rest.view()));
    if (!product) return from.fail();
    const auto units = static_cast<trade::Units>(from.number(trade::row_units_max));
    rows.push_back({*product, units});
    before = product->view();
  }
}

}  // namespace

std::string to_text(trade::SiteCode site) {
  return fmt::format("{:04}", static_cast<std::uint16_t>(site));
}

Result<> check(const Order& order) {
  const std::string number = trade::to_string(order.number);
  const auto bad = [&](std::string_view what) {
    return base::fail(ErrorCode::input_bad, fmt::format("order {}: {}", number, what));
  };
  if (!journal::is_id(order.estate)) return bad("the estate's name is none");
  if (!order.number.given()) return bad("a number counts from 1");
  if (order.number.site != order.key.store) return bad("the number is not one of its store");
  for (const trade::SiteCode site : {order.key.store, order.key.depot})
    if (static_cast<std::uint16_t>(site) > trade::site_code_max)
      return bad("a site code has four digits");
  if (order.key.store == order.key.depot) return bad("store and depot are one site");
  if (!order.key.delivery.given()) return bad("no day of delivery");
  if (order.made_ms < 0 || order.made_ms > made_ms_max) return bad("made at no time");
  if (order.rows.empty()) return bad("no rows");
  const std::size_t rows_max = order.is_whole() ? whole_rows_max : changes_max;
  if (order.rows.size() > rows_max)
    return base::fail(
        ErrorCode::input_too_large,
        fmt::format("order {}: {} rows, expected at most {}", number, order.rows.size(), rows_max));
  return check_rows(order);
}

std::string encode(const Order& order) {
  std::string bytes(1, format_version);
  trade::Writer to(bytes);
  to.value(*EstateText::of(order.estate));
  to.value(order.key);
  to.value(order.number.epoch);
  to.value(order.number.counter);
  to.value(order.standing_from);
  to.value(order.rehearsal);
  to.number(static_cast<std::uint64_t>(order.made_ms));
  write_rows(to, order.rows);
  return bytes;
}

Result<Order> decode(std::string_view bytes) {
  const auto bad = base::fail(ErrorCode::evidence_bad, "the bytes are not those of an order");
  if (bytes.empty() || bytes[0] != format_version) return bad;
  trade::Reader from(bytes.substr(1));
  Order order;
  EstateText estate;
  from.value(estate);
  from.value(order.key);
  from.value(order.number.epoch);
  from.value(order.number.counter);
  from.value(order.standing_from);
  from.value(order.rehearsal);
  order.made_ms = static_cast<std::int64_t>(from.number(made_ms_max));
  read_rows(from, order.rows);
  if (!from.at_end()) return bad;
  order.estate = estate.view();
  order.number.site = order.key.store;
  if (auto checked = check(order); !checked)
    return base::fail(ErrorCode::evidence_bad, std::move(checked.error().message));
  // A product could begin with less of the one before than it shares.
  if (encode(order) != bytes) return bad;
  return order;
}

}  // namespace paper
