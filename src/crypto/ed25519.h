#pragma once
// Ed25519 keys and signatures, over libsodium.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace crypto {

using PublicKey = std::array<std::uint8_t, 32>;
using Seed = std::array<std::uint8_t, 32>;  // the secret; all else follows from it
using Signature = std::array<std::uint8_t, 64>;

class SigningKey {
 public:
  explicit SigningKey(const Seed& seed);
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  // Leaves nothing of the secret in memory.
  ~SigningKey();

  const PublicKey& public_key() const { return public_; }
  Seed seed() const;
  Signature sign(std::string_view message) const;

 private:
  PublicKey public_;
  std::array<std::uint8_t, 64> secret_;
};

// False for any wrong signature, and for keys and signatures of small order.
bool verify(const PublicKey& key, std::string_view message, const Signature& signature);

// BLAKE2b with 64 bytes of digest (RFC 7693), as minisign uses it.
std::array<std::uint8_t, 64> blake2b_512(std::string_view bytes);

}  // namespace crypto
