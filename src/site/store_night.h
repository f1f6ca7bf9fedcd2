#pragma once
// What the centre's night holds for one store, as a document of its journal: tonight's proposals
// and the standing order (docs/formats/standing.md).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "trade/events.h"

namespace site {

// Goods by their ids: the same at every site, which lines are not.
struct WantedRow {
  trade::ProductId product;
  trade::Units units = 0;
  friend bool operator==(const WantedRow&, const WantedRow&) = default;
};

struct PlannedDelivery {
  trade::OrderKey key;
  std::int64_t cut_off_ms = 0;  // of its order, UTC since 1970
  std::vector<WantedRow> rows;  // by product, each once
  friend bool operator==(const PlannedDelivery&, const PlannedDelivery&) = default;
};

struct StoreNight {
  base::Date day;  // at whose close it was planned; the standing order is named after it
  trade::SiteCode store{};
  std::vector<PlannedDelivery> proposals;  // what goods and hands of tonight leave of the wishes
  std::vector<PlannedDelivery> standing;   // wishes of tonight and the nights after, by key
  friend bool operator==(const StoreNight&, const StoreNight&) = default;
};

std::string to_document(const StoreNight& night);
// The night, if the bytes are such a document and hold together; nothing otherwise.
std::optional<StoreNight> parse_store_night(std::string_view document);

// The standing order's delivery of a key, or nullptr.
const PlannedDelivery* standing_of(const StoreNight& night, const trade::OrderKey& key);

// Rows after changes: a row of the change replaces that of its product, and 0 units take it away.
std::vector<WantedRow> with_changes(std::vector<WantedRow> rows,
                                    std::span<const WantedRow> changes);
// What makes `from` into `to`, by product; the largest differences first.
std::vector<WantedRow> changes_between(std::span<const WantedRow> from,
                                       std::span<const WantedRow> to);

}  // namespace site
