#pragma once
// A second process of this program, for what one process may not hold alone: it has its own open
// files, and the two talk in lines.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace io {

// One end of a talk. A line has no line end in it.
class Talk {
 public:
  virtual ~Talk() = default;
  // Error: io_failed.
  virtual base::Result<> say(std::string_view line) = 0;
  // Waits for the next line. Error: io_failed, also where the other end says nothing more.
  virtual base::Result<std::string> hear() = 0;
};

class Child {
 public:
  // Runs `work` in a process of its own, which ends with it. Requires that no thread runs beside
  // the calling one. Error: io_failed.
  static base::Result<Child> start(const std::function<void(Talk&)>& work);
  // Says nothing more and waits until the other process has ended.
  ~Child();
  Child(Child&&) noexcept;

  Talk& talk();
  // Ends the other process at once, without a farewell: as a loss of power ends it.
  void kill();

 private:
  struct Parts;
  explicit Child(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace io
