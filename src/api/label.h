#pragma once
// The label of a reduction, as a page that prints on one label of 60 mm × 40 mm.

#include <expected>

#include "api/problem.h"
#include "api/queries.h"
#include "http/message.h"
#include "site/core.h"

namespace api {

// The number stands in the path. With a barcode where the product's id is a GTIN, or of the
// in-store code that the question names: 13 digits that begin with 2, its check digit among them.
// Errors: document_unknown, also once its goods have expired; query_wrong.
std::expected<http::Response, Problem> label_of_reduction(const Question& question,
                                                          const site::View& view);

}  // namespace api
