#include "journal/verify.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "journal/entry.h"
#include "journal/files.h"
#include "journal/journal.h"
#include "journal/snapshot.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

// One pass over the entries, with the roots at the sizes that somebody signed, and what the entries
// say of other files.
class Pass {
 public:
  void want_root(std::uint64_t size) {
    roots_[size] = size == 0 ? std::optional(empty_root()) : std::nullopt;
  }
  void take(const Frame& frame, const Place& begin) {
    for (std::size_t i = 0; i < frame.entries.size(); ++i) {
      frontier_.append(frame.leaves[i]);
      bytes_ += frame.entries[i].size();
      if (const auto wanted = roots_.find(frontier_.size()); wanted != roots_.end())
        wanted->second = frontier_.root();
      read(frame.first + i, frame.entries[i], begin);
    }
  }
  std::optional<Digest> root(std::uint64_t size) const {
    const auto found = roots_.find(size);
    return found == roots_.end() ? std::nullopt : found->second;
  }

  std::uint64_t bytes_ = 0;
  std::vector<Fault> faults_;
  std::vector<std::pair<std::uint64_t, DocumentBody>> documents_;
  std::vector<std::pair<std::uint64_t, SetAsideBody>> set_aside_;
  std::map<std::uint64_t, Digest> digests_;  // by the number of entries they are over

 private:
  void read(std::uint64_t index, std::string_view bytes, const Place& begin) {
    const auto bad = [&](std::string_view why) {
      if (faults_.empty())
        faults_.push_back({begin.segment, index, begin.offset, std::string(why)});
    };
    const auto entry = parse_entry(bytes);
    if (!entry) return bad(entry.error().message);
    if (entry->stamp.tick_ms < last_tick_ms_) bad("the site's time runs backwards");
    last_tick_ms_ = entry->stamp.tick_ms;
    const auto keep = [&](const auto& body, const auto& into) {
      if (body)
        into(*body);
      else
        bad("the entry's body is malformed");
    };
    switch (entry->kind) {
      case EntryKind::events:
        if (const auto events = unpack_events(entry->body); !events) bad(events.error().message);
        break;
      case EntryKind::document:
        keep(parse_document(entry->body),
             [&](const DocumentBody& body) { documents_.emplace_back(index, body); });
        break;
      case EntryKind::digest:
        keep(parse_digest(entry->body),
             [&](const DigestBody& body) { digests_[body.entries] = body.digest; });
        break;
      case EntryKind::set_aside:
        keep(parse_set_aside(entry->body),
             [&](const SetAsideBody& body) { set_aside_.emplace_back(index, body); });
        break;
    }
  }

  Frontier frontier_;
  std::map<std::uint64_t, std::optional<Digest>> roots_;
  std::int64_t last_tick_ms_ = 0;
};

class Verifier {
 public:
  Verifier(io::Disk& disk, const io::Path& folder, const VerifyOptions& options)
      : disk_(disk), folder_(folder), options_(options) {}

  Result<VerifyReport> run() {
    const auto stored = read_checkpoint();
    const auto snapshot = read_snapshot();
    want_roots(stored);
    if (snapshot && *snapshot) pass_.want_root((*snapshot)->place.next);
    const ScanEnd end = TRY(scan(disk_, folder_, {}, [&](const Frame& frame, const Place& begin) {
      pass_.take(frame, begin);
    }));
    report_.origin = end.key.name;
    report_.entries = end.place.next;
    report_.bytes = pass_.bytes_;
    report_.trustworthy = report_.entries;
    for (const Fault& fault : pass_.faults_) add(fault);
    if (end.fault) add(*end.fault, end.is_last ? "the last record is broken: " : "");
    check_key(end.key);
    check_checkpoint(end, stored);
    check_seen(end);
    check_documents();
    check_set_aside();
    if (snapshot) check_snapshot(*snapshot, end.key);
    report_.ok = report_.faults.empty();
    return std::move(report_);
  }

 private:
  // The note in the checkpoint file; nothing if there is none.
  std::optional<Result<std::string>> read_checkpoint() {
    const io::Path path = folder_ / checkpoint_file;
    if (!disk_.exists(path)) return std::nullopt;
    const auto bytes = io::read_file(disk_, path);
    return bytes ? unwrap_checkpoint(*bytes) : bytes;
  }

  void want_roots(const std::optional<Result<std::string>>& stored) {
    const auto want = [&](const std::string& bytes) {
      const auto note = parse_note(bytes);
      if (!note) return;
      if (const auto checkpoint = parse_checkpoint(note->text)) pass_.want_root(checkpoint->size);
    };
    if (stored && *stored) want(**stored);
    for (const std::string& note : options_.seen) want(note);
  }

  void add(Fault fault, std::string_view prefix = "") {
    fault.why = std::string(prefix) + fault.why;
    if (fault.entry) report_.trustworthy = std::min(report_.trustworthy, *fault.entry);
    report_.faults.push_back(std::move(fault));
  }

  void check_key(const VerifierKey& key) {
    const std::string first = segment_name(0);
    if (options_.key && !(key == *options_.key))
      add({first, 0, 0,
           fmt::format("the journal is under {}, expected {}", to_string(key),
                       to_string(*options_.key))});
    if (!parse_origin(key.name))
      add({first, 0, 0, fmt::format("{} is not stockade/ESTATE/SITE/EPOCH", key.name)});
    if (options_.roster == nullptr) return;
    const Standpoint standpoint = judge_key(*options_.roster, key, report_.entries);
    if (!standpoint.why.empty()) add({first, standpoint.entry.value_or(0), 0, standpoint.why});
  }

  void check_checkpoint(const ScanEnd& end, const std::optional<Result<std::string>>& stored) {
    report_.unsigned_tail = report_.entries;
    const auto bad = [&](std::string why, std::optional<std::uint64_t> entry = std::nullopt) {
      add({std::string(checkpoint_file), entry, 0, std::move(why)});
    };
    if (!stored) {
      if (report_.entries > unsigned_entries_max)
        bad(fmt::format("there is none, and {} entries are not signed", report_.entries));
      if (options_.witnesses_min > 0) bad("there is none to be cosigned");
      check_size(end, options_.known_entries, "seen by somebody");
      return;
    }
    if (!*stored) return bad(stored->error().message);
    const auto opened = open_checkpoint(**stored, end.key);
    if (!opened) return bad(opened.error().message);
    const Checkpoint& checkpoint = opened->checkpoint;
    report_.checkpoint_size = checkpoint.size;
    report_.unsigned_tail =
        report_.entries > checkpoint.size ? report_.entries - checkpoint.size : 0;
    check_size(end, checkpoint.size, "signed");
    check_size(end, options_.known_entries, "seen by somebody");
    if (const auto root = pass_.root(checkpoint.size); root && *root != checkpoint.root)
      bad(fmt::format("the first {} entries are not those that were signed", checkpoint.size), 0);
    check_witnesses(opened->note);
  }

  void check_size(const ScanEnd& end, std::uint64_t size, std::string_view who) {
    if (report_.entries >= size || (end.fault && !report_.faults.empty())) return;
    add({end.place.segment, end.place.next, end.place.offset,
         fmt::format("the journal ends early: {} entries were {}, {} are here", size, who,
                     report_.entries)});
  }

  void check_witnesses(const Note& note) {
    std::vector<VerifierKey> known = options_.witnesses;
    if (options_.roster != nullptr)
      for (const RosterLine& line : options_.roster->lines)
        if (line.role == Role::witness && !line.revoked_at_entries) known.push_back(line.key);
    for (const VerifierKey& witness : known) {
      const SignedAt at = check(note, witness);
      if (at.outcome == Signed::yes) report_.witnesses.push_back({witness.name, at.seconds});
      if (at.outcome == Signed::bad)
        add({std::string(checkpoint_file), std::nullopt, 0,
             fmt::format("the cosignature of {} does not fit", witness.name)});
    }
    if (report_.witnesses.size() < options_.witnesses_min)
      add({std::string(checkpoint_file), std::nullopt, 0,
           fmt::format("{} witnesses have cosigned, {} are asked for", report_.witnesses.size(),
                       options_.witnesses_min)});
  }

  // Checkpoints in other hands: signed by the same key, they must be of this very history.
  void check_seen(const ScanEnd& end) {
    for (const std::string& bytes : options_.seen) {
      const auto other = open_checkpoint(bytes, end.key);
      if (!other) {
        add({"a checkpoint that others hold", std::nullopt, 0, other.error().message});
        continue;
      }
      const Checkpoint& seen = other->checkpoint;
      check_size(end, seen.size, "signed for somebody");
      if (const auto root = pass_.root(seen.size); root && *root != seen.root)
        add({"a checkpoint that others hold", 0, 0,
             fmt::format("split view: {} has signed another history of {} entries for them",
                         end.key.name, seen.size)});
    }
  }

  void check_documents() {
    for (const auto& [index, body] : pass_.documents_) {
      ++report_.documents;
      const io::Path path = document_path({}, body.digest);
      const auto bytes = io::read_file(disk_, folder_ / path);
      if (!bytes && options_.is_copy) continue;
      if (!bytes)
        add({path.string(), index, 0, "the document is missing"});
      else if (bytes->size() != body.size_bytes || crypto::sha256(*bytes) != body.digest)
        add({path.string(), index, 0, "the document is not the one that the entry names"});
    }
  }

  void check_set_aside() {
    const io::Path set_aside = folder_ / set_aside_folder;
    std::vector<Digest> kept;
    const auto names =
        disk_.exists(set_aside) ? disk_.list(set_aside) : Result<std::vector<std::string>>();
    if (names)
      for (const std::string& name : *names) {
        const io::Path path = io::Path(set_aside_folder) / name;
        report_.set_aside.push_back(path.string());
        if (const auto bytes = io::read_file(disk_, folder_ / path))
          kept.push_back(crypto::sha256(*bytes));
      }
    if (options_.is_copy) return;
    for (const auto& [index, body] : pass_.set_aside_)
      if (std::ranges::find(kept, body.digest) == kept.end())
        add({std::string(set_aside_folder), index, 0,
             "the broken record that was set aside is missing or changed"});
  }

  std::optional<Result<Snapshot>> read_snapshot() {
    if (!disk_.exists(folder_ / snapshot_file)) return std::nullopt;
    const auto bytes = io::read_file(disk_, folder_ / snapshot_file);
    return bytes ? parse_snapshot(*bytes) : std::unexpected(bytes.error());
  }

  void check_snapshot(const Result<Snapshot>& snapshot, const VerifierKey& key) {
    const auto bad = [&](std::string_view why) {
      add({std::string(snapshot_file), std::nullopt, 0, std::string(why)});
    };
    if (!snapshot) return bad(snapshot.error().message);
    if (!(snapshot->key == key)) return bad("it is of another journal");
    const auto said = pass_.digests_.find(snapshot->place.next);
    if (said == pass_.digests_.end() || said->second != crypto::sha256(snapshot->state))
      return bad("no entry states the digest of its state");
    if (pass_.root(snapshot->place.next) != snapshot->frontier.root())
      bad("its tree is not that of the entries");
  }

  io::Disk& disk_;
  const io::Path& folder_;
  const VerifyOptions& options_;
  VerifyReport report_;
  Pass pass_;
};

}  // namespace

Result<VerifyReport> verify(io::Disk& disk, const io::Path& folder, const VerifyOptions& options) {
  return Verifier(disk, folder, options).run();
}

}  // namespace journal
