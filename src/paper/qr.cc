#include "paper/qr.h"

#include <memory>

#include <fmt/core.h>
#include <qrencode.h>

namespace paper {

base::Result<QrCode> qr_code(const std::string& text) {
  constexpr int smallest_version = 0, is_case_sensitive = 1;
  // The hint is for what is not alphanumeric; all else goes into the densest mode by itself.
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeString(text.c_str(), smallest_version, QR_ECLEVEL_M, QR_MODE_8,
                          is_case_sensitive),
      QRcode_free);
  if (!made)
    return base::fail(base::ErrorCode::input_too_large,
                      fmt::format("{} characters do not fit into a QR code", text.size()));
  QrCode code;
  code.width = static_cast<std::size_t>(made->width);
  code.dark.resize(code.width * code.width);
  for (std::size_t i = 0; i < code.dark.size(); ++i) code.dark[i] = (made->data[i] & 1) != 0;
  return code;
}

}  // namespace paper
