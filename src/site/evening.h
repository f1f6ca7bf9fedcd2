#pragma once
// The evening of a site. At a store or a depot, at its hour, the lines follow the estate and the
// planner proposes orders; at each cut-off what a person has confirmed, or left as it was, goes to
// the depot or to the supplier. The centre plans for all stores. A depot's waves open, fill and
// close by themselves; a store that hears nothing from the centre sends its orders by itself.

#include <functional>
#include <memory>
#include <string>

#include "io/disk.h"
#include "site/core.h"
#include "site/history.h"
#include "site/wave_keeper.h"

namespace site {

struct EveningOptions {
  io::Path estate;  // the folder that the incumbent fills, read anew every night
  std::string site_id;
  int minute = 20 * 60;  // of the day, by the machine's local time
  int threads = 1;
  std::string estate_name = {};  // as in the names of its sites' keys
  WaveOptions waves = {};        // of a depot
  // Of a store: when it sends its orders by itself, unless the centre was heard since the last
  // evening; below 0: never. As a rehearsal it places nothing and marks what it writes.
  int emergency_minute = -1;
  bool is_rehearsal = false;
  io::Path data = {};                          // where it writes those orders
  std::optional<journal::Signer> signer = {};  // the site's key, which signs them
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

  using Taken = base::Result<std::expected<TakenOrder, NotTaken>>;
  // An order at the depot's door, as WaveKeeper::take. Requires takes_orders().
  bool take_order(OrderOffer offer, const trade::Origin& origin,
                  std::move_only_function<void(Taken)> then);
  bool takes_orders() const;  // the site is a depot

 private:
  struct Parts;
  explicit Evening(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace site
