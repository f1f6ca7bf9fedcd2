#include "api/json_write.h"

#include <algorithm>
#include <charconv>

#include "crypto/hex.h"

namespace api {
namespace {

// The counter of a kind that opens a document, else 0.
std::uint32_t counter_of(const trade::Body& body) {
  return std::visit(
      [](const auto& kind) -> std::uint32_t {
        if constexpr (requires { kind.counter; })
          return kind.counter;
        else
          return 0;
      },
      body);
}

}  // namespace

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  const auto is_special = [](char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ';
  };
  // Nearly no text has anything to escape.
  if (std::ranges::none_of(text, is_special)) {
    out += text;
    out += '"';
    return;
  }
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < ' ')
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

void JsonWriter::value(trade::SiteCode site) {
  separate();
  fmt::format_to(std::back_inserter(out_), "\"{:04}\"", static_cast<std::uint16_t>(site));
}

void JsonWriter::value(trade::LineNo line) {
  const trade::ProductId* product = names_->product(line);
  if (product != nullptr) return value(*product);
  is_complete_ = false;
  raw("null");
}

void JsonWriter::base64(std::string_view bytes) { quoted(crypto::to_base64(bytes)); }

std::string to_string(const EventId& id) { return fmt::format("{}.{}", id.entry, id.place); }

std::optional<EventId> parse_event_id(std::string_view text) {
  EventId id;
  const char* const end = text.data() + text.size();
  const auto entry = std::from_chars(text.data(), end, id.entry);
  if (entry.ec != std::errc{} || entry.ptr == end || *entry.ptr != '.') return std::nullopt;
  const auto place = std::from_chars(entry.ptr + 1, end, id.place);
  if (place.ec != std::errc{} || place.ptr != end || to_string(id) != text) return std::nullopt;
  return id;
}

bool append_event(const EventId& id, const trade::Event& event, const Names& names,
                  std::string& out, std::optional<std::int64_t> at_ms) {
  out.reserve(out.size() + 512);
  JsonWriter json(out, names);
  json.begin('{');
  json.member("event", std::string_view(to_string(id)));
  if (at_ms) json.member("at_ms", *at_ms);
  json.member("kind", trade::kind_name(event.body));
  if (const std::uint32_t counter = counter_of(event.body); counter != 0)
    json.member("number", names.number(counter));
  if (is_told(event.origin.actor)) json.member("actor", event.origin.actor);
  if (is_told(event.origin.device)) {
    json.member("device", event.origin.device);
    json.member("sequence", event.origin.sequence);
  }
  json.member("body", event.body);
  json.end('}');
  return json.is_complete();
}

}  // namespace api
