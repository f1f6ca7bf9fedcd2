#pragma once
// The night at a depot: what it should order from its suppliers, with reasons. Pure; the core
// carries it out.

#include "site/night.h"

namespace site {

struct ProposedInbound {
  trade::SupplierId supplier;
  trade::Day due;
  std::vector<ProposedLine> lines;  // in the order of their lines
  trade::InboundProposed body() const;
};

// What a depot should order from suppliers at the close of the day. What its stores sell, have and
// order tonight is what the estate says; the depot's stock and what is coming to it are the site's
// own. Sorted by supplier, then day. Errors: input_missing where the estate has no such site, and
// those of the order run.
base::Result<std::vector<ProposedInbound>> plan_depot_night(estate::Estate estate,
                                                            std::string_view site_id,
                                                            const trade::Partition& own,
                                                            base::Date day, int threads);

}  // namespace site
