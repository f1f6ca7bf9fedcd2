#pragma once
// Disk: the one way to files. Sequential reads, write-aside files, files that are written in place,
// whole folders that appear at once.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace io {

using Path = std::filesystem::path;

class Reader {
 public:
  virtual ~Reader() = default;
  // Fills the front of `into`; returns how many bytes, 0 only at the end.
  virtual base::Result<std::size_t> read(std::span<char> into) = 0;
  // Passes bytes over, as many as are there.
  virtual base::Result<> skip(std::uint64_t bytes);
  // Size of the whole file in bytes, for progress.
  virtual std::uint64_t size_bytes() const = 0;
};

class Writer {
 public:
  virtual ~Writer() = default;
  virtual base::Result<> write(std::string_view bytes) = 0;
  // Puts everything on disk (fsync) and closes. Without it the file's content is not promised.
  virtual base::Result<> finish() = 0;
};

// A file that is read and written at places, counted in bytes from its start.
class File {
 public:
  virtual ~File() = default;
  // Fills the front of `into`; returns how many bytes, fewer than asked for only at the end.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;
  // Writes all bytes, or fails with any part of them written.
  virtual base::Result<> write_at(std::uint64_t offset, std::string_view bytes) = 0;
  virtual base::Result<> truncate(std::uint64_t size_bytes) = 0;
  // Returns once everything written so far is on disk. After a failure nobody knows what is: what
  // was written since the sync before must be written again.
  virtual base::Result<> sync() = 0;
};

// All files that lie on one file system, to sync them at once: for writers of very many files, each
// of which would otherwise wait for the disk by itself.
class Volume {
 public:
  virtual ~Volume() = default;
  // Returns once all bytes and names written so far are on disk, other writers' included. After a
  // failure nobody knows what is.
  virtual base::Result<> sync() = 0;
};

class Disk {
 public:
  virtual ~Disk() = default;
  // Errors: input_missing (there is no such file), io_failed.
  virtual base::Result<std::unique_ptr<Reader>> open(const Path& path) = 0;
  virtual base::Result<std::unique_ptr<Writer>> create(const Path& path) = 0;
  virtual bool exists(const Path& path) = 0;
  // Names of the entries of a folder, sorted.
  virtual base::Result<std::vector<std::string>> list(const Path& folder) = 0;
  virtual base::Result<> make_folders(const Path& folder) = 0;
  // Renames; replaces a file that is already there.
  virtual base::Result<> rename(const Path& from, const Path& to) = 0;
  // Swaps two existing paths in one step.
  virtual base::Result<> exchange(const Path& a, const Path& b) = 0;
  virtual base::Result<> remove_all(const Path& path) = 0;
  // Makes renames inside the folder durable.
  virtual base::Result<> sync_folder(const Path& folder) = 0;
  // As rename, for a name that must be new: io_failed where it is there, which stays as it is.
  virtual base::Result<> rename_new(const Path& from, const Path& to);
  // As create, for a file that only its owner may read. Disks without owners just create.
  virtual base::Result<std::unique_ptr<Writer>> create_private(const Path& path) {
    return create(path);
  }
  // Opens an existing file to be written in place, for one holder at a time: io_failed while
  // another process has it open so. Disks that only hold inputs refuse.
  virtual base::Result<std::unique_ptr<File>> open_file(const Path& path);
  // The volume of an existing folder. It tells of failures since it was opened. Disks that only
  // hold inputs refuse.
  virtual base::Result<std::unique_ptr<Volume>> open_volume(const Path& folder);
};

Disk& real_disk();

// The whole content of a file.
base::Result<std::string> read_file(Disk& disk, const Path& path);
// Lets `fill` write and finish a file beside `path`, of the same ending, and renames it: a reader
// sees the old content or the new, never a part. After an error the old content is there, unless
// the message says that the new file is: then only a power cut can still undo that.
base::Result<> replace_file(Disk& disk, const Path& path,
                            const std::function<base::Result<>(const Path& aside)>& fill);
// The same for content that is at hand.
base::Result<> write_file(Disk& disk, const Path& path, std::string_view bytes);

// The same for a secret: only its owner may read it, from its first byte on.
base::Result<> write_secret_file(Disk& disk, const Path& path, std::string_view bytes);

// A folder that is filled beside its place and appears there whole: create, fill path(), commit().
// Until commit the earlier folder stays untouched; a StagedFolder that is destroyed without commit
// leaves nothing behind.
class StagedFolder {
 public:
  // `marker` names a file that every earlier output holds: a non-empty folder without it is
  // somebody else's and is refused (input_bad), so that no file of a user is ever replaced.
  // Nor is a folder replaced that holds an entry for which `owns` says false.
  static base::Result<StagedFolder> create(Disk& disk, const Path& target, std::string_view marker,
                                           bool (*owns)(std::string_view name));
  StagedFolder(StagedFolder&& other) noexcept;
  StagedFolder& operator=(StagedFolder&&) = delete;
  ~StagedFolder();

  const Path& path() const { return staging_; }
  // Puts the folder in its place in one step and removes the earlier one. At most once. After an
  // error in_place() tells which side of that step it was:
  // - false: the target is as it was; the staged folder goes with this object.
  // - true: the target is the new folder, whole. Only what follows the step failed: that it
  //   survives a power cut, or that the earlier folder, now at path(), is removed. The error says
  //   so, and the earlier folder is left there.
  base::Result<> commit();
  bool in_place() const { return in_place_; }

 private:
  StagedFolder(Disk& disk, Path target, Path staging);

  Disk* disk_;
  Path target_;
  Path staging_;
  bool open_ = true;  // staging_ is to be removed with this object
  bool in_place_ = false;
};

}  // namespace io
