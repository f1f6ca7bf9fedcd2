#pragma once
// A simulated disk in memory that fails on purpose: it loses power at any operation, tears what was
// not synced, fills up, fails to sync, writes elsewhere, flips bits and lies about sizes.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/prng.h"
#include "io/disk.h"

namespace io {

// What is left, after a loss of power, of what was written since the last sync. Bytes that were
// synced stay as they are in every shape.
enum class Tear {
  none,     // nothing of it
  all,      // everything, although nobody was told so
  prefix,   // the first bytes; of renames and the like, the first few
  tail,     // the file has grown, but only the last bytes are there; before them zeros
  sectors,  // any subset of its 512-byte sectors; zeros elsewhere
  zeros,    // the file has grown, but holds zeros
  garbage,  // the file has grown, and holds anything
};
inline constexpr std::array tears{Tear::none,    Tear::all,   Tear::prefix, Tear::tail,
                                  Tear::sectors, Tear::zeros, Tear::garbage};

struct DiskFaults {
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  // Numbers of operations, counted from 0 over everything that changes the disk.
  std::uint64_t power_lost_at = never;
  std::uint64_t fails_at = never;         // EIO. A sync that fails has lost what it was to keep.
  std::uint64_t misdirected_at = never;   // a write that lands elsewhere in its file
  std::int64_t misdirected_by_bytes = 0;  // by so much, but not before the start
  std::uint64_t capacity_bytes = never;   // ENOSPC beyond; a write is then cut short
  std::int64_t size_lie_bytes = 0;        // Reader::size_bytes is wrong by so much
};

class SimDisk final : public Disk {
 public:
  explicit SimDisk(std::uint64_t seed) : prng_(seed) {}

  void set_faults(const DiskFaults& faults) { faults_ = faults; }
  // Operations so far that change the disk.
  std::uint64_t operations() const { return operations_; }
  bool power_lost() const { return power_lost_; }
  // Power comes back: what was synced is there, and of the rest what the shape leaves. Faults are
  // over; the count of operations goes on. Also models a loss of power between two operations.
  void restart(Tear tear);
  // A copy of everything, for trying many ends of one beginning. Open files stay with the original.
  std::unique_ptr<SimDisk> clone(std::uint64_t seed) const;

  // Changes the medium behind everybody's back. Requires that the file is that large.
  void flip_bit(const Path& path, std::uint64_t bit);
  // Cuts the file short behind everybody's back.
  void cut(const Path& path, std::uint64_t size_bytes);

  base::Result<std::unique_ptr<Reader>> open(const Path& path) override;
  base::Result<std::unique_ptr<Writer>> create(const Path& path) override;
  base::Result<std::unique_ptr<File>> open_file(const Path& path) override;
  base::Result<std::unique_ptr<Volume>> open_volume(const Path& folder) override;
  bool exists(const Path& path) override;
  base::Result<std::vector<std::string>> list(const Path& folder) override;
  base::Result<> make_folders(const Path& folder) override;
  base::Result<> rename(const Path& from, const Path& to) override;
  base::Result<> exchange(const Path& a, const Path& b) override;
  base::Result<> remove_all(const Path& path) override;
  base::Result<> sync_folder(const Path& folder) override;

 private:
  class SimReader;
  class SimWriter;
  class SimFile;
  class SimVolume;
  struct Change {  // of a file's content, not yet synced
    std::uint64_t offset = 0;
    std::string bytes;
    bool is_truncate = false;  // to `offset`
  };
  struct Inode {
    std::string now, durable;
    std::vector<Change> pending;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;  // null for a folder
  struct Move {                                                 // of names, not yet synced
    enum Kind { put, rename, exchange, remove } kind;
    std::string a, b;
    std::shared_ptr<Inode> inode;
  };

  base::Result<> begin(const Path& path, std::string_view what);
  base::Result<> change_names(Move move);
  static void apply(Names& names, const Move& move);
  base::Result<> write(Inode& inode, const Path& path, std::uint64_t offset,
                       std::string_view bytes);
  base::Result<> truncate(Inode& inode, const Path& path, std::uint64_t size_bytes);
  base::Result<> sync(Inode& inode, const Path& path);
  static void make_durable(Inode& inode);
  base::Result<> sync_all(const Path& path);
  std::uint64_t used_bytes() const;
  void tear(Inode& inode, Tear tear);
  std::string torn(const Inode& inode, Tear tear);
  void tear_names(Tear tear);

  base::Prng prng_;
  DiskFaults faults_;
  std::uint64_t operations_ = 0;
  bool power_lost_ = false;
  Names now_, durable_;
  std::vector<Move> pending_;
};

}  // namespace io
