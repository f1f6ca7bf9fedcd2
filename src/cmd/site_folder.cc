#include "cmd/site_folder.h"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/evidence.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

}  // namespace

Result<std::unique_ptr<SiteFolder>> SiteFolder::open(const std::string& data,
                                                     const std::string& roster,
                                                     std::set<std::string> dialled) {
  return open_as(TRY(read_signer(io::Path(data) / site::key_file)), data, roster,
                 std::move(dialled));
}

Result<std::unique_ptr<SiteFolder>> SiteFolder::open_by(const journal::Roster& roster,
                                                        const std::string& data,
                                                        std::set<std::string> dialled) {
  auto signer = TRY(read_signer(io::Path(data) / site::key_file));
  auto made = TRY(make(std::move(signer), roster, std::move(dialled)));
  TRY(made->open_holdings(data));
  return made;
}

Result<std::unique_ptr<SiteFolder>> SiteFolder::open_as(journal::Signer signer,
                                                        const std::string& data,
                                                        const std::string& roster,
                                                        std::set<std::string> dialled) {
  const io::Path folder = data;
  const io::Path roster_path = roster.empty() ? folder / roster_file : io::Path(roster);
  const std::string note = TRY(io::read_file(io::real_disk(), roster_path));
  const journal::Roster opened = TRY(journal::open_roster(note));
  auto made = TRY(make(std::move(signer), opened, std::move(dialled)));
  if (const auto listed = made->check_listed(); !listed)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: {}", roster_path.string(), listed.error().message));
  TRY(made->open_holdings(folder));
  return made;
}

Result<std::unique_ptr<SiteFolder>> SiteFolder::make(journal::Signer signer,
                                                     const journal::Roster& roster,
                                                     std::set<std::string> dialled) {
  const auto origin = journal::parse_origin(signer.verifier.name);
  if (!origin)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: is no site's key", signer.verifier.name));
  std::unique_ptr<SiteFolder> made(
      new SiteFolder(std::move(signer), origin->site, std::move(dialled)));
  made->roster_ = std::make_shared<syncing::RosterIndex>(roster);
  return made;
}

Result<> SiteFolder::open_holdings(const io::Path& folder) {
  io::Disk& disk = io::real_disk();
  TRY(disk.make_folders(folder));
  syncing::CopiesOptions options{folder / site::copies_folder,
                                 [this](const journal::Origin& origin) { return want(origin); },
                                 {}};
  if (disk.exists(folder / witness_file)) options.witness = TRY(read_signer(folder / witness_file));
  copies_ = std::make_unique<syncing::Copies>(
      TRY(syncing::Copies::open(disk, std::move(options), *roster_)));
  holdings_ = std::make_unique<syncing::Holdings>(
      disk, syncing::OwnJournal{signer_.verifier.name, folder / site::journal_folder}, *copies_);
  return {};
}

std::shared_ptr<const syncing::RosterIndex> SiteFolder::roster() const {
  const std::lock_guard held(lock_);
  return roster_;
}

// The copies look into the earlier one until they have the new one.
void SiteFolder::take_roster(const journal::Roster& roster) {
  auto index = std::make_shared<const syncing::RosterIndex>(roster);
  copies_->set_roster(*index);
  const std::lock_guard held(lock_);
  roster_ = std::move(index);
}

Result<> SiteFolder::check_listed() const {
  const auto own = roster()->peer(signer_.verifier.key);
  if (own) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", signer_.verifier.name, meaning(own.error().refusal)));
}

// What the site holds: what its roster says, and what those have that it dials itself: a store
// receives against its depot's advice, and hears there what came of its orders.
syncing::Want SiteFolder::want(const journal::Origin& origin) const {
  const auto index = roster();
  const auto own = index->peer(signer_.verifier.key);
  if (!own) return syncing::Want::nothing;
  const syncing::Want usual = index->usual_want(**own, origin);
  return dialled_.contains(origin.site) ? std::max(usual, syncing::Want::entries) : usual;
}

}  // namespace cmd
