#pragma once
// A disk that does what it is told but for its n-th change, so that a test can fail each in turn.

#include <memory>

#include "io/disk.h"

namespace io::testing {

// Changes are all calls that write: of this disk and of the files it creates.
class FailingDisk final : public Disk {
 public:
  // n counts from 1.
  FailingDisk(Disk& disk, int n) : disk_(disk), left_(n) {}

  bool has_failed() const { return left_ <= 0; }

  base::Result<std::unique_ptr<Reader>> open(const Path& path) override { return disk_.open(path); }
  bool exists(const Path& path) override { return disk_.exists(path); }
  base::Result<std::vector<std::string>> list(const Path& folder) override {
    return disk_.list(folder);
  }
  base::Result<std::unique_ptr<Writer>> create(const Path& path) override {
    TRY(change());
    return std::make_unique<CountingWriter>(*this, TRY(disk_.create(path)));
  }
  base::Result<> make_folders(const Path& folder) override {
    TRY(change());
    return disk_.make_folders(folder);
  }
  base::Result<> rename(const Path& from, const Path& to) override {
    TRY(change());
    return disk_.rename(from, to);
  }
  base::Result<> exchange(const Path& a, const Path& b) override {
    TRY(change());
    return disk_.exchange(a, b);
  }
  base::Result<> remove_all(const Path& path) override {
    TRY(change());
    return disk_.remove_all(path);
  }
  base::Result<> sync_folder(const Path& folder) override {
    TRY(change());
    return disk_.sync_folder(folder);
  }

 private:
  class CountingWriter final : public Writer {
   public:
    CountingWriter(FailingDisk& disk, std::unique_ptr<Writer> writer)
        : disk_(disk), writer_(std::move(writer)) {}
    base::Result<> write(std::string_view bytes) override {
      TRY(disk_.change());
      return writer_->write(bytes);
    }
    base::Result<> finish() override {
      TRY(disk_.change());
      return writer_->finish();
    }

   private:
    FailingDisk& disk_;
    std::unique_ptr<Writer> writer_;
  };

  base::Result<> change() {
    if (--left_ == 0) return base::fail(base::ErrorCode::io_failed, "the disk is full");
    return {};
  }

  Disk& disk_;
  int left_;
};

}  // namespace io::testing
