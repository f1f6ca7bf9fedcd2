// stockade repair: a damaged journal made whole from a copy.

#include "sync/repair.h"

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/common.h"
#include "cmd/evidence.h"
#include "cmd/text.h"
#include "journal/scan.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string data, from, key;
};

// The journal in a folder, or in a site's folder.
Result<io::Path> journal_in(const io::Path& folder) {
  io::Disk& disk = io::real_disk();
  if (!disk.exists(folder))
    return base::fail(ErrorCode::input_missing, folder.string() + ": there is no such folder");
  for (const io::Path& path : {folder, folder / "journal"})
    if (const auto names = journal::list_segments(disk, path); names && !names->empty())
      return path;
  return base::fail(ErrorCode::input_missing, folder.string() + ": holds no journal");
}

Result<> repair(const Arguments& arguments) {
  const io::Path folder = TRY(journal_in(arguments.data));
  const io::Path donor = TRY(journal_in(arguments.from));
  TRY(check_apart(folder.string(), donor.string()));
  std::optional<journal::VerifierKey> key;
  if (!arguments.key.empty()) key = TRY(read_verifier(arguments.key));
  const bool is_copy = folder.parent_path().filename() == site::copies_folder;
  const auto done = TRY(syncing::repair(io::real_disk(), folder, donor, key, is_copy));
  for (const syncing::Replaced& one : done.replaced)
    fmt::print("{}: bytes {} to {} replaced{}\n", one.file, one.begin, one.end,
               one.set_aside.empty() ? "" : "; what was there is in " + one.set_aside);
  fmt::print("{}: {} entries, {} signed: the journal holds\n", done.origin, done.entries,
             done.signed_entries);
  return {};
}

}  // namespace

Action bind_repair(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options.text("--data", arguments->data, "the damaged journal, or its site's folder", true)
      .text("--from", arguments->from, "a copy of it, or a folder that holds one as journal", true)
      .text("--key", arguments->key, "whose journal it is: a verifier key, or its file");
  return [arguments] { return repair(*arguments); };
}

}  // namespace cmd
