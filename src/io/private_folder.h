#pragma once
// A folder for a while, which only its owner may enter: for what must not lie about.

#include <string_view>

#include "io/disk.h"

namespace io {

class PrivateFolder {
 public:
  // Makes a new folder, whose name begins with `name`, in an existing one. Error: io_failed.
  static base::Result<PrivateFolder> make(const Path& inside, std::string_view name);
  // In the system's place for such folders.
  static base::Result<PrivateFolder> make_temporary(std::string_view name);
  // Removes it with all that is in it.
  ~PrivateFolder();
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;

  const Path& path() const { return path_; }

 private:
  explicit PrivateFolder(Path path) : path_(std::move(path)) {}
  Path path_;
};

}  // namespace io
