#include "nightly/run_memory.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "nightly/packed_file.h"

namespace nightly {
namespace {

using base::ErrorCode;
using base::Result;
using estate::Estate;
using estate::RangeRow;

constexpr std::string_view magic = "stockade-memory-1\n";
constexpr std::string_view suffix = ".memory.zst";
constexpr int past_weeks = 8;

template <class Ids>
void put_ids(PackedOut& out, const Ids& rows) {
  out.number(rows.size());
  for (const auto& row : rows) out.text(row.id);
}

// Where the writer's indexes lie in this estate; none for ids that it does not know.
std::vector<std::uint32_t> take_ids(PackedIn& in, const Estate& estate,
                                    std::uint32_t (*find)(const Estate&, std::string_view)) {
  std::vector<std::uint32_t> at;
  for (std::uint64_t count = in.number(); count > 0 && in.ok(); --count)
    at.push_back(find(estate, in.text()));
  return at;
}

// Both estates have ids in byte order, so mapped rows stay sorted.
std::uint32_t mapped(const std::vector<std::uint32_t>& at, std::uint32_t index) {
  return index < at.size() ? at[index] : estate::none;
}

// An optional number as two columns: whether it is there, and the number.
template <class T>
void put_optional(PackedOut& out, const std::vector<RangeRow>& rows,
                  std::optional<T> RangeRow::*member) {
  std::vector<std::uint8_t> there;
  std::vector<T> values;
  there.reserve(rows.size());
  values.reserve(rows.size());
  for (const RangeRow& row : rows) {
    there.push_back((row.*member).has_value());
    values.push_back((row.*member).value_or(T{}));
  }
  out.column(there);
  out.column(values);
}

// One column per field, so that equal neighbours pack well. `Put` and `Take` walk the same list.
template <class Visit>
void each_range_field(Visit visit) {
  visit(&RangeRow::site), visit(&RangeRow::product);
  visit(&RangeRow::from), visit(&RangeRow::to);
  visit(&RangeRow::status);
  visit(&RangeRow::like_product), visit(&RangeRow::replaces);
  visit(&RangeRow::launch_units), visit(&RangeRow::presentation_units_min);
  visit(&RangeRow::shelf_units_max), visit(&RangeRow::order_multiple_units);
  visit(&RangeRow::order_units_max);
}
constexpr std::array range_levels{&RangeRow::service_level, &RangeRow::shortage_cost,
                                  &RangeRow::holding_cost};

void put_range(PackedOut& out, const std::vector<RangeRow>& rows) {
  out.number(rows.size());
  each_range_field([&]<class T>(T RangeRow::*member) {
    std::vector<T> column;
    column.reserve(rows.size());
    for (const RangeRow& row : rows) column.push_back(row.*member);
    out.column(column);
  });
  for (const auto level : range_levels) put_optional(out, rows, level);
}

// Rows are as wide as a cache line or two, so a pass over all of them for each field would wait for
// memory: `fill(begin, end)` of every field is called for a few rows before those of the next few.
class RowFiller {
 public:
  void add(std::function<void(std::size_t begin, std::size_t end)> fill) {
    fills_.push_back(std::move(fill));
  }
  void fill(std::size_t count) const {
    constexpr std::size_t step = 2048;
    for (std::size_t begin = 0; begin < count; begin += step)
      for (const auto& fill : fills_) fill(begin, std::min(count, begin + step));
  }

 private:
  std::vector<std::function<void(std::size_t, std::size_t)>> fills_;
};

bool take_range(PackedIn& in, std::vector<RangeRow>& rows) {
  const std::uint64_t count = in.number();
  bool fits = true;
  RowFiller filler;
  each_range_field([&]<class T>(T RangeRow::*member) {
    auto column = in.column<T>();
    fits = fits && column.size() == count;
    filler.add([&rows, member, column = std::move(column)](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) rows[i].*member = column[i];
    });
  });
  for (const auto level : range_levels) {
    auto there = in.column<std::uint8_t>();
    auto values = in.column<double>();
    fits = fits && there.size() == count && values.size() == count;
    filler.add([&rows, level, there = std::move(there), values = std::move(values)](
                   std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        if (there[i] != 0) rows[i].*level = values[i];
    });
  }
  if (!fits || !in.ok()) return false;
  rows.resize(count);
  filler.fill(count);
  return std::all_of(rows.begin(), rows.end(), [](const RangeRow& row) {
    return row.status <= estate::RangeStatus::blocked;
  });
}

void map_range(std::vector<RangeRow>& rows, const std::vector<std::uint32_t>& sites,
               const std::vector<std::uint32_t>& products) {
  for (RangeRow& row : rows) {
    row.site = mapped(sites, row.site);
    row.product = mapped(products, row.product);
    row.like_product = mapped(products, row.like_product);
    row.replaces = mapped(products, row.replaces);
  }
  std::erase_if(rows, [](const RangeRow& row) {
    return row.site == estate::none || row.product == estate::none;
  });
}

void put_ordered(PackedOut& out, const std::vector<RunMemory::Ordered>& ordered) {
  std::vector<std::uint32_t> site, product;
  std::vector<std::int32_t> units;
  for (const RunMemory::Ordered& line : ordered) {
    site.push_back(line.site);
    product.push_back(line.product);
    units.push_back(line.units);
  }
  out.column(site);
  out.column(product);
  out.column(units);
}

bool take_ordered(PackedIn& in, const std::vector<std::uint32_t>& sites,
                  const std::vector<std::uint32_t>& products,
                  std::vector<RunMemory::Ordered>& ordered) {
  const auto site = in.column<std::uint32_t>(), product = in.column<std::uint32_t>();
  const auto units = in.column<std::int32_t>();
  if (!in.ok() || product.size() != site.size() || units.size() != site.size()) return false;
  for (std::size_t i = 0; i < site.size(); ++i) {
    const RunMemory::Ordered line{mapped(sites, site[i]), mapped(products, product[i]), units[i]};
    if (line.site != estate::none && line.product != estate::none) ordered.push_back(line);
  }
  return true;
}

// Orders come first after the ids, so that past nights are read only so far.
std::string encode(const Estate& estate, const RunMemory& memory) {
  PackedOut out;
  out.raw(magic);
  out.text(estate.name);
  out.number(static_cast<std::uint64_t>(memory.as_of.days));
  put_ids(out, estate.sites);
  put_ids(out, estate.products);
  put_ordered(out, memory.ordered);
  put_range(out, estate.range);
  out.number(memory.values.size());
  for (const auto& [name, remembered] : memory.values) {
    out.text(name);
    for (const std::string& key : remembered.keys) out.text(key);
    out.text({});
    out.column(remembered.values);
  }
  out.number(static_cast<std::uint64_t>(memory.sold.last_period));
  out.column(memory.sold.of_site);
  out.column(memory.sold.of_product);
  std::vector<std::uint64_t> prints;
  std::vector<std::int32_t> days;
  for (const RunMemory::Accepted& accepted : memory.accepted) {
    prints.push_back(accepted.print);
    days.push_back(accepted.on.days);
  }
  out.column(prints);
  out.column(days);
  out.number(memory.decisions.size());
  for (const RunMemory::Decision& decision : memory.decisions) {
    out.text(decision.id);
    out.text(decision.name);
    out.number(static_cast<std::uint64_t>(decision.on.days));
  }
  return out.take();
}

void take_values(PackedIn& in, RememberedValues& values) {
  for (std::uint64_t count = in.number(); count > 0 && in.ok(); --count) {
    Remembered& remembered = values[in.text()];
    for (std::string key = in.text(); !key.empty() && in.ok(); key = in.text())
      remembered.keys.push_back(std::move(key));
    remembered.values = in.column<std::int64_t>();
  }
}

SoldCounts mapped_counts(const SoldCounts& from, const std::vector<std::uint32_t>& sites,
                         const std::vector<std::uint32_t>& products, const Estate& estate) {
  SoldCounts to;
  to.last_period = from.last_period;
  constexpr auto width = static_cast<std::size_t>(SoldCounts::site_periods);
  to.of_site.assign(estate.sites.size() * width, -1);
  to.of_product.assign(estate.products.size(), 0);
  for (std::size_t s = 0; s < sites.size(); ++s)
    if (sites[s] != estate::none)
      std::copy_n(from.of_site.begin() + static_cast<std::ptrdiff_t>(s * width), width,
                  to.of_site.begin() + static_cast<std::ptrdiff_t>(sites[s] * width));
  for (std::size_t p = 0; p < products.size(); ++p)
    if (products[p] != estate::none) to.of_product[products[p]] = from.of_product[p];
  return to;
}

// What is wrong, or an empty text.
std::string decode(std::string_view bytes, const Estate& estate, bool orders_only,
                   RunMemory& memory) {
  PackedIn in(bytes);
  if (!in.skip(magic)) return "is none that this version reads";
  if (const std::string name = in.text(); name != estate.name)
    return fmt::format("belongs to the estate \"{}\"", name);
  memory.as_of = {static_cast<std::int32_t>(in.number())};
  const auto sites = take_ids(in, estate, estate::find_site);
  const auto products = take_ids(in, estate, estate::find_product);
  constexpr std::string_view damaged = "is damaged";
  if (!take_ordered(in, sites, products, memory.ordered)) return std::string(damaged);
  if (orders_only) return {};
  if (!take_range(in, memory.range)) return std::string(damaged);
  map_range(memory.range, sites, products);
  take_values(in, memory.values);
  for (const auto& [name, remembered] : memory.values)
    if (remembered.keys.size() != remembered.values.size()) return std::string(damaged);
  SoldCounts sold;
  sold.last_period = static_cast<std::int32_t>(in.number());
  sold.of_site = in.column<std::int32_t>();
  sold.of_product = in.column<std::int32_t>();
  if (!in.ok() || sold.of_product.size() != products.size() ||
      sold.of_site.size() != sites.size() * static_cast<std::size_t>(SoldCounts::site_periods))
    return std::string(damaged);
  memory.sold = mapped_counts(sold, sites, products, estate);
  const auto prints = in.column<std::uint64_t>();
  const auto days = in.column<std::int32_t>();
  if (days.size() != prints.size()) return std::string(damaged);
  for (std::size_t i = 0; i < prints.size(); ++i) memory.accepted.push_back({prints[i], {days[i]}});
  for (std::uint64_t count = in.number(); count > 0 && in.ok(); --count) {
    std::string id = in.text(), name = in.text();
    memory.decisions.push_back(
        {std::move(id), std::move(name), {static_cast<std::int32_t>(in.number())}});
  }
  return in.ok() && in.at_end() ? std::string{} : std::string(damaged);
}

io::Path path_of(const io::Path& folder, Date date) {
  return folder / (base::to_string(date) + std::string(suffix));
}

Result<RunMemory> load(io::Disk& disk, const io::Path& path, const Estate& estate, Date date,
                       bool orders_only) {
  RunMemory memory;
  const auto bytes = TRY(read_packed(disk, path));
  std::string why = bytes ? decode(*bytes, estate, orders_only, memory) : "is damaged";
  if (why.empty() && memory.as_of != date) why = "is of another date than its name says";
  if (why.empty()) return memory;
  return base::fail(
      ErrorCode::state_mismatch,
      fmt::format("{}: the memory {}; move it away to go on without it", path.string(), why));
}

}  // namespace

Result<std::optional<RunMemory>> load_memory(io::Disk& disk, const io::Path& folder,
                                             const Estate& estate, Date as_of) {
  if (!disk.exists(folder)) return std::nullopt;
  std::optional<Date> newest;
  for (const std::string& name : TRY(disk.list(folder))) {
    if (!name.ends_with(suffix)) continue;
    const auto date =
        base::parse_date(std::string_view(name).substr(0, name.size() - suffix.size()));
    if (date && *date < as_of && (!newest || *date > *newest)) newest = date;
  }
  if (!newest) return std::nullopt;
  return TRY(load(disk, path_of(folder, *newest), estate, *newest, false));
}

std::string pack_memory(const Estate& estate, const RunMemory& memory) {
  return packed(encode(estate, memory));
}

Result<> save_memory(io::Disk& disk, const io::Path& folder, Date as_of, std::string_view content) {
  TRY(disk.make_folders(folder));
  return io::write_file(disk, path_of(folder, as_of), content);
}

std::int32_t PastOrders::of(std::uint32_t site, std::uint32_t product) const {
  const auto at = std::lower_bound(
      largest.begin(), largest.end(), std::pair(site, product),
      [](const RunMemory::Ordered& o, const auto& k) { return std::pair(o.site, o.product) < k; });
  return at != largest.end() && at->site == site && at->product == product ? at->units : 0;
}

Result<std::optional<std::vector<RunMemory::Ordered>>> load_orders_of(io::Disk& disk,
                                                                      const io::Path& folder,
                                                                      const Estate& estate,
                                                                      Date night) {
  if (!disk.exists(path_of(folder, night))) return std::nullopt;
  return TRY(load(disk, path_of(folder, night), estate, night, true)).ordered;
}

Result<PastOrders> load_past_orders(io::Disk& disk, const io::Path& folder, const Estate& estate,
                                    Date as_of) {
  PastOrders past;
  for (int week = 1; week <= past_weeks; ++week) {
    const auto ordered = TRY(load_orders_of(disk, folder, estate, as_of - 7 * week));
    if (!ordered) continue;
    past.largest.insert(past.largest.end(), ordered->begin(), ordered->end());
    ++past.nights;
  }
  const auto key = [](const RunMemory::Ordered& o) { return std::pair(o.site, o.product); };
  std::sort(past.largest.begin(), past.largest.end(), [&](const auto& a, const auto& b) {
    return key(a) != key(b) ? key(a) < key(b) : a.units > b.units;
  });
  past.largest.erase(std::unique(past.largest.begin(), past.largest.end(),
                                 [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                     past.largest.end());
  return past;
}

}  // namespace nightly
