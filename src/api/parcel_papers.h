#pragma once
// Papers for online orders at a store: what to pick for the open parcels, by temperature zone, and
// the labels of a parcel's bags.

#include <expected>
#include <string>

#include "api/problem.h"
#include "api/queries.h"
#include "http/message.h"
#include "site/core.h"

namespace api {

inline constexpr std::uint64_t bags_max = 20;         // of a parcel, in each zone
inline constexpr std::size_t pick_rows_max = 10'000;  // then the page ends with the parcel it is at

// What is owed of at most `limit` parcels behind the cursor: zone by zone, line by line in the
// order of the way round, order by order; and what is to go back to the shelves. Errors:
// query_wrong.
std::expected<std::string, Problem> parcel_pick_list_json(const Question& question,
                                                          const site::View& view);
// The same as a page to print.
std::expected<http::Response, Problem> parcel_pick_list_page(const Question& question,
                                                             const site::View& view);

// A label of 100 mm × 60 mm for each bag: number, barcode, slot, zone. The question says how many
// bags there are in each zone; else there is one for each zone with goods. Errors: query_wrong,
// document_unknown.
std::expected<http::Response, Problem> labels_of_parcel(const Question& question,
                                                        const site::View& view);

// A page to print, which is whole also as a file and loads nothing.
http::Response printed(std::string html);

}  // namespace api
