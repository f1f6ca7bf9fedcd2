#include "api/html.h"

#include <fmt/format.h>

#include "base/words.h"

namespace api {
namespace {

void write_cells(Html& page, std::span<const std::string> cells) {
  for (const std::string& cell : cells) {
    page.tag("<td>");
    page.text(cell);
    page.tag("</td>");
  }
}

}  // namespace

Html::Html(std::string_view title) {
  tag("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"stylesheet\" href=\"/style.css\"><title>");
  text(title);
  tag("</title></head><body><header><nav><a href=\"/\">Status</a> <a href=\"/stock\">Stock</a> "
      "<a href=\"/orders\">Orders</a> <a href=\"/proposals\">Proposals</a> "
      "<a href=\"/fulfilments\">Fulfilments</a> <a href=\"/inbound\">Inbound</a> "
      "<a href=\"/journal\">Journal</a></nav></header><main><h1>");
  text(title);
  tag("</h1>\n");
}

Html::Html(std::string_view title, Tag style) {
  tag("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><style>");
  tag(style);
  tag("</style><title>");
  text(title);
  tag("</title></head><body><main><h1>");
  text(title);
  tag("</h1>\n");
}

void Html::text(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_ += c;
    }
  }
}

void Html::number(std::int64_t value) { text(base::grouped(value)); }

void Html::paragraph(std::string_view words) {
  tag("<p>");
  text(words);
  tag("</p>\n");
}

void Html::heading(std::string_view words) {
  tag("<h2>");
  text(words);
  tag("</h2>\n");
}

void Html::link(Tag path_and_name, std::string_view value, std::string_view words) {
  tag("<a href=\"");
  tag(path_and_name);
  text(percent_encode(value));
  tag("\">");
  text(words);
  tag("</a>");
}

void Html::begin_table(std::initializer_list<std::string_view> columns) {
  tag("<div class=\"wide\"><table><thead><tr>");
  for (const std::string_view column : columns) {
    tag("<th scope=\"col\">");
    text(column);
    tag("</th>");
  }
  tag("</tr></thead><tbody>\n");
}

void Html::row(std::span<const std::string> cells) {
  tag("<tr>");
  write_cells(*this, cells);
  tag("</tr>\n");
}

void Html::row(Tag path_and_name, std::string_view value, std::span<const std::string> cells) {
  tag("<tr><td>");
  link(path_and_name, value, cells.front());
  tag("</td>");
  write_cells(*this, cells.subspan(1));
  tag("</tr>\n");
}

void Html::end_table() { tag("</tbody></table></div>\n"); }

std::string Html::finish() && {
  tag("</main></body></html>\n");
  return std::move(out_);
}

std::string percent_encode(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain)
      made += c;
    else
      made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return made;
}

}  // namespace api
