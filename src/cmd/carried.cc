#include "cmd/carried.h"

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

}  // namespace

base::Result<CarriedEstate> read_carried(const EstateOptions& options, base::Date as_of,
                                         const std::string& state_folder,
                                         const std::string& release_file) {
  std::vector<nightly::Release> releases;
  if (!release_file.empty()) releases = TRY(nightly::read_releases(io::real_disk(), release_file));
  nightly::LoadedState carried;
  if (!state_folder.empty())
    carried = TRY(nightly::load_state(io::real_disk(), state_folder, as_of));
  base::Date from = base::date_min;
  if (carried.saved && TRY(lists_lines(options.folder))) from = carried.saved->sales_from();
  while (true) {
    estate::Estate estate = TRY(read(options, as_of, from));
    nightly::Guards guards(io::real_disk(), state_folder, releases, as_of);
    TRY(guards.inspect(estate, carried.saved));
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
