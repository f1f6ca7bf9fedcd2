#include "http/tls.h"

#include <algorithm>
#include <string_view>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace http {
namespace {

constexpr std::string_view protocol = "http/1.1";
constexpr std::string_view protocol_list = "\x08http/1.1";

base::Result<> use(SSL_CTX* context, const Certificate& certificate) {
  const auto bio_of = [](const std::string& text) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
  };
  const std::unique_ptr<X509, decltype(&X509_free)> parsed(
      PEM_read_bio_X509(bio_of(certificate.certificate_pem).get(), nullptr, nullptr, nullptr),
      X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(bio_of(certificate.key_pem).get(), nullptr, nullptr, nullptr),
      EVP_PKEY_free);
  const bool used = parsed && key && SSL_CTX_use_certificate(context, parsed.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  ERR_clear_error();
  if (!used) return base::fail(base::ErrorCode::input_bad, "a TLS certificate cannot be used");
  return {};
}

// The peer proves its key in the handshake; what the certificate says of itself decides nothing.
int accept_any(int, X509_STORE_CTX*) { return 1; }

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  std::string_view rest(reinterpret_cast<const char*>(offered), offered_size);
  while (!rest.empty()) {
    const auto length = static_cast<unsigned char>(rest[0]);
    const std::string_view word = rest.substr(1, length);
    if (word == protocol) {
      *chosen = reinterpret_cast<const unsigned char*>(word.data());
      *size = length;
      return SSL_TLSEXT_ERR_OK;
    }
    rest.remove_prefix(std::min<std::size_t>(length + 1u, rest.size()));
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// The slot of a client context where its pin lies.
int pin_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* pin, CRYPTO_EX_DATA*, int, long, void*) {  // NOLINT(google-runtime-int)
        delete static_cast<Pin*>(pin);
      });
  return slot;
}

std::optional<crypto::PublicKey> key_of(X509* certificate) {
  const EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
  if (key == nullptr || EVP_PKEY_is_a(key, "ED25519") != 1) return std::nullopt;
  crypto::PublicKey bytes;
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) != 1) return std::nullopt;
  return bytes;
}

bool matches(const Pin& pin, X509* certificate) {
  if (const auto* key = std::get_if<crypto::PublicKey>(&pin)) return key_of(certificate) == *key;
  crypto::Digest digest;
  unsigned size = 0;
  return X509_digest(certificate, EVP_sha256(), digest.bytes.data(), &size) == 1 &&
         digest == std::get<crypto::Digest>(pin);
}

int verify_pin(X509_STORE_CTX* store, void*) {
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const void* pin = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), pin_slot());
  return matches(*static_cast<const Pin*>(pin), X509_STORE_CTX_get0_cert(store)) ? 1 : 0;
}

SslContext new_context(const SSL_METHOD* method) {
  SslContext context(SSL_CTX_new(method));
  CHECK(context != nullptr);
  CHECK(SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1);
  CHECK(SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION) == 1);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

}  // namespace

void SslContextFreer::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

base::Result<SslContext> server_context(const std::vector<Certificate>& certificates) {
  SslContext context = new_context(TLS_server_method());
  if (certificates.empty())
    return base::fail(base::ErrorCode::input_bad, "TLS needs at least one certificate");
  for (const auto& certificate : certificates) TRY(use(context.get(), certificate));
  CHECK(SSL_CTX_set_num_tickets(context.get(), 0) == 1);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  CHECK(SSL_CTX_set1_client_sigalgs_list(context.get(), "ed25519") == 1);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, accept_any);
  return context;
}

base::Result<SslContext> client_context(const Pin& pin, const Certificate* own) {
  SslContext context = new_context(TLS_client_method());
  if (own != nullptr) TRY(use(context.get(), *own));
  if (std::holds_alternative<crypto::PublicKey>(pin))
    CHECK(SSL_CTX_set1_sigalgs_list(context.get(), "ed25519") == 1);
  CHECK(SSL_CTX_set_alpn_protos(context.get(),
                                reinterpret_cast<const unsigned char*>(protocol_list.data()),
                                protocol_list.size()) == 0);
  CHECK(SSL_CTX_set_ex_data(context.get(), pin_slot(), new Pin(pin)) == 1);
  SSL_CTX_set_cert_verify_callback(context.get(), verify_pin, nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

std::optional<crypto::PublicKey> peer_key(const SSL* ssl) {
  return key_of(SSL_get0_peer_certificate(ssl));
}

}  // namespace http
