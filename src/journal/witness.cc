#include "journal/witness.h"

namespace journal {

std::string_view to_text(WitnessRefusal refusal) {
  switch (refusal) {
    case WitnessRefusal::unknown_origin:
      return "this journal is not watched";
    case WitnessRefusal::bad_signature:
      return "the checkpoint is not signed by its journal";
    case WitnessRefusal::old_size_larger:
      return "the proof starts behind the checkpoint";
    case WitnessRefusal::other_size_known:
      return "the proof does not start at the size cosigned last";
    case WitnessRefusal::bad_proof:
      return "the proof does not lead from the tree cosigned last to this one";
  }
  return "";
}

Checkpoint Witness::remembered(const std::string& origin) const {
  const auto found = seen_.find(origin);
  return found == seen_.end() ? Checkpoint{origin, 0, empty_root()} : found->second;
}

WitnessAnswer Witness::judge(std::string_view note, std::uint64_t old_size,
                             std::span<const Digest> proof, std::uint64_t seconds) {
  const auto refuse = [](WitnessRefusal why, std::uint64_t known = 0) {
    return WitnessAnswer{std::nullopt, why, known};
  };
  const auto parsed = parse_note(note);
  const auto claimed = parsed ? parse_checkpoint(parsed->text) : std::unexpected(parsed.error());
  if (!claimed) return refuse(WitnessRefusal::bad_signature);
  const auto journal = watched_.find(claimed->origin);
  if (journal == watched_.end()) return refuse(WitnessRefusal::unknown_origin);
  if (!open_checkpoint(note, journal->second)) return refuse(WitnessRefusal::bad_signature);
  if (old_size > claimed->size) return refuse(WitnessRefusal::old_size_larger);
  const Checkpoint known = remembered(claimed->origin);
  if (old_size != known.size) return refuse(WitnessRefusal::other_size_known, known.size);
  const bool holds =
      known.size == 0
          ? proof.empty() && (claimed->size > 0 || claimed->root == known.root)
          : proves_consistency(known.size, claimed->size, known.root, claimed->root, proof);
  if (!holds) return refuse(WitnessRefusal::bad_proof, known.size);
  seen_.insert_or_assign(claimed->origin, *claimed);
  return {cosign(signer_, parsed->text, seconds), std::nullopt, claimed->size};
}

}  // namespace journal
