#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/result.h"

namespace crypto {

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view text) {
  Digest made;
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.bytes.data(),
             &size) != nullptr);
  CHECK(size == made.bytes.size());
  return made;
}

}  // namespace crypto
