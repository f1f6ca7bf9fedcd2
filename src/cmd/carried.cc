#include "cmd/carried.h"

#include "nightly/carried_state.h"

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
                                         const std::string& state_folder) {
  CarriedEstate result;
  nightly::LoadedState& carried = result.carried;
  if (!state_folder.empty())
    carried = TRY(nightly::load_state(io::real_disk(), state_folder, as_of));
  base::Date from = base::date_min;
  if (carried.saved && TRY(lists_lines(options.folder))) from = carried.saved->sales_from();
  result.estate = TRY(read(options, as_of, from));
  if (!carried.saved) return result;
  base::Date needed = nightly::sales_needed_from(*carried.saved, result.estate);
  carried.rebuild_because = TRY(nightly::changed_past(*carried.saved, result.estate));
  if (!carried.rebuild_because.empty()) {
    carried.saved.reset();
    needed = base::date_min;
  }
  if (needed < from) result.estate = TRY(read(options, as_of, needed));
  return result;
}

}  // namespace cmd
