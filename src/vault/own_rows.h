#pragma once
// What the book knows, as rows of an estate's tables and of the few that the estate format lacks.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "estate/estate.h"
#include "vault/known.h"

namespace vault {

// The ids that an estate uses for what the book has by code: its own for sites that it knows, else
// the four digits.
class Ids {
 public:
  explicit Ids(const estate::Estate& estate);

  std::string of(trade::SiteCode site) const;
  // The estate's site, or estate::none.
  std::uint32_t site(trade::SiteCode site) const;

 private:
  const estate::Estate& estate_;
  std::map<trade::SiteCode, std::uint32_t> sites_;
};

// Units on hand, set apart included, with one date and batch.
struct StockRow {
  std::string site;
  trade::ProductId product;
  std::int64_t on_hand_units = 0, blocked_units = 0;
  trade::Lot lot;
  trade::Day as_of;
};

struct OrderedLine {
  std::string site;
  trade::ProductId product;
  trade::Day due;
  std::int64_t units = 0;
  std::optional<std::int64_t> confirmed_units;  // where somebody has answered
  std::string order, source, status;
};

struct TransitRow {
  std::string kind, from, to, number, order;
  trade::Day delivery;
  trade::ProductId product;
  trade::CargoRow cargo;
  std::string vehicle;
};

struct PriceRow {
  std::string site;
  trade::ProductId product;
  trade::Day from, to;  // not given: for good
  trade::Pence pence = 0;
};

struct StopRow {
  std::string site, number;
  trade::Stop stop;
};

// What a depot's store gets for a delivery when nobody hears of the store.
struct StandingRow {
  std::string site, depot;
  trade::OrderKey key;
  std::int64_t cut_off_ms = 0;
  trade::Day planned_on;
  trade::ProductId product;
  trade::Units units = 0;
};

// Everything of every site in the book; sorted by site as the book is.
std::vector<StockRow> stock_rows(const Known& known, const Ids& ids);
// Orders of stores that are confirmed or placed and have not come, with what their depot said of
// them; what depots took on and no store's journal tells of; what suppliers are to deliver; and
// what another site has sent.
std::vector<OrderedLine> order_rows(const Known& known, const Ids& ids);
// What has left and nobody has received.
std::vector<TransitRow> transit_rows(const Known& known, const Ids& ids);
std::vector<PriceRow> price_rows(const Known& known, const Ids& ids);
std::vector<StopRow> stop_rows(const Known& known, const Ids& ids);
// The newest standing orders that are to come from the depot whose copy this is, by store and
// delivery; none where the copy is a centre's, which holds too many of them and can plan them anew.
std::vector<StandingRow> standing_rows(const Known& known, const Ids& ids);

}  // namespace vault
