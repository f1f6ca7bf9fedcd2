// stockade pack and unpack: journals carried by hand.

#include "sync/pack.h"

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/common.h"
#include "cmd/evidence.h"
#include "cmd/site_folder.h"
#include "cmd/text.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

std::string text_of(std::uint64_t count) { return grouped(static_cast<std::int64_t>(count)); }

struct PackArguments {
  std::string data, roster, out, since;
  std::vector<std::string> sites;
};

Result<> pack(const PackArguments& arguments) {
  TRY(check_apart(arguments.out, arguments.data));
  const auto folder = TRY(SiteFolder::open(arguments.data, arguments.roster));
  syncing::PackOptions options{.sites = arguments.sites, .made_ms = stamp_after({}).at_ms};
  if (!arguments.since.empty()) options.since = arguments.since;
  const auto done = TRY(
      syncing::pack(io::real_disk(), folder->holdings(), folder->signer(), options, arguments.out));
  fmt::print("{}: journals {}, entries {}, documents {}, bytes {}\n", arguments.out,
             text_of(done.journals), text_of(done.entries), text_of(done.documents),
             text_of(done.bytes));
  return {};
}

struct UnpackArguments {
  std::string folder, data, roster;
};

Result<> unpack(const UnpackArguments& arguments) {
  const auto folder = TRY(SiteFolder::open(arguments.data, arguments.roster));
  const auto roster = folder->roster();
  const auto pack = TRY(syncing::Pack::open(io::real_disk(), arguments.folder, *roster));
  const auto at_s = static_cast<std::uint64_t>(stamp_after({}).at_ms / 1'000);
  const auto done = TRY(syncing::unpack(pack, folder->holdings(), folder->site(), at_s));
  fmt::print("from {}: entries {}, documents {}\n", pack.from(), text_of(done.taken_entries),
             text_of(done.taken_documents));
  if (done.stopped.empty()) return {};
  for (const syncing::Stopped& one : done.stopped)
    fmt::print("  NOT TAKEN {}: {}: {}\n", one.origin, meaning(one.no.refusal), one.no.words);
  const syncing::Stopped& first = done.stopped.front();
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}: {}", arguments.folder,
                                                         first.origin, meaning(first.no.refusal)));
}

}  // namespace

Action bind_pack(Options& options) {
  auto arguments = std::make_shared<PackArguments>();
  options.text("--data", arguments->data, "the site's folder", true)
      .texts("--for", arguments->sites, "the sites that it is for, by their ids in the roster",
             true)
      .text("--out", arguments->out, "the folder to fill", true)
      .text("--since", arguments->since, "a pack of theirs: what they hold is left out")
      .text("--roster", arguments->roster, "the approved roster; else the one in the folder");
  return [arguments] { return pack(*arguments); };
}

Action bind_unpack(Options& options) {
  auto arguments = std::make_shared<UnpackArguments>();
  options.text("folder", arguments->folder, "the pack", true)
      .text("--data", arguments->data, "the site's folder", true)
      .text("--roster", arguments->roster, "the approved roster; else the one in the folder");
  return [arguments] { return unpack(*arguments); };
}

}  // namespace cmd
