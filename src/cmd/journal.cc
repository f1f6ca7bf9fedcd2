// stockade journal: one verb for each thing that can be done with a site's journal from a shell.

#include "journal/journal.h"

#include <iostream>

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/evidence.h"
#include "journal/archive.h"
#include "journal/export.h"
#include "journal/files.h"
#include "journal/witness.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Journal;

struct Arguments {
  std::string verb, folder, out, key, name, by, why, seen, public_key;
  bool witness = false;
  std::int64_t batch = 1, segment_mib = 64, known_entries = 0;
};

Result<> need(const std::string& value, std::string_view what, std::string_view verb) {
  if (!value.empty()) return {};
  return base::fail(ErrorCode::usage, fmt::format("journal {}: {} is required", verb, what));
}

class NoFold final : public journal::Fold {
 public:
  void reset() override {}
  Result<> load(std::string_view) override { return {}; }
  void apply(std::uint64_t, const journal::Entry&) override {}
};

Result<Journal> open(const Arguments& arguments, journal::Fold& fold) {
  const journal::Options options{
      .segment_bytes_max = static_cast<std::uint64_t>(arguments.segment_mib) << 20,
      .known_entries = static_cast<std::uint64_t>(arguments.known_entries)};
  return Journal::open(io::real_disk(), arguments.folder, options, fold);
}

Result<> sign_checkpoint(Journal& journal, const journal::Signer& signer) {
  if (!(signer.verifier == journal.key()))
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("the key is not {}'s", journal.key().name));
  return journal.save_checkpoint(journal::sign(signer, journal.checkpoint()));
}

Result<> create(const Arguments& arguments) {
  TRY(need(arguments.key, "--key", "create"));
  const auto signer = TRY(read_signer(arguments.key));
  return Journal::create(io::real_disk(), arguments.folder, signer.verifier);
}

// Lines of standard input become events, `batch` of them a commit. Each commit's last line number
// is printed once it is on disk.
Result<> append(const Arguments& arguments) {
  TRY(need(arguments.key, "--key", "append"));
  const auto signer = TRY(read_signer(arguments.key));
  NoFold fold;
  Journal journal = TRY(open(arguments, fold));
  if (!(signer.verifier == journal.key()))
    return base::fail(ErrorCode::evidence_bad, "the key is not this journal's");
  if (journal.opening().standing != journal::Standing::ready)
    return base::fail(ErrorCode::read_only, journal.opening().why);
  std::vector<std::string> lines;
  std::uint64_t count = 0;
  const auto commit = [&]() -> Result<> {
    if (lines.empty()) return {};
    const std::vector<std::string_view> events(lines.begin(), lines.end());
    const journal::Stamp stamp = stamp_after(journal.last_stamp());
    TRY(journal.append(events, stamp));
    fmt::print("{}\n", count);
    std::fflush(stdout);
    lines.clear();
    if (journal.checkpoint_due(stamp.tick_ms)) TRY(sign_checkpoint(journal, signer));
    return {};
  };
  for (std::string line; std::getline(std::cin, line);) {
    lines.push_back(line);
    ++count;
    if (std::ssize(lines) >= arguments.batch) TRY(commit());
  }
  TRY(commit());
  return sign_checkpoint(journal, signer);
}

// Reads only, so that it may be asked of a journal that is being written.
Result<> print_events(const Arguments& arguments) {
  const auto print = [](const journal::Frame& frame, const journal::Place&) {
    for (const std::string_view bytes : frame.entries) {
      const auto entry = journal::parse_entry(bytes);
      if (!entry || entry->kind != journal::EntryKind::events) continue;
      const auto events = journal::unpack_events(entry->body);
      if (!events) continue;
      for (const std::string_view event : *events) fmt::print("{}\n", event);
    }
  };
  const auto end = TRY(journal::scan(io::real_disk(), arguments.folder, {}, print));
  if (!end.fault) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", arguments.folder, to_string(*end.fault)));
}

Result<> checkpoint(const Arguments& arguments) {
  TRY(need(arguments.key, "--key", "checkpoint"));
  const auto signer = TRY(read_signer(arguments.key));
  NoFold fold;
  Journal journal = TRY(open(arguments, fold));
  return sign_checkpoint(journal, signer);
}

Result<> resume(const Arguments& arguments) {
  TRY(need(arguments.by, "--by", "resume"));
  TRY(need(arguments.why, "--why", "resume"));
  NoFold fold;
  Journal journal = TRY(open(arguments, fold));
  if (journal.opening().standing == journal::Standing::ready)
    return base::fail(ErrorCode::nothing_to_do, "the journal takes entries already");
  if (journal.opening().standing == journal::Standing::damaged)
    return base::fail(ErrorCode::evidence_bad, "this is damage, not a broken last record");
  const std::string set_aside = journal.opening().set_aside;
  const std::uint64_t entries = journal.size();
  TRY(journal.resume(arguments.by, arguments.why, stamp_after(journal.last_stamp())));
  fmt::print("went on after {} entries; the broken record is in {}\n", entries, set_aside);
  return {};
}

Result<> export_public(const Arguments& arguments) {
  TRY(need(arguments.out, "OUT", "export"));
  const auto done = TRY(journal::export_tiles(io::real_disk(), arguments.folder, arguments.out));
  fmt::print("{} entries in {} bundles, {} tiles\n", done.entries, done.bundles, done.tiles);
  return {};
}

Result<> archive(const Arguments& arguments) {
  TRY(need(arguments.out, "OUT", "archive"));
  TRY(need(arguments.key, "--key", "archive"));
  const auto signer = TRY(read_signer(arguments.key));
  const auto done = TRY(
      journal::archive(io::real_disk(), arguments.folder, arguments.out, signer,
                       fmt::format("{} at {} ms", signer.verifier.name, stamp_after({}).at_ms)));
  fmt::print("{} files, {} bytes, {} entries\n", done.files, done.bytes, done.entries);
  return {};
}

Result<> restore(const Arguments& arguments) {
  TRY(need(arguments.out, "OUT", "restore"));
  TRY(need(arguments.public_key, "--public", "restore"));
  const std::string text = TRY(io::read_file(io::real_disk(), arguments.public_key));
  const auto key = TRY(crypto::parse_minisign_public(text));
  const auto done = TRY(journal::restore(io::real_disk(), arguments.folder, arguments.out, key));
  fmt::print("{} files, {} bytes, {} entries\n", done.files, done.bytes, done.entries);
  return {};
}

// A witness on this machine: judges the stored checkpoint against what it remembers in --seen, and
// adds its cosignature to the checkpoint file.
Result<> cosign(const Arguments& arguments) {
  TRY(need(arguments.key, "--key", "cosign"));
  TRY(need(arguments.seen, "--seen", "cosign"));
  io::Disk& disk = io::real_disk();
  journal::Witness witness(TRY(read_signer(arguments.key)));
  NoFold fold;
  Journal journal = TRY(open(arguments, fold));
  witness.watch(journal.key());
  std::uint64_t old_size = 0;
  if (disk.exists(arguments.seen)) {
    const std::string text = TRY(io::read_file(disk, arguments.seen));
    const auto seen = TRY(journal::parse_checkpoint(text));
    witness.restore(seen);
    old_size = seen.size;
  }
  auto stored = TRY(journal::load_checkpoint(disk, arguments.folder, journal.key()));
  if (!stored) return base::fail(ErrorCode::nothing_to_do, "there is no checkpoint to cosign");
  const std::uint64_t size = stored->checkpoint.size;
  const journal::Tree tree = TRY(journal::load_tree(disk, arguments.folder));
  const journal::Proof proof = old_size > 0 && old_size <= size && size <= tree.size()
                                   ? tree.consistency(old_size, size)
                                   : journal::Proof{};
  const auto seconds = static_cast<std::uint64_t>(stamp_after({}).at_ms / 1000);
  const auto answer = witness.judge(journal::to_string(stored->note), old_size, proof, seconds);
  if (answer.refusal)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: the witness refuses: {}", arguments.folder,
                                  journal::to_text(*answer.refusal)));
  TRY(io::write_file(disk, arguments.seen, journal::to_text(stored->checkpoint)));
  std::erase_if(stored->note.signatures, [&](const journal::NoteSignature& one) {
    return one.name == answer.cosignature->name && one.id == answer.cosignature->id;
  });
  stored->note.signatures.push_back(*answer.cosignature);
  return journal.save_checkpoint(*stored);
}

Result<> key(const Arguments& arguments) {
  TRY(need(arguments.name, "--name", "key"));
  return make_key(arguments.name,
                  arguments.witness ? journal::KeyKind::witness : journal::KeyKind::signer,
                  arguments.folder);
}

struct Verb {
  std::string_view name;
  Result<> (*run)(const Arguments&);
};
constexpr Verb verbs[] = {{"key", key},
                          {"create", create},
                          {"append", append},
                          {"print", print_events},
                          {"checkpoint", checkpoint},
                          {"cosign", cosign},
                          {"resume", resume},
                          {"export", export_public},
                          {"archive", archive},
                          {"restore", restore}};

Result<> run_verb(const Arguments& arguments) {
  for (const Verb& verb : verbs)
    if (verb.name == arguments.verb) return verb.run(arguments);
  return base::fail(ErrorCode::usage, "journal: expected a verb; see stockade journal --help");
}

}  // namespace

Action bind_journal(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  std::vector<std::string> names;
  for (const Verb& verb : verbs) names.emplace_back(verb.name);
  options
      .one_of("verb", arguments->verb,
              "key: make a secret key in FOLDER, a file; create; append: lines of standard input; "
              "print; checkpoint: sign now; cosign: as a witness; resume: go on without a broken "
              "last record; export: to OUT in the public tile layout; archive: to OUT, signed; "
              "restore: an archive to OUT",
              names)
      .text("folder", arguments->folder, "the journal's folder", true)
      .text("out", arguments->out, "the folder to fill")
      .text("--key", arguments->key, "file with a secret key")
      .text("--name", arguments->name, "the key's name: stockade/ESTATE/SITE/EPOCH")
      .flag("--witness", arguments->witness, "make a key for cosignatures")
      .text("--by", arguments->by, "who decides")
      .text("--why", arguments->why, "why it is right to go on")
      .text("--seen", arguments->seen, "file in which the witness remembers")
      .text("--public", arguments->public_key, "file with a minisign public key")
      .whole("--batch", arguments->batch, "lines to a commit", 1, 65'535)
      .whole("--known-entries", arguments->known_entries, "entries that a peer has seen", 0,
             std::int64_t{1} << 53)
      .whole("--segment-mib", arguments->segment_mib, "size at which a segment is closed", 1,
             4'096);
  return [arguments] { return run_verb(*arguments); };
}

}  // namespace cmd
