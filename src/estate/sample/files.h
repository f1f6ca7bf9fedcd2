#pragma once
// The sample's files: small tables at once, and one stream per file that grows with stores times
// lines.

#include <string>
#include <string_view>
#include <vector>

#include "estate/csv_writer.h"
#include "estate/sample/depot.h"
#include "estate/sample/store.h"
#include "estate/sample/world.h"

namespace estate::sample {

// Where tables go.
struct Place {
  io::Disk& disk;
  const io::Path& folder;
  const World& world;

  base::Result<CsvWriter> create(const char* name, std::string_view header) const {
    return CsvWriter::create(disk, folder / name, header);
  }
  const std::string& product(std::uint32_t index) const { return world.products[index].id; }
};
// A number, or nothing for 0.
void optional_whole(CsvWriter& csv, std::int64_t value);

// What a till sells by beside that (docs/formats/till-tables.md).
base::Result<> write_till_tables(io::Disk& disk, const io::Path& folder, const World& world);

// estate.toml, README.txt and every table that the world holds before its first day.
base::Result<> write_tables(io::Disk& disk, const io::Path& folder, const World& world,
                            const Windows& windows);

base::Result<> write_capacity(io::Disk& disk, const io::Path& folder, const World& world,
                              const std::vector<CapacityRow>& rows);

// range, sales, movements, stock, on_order, incumbent_orders, truth and truth_stock: stores are
// added in their order, then the depots.
class Streams {
 public:
  static base::Result<Streams> create(io::Disk& disk, const io::Path& folder, const World& world);

  void add_store(std::size_t store, const StoreHistory& history);
  void add_depot(std::uint32_t depot, const DepotEnd& end);
  // The first failure of the disk, if any; the row counts go to `facts`.
  base::Result<> finish(SampleFacts& facts);

 private:
  Streams(const World& world, std::vector<CsvWriter> writers);
  void add_range(const Site& site, const StoreHistory& history);
  void add_sales(const Site& site, const StoreHistory& history);
  void add_movements(const Site& site, const StoreHistory& history);
  void add_stock(const Site& site, bool dark, const StoreHistory& history);
  void add_orders(const Site& site, const StoreHistory& history);
  void add_truth(const Site& site, const StoreHistory& history);
  CsvWriter& file(int which) { return writers_[static_cast<std::size_t>(which)]; }

  const World* world_;
  std::vector<CsvWriter> writers_;
};

}  // namespace estate::sample
