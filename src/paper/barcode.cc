#include "paper/barcode.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zint.h>

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int text_um = 3'200;        // height of the letters
constexpr int text_under_um = 3'600;  // from the bars down to their base line

// The modules of the only row of a symbol.
Result<std::vector<bool>> modules_of(int symbology, std::string_view text) {
  const std::unique_ptr<zint_symbol, decltype(&ZBarcode_Delete)> symbol(ZBarcode_Create(),
                                                                        ZBarcode_Delete);
  if (!symbol) return base::fail(ErrorCode::input_bad, "no memory for a barcode");
  symbol->symbology = symbology;
  const std::string bytes(text);
  const int answer =
      ZBarcode_Encode(symbol.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  if (answer >= ZINT_ERROR)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("\"{}\" as a barcode: {}", text, symbol->errtxt));
  std::vector<bool> dark(static_cast<std::size_t>(symbol->width));
  for (std::size_t i = 0; i < dark.size(); ++i)
    dark[i] = (symbol->encoded_data[0][i / 8] >> (i % 8) & 1) != 0;
  return dark;
}

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '&')
      made += "&amp;";
    else if (c == '<')
      made += "&lt;";
    else if (c == '"')
      made += "&quot;";
    else
      made += c;
  }
  return made;
}

}  // namespace

Result<Barcode> code_128(std::string_view text) {
  constexpr std::size_t quiet_modules = 10;
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (text.empty() || text.size() > code_128_characters_max || !is_plain)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("a barcode holds 1 to {} characters of printable ASCII",
                                  code_128_characters_max));
  auto dark = TRY(modules_of(BARCODE_CODE128, text));
  return Barcode{std::move(dark), std::string(text), quiet_modules, quiet_modules};
}

// The check digit is libzint's to check.
Result<Barcode> ean(std::string_view gtin) {
  std::string digits(gtin);
  if (digits.size() == 12) digits.insert(0, 1, '0');
  if (digits.size() == 14 && digits.front() == '0') digits.erase(0, 1);
  const bool is_short = digits.size() == 8;
  if (!is_digits(digits) || (digits.size() != 13 && !is_short))
    return base::fail(ErrorCode::input_bad, fmt::format("\"{}\" is no GTIN", gtin));
  auto dark = TRY(modules_of(BARCODE_EANX_CHK, digits));
  return Barcode{std::move(dark), digits, is_short ? 7u : 11u, 7};
}

// One path of as many rectangles as there are bars.
Drawing draw(const Barcode& code, int module_um, int height_um) {
  const auto um = [module_um](std::size_t modules) {
    return static_cast<std::int64_t>(modules) * module_um;
  };
  const std::int64_t width =
      um(code.quiet_left_modules + code.dark.size() + code.quiet_right_modules);
  const std::int64_t height = height_um + text_under_um + text_um / 3;
  std::string path;
  for (std::size_t i = 0; i < code.dark.size();) {
    std::size_t end = i;
    while (end < code.dark.size() && code.dark[end] == code.dark[i]) ++end;
    if (code.dark[i])
      path += fmt::format("M{} 0h{}v{}h-{}z", um(code.quiet_left_modules + i), um(end - i),
                          height_um, um(end - i));
    i = end;
  }
  const std::string text = escaped(code.text);
  return {fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}.{1:03}mm\" height=\"{2}.{3:03}mm\" "
      "viewBox=\"0 0 {4} {5}\" role=\"img\" aria-label=\"{6}\" shape-rendering=\"crispEdges\">"
      "<path fill=\"#fff\" d=\"M0 0h{4}v{5}h-{4}z\"/><path fill=\"#000\" d=\"{7}\"/>"
      "<text x=\"{8}\" y=\"{9}\" font-family=\"monospace\" font-size=\"{10}\" "
      "text-anchor=\"middle\">{6}</text></svg>",
      width / 1'000, width % 1'000, height / 1'000, height % 1'000, width, height, text, path,
      width / 2, height_um + text_under_um, text_um)};
}

}  // namespace paper
