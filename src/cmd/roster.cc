// stockade roster: make it, change it, sign it, look at it.

#include "journal/roster.h"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/evidence.h"
#include "io/disk.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Note;
using journal::Roster;

struct Arguments {
  std::string verb, file, estate, key, name, role = "store", before;
  std::vector<std::string> approvers;
  base::Date from = base::make_date(2026, 1, 1);
  std::int64_t threshold = 1, entries = -1;
};

Result<> need(bool is_given, std::string_view what, std::string_view verb) {
  if (is_given) return {};
  return base::fail(ErrorCode::usage, fmt::format("roster {}: {} is required", verb, what));
}

// A roster in the making may have no signature yet, which no note has.
struct Draft {
  Roster roster;
  Note note;
  std::uint64_t approvals = 0;
};

Result<Draft> read_draft(const std::string& file) {
  const std::string bytes = TRY(io::read_file(io::real_disk(), file));
  Draft draft;
  if (bytes.ends_with("\n\n"))
    draft.note.text = bytes.substr(0, bytes.size() - 1);
  else
    draft.note = TRY(journal::parse_note(bytes));
  draft.roster = TRY(journal::parse_roster(draft.note.text));
  draft.approvals = TRY(journal::count_approvals(draft.note, draft.roster));
  return draft;
}

Result<> write_draft(const std::string& file, const Roster& roster) {
  const std::string text = journal::to_text(roster);
  TRY(journal::parse_roster(text));  // what cannot be read must not be written
  return io::write_file(io::real_disk(), file, text + "\n");
}

// An approved roster is kept beside as FILE.NUMBER and gets a successor; one that is still being
// signed is changed in place and must be signed again.
Result<Roster> begin_change(const std::string& file) {
  const Draft draft = TRY(read_draft(file));
  if (draft.approvals < draft.roster.threshold) {
    if (!draft.note.signatures.empty())
      fmt::print(stderr, "number {} was not approved yet; its signatures are dropped\n",
                 draft.roster.number);
    return draft.roster;
  }
  TRY(io::write_file(io::real_disk(), fmt::format("{}.{}", file, draft.roster.number),
                     to_string(draft.note)));
  Roster next = draft.roster;
  next.previous = crypto::sha256(draft.note.text);
  ++next.number;
  return next;
}

Result<> init(const Arguments& arguments) {
  TRY(need(!arguments.estate.empty(), "--estate", "init"));
  TRY(need(!arguments.approvers.empty(), "--approver", "init"));
  if (io::real_disk().exists(arguments.file))
    return base::fail(ErrorCode::input_bad, arguments.file + ": is there already");
  Roster roster;
  roster.estate = arguments.estate;
  roster.threshold = static_cast<std::uint64_t>(arguments.threshold);
  for (const std::string& key : arguments.approvers)
    roster.approvers.push_back(TRY(read_verifier(key)));
  return write_draft(arguments.file, roster);
}

Result<> add(const Arguments& arguments) {
  TRY(need(!arguments.key.empty(), "--key", "add"));
  const auto role = journal::parse_role(arguments.role);
  TRY(need(role.has_value(), "a known --role", "add"));
  const auto key = TRY(read_verifier(arguments.key));
  Roster roster = TRY(begin_change(arguments.file));
  roster.lines.push_back({key, *role, arguments.from, std::nullopt});
  return write_draft(arguments.file, roster);
}

Result<> revoke(const Arguments& arguments) {
  TRY(need(!arguments.name.empty(), "--name", "revoke"));
  TRY(need(arguments.entries >= 0, "--entries", "revoke"));
  Roster roster = TRY(begin_change(arguments.file));
  const auto line = std::ranges::find_if(
      roster.lines, [&](const auto& one) { return one.key.name == arguments.name; });
  if (line == roster.lines.end())
    return base::fail(ErrorCode::input_bad, arguments.name + ": the roster does not list it");
  line->revoked_at_entries = static_cast<std::uint64_t>(arguments.entries);
  return write_draft(arguments.file, roster);
}

Result<> sign(const Arguments& arguments) {
  TRY(need(!arguments.key.empty(), "--key", "sign"));
  const auto signer = TRY(read_signer(arguments.key));
  Draft draft = TRY(read_draft(arguments.file));
  if (std::ranges::find(draft.roster.approvers, signer.verifier) == draft.roster.approvers.end())
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: {} is not one of the approvers of number {}", arguments.file,
                                  signer.verifier.name, draft.roster.number));
  auto& signatures = draft.note.signatures;
  std::erase_if(signatures, [&](const auto& one) {
    return one.name == signer.verifier.name && one.id == signer.verifier.id();
  });
  signatures.push_back(journal::sign(signer, draft.note.text));
  TRY(io::write_file(io::real_disk(), arguments.file, to_string(draft.note)));
  const auto count = TRY(journal::count_approvals(draft.note, draft.roster));
  fmt::print("number {}: signed by {} of {} approvers, {} are needed\n", draft.roster.number, count,
             draft.roster.approvers.size(), draft.roster.threshold);
  return {};
}

Result<> show(const Arguments& arguments) {
  const std::string bytes = TRY(io::read_file(io::real_disk(), arguments.file));
  Roster before, roster;
  if (!arguments.before.empty()) {
    const std::string text = TRY(io::read_file(io::real_disk(), arguments.before));
    before = TRY(journal::open_roster(text));
    roster = TRY(journal::open_roster(bytes, &before));
  } else {
    roster = TRY(journal::open_roster(bytes));
  }
  fmt::print("{} number {}, approved\n", roster.estate, roster.number);
  for (const auto& line : roster.lines)
    fmt::print("  {} {} from {}{}\n", line.key.name, to_text(line.role), base::to_string(line.from),
               line.revoked_at_entries
                   ? fmt::format(", revoked after {} entries", *line.revoked_at_entries)
                   : "");
  return {};
}

Result<> key(const Arguments& arguments) {
  TRY(need(!arguments.name.empty(), "--name", "key"));
  return make_key(arguments.name, journal::KeyKind::signer, arguments.file);
}

struct Verb {
  std::string_view name;
  Result<> (*run)(const Arguments&);
};
constexpr Verb verbs[] = {{"key", key},       {"init", init}, {"add", add},
                          {"revoke", revoke}, {"sign", sign}, {"show", show}};

Result<> run_verb(const Arguments& arguments) {
  for (const Verb& verb : verbs)
    if (verb.name == arguments.verb) return verb.run(arguments);
  return base::fail(ErrorCode::usage, "roster: expected a verb; see stockade roster --help");
}

}  // namespace

Action bind_roster(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  std::vector<std::string> names;
  for (const Verb& verb : verbs) names.emplace_back(verb.name);
  options
      .one_of("verb", arguments->verb,
              "key: make an approver's secret key in FILE; init; add: a site's key; revoke: a key "
              "from an entry on; sign: as an approver; show: check and print",
              names)
      .text("file", arguments->file, "the roster", true)
      .text("--estate", arguments->estate, "the estate's name")
      .texts("--approver", arguments->approvers, "verifier keys of approvers, or their files")
      .whole("--threshold", arguments->threshold, "how many approvers must sign", 1, 32)
      .text("--key", arguments->key, "add: the site's verifier key; sign: file with a secret key")
      .one_of("--role", arguments->role, "what the site is",
              {"store", "depot", "centre", "online", "till", "witness"})
      .date("--from", arguments->from, "the first day of the key")
      .text("--name", arguments->name, "key: the approver's name; revoke: the name of the key")
      .whole("--entries", arguments->entries, "revoke: entries that stay valid", 0,
             std::int64_t{1} << 53)
      .text("--before", arguments->before, "show: the roster that this one must follow");
  return [arguments] { return run_verb(*arguments); };
}

}  // namespace cmd
