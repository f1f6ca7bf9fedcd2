#pragma once
// A sealed order as the texts of a few QR codes, to be scanned in any order.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trade/number.h"

namespace paper {

inline constexpr std::size_t code_bytes_max = 400;  // sealed bytes in one code
inline constexpr std::size_t codes_max = 24;        // of a sheet

// "STOCKADE1/0042-1-1234-85/2/3/<digest of all>/<bytes>/<check of this code>", each about equally
// long. All characters are of the alphanumeric mode. Error: input_too_large.
base::Result<std::vector<std::string>> to_codes(const trade::DocumentNumber& number,
                                                std::string_view sealed);

// What the codes of one sheet hold together, in any order and some of them twice. Error:
// evidence_bad, with the code that is missing or damaged, or that is of another sheet.
base::Result<std::string> from_codes(std::span<const std::string> codes);

// Whether a line of text begins as a code does.
bool begins_code(std::string_view text);

}  // namespace paper
