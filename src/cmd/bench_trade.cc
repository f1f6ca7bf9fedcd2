#include "cmd/bench_trade.h"

#include <fmt/core.h>

namespace cmd {
namespace {

using trade::LineNo;

constexpr trade::Day first_day{9'500};

trade::ProductId product(std::uint32_t number) {
  return *trade::ProductId::of(fmt::format("P{:05}", number));
}

}  // namespace

std::vector<trade::Body> MadeUpTrade::opening() const {
  std::vector<trade::Body> bodies;
  for (std::uint32_t i = 0; i < lines_; ++i) {
    const auto chain = static_cast<trade::Chain>(i % 3);
    const auto dates = i % 3 == 1 ? trade::DateKind::use_by : trade::DateKind::none;
    bodies.push_back(trade::LineOpened{product(i), {12, chain, dates, 0, 0, 1'000, 1'000}, 150, i});
  }
  return bodies;
}

trade::Body MadeUpTrade::sale() {
  trade::GoodsMoved moved{trade::Cause::sale, {}};
  std::uint32_t line = static_cast<std::uint32_t>(prng_.below(lines_));
  for (std::uint64_t rows = 1 + prng_.below(5); rows > 0 && line < lines_; --rows) {
    moved.rows.push_back({LineNo{line}, static_cast<trade::Units>(1 + prng_.below(3)), 150, {}});
    line += 1 + static_cast<std::uint32_t>(prng_.below(lines_ / 8));
  }
  return moved;
}

trade::Body MadeUpTrade::receipt() {
  trade::GoodsReceived received;
  received.source = trade::Place::supplier;
  received.temperature = 20;
  const std::uint32_t first = static_cast<std::uint32_t>(prng_.below(lines_ - 60));
  for (std::uint32_t i = 0; i < 60; ++i) {
    trade::ReceiptRow row;
    row.line = LineNo{first + i};
    row.accepted = 24;
    if ((first + i) % 3 == 1) row.lot.expiry = trade::later(day_, 9);
    if ((first + i) % 3 != 2) received.rows.push_back(row);  // frozen goods come colder
  }
  return received;
}

trade::Body MadeUpTrade::next() {
  const std::uint64_t of_day = events_ % events_per_day_;
  if (of_day == 0 && day_.given() && !std::exchange(day_is_over_, true)) return trade::DayClosed{};
  ++events_;
  if (of_day == 0) {
    day_ = day_.given() ? trade::later(day_, 1) : trade::later(first_day, 1);
    day_is_over_ = false;
    return trade::DayOpened{day_};
  }
  if (of_day % 300 == 1) return receipt();
  if (of_day % 100 == 7)
    return trade::GoodsCounted{LineNo{static_cast<std::uint32_t>(prng_.below(lines_))}, {}, 20, 0};
  return sale();
}

}  // namespace cmd
