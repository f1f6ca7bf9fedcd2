#pragma once
// The catalogue of everything that a site answers with instead of what was asked for, and its form:
// RFC 9457 problems.

#include <span>
#include <string>
#include <string_view>

#include "api/json_read.h"
#include "http/message.h"
#include "selling/refusal.h"
#include "site/core.h"
#include "site/door.h"
#include "trade/refusal.h"

namespace api {

enum class Trouble : std::uint8_t {
#define X(name, http_status, meaning) name,
#include "api/trouble.def"
#undef X
};

// A row of the catalogue has the form of a refusal's.
using ProblemRow = trade::RefusalRow;

const ProblemRow& row_of(Trouble trouble);
const ProblemRow& row_of(site::DoorTrouble trouble);
const ProblemRow& row_of(site::Trouble trouble);
const ProblemRow& row_of(const JsonFault& fault);
// Selling's own words. A refusal whose name another row has already stands for that which it means
// in a basket.
const ProblemRow& row_of(selling::Refusal refusal);
using trade::row_of;

// Refusals of trade, those of selling, then everything else; each name once.
std::span<const ProblemRow> catalogue();

// A problem as it is answered: "type" and "title" are the row's; what is empty is left out.
struct Problem {
  explicit Problem(const ProblemRow& its_row) : row(&its_row) {}
  Problem(Trouble trouble) : row(&row_of(trouble)) {}            // NOLINT
  Problem(site::DoorTrouble trouble) : row(&row_of(trouble)) {}  // NOLINT
  Problem(const JsonFault& fault);                               // NOLINT

  const ProblemRow* row;
  std::string detail{};
  std::string pointer{};  // into the request's body
  std::string product{};
  std::string number{};
};

// Why a wish did not happen.
Problem problem_of(const site::NotDone& not_done);

// With WWW-Authenticate behind 401 and Retry-After behind 429 and 503.
http::Response response_of(const Problem& problem);

}  // namespace api
