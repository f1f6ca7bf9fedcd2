#include "nightly/state_file.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "nightly/packed_file.h"

namespace nightly {
namespace {

using base::ErrorCode;
using base::Result;
using planner::LineState;

constexpr std::string_view family = "stockade-state-";
constexpr std::string_view magic = "stockade-state-2\n";
constexpr std::string_view suffix = ".state.zst";
static_assert(sizeof(LineState) == 44 && std::is_trivially_copyable_v<LineState>);

// Settings decide what a state means, so a state of other settings is not continued.
std::string fingerprint(const planner::Settings& settings) {
  std::string text;
  const auto add = [&](double value) { text += fmt::format("{:a} ", value); };
  for (std::size_t r = 0; r < planner::rates_max; ++r) {
    add(settings.level_rate[r]);
    add(settings.level_weight[r]);
  }
  for (const double value : {settings.year_periods,
                             double(settings.year_window),
                             double(settings.year_count_max),
                             settings.year_decay,
                             settings.year_root.k,
                             settings.year_root.units,
                             settings.year_child.k,
                             settings.year_child.units,
                             settings.weekday_rate,
                             settings.weekday.k,
                             settings.weekday.units,
                             double(settings.event_window),
                             settings.event_tolerance,
                             settings.event_other,
                             settings.event_decay,
                             settings.event.k,
                             settings.event.units,
                             double(settings.event_eve),
                             settings.event_clean_min,
                             settings.event_clean_max,
                             settings.promotion_rate,
                             settings.level_factor_power,
                             settings.level_factor_min,
                             settings.own_weekday_rate,
                             settings.own_weekday_k,
                             settings.own_factor_min,
                             settings.dispersion_rate,
                             settings.dispersion_linear,
                             settings.dispersion_quadratic,
                             settings.dispersion_error_max,
                             settings.mean_min})
    add(value);
  crypto::Sha256 digest;
  digest.add(text);
  return digest.finish_hex();
}

// The ids that `used` points to, and for each number its place among them.
struct Table {
  std::vector<std::string> ids;
  std::vector<std::uint32_t> place;

  template <class Thing>
  Table(const std::vector<Thing>& all, const std::vector<std::uint32_t>& used) {
    place.assign(all.size(), estate::none);
    for (const std::uint32_t number : used) place[number] = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (place[i] == estate::none) continue;
      place[i] = static_cast<std::uint32_t>(ids.size());
      ids.push_back(all[i].id);
    }
  }
  std::vector<std::uint32_t> places_of(const std::vector<std::uint32_t>& used) const {
    std::vector<std::uint32_t> places;
    places.reserve(used.size());
    for (const std::uint32_t number : used) places.push_back(place[number]);
    return places;
  }
};

std::string encode(const estate::Estate& estate, const Columns& columns,
                   const planner::Settings& settings, Date as_of, const planner::State& state) {
  PackedOut out;
  out.reserve(columns.size() * (2 * sizeof(LineState) + 2 * planner::raw_periods + 16) + 100'000);
  out.raw(magic);
  out.text(fingerprint(settings));
  out.text(estate.name);
  out.text(digest_of_past_events(estate, state.origin));
  out.number(static_cast<std::uint64_t>(as_of.days));
  out.number(static_cast<std::uint64_t>(state.period));
  out.number(static_cast<std::uint64_t>(state.origin));
  const Table sites(estate.sites, columns.site), products(estate.products, columns.product);
  out.texts(sites.ids);
  out.texts(products.ids);
  out.column(sites.places_of(columns.site));
  out.column(products.places_of(columns.product));
  out.column(columns.pools.leaf);
  out.column(columns.history.line_to);
  out.texts(columns.pool_key);
  out.number(static_cast<std::uint64_t>(state.series.first_period));
  out.number(static_cast<std::uint64_t>(state.series.period_count));
  out.column(state.series.units);
  out.column(state.series.line_periods);
  out.column(state.settled);
  out.column(state.current);
  out.column(state.raw);
  return out.take();
}

bool all_below(const std::vector<std::uint32_t>& indexes, std::size_t size) {
  return std::all_of(indexes.begin(), indexes.end(),
                     [&](std::uint32_t index) { return index < size; });
}

// Whether all counts and indexes of a decoded state fit each other.
bool is_sound(const SavedState& saved) {
  const std::size_t lines = saved.line_site.size();
  const planner::State& state = saved.state;
  const std::size_t cells =
      saved.pool_key.size() * static_cast<std::size_t>(std::max(state.series.period_count, 0));
  if (saved.line_product.size() != lines || saved.line_pool.size() != lines ||
      saved.line_to.size() != lines || state.settled.size() != lines ||
      state.current.size() != lines || state.raw.size() != lines * planner::raw_periods ||
      state.series.units.size() != cells || state.series.line_periods.size() != cells)
    return false;
  for (std::size_t i = 1; i < lines; ++i)
    if (std::pair(saved.line_site[i - 1], saved.line_product[i - 1]) >=
        std::pair(saved.line_site[i], saved.line_product[i]))
      return false;
  return all_below(saved.line_site, saved.sites.size()) &&
         all_below(saved.line_product, saved.products.size()) &&
         all_below(saved.line_pool, saved.pool_key.size());
}

// Reads what follows the settings, up to what there is for each line.
void decode_head(PackedIn& in, SavedState& saved) {
  saved.estate_name = in.text();
  saved.past_events = in.text();
  saved.as_of = {static_cast<std::int32_t>(in.number())};
  saved.state.period = static_cast<planner::Period>(in.number());
  saved.state.origin = static_cast<std::int32_t>(in.number());
}

// Reads what follows the settings. False where the bytes are damaged.
bool decode(PackedIn& in, SavedState& saved) {
  decode_head(in, saved);
  saved.sites = in.texts();
  saved.products = in.texts();
  saved.line_site = in.column<std::uint32_t>();
  saved.line_product = in.column<std::uint32_t>();
  saved.line_pool = in.column<std::uint32_t>();
  saved.line_to = in.column<std::int32_t>();
  saved.pool_key = in.texts();
  planner::GroupSeries& series = saved.state.series;
  series.first_period = static_cast<std::int32_t>(in.number());
  series.period_count = static_cast<std::int32_t>(in.number());
  series.pool_count = saved.pool_key.size();
  series.units = in.column<std::int64_t>();
  series.line_periods = in.column<std::int64_t>();
  saved.state.settled = in.column<LineState>();
  saved.state.current = in.column<LineState>();
  saved.state.raw = in.column<planner::RawPeriod>();
  return in.ok() && in.at_end() && is_sound(saved);
}

io::Path path_of(const io::Path& folder, Date date) {
  return folder / (base::to_string(date) + std::string(suffix));
}

// The newest date before `as_of` that names a state.
Result<std::optional<Date>> newest_before(io::Disk& disk, const io::Path& folder, Date as_of) {
  std::optional<Date> newest;
  if (!disk.exists(folder)) return newest;
  for (const std::string& name : TRY(disk.list(folder))) {
    if (!name.ends_with(suffix)) continue;
    const auto date =
        base::parse_date(std::string_view(name).substr(0, name.size() - suffix.size()));
    if (date && *date < as_of && (!newest || *date > *newest)) newest = date;
  }
  return newest;
}

}  // namespace

Date SavedState::sales_from() const {
  return date_of(state.period, state.origin - night_sales_periods + 1);
}

Result<std::optional<Date>> sales_from_of_state(io::Disk& disk, const io::Path& folder,
                                                Date as_of) {
  const auto newest = TRY(newest_before(disk, folder, as_of));
  if (!newest) return std::nullopt;
  const std::string front = TRY(read_packed_front(disk, path_of(folder, *newest)));
  PackedIn in(front);
  if (!in.skip(magic)) return std::nullopt;
  const std::string settings = in.text();
  SavedState saved;
  decode_head(in, saved);
  const planner::Period kind = saved.state.period;
  if (!in.ok() || (kind != planner::Period::day && kind != planner::Period::week) ||
      settings != fingerprint(planner::default_settings(kind)))
    return std::nullopt;
  return saved.sales_from();
}

Result<LoadedState> load_state(io::Disk& disk, const io::Path& folder, Date as_of) {
  const auto newest = TRY(newest_before(disk, folder, as_of));
  if (!newest) return LoadedState{};
  SavedState saved;
  const io::Path path = path_of(folder, *newest);
  saved.path = path.string();
  const auto mismatch = [&](std::string_view why) {
    return base::fail(
        ErrorCode::state_mismatch,
        fmt::format("{}: the state {}; move it away to rebuild from history", saved.path, why));
  };
  const auto bytes = TRY(read_packed(disk, path));
  if (!bytes) return mismatch("is damaged");
  PackedIn in(*bytes);
  if (!in.skip(magic)) {
    if (!bytes->starts_with(family)) return mismatch("is no state");
    return LoadedState{std::nullopt, "another version of the program wrote the state"};
  }
  const std::string settings = in.text();
  if (!decode(in, saved)) return mismatch("is damaged");
  if (saved.state.period != planner::Period::day && saved.state.period != planner::Period::week)
    return mismatch("is damaged");
  if (settings != fingerprint(planner::default_settings(saved.state.period)))
    return LoadedState{std::nullopt, "the planner's settings are other ones now"};
  if (saved.as_of != *newest || saved.state.origin != period_of(saved.state.period, saved.as_of))
    return mismatch("is of another date than its name says");
  return LoadedState{std::move(saved), {}};
}

std::string pack_state(const estate::Estate& estate, const Columns& columns,
                       const planner::Settings& settings, Date as_of, const planner::State& state) {
  return packed(encode(estate, columns, settings, as_of, state));
}

Result<> save_state(io::Disk& disk, const io::Path& folder, Date as_of, std::string_view content) {
  TRY(disk.make_folders(folder));
  return io::write_file(disk, path_of(folder, as_of), content);
}

std::string digest_of_past_events(const estate::Estate& estate, std::int32_t origin) {
  const planner::Period kind = period_kind(estate);
  // The eve of an event of tomorrow has been folded too.
  const std::int32_t last = kind == planner::Period::day ? origin + 1 : origin;
  crypto::Sha256 digest;
  for (const estate::EventRow& row : estate.events) {
    if (period_of(kind, row.date) > last) continue;
    const std::string_view site =
        row.site == estate::none ? std::string_view{} : std::string_view(estate.sites[row.site].id);
    digest.add(fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{:a}\x1f{}\n", row.date.days, row.event,
                           row.region, site, row.category, row.uplift.value_or(-1), row.learn));
  }
  return digest.finish_hex();
}

}  // namespace nightly
