#include "nightly/release_file.h"

#include <algorithm>

#include <fmt/core.h>

#include "estate/read_one.h"

namespace nightly {
namespace {

using estate::Need;

struct Row {
  std::string_view id, name;
  base::Date decided_at = base::date_min;
};

constexpr auto release_columns = std::to_array<estate::Column<Row>>({
    {"id", Need::required, estate::values::text<&Row::id>},
    {"name", Need::required, estate::values::text<&Row::name>},
    {"decided_at", Need::optional, estate::values::date<&Row::decided_at>},
});
constexpr estate::Table<Row> release_table{"decisions", release_columns};

}  // namespace

base::Result<std::vector<Release>> read_releases(io::Disk& disk, const io::Path& file) {
  std::vector<Release> releases;
  const auto refuse = [&](std::uint64_t line, std::string why) {
    const estate::Problem problem{.line = line, .why = std::move(why)};
    return base::fail(base::ErrorCode::input_bad, estate::message_of(file.string(), problem));
  };
  const auto take = [&](const Row& row, std::uint64_t line) -> base::Result<> {
    if (row.id.empty() || row.name.empty())
      return refuse(line, "expected an id of held.csv and the name of who decided");
    const bool twice = std::any_of(releases.begin(), releases.end(),
                                   [&](const Release& release) { return release.id == row.id; });
    if (twice) return refuse(line, fmt::format("the id \"{}\" again; expected each once", row.id));
    releases.push_back({std::string(row.id), std::string(row.name), row.decided_at});
    return {};
  };
  TRY(estate::read_csv(disk, file, release_table, take));
  return releases;
}

}  // namespace nightly
