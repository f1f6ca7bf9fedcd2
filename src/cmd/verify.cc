// stockade verify: whether journals hold.

#include "journal/verify.h"

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "cmd/text.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Fault;
using journal::VerifyReport;

struct Arguments {
  std::vector<std::string> folders, witnesses, seen;
  std::string roster, key;
  std::int64_t witnesses_min = 0, known_entries = 0;
  bool json = false;
};

Json json_of(const std::optional<std::uint64_t>& number) { return number ? Json(*number) : Json(); }

Json json_of(const Fault& fault) {
  return {{"file", fault.file},
          {"entry", json_of(fault.entry)},
          {"byte", fault.byte},
          {"why", fault.why}};
}

Json json_of(const std::string& folder, const VerifyReport& report) {
  Json faults = Json::array(), witnesses = Json::array();
  for (const Fault& fault : report.faults) faults.push_back(json_of(fault));
  for (const auto& witness : report.witnesses)
    witnesses.push_back({{"name", witness.name}, {"seconds", witness.seconds}});
  return {{"folder", folder},
          {"ok", report.ok},
          {"origin", report.origin},
          {"entries", report.entries},
          {"checkpoint_size", json_of(report.checkpoint_size)},
          {"first_bad", report.faults.empty() ? Json() : json_of(report.faults[0])},
          {"trustworthy", report.trustworthy},
          {"unsigned_tail", report.unsigned_tail},
          {"documents", report.documents},
          {"witnesses", std::move(witnesses)},
          {"set_aside", report.set_aside},
          {"faults", std::move(faults)}};
}

void print_text(const std::string& folder, const VerifyReport& report) {
  fmt::print("{}: {}\n", folder, report.origin);
  if (report.ok)
    fmt::print("  holds: {} entries, {}\n", grouped(static_cast<std::int64_t>(report.entries)),
               counted(report.documents, "document"));
  for (const Fault& fault : report.faults) fmt::print("  BAD {}\n", to_string(fault));
  if (!report.ok)
    fmt::print("  still trustworthy: the first {} entries\n",
               grouped(static_cast<std::int64_t>(report.trustworthy)));
  if (report.checkpoint_size)
    fmt::print("  signed: {} entries; unsigned tail: {}\n",
               grouped(static_cast<std::int64_t>(*report.checkpoint_size)),
               grouped(static_cast<std::int64_t>(report.unsigned_tail)));
  else
    fmt::print("  no checkpoint that holds: nothing is signed\n");
  for (const auto& witness : report.witnesses)
    fmt::print("  cosigned by {} at {} s\n", witness.name, witness.seconds);
  for (const std::string& file : report.set_aside)
    fmt::print("  a broken record was set aside in {}\n", file);
}

Result<VerifyReport> verify_folder(io::Disk& disk, const std::string& folder,
                                   const journal::VerifyOptions& options) {
  if (!disk.exists(folder))
    return base::fail(ErrorCode::input_missing, folder + ": there is no such folder");
  return journal::verify(disk, folder, options);
}

bool is_not_bad_yet(const Result<>& outcome) {
  return outcome || outcome.error().code != ErrorCode::evidence_bad;
}

Result<> verify(const Arguments& arguments) {
  io::Disk& disk = io::real_disk();
  journal::VerifyOptions options;
  journal::Roster roster;
  if (!arguments.roster.empty()) {
    const std::string text = TRY(io::read_file(disk, arguments.roster));
    roster = TRY(journal::open_roster(text));
    options.roster = &roster;
  }
  if (!arguments.key.empty()) options.key = TRY(read_verifier(arguments.key));
  for (const std::string& key : arguments.witnesses)
    options.witnesses.push_back(TRY(read_verifier(key)));
  for (const std::string& path : arguments.seen)
    options.seen.push_back(TRY(io::read_file(disk, path)));
  options.witnesses_min = static_cast<std::uint64_t>(arguments.witnesses_min);
  options.known_entries = static_cast<std::uint64_t>(arguments.known_entries);

  Json all = Json::array();
  Result<>
      outcome;  // no folder keeps the others from being read; bad evidence outranks a missing one
  for (const std::string& folder : arguments.folders) {
    const Result<VerifyReport> report = verify_folder(disk, folder, options);
    if (arguments.json)
      all.push_back(
          report ? json_of(folder, *report)
                 : Json{{"folder", folder}, {"ok", false}, {"error", report.error().message}});
    else if (report)
      print_text(folder, *report);
    else
      fmt::print("{}: NOT READ\n", report.error().message);
    if (report && !report->ok && is_not_bad_yet(outcome))
      outcome = base::fail(ErrorCode::evidence_bad,
                           fmt::format("{}: {}", folder, to_string(report->faults[0])));
    if (!report && outcome) outcome = std::unexpected(report.error());
  }
  if (arguments.json && all.size() == 1) print(all[0]);
  if (arguments.json && all.size() > 1)
    print({{"ok", outcome.has_value()}, {"journals", std::move(all)}});
  return outcome;
}

}  // namespace

Action bind_verify(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options.texts("folders", arguments->folders, "folders of journals", true)
      .text("--roster", arguments->roster, "the roster whose keys are believed")
      .text("--key", arguments->key, "the verifier key that the journal must be under, or its file")
      .texts("--witness", arguments->witnesses, "verifier keys of witnesses, or their files")
      .whole("--witnesses-min", arguments->witnesses_min, "how many must have cosigned", 0, 1'000)
      .texts("--seen", arguments->seen, "checkpoints that others hold, to find a split view")
      .whole("--known-entries", arguments->known_entries, "entries that somebody has seen", 0,
             std::int64_t{1} << 53)
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return verify(*arguments); };
}

}  // namespace cmd
