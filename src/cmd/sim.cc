// stockade sim: estates of many sites, rehearsed in memory: everything goes wrong, then all must
// agree.

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/json.h"
#include "io/clock.h"
#include "rehearse/rehearsal.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string seeds = "1..30";
  std::int64_t sites = 20, commands = 2'000, minutes = 0;
  bool json = false, trace = false, marks = false;
};

struct Range {
  std::uint64_t first = 0, last = 0;
};

// "7" or "1..1000".
Result<Range> parse_range(std::string_view text) {
  Range range;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  range.last = range.first;
  bool is_good = first.ec == std::errc{};
  if (is_good && first.ptr != end) {
    const std::string_view rest(first.ptr, static_cast<std::size_t>(end - first.ptr));
    is_good = rest.starts_with("..") &&
              std::from_chars(rest.data() + 2, end, range.last).ptr == end && rest.size() > 2;
  }
  if (!is_good || range.first > range.last)
    return base::fail(ErrorCode::usage,
                      fmt::format("--seeds {}: a seed, or two as in 1..1000", text));
  return range;
}

// What a batch of seeds comes to.
struct Batch {
  std::uint64_t seeds = 0, commands = 0, events = 0;
  double seconds = 0, slowest_seconds = 0;
  std::vector<std::uint64_t> failed;
  rehearse::Marks marks;
  std::string digest;  // of the last seed
};

void run_seed(const Arguments& arguments, std::uint64_t seed, Batch& batch) {
  const double begin = io::real_clock().seconds();
  const rehearse::Outcome outcome =
      rehearse::rehearse({.seed = seed,
                          .sites = static_cast<std::size_t>(arguments.sites),
                          .commands = static_cast<std::size_t>(arguments.commands),
                          .prints = arguments.trace});
  const double seconds = io::real_clock().seconds() - begin;
  ++batch.seeds;
  batch.seconds += seconds;
  batch.slowest_seconds = std::max(batch.slowest_seconds, seconds);
  batch.commands += outcome.commands;
  batch.events += outcome.events;
  batch.marks.add(outcome.marks);
  batch.digest = outcome.digest;
  if (arguments.trace) fmt::print("seed {}: digest {}\n", seed, outcome.digest);
  if (outcome.complaints.empty()) return;
  batch.failed.push_back(seed);
  for (const std::string& complaint : outcome.complaints)
    fmt::print(stderr, "seed {}: {}\n", seed, complaint);
}

void print_json(const Batch& batch) {
  Json marks = Json::object();
  for (std::size_t i = 0; i < rehearse::mark_count; ++i)
    marks[std::string(rehearse::mark_rows[i].name)] =
        batch.marks.count(static_cast<rehearse::Mark>(i));
  print({{"seeds", batch.seeds},
         {"failed", batch.failed},
         {"commands", batch.commands},
         {"events", batch.events},
         {"seconds", batch.seconds},
         {"slowest_seconds", batch.slowest_seconds},
         {"marks_missing", batch.marks.missing().size()},
         {"digest", batch.digest},
         {"marks", std::move(marks)}});
}

// A batch that was to prove all marks names those that it never came by.
Result<> judge(const Arguments& arguments, const Batch& batch) {
  if (!batch.failed.empty())
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{} of {} seeds failed; stockade sim --seeds {} --commands {} "
                                  "--sites {} --trace shows the first",
                                  batch.failed.size(), batch.seeds, batch.failed.front(),
                                  arguments.commands, arguments.sites));
  if (!arguments.marks || batch.marks.missing().empty()) return {};
  std::string names;
  for (const rehearse::Mark mark : batch.marks.missing())
    names += fmt::format(" {}", row_of(mark).name);
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{} seeds never came by:{}", batch.seeds, names));
}

Result<> sim(const Arguments& arguments) {
  const Range range = TRY(parse_range(arguments.seeds));
  Batch batch;
  const double end = io::real_clock().seconds() + 60.0 * static_cast<double>(arguments.minutes);
  for (std::uint64_t seed = range.first;; ++seed) {
    run_seed(arguments, seed, batch);
    const bool is_soak = arguments.minutes > 0;
    if (is_soak ? io::real_clock().seconds() >= end : seed >= range.last) break;
  }
  if (arguments.json)
    print_json(batch);
  else
    fmt::print("{} seeds, {} commands, {} events: {} failed; {:.3f} s each, the slowest {:.3f} s\n",
               batch.seeds, batch.commands, batch.events, batch.failed.size(),
               batch.seconds / static_cast<double>(batch.seeds), batch.slowest_seconds);
  return judge(arguments, batch);
}

}  // namespace

Action bind_sim(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options.text("--seeds", arguments->seeds, "a seed, or FROM..TO")
      .whole("--sites", arguments->sites, "how many sites: a centre, three depots, else stores",
             rehearse::sites_min, rehearse::sites_max)
      .whole("--commands", arguments->commands, "commands of a seed, about", 50, 100'000)
      .whole("--minutes", arguments->minutes, "go on from the first seed for so long", 0, 100'000)
      .flag("--marks", arguments->marks, "fail when a rare path was never gone")
      .flag("--trace", arguments->trace, "print everything that happens")
      .flag("--json", arguments->json, "print JSON instead of a line");
  return [arguments] { return sim(*arguments); };
}

}  // namespace cmd
