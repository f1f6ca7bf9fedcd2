#pragma once
// A witness: it remembers the newest checkpoint of each journal that it has seen, and cosigns one
// only after a proof that the journal has grown and not changed.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "journal/checkpoint.h"
#include "journal/tree.h"

namespace journal {

// Why a witness does not cosign, with the HTTP status of C2SP tlog-witness.
enum class WitnessRefusal : std::uint16_t {
  unknown_origin = 404,
  bad_signature = 403,
  old_size_larger = 400,   // the proof claims to start behind the checkpoint's own size
  other_size_known = 409,  // the proof starts elsewhere than at the size cosigned last
  bad_proof = 422,
};
std::string_view to_text(WitnessRefusal refusal);

struct WitnessAnswer {
  std::optional<NoteSignature> cosignature;
  std::optional<WitnessRefusal> refusal;
  std::uint64_t known_size = 0;
};

class Witness {
 public:
  // Requires a key of kind witness.
  explicit Witness(Signer signer) : signer_(std::move(signer)) {}

  const VerifierKey& key() const { return signer_.verifier; }
  // Journals whose checkpoints it judges.
  void watch(const VerifierKey& journal) { watched_.insert_or_assign(journal.name, journal); }
  // What it remembers of a journal; {origin, 0, empty root} if nothing yet.
  Checkpoint remembered(const std::string& origin) const;
  // Puts back what was remembered before a restart.
  void restore(const Checkpoint& checkpoint) {
    seen_.insert_or_assign(checkpoint.origin, checkpoint);
  }

  // Judges a checkpoint note with a consistency proof from old_size to it. On a cosignature the
  // caller must keep remembered(origin) on disk before it hands the cosignature out.
  WitnessAnswer judge(std::string_view note, std::uint64_t old_size, std::span<const Digest> proof,
                      std::uint64_t seconds);

 private:
  Signer signer_;
  std::map<std::string, VerifierKey> watched_;
  std::map<std::string, Checkpoint> seen_;
};

}  // namespace journal
