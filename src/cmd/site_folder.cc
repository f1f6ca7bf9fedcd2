#include "cmd/site_folder.h"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/evidence.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

// What the site holds: what its roster says, and what those have that it dials itself: a store
// receives against its depot's advice, and hears there what came of its orders.
std::function<syncing::Want(const journal::Origin&)> wants(const syncing::RosterIndex& index,
                                                           const journal::RosterLine& own,
                                                           std::set<std::string> dialled) {
  return [&index, &own, dialled = std::move(dialled)](const journal::Origin& other) {
    const syncing::Want usual = index.usual_want(own, other);
    return dialled.contains(other.site) ? std::max(usual, syncing::Want::entries) : usual;
  };
}

}  // namespace

Result<std::unique_ptr<SiteFolder>> SiteFolder::open(const std::string& data,
                                                     const std::string& roster,
                                                     std::set<std::string> dialled) {
  return open_as(TRY(read_signer(io::Path(data) / site::key_file)), data, roster,
                 std::move(dialled));
}

Result<std::unique_ptr<SiteFolder>> SiteFolder::open_as(journal::Signer signer,
                                                        const std::string& data,
                                                        const std::string& roster,
                                                        std::set<std::string> dialled) {
  io::Disk& disk = io::real_disk();
  const io::Path folder = data;
  const io::Path roster_path = roster.empty() ? folder / roster_file : io::Path(roster);
  const std::string note = TRY(io::read_file(disk, roster_path));
  const auto origin = journal::parse_origin(signer.verifier.name);
  if (!origin)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: is no site's key", signer.verifier.name));
  journal::Roster opened = TRY(journal::open_roster(note));
  std::unique_ptr<SiteFolder> made(new SiteFolder(signer, origin->site, std::move(opened)));
  const auto own = made->roster_.peer(signer.verifier.key);
  if (!own)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: {}: {}", roster_path.string(), signer.verifier.name,
                                  meaning(own.error().refusal)));
  TRY(disk.make_folders(folder));
  syncing::CopiesOptions options{
      folder / site::copies_folder, wants(made->roster_, **own, std::move(dialled)), {}};
  if (disk.exists(folder / witness_file)) options.witness = TRY(read_signer(folder / witness_file));
  made->copies_ = std::make_unique<syncing::Copies>(
      TRY(syncing::Copies::open(disk, std::move(options), made->roster_)));
  made->holdings_ = std::make_unique<syncing::Holdings>(
      disk, syncing::OwnJournal{signer.verifier.name, folder / site::journal_folder},
      *made->copies_);
  return made;
}

}  // namespace cmd
