#include "site/card_key.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/hex.h"
#include "crypto/hmac.h"
#include "io/private_folder.h"
#include "site/age.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view form = "stockade-card-key-1";
// No code has a space, so this is the digest of none.
constexpr std::string_view id_text = "stockade card key";
constexpr std::size_t id_digits = 16;

io::Path folder_of(const io::Path& file) {
  return file.has_parent_path() ? file.parent_path() : io::Path(".");
}

Result<> check_new(io::Disk& disk, const io::Path& path) {
  if (!disk.exists(path)) return {};
  return base::fail(ErrorCode::input_bad, fmt::format("{}: is there already", path.string()));
}

std::string_view view_of(const std::array<std::uint8_t, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

CardKey CardKey::make(io::Entropy& entropy) {
  CardKey made;
  entropy.fill(made.bytes_);
  return made;
}

Result<CardKey> CardKey::parse(std::string_view text) {
  const auto bad = [] {
    return base::fail(ErrorCode::input_bad, "is no card key, or a damaged one");
  };
  const std::size_t first = text.find(' '), last = text.rfind(' ');
  if (first == text.npos || first == last || text.substr(0, first) != form) return bad();
  const auto bytes = crypto::from_base64(text.substr(last + 1));
  CardKey key;
  if (!bytes || bytes->size() != key.bytes_.size()) return bad();
  std::ranges::copy(*bytes, key.bytes_.begin());
  if (key.id() != text.substr(first + 1, last - first - 1)) return bad();
  return key;
}

Result<CardKey> CardKey::read(io::Disk& disk, const io::Path& path) {
  std::string text = TRY(io::read_file(disk, path));
  if (text.ends_with('\n')) text.pop_back();
  auto key = parse(text);
  if (!key)
    return base::fail(key.error().code, fmt::format("{}: {}", path.string(), key.error().message));
  return key;
}

trade::CardDigest CardKey::digest_of(const trade::CardCode& code) const {
  trade::CardDigest made;
  made.bytes = crypto::hmac_sha256(bytes_, code.view()).bytes;
  return made;
}

trade::CardDigest CardKey::digest_of_member(std::string_view number) const {
  trade::CardDigest made;
  made.bytes = crypto::hmac_sha256(bytes_, fmt::format("member {}", number)).bytes;
  return made;
}

trade::CardCode CardKey::new_code(const trade::RequestId& request,
                                  const trade::DocumentNumber& document,
                                  std::uint32_t index) const {
  CHECK(request.given());
  const std::string_view asked(reinterpret_cast<const char*>(request.bytes.data()),
                               request.bytes.size());
  const std::string named =
      fmt::format("code {} {} {}", crypto::to_hex(asked), trade::to_string(document), index);
  const auto digest = crypto::hmac_sha256(bytes_, named).bytes;
  std::array<std::uint8_t, trade::card_code_random_bytes> random{};
  std::copy_n(digest.begin(), random.size(), random.begin());
  return trade::make_card_code(random);
}

std::string CardKey::id() const {
  return to_hex(crypto::hmac_sha256(bytes_, id_text)).substr(0, id_digits);
}

std::string CardKey::secret_text() const {
  return fmt::format("{} {} {}", form, id(), crypto::to_base64(view_of(bytes_)));
}

Result<CardKey> make_card_key(io::Disk& disk, io::Entropy& entropy, const io::Path& recipients,
                              const io::Path& sealed, const io::Path& out) {
  TRY(check_new(disk, out));
  TRY(check_new(disk, sealed));
  const CardKey key = CardKey::make(entropy);
  const auto stage = TRY(io::PrivateFolder::make(folder_of(out), "card-key"));
  const io::Path plain = stage.path() / "plain", closed = stage.path() / "sealed";
  TRY(io::write_secret_file(disk, plain, key.secret_text() + "\n"));
  TRY(seal_with_age(plain, recipients, closed));
  const std::string bytes = TRY(io::read_file(disk, closed));
  TRY(io::write_file(disk, sealed, bytes));
  TRY(io::write_secret_file(disk, out, key.secret_text() + "\n"));
  return key;
}

Result<CardKey> open_card_key(io::Disk& disk, const io::Path& sealed, const io::Path& identity,
                              const io::Path& out) {
  const auto stage = TRY(io::PrivateFolder::make(folder_of(out), "card-key"));
  const io::Path plain = stage.path() / "plain";
  TRY(open_with_age(sealed, identity, plain));
  std::string text = TRY(io::read_file(disk, plain));
  if (text.ends_with('\n')) text.pop_back();
  const auto key = CardKey::parse(text);
  if (!key)
    return base::fail(key.error().code,
                      fmt::format("{}: {}", sealed.string(), key.error().message));
  if (!disk.exists(out)) {
    TRY(io::write_secret_file(disk, out, key->secret_text() + "\n"));
    return *key;
  }
  if (TRY(CardKey::read(disk, out)) == *key) return *key;
  return base::fail(ErrorCode::input_bad, fmt::format("{}: holds another key", out.string()));
}

}  // namespace site
