#include "nightly/compare_files.h"

#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "estate/csv_writer.h"
#include "estate/read_one.h"

namespace nightly {
namespace {

using base::ErrorCode;
using base::Result;
using estate::Need;

struct OurRow {
  std::string_view site, product, cut_reason, held, reason;
  std::int64_t units = 0, cut = 0;
};

constexpr auto our_columns = std::to_array<estate::Column<OurRow>>({
    {"site", Need::required, estate::values::id<&OurRow::site>},
    {"product", Need::required, estate::values::id<&OurRow::product>},
    {"units", Need::required, estate::values::whole<&OurRow::units, 0, estate::units_max>},
    {"cut", Need::optional, estate::values::whole<&OurRow::cut, 0, estate::units_max>},
    {"cut_reason", Need::optional, estate::values::text<&OurRow::cut_reason>},
    {"held", Need::optional, estate::values::text<&OurRow::held>},
    {"reason", Need::required, estate::values::text<&OurRow::reason>},
});
constexpr estate::Table<OurRow> our_table{"orders.csv", our_columns};

struct TheirRow {
  std::string_view site, product;
  std::int64_t units = 0;
  base::Date due_date = base::date_min;
};

constexpr auto their_columns = std::to_array<estate::Column<TheirRow>>({
    {"site", Need::required, estate::values::id<&TheirRow::site>},
    {"product", Need::required, estate::values::id<&TheirRow::product>},
    {"units", Need::required, estate::values::whole<&TheirRow::units, 0, estate::units_max>},
    {"due_date", Need::optional, estate::values::date<&TheirRow::due_date>},
});
constexpr estate::Table<TheirRow> their_table{"their orders", their_columns};

Result<> check_room(const io::Path& file, const std::vector<OrderedUnits>& rows) {
  if (rows.size() < compared_rows_max) return {};
  return base::fail(ErrorCode::input_too_large,
                    fmt::format("{}: more than {} rows", file.string(), compared_rows_max));
}

// What makes two rows of theirs the same.
struct TheirKey {
  std::uint32_t site, product;
  base::Date due;
  std::uint64_t line;
  auto same() const { return std::tuple(site, product, due); }
  auto order() const { return std::tuple(site, product, due, line); }
};

// Names the first row in the file that repeats an earlier one.
Result<> check_repeats(const io::Path& file, std::vector<TheirKey> keys) {
  std::sort(keys.begin(), keys.end(),
            [](const TheirKey& a, const TheirKey& b) { return a.order() < b.order(); });
  const TheirKey* repeated = nullptr;
  std::uint64_t earlier = 0;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].same() != keys[i - 1].same()) continue;
    if (repeated != nullptr && repeated->line < keys[i].line) continue;
    repeated = &keys[i];
    earlier = keys[i - 1].line;
  }
  if (repeated == nullptr) return {};
  const estate::Problem problem{
      .line = repeated->line,
      .why = fmt::format("the same site, product and due_date as in line {}; expected each once",
                         earlier)};
  return base::fail(ErrorCode::input_bad, estate::message_of(file.string(), problem));
}

Result<io::Path> find_orders(io::Disk& disk, const io::Path& folder) {
  for (const char* name : {"orders.csv", "orders.csv.gz", "orders.csv.zst"})
    if (disk.exists(folder / name)) return folder / name;
  return base::fail(ErrorCode::input_missing,
                    fmt::format("{}: expected a folder that `stockade order` wrote, with an "
                                "orders.csv",
                                folder.string()));
}

}  // namespace

Result<> read_ours(io::Disk& disk, const io::Path& folder, ComparedOrders& into) {
  const io::Path file = TRY(find_orders(disk, folder));
  return estate::read_csv(disk, file, our_table, [&](const OurRow& row, std::uint64_t) -> Result<> {
    TRY(check_room(file, into.ours));
    const bool cut = row.cut > 0 && !row.cut_reason.empty();
    const bool held = !row.held.empty() && row.held != "0";
    const std::string_view why = cut ? row.cut_reason : held ? "held" : row.reason;
    into.ours.push_back({into.sites.number_of(row.site), into.products.number_of(row.product),
                         row.units, into.words.number_of(why), cut || held});
    return {};
  });
}

Result<> read_theirs(io::Disk& disk, const io::Path& file, ComparedOrders& into) {
  std::vector<TheirKey> keys;
  const auto take = [&](const TheirRow& row, std::uint64_t line) -> Result<> {
    TRY(check_room(file, into.theirs));
    const OrderedUnits units{into.sites.number_of(row.site), into.products.number_of(row.product),
                             row.units};
    into.theirs.push_back(units);
    keys.push_back({units.site, units.product, row.due_date, line});
    return {};
  };
  TRY(estate::read_csv(disk, file, their_table, take));
  return check_repeats(file, std::move(keys));
}

Result<> write_comparison(io::Disk& disk, const io::Path& file, const ComparedOrders& orders,
                          const Comparison& comparison) {
  constexpr std::string_view header =
      "site,product,side,ours_units,theirs_units,difference_units,price,difference_value,why";
  return estate::write_csv(disk, file, header, [&](estate::CsvWriter& csv) -> Result<> {
    for (const ComparedLine& line : comparison.lines) {
      csv.text(orders.sites.text(line.site))
          .text(orders.products.text(line.product))
          .text(text_of(line.side))
          .whole(line.ours_units)
          .whole(line.theirs_units)
          .whole(line.difference_units());
      if (line.price)
        csv.money(*line.price).money(line.value);
      else
        csv.empty().empty();
      csv.text(orders.words.text(line.why)).end_row();
    }
    return {};
  });
}

}  // namespace nightly
