#pragma once
// What an estate's folder asks of a site's lines: which are opened, changed and closed, at which
// prices, and at the very first what is on the shelves. Pure; the core carries it out.

#include <set>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "estate/estate.h"
#include "trade/partition.h"

namespace site {

// Whole pence of a unit; of goods that are sold by weight, whose unit is the gram, of a kilogram.
// Not bounded.
std::int64_t price_pence(estate::Money price, estate::Measure measure);

// The numbers of another site's documents: an estate's site by its index.
base::Result<trade::SiteCode> code_of(const estate::Estate& estate, std::uint32_t site);

// Bodies that bring the partition to what the estate says of the site on the day, in the order in
// which they must happen: nothing where it says that already. What is on hand is taken over only
// while the partition has no lines; later the site knows better. Lines of `kept_closed` stay closed
// whatever the estate says. The price of goods that are sold by weight is that of a kilogram.
// Errors: input_bad for a product id
// that trade cannot hold, with the id; input_missing where the estate has no such site.
base::Result<std::vector<trade::Body>> set_up(const estate::Estate& estate,
                                              std::string_view site_id, const trade::Partition& own,
                                              base::Date day,
                                              const std::set<trade::LineNo>& kept_closed = {});

// The lines of the partition that the bodies would open again.
std::set<trade::LineNo> opened_again(std::span<const trade::Body> bodies,
                                     const trade::Partition& own);
// Whether a person has closed the line, or said that it stays so, since it was open last: by its
// changes, the newest first. Otherwise the site did by itself.
bool was_closed_by_a_person(std::span<const trade::Event> changes);

}  // namespace site
