#pragma once
// A folder for what a measurement writes.

#include <string>
#include <utility>

#include "base/result.h"
#include "io/disk.h"

namespace cmd {

// A folder that is there for one measurement.
class Scratch {
 public:
  // Error: input_bad for a folder that is there already.
  static base::Result<Scratch> make(const std::string& folder) {
    if (io::real_disk().exists(folder))
      return base::fail(base::ErrorCode::input_bad, folder + ": is there already; name a new one");
    TRY(io::real_disk().make_folders(folder));
    return Scratch(folder);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ~Scratch() {
    if (!path_.empty()) (void)io::real_disk().remove_all(path_);
  }
  const io::Path& path() const { return path_; }

 private:
  explicit Scratch(io::Path path) : path_(std::move(path)) {}
  io::Path path_;
};

}  // namespace cmd
