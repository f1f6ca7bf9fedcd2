#include "nightly/state_file.h"

#include <algorithm>
#include <cstring>
#include <map>

#include <fmt/core.h>
#include <zstd.h>

#include "crypto/sha256.h"

namespace nightly {
namespace {

using base::ErrorCode;
using base::Result;
using planner::LineState;

constexpr std::string_view magic = "stockade-state-1\n";
constexpr std::string_view suffix = ".state.zst";
constexpr int compression_level = 1;
constexpr std::uint64_t expansion_max = 10'000;  // no honest state packs better than this
static_assert(sizeof(LineState) == 68 && std::is_trivially_copyable_v<LineState>);

class Out {
 public:
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void column(const std::vector<T>& values) {
    number(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void number(std::uint64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void raw(std::string_view value) { bytes_ += value; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Reads what Out wrote; after the first lack of bytes everything is empty and ok() is false.
class In {
 public:
  explicit In(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    take(&value, sizeof value);
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    std::string value(size <= rest_.size() ? size : 0, '\0');
    take(value.data(), size);
    return value;
  }
  template <class T>
  std::vector<T> column() {
    const std::uint64_t count = number();
    std::vector<T> values(count <= rest_.size() / sizeof(T) ? count : 0);
    take(values.data(), count * sizeof(T));
    return values;
  }
  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return ok_ = false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  void take(void* into, std::uint64_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return;
    }
    if (size > 0) std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  std::string_view rest_;
  bool ok_ = true;
};

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
  const std::string packed = TRY(io::read_file(disk, path));
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      size / expansion_max > packed.size())
    return mismatch("is damaged");
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != size) return mismatch("is damaged");
  SavedState saved;
  std::string why;
  if (!decode(bytes, estate_name, fingerprint(settings), saved, why)) return mismatch(why);
  if (saved.as_of != *newest || saved.state.period != settings.period ||
      saved.state.origin != period_of(settings.period, saved.as_of))
    return mismatch("is of another date than its name says");
  return saved;
}

Result<> save_state(io::Disk& disk, const io::Path& folder, const estate::Estate& estate,
                    const Columns& columns, const planner::Settings& settings, Date as_of,
                    const planner::State& state) {
  TRY(disk.make_folders(folder));
  const std::string bytes = encode(estate, columns, settings, as_of, state);
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  CHECK(context != nullptr);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(context, packed.data(), packed.size(), bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  CHECK(ZSTD_isError(size) == 0);
  packed.resize(size);
  return io::write_file(disk, folder / (base::to_string(as_of) + std::string(suffix)), packed);
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
