#include "nightly/state_file.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "nightly/packed_file.h"

namespace nightly {
namespace {

using base::ErrorCode;
using base::Result;
using planner::LineState;
using Out = PackedOut;
using In = PackedIn;

constexpr std::string_view magic = "stockade-state-1\n";
constexpr std::string_view suffix = ".state.zst";
static_assert(sizeof(LineState) == 68 && std::is_trivially_copyable_v<LineState>);

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

std::string encode(const estate::Estate& estate, const Columns& columns,
                   const planner::Settings& settings, Date as_of, const planner::State& state) {
  Out out;
  out.raw(magic);
  out.text(estate.name);
  out.text(fingerprint(settings));
  out.number(static_cast<std::uint64_t>(as_of.days));
  out.number(static_cast<std::uint64_t>(state.period));
  out.number(static_cast<std::uint64_t>(state.origin));
  out.number(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.text(estate.sites[columns.site[i]].id);
    out.text(estate.products[columns.product[i]].id);
  }
  out.number(columns.pool_key.size());
  for (const std::string& key : columns.pool_key) out.text(key);
  out.number(static_cast<std::uint64_t>(state.series.first_period));
  out.number(static_cast<std::uint64_t>(state.series.period_count));
  out.column(state.series.units);
  out.column(state.series.line_periods);
  out.column(state.settled);
  out.column(state.current);
  std::vector<std::int32_t> units;
  std::vector<std::uint8_t> seen;
  for (const planner::Observation& observation : state.raw) {
    units.push_back(observation.units);
    seen.push_back(static_cast<std::uint8_t>(observation.seen));
  }
  out.column(units);
  out.column(seen);
  return out.bytes();
}

bool decode(std::string_view bytes, const std::string& estate_name, const std::string& print,
            SavedState& saved, std::string& why) {
  In in(bytes);
  if (!in.skip(magic)) {
    why = "is no state that this version reads";
    return false;
  }
  if (const std::string name = in.text(); name != estate_name) {
    why = fmt::format("belongs to the estate \"{}\"", name);
    return false;
  }
  if (in.text() != print) {
    why = "was made with other settings";
    return false;
  }
  saved.as_of = {static_cast<std::int32_t>(in.number())};
  saved.state.period = static_cast<planner::Period>(in.number());
  saved.state.origin = static_cast<std::int32_t>(in.number());
  for (std::uint64_t count = in.number(); count > 0 && in.ok(); --count) {
    std::string site = in.text();
    saved.lines.emplace_back(std::move(site), in.text());
  }
  for (std::uint64_t count = in.number(); count > 0 && in.ok(); --count)
    saved.pool_key.push_back(in.text());
  planner::GroupSeries& series = saved.state.series;
  series.first_period = static_cast<std::int32_t>(in.number());
  series.period_count = static_cast<std::int32_t>(in.number());
  series.pool_count = saved.pool_key.size();
  series.units = in.column<std::int64_t>();
  series.line_periods = in.column<std::int64_t>();
  saved.state.settled = in.column<LineState>();
  saved.state.current = in.column<LineState>();
  const auto units = in.column<std::int32_t>();
  const auto seen = in.column<std::uint8_t>();
  const std::size_t lines = saved.lines.size();
  const std::size_t cells =
      series.pool_count * static_cast<std::size_t>(std::max(series.period_count, 0));
  why = "is damaged";
  if (!in.ok() || !in.at_end() || series.units.size() != cells ||
      series.line_periods.size() != cells || saved.state.settled.size() != lines ||
      saved.state.current.size() != lines || units.size() != lines * planner::raw_periods ||
      seen.size() != units.size())
    return false;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (seen[i] > static_cast<std::uint8_t>(planner::Seen::promoted)) return false;
    saved.state.raw.push_back({units[i], static_cast<planner::Seen>(seen[i])});
  }
  return true;
}

}  // namespace

Result<std::optional<SavedState>> load_state(io::Disk& disk, const io::Path& folder,
                                             const std::string& estate_name,
                                             const planner::Settings& settings, Date as_of) {
  if (!disk.exists(folder)) return std::nullopt;
  std::optional<Date> newest;
  for (const std::string& name : TRY(disk.list(folder))) {
    if (!name.ends_with(suffix)) continue;
    const auto date =
        base::parse_date(std::string_view(name).substr(0, name.size() - suffix.size()));
    if (date && *date < as_of && (!newest || *date > *newest)) newest = date;
  }
  if (!newest) return std::nullopt;
  const io::Path path = folder / (base::to_string(*newest) + std::string(suffix));
  const auto mismatch = [&](std::string_view why) {
    return base::fail(
        ErrorCode::state_mismatch,
        fmt::format("{}: the state {}; move it away to rebuild from history", path.string(), why));
  };
  const auto bytes = TRY(read_packed(disk, path));
  if (!bytes) return mismatch("is damaged");
  SavedState saved;
  std::string why;
  if (!decode(*bytes, estate_name, fingerprint(settings), saved, why)) return mismatch(why);
  if (saved.as_of != *newest || saved.state.period != settings.period ||
      saved.state.origin != period_of(settings.period, saved.as_of))
    return mismatch("is of another date than its name says");
  return saved;
}

Result<> save_state(io::Disk& disk, const io::Path& folder, const estate::Estate& estate,
                    const Columns& columns, const planner::Settings& settings, Date as_of,
                    const planner::State& state) {
  TRY(disk.make_folders(folder));
  return write_packed(disk, folder / (base::to_string(as_of) + std::string(suffix)),
                      encode(estate, columns, settings, as_of, state));
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> lines_of(const SavedState& saved,
                                                              const estate::Estate& estate) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;
  for (const auto& [site_id, product_id] : saved.lines) {
    const std::uint32_t site = estate::find_site(estate, site_id);
    const std::uint32_t product = estate::find_product(estate, product_id);
    if (site != estate::none && product != estate::none) lines.emplace_back(site, product);
  }
  return lines;
}

planner::State fitted(const SavedState& saved, const estate::Estate& estate,
                      const Columns& columns) {
  planner::State state;
  state.period = saved.state.period;
  state.origin = saved.state.origin;
  state.settled.resize(columns.size());
  state.current.resize(columns.size());
  state.raw.resize(columns.size() * planner::raw_periods);
  for (std::size_t i = 0; i < saved.lines.size(); ++i) {
    const std::uint32_t site = estate::find_site(estate, saved.lines[i].first);
    const std::uint32_t product = estate::find_product(estate, saved.lines[i].second);
    if (site == estate::none || product == estate::none) continue;
    const std::uint32_t line = columns.find(site, product);
    if (line == estate::none) continue;
    state.settled[line] = saved.state.settled[i];
    state.current[line] = saved.state.current[i];
    std::copy_n(saved.state.raw.begin() + static_cast<std::ptrdiff_t>(i * planner::raw_periods),
                planner::raw_periods,
                state.raw.begin() + static_cast<std::ptrdiff_t>(line * planner::raw_periods));
  }
  std::map<std::string, std::size_t> saved_pool;
  for (std::size_t p = 0; p < saved.pool_key.size(); ++p) saved_pool[saved.pool_key[p]] = p;
  const planner::GroupSeries& from = saved.state.series;
  planner::GroupSeries& to = state.series;
  to.first_period = from.first_period;
  to.period_count = from.period_count;
  to.pool_count = columns.pools.size();
  const auto width = static_cast<std::size_t>(from.period_count);
  to.units.assign(to.pool_count * width, 0);
  to.line_periods = to.units;
  for (std::size_t pool = 0; pool < to.pool_count; ++pool) {
    const auto known = saved_pool.find(columns.pool_key[pool]);
    if (known == saved_pool.end()) continue;
    std::copy_n(from.units.begin() + static_cast<std::ptrdiff_t>(known->second * width), width,
                to.units.begin() + static_cast<std::ptrdiff_t>(pool * width));
    std::copy_n(from.line_periods.begin() + static_cast<std::ptrdiff_t>(known->second * width),
                width, to.line_periods.begin() + static_cast<std::ptrdiff_t>(pool * width));
  }
  return state;
}

}  // namespace nightly
