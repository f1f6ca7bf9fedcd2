#pragma once
// Certificates made here, self-signed: a site's own from its Ed25519 key, a browser's from P-256.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "io/clock.h"
#include "io/disk.h"
#include "io/entropy.h"

namespace http {

// One private key and its certificate, both as PEM.
struct Certificate {
  std::string key_pem, certificate_pem;
};

// A certificate that says nothing but "this key": always the same for the same key, of no name and
// without an end (RFC 5280, 4.1.2.5), because the roster decides about keys.
Certificate site_certificate(const crypto::SigningKey& key);

// An ordinary ECDSA P-256 certificate for `names` (DNS names and IP addresses, at least one), good
// from the day before now for browser_days.
inline constexpr int browser_days = 397;
base::Result<Certificate> browser_certificate(const std::vector<std::string>& names,
                                              io::Entropy& entropy, std::int64_t now_ms);

// The browser certificate in the file `path`, which only its owner can read. It is made where there
// is none, and anew in its last 30 days or for other names. Errors: input_bad (the file is
// something else and is left alone), io_failed.
base::Result<Certificate> keep_browser_certificate(io::Disk& disk, const io::Path& path,
                                                   const std::vector<std::string>& names,
                                                   io::Entropy& entropy, io::Clock& clock);

// SHA-256 of the certificate's DER form: what a person compares, and what a client may pin. Error:
// input_bad.
base::Result<crypto::Digest> fingerprint(const Certificate& certificate);

}  // namespace http
