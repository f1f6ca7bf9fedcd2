#pragma once
// Signed notes (C2SP signed-note, tlog-cosignature): a text, and lines of signatures under it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/ed25519.h"

namespace journal {

enum class KeyKind : std::uint8_t {
  signer = 0x01,   // signs the text
  witness = 0x04,  // signs the text with a time: a cosignature
};

// Who signs: "name+hex(id)+base64(kind || public key)" as text.
struct VerifierKey {
  std::string name;
  KeyKind kind = KeyKind::signer;
  crypto::PublicKey key{};
  // The first 4 bytes of SHA-256(name || 0x0A || kind || public key).
  std::uint32_t id() const;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

// 1 to 200 bytes, printable ASCII, no space, no '+'.
bool is_key_name(std::string_view name);

std::string to_string(const VerifierKey& key);
// Error: evidence_bad.
base::Result<VerifierKey> parse_verifier(std::string_view text);

// A secret key with its name. As text "PRIVATE+KEY+name+hex(id)+base64(kind || seed)", the form
// that Go's sumdb/note writes.
struct Signer {
  VerifierKey verifier;
  crypto::SigningKey key;
};
// Requires is_key_name(name).
Signer make_signer(std::string name, KeyKind kind, const crypto::Seed& seed);
std::string secret_text(const Signer& signer);
// Error: evidence_bad, which does not repeat the text.
base::Result<Signer> parse_signer(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  std::string bytes;  // what follows the id: a signature, or a time and a signature
};

struct Note {
  std::string text;  // ends in a line end
  std::vector<NoteSignature> signatures;
};

inline constexpr std::size_t note_bytes_max = 1'000'000;
inline constexpr std::size_t note_signatures_max = 100;

std::string to_string(const NoteSignature& signature);  // one line with its end
std::string to_string(const Note& note);
// Error: evidence_bad.
base::Result<Note> parse_note(std::string_view bytes);

// A signature of kind signer.
NoteSignature sign(const Signer& signer, std::string_view text);
// A signature of kind witness at a time in seconds since 1970-01-01 UTC.
NoteSignature cosign(const Signer& witness, std::string_view text, std::uint64_t seconds);

enum class Signed : std::uint8_t {
  no,   // the key has not signed
  yes,  // it has
  bad,  // a line of this key is there, and it does not fit the text
};
struct SignedAt {
  Signed outcome = Signed::no;
  std::uint64_t seconds = 0;  // of a cosignature
};
// Lines of other keys mean nothing here.
SignedAt check(const Note& note, const VerifierKey& key);

}  // namespace journal
