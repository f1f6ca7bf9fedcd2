#include "http/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "base/date.h"

namespace http {
namespace {

struct MethodName {
  Method method;
  std::string_view text;
};
constexpr std::array methods{
    MethodName{Method::get, "GET"},         MethodName{Method::head, "HEAD"},
    MethodName{Method::post, "POST"},       MethodName{Method::put, "PUT"},
    MethodName{Method::patch, "PATCH"},     MethodName{Method::del, "DELETE"},
    MethodName{Method::options, "OPTIONS"},
};

struct Reason {
  int status;
  std::string_view text;
};
constexpr std::array reasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{423, "Locked"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
};

struct DefaultHeader {
  std::string_view name, value;
};
constexpr std::array defaults{
    DefaultHeader{"X-Content-Type-Options", "nosniff"},
    DefaultHeader{"X-Frame-Options", "DENY"},
    DefaultHeader{"Referrer-Policy", "no-referrer"},
    DefaultHeader{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    DefaultHeader{"Cache-Control", "no-store"},
};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

namespace {

// pchar and '/' and '?' of RFC 3986, escapes included.
bool is_target_char(char c) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?%";
  return is_alphanumeric(c) || marks.find(c) != marks.npos;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Each segment of a path before its escapes are undone, so that an escaped slash cuts nothing.
bool append_segment(std::string_view segment, std::string& path) {
  const auto decoded = percent_decode(segment);
  if (!decoded || *decoded == "." || *decoded == "..") return false;
  const bool clean = std::none_of(decoded->begin(), decoded->end(),
                                  [](char c) { return is_control(c) || c == '/' || c == '\\'; });
  if (clean) path.append(*decoded);
  return clean;
}

std::optional<std::string> decode_path(std::string_view raw) {
  std::string path;
  path.reserve(raw.size());
  while (!raw.empty()) {
    raw.remove_prefix(1);  // the slash
    path.push_back('/');
    const std::size_t end = std::min(raw.find('/'), raw.size());
    const bool is_last = end == raw.size();
    if (end == 0 && !is_last) return std::nullopt;
    if (!append_segment(raw.substr(0, end), path)) return std::nullopt;
    raw.remove_prefix(end);
  }
  return path;
}

std::optional<std::string> decode_form(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

bool has_field(const Response& response, std::string_view field_name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const Field& field) { return same_word(field.name, field_name); });
}

// Headers that say where a message ends: the server's alone.
bool frames_messages(std::string_view field_name) {
  constexpr std::array<std::string_view, 5> names{"Connection", "Content-Length", "Date",
                                                  "Transfer-Encoding", "Upgrade"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view reserved) { return same_word(reserved, field_name); });
}

void append_field(std::string_view field_name, std::string_view value, std::string& out) {
  out.append(field_name).append(": ").append(value).append("\r\n");
}

void append_number(std::uint64_t number, std::string& out) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// One line of an event, cut at the first line end.
void append_event_line(std::string_view label, std::string_view value, std::string& out) {
  const std::size_t end = std::min(value.find_first_of("\r\n"), value.size());
  out.append(label).append(": ").append(value.substr(0, end)).push_back('\n');
}

}  // namespace

std::string_view name(Method method) { return methods[static_cast<std::size_t>(method)].text; }

std::optional<Method> parse_method(std::string_view text) {
  for (const auto& row : methods)
    if (row.text == text) return row.method;
  return std::nullopt;
}

std::string_view reason(int status) {
  for (const auto& row : reasons)
    if (row.status == status) return row.text;
  return {};
}

std::string_view Request::header(std::string_view field_name) const {
  for (const auto& field : headers)
    if (field.name == field_name) return field.value;
  return {};
}

Response problem(int status) {
  return {
      status,
      "application/problem+json",
      fmt::format(R"({{"type":"about:blank","title":"{}","status":{}}})", reason(status), status),
      {}};
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  if (!std::all_of(target.begin(), target.end(), is_target_char)) return std::nullopt;
  const std::size_t mark = std::min(target.find('?'), target.size());
  auto path = decode_path(target.substr(0, mark));
  if (!path) return std::nullopt;
  const std::string_view query = mark < target.size() ? target.substr(mark + 1) : "";
  return Target{*std::move(path), std::string(query)};
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return bytes;
}

std::optional<Query> parse_query(std::string_view query) {
  Query fields;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view field = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (field.empty()) continue;
    if (fields.size() == query_fields_max) return std::nullopt;
    const std::size_t mark = std::min(field.find('='), field.size());
    auto key = decode_form(field.substr(0, mark));
    auto value = decode_form(field.substr(std::min(mark + 1, field.size())));
    if (!key || !value) return std::nullopt;
    fields.emplace_back(*std::move(key), *std::move(value));
  }
  return fields;
}

std::optional<std::uint64_t> parse_event_id(std::string_view text) {
  std::int64_t id = 0;
  if (text.empty() || text.front() < '0' || text.front() > '9' || text.size() > 19)
    return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return static_cast<std::uint64_t>(id);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  constexpr std::size_t digits_max = 18;
  return text.size() <= digits_max ? parse_event_id(text) : std::nullopt;
}

std::string http_date(std::int64_t wall_ms) {
  constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t day_seconds = 86'400;
  const std::int64_t seconds = wall_ms / 1000, of_day = seconds % day_seconds;
  const base::Date date{static_cast<std::int32_t>(seconds / day_seconds)};
  const auto [year, month, day] = base::year_month_day(date);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days[static_cast<std::size_t>(base::weekday(date))], day,
                     months[static_cast<std::size_t>(month) - 1], year, of_day / 3600,
                     of_day / 60 % 60, of_day % 60);
}

bool is_field_name(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != marks.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; });
}

void append_event(const Event& event, std::string& out) {
  if (!event.id.empty()) append_event_line("id", event.id, out);
  if (!event.type.empty()) append_event_line("event", event.type, out);
  std::string_view data = event.data;
  while (true) {
    append_event_line("data", data, out);
    const std::size_t end = data.find_first_of("\r\n");
    if (end == data.npos) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  out.push_back('\n');
}

bool has_clean_fields(const Response& response) {
  return is_field_value(response.type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const Field& field) {
           return is_field_name(field.name) && is_field_value(field.value) &&
                  !frames_messages(field.name);
         });
}

void append_response_head(const Response& response, const HeadOptions& options, std::string& out) {
  out.append("HTTP/1.1 ");
  append_number(static_cast<std::uint64_t>(response.status), out);
  out.append(" ").append(reason(response.status)).append("\r\n");
  append_field("Date", options.date, out);
  if (!response.type.empty()) append_field("Content-Type", response.type, out);
  if (!options.stream && !is_bodiless(response.status)) {
    out.append("Content-Length: ");
    append_number(response.body.size(), out);
    out.append("\r\n");
  }
  if (options.close || options.stream) append_field("Connection", "close", out);
  for (const auto& row : defaults)
    if (!has_field(response, row.name)) append_field(row.name, row.value, out);
  for (const auto& field : response.headers) append_field(field.name, field.value, out);
  out.append("\r\n");
}

}  // namespace http
