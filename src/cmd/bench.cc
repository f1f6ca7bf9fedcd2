// stockade bench: how fast this machine is at what Stockade does.

#include "cmd/bench_evidence.h"
#include "cmd/command.h"

namespace cmd {
namespace {

struct Arguments {
  std::string what;
  BenchEvidence evidence;
};

base::Result<> bench(const Arguments& arguments) {
  if (arguments.what == "journal") return bench_journal(arguments.evidence);
  if (arguments.what == "verify") return bench_verify(arguments.evidence);
  if (arguments.what == "start") return bench_start(arguments.evidence);
  return base::fail(base::ErrorCode::usage, "bench: expected journal, verify or start");
}

}  // namespace

Action bind_bench(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  BenchEvidence& evidence = arguments->evidence;
  evidence.folder = "stockade-bench";
  options
      .one_of("what", arguments->what,
              "journal: commits, beside a bare append and SQLite; verify: reading and checking, "
              "beside SHA-256; start: from a snapshot and by full replay",
              {"journal", "verify", "start"})
      .text("--folder", evidence.folder, "a new folder on the disk to be measured")
      .real("--seconds", evidence.seconds, "how long to measure, about", 0.1, 3'600)
      .whole("--entry-bytes", evidence.entry_bytes, "verify: size of an entry", 64, 65'535)
      .whole("--mib", evidence.mib, "verify: how much of it", 1, 65'536)
      .whole("--events", evidence.events, "start: events of 64 bytes", 1, 100'000'000)
      .flag("--json", evidence.json, "print the figures as JSON");
  return [arguments] { return bench(*arguments); };
}

}  // namespace cmd
