#pragma once
// The evening at a store or a depot: at its hour the lines follow the estate and the planner
// proposes orders; at each cut-off what a person has confirmed, or left as it was, goes to the
// depot or to the supplier.

#include <functional>
#include <memory>
#include <string>

#include "io/disk.h"
#include "site/core.h"
#include "site/history.h"

namespace site {

struct EveningOptions {
  io::Path estate;  // the folder that the incumbent fills, read anew every night
  std::string site_id;
  int minute = 22 * 60;  // of the day, by the machine's local time
  int threads = 1;
};

// What a night did.
struct NightFacts {
  base::Date day;
  std::size_t lines_changed = 0;  // opened, changed, closed, priced
  std::size_t orders = 0, lines = 0;
  std::size_t refused = 0;  // of all that, what the book refused; the first of them is named
  std::string first_refusal;
};

inline constexpr std::size_t asked_max = 16;  // that wait for the evening's thread

class Evening {
 public:
  // Core and history must outlive it. Where the site has no lines yet, they are opened now. Errors:
  // those of reading the estate, input_missing where it has no such site.
  static base::Result<std::unique_ptr<Evening>> start(Core& core, History& history, io::Disk& disk,
                                                      io::Clock& clock,
                                                      const EveningOptions& options);
  ~Evening();

  // Runs the night of the open or last trading day at once; `then` is called on the evening's
  // thread. False: too many wait already.
  bool run_now(std::move_only_function<void(base::Result<NightFacts>)> then);

 private:
  struct Parts;
  explicit Evening(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace site
