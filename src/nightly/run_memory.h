#pragma once
// What a night remembers of the last one, beside the planner's state: what it believed of the
// inputs, what people accepted, what it ordered. One file a date; byte grammar in
// docs/formats/memory.md.

#include <optional>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "nightly/guard_sales.h"
#include "nightly/guard_values.h"

namespace nightly {

struct RunMemory {
  // A suspect that somebody let pass, by its fingerprint.
  struct Accepted {
    std::uint64_t print = 0;
    Date on;
    friend auto operator<=>(const Accepted&, const Accepted&) = default;
  };
  // A decision: the id as held.csv had it, and who took it.
  struct Decision {
    std::string id, name;
    Date on;
    friend bool operator==(const Decision&, const Decision&) = default;
  };
  // A line of that night's orders.
  struct Ordered {
    std::uint32_t site, product;
    std::int32_t units;
    friend bool operator==(const Ordered&, const Ordered&) = default;
  };

  Date as_of;
  RememberedValues values;
  std::vector<estate::RangeRow> range;  // sorted as Estate::range
  SoldCounts sold;
  std::vector<Accepted> accepted;   // ascending, of the last accepted_days
  std::vector<Decision> decisions;  // the newest last
  std::vector<Ordered> ordered;     // by site, product
};
inline constexpr int accepted_days = 400;
inline constexpr std::size_t decisions_max = 1000;

// The newest memory in `folder` before `as_of`, in the indexes of `estate`; what the estate does
// not know any more is left out. Nothing if there is none. Errors: state_mismatch (another estate,
// an unknown version, damage), io_failed.
base::Result<std::optional<RunMemory>> load_memory(io::Disk& disk, const io::Path& folder,
                                                   const estate::Estate& estate, Date as_of);

// The content of a memory file. The rows of its range are the estate's own; memory.range is not
// looked at.
std::string pack_memory(const estate::Estate& estate, const RunMemory& memory);
// Writes it as folder/DATE.memory.zst, in one step.
base::Result<> save_memory(io::Disk& disk, const io::Path& folder, Date as_of,
                           std::string_view content);

// What was ordered on one night; nothing where it is not remembered.
base::Result<std::optional<std::vector<RunMemory::Ordered>>> load_orders_of(
    io::Disk& disk, const io::Path& folder, const estate::Estate& estate, Date night);

// What each line was ordered on the nights of the same weekday in the eight weeks before `as_of`:
// the largest quantity, per (site, product).
struct PastOrders {
  std::vector<RunMemory::Ordered> largest;  // by site, product
  std::size_t nights = 0;                   // how many of the eight are remembered

  std::int32_t of(std::uint32_t site, std::uint32_t product) const;  // 0: never ordered
};
base::Result<PastOrders> load_past_orders(io::Disk& disk, const io::Path& folder,
                                          const estate::Estate& estate, Date as_of);

}  // namespace nightly
