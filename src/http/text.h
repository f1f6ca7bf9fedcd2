#pragma once
// The small grammars around HTTP, pure: targets, queries, event ids, dates, heads of responses.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace http {

inline constexpr std::size_t query_fields_max = 64;

struct Target {
  std::string path, query;
};

// The target of a request line in origin form (RFC 9112, 3.2.1): "/a%20b?c=d". The path is
// percent-decoded and has one meaning only: no empty segment but the last, no "." or "..", no
// encoded '/', '\' or control character. Anything else is nothing.
std::optional<Target> parse_target(std::string_view target);

// Bytes of "%41"-style text; '+' stays '+'. Nothing for a broken escape.
std::optional<std::string> percent_decode(std::string_view text);

using Query = std::vector<std::pair<std::string, std::string>>;
// "a=1&b=&c" in order, escapes decoded and '+' read as a space, as forms send it. Nothing for a
// broken escape or more than query_fields_max fields.
std::optional<Query> parse_query(std::string_view query);

// A Last-Event-ID of ours: 1 to 19 digits that fit 63 bits, nothing else.
std::optional<std::uint64_t> parse_event_id(std::string_view text);

// A Content-Length: digits only, at most 18.
std::optional<std::uint64_t> parse_length(std::string_view text);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). Requires wall_ms >= 0.
std::string http_date(std::int64_t wall_ms);

// Equal but for the case of ASCII letters, as names of headers are.
bool same_word(std::string_view a, std::string_view b);

bool is_field_name(std::string_view text);
// No control characters but tab, so nothing can split a header.
bool is_field_value(std::string_view text);

// Appends an event as a text/event-stream reads it. Line ends in id and type are left out.
void append_event(const Event& event, std::string& out);

struct HeadOptions {
  std::string_view date;  // http_date's
  bool close = false;     // the connection ends after this response
  bool stream = false;    // the body has no length; it ends with the connection
};

// Appends status line and headers up to the empty line: Date, Content-Type, Content-Length, and
// unless the response brings its own: nosniff, no framing, no referrer, no caching, and a content
// policy that allows nothing. Requires fields that is_field_name and is_field_value accept.
void append_response_head(const Response& response, const HeadOptions& options, std::string& out);

// True if all of the response's fields may stand in a head: clean, and none that frames messages.
bool has_clean_fields(const Response& response);

// True if a response of this status carries no body and no Content-Length.
constexpr bool is_bodiless(int status) { return status == 204 || status == 304; }

}  // namespace http
