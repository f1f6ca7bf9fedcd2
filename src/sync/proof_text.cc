#include "sync/proof_text.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "sync/message.h"

namespace syncing {
namespace {

using base::Result;

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(base::ErrorCode::evidence_bad, std::string(why));
}

}  // namespace

std::string proof_lines(const journal::Proof& proof) {
  std::string text = fmt::format("proof {}\n", proof.size());
  for (const Digest& digest : proof) text += to_hex(digest) + "\n";
  return text;
}

std::string note_lines(const journal::Note& note) {
  const std::string text = to_string(note);
  return fmt::format("note {}\n{}", text.size(), text);
}

Result<Digest> parse_digest(std::string_view hex) {
  const auto bytes = crypto::from_hex(hex);
  if (!bytes || bytes->size() != sizeof(Digest)) return bad("a digest is malformed");
  Digest digest;
  std::ranges::copy(*bytes, digest.bytes.begin());
  return digest;
}

Result<journal::Proof> read_proof(journal::ByteReader& reader) {
  const auto count = journal::parse_size(reader.field("proof"));
  if (!reader.good() || !count || *count > rows_max) return bad("the proof is malformed");
  journal::Proof proof;
  for (std::uint64_t i = 0; i < *count; ++i) proof.push_back(TRY(parse_digest(reader.line())));
  return proof;
}

Result<journal::SignedCheckpoint> read_note(journal::ByteReader& reader,
                                            const journal::VerifierKey& key) {
  const auto size = journal::parse_size(reader.field("note"));
  const std::string_view note = reader.bytes(static_cast<std::size_t>(size.value_or(0)));
  if (!reader.good() || !size) return bad("a note is missing");
  return journal::open_checkpoint(note, key);
}

}  // namespace syncing
