#include "journal/note.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view dash = "\u2014 ";
constexpr std::string_view private_prefix = "PRIVATE+KEY+";

template <class Bytes>
std::string_view view(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::unexpected<base::Error> bad(std::string_view what, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", what, why));
}

std::string key_bytes(KeyKind kind, std::string_view key) {
  return std::string(1, static_cast<char>(kind)) + std::string(key);
}

// "name+hash+base64", taken apart but not yet believed.
struct KeyText {
  std::string name;
  std::uint32_t id;
  KeyKind kind;
  std::array<std::uint8_t, 32> key;
};

std::optional<KeyText> parse_key(std::string_view text) {
  const std::size_t first = text.find('+');
  if (first == std::string_view::npos || text.size() < first + 10 || text[first + 9] != '+')
    return std::nullopt;
  const std::string_view name = text.substr(0, first);
  const auto id = crypto::from_hex(text.substr(first + 1, 8));
  const auto key = crypto::from_base64(text.substr(first + 10));
  if (!is_key_name(name) || !id || !key || key->size() != 33) return std::nullopt;
  const auto kind = static_cast<KeyKind>((*key)[0]);
  if (kind != KeyKind::signer && kind != KeyKind::witness) return std::nullopt;
  KeyText parts{std::string(name), static_cast<std::uint32_t>(get_number(*id, 4)), kind, {}};
  std::copy_n(key->begin() + 1, 32, parts.key.begin());
  return parts;
}

std::string cosigned_text(std::uint64_t seconds, std::string_view text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

// UTF-8 without control characters but line ends. Overlong forms and surrogates are not UTF-8.
bool is_clean_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const int more = lead < 0x80   ? 0
                     : lead < 0xc2 ? -1
                     : lead < 0xe0 ? 1
                     : lead < 0xf0 ? 2
                     : lead < 0xf5 ? 3
                                   : -1;
    if (more < 0 || text.size() - i <= static_cast<std::size_t>(more)) return false;
    if (more == 0 && lead < 0x20 && lead != '\n') return false;
    if (lead == 0x7f) return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3fu >> more);
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + static_cast<std::size_t>(k)]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
      return false;
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return std::nullopt;
  line.remove_prefix(dash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = crypto::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)),
                       static_cast<std::uint32_t>(get_number(*bytes, 4)), bytes->substr(4)};
}

}  // namespace

std::uint32_t VerifierKey::id() const {
  const crypto::Digest digest = crypto::sha256(name + "\n" + key_bytes(kind, view(key)));
  return static_cast<std::uint32_t>(get_number(digest.view(), 4));
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

std::string to_string(const VerifierKey& key) {
  return fmt::format("{}+{:08x}+{}", key.name, key.id(),
                     crypto::to_base64(key_bytes(key.kind, view(key.key))));
}

Result<VerifierKey> parse_verifier(std::string_view text) {
  const auto parts = parse_key(text);
  if (!parts) return bad(text.substr(0, 200), "not a verifier key: expected name+hash+base64");
  VerifierKey key{parts->name, parts->kind, parts->key};
  if (key.id() != parts->id) return bad(parts->name, "the key's hash does not fit the key");
  return key;
}

Signer make_signer(std::string name, KeyKind kind, const crypto::Seed& seed) {
  CHECK(is_key_name(name));
  const crypto::SigningKey key(seed);
  return {{std::move(name), kind, key.public_key()}, key};
}

std::string secret_text(const Signer& signer) {
  const crypto::Seed seed = signer.key.seed();
  return fmt::format("{}{}+{:08x}+{}", private_prefix, signer.verifier.name, signer.verifier.id(),
                     crypto::to_base64(key_bytes(signer.verifier.kind, view(seed))));
}

Result<Signer> parse_signer(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(private_prefix)) return bad("secret key", "does not begin as one");
  const auto parts = parse_key(text.substr(private_prefix.size()));
  if (!parts) return bad("secret key", "expected PRIVATE+KEY+name+hash+base64");
  Signer signer = make_signer(parts->name, parts->kind, parts->key);
  if (signer.verifier.id() != parts->id) return bad(parts->name, "the hash does not fit the key");
  return signer;
}

std::string to_string(const NoteSignature& signature) {
  std::string bytes;
  put_number(bytes, signature.id, 4);
  bytes += signature.bytes;
  return fmt::format("{}{} {}\n", dash, signature.name, crypto::to_base64(bytes));
}

std::string to_string(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) text += to_string(signature);
  return text;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > note_bytes_max) return bad("note", "too large");
  if (!is_clean_utf8(bytes)) return bad("note", "not UTF-8, or with control characters");
  // The text may hold empty lines; the last one is where the signatures begin.
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return bad("note", "no empty line before signatures");
  Note note{std::string(bytes.substr(0, split + 1)), {}};
  ByteReader rest(bytes.substr(split + 2));
  while (!rest.rest().empty()) {
    const std::string_view line = rest.line();
    const auto signature = rest.good() ? parse_signature(line) : std::nullopt;
    if (!signature) return bad("note", "a signature line is malformed");
    note.signatures.push_back(*signature);
    if (note.signatures.size() > note_signatures_max) return bad("note", "too many signatures");
  }
  if (note.signatures.empty()) return bad("note", "no signatures");
  return note;
}

NoteSignature sign(const Signer& signer, std::string_view text) {
  CHECK(signer.verifier.kind == KeyKind::signer);
  return {signer.verifier.name, signer.verifier.id(), std::string(view(signer.key.sign(text)))};
}

NoteSignature cosign(const Signer& witness, std::string_view text, std::uint64_t seconds) {
  CHECK(witness.verifier.kind == KeyKind::witness);
  std::string bytes;
  put_number(bytes, seconds, 8);
  bytes += view(witness.key.sign(cosigned_text(seconds, text)));
  return {witness.verifier.name, witness.verifier.id(), bytes};
}

SignedAt check(const Note& note, const VerifierKey& key) {
  const std::uint32_t id = key.id();
  const bool timed = key.kind == KeyKind::witness;
  const auto found = std::ranges::find_if(note.signatures, [&](const NoteSignature& one) {
    return one.id == id && one.name == key.name;
  });
  if (found == note.signatures.end()) return {};
  ByteReader bytes(found->bytes);
  const std::uint64_t seconds = timed ? bytes.number(8) : 0;
  const std::string_view raw = bytes.bytes(64);
  if (!bytes.at_end()) return {Signed::bad, 0};
  crypto::Signature signature;
  std::ranges::copy(raw, signature.begin());
  const std::string text = timed ? cosigned_text(seconds, note.text) : note.text;
  if (!crypto::verify(key.key, text, signature)) return {Signed::bad, 0};
  return {Signed::yes, seconds};
}

}  // namespace journal
