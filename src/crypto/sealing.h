#pragma once
// Sealing: text that only who holds the key can read, and that nobody can change unseen. Over
// libsodium's XChaCha20-Poly1305.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crypto {

using SealingKey = std::array<std::uint8_t, 32>;
// May be drawn at random for every text: at 24 bytes two never meet.
using SealingNonce = std::array<std::uint8_t, 24>;

// The nonce, the text under the key, and 16 bytes that prove it.
std::string seal(const SealingKey& key, const SealingNonce& nonce, std::string_view text);
// The text; nothing if the bytes were not sealed with the key, or were changed.
std::optional<std::string> open_sealed(const SealingKey& key, std::string_view bytes);

}  // namespace crypto
