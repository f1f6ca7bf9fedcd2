#include "io/sim_disk.h"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>

namespace io {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t sector_bytes = 512;

std::string key(const Path& path) {
  std::string text = path.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string parent_key(const std::string& name) {
  const std::string parent = Path(name).parent_path().string();
  return parent.empty() ? "." : parent;
}

bool is_top(const std::string& name) { return name == "." || name == "/"; }

std::unexpected<base::Error> refuse(const Path& path, std::string_view why) {
  return base::fail(ErrorCode::io_failed, fmt::format("{}: {}", path.string(), why));
}

void put(std::string& content, std::uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

}  // namespace

class SimDisk::SimReader final : public Reader {
 public:
  SimReader(SimDisk& disk, std::shared_ptr<Inode> inode) : disk_(disk), inode_(std::move(inode)) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), inode_->now.size() - at_);
    std::memcpy(into.data(), inode_->now.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t size_bytes() const override {
    const auto lie = static_cast<std::int64_t>(inode_->now.size()) + disk_.faults_.size_lie_bytes;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(lie, 0));
  }

 private:
  SimDisk& disk_;
  std::shared_ptr<Inode> inode_;
  std::size_t at_ = 0;
};

class SimDisk::SimWriter final : public Writer {
 public:
  SimWriter(SimDisk& disk, Path path, std::shared_ptr<Inode> inode)
      : disk_(disk), path_(std::move(path)), inode_(std::move(inode)) {}
  Result<> write(std::string_view bytes) override {
    return disk_.write(*inode_, path_, inode_->now.size(), bytes);
  }
  Result<> finish() override { return disk_.sync(*inode_, path_); }

 private:
  SimDisk& disk_;
  Path path_;
  std::shared_ptr<Inode> inode_;
};

class SimDisk::SimFile final : public File {
 public:
  SimFile(SimDisk& disk, Path path, std::shared_ptr<Inode> inode)
      : disk_(disk), path_(std::move(path)), inode_(std::move(inode)) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (disk_.power_lost_) return refuse(path_, "the power is lost");
    if (offset >= inode_->now.size()) return 0;
    const std::size_t count = std::min<std::uint64_t>(into.size(), inode_->now.size() - offset);
    std::memcpy(into.data(), inode_->now.data() + offset, count);
    return count;
  }
  Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
    return disk_.write(*inode_, path_, offset, bytes);
  }
  Result<> truncate(std::uint64_t size_bytes) override {
    return disk_.truncate(*inode_, path_, size_bytes);
  }
  Result<> sync() override { return disk_.sync(*inode_, path_); }

 private:
  SimDisk& disk_;
  Path path_;
  std::shared_ptr<Inode> inode_;
};

class SimDisk::SimVolume final : public Volume {
 public:
  SimVolume(SimDisk& disk, Path path) : disk_(disk), path_(std::move(path)) {}
  Result<> sync() override { return disk_.sync_all(path_); }

 private:
  SimDisk& disk_;
  Path path_;
};

// Every operation that changes the disk passes here first.
Result<> SimDisk::begin(const Path& path, std::string_view what) {
  if (power_lost_) return refuse(path, "the power is lost");
  const std::uint64_t number = operations_++;
  if (number == faults_.power_lost_at) {
    power_lost_ = true;
    // A write that is under way when the power goes is torn like those before it; it is recorded
    // by its caller, which asks power_lost_.
    return {};
  }
  if (number == faults_.fails_at)
    return refuse(path, fmt::format("cannot {}: input/output error", what));
  return {};
}

std::uint64_t SimDisk::used_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [name, inode] : now_)
    if (inode) sum += inode->now.size();
  return sum;
}

Result<> SimDisk::write(Inode& inode, const Path& path, std::uint64_t offset,
                        std::string_view bytes) {
  const bool misdirected = operations_ == faults_.misdirected_at;
  TRY(begin(path, "write"));
  if (misdirected) {
    const auto moved = static_cast<std::int64_t>(offset) + faults_.misdirected_by_bytes;
    offset = static_cast<std::uint64_t>(std::max<std::int64_t>(moved, 0));
  }
  bool full = false;
  if (faults_.capacity_bytes != DiskFaults::never) {
    const std::uint64_t used = used_bytes();
    const std::uint64_t grows =
        offset + bytes.size() - std::min<std::uint64_t>(offset + bytes.size(), inode.now.size());
    const std::uint64_t room = faults_.capacity_bytes - std::min(faults_.capacity_bytes, used);
    full = grows > room;
    if (full)
      bytes = bytes.substr(0, bytes.size() - std::min<std::size_t>(bytes.size(), grows - room));
  }
  if (!bytes.empty()) {
    put(inode.now, offset, bytes);
    inode.pending.push_back({offset, std::string(bytes)});
  }
  if (power_lost_) return refuse(path, "the power is lost");
  if (full) return refuse(path, "cannot write: no space left on device");
  return {};
}

Result<> SimDisk::truncate(Inode& inode, const Path& path, std::uint64_t size_bytes) {
  TRY(begin(path, "shorten"));
  inode.now.resize(size_bytes, '\0');
  inode.pending.push_back({size_bytes, {}, true});
  if (power_lost_) return refuse(path, "the power is lost");
  return {};
}

Result<> SimDisk::sync(Inode& inode, const Path& path) {
  const auto outcome = begin(path, "sync");
  if (power_lost_) return refuse(path, "the power is lost");
  if (!outcome) {
    // As Linux does: the pages count as clean now, can still be read, and never reach the medium.
    inode.pending.clear();
    return outcome;
  }
  make_durable(inode);
  return {};
}

void SimDisk::make_durable(Inode& inode) {
  for (const Change& change : inode.pending) {
    if (change.is_truncate)
      inode.durable.resize(change.offset, '\0');
    else
      put(inode.durable, change.offset, change.bytes);
  }
  inode.pending.clear();
}

Result<> SimDisk::sync_all(const Path& path) {
  const auto outcome = begin(path, "sync the disk");
  if (power_lost_) return refuse(path, "the power is lost");
  for (const auto& [name, inode] : now_) {
    if (inode && outcome) make_durable(*inode);
    if (inode) inode->pending.clear();
  }
  if (!outcome) return outcome;
  for (const Move& move : pending_) apply(durable_, move);
  pending_.clear();
  return {};
}

Result<std::unique_ptr<Reader>> SimDisk::open(const Path& path) {
  if (power_lost_) return refuse(path, "the power is lost");
  const auto found = now_.find(key(path));
  if (found == now_.end() || !found->second) return refuse(path, "cannot open: no such file");
  return std::make_unique<SimReader>(*this, found->second);
}

Result<std::unique_ptr<Writer>> SimDisk::create(const Path& path) {
  const std::string name = key(path);
  if (const auto found = now_.find(name); found != now_.end() && found->second) {
    TRY(truncate(*found->second, path, 0));
    return std::make_unique<SimWriter>(*this, path, found->second);
  }
  if (!exists(parent_key(name))) return refuse(path, "cannot create: no such folder");
  auto inode = std::make_shared<Inode>();
  TRY(change_names({Move::put, name, {}, inode}));
  return std::make_unique<SimWriter>(*this, path, std::move(inode));
}

Result<std::unique_ptr<File>> SimDisk::open_file(const Path& path) {
  if (power_lost_) return refuse(path, "the power is lost");
  const auto found = now_.find(key(path));
  if (found == now_.end() || !found->second) return refuse(path, "cannot open: no such file");
  return std::make_unique<SimFile>(*this, path, found->second);
}

Result<std::unique_ptr<Volume>> SimDisk::open_volume(const Path& folder) {
  if (power_lost_) return refuse(folder, "the power is lost");
  if (!exists(folder)) return refuse(folder, "cannot open: no such folder");
  return std::make_unique<SimVolume>(*this, folder);
}

bool SimDisk::exists(const Path& path) {
  const std::string name = key(path);
  return is_top(name) || now_.contains(name);
}

Result<std::vector<std::string>> SimDisk::list(const Path& folder) {
  const std::string name = key(folder);
  if (power_lost_) return refuse(folder, "the power is lost");
  if (!exists(folder)) return refuse(folder, "cannot list: no such folder");
  std::vector<std::string> names;
  for (const auto& [other, inode] : now_)
    if (parent_key(other) == name) names.push_back(Path(other).filename().string());
  return names;
}

Result<> SimDisk::make_folders(const Path& folder) {
  std::vector<std::string> missing;
  for (std::string name = key(folder); !exists(name); name = parent_key(name))
    missing.push_back(name);
  for (auto it = missing.rbegin(); it != missing.rend(); ++it)
    TRY(change_names({Move::put, *it, {}, nullptr}));
  return {};
}

Result<> SimDisk::rename(const Path& from, const Path& to) {
  if (!exists(from)) return refuse(from, "cannot rename: no such file");
  return change_names({Move::rename, key(from), key(to), nullptr});
}

Result<> SimDisk::exchange(const Path& a, const Path& b) {
  if (!exists(a) || !exists(b)) return refuse(a, "cannot exchange: no such file");
  return change_names({Move::exchange, key(a), key(b), nullptr});
}

Result<> SimDisk::remove_all(const Path& path) {
  if (!exists(path)) return {};
  return change_names({Move::remove, key(path), {}, nullptr});
}

Result<> SimDisk::sync_folder(const Path& folder) {
  TRY(begin(folder, "sync"));
  if (power_lost_) return refuse(folder, "the power is lost");
  const std::string name = key(folder);
  std::vector<Move> others;
  for (Move& move : pending_) {
    const bool inside =
        parent_key(move.a) == name || (!move.b.empty() && parent_key(move.b) == name);
    if (inside)
      apply(durable_, move);
    else
      others.push_back(std::move(move));
  }
  pending_ = std::move(others);
  return {};
}

Result<> SimDisk::change_names(Move move) {
  TRY(begin(move.a, "change the folder"));
  apply(now_, move);
  pending_.push_back(move);
  if (power_lost_) return refuse(move.a, "the power is lost");
  return {};
}

// Moves the named subtrees. Names that are gone are left out: after a loss of power, moves that
// were not synced may have survived without those before them in another folder.
void SimDisk::apply(Names& names, const Move& move) {
  const auto take = [&](const std::string& root) {
    Names taken;
    for (auto it = names.lower_bound(root); it != names.end();) {
      const bool inside = it->first == root || it->first.starts_with(root + "/");
      if (!inside && it->first > root + "0") break;  // '0' follows '/'
      if (inside) taken[it->first.substr(root.size())] = it->second;
      it = inside ? names.erase(it) : std::next(it);
    }
    return taken;
  };
  const auto give = [&](const std::string& root, const Names& taken) {
    for (const auto& [rest, inode] : taken) names[root + rest] = inode;
  };
  switch (move.kind) {
    case Move::put:
      names[move.a] = move.inode;
      break;
    case Move::rename: {
      const Names source = take(move.a);
      if (!source.empty()) (void)take(move.b);
      give(move.b, source);
      break;
    }
    case Move::exchange: {
      const Names a = take(move.a), b = take(move.b);
      give(move.a, b);
      give(move.b, a);
      break;
    }
    case Move::remove:
      (void)take(move.a);
      break;
  }
}

// The content after a loss of power.
std::string SimDisk::torn(const Inode& inode, Tear tear) {
  std::string content = inode.durable;
  if (tear == Tear::none) return content;
  std::uint64_t bytes_left = DiskFaults::never;
  if (tear == Tear::prefix) {
    std::uint64_t sum = 0;
    for (const Change& change : inode.pending) sum += change.bytes.size();
    bytes_left = prng_.below(sum + 1);
  }
  for (const Change& change : inode.pending) {
    if (change.is_truncate) {
      if (tear == Tear::all || tear == Tear::prefix) content.resize(change.offset, '\0');
      continue;
    }
    const std::size_t size = std::min<std::uint64_t>(change.bytes.size(), bytes_left);
    bytes_left -= size;
    if (size == 0) continue;
    const std::string_view bytes = std::string_view(change.bytes).substr(0, size);
    const std::size_t old_size = content.size();
    if (tear == Tear::all || tear == Tear::prefix) {
      put(content, change.offset, bytes);
      continue;
    }
    if (content.size() < change.offset + size) content.resize(change.offset + size, '\0');
    const std::size_t kept_from = tear == Tear::tail ? prng_.below(size) : 0;
    for (std::size_t at = 0; at < size;) {
      const std::size_t place = change.offset + at;
      const std::size_t step = std::min(sector_bytes - place % sector_bytes, size - at);
      const bool kept = tear == Tear::sectors && prng_.below(2) == 0;
      for (std::size_t i = at; i < at + step; ++i) {
        if (kept || (tear == Tear::tail && i >= kept_from)) {
          content[change.offset + i] = bytes[i];
        } else if (tear == Tear::garbage && change.offset + i >= old_size) {
          content[change.offset + i] = static_cast<char>(prng_.next());
        }
      }
      at += step;
    }
  }
  return content;
}

void SimDisk::tear(Inode& inode, Tear tear) {
  inode.now = inode.durable = torn(inode, tear);
  inode.pending.clear();
}

void SimDisk::tear_names(Tear tear) {
  std::size_t kept = 0;
  if (tear == Tear::all) kept = pending_.size();
  if (tear != Tear::all && tear != Tear::none) kept = prng_.below(pending_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) apply(durable_, pending_[i]);
  pending_.clear();
  // What lies in a folder that never came to be is gone with it.
  for (auto it = durable_.begin(); it != durable_.end();) {
    const std::string parent = parent_key(it->first);
    it = is_top(parent) || durable_.contains(parent) ? std::next(it) : durable_.erase(it);
  }
}

void SimDisk::restart(Tear shape) {
  // Names first: a file may be known under its old name, its new one, or none.
  tear_names(shape);
  now_ = durable_;
  std::set<Inode*> seen;
  for (const auto& [name, inode] : now_)
    if (inode && seen.insert(inode.get()).second) tear(*inode, shape);
  faults_ = {};
  power_lost_ = false;
}

std::unique_ptr<SimDisk> SimDisk::clone(std::uint64_t seed) const {
  auto copy = std::make_unique<SimDisk>(seed);
  std::map<const Inode*, std::shared_ptr<Inode>> copies;
  const auto copied = [&](const std::shared_ptr<Inode>& inode) -> std::shared_ptr<Inode> {
    if (!inode) return nullptr;
    auto& one = copies[inode.get()];
    if (!one) one = std::make_shared<Inode>(*inode);
    return one;
  };
  for (const auto& [name, inode] : now_) copy->now_[name] = copied(inode);
  for (const auto& [name, inode] : durable_) copy->durable_[name] = copied(inode);
  for (const Move& move : pending_)
    copy->pending_.push_back({move.kind, move.a, move.b, copied(move.inode)});
  return copy;
}

void SimDisk::flip_bit(const Path& path, std::uint64_t bit) {
  Inode& inode = *now_.at(key(path));
  for (std::string* content : {&inode.now, &inode.durable})
    if (bit / 8 < content->size())
      (*content)[bit / 8] = static_cast<char>((*content)[bit / 8] ^ (1 << (bit % 8)));
}

void SimDisk::cut(const Path& path, std::uint64_t size_bytes) {
  Inode& inode = *now_.at(key(path));
  inode.now.resize(size_bytes);
  if (inode.durable.size() > size_bytes) inode.durable.resize(size_bytes);
}

}  // namespace io
