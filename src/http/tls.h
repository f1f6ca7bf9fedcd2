#pragma once
// TLS 1.3 as Stockade speaks it, over OpenSSL: contexts for both ends, and the key of the peer.

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include <openssl/types.h>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "http/certificate.h"

namespace http {

// What a client believes in: a site's key, or the fingerprint of one certificate.
using Pin = std::variant<crypto::PublicKey, crypto::Digest>;

struct SslContextFreer {
  void operator()(SSL_CTX* context) const;
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFreer>;

// TLS 1.3 only, no tickets, no early data, http/1.1 or no protocol at all. Shows the certificate
// whose kind the client accepts first. Asks for a client's Ed25519 certificate, takes any or none.
// Error: input_bad.
base::Result<SslContext> server_context(const std::vector<Certificate>& certificates);

// Accepts the pinned peer and no other. With a key as pin it offers Ed25519 signatures alone, so a
// server with several certificates shows that one. Shows `own` if there is one.
base::Result<SslContext> client_context(const Pin& pin, const Certificate* own);

// The Ed25519 key that the other end proved to hold, if it showed one.
std::optional<crypto::PublicKey> peer_key(const SSL* ssl);

}  // namespace http
