#include "sync/evidence.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Checkpoint;

constexpr std::string_view magic = "stockade-evidence-1";

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("evidence: {}", why));
}

std::optional<Digest> digest_of(std::string_view hex) {
  const auto bytes = crypto::from_hex(hex);
  if (!bytes || bytes->size() != sizeof(Digest)) return std::nullopt;
  Digest digest;
  std::ranges::copy(*bytes, digest.bytes.begin());
  return digest;
}

Result<journal::SignedCheckpoint> read_note(journal::ByteReader& reader,
                                            const journal::VerifierKey& key) {
  const auto size = journal::parse_size(reader.field("note"));
  const std::string_view note = reader.bytes(static_cast<std::size_t>(size.value_or(0)));
  if (!reader.good() || !size) return bad("a note is missing");
  return journal::open_checkpoint(note, key);
}

}  // namespace

bool holds(const Evidence& evidence) {
  const Checkpoint& smaller = evidence.smaller.checkpoint;
  const Checkpoint& larger = evidence.larger.checkpoint;
  return smaller.origin == larger.origin && evidence.old_root != smaller.root &&
         journal::proves_consistency(smaller.size, larger.size, evidence.old_root, larger.root,
                                     evidence.proof);
}

std::string to_text(const Evidence& evidence) {
  std::string text = fmt::format("{}\norigin {}\nold-root {}\nproof {}\n", magic,
                                 evidence.smaller.checkpoint.origin, to_hex(evidence.old_root),
                                 evidence.proof.size());
  for (const Digest& digest : evidence.proof) text += to_hex(digest) + "\n";
  for (const auto* one : {&evidence.smaller, &evidence.larger}) {
    const std::string note = to_string(one->note);
    text += fmt::format("note {}\n{}", note.size(), note);
  }
  return text;
}

Result<Evidence> parse_evidence(std::string_view text, const journal::VerifierKey& key) {
  journal::ByteReader reader(text);
  if (reader.line() != magic) return bad("not of this version");
  Evidence evidence;
  if (reader.field("origin") != key.name) return bad("of another journal");
  const auto old_root = digest_of(reader.field("old-root"));
  const auto count = journal::parse_size(reader.field("proof"));
  if (!reader.good() || !old_root || !count || *count > rows_max) return bad("malformed");
  evidence.old_root = *old_root;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto digest = digest_of(reader.line());
    if (!digest) return bad("a line of the proof is malformed");
    evidence.proof.push_back(*digest);
  }
  evidence.smaller = TRY(read_note(reader, key));
  evidence.larger = TRY(read_note(reader, key));
  if (!reader.at_end()) return bad("something follows the notes");
  if (!holds(evidence)) return bad("the two checkpoints do not contradict each other");
  return evidence;
}

std::string describe(const Evidence& evidence) {
  const auto text = [](const Checkpoint& one) {
    return fmt::format("{} entries with root {}", one.size, crypto::to_base64(one.root.view()));
  };
  return fmt::format("{} has signed {}, and {}, of which the first {} have root {}",
                     evidence.smaller.checkpoint.origin, text(evidence.smaller.checkpoint),
                     text(evidence.larger.checkpoint), evidence.smaller.checkpoint.size,
                     crypto::to_base64(evidence.old_root.view()));
}

}  // namespace syncing
