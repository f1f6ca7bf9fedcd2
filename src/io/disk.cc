#include "io/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

namespace io {
namespace {

using base::ErrorCode;
using base::Result;

std::unexpected<base::Error> system_failure(std::string_view what, const Path& path, int number,
                                            ErrorCode code = ErrorCode::io_failed) {
  return base::fail(code,
                    fmt::format("{}: cannot {}: {}", path.string(), what, std::strerror(number)));
}

class RealReader final : public Reader {
 public:
  RealReader(Path path, int fd, std::uint64_t size)
      : path_(std::move(path)), fd_(fd), size_(size) {}
  ~RealReader() override { ::close(fd_); }
  Result<std::size_t> read(std::span<char> into) override {
    while (true) {
      const ssize_t got = ::read(fd_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return system_failure("read", path_, errno);
    }
  }
  Result<> skip(std::uint64_t bytes) override {
    if (::lseek(fd_, static_cast<off_t>(bytes), SEEK_CUR) < 0)
      return system_failure("read", path_, errno);
    return {};
  }
  std::uint64_t size_bytes() const override { return size_; }

 private:
  Path path_;
  int fd_;
  std::uint64_t size_;
};

class RealWriter final : public Writer {
 public:
  RealWriter(Path path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~RealWriter() override {
    if (fd_ >= 0) ::close(fd_);
  }
  Result<> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
      if (put < 0 && errno != EINTR) return system_failure("write", path_, errno);
      if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }
  Result<> finish() override {
    if (::fsync(fd_) != 0) return system_failure("sync", path_, errno);
    const int fd = std::exchange(fd_, -1);
    if (::close(fd) != 0) return system_failure("close", path_, errno);
    return {};
  }

 private:
  Path path_;
  int fd_;
};

class RealFile final : public File {
 public:
  RealFile(Path path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~RealFile() override { ::close(fd_); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got =
          ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno != EINTR) return system_failure("read", path_, errno);
      if (got == 0) break;
      if (got > 0) done += static_cast<std::size_t>(got);
    }
    return done;
  }
  Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0 && errno != EINTR) return system_failure("write", path_, errno);
      if (put <= 0) continue;
      offset += static_cast<std::uint64_t>(put);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }
  Result<> truncate(std::uint64_t size_bytes) override {
    if (::ftruncate(fd_, static_cast<off_t>(size_bytes)) != 0)
      return system_failure("shorten", path_, errno);
    return {};
  }
  Result<> sync() override {
    if (::fdatasync(fd_) != 0) return system_failure("sync", path_, errno);
    return {};
  }

 private:
  Path path_;
  int fd_;
};

class RealVolume final : public Volume {
 public:
  RealVolume(Path path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~RealVolume() override { ::close(fd_); }
  Result<> sync() override {
    if (::syncfs(fd_) != 0) return system_failure("sync the disk of", path_, errno);
    return {};
  }

 private:
  Path path_;
  int fd_;
};

class RealDisk final : public Disk {
 public:
  Result<std::unique_ptr<Reader>> open(const Path& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      const bool is_missing = errno == ENOENT || errno == ENOTDIR;
      return system_failure("open", path, errno,
                            is_missing ? ErrorCode::input_missing : ErrorCode::io_failed);
    }
    struct stat status {};
    if (::fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
      const int number = S_ISDIR(status.st_mode) ? EISDIR : errno;
      ::close(fd);
      return system_failure("open", path, number);
    }
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<RealReader>(path, fd, static_cast<std::uint64_t>(status.st_size));
  }
  Result<std::unique_ptr<Writer>> create(const Path& path) override {
    return create_with_mode(path, 0644);
  }
  Result<std::unique_ptr<Writer>> create_private(const Path& path) override {
    return create_with_mode(path, 0600);
  }
  Result<std::unique_ptr<File>> open_file(const Path& path) override {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return system_failure("open", path, errno);
    // Two writers in one file would each overwrite the other; the lock ends with the process.
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd);
      return base::fail(ErrorCode::io_failed,
                        fmt::format("{}: another process is writing it", path.string()));
    }
    return std::make_unique<RealFile>(path, fd);
  }
  Result<std::unique_ptr<Volume>> open_volume(const Path& folder) override {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return system_failure("open", folder, errno);
    return std::make_unique<RealVolume>(folder, fd);
  }
  bool exists(const Path& path) override {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  }
  Result<std::vector<std::string>> list(const Path& folder) override {
    std::error_code error;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error))
      names.push_back(it->path().filename().string());
    if (error) return system_failure("list", folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }
  Result<> make_folders(const Path& folder) override {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return system_failure("create the folder", folder, error.value());
    return {};
  }
  Result<> rename(const Path& from, const Path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_failure("put in place", to, errno);
    return {};
  }
  // Some file systems of networks cannot rename so; then it is looked first.
  Result<> rename_new(const Path& from, const Path& to) override {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
    if (errno == EINVAL || errno == ENOSYS) return Disk::rename_new(from, to);
    return system_failure("put in place", to, errno);
  }
  Result<> exchange(const Path& a, const Path& b) override {
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0)
      return system_failure("put in place", b, errno);
    return {};
  }
  Result<> remove_all(const Path& path) override {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) return system_failure("remove", path, error.value());
    return {};
  }
  Result<> sync_folder(const Path& folder) override {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return system_failure("open", folder, errno);
    const int outcome = ::fsync(fd);
    const int number = errno;
    ::close(fd);
    if (outcome != 0) return system_failure("sync", folder, number);
    return {};
  }

 private:
  static Result<std::unique_ptr<Writer>> create_with_mode(const Path& path, mode_t mode) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) return system_failure("create", path, errno);
    return std::make_unique<RealWriter>(path, fd);
  }
};

// "out/" and "out" are the same folder; its parent is "." when the path has none.
Path without_trailing_slash(const Path& path) {
  return path.has_filename() ? path : path.parent_path();
}
Path parent_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

std::unexpected<base::Error> in_place_but(const Path& path, std::string_view what,
                                          const base::Error& why) {
  return base::fail(why.code, fmt::format("{}: the new output is in place, but {}: {}",
                                          path.string(), what, why.message));
}

}  // namespace

Result<> Disk::rename_new(const Path& from, const Path& to) {
  if (!exists(to)) return rename(from, to);
  return base::fail(ErrorCode::io_failed, fmt::format("{}: is there already", to.string()));
}

Result<std::unique_ptr<File>> Disk::open_file(const Path& path) {
  return base::fail(ErrorCode::io_failed,
                    fmt::format("{}: this disk has no files to write in place", path.string()));
}

Result<std::unique_ptr<Volume>> Disk::open_volume(const Path& folder) {
  return base::fail(ErrorCode::io_failed,
                    fmt::format("{}: this disk cannot be synced as a whole", folder.string()));
}

Result<> Reader::skip(std::uint64_t bytes) {
  std::string passed(std::min<std::uint64_t>(bytes, 64u << 10), '\0');
  while (bytes > 0) {
    const std::size_t step = std::min<std::uint64_t>(bytes, passed.size());
    const std::size_t got = TRY(read(std::span(passed).first(step)));
    if (got == 0) break;
    bytes -= got;
  }
  return {};
}

Disk& real_disk() {
  static RealDisk disk;
  return disk;
}

Result<std::string> read_file(Disk& disk, const Path& path) {
  const auto reader = TRY(disk.open(path));
  std::string content(reader->size_bytes() + 1, '\0');
  std::size_t size = 0;
  while (true) {
    if (size == content.size()) content.resize(content.size() * 2);
    const std::size_t got = TRY(reader->read(std::span(content).subspan(size)));
    if (got == 0) break;
    size += got;
  }
  content.resize(size);
  return content;
}

Result<> replace_file(Disk& disk, const Path& path,
                      const std::function<Result<>(const Path& aside)>& fill) {
  const Path aside =
      path.parent_path() / fmt::format(".part-{}-{}", ::getpid(), path.filename().string());
  Result<> done = fill(aside);
  if (done) done = disk.rename(aside, path);
  if (!done) {
    if (disk.exists(aside)) (void)disk.remove_all(aside);
    return done;
  }
  if (const auto synced = disk.sync_folder(parent_of(path)); !synced)
    return base::fail(synced.error().code,
                      fmt::format("{}: the new file is there, but a power cut may undo that: {}",
                                  path.string(), synced.error().message));
  return {};
}

namespace {

using Create = Result<std::unique_ptr<Writer>> (Disk::*)(const Path&);

Result<> write_aside(Disk& disk, const Path& path, std::string_view bytes, Create create) {
  return replace_file(disk, path, [&](const Path& aside) -> Result<> {
    const auto writer = TRY((disk.*create)(aside));
    TRY(writer->write(bytes));
    return writer->finish();
  });
}

}  // namespace

Result<> write_file(Disk& disk, const Path& path, std::string_view bytes) {
  return write_aside(disk, path, bytes, &Disk::create);
}

Result<> write_secret_file(Disk& disk, const Path& path, std::string_view bytes) {
  return write_aside(disk, path, bytes, &Disk::create_private);
}

Result<StagedFolder> StagedFolder::create(Disk& disk, const Path& target, std::string_view marker,
                                          bool (*owns)(std::string_view name)) {
  const Path place = without_trailing_slash(target);
  if (disk.exists(place)) {
    const auto names = TRY(disk.list(place));
    if (!names.empty() && !disk.exists(place / marker))
      return base::fail(
          ErrorCode::input_bad,
          fmt::format(
              "{}: the folder is not empty and holds no {}, so it is not an earlier output; "
              "name a new or empty folder",
              place.string(), marker));
    for (const std::string& name : names)
      if (!owns(name))
        return base::fail(
            ErrorCode::input_bad,
            fmt::format("{}: the folder holds {}, which is not part of an earlier output; name a "
                        "new or empty folder",
                        place.string(), name));
  }
  const Path staging = place.string() + fmt::format(".part-{}", ::getpid());
  if (disk.exists(staging)) TRY(disk.remove_all(staging));
  TRY(disk.make_folders(staging));
  return StagedFolder(disk, place, staging);
}

StagedFolder::StagedFolder(Disk& disk, Path target, Path staging)
    : disk_(&disk), target_(std::move(target)), staging_(std::move(staging)) {}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : disk_(other.disk_),
      target_(std::move(other.target_)),
      staging_(std::move(other.staging_)),
      open_(std::exchange(other.open_, false)),
      in_place_(other.in_place_) {}

StagedFolder::~StagedFolder() {
  if (open_) (void)disk_->remove_all(staging_);
}

Result<> StagedFolder::commit() {
  CHECK(open_);
  TRY(disk_->sync_folder(staging_));
  const bool replaces = disk_->exists(target_);
  if (replaces)
    TRY(disk_->exchange(staging_, target_));
  else
    TRY(disk_->rename(staging_, target_));
  in_place_ = true;
  open_ = false;
  // Until the step is on disk, a power cut may undo it: then the earlier folder is needed again.
  if (const auto synced = disk_->sync_folder(parent_of(target_)); !synced)
    return in_place_but(target_, "a power cut may undo that", synced.error());
  if (!replaces) return {};
  if (const auto removed = disk_->remove_all(staging_); !removed)
    return in_place_but(target_, "the earlier one is left beside it", removed.error());
  return {};
}

}  // namespace io
