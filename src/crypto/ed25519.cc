#include "crypto/ed25519.h"

#include <algorithm>

#include <sodium.h>

#include "base/result.h"
#include "crypto/verified_memory.h"

namespace crypto {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// libsodium chooses its fastest code here; without it, it is slow but right.
void ready() {
  static const int outcome = sodium_init();
  CHECK(outcome >= 0);
}

thread_local VerifiedMemory* memory = nullptr;

bool check(const PublicKey& key, std::string_view message, const Signature& signature) {
  return crypto_sign_ed25519_verify_detached(signature.data(), bytes_of(message), message.size(),
                                             key.data()) == 0;
}

}  // namespace

VerifiedMemory::VerifiedMemory() {
  CHECK(memory == nullptr);
  memory = this;
}

VerifiedMemory::~VerifiedMemory() { memory = nullptr; }

SigningKey::SigningKey(const Seed& seed) {
  ready();
  CHECK(crypto_sign_ed25519_seed_keypair(public_.data(), secret_.data(), seed.data()) == 0);
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Seed SigningKey::seed() const {
  Seed seed;
  std::copy_n(secret_.begin(), seed.size(), seed.begin());
  return seed;
}

Signature SigningKey::sign(std::string_view message) const {
  Signature signature;
  CHECK(crypto_sign_ed25519_detached(signature.data(), nullptr, bytes_of(message), message.size(),
                                     secret_.data()) == 0);
  return signature;
}

bool verify(const PublicKey& key, std::string_view message, const Signature& signature) {
  ready();
  if (memory == nullptr) return check(key, message, signature);
  std::string what(key.begin(), key.end());
  what.append(signature.begin(), signature.end());
  what += message;
  if (memory->knows(what)) return true;
  const bool holds = check(key, message, signature);
  if (holds) memory->keep(std::move(what));
  return holds;
}

std::array<std::uint8_t, 64> blake2b_512(std::string_view bytes) {
  ready();
  std::array<std::uint8_t, 64> digest;
  CHECK(crypto_generichash(digest.data(), digest.size(), bytes_of(bytes), bytes.size(), nullptr,
                           0) == 0);
  return digest;
}

}  // namespace crypto
