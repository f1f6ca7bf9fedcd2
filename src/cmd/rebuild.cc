// stockade rebuild: a centre or another lost site anew, from the journals that stores, depots and
// archives hold.

#include "rebuild/rebuild.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/parallel.h"
#include "carry/rounds.h"
#include "cmd/command.h"
#include "cmd/common.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "cmd/site_folder.h"
#include "cmd/text.h"
#include "cmd/upstream.h"
#include "io/clock.h"
#include "journal/bytes.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using rebuild::Part;
using rebuild::Prefix;
using rebuild::Survey;
using rebuild::Verdict;

constexpr std::size_t rows_shown = 20;

struct Arguments {
  std::vector<std::string> from;
  std::string data, roster, id, at, key, gathered;
  std::int64_t threads = 0;
  bool json = false;
};

// The site that is lost: the one that was asked for, or the roster's only centre.
Result<trade::SiteCode> lost_site(const Arguments& arguments, const journal::Roster& roster) {
  std::vector<std::string> centres;
  for (const journal::RosterLine& line : roster.lines) {
    const auto origin = journal::parse_origin(line.key.name);
    if (line.role == journal::Role::centre && origin) centres.push_back(origin->site);
  }
  std::ranges::sort(centres);
  centres.erase(std::unique(centres.begin(), centres.end()), centres.end());
  if (arguments.id.empty() && centres.size() != 1)
    return base::fail(ErrorCode::usage,
                      fmt::format("the roster knows {}; name the one to rebuild with --id",
                                  counted(centres.size(), "centre")));
  const std::string& wanted = arguments.id.empty() ? centres[0] : arguments.id;
  const auto code = site::code_of(journal::Origin{roster.estate, wanted, 1});
  if (!code)
    return base::fail(ErrorCode::usage,
                      fmt::format("--id {}: expected the four digits of a site", wanted));
  return *code;
}

// Lines "ORIGIN ENTRIES", as --json and the report give them; anything behind is not looked at.
Result<std::vector<Part>> read_sizes(const std::string& path) {
  std::vector<Part> parts;
  if (path.empty()) return parts;
  const std::string text = TRY(io::read_file(io::real_disk(), path));
  journal::ByteReader lines(text);
  while (!lines.at_end() && lines.good()) {
    const std::string_view line = lines.line();
    const std::size_t first = line.find(' '),
                      second = std::min(line.find(' ', first + 1), line.size());
    const auto entries = first == line.npos
                             ? std::nullopt
                             : journal::parse_size(line.substr(first + 1, second - first - 1));
    if (!entries || !journal::parse_origin(line.substr(0, first)))
      return base::fail(ErrorCode::input_bad,
                        fmt::format("{}: expected lines of a journal's name and a number of "
                                    "entries, not \"{}\"",
                                    path, line));
    parts.push_back({std::string(line.substr(0, first)), *entries, {}});
  }
  return parts;
}

Json json_of(const Survey& survey) {
  Json journals = Json::array(), lost = Json::array();
  for (const Prefix& prefix : survey.prefixes)
    journals.push_back({{"origin", prefix.origin},
                        {"verdict", rebuild::to_text(prefix.verdict)},
                        {"entries", prefix.entries},
                        {"events", prefix.events},
                        {"known_entries", prefix.known_entries},
                        {"state", to_hex(prefix.state)},
                        {"folder", prefix.folder.string()},
                        {"why", prefix.why}});
  for (const rebuild::Lost& one : survey.lost)
    lost.push_back({{"origin", one.origin}, {"first", one.first}, {"behind", one.behind}});
  return {{"digest", to_hex(survey.digest)}, {"entries", survey.entries},
          {"events", survey.events},         {"journals", std::move(journals)},
          {"lost", std::move(lost)},         {"missing", survey.missing},
          {"unreadable", survey.unreadable}};
}

std::string number(std::uint64_t value) { return grouped(static_cast<std::int64_t>(value)); }

void print_list(std::string_view title, const std::vector<std::string>& rows) {
  if (rows.empty()) return;
  fmt::print("{}: {}\n", title, rows.size());
  for (std::size_t i = 0; i < std::min(rows.size(), rows_shown); ++i) fmt::print("  {}\n", rows[i]);
  if (rows.size() > rows_shown) fmt::print("  and {} more\n", rows.size() - rows_shown);
}

void print_text(const Survey& survey) {
  fmt::print("{} journals: {} entries, {} events count\n",
             grouped(static_cast<std::int64_t>(survey.prefixes.size())), number(survey.entries),
             number(survey.events));
  std::vector<std::string> doubtful, lost;
  for (const Prefix& prefix : survey.prefixes)
    if (prefix.verdict != Verdict::proven)
      doubtful.push_back(fmt::format("{}, {}: its first {} entries count; {}", prefix.origin,
                                     rebuild::to_text(prefix.verdict), number(prefix.entries),
                                     prefix.why));
  for (const rebuild::Lost& one : survey.lost)
    lost.push_back(
        fmt::format("{}: entries {} to {}", one.origin, number(one.first), number(one.behind - 1)));
  print_list("doubtful", doubtful);
  print_list("known to have been, and in no copy", lost);
  print_list("missing, no copy at all", survey.missing);
  print_list("unreadable", survey.unreadable);
  fmt::print("digest of the estate: {}\n", to_hex(survey.digest));
}

// Fetches what a site holds into the folder; what was there goes on. True if it answered.
bool gather(const carry::Upstream& upstream, carry::Port& port) {
  http::Client client(upstream.dial);
  io::Clock& clock = io::real_clock();
  const auto number = static_cast<std::uint64_t>(clock.wall_ms()) << 20;
  const auto done = carry::exchange(port, client, clock, number);
  if (!done) {
    fmt::print(stderr, "{}: {}\n", upstream.name, done.error().message);
    return false;
  }
  bool is_answered = true;
  for (const syncing::Stopped& one : done->stopped) {
    fmt::print(stderr, "{}: {}{}{}\n", upstream.name, one.origin, one.origin.empty() ? "" : ": ",
               one.no.words.empty() ? meaning(one.no.refusal) : one.no.words);
    is_answered &= !one.origin.empty();
  }
  if (is_answered && done->taken_entries == 0)
    fmt::print(stderr, "{}: has nothing that is not here\n", upstream.name);
  else if (is_answered)
    fmt::print(stderr, "{}: {} entries fetched\n", upstream.name,
               grouped(static_cast<std::int64_t>(done->taken_entries)));
  return is_answered;
}

// The folders to rebuild from: those that were named, and the one of what sites were asked for.
Result<std::vector<io::Path>> folders_of(const Arguments& arguments,
                                         const std::optional<journal::Signer>& key) {
  std::vector<io::Path> folders;
  std::vector<std::string> sites;
  for (const std::string& from : arguments.from)
    if (is_upstream(from))
      sites.push_back(from);
    else
      folders.emplace_back(from);
  if (sites.empty()) return folders;
  if (!key || arguments.gathered.empty())
    return base::fail(ErrorCode::usage,
                      "--from " + sites[0] +
                          ": a site answers a key that its roster lists, and what it sends needs "
                          "a folder: --key FILE --gathered FOLDER");
  const auto folder = TRY(SiteFolder::open_as(*key, arguments.gathered, arguments.roster));
  carry::Port port(folder->holdings(), io::real_clock());
  std::size_t answered = 0;
  for (const std::string& one : sites)
    answered += gather(TRY(parse_upstream(one, *folder->roster(), *key)), port);
  if (answered == 0 && folders.empty())
    return base::fail(ErrorCode::io_failed, "no site answered, and no folder was named");
  folders.emplace_back(io::Path(arguments.gathered) / site::copies_folder);
  return folders;
}

Result<> run_rebuild(const Arguments& arguments) {
  io::Disk& disk = io::real_disk();
  const std::string text = TRY(io::read_file(disk, arguments.roster));
  const journal::Roster roster = TRY(journal::open_roster(text));
  std::optional<journal::Signer> key;
  if (!arguments.key.empty()) key = TRY(read_signer(arguments.key));
  if (!arguments.data.empty()) {
    for (const std::string& folder : arguments.from)
      if (!is_upstream(folder)) TRY(check_apart(arguments.data, folder));
    if (!arguments.gathered.empty()) TRY(check_apart(arguments.data, arguments.gathered));
  }
  const std::vector<io::Path> from = TRY(folders_of(arguments, key));
  const int threads =
      arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
  const ProgressBar bar;
  const auto on_progress = [&](double share) { bar.draw(share, "reading journals"); };
  if (arguments.data.empty()) {
    const auto sizes = TRY(read_sizes(arguments.at));
    Survey survey = TRY(rebuild::survey(disk, roster, from, threads, sizes, on_progress));
    if (key) rebuild::expect_nothing_of(survey, key->verifier.name);
    if (arguments.json)
      print(json_of(survey));
    else
      print_text(survey);
    return {};
  }
  if (!arguments.at.empty())
    return base::fail(ErrorCode::usage, "--at is for looking only, without --data");
  const trade::SiteCode lost = TRY(lost_site(arguments, roster));
  const rebuild::Wanted wanted{from, arguments.data, lost, threads, key};
  const auto rebuilt = TRY(rebuild::rebuild(disk, io::real_entropy(), io::real_clock().wall_ms(),
                                            roster, wanted, on_progress));
  const std::string verifier = journal::to_string(rebuilt.key);
  if (arguments.json) {
    Json all = json_of(rebuilt.survey);
    all["key"] = verifier;
    all["goes_on"] = rebuilt.goes_on;
    print(all);
    return {};
  }
  print_text(rebuilt.survey);
  fmt::print("written to {}: {} MiB\n", arguments.data, number(rebuilt.bytes >> 20));
  if (rebuilt.goes_on)
    fmt::print(
        "goes on with what counts of its latest journal; nobody is enrolled\n");
  fmt::print("key: {}\n", verifier);
  return {};
}

}  // namespace

Action bind_rebuild(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .texts("--from", arguments->from,
             "folders with journals, or copies of them, anywhere up to five levels below; or "
             "sites that hold them and can be reached, SITE@ADDRESS:PORT",
             true)
      .text("--roster", arguments->roster, "the roster whose keys are believed", true)
      .text("--data", arguments->data,
            "new folder of the rebuilt site; without it, only says what would be rebuilt")
      .text("--id", arguments->id, "four digits of the lost site; else the roster's only centre")
      .text("--key", arguments->key,
            "key of the new site, where the roster lists it already; otherwise one is made")
      .text("--gathered", arguments->gathered,
            "folder for what sites send; a later run goes on from there")
      .text("--at", arguments->at,
            "without --data: file of journals' names and entries, for the digest of that time")
      .whole("--threads", arguments->threads, "0 = as many as the machine runs", 0, 64)
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return run_rebuild(*arguments); };
}

}  // namespace cmd
