#include "cmd/carried.h"

#include "base/parallel.h"
#include "nightly/carried_state.h"
#include "nightly/release_file.h"

namespace cmd {
namespace {

// Whether the folder has a list of lines, so that old sales are not needed to know them.
base::Result<bool> lists_lines(const std::string& folder) {
  for (const std::string& name : TRY(io::real_disk().list(folder)))
    if (name.starts_with("range.csv")) return true;
  return false;
}

// The first day whose sales are read where a state needs those from `needed` on, or there is none.
base::Result<base::Date> first_sales_day(const std::string& folder,
                                         std::optional<base::Date> needed) {
  const bool listed = TRY(lists_lines(folder));
  return needed && listed ? *needed : base::date_min;
}

}  // namespace

base::Result<CarriedEstate> read_carried(const EstateOptions& options, base::Date as_of,
                                         const std::string& state_folder,
                                         const std::string& release_file) {
  std::vector<nightly::Release> releases;
  if (!release_file.empty()) releases = TRY(nightly::read_releases(io::real_disk(), release_file));
  nightly::LoadedState carried;
  base::Date from = base::date_min;
  std::future<base::Result<nightly::LoadedState>> loading;
  if (!state_folder.empty()) {
    const auto needed = TRY(nightly::sales_from_of_state(io::real_disk(), state_folder, as_of));
    from = TRY(first_sales_day(options.folder, needed));
    loading = base::beside(options.thread_count(), [&] {
      return nightly::load_state(io::real_disk(), state_folder, as_of);
    });
  }
  while (true) {
    auto read_estate = read(options, as_of, from);
    if (loading.valid()) {
      carried = TRY(loading.get());
      const auto needed = carried.saved ? std::optional(carried.saved->sales_from()) : std::nullopt;
      const base::Date fitting = TRY(first_sales_day(options.folder, needed));
      if (read_estate && std::exchange(from, fitting) != fitting) continue;
    }
    estate::Estate estate = TRY(std::move(read_estate));
    nightly::Guards guards(io::real_disk(), state_folder, releases, as_of);
    TRY(guards.inspect(estate, carried.saved, options.thread_count()));
    base::Date needed = from;
    if (carried.saved) {
      needed = nightly::sales_needed_from(*carried.saved, estate);
      carried.rebuild_because = TRY(nightly::changed_past(*carried.saved, estate));
    }
    if (!carried.rebuild_because.empty()) {
      carried.saved.reset();
      needed = base::date_min;
    }
    if (needed >= from)
      return CarriedEstate{std::move(estate), std::move(carried), std::move(guards)};
    from = needed;
  }
}

}  // namespace cmd
