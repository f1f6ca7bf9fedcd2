#include "nightly/true_stock.h"

#include <fmt/core.h>

#include "estate/read_one.h"

namespace nightly {
namespace {

struct Row {
  std::string_view site, product;
  std::int64_t units = 0;
};

constexpr auto columns = std::to_array<estate::Column<Row>>({
    {"site", estate::Need::required, estate::values::id<&Row::site>},
    {"product", estate::Need::required, estate::values::id<&Row::product>},
    {"true_on_hand", estate::Need::required,
     estate::values::whole<&Row::units, 0, estate::units_max>},
});
constexpr estate::Table<Row> table{"truth_stock.csv", columns};

}  // namespace

base::Result<std::vector<TrueStock>> read_true_stock(io::Disk& disk, const io::Path& file,
                                                     const estate::Estate& estate) {
  std::vector<TrueStock> stock;
  const auto take = [&](const Row& row, std::uint64_t line) -> base::Result<> {
    const std::uint32_t site = estate::find_site(estate, row.site);
    const std::uint32_t product = estate::find_product(estate, row.product);
    if (site == estate::none || product == estate::none)
      return base::fail(base::ErrorCode::input_bad,
                        fmt::format("{}:{}: \"{}\": expected an id of the estate", file.string(),
                                    line, site == estate::none ? row.site : row.product));
    stock.push_back({site, product, static_cast<std::int32_t>(row.units)});
    return {};
  };
  TRY(estate::read_csv(disk, file, table, take));
  return stock;
}

}  // namespace nightly
