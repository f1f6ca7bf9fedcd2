#pragma once
// HTML as it is written: text is escaped unless it is a tag of ours.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "paper/barcode.h"

namespace api {

// A string literal of this program; nothing from outside can become one.
struct Tag {
  template <std::size_t size>
  consteval Tag(const char (&literal)[size]) : text(literal, size - 1) {}  // NOLINT
  std::string_view text;
};

class Html {
 public:
  // "title" is for the head and the heading.
  explicit Html(std::string_view title);
  // A page to print, which is whole also as a file: with its own style, and no links to others.
  Html(std::string_view title, Tag style);

  void tag(Tag tag) { out_ += tag.text; }
  void text(std::string_view text);
  void number(std::int64_t value);
  void paragraph(std::string_view words);
  void heading(std::string_view words);
  void drawing(const paper::Drawing& drawing) { out_ += drawing.svg; }
  // A link to a path of this site; the value of its query is escaped for it.
  void link(Tag path_and_name, std::string_view value, std::string_view words);

  // A table; every row has as many cells as there are columns. Call end_table behind the last.
  void begin_table(std::initializer_list<std::string_view> columns);
  void row(std::span<const std::string> cells);
  void row(std::initializer_list<std::string> cells) {
    row(std::span(cells.begin(), cells.size()));
  }
  // A row whose first cell is a link.
  void row(Tag path_and_name, std::string_view value, std::span<const std::string> cells);
  void end_table();

  // The whole page.
  std::string finish() &&;

 private:
  std::string out_;
};

// "a b&c" as a value in a query: "a%20b%26c".
std::string percent_encode(std::string_view text);

}  // namespace api
