#pragma once
// Trade values into JSON, straight into a string.
//
// Members have the names of member.h; what a value does not say is left out. Days are "2026-11-22",
// sites "0042", documents "0042-1-17-85", enumerations their words, keys base64.

#include <concepts>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "api/member.h"
#include "api/names.h"
#include "http/message.h"

namespace api {

// Appends a JSON string. Anything that is not UTF-8 must not come here.
void append_quoted(std::string_view text, std::string& out);

class JsonWriter {
 public:
  // Both must outlive the writer.
  JsonWriter(std::string& out, const Names& names) : out_(out), names_(&names) {}

  // False if a line had no name and stands there as null.
  bool is_complete() const { return is_complete_; }

  // Objects and arrays by hand; the commas come by themselves.
  void begin(char bracket) { separate(), out_ += bracket; }
  void end(char bracket) { out_ += bracket; }
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  // Any of the values below behind its key.
  template <class T>
  void member(std::string_view name, const T& it) {
    key(name);
    value(it);
  }

  void value(bool it) { raw(it ? "true" : "false"); }
  template <std::integral T>
  void value(T it) {
    const fmt::format_int text(it);
    raw({text.data(), text.size()});
  }
  void value(std::string_view text) { separate(), append_quoted(text, out_); }
  void value(const char* text) { value(std::string_view(text)); }
  template <trade::Word T>
  void value(T it) {
    quoted(trade::text_of(it));
  }
  void value(trade::Day day) { quoted(base::to_string(trade::to_date(day))); }
  void value(trade::SiteCode site);
  void value(trade::ActorNo actor) { value(static_cast<std::uint32_t>(actor)); }
  void value(trade::DeviceNo device) { value(static_cast<std::uint32_t>(device)); }
  void value(trade::LineNo line);
  void value(const trade::DocumentNumber& number) { quoted(trade::to_string(number)); }
  template <std::size_t size_max>
  void value(const trade::Text<size_max>& text) {
    value(text.view());
  }
  template <std::size_t size>
  void value(const trade::Octets<size>& octets) {
    base64({reinterpret_cast<const char*>(octets.bytes.data()), size});
  }
  void value(const trade::Blob& blob) { base64(blob.bytes); }
  template <class T>
  void value(const std::vector<T>& rows) {
    begin('[');
    for (const T& row : rows) value(row);
    end(']');
  }
  template <trade::Struct T>
  void value(const T& it) {
    begin('{');
    members(it);
    end('}');
  }
  template <class... Kinds>
  void value(const std::variant<Kinds...>& it) {
    std::visit([&](const auto& kind) { value(kind); }, it);
  }

  // The members of a struct, without its braces.
  template <trade::Struct T>
  void members(const T& it) {
    // The lines of a proposal are those of the store that it is for.
    if constexpr (std::is_same_v<T, trade::OrderProposed>)
      with_names(names_->of_store(it.key.store), [&] { all_members(it); });
    else
      all_members(it);
  }
  // What is written meanwhile has another site's lines.
  template <class Write>
  void with_names(const Names& other, Write&& write) {
    const Names* own = std::exchange(names_, &other);
    write();
    names_ = own;
  }

 private:
  template <trade::Struct T>
  void all_members(const T& it) {
    each_member<T>([&]<auto member>() {
      if (!is_told<member>(it.*member)) return;
      key(key_of<member>());
      if constexpr (OwnNumber::has<member>)
        value(names_->number(it.*member));
      else
        value(it.*member);
    });
  }
  void separate() {
    if (const char last = out_.empty() ? '{' : out_.back();
        last != '{' && last != '[' && last != ':' && last != '\n')
      out_ += ',';
  }
  void raw(std::string_view text) { separate(), out_ += text; }
  // For text that needs no escapes.
  void quoted(std::string_view text) {
    separate();
    out_ += '"';
    out_ += text;
    out_ += '"';
  }
  void base64(std::string_view bytes);

  std::string& out_;
  const Names* names_;
  bool is_complete_ = true;
};

// "<entry>.<place>", the name of an event for ever.
struct EventId {
  std::uint64_t entry = 0;
  std::uint32_t place = 0;
  friend auto operator<=>(const EventId&, const EventId&) = default;
};
std::string to_string(const EventId& id);
std::optional<EventId> parse_event_id(std::string_view text);

// {"event":"12.0","kind":"goods_moved","number":"...","actor":3,"device":1,"sequence":9,
//  "body":{...}}, with "at_ms" behind the event where it is given. False if a line had no name.
bool append_event(const EventId& id, const trade::Event& event, const Names& names,
                  std::string& out, std::optional<std::int64_t> at_ms = {});

// An object of the members that `write(json)` writes, none of which is a line.
template <class Write>
std::string json_object(Write&& write) {
  std::string out;
  const Names nobody({}, {});
  JsonWriter json(out, nobody);
  json.begin('{');
  write(json);
  json.end('}');
  return out;
}

// The same as an answer.
template <class Write>
http::Response json_of(int status, Write&& write) {
  return {status, "application/json", json_object(write)};
}

// An array of objects behind its key: the members of each row are what `write(row)` writes.
template <class Rows, class Write>
void write_rows(JsonWriter& json, std::string_view name, const Rows& rows, Write&& write) {
  json.key(name);
  json.begin('[');
  for (const auto& row : rows) {
    json.begin('{');
    write(row);
    json.end('}');
  }
  json.end(']');
}

}  // namespace api
