#include "cmd/site_folder.h"

#include <fmt/core.h>

#include "cmd/evidence.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

// A key file that ends in a line end, as a site writes it, or not.
Result<journal::Signer> read_key(const io::Path& path) {
  std::string text = TRY(io::read_file(io::real_disk(), path));
  if (text.ends_with('\n')) text.pop_back();
  auto signer = journal::parse_signer(text);
  if (!signer)
    return base::fail(signer.error().code, path.string() + ": " + signer.error().message);
  return signer;
}

}  // namespace

Result<std::unique_ptr<SiteFolder>> SiteFolder::open(const std::string& data,
                                                     const std::string& roster) {
  io::Disk& disk = io::real_disk();
  const io::Path folder = data;
  const io::Path roster_path = roster.empty() ? folder / roster_file : io::Path(roster);
  const std::string note = TRY(io::read_file(disk, roster_path));
  auto signer = TRY(read_key(folder / site::key_file));
  const auto origin = journal::parse_origin(signer.verifier.name);
  if (!origin)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: is no site's key", (folder / site::key_file).string()));
  journal::Roster opened = TRY(journal::open_roster(note));
  std::unique_ptr<SiteFolder> made(new SiteFolder(signer, origin->site, std::move(opened)));
  const auto own = made->roster_.peer(signer.verifier.key);
  if (!own)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: {}: {}", roster_path.string(), signer.verifier.name,
                                  meaning(own.error().refusal)));
  syncing::CopiesOptions options{folder / site::copies_folder,
                                 [&index = made->roster_, line = *own](const auto& other) {
                                   return index.usual_want(*line, other);
                                 },
                                 {}};
  if (disk.exists(folder / witness_file)) options.witness = TRY(read_key(folder / witness_file));
  made->copies_ = std::make_unique<syncing::Copies>(
      TRY(syncing::Copies::open(disk, std::move(options), made->roster_)));
  made->holdings_ = std::make_unique<syncing::Holdings>(
      disk, syncing::OwnJournal{signer.verifier.name, folder / site::journal_folder},
      *made->copies_);
  return made;
}

}  // namespace cmd
