#pragma once
// File signatures in minisign's format (hashed form, "ED"), checked by minisign and by us.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"

namespace crypto {

struct MinisignKey {
  std::array<std::uint8_t, 8> id;
  PublicKey key;
};

// The key's minisign form. The id, which minisign only uses to name keys, is the first 8 bytes of
// SHA-256 of the public key.
MinisignKey minisign_key(const PublicKey& key);

// The text of a public key file, and back. Error: input_bad.
std::string minisign_public_file(const MinisignKey& key);
base::Result<MinisignKey> parse_minisign_public(std::string_view text);

// The text of FILE.minisig for a file's content. Requires a trusted comment without line ends.
std::string minisign(const SigningKey& key, std::string_view content, std::string_view trusted);
// The trusted comment, if the signature is the key's over this content. Error: evidence_bad.
base::Result<std::string> check_minisign(const MinisignKey& key, std::string_view content,
                                         std::string_view signature_file);

}  // namespace crypto
