#pragma once
// A night as a document of the journal: what was proposed, until when it may change, and why.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "site/depot_night.h"
#include "site/night.h"

namespace site {

template <class Order>
struct UntilCutOff {
  Order order;
  std::int64_t cut_off_ms = 0;  // then it is placed; UTC since 1970
};

struct ToldNight {
  base::Date day;
  std::vector<UntilCutOff<ProposedOrder>> orders;     // of a store
  std::vector<UntilCutOff<ProposedInbound>> inbound;  // of a depot, to its suppliers
  std::vector<Lesson> lessons;                        // that the site knew of
};

// The document, JSON: docs/design/site.md. Lines are those of the partition.
std::string to_document(const ToldNight& night, const trade::Partition& own);

// Why an order's products are proposed as they are, each with the reasons that the document has,
// the largest first; nothing, if it does not tell of the order.
using ReasonsOf = std::map<std::string, std::vector<Reason>, std::less<>>;
std::optional<ReasonsOf> reasons_of(std::string_view document, const trade::OrderKey& key);

// The day of the night that a document tells; nothing, if it is a document of something else.
std::optional<base::Date> night_of(std::string_view document);

}  // namespace site
