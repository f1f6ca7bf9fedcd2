#include "http/certificate.h"

#include <array>
#include <memory>
#include <optional>
#include <span>

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace http {
namespace {

template <auto free_function>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
template <class T, auto free_function>
using Owned = std::unique_ptr<T, Freer<free_function>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using X509Pointer = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free_all>;
using Number = Owned<BIGNUM, BN_clear_free>;

constexpr std::int64_t day_seconds = 86'400;
constexpr int renew_days = 30;
constexpr std::string_view names_label = "names: ";

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio, &bytes);
  CHECK(size > 0);
  return {bytes, static_cast<std::size_t>(size)};
}

Bio reader_of(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  CHECK(bio != nullptr);
  return bio;
}

std::string key_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_secmem()));
  CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio.get());
}

std::string certificate_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return text_of(bio.get());
}

// A P-256 key from 48 bytes of entropy: the private number is taken modulo n - 1, plus 1, with 128
// bits to spare so that no value is likelier than another (FIPS 186-4, B.4.1).
Key p256_key(io::Entropy& entropy) {
  std::array<std::uint8_t, 48> seed;
  entropy.fill(seed);
  const Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Owned<BN_CTX, BN_CTX_free> scratch(BN_CTX_secure_new());
  const Number secret(BN_bin2bn(seed.data(), seed.size(), nullptr)), range(BN_new());
  OPENSSL_cleanse(seed.data(), seed.size());
  CHECK(BN_sub(range.get(), EC_GROUP_get0_order(group.get()), BN_value_one()) == 1);
  CHECK(BN_mod(secret.get(), secret.get(), range.get(), scratch.get()) == 1);
  CHECK(BN_add_word(secret.get(), 1) == 1);

  const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  CHECK(EC_POINT_mul(group.get(), point.get(), secret.get(), nullptr, nullptr, scratch.get()) == 1);
  std::array<std::uint8_t, 65> spot;
  CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, spot.data(),
                           spot.size(), scratch.get()) == spot.size());

  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> list(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(list.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_BN(list.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get());
  OSSL_PARAM_BLD_push_octet_string(list.get(), OSSL_PKEY_PARAM_PUB_KEY, spot.data(), spot.size());
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(list.get()));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> maker(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  CHECK(EVP_PKEY_fromdata_init(maker.get()) == 1);
  CHECK(EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
  return Key(key);
}

// The parts that both kinds share: version 3, a serial number of our choice, subject = issuer.
X509Pointer blank(EVP_PKEY* key, std::span<const std::uint8_t> serial, const char* subject) {
  X509Pointer certificate(X509_new());
  CHECK(certificate != nullptr);
  CHECK(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  const Number number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  CHECK(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(subject), -1, -1,
                                   0) == 1);
  CHECK(X509_set_issuer_name(certificate.get(), name) == 1);
  CHECK(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

bool add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool is_address(const std::string& name) {
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> bytes(a2i_IPADDRESS(name.c_str()));
  return bytes != nullptr;
}

// Letters, digits, '-', '.', ':' and '*', so that a name cannot add fields to the extension.
bool is_plain_name(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:*";
  return !name.empty() && name.find_first_not_of(allowed) == name.npos;
}

base::Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) {
    if (!is_plain_name(name))
      return base::fail(base::ErrorCode::input_bad,
                        fmt::format("\"{}\" is no host name or IP address", name));
    if (!list.empty()) list.push_back(',');
    list.append(is_address(name) ? "IP:" : "DNS:").append(name);
  }
  if (list.empty())
    return base::fail(base::ErrorCode::input_bad, "a browser's certificate needs a name");
  return list;
}

X509Pointer parse(const std::string& pem) {
  return X509Pointer(PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr));
}

bool is_p256_pair(const Certificate& certificate) {
  const Key key(
      PEM_read_bio_PrivateKey(reader_of(certificate.key_pem).get(), nullptr, nullptr, nullptr));
  const X509Pointer parsed = parse(certificate.certificate_pem);
  return key && parsed && EVP_PKEY_is_a(key.get(), "EC") == 1 &&
         X509_check_private_key(parsed.get(), key.get()) == 1;
}

bool lasts(const Certificate& certificate, std::int64_t now_ms) {
  const X509Pointer parsed = parse(certificate.certificate_pem);
  time_t then = static_cast<time_t>(now_ms / 1000 + renew_days * day_seconds);
  return X509_cmp_time(X509_get0_notAfter(parsed.get()), &then) > 0;
}

// The file's first line says for which names it is, then key and certificate follow.
std::string file_text(const Certificate& certificate, std::string_view names) {
  return std::string(names_label).append(names) + "\n" + certificate.key_pem +
         certificate.certificate_pem;
}

struct Kept {
  std::string names;
  Certificate certificate;
};

std::optional<Kept> parse_file(std::string_view text) {
  const std::size_t key = text.find("-----BEGIN PRIVATE KEY-----");
  const std::size_t certificate = text.find("-----BEGIN CERTIFICATE-----");
  if (!text.starts_with(names_label) || key == text.npos || certificate == text.npos ||
      key > certificate)
    return std::nullopt;
  Kept kept;
  kept.certificate.certificate_pem = std::string(text.substr(certificate));
  text = text.substr(0, certificate);
  kept.certificate.key_pem = std::string(text.substr(key));
  text = text.substr(names_label.size(), key - names_label.size());
  kept.names = std::string(text.substr(0, text.find('\n')));
  if (!is_p256_pair(kept.certificate)) return std::nullopt;
  return kept;
}

}  // namespace

Certificate site_certificate(const crypto::SigningKey& key) {
  const crypto::Seed seed = key.seed();
  const Key private_key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  CHECK(private_key != nullptr);
  std::array<std::uint8_t, 1> serial{1};
  const X509Pointer certificate = blank(private_key.get(), serial, "stockade site");
  CHECK(ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "19700101000000Z") == 1);
  CHECK(ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z") == 1);
  CHECK(X509_sign(certificate.get(), private_key.get(), nullptr) > 0);
  return {key_pem(private_key.get()), certificate_pem(certificate.get())};
}

base::Result<Certificate> browser_certificate(const std::vector<std::string>& names,
                                              io::Entropy& entropy, std::int64_t now_ms) {
  const std::string list = TRY(alternative_names(names));
  const Key key = p256_key(entropy);
  std::array<std::uint8_t, 16> serial;
  entropy.fill(serial);
  serial[0] = 1;  // positive, and of full length
  const X509Pointer certificate = blank(key.get(), serial, "stockade");
  const std::int64_t now_seconds = now_ms / 1000;
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()),
                static_cast<time_t>(now_seconds - day_seconds));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()),
                static_cast<time_t>(now_seconds + (browser_days - 1) * day_seconds));
  CHECK(add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE"));
  CHECK(add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature"));
  CHECK(add_extension(certificate.get(), NID_ext_key_usage, "serverAuth"));
  if (!add_extension(certificate.get(), NID_subject_alt_name, list.c_str()))
    return base::fail(base::ErrorCode::input_bad, "a certificate cannot hold the names " + list);
  CHECK(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return Certificate{key_pem(key.get()), certificate_pem(certificate.get())};
}

base::Result<Certificate> keep_browser_certificate(io::Disk& disk, const io::Path& path,
                                                   const std::vector<std::string>& names,
                                                   io::Entropy& entropy, io::Clock& clock) {
  const std::string list = TRY(alternative_names(names));
  const std::int64_t now_ms = clock.wall_ms();
  if (disk.exists(path)) {
    auto kept = parse_file(TRY(io::read_file(disk, path)));
    if (!kept)
      return base::fail(base::ErrorCode::input_bad,
                        path.string() + " is not a key and certificate that we wrote");
    if (kept->names == list && lasts(kept->certificate, now_ms))
      return std::move(kept->certificate);
  }
  const Certificate made = TRY(browser_certificate(names, entropy, now_ms));
  TRY(io::write_secret_file(disk, path, file_text(made, list)));
  return made;
}

base::Result<crypto::Digest> fingerprint(const Certificate& certificate) {
  const X509Pointer parsed = parse(certificate.certificate_pem);
  crypto::Digest digest;
  unsigned size = 0;
  if (!parsed || X509_digest(parsed.get(), EVP_sha256(), digest.bytes.data(), &size) != 1)
    return base::fail(base::ErrorCode::input_bad, "a certificate cannot be read");
  return digest;
}

}  // namespace http
