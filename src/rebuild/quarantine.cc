#include "rebuild/quarantine.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "rebuild/reading.h"
#include "site/believed.h"
#include "site/key.h"

namespace rebuild {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t to_the_end = ~std::uint64_t{0};

Result<Copy> copy_in(io::Disk& disk, const io::Path& folder) {
  const auto key = TRY(site::journal_key(disk, folder));
  if (key && journal::parse_origin(key->name)) return Copy{folder, *key, {}, {}};
  return base::fail(ErrorCode::evidence_bad, folder.string() + ": holds no journal of a site");
}

// Whole commits of the first entries.
Result<Reading> read_first(io::Disk& disk, const Copy& copy, std::uint64_t entries) {
  auto reading = TRY(read(disk, copy, entries, {}));
  if (entries != to_the_end && reading.entries_taken() < entries)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: holds {} entries, not {}", copy.folder.string(),
                                  reading.entries_taken(), entries));
  // Down to the end of a commit, where the root is known and nothing half is in the book.
  while (entries != to_the_end && reading.fold_to() != reading.end().next)
    reading = TRY(read(disk, copy, reading.end().next, {}));
  // A commit that cannot be true ends what there is to count.
  if (entries == to_the_end && !reading.why().empty())
    return read_first(disk, copy, reading.end().next);
  return reading;
}

std::map<trade::ProductId, trade::Units> on_hand_of(const trade::Partition* partition) {
  std::map<trade::ProductId, trade::Units> units;
  if (partition == nullptr) return units;
  for (const trade::LineNo line : partition->goods.by_product())
    units[partition->goods.product(line)] = partition->stock.on_hand(line);
  return units;
}

std::vector<LineChange> changed_lines(const trade::Partition* all, const trade::Partition* kept) {
  std::map<trade::ProductId, Both> both;
  for (const auto& [product, units] : on_hand_of(all)) both[product].all = units;
  for (const auto& [product, units] : on_hand_of(kept)) both[product].kept = units;
  std::vector<LineChange> changes;
  for (const auto& [product, units] : both)
    if (units.all != units.kept) changes.push_back({product, units});
  return changes;
}

std::vector<std::pair<std::string, Both>> changed_documents(const trade::Partition* all,
                                                            const trade::Partition* kept) {
  std::vector<std::pair<std::string, Both>> changes;
  const auto compare = [&](const char* name, auto count) {
    const auto size = [&](const trade::Partition* one) {
      return one == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(count(*one));
    };
    if (const Both both{size(all), size(kept)}; both.all != both.kept)
      changes.emplace_back(name, both);
  };
  compare("lines", [](const auto& one) { return one.goods.line_count(); });
  compare("proposals", [](const auto& one) { return one.proposals.size(); });
  compare("orders", [](const auto& one) { return one.orders.size(); });
  compare("fulfilments", [](const auto& one) { return one.fulfilments.size(); });
  compare("waves", [](const auto& one) { return one.waves.size(); });
  compare("orders to suppliers", [](const auto& one) { return one.inbounds.size(); });
  compare("transfers sent", [](const auto& one) { return one.sent.size(); });
  compare("deliveries received", [](const auto& one) { return one.received.size(); });
  compare("stop-sales", [](const auto& one) { return one.stops.size(); });
  compare("reductions", [](const auto& one) { return one.reductions.size(); });
  compare("people", [](const auto& one) { return one.people.size(); });
  compare("devices", [](const auto& one) { return one.enrolled_devices.size(); });
  return changes;
}

std::int64_t whole(std::uint64_t number) { return static_cast<std::int64_t>(number); }

}  // namespace

Result<Difference> difference(io::Disk& disk, const io::Path& folder, std::uint64_t entries) {
  const Copy copy = TRY(copy_in(disk, folder));
  const Reading kept = TRY(read_first(disk, copy, entries));
  const Reading all = TRY(read_first(disk, copy, to_the_end));
  Difference found;
  found.origin = copy.key.name;
  found.entries = {whole(all.end().next), whole(kept.end().next)};
  found.events = {whole(all.events()), whole(kept.events())};
  found.lines = changed_lines(all.partition(), kept.partition());
  found.documents = changed_documents(all.partition(), kept.partition());
  return found;
}

Result<> quarantine(io::Disk& disk, const io::Path& folder, std::uint64_t entries,
                    const std::string& why) {
  const Copy copy = TRY(copy_in(disk, folder));
  const Reading kept = TRY(read_first(disk, copy, entries));
  return io::write_file(disk, folder / site::believed_file,
                        site::to_text({kept.end().next, kept.root(), why}));
}

Result<> lift_quarantine(io::Disk& disk, const io::Path& folder) {
  const io::Path path = folder / site::believed_file;
  if (!disk.exists(path))
    return base::fail(ErrorCode::nothing_to_do, folder.string() + ": is believed whole already");
  TRY(disk.remove_all(path));
  return disk.sync_folder(folder);
}

}  // namespace rebuild
