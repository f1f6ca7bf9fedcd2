#pragma once
// Bytes as text and back: hexadecimal and base64, strict, so that one value has one spelling.

#include <optional>
#include <string>
#include <string_view>

namespace crypto {

// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
// Accepts what to_hex writes and nothing else.
std::optional<std::string> from_hex(std::string_view text);

// RFC 4648 base64 with padding.
std::string to_base64(std::string_view bytes);
// Accepts what to_base64 writes and nothing else: full padding, spare bits zero, no line ends.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace crypto
