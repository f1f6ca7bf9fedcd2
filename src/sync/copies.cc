#include "sync/copies.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/files.h"
#include "journal/witness.h"

namespace syncing {
namespace {

using base::Result;
using journal::SignedCheckpoint;

constexpr std::string_view lock_file = "lock";

// For a roster's line, whose origin is well formed.
std::string folder_name(const std::string& origin_text) {
  const auto origin = journal::parse_origin(origin_text);
  CHECK(origin.has_value());
  return fmt::format("{}-{}", origin->site, origin->epoch);
}

No failed(const base::Error& error) { return {Refusal::failed, error.message}; }

bool is_there(io::Disk& disk, const io::Path& path, const Digest& digest) {
  if (!disk.exists(path)) return false;
  const auto bytes = io::read_file(disk, path);
  return bytes && crypto::sha256(*bytes) == digest;
}

}  // namespace

Result<Copies> Copies::open(io::Disk& disk, CopiesOptions options, const RosterIndex& roster) {
  TRY(disk.make_folders(options.folder / evidence_folder));
  const io::Path lock = options.folder / lock_file;
  if (!disk.exists(lock)) TRY(io::write_file(disk, lock, {}));
  Copies copies(disk, std::move(options), roster);
  copies.lock_ = TRY(disk.open_file(lock));
  copies.volume_ = TRY(disk.open_volume(copies.options_.folder));
  for (std::string& name : TRY(disk.list(copies.options_.folder)))
    copies.found_.insert(std::move(name));
  return copies;
}

Want Copies::wants(const std::string& name) const {
  const auto origin = journal::parse_origin(name);
  return origin && roster_->journal(name) ? options_.wants(*origin) : Want::nothing;
}

std::expected<Copies::Kept*, No> Copies::kept(const std::string& origin) {
  const auto* line = TRY(roster_->journal(origin));
  if (const auto found = kept_.find(origin); found != kept_.end()) return &found->second;
  auto copy = Copy::open(*disk_, options_.folder / folder_name(origin), line->key);
  if (!copy) return std::unexpected(failed(copy.error()));
  Kept& kept = kept_.emplace(origin, Kept{*std::move(copy)}).first->second;
  kept.is_frozen = disk_->exists(evidence_path(kept.copy));
  return &kept;
}

std::expected<Copy*, No> Copies::find(const std::string& origin) {
  return &TRY(kept(origin))->copy;
}

bool Copies::may_hold(const std::string& origin) const {
  return kept_.contains(origin) || found_.contains(folder_name(origin));
}

std::optional<No> Copies::objection(const Kept& kept) const {
  const std::uint64_t size = kept.copy.size();
  if (kept.is_frozen)
    return No{Refusal::rewritten,
              fmt::format("{}: evidence is kept in {}", kept.copy.key().name,
                          evidence_path(kept.copy).filename().string()),
              size};
  if (!kept.copy.damage().empty()) return No{Refusal::damaged, kept.copy.damage(), size};
  return std::nullopt;
}

std::optional<No> Copies::objection(const std::string& origin) {
  const auto found = kept(origin);
  return found ? objection(**found) : found.error();
}

std::expected<SignedCheckpoint, No> Copies::signed_note(const std::string& note,
                                                        const Copy& copy) const {
  auto opened = journal::open_checkpoint(note, copy.key());
  if (!opened || note.size() > note_bytes_max)
    return std::unexpected(
        No{Refusal::bad_signature, opened ? "too long" : opened.error().message, copy.size()});
  return *std::move(opened);
}

// Two signatures over one size.
std::optional<No> Copies::contradiction(Kept& kept, const SignedCheckpoint& note) {
  const auto* held = kept.copy.base_for(note.checkpoint.size);
  if (held == nullptr || held->checkpoint.size != note.checkpoint.size ||
      held->checkpoint.root == note.checkpoint.root)
    return std::nullopt;
  return keep_evidence(kept, {*held, note, note.checkpoint.root, {}});
}

// The journal is not gone on with: a site that lies once may lie in any entry.
No Copies::keep_evidence(Kept& kept, const Evidence& evidence) {
  CHECK(holds(evidence));
  kept.is_frozen = true;
  No no{Refusal::rewritten, describe(evidence), kept.copy.size()};
  const auto written = io::write_file(*disk_, evidence_path(kept.copy), to_text(evidence));
  if (!written) no.words += "; the evidence could not be kept: " + written.error().message;
  return no;
}

io::Path Copies::evidence_path(const Copy& copy) const {
  return options_.folder / evidence_folder / folder_name(copy.key().name);
}

std::expected<Taken, No> Copies::take(const Run& run, std::uint64_t at_s) {
  Kept& kept = *TRY(this->kept(run.origin));
  Copy& copy = kept.copy;
  const Want want = wants(run.origin);
  if (want < Want::entries) return std::unexpected(No{Refusal::not_held, run.origin});
  if (const auto no = objection(kept)) return std::unexpected(*no);
  const SignedCheckpoint note = TRY(signed_note(run.note, copy));
  if (const auto no = contradiction(kept, note)) return std::unexpected(*no);
  if (run.from != copy.size()) return answer(kept, note, at_s);
  const Step step = TRY(copy.judge(run, note));
  const auto* line = TRY(roster_->journal(run.origin));
  if (line->revoked_at_entries && step.place.next > *line->revoked_at_entries)
    return std::unexpected(
        No{Refusal::revoked_key,
           fmt::format("{} speaks for {} entries", run.origin, *line->revoked_at_entries),
           copy.size()});
  if (want == Want::everything) {
    auto missing = lacking(kept, step);
    if (!missing.empty()) return Taken{copy.size(), {}, std::move(missing)};
  }
  unsynced_.insert(run.origin);
  if (const auto written = copy.write(step); !written)
    return std::unexpected(failed(written.error()));
  return answer(kept, note, at_s);
}

std::vector<Digest> Copies::lacking(Kept& kept, const Step& step) {
  std::vector<Digest> missing;
  kept.asked_for.clear();
  for (const journal::DocumentBody& body : step.documents) {
    if (missing.size() == lacking_max) break;
    const io::Path path = journal::document_path(kept.copy.folder(), body.digest);
    if (kept.asked_for.contains(body.digest) || is_there(*disk_, path, body.digest)) continue;
    missing.push_back(body.digest);
    kept.asked_for.insert(body.digest);
  }
  return missing;
}

std::expected<Taken, No> Copies::take_document(const std::string& origin, std::string_view bytes) {
  Kept& kept = *TRY(this->kept(origin));
  const Digest digest = crypto::sha256(bytes);
  const io::Path path = journal::document_path(kept.copy.folder(), digest);
  if (kept.asked_for.contains(digest)) {
    const auto put = [&]() -> Result<> {
      TRY(disk_->make_folders(path.parent_path()));
      return TRY(disk_->create(path))->write(bytes);
    };
    if (const auto done = put(); !done) return std::unexpected(failed(done.error()));
    kept.asked_for.erase(digest);
    unsynced_.insert(origin);
    unsynced_documents_.push_back(path);
  } else if (!is_there(*disk_, path, digest)) {
    return std::unexpected(No{Refusal::not_asked_for, to_hex(digest), kept.copy.size()});
  }
  return Taken{kept.copy.size(), {}, {}};
}

bool Copies::expects_document(const std::string& origin, const Digest& digest) {
  const auto kept = this->kept(origin);
  if (!kept) return false;
  const io::Path path = journal::document_path((*kept)->copy.folder(), digest);
  if (is_there(*disk_, path, digest)) return false;
  (*kept)->asked_for.insert(digest);
  return true;
}

// The rule of journal::Witness, which also says whether the proof leads to what is signed. Where
// it leads there from another tree than the one that was signed before, that is evidence.
std::expected<Taken, No> Copies::take(const Growth& growth, std::uint64_t at_s) {
  Kept& kept = *TRY(this->kept(growth.origin));
  Copy& copy = kept.copy;
  const Want want = wants(growth.origin);
  if (want == Want::nothing) return std::unexpected(No{Refusal::not_held, growth.origin});
  if (const auto no = objection(kept)) return std::unexpected(*no);
  const SignedCheckpoint note = TRY(signed_note(growth.note, copy));
  if (const auto no = contradiction(kept, note)) return std::unexpected(*no);
  const auto* line = TRY(roster_->journal(growth.origin));
  if (line->revoked_at_entries && note.checkpoint.size > *line->revoked_at_entries)
    return std::unexpected(No{Refusal::revoked_key, growth.origin, copy.size()});
  const auto* held = copy.base_for(note.checkpoint.size);
  const std::uint64_t known = held != nullptr ? held->checkpoint.size : 0;
  if (growth.old_size != known || note.checkpoint.size < known) return Taken{known, {}, {}};
  if (known > 0) {
    const Evidence evidence{*held, note, growth.old_root, growth.proof};
    if (holds(evidence)) return std::unexpected(keep_evidence(kept, evidence));
    if (!journal::proves_consistency(known, note.checkpoint.size, held->checkpoint.root,
                                     note.checkpoint.root, growth.proof))
      return std::unexpected(No{Refusal::bad_proof, growth.origin, known});
  }
  if (want == Want::witness && note.checkpoint.size > known) {
    copy.remember(note);
    unsynced_.insert(growth.origin);
  }
  return answer(kept, note, at_s);
}

std::optional<No> Copies::compare(const Held& other) {
  const auto found = kept(other.origin);
  if (!found || other.note.empty() || (*found)->is_frozen) return std::nullopt;
  const auto note = signed_note(other.note, (*found)->copy);
  return note ? contradiction(**found, *note) : std::nullopt;
}

// Cosigns a checkpoint once: whoever asks again gets the same line.
Taken Copies::answer(Kept& kept, const SignedCheckpoint& note, std::uint64_t at_s) {
  Copy& copy = kept.copy;
  Taken taken{copy.size(), {}, {}};
  const auto& held = copy.checkpoint();
  if (wants(copy.key().name) == Want::witness) taken.size = held ? held->checkpoint.size : 0;
  if (!options_.witness || !held || held->checkpoint != note.checkpoint) return taken;
  const journal::VerifierKey& witness = options_.witness->verifier;
  SignedCheckpoint cosigned = *held;
  auto& lines = cosigned.note.signatures;
  const auto own = std::ranges::find_if(lines, [&](const journal::NoteSignature& one) {
    return one.name == witness.name && one.id == witness.id();
  });
  if (own != lines.end() && check(held->note, witness).outcome == journal::Signed::yes) {
    taken.cosignature = to_string(*own);
    return taken;
  }
  if (own != lines.end()) lines.erase(own);
  lines.push_back(journal::cosign(*options_.witness, cosigned.note.text, at_s));
  taken.cosignature = to_string(lines.back());
  copy.remember(std::move(cosigned));
  unsynced_.insert(copy.key().name);
  return taken;
}

// Frames first, with checkpoints beside their places; then the checkpoints' places. A witness
// without entries has only its checkpoint to remember by, so that is synced once more.
Result<> Copies::sync() {
  if (unsynced_.empty()) return {};
  bool is_synced_again = false;
  const auto run = [&]() -> Result<> {
    for (const std::string& origin : unsynced_) {
      TRY(kept_.at(origin).copy.stage_notes());
      is_synced_again |= wants(origin) == Want::witness;
    }
    TRY(volume_->sync());
    for (const std::string& origin : unsynced_) TRY(kept_.at(origin).copy.settle());
    return is_synced_again ? volume_->sync() : Result<>{};
  };
  const auto outcome = run();
  if (!outcome) {
    for (const std::string& origin : unsynced_) kept_.at(origin).copy.undo();
    // They can be read, and may yet never reach the disk: they must come again.
    for (const io::Path& path : unsynced_documents_) (void)disk_->remove_all(path);
  }
  unsynced_.clear();
  unsynced_documents_.clear();
  return outcome;
}

}  // namespace syncing
