// stockade quarantine: believe only the beginning of another site's journal.

#include "rebuild/quarantine.h"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using rebuild::Both;

constexpr std::size_t rows_shown = 20;

struct Arguments {
  std::string site, data, why;
  std::int64_t from = -1;
  bool apply = false, lift = false, json = false;
};

// The folder of the site's journal: of its newest epoch, if none is named ("0042", "0042-1").
Result<io::Path> journal_of(const Arguments& arguments) {
  const io::Path copies = io::Path(arguments.data) / site::copies_folder;
  std::string found;
  for (const std::string& name : TRY(io::real_disk().list(copies))) {
    const bool fits = name == arguments.site || name.starts_with(arguments.site + "-");
    // Names of one site differ in the epoch; a longer number is a higher one.
    if (fits && std::pair(name.size(), name) > std::pair(found.size(), found)) found = name;
  }
  if (!found.empty()) return copies / found;
  return base::fail(ErrorCode::input_missing, fmt::format("{}: holds no journal of site {}",
                                                          copies.string(), arguments.site));
}

Json json_of(const Both& both) { return {{"all", both.all}, {"kept", both.kept}}; }

Json json_of(const rebuild::Difference& found) {
  Json lines = Json::array(), documents = Json::object();
  for (const auto& line : found.lines)
    lines.push_back({{"product", line.product.view()}, {"on_hand", json_of(line.on_hand)}});
  for (const auto& [name, both] : found.documents) documents[name] = json_of(both);
  return {{"origin", found.origin},
          {"entries", json_of(found.entries)},
          {"events", json_of(found.events)},
          {"lines", std::move(lines)},
          {"documents", std::move(documents)}};
}

void print_text(const rebuild::Difference& found) {
  fmt::print("{}: {} of {} entries are kept, {} of {} events\n", found.origin,
             grouped(found.entries.kept), grouped(found.entries.all), grouped(found.events.kept),
             grouped(found.events.all));
  for (const auto& [name, both] : found.documents)
    fmt::print("  {}: {} instead of {}\n", name, grouped(both.kept), grouped(both.all));
  fmt::print("  on hand: {}\n", found.lines.empty()
                                    ? "nothing changes"
                                    : counted(found.lines.size(), "line") + " would change");
  for (std::size_t i = 0; i < std::min(found.lines.size(), rows_shown); ++i)
    fmt::print("    {}: {} instead of {}\n", found.lines[i].product.view(),
               grouped(found.lines[i].on_hand.kept), grouped(found.lines[i].on_hand.all));
  if (found.lines.size() > rows_shown)
    fmt::print("    and {} more; --json has all\n", found.lines.size() - rows_shown);
}

Result<> run_quarantine(const Arguments& arguments) {
  io::Disk& disk = io::real_disk();
  const io::Path folder = TRY(journal_of(arguments));
  if (arguments.lift) {
    TRY(rebuild::lift_quarantine(disk, folder));
    fmt::print("{}: is believed whole again\n", folder.string());
    return {};
  }
  if (arguments.from < 0)
    return base::fail(ErrorCode::usage, "--from is required: the first entry not to be believed");
  if (arguments.apply && arguments.why.empty())
    return base::fail(ErrorCode::usage, "--apply needs --why, for those who come after you");
  const auto entries = static_cast<std::uint64_t>(arguments.from);
  const auto found = TRY(rebuild::difference(disk, folder, entries));
  if (arguments.apply) TRY(rebuild::quarantine(disk, folder, entries, arguments.why));
  if (arguments.json) {
    Json all = json_of(found);
    all["applied"] = arguments.apply;
    print(all);
    return {};
  }
  print_text(found);
  fmt::print("{}\n", arguments.apply ? "applied; --lift takes it back"
                                     : "nothing was changed; --apply with --why does it");
  return {};
}

}  // namespace

Action bind_quarantine(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .text("site", arguments->site,
            "four digits of the site, with -EPOCH for one that is not its newest", true)
      .text("--data", arguments->data, "folder of the site that holds its journal", true)
      .whole("--from", arguments->from, "the first entry that is not believed any more", 0,
             std::int64_t{1} << 53)
      .text("--why", arguments->why, "the reason, for those who come after you")
      .flag("--apply", arguments->apply, "not only look: from now on the rest does not count")
      .flag("--lift", arguments->lift, "take it back: the whole journal counts again")
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return run_quarantine(*arguments); };
}

}  // namespace cmd
