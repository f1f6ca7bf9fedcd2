#pragma once
// A read-only disk in memory with one folder, for tests and fuzzing.

#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "io/disk.h"

namespace estate::testing {

class MemoryReader final : public io::Reader {
 public:
  // Hands out at most `piece` bytes a call.
  explicit MemoryReader(std::string content, std::size_t piece = std::string::npos)
      : content_(std::move(content)), piece_(piece) {}
  base::Result<std::size_t> read(std::span<char> into) override {
    const std::size_t size = std::min({into.size(), piece_, content_.size() - at_});
    std::memcpy(into.data(), content_.data() + at_, size);
    at_ += size;
    return size;
  }
  std::uint64_t size_bytes() const override { return content_.size(); }

 private:
  std::string content_;
  std::size_t piece_, at_ = 0;
};

class MemoryDisk final : public io::Disk {
 public:
  explicit MemoryDisk(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  base::Result<std::unique_ptr<io::Reader>> open(const io::Path& path) override {
    const auto file = files_.find(path.filename().string());
    if (file == files_.end()) return refuse();
    return std::make_unique<MemoryReader>(file->second);
  }
  bool exists(const io::Path& path) override { return files_.contains(path.filename().string()); }
  base::Result<std::vector<std::string>> list(const io::Path&) override {
    std::vector<std::string> names;
    for (const auto& [name, content] : files_) names.push_back(name);
    return names;
  }
  base::Result<std::unique_ptr<io::Writer>> create(const io::Path&) override { return refuse(); }
  base::Result<> make_folders(const io::Path&) override { return refuse(); }
  base::Result<> rename(const io::Path&, const io::Path&) override { return refuse(); }
  base::Result<> exchange(const io::Path&, const io::Path&) override { return refuse(); }
  base::Result<> remove_all(const io::Path&) override { return refuse(); }
  base::Result<> sync_folder(const io::Path&) override { return refuse(); }

 private:
  static std::unexpected<base::Error> refuse() {
    return base::fail(base::ErrorCode::io_failed, "not on this disk");
  }
  std::map<std::string, std::string> files_;
};

}  // namespace estate::testing
