#include "crypto/minisign.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "crypto/sha256.h"

namespace crypto {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view trusted_prefix = "trusted comment: ";
constexpr std::string_view untrusted_prefix = "untrusted comment: ";

template <class Bytes>
std::string_view view(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The next line without its end, which must be there.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("minisign signature: {}", why));
}

struct Parts {
  std::string key_id;
  Signature signature, global;
  std::string_view trusted;
};

Result<Parts> parse(std::string_view text) {
  Parts parts;
  const auto untrusted = take_line(text), first = take_line(text), trusted = take_line(text),
             last = take_line(text);
  if (!last || !text.empty() || !untrusted->starts_with(untrusted_prefix) ||
      !trusted->starts_with(trusted_prefix))
    return bad("not the four lines of a signature file");
  const auto one = from_base64(*first), two = from_base64(*last);
  if (!one || one->size() != 74 || !one->starts_with("ED")) return bad("line 2 is not a signature");
  if (!two || two->size() != 64) return bad("line 4 is not a signature");
  parts.key_id = one->substr(2, 8);
  std::copy_n(one->begin() + 10, 64, parts.signature.begin());
  std::copy_n(two->begin(), 64, parts.global.begin());
  parts.trusted = trusted->substr(trusted_prefix.size());
  return parts;
}

}  // namespace

MinisignKey minisign_key(const PublicKey& key) {
  MinisignKey result{{}, key};
  std::copy_n(sha256(view(key)).bytes.begin(), result.id.size(), result.id.begin());
  return result;
}

std::string minisign_public_file(const MinisignKey& key) {
  std::string bytes = "Ed";
  bytes += view(key.id);
  bytes += view(key.key);
  return fmt::format("{}minisign public key of a Stockade site\n{}\n", untrusted_prefix,
                     to_base64(bytes));
}

Result<MinisignKey> parse_minisign_public(std::string_view text) {
  const auto comment = take_line(text);
  const auto line = comment ? take_line(text) : std::nullopt;
  const auto bytes = line ? from_base64(*line) : std::nullopt;
  if (!bytes || !text.empty() || !comment->starts_with(untrusted_prefix) || bytes->size() != 42 ||
      !bytes->starts_with("Ed"))
    return base::fail(ErrorCode::input_bad, "not a minisign public key: expected two lines");
  MinisignKey key;
  std::copy_n(bytes->begin() + 2, key.id.size(), key.id.begin());
  std::copy_n(bytes->begin() + 10, key.key.size(), key.key.begin());
  return key;
}

std::string minisign(const SigningKey& key, std::string_view content, std::string_view trusted) {
  CHECK(trusted.find('\n') == std::string_view::npos);
  const Signature signature = key.sign(view(blake2b_512(content)));
  std::string first = "ED";
  first += view(minisign_key(key.public_key()).id);
  first += view(signature);
  const Signature global = key.sign(std::string(view(signature)) + std::string(trusted));
  return fmt::format("{}signature by a Stockade site\n{}\n{}{}\n{}\n", untrusted_prefix,
                     to_base64(first), trusted_prefix, trusted, to_base64(view(global)));
}

Result<std::string> check_minisign(const MinisignKey& key, std::string_view content,
                                   std::string_view signature_file) {
  const Parts parts = TRY(parse(signature_file));
  if (parts.key_id != view(key.id)) return bad("made with another key");
  if (!verify(key.key, view(blake2b_512(content)), parts.signature))
    return bad("does not fit the file");
  if (!verify(key.key, std::string(view(parts.signature)) + std::string(parts.trusted),
              parts.global))
    return bad("does not fit its trusted comment");
  return std::string(parts.trusted);
}

}  // namespace crypto
