#include "till/tables_in_use.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "estate/inflate.h"
#include "till/reading.h"

namespace till {
namespace {

using base::Date;
using base::Result;

// SHA-256 over names, sizes and bytes of the files that a till looks at, as they lie there.
Result<std::string> digest_of(io::Disk& disk, const io::Path& folder) {
  crypto::Sha256 sha;
  for (const std::string& name : TRY(disk.list(folder))) {
    if (std::ranges::find(table_files, estate::plain_name(name)) == table_files.end()) continue;
    const std::string content = TRY(io::read_file(disk, folder / name));
    sha.add(fmt::format("{} {}\n", name, content.size()));
    sha.add(content);
  }
  return sha.finish_hex();
}

}  // namespace

TablesInUse::TablesInUse(io::Disk& disk, io::Path folder, std::string site_id, Date today,
                         TablesPtr tables, std::string content)
    : disk_(&disk),
      folder_(std::move(folder)),
      site_id_(std::move(site_id)),
      read_on_(today),
      seen_(content),
      judged_(std::move(content)),
      tables_(std::move(tables)) {}

Result<std::shared_ptr<TablesInUse>> TablesInUse::open(io::Disk& disk, io::Path folder,
                                                       std::string site_id, Date today) {
  // Before the tables: what changes meanwhile is found by the next look.
  std::string content = TRY(digest_of(disk, folder));
  TablesPtr tables = TRY(read_tables(disk, folder, site_id, today));
  return std::shared_ptr<TablesInUse>(new TablesInUse(
      disk, std::move(folder), std::move(site_id), today, std::move(tables), std::move(content)));
}

TablesPtr TablesInUse::get() const {
  const std::lock_guard held(lock_);
  return tables_;
}

void TablesInUse::replace(TablesPtr tables) {
  const std::lock_guard held(lock_);
  tables_ = std::move(tables);
}

std::optional<TablesNews> TablesInUse::look(Date today) {
  if (disk_ == nullptr) return std::nullopt;
  const auto content = digest_of(*disk_, folder_);
  const std::string now = content ? *content : std::string();
  // Whoever copies files may be half-way.
  if (std::exchange(seen_, now) != now) return std::nullopt;
  const bool is_new = now != judged_;
  const bool is_other_day = today != read_on_ && is_judged_good_;
  if (!is_new && !is_other_day) return std::nullopt;
  auto tables = read_tables(*disk_, folder_, site_id_, today);
  // What changed while it was read may be half of each: the next looks judge.
  const auto after = digest_of(*disk_, folder_);
  if ((after ? *after : std::string()) != now) return std::nullopt;
  judged_ = now;
  read_on_ = today;
  is_judged_good_ = tables.has_value();
  if (!tables) return TablesNews{{}, tables.error().message};
  replace(*std::move(tables));
  return TablesNews{get(), {}};
}

}  // namespace till
