#pragma once
// A text as the dark and light squares of a QR code, over libqrencode.

#include <string>
#include <vector>

#include "base/result.h"

namespace paper {

struct QrCode {
  std::size_t width = 0;   // squares each way, without a quiet zone
  std::vector<bool> dark;  // width * width, row by row from the top
};

inline constexpr std::size_t qr_quiet_squares = 4;  // light, on each side

// Error correction M, which bears some 15 % of damage. Error: input_too_large.
base::Result<QrCode> qr_code(const std::string& text);

}  // namespace paper
