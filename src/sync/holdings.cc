#include "sync/holdings.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/files.h"

namespace syncing {
namespace {

// A note with its origin's signature alone: cosignatures would fill a message of many notes.
std::string bare(journal::Note note, const std::string& origin) {
  std::erase_if(note.signatures, [&](const auto& one) { return one.name != origin; });
  return to_string(note);
}

No no_of(const base::Error& error) {
  const bool is_evidence = error.code == base::ErrorCode::evidence_bad;
  return {is_evidence ? Refusal::does_not_continue : Refusal::failed, error.message};
}

}  // namespace

std::vector<std::string> Holdings::origins() {
  std::vector<std::string> origins;
  if (own_) origins.push_back(own_->origin);
  for (const journal::RosterLine& line : copies_->roster().roster().lines) {
    const std::string& origin = line.key.name;
    if (line.role == journal::Role::witness || is_own(origin)) continue;
    const bool is_held = copies_->may_hold(origin) && held(origin).size > 0;
    if (is_held || copies_->wants(origin) != Want::nothing) origins.push_back(origin);
  }
  return origins;
}

io::Path Holdings::folder_of(const std::string& origin) {
  if (is_own(origin)) return own_->folder;
  const auto copy = copies_->find(origin);
  return copy ? (*copy)->folder() : io::Path();
}

std::expected<Source*, No> Holdings::source(const std::string& origin) {
  const io::Path folder = folder_of(origin);
  const auto found =
      std::ranges::find_if(sources_, [&](const auto& one) { return one.first == origin; });
  if (found != sources_.end()) {
    sources_.splice(sources_.begin(), sources_, found);
  } else {
    if (folder.empty() || !disk_->exists(folder))
      return std::unexpected(No{Refusal::not_held, origin});
    auto opened = Source::open(*disk_, folder);
    if (!opened) return std::unexpected(no_of(opened.error()));
    sources_.emplace_front(origin, *std::move(opened));
    if (sources_.size() > sources_max) sources_.pop_back();
  }
  if (const auto fresh = sources_.front().second.refresh(); !fresh) {
    sources_.pop_front();
    return std::unexpected(no_of(fresh.error()));
  }
  return &sources_.front().second;
}

Held Holdings::held(const std::string& origin) {
  if (is_own(origin)) {
    const auto own = source(origin);
    if (!own || (*own)->size() == 0) return {origin, 0, {}};
    return {origin, (*own)->size(), bare((*own)->checkpoint().note, origin)};
  }
  Held held{origin, 0, {}};
  const auto copy = copies_->find(origin);
  if (!copy || !(*copy)->checkpoint()) return held;
  const journal::SignedCheckpoint& newest = *(*copy)->checkpoint();
  return {origin, newest.checkpoint.size, bare(newest.note, origin)};
}

Standing Holdings::standing(const std::string& origin) {
  Standing standing{held(origin), 0, is_own(origin) ? Want::own : copies_->wants(origin), {}};
  standing.entries = standing.held.size;
  if (standing.want < Want::witness) return standing;
  if (const auto no = copies_->objection(origin)) standing.objections = {to_answer(*no)};
  const auto copy = copies_->find(origin);
  if (copy && standing.want >= Want::entries) standing.entries = (*copy)->size();
  return standing;
}

std::expected<Run, No> Holdings::run(const std::string& origin, std::uint64_t from) {
  Source& source = *TRY(this->source(origin));
  if (from > source.size() || source.size() == 0)
    return std::unexpected(No{Refusal::behind, origin, source.size()});
  auto run = source.run(from);
  if (!run) {
    No no = no_of(run.error());
    no.size = source.size();
    sources_.pop_front();
    return std::unexpected(no);
  }
  if (run->bytes.size() > message_bytes_max - message_rest_bytes_max)
    return std::unexpected(No{Refusal::too_large, fmt::format("{}, entry {}", origin, from), from});
  return *std::move(run);
}

std::expected<Growth, No> Holdings::growth(const std::string& origin, std::uint64_t old_size) {
  Source& source = *TRY(this->source(origin));
  if (old_size > source.size() || source.size() == 0)
    return std::unexpected(No{Refusal::behind, origin, source.size()});
  auto growth = source.growth(old_size);
  if (growth) return *std::move(growth);
  const No no = no_of(growth.error());
  sources_.pop_front();
  return std::unexpected(no);
}

std::expected<std::string, No> Holdings::document(const std::string& origin, const Digest& digest) {
  const io::Path folder = folder_of(origin);
  const io::Path path = journal::document_path(folder, digest);
  auto bytes = folder.empty() || !disk_->exists(path)
                   ? base::fail(base::ErrorCode::input_missing, {})
                   : io::read_file(*disk_, path);
  if (!bytes || crypto::sha256(*bytes) != digest)
    return std::unexpected(No{Refusal::behind, "no document " + to_hex(digest)});
  if (bytes->size() > message_bytes_max - message_rest_bytes_max)
    return std::unexpected(No{Refusal::too_large, "document " + to_hex(digest)});
  return *std::move(bytes);
}

std::optional<std::pair<std::string, Digest>> Holdings::wanted_document() {
  if (wanted_ && !copies_->expects_document(wanted_->first, wanted_->second)) wanted_.reset();
  return wanted_;
}

std::optional<No> Holdings::compare(const Held& other) {
  if (!is_own(other.origin)) return copies_->compare(other);
  const auto own = source(other.origin);
  if (!own || other.note.empty()) return std::nullopt;
  if (const auto note = journal::open_checkpoint(other.note, (*own)->key()))
    own_elsewhere_ = std::max(own_elsewhere_, note->checkpoint.size);
  return std::nullopt;
}

bool Holdings::add_cosignature(const std::string& line) {
  if (!own_) return false;
  const auto own = source(own_->origin);
  if (!own || (*own)->size() == 0) return false;
  const journal::SignedCheckpoint& newest = (*own)->checkpoint();
  if (!cosigned_ || cosigned_->checkpoint != newest.checkpoint) cosigned_ = newest;
  const auto parsed = journal::parse_note(newest.note.text + "\n" + line);
  if (!parsed || parsed->signatures.size() != 1) return false;
  for (const journal::RosterLine& one : copies_->roster().roster().lines) {
    if (one.role != journal::Role::witness || one.revoked_at_entries ||
        check(*parsed, one.key).outcome != journal::Signed::yes)
      continue;
    auto& signatures = cosigned_->note.signatures;
    std::erase_if(signatures, [&](const auto& old) {
      return old.name == parsed->signatures[0].name && old.id == parsed->signatures[0].id;
    });
    signatures.push_back(parsed->signatures[0]);
    return true;
  }
  return false;
}

}  // namespace syncing
