#include "sync/repair.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/manifest.h"
#include "journal/verify.h"
#include "sync/copy.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;
using journal::VerifyReport;

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

bool is_journals(std::string_view name) {
  return name.starts_with("segment-") || name.starts_with('.') ||
         name == journal::checkpoint_file || name == journal::snapshot_file ||
         name == journal::documents_folder || name == journal::set_aside_folder ||
         name == frontier_file || name == promise_file;
}

// The content of a file; nothing where there is none, or none that can be read.
std::string content(io::Disk& disk, const io::Path& path) {
  return io::read_file(disk, path).value_or(std::string());
}

// Fills a folder beside the journal with what it should be.
class Repair {
 public:
  Repair(io::Disk& disk, const io::Path& folder, const io::Path& donor, const io::Path& out)
      : disk_(disk), folder_(folder), donor_(donor), out_(out) {}

  Result<> segments() {
    const auto theirs = TRY(journal::list_segments(disk_, donor_));
    auto names = TRY(journal::list_segments(disk_, folder_));
    names.insert(names.end(), theirs.begin(), theirs.end());
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) {
      const bool is_theirs = std::ranges::binary_search(theirs, name);
      TRY(segment(name, is_theirs, is_theirs && name != theirs.back()));
    }
    return {};
  }

  // Takes off what lies behind the last whole commit, and keeps it aside.
  Result<> cut_rest() {
    const auto end = TRY(journal::scan(disk_, out_, {}, [](const auto&, const auto&) {}));
    if (!end.fault) return {};
    for (const std::string& name : TRY(journal::list_segments(disk_, out_))) {
      if (name < end.place.segment) continue;
      const std::string whole = content(disk_, out_ / name);
      const std::string kept =
          name == end.place.segment ? whole.substr(0, end.place.offset) : std::string();
      TRY(replace(name, whole, kept));
      TRY(disk_.remove_all(out_ / name));
      if (!kept.empty()) TRY(journal::put_file(disk_, out_ / name, kept));
    }
    return {};
  }

  // The larger of both checkpoints; which of them the entries bear out is judged with the whole.
  Result<> checkpoint(const journal::VerifierKey& key) {
    const auto ours = journal::load_checkpoint(disk_, folder_, key);
    const auto theirs = TRY(journal::load_checkpoint(disk_, donor_, key));
    const bool has_ours = ours && *ours;
    if (has_ours && theirs) seen_.push_back(to_string(theirs->note));
    const bool takes_theirs =
        theirs && (!has_ours || (*ours)->checkpoint.size < theirs->checkpoint.size);
    const io::Path from = (takes_theirs ? donor_ : folder_) / journal::checkpoint_file;
    if (takes_theirs && has_ours) seen_ = {to_string((*ours)->note)};
    const std::string bytes = content(disk_, from);
    if (bytes.empty()) return {};
    if (takes_theirs)
      TRY(replace(std::string(journal::checkpoint_file),
                  content(disk_, folder_ / journal::checkpoint_file), bytes));
    return journal::put_file(disk_, out_ / journal::checkpoint_file, bytes);
  }

  // What a copy's site has promised beyond the checkpoint; and what lies in a folder of folders:
  // documents by their digests, and what was set aside before.
  Result<> other_files() {
    if (const std::string promise = content(disk_, folder_ / promise_file); !promise.empty())
      TRY(journal::put_file(disk_, out_ / promise_file, promise));
    TRY(keep_folder(journal::set_aside_folder));
    std::set<std::string> names;
    for (const io::Path& from : {folder_, donor_}) {
      const io::Path documents = from / journal::documents_folder;
      if (!disk_.exists(documents)) continue;
      for (const std::string& group : TRY(disk_.list(documents)))
        for (const std::string& name : TRY(disk_.list(documents / group))) names.insert(name);
    }
    for (const std::string& name : names) TRY(document(name));
    return {};
  }

  std::vector<Replaced> take_replaced() { return std::move(replaced_); }
  std::vector<std::string> take_seen() { return std::move(seen_); }

 private:
  // Their bytes over ours. Behind a segment that another one follows there is nothing.
  Result<> segment(const std::string& name, bool is_theirs, bool is_closed) {
    const std::string ours = content(disk_, folder_ / name);
    std::string bytes = ours;
    if (is_theirs) {
      std::string theirs = TRY(io::read_file(disk_, donor_ / name));
      const auto header = TRY(journal::parse_header(theirs));
      theirs.resize(journal::frames_end(theirs, header.bytes));
      if (is_closed) bytes.resize(theirs.size());
      bytes.replace(0, std::min(theirs.size(), bytes.size()), theirs);
    }
    TRY(replace(name, ours, bytes));
    return journal::put_file(disk_, out_ / name, bytes);
  }

  // Keeps what a file's new content differs in from its old one.
  Result<> replace(const std::string& name, std::string_view old, std::string_view now) {
    if (old == now) return {};
    const std::size_t common = std::min(old.size(), now.size());
    const auto first = static_cast<std::size_t>(
        std::ranges::mismatch(old.substr(0, common), now.substr(0, common)).in1 - old.begin());
    std::size_t last = std::max(old.size(), now.size());
    if (old.size() == now.size())
      while (old[last - 1] == now[last - 1]) --last;
    const std::string_view lost = journal::without_zeros(
        old.substr(std::min(first, old.size()), last - std::min(first, old.size())));
    Replaced range{name, first, std::min(last, now.size()), {}};
    if (!lost.empty()) {
      const io::Path file =
          io::Path(journal::set_aside_folder) /
          fmt::format("{}-{}-{}", name, first, to_hex(crypto::sha256(lost)).substr(0, 16));
      TRY(journal::put_file(disk_, out_ / file, lost));
      range.set_aside = file.string();
    }
    replaced_.push_back(std::move(range));
    return {};
  }

  Result<> keep_folder(std::string_view name) {
    if (!disk_.exists(folder_ / name)) return {};
    for (const std::string& file : TRY(disk_.list(folder_ / name))) {
      const std::string bytes = TRY(io::read_file(disk_, folder_ / name / file));
      TRY(journal::put_file(disk_, out_ / name / file, bytes));
    }
    return {};
  }

  // Whichever of both has the digest that its name says; ours where neither does.
  Result<> document(const std::string& name) {
    const io::Path path = io::Path(journal::documents_folder) / name.substr(0, 2) / name;
    const std::string ours = content(disk_, folder_ / path), theirs = content(disk_, donor_ / path);
    const auto fits = [&](const std::string& bytes) {
      return to_hex(crypto::sha256(bytes)) == name;
    };
    const bool takes_theirs = !fits(ours) && fits(theirs);
    if (takes_theirs) replaced_.push_back({path.string(), 0, theirs.size(), {}});
    return journal::put_file(disk_, out_ / path, takes_theirs ? theirs : ours);
  }

  io::Disk& disk_;
  const io::Path& folder_;
  const io::Path& donor_;
  const io::Path out_;
  std::vector<Replaced> replaced_;
  std::vector<std::string> seen_;  // checkpoints that the result must bear out as well
};

// The key in the first segment's header.
std::optional<journal::VerifierKey> key_of(io::Disk& disk, const io::Path& folder) {
  const auto names = journal::list_segments(disk, folder);
  if (!names || names->empty()) return std::nullopt;
  const auto header = journal::parse_header(content(disk, folder / names->front()));
  return header ? std::optional(header->header.key) : std::nullopt;
}

struct Task {
  io::Disk& disk;
  const io::Path& folder;
  const io::Path& donor;
  const journal::VerifierKey& key;
  bool is_copy;
  std::uint64_t entries;  // of the donor
};

Result<Repaired> attempt(const Task& task, bool cuts_rest) {
  auto staged =
      TRY(io::StagedFolder::create(task.disk, task.folder, journal::segment_name(0), is_journals));
  Repair repair(task.disk, task.folder, task.donor, staged.path());
  TRY(repair.segments());
  if (cuts_rest) TRY(repair.cut_rest());
  TRY(repair.checkpoint(task.key));
  TRY(repair.other_files());
  const VerifyReport after =
      TRY(journal::verify(task.disk, staged.path(),
                          {.key = task.key, .seen = repair.take_seen(), .is_copy = task.is_copy}));
  if (!after.ok)
    return bad(task.folder, fmt::format("{} entries of the copy do not repair it: {}", task.entries,
                                        to_string(after.faults[0])));
  TRY(staged.commit());
  return Repaired{after.origin, after.entries, *after.checkpoint_size, repair.take_replaced()};
}

}  // namespace

Result<Repaired> repair(io::Disk& disk, const io::Path& folder, const io::Path& donor,
                        const std::optional<journal::VerifierKey>& key, bool is_copy) {
  const auto whose = key ? key : key_of(disk, folder);
  if (!whose) return bad(folder, "its first header is broken: say whose journal it is");
  const auto before = journal::verify(disk, folder, {.key = whose, .is_copy = is_copy});
  if (before && before->ok)
    return base::fail(ErrorCode::nothing_to_do, folder.string() + ": the journal holds");
  const VerifyReport healthy = TRY(journal::verify(disk, donor, {.key = whose, .is_copy = true}));
  if (!healthy.ok) return bad(donor, to_string(healthy.faults[0]));
  if (!healthy.checkpoint_size) return bad(donor, "nothing of it is signed");
  const auto known = journal::load_checkpoint(disk, folder, *whose);
  const bool reaches_all = !known || !*known || (*known)->checkpoint.size <= healthy.entries;
  const Task task{disk, folder, donor, *whose, is_copy, healthy.entries};
  auto repaired = attempt(task, false);
  // Where the donor has all that is known to be signed, what is broken behind it may go aside: a
  // file that was encrypted is broken in its space as well.
  if (!repaired && repaired.error().code == ErrorCode::evidence_bad && reaches_all)
    if (auto again = attempt(task, true)) return again;
  return repaired;
}

}  // namespace syncing
