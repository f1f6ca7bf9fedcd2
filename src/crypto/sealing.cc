#include "crypto/sealing.h"

#include <algorithm>

#include <sodium.h>

#include "base/result.h"

namespace crypto {
namespace {

constexpr std::size_t proof_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(sizeof(SealingKey) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(sizeof(SealingNonce) == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string seal(const SealingKey& key, const SealingNonce& nonce, std::string_view text) {
  CHECK(sodium_init() >= 0);
  std::string sealed(nonce.begin(), nonce.end());
  sealed.resize(nonce.size() + text.size() + proof_bytes);
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      reinterpret_cast<unsigned char*>(sealed.data() + nonce.size()), &size, bytes_of(text),
      text.size(), nullptr, 0, nullptr, nonce.data(), key.data());
  CHECK(size == text.size() + proof_bytes);
  return sealed;
}

std::optional<std::string> open_sealed(const SealingKey& key, std::string_view bytes) {
  CHECK(sodium_init() >= 0);
  SealingNonce nonce;
  if (bytes.size() < nonce.size() + proof_bytes) return std::nullopt;
  std::copy_n(bytes.begin(), nonce.size(), nonce.begin());
  bytes.remove_prefix(nonce.size());
  std::string text(bytes.size() - proof_bytes, '\0');
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(text.data()),
                                                 &size, nullptr, bytes_of(bytes), bytes.size(),
                                                 nullptr, 0, nonce.data(), key.data()) != 0)
    return std::nullopt;
  return text;
}

}  // namespace crypto
