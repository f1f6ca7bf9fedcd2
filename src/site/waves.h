#pragma once
// The depot's waves without anybody at a desk: which ones open, and what goes into one at its
// cut-off. Pure; the wave keeper carries it out.

#include <map>

#include "site/store_night.h"
#include "trade/partition.h"

namespace site {

// The newest standing order that a depot holds of a store, and the document that holds it.
struct HeldNight {
  StoreNight night;
  trade::Sha256 document;
};
using HeldNights = std::map<trade::SiteCode, HeldNight>;

// What a store's own journal says of one of its orders to this depot.
struct HeardOrder {
  trade::OrderKey key;
  trade::DocumentNumber number;  // not given: it was never placed
  trade::OrderState state{};
  std::vector<WantedRow> rows;
};

// Waves that are not there yet: for what standing orders will bring to this depot from its trading
// day on, and for customers' orders that it was told. The cut-off is the latest of its stores';
// where none is planned, 02:00 of the delivery day.
std::vector<trade::WaveOpened> waves_to_open(const trade::Partition& depot,
                                             const HeldNights& nights);

// An order that goes into a wave.
struct WaveOrder {
  trade::OrderKey key;
  trade::DocumentNumber order;     // not given: nobody was heard, and the depot assumes it
  trade::DocumentNumber replaces;  // that was acknowledged before
  trade::Sha256 document;          // of an assumed one
  std::vector<trade::OrderRow> rows;
  std::size_t unknown_rows = 0;  // of products that the depot does not have
};

// The orders of a wave, by key: of each store the newest that its journal, a file or a sheet has
// brought; for a store of which nothing was heard for this delivery its standing order. Whoever
// said that nothing is wanted gets nothing. Those with rows only.
std::vector<WaveOrder> orders_of_wave(const trade::Partition& depot, std::uint32_t wave,
                                      std::span<const HeardOrder> heard, const HeldNights& nights);

// Answers to orders in stores' journals that came too late, or lost; those not yet given.
std::vector<trade::OrderRefused> late_answers(const trade::Partition& depot,
                                              std::span<const HeardOrder> heard);

// What customers have ordered of this depot and it has not been told yet. A drop counts the orders
// of one day and chain; customers of one order and chain have one drop.
struct CustomerRow {
  std::string order;
  trade::ProductId product;
  trade::Chain chain{};
  trade::Units units = 0;
  trade::Day due;
};
std::vector<trade::OrderAssumed> customer_orders(const trade::Partition& depot,
                                                 std::span<const CustomerRow> rows);

// Orders to this depot in the journals of all stores that the book knows, delivered from its
// trading day on.
std::vector<HeardOrder> heard_orders(const std::map<trade::SiteCode, trade::Partition>& book,
                                     const trade::Partition& depot);

// The depot's lines for goods by their ids, by line; what it does not have is counted.
std::vector<trade::OrderRow> lines_of(std::span<const WantedRow> rows, const trade::Goods& goods,
                                      std::size_t& unknown_rows);

}  // namespace site
