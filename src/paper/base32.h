#pragma once
// Bytes as text that fits the alphanumeric mode of QR codes: RFC 4648 base32 without padding.

#include <optional>
#include <string>
#include <string_view>

namespace paper {

// 8 characters of A-Z and 2-7 for 5 bytes.
std::string to_base32(std::string_view bytes);
// Accepts what to_base32 writes and nothing else: spare bits are zero.
std::optional<std::string> from_base32(std::string_view text);

}  // namespace paper
