#include "crypto/sha256.h"

#include <openssl/evp.h>

#include "base/result.h"
#include "crypto/hex.h"

namespace crypto {
namespace {

// Looked up once: OpenSSL 3 searches its providers at every use of EVP_sha256().
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }

  void start() { CHECK(EVP_DigestInit_ex2(evp, algorithm(), nullptr) == 1); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  CHECK(context_->evp != nullptr);
  context_->start();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
  Digest digest;
  CHECK(EVP_DigestFinal_ex(context_->evp, digest.bytes.data(), nullptr) == 1);
  context_->start();
  return digest;
}

std::string Sha256::finish_hex() { return to_hex(finish()); }

std::string to_hex(const Digest& digest) { return to_hex(digest.view()); }

Digest sha256(std::string_view bytes) {
  static thread_local Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

}  // namespace crypto
