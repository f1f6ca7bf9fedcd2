#include "sync/evidence.h"

#include <fmt/core.h>

#include "crypto/hex.h"
#include "sync/proof_text.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Checkpoint;

constexpr std::string_view magic = "stockade-evidence-1";

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("evidence: {}", why));
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
  return fmt::format("{}\norigin {}\nold-root {}\n", magic, evidence.smaller.checkpoint.origin,
                     to_hex(evidence.old_root)) +
         proof_lines(evidence.proof) + note_lines(evidence.smaller.note) +
         note_lines(evidence.larger.note);
}

Result<Evidence> parse_evidence(std::string_view text, const journal::VerifierKey& key) {
  journal::ByteReader reader(text);
  if (reader.line() != magic) return bad("not of this version");
  Evidence evidence;
  if (reader.field("origin") != key.name) return bad("of another journal");
  evidence.old_root = TRY(parse_digest(reader.field("old-root")));
  evidence.proof = TRY(read_proof(reader));
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
