#pragma once
// The label of a reduction, as a page that prints on one label of 60 mm × 40 mm.

#include <expected>
#include <string_view>

#include "api/problem.h"
#include "http/message.h"
#include "site/core.h"

namespace api {

// `number` as it stands in the path. Error: document_unknown, also once its goods have expired.
std::expected<http::Response, Problem> label_of_reduction(std::string_view number,
                                                          const site::View& view);

}  // namespace api
