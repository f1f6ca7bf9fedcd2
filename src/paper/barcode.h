#pragma once
// Linear barcodes as drawings to put into a page, over libzint.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace paper {

// A barcode as bars and spaces of equal modules, without its quiet zones.
struct Barcode {
  std::vector<bool> dark;  // module by module from the left
  std::string text;        // that stands under it for people
  std::size_t quiet_left_modules = 0, quiet_right_modules = 0;
};

inline constexpr std::size_t code_128_characters_max = 48;

// ISO/IEC 15417. Error: input_bad for no text, too long a one, or any but printable ASCII.
base::Result<Barcode> code_128(std::string_view text);

// A GTIN as EAN-13 or EAN-8 (ISO/IEC 15420): 8, 12 or 13 digits with their check digit, or 14 that
// begin with a zero. Error: input_bad for any other text.
base::Result<Barcode> ean(std::string_view gtin);

// A piece of SVG that was made here, so that it needs no escape and loads nothing.
struct Drawing {
  std::string svg;
};
// Black on white with its quiet zones, and the text under the bars; sizes in thousandths of a
// millimetre. GS1 asks of an EAN-13 for modules of 264 to 660, 330 being its nominal size.
Drawing draw(const Barcode& code, int module_um, int height_um);

}  // namespace paper
