#pragma once
// Where tests find real data that is not part of the repository.

#include <cstdlib>
#include <filesystem>
#include <string>

namespace base::testing {

// A path below the shared folder: that of the environment variable STOCKADE_SHARED, else the folder
// `shared` beside the source tree. Tests whose path is missing say so and GTEST_SKIP().
inline std::filesystem::path shared_path(const std::string& below) {
  if (const char* folder = std::getenv("STOCKADE_SHARED"))
    return std::filesystem::path(folder) / below;
  return std::filesystem::path(STOCKADE_SOURCE_DIR) / ".." / "shared" / below;
}

}  // namespace base::testing
