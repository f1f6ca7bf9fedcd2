#include "sync/promise.h"

#include <fmt/core.h>

#include "sync/proof_text.h"

namespace syncing {
namespace {

constexpr std::string_view magic = "stockade-promise-1";

}  // namespace

bool covers(const Promise& promise, const journal::Frontier& held) {
  const journal::Checkpoint& whole = promise.note.checkpoint;
  if (held.size() != promise.entries) return false;
  if (held.size() == whole.size) return held.root() == whole.root;
  return journal::proves_consistency(held.size(), whole.size, held.root(), whole.root,
                                     promise.proof);
}

std::string to_text(const Promise& promise) {
  return fmt::format("{}\norigin {}\nentries {}\n", magic, promise.note.checkpoint.origin,
                     promise.entries) +
         proof_lines(promise.proof) + note_lines(promise.note.note);
}

base::Result<Promise> parse_promise(std::string_view text, const journal::VerifierKey& key) {
  const auto bad = [](std::string_view why) {
    return base::fail(base::ErrorCode::evidence_bad, fmt::format("promise: {}", why));
  };
  journal::ByteReader reader(text);
  if (reader.line() != magic) return bad("not of this version");
  if (reader.field("origin") != key.name) return bad("of another journal");
  const auto entries = journal::parse_size(reader.field("entries"));
  if (!reader.good() || !entries) return bad("malformed");
  Promise promise;
  promise.entries = *entries;
  promise.proof = TRY(read_proof(reader));
  promise.note = TRY(read_note(reader, key));
  if (!reader.at_end()) return bad("something follows the note");
  return promise;
}

}  // namespace syncing
