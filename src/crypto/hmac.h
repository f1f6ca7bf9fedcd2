#pragma once
// HMAC-SHA-256 (RFC 2104): a digest that only who holds the key can make. Over OpenSSL.

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/sha256.h"

namespace crypto {

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view text);

}  // namespace crypto
