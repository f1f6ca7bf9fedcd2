#pragma once
// Questions to a site's book, and their answers as JSON. They run on the core thread between two
// commits, so each is bounded: by rows, and by bytes where rows are long.

#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "api/problem.h"
#include "api/routes.h"
#include "http/text.h"
#include "site/core.h"

namespace api {

inline constexpr std::size_t limit_max = 500;  // rows of a page
inline constexpr std::size_t limit_default = 100;
inline constexpr std::size_t page_bytes_max = 256
                                              << 10;  // then the page ends with the row it is at

// What a request asks, on its own: nothing of it points into the request.
struct Question {
  Duty duty{};
  std::array<std::string, path_values_max> values;
  http::Query query;  // known parameters, each once

  // Empty where the parameter was not given.
  std::string_view parameter(std::string_view name) const;
};

// Error: query_wrong.
std::expected<Question, Problem> read_question(const Match& match, std::string_view query);

// query_wrong, with what was expected of the parameter.
Problem query_wrong(std::string_view parameter, std::string_view expected);
// A parameter's number; `otherwise` where it was not given. Error: query_wrong.
std::expected<std::uint64_t, Problem> number_in(const Question& question, std::string_view name,
                                                std::uint64_t otherwise, std::uint64_t least,
                                                std::uint64_t most);

// The JSON that answers. Errors: query_wrong, not_found, and what trade calls unknown.
std::expected<std::string, Problem> answer(const Question& question, const site::View& view);

// The catalogue of problems, which needs no book.
std::string catalogue_json();

// An order's key as one word, for cursors: "0042.0009.2026-11-22.1.chilled".
std::string to_string(const trade::OrderKey& key);
std::optional<trade::OrderKey> parse_order_key(std::string_view text);

// What everybody sees of an order, from the three tables as far as the site has heard.
trade::Seen seen_of(const site::View& view, const trade::OrderKey& key);

// Goods on their way to the site: transfers and dispatched orders that it has not received.
struct Advice {
  trade::DocumentNumber number;
  const trade::Partition* sender = nullptr;
  const trade::OrderKey* order = nullptr;  // or a transfer
  const std::vector<trade::CargoRow>* rows = nullptr;
};
std::vector<Advice> advices_of(const site::View& view);

// Units of a line that are ordered and neither received nor dispatched, and those on the way.
struct Coming {
  std::int64_t on_order_units = 0, in_transit_units = 0;
};
Coming coming_of(const site::View& view, trade::LineNo line);

std::string_view word_of(journal::Standing standing);

}  // namespace api
