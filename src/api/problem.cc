#include "api/problem.h"

#include <algorithm>
#include <vector>

#include "api/json_write.h"

namespace api {
namespace {

constexpr auto troubles = std::to_array<ProblemRow>({
#define X(name, http_status, meaning) {#name, http_status, meaning},
#include "api/trouble.def"
#undef X
});

constexpr int status_of(selling::Refusal refusal) {
  using enum selling::Refusal;
  switch (refusal) {
    case card_unknown:
    case product_unknown:
    case line_unknown:
    case offer_unknown:
    case offer_part_unknown:
      return 404;
    case price_missing:
    case sticker_expired:
    case basket_full:
    case total_out_of_range:
    case line_void:
    case vat_code_missing:
    case vat_rate_missing:
    case age_unchecked:
    case age_refused:
    case outside_hours:
    case below_minimum_price:
    case over_quantity_limit:
      return 409;
    default:
      return 422;
  }
}

// Names that another row has as well.
constexpr bool is_named_elsewhere(selling::Refusal refusal) {
  const std::string_view name = selling::row_of(refusal).name;
  return std::ranges::find(trade::refusals, name, &ProblemRow::name) != trade::refusals.end() ||
         std::ranges::find(troubles, name, &ProblemRow::name) != troubles.end();
}
constexpr selling::Refusal selling_refusal(std::size_t index) {
  return static_cast<selling::Refusal>(index);
}
constexpr auto sold_rows = [] {
  constexpr std::size_t count = [] {
    std::size_t own = 0;
    for (std::size_t i = 0; i < selling::refusals.size(); ++i)
      own += is_named_elsewhere(selling_refusal(i)) ? 0u : 1u;
    return own;
  }();
  std::array<ProblemRow, count> rows;
  std::size_t at = 0;
  for (std::size_t i = 0; i < selling::refusals.size(); ++i)
    if (const selling::Refusal refusal = selling_refusal(i); !is_named_elsewhere(refusal))
      rows[at++] = {selling::refusals[i].name, status_of(refusal), selling::refusals[i].meaning};
  return rows;
}();

constexpr auto all_rows = [] {
  std::array<ProblemRow, trade::refusals.size() + sold_rows.size() + troubles.size()> rows;
  const auto sold = std::ranges::copy(trade::refusals, rows.begin()).out;
  std::ranges::copy(troubles, std::ranges::copy(sold_rows, sold).out);
  return rows;
}();

constexpr std::string_view retry_after_seconds = "1";

}  // namespace

const ProblemRow& row_of(Trouble trouble) { return troubles[static_cast<std::size_t>(trouble)]; }

const ProblemRow& row_of(site::DoorTrouble trouble) {
  using enum site::DoorTrouble;
  switch (trouble) {
    case code_wrong:
      return row_of(Trouble::code_wrong);
    case challenge_wrong:
      return row_of(Trouble::challenge_wrong);
    case signature_wrong:
      return row_of(Trouble::signature_wrong);
    case key_unknown:
      return row_of(Trouble::key_unknown);
    case session_over:
      return row_of(Trouble::session_over);
    case too_many:
      return row_of(Trouble::too_many);
    case key_in_use:
      return row_of(trade::Refusal::key_in_use);
    case read_only:
      return row_of(Trouble::read_only);
    case not_written:
      return row_of(Trouble::not_written);
    case busy:
      break;
  }
  return row_of(Trouble::busy);
}

const ProblemRow& row_of(site::Trouble trouble) {
  switch (trouble) {
    case site::Trouble::other_content:
      return row_of(Trouble::idempotency_key_reused);
    case site::Trouble::answer_gone:
      return row_of(Trouble::answer_gone);
    case site::Trouble::not_written:
      return row_of(Trouble::not_written);
    case site::Trouble::read_only:
      break;
  }
  return row_of(Trouble::read_only);
}

const ProblemRow& row_of(selling::Refusal refusal) {
  if (refusal == selling::Refusal::line_unknown) return row_of(Trouble::basket_line_unknown);
  if (refusal == selling::Refusal::basket_full) return row_of(Trouble::basket_full);
  // A name that another row has as well stands for that one.
  return *std::ranges::find(all_rows, selling::row_of(refusal).name, &ProblemRow::name);
}

const ProblemRow& row_of(const JsonFault& fault) {
  using enum JsonFault::Kind;
  switch (fault.kind) {
    case malformed:
      return row_of(Trouble::malformed);
    case member_unknown:
      return row_of(Trouble::member_unknown);
    case member_doubled:
      return row_of(Trouble::member_doubled);
    case member_missing:
      return row_of(Trouble::member_missing);
    case member_decided:
      return row_of(Trouble::member_decided);
    case member_in_path:
      return row_of(Trouble::member_in_path);
    case too_many_rows:
      return row_of(trade::Refusal::document_too_large);
    case value_wrong:
      break;
  }
  return row_of(Trouble::value_wrong);
}

std::span<const ProblemRow> catalogue() { return all_rows; }

Problem::Problem(const JsonFault& fault)
    : row(&row_of(fault)), detail("expected " + fault.expected), pointer(fault.pointer) {}

Problem problem_of(const site::NotDone& not_done) {
  const auto* no = std::get_if<trade::No>(&not_done.why);
  Problem problem(no != nullptr ? row_of(no->why) : row_of(std::get<site::Trouble>(not_done.why)));
  problem.detail = not_done.words;
  if (no != nullptr && no->number.given()) problem.number = trade::to_string(no->number);
  return problem;
}

http::Response response_of(const Problem& problem) {
  std::string body;
  const Names nobody({}, {});
  JsonWriter json(body, nobody);
  json.begin('{');
  json.member("type", std::string_view(fmt::format("/problems/{}", problem.row->name)));
  json.member("title", problem.row->meaning);
  json.member("status", problem.row->http_status);
  const auto say = [&](std::string_view key, std::string_view text) {
    if (!text.empty()) json.member(key, text);
  };
  say("detail", problem.detail);
  say("pointer", problem.pointer);
  say("product", problem.product);
  say("number", problem.number);
  json.end('}');

  http::Response response{problem.row->http_status, "application/problem+json", std::move(body)};
  if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  if (response.status == 429 || response.status == 503)
    response.headers.push_back({"Retry-After", std::string(retry_after_seconds)});
  return response;
}

}  // namespace api
