#include "io/private_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace io {

base::Result<PrivateFolder> PrivateFolder::make(const Path& inside, std::string_view name) {
  std::string made = (inside / (std::string(name) + "-XXXXXX")).string();
  if (::mkdtemp(made.data()) == nullptr)
    return base::fail(base::ErrorCode::io_failed,
                      inside.string() + ": cannot make a folder: " + std::strerror(errno));
  return PrivateFolder(Path(made));
}

base::Result<PrivateFolder> PrivateFolder::make_temporary(std::string_view name) {
  std::error_code error;
  const Path inside = std::filesystem::temp_directory_path(error);
  if (error)
    return base::fail(base::ErrorCode::io_failed,
                      "no place for temporary folders: " + error.message());
  return make(inside, name);
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace io
