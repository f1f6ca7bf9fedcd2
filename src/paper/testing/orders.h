#pragma once
// Orders for tests: one that is written down in the documents, and random ones.

#include <fmt/core.h>

#include "base/prng.h"
#include "journal/checkpoint.h"
#include "paper/seal.h"

namespace paper::testing {

inline trade::Day day(std::string_view text) { return trade::to_day(*base::parse_date(text)); }

inline trade::ProductId product(std::string_view id) { return *trade::ProductId::of(id); }

// Twelve changes to a standing order.
inline Order small_order() {
  Order order;
  order.estate = "sample";
  order.key = {trade::SiteCode{42}, trade::SiteCode{9001}, day("2026-06-15"), 1,
               trade::Chain::chilled};
  order.number = {trade::SiteCode{42}, 1, 1234};
  order.standing_from = day("2026-06-14");
  order.made_ms = 1'781'461'800'000;  // 2026-06-14 18:30
  constexpr int units[] = {24, 0, 6, 12, 144, 30, 18, 6, 0, 48, 12, 60};
  for (int i = 0; i < 12; ++i)
    order.rows.push_back({product(fmt::format("P{:05}", 12 + 37 * i)), units[i]});
  return order;
}

// So many rows; products of letters and digits, some units large.
inline Order random_order(base::Prng& prng, std::size_t rows) {
  Order order = small_order();
  order.number.epoch = static_cast<std::uint16_t>(1 + prng.below(3));
  order.number.counter = static_cast<std::uint32_t>(1 + prng.below(1'000'000));
  order.key.delivery.days = static_cast<std::uint16_t>(9'000 + prng.below(2'000));
  order.key.drop = static_cast<std::uint8_t>(prng.below(4));
  order.key.chain = static_cast<trade::Chain>(prng.below(3));
  if (prng.below(4) == 0) order.rehearsal = order.key.delivery;
  order.rows.clear();
  for (std::size_t i = 0; i < rows; ++i) {
    const auto letter = static_cast<char>('A' + prng.below(26));
    const std::uint64_t bound = prng.below(20) == 0 ? 1'000'000 : 400;
    order.rows.push_back({product(fmt::format("{}{:03}{:04}", letter, prng.below(1'000), i)),
                          static_cast<trade::Units>(1 + prng.below(bound))});
  }
  return order;
}

inline journal::Signer signer_of(const Order& order, std::uint8_t seed = 42) {
  crypto::Seed secret{};
  secret.fill(seed);
  return journal::make_signer(signer_name(order), journal::KeyKind::signer, secret);
}

inline journal::Roster roster_of(const Order& order, const journal::Signer& signer) {
  journal::Roster roster;
  roster.estate = order.estate;
  roster.lines.push_back({signer.verifier, journal::Role::store, {}, {}});
  return roster;
}

}  // namespace paper::testing
