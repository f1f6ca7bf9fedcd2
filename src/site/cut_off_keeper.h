#pragma once
// Keeps the cut-offs of a site's orders: at each, what a person has confirmed, or left as it was
// proposed, goes to the depot or to the supplier. What is refused then is kept for a person.

#include <span>

#include "io/clock.h"
#include "site/night_document.h"
#include "site/open_orders.h"
#include "site/talk.h"

namespace site {

// What was refused at its cut-off is tried again as soon as somebody changes it, and after so long.
inline constexpr std::int64_t place_again_ms = 5 * 60'000;

// For one thread, which is not the core's.
class CutOffKeeper {
 public:
  CutOffKeeper(Core& core, Talk& talk, io::Clock& clock)
      : core_(core), talk_(talk), clock_(clock) {}

  // Learns the cut-offs of all that the book holds: of tonight's orders as the night says, of the
  // others as the estate's calendars do, and where these are silent as if planned on `day`. `site`
  // is the estate's index.
  base::Result<> remember(const estate::Estate& estate, std::uint32_t site, base::Date day,
                          std::span<const UntilCutOff<ProposedOrder>> tonight = {});

  // Places what is due by now; to be called every second. A change that the core still took after
  // the cut-off goes off at once.
  base::Result<> keep();

 private:
  struct Row {
    std::int64_t cut_off_ms = 0;     // UTC since 1970
    std::vector<trade::Body> tried;  // that was refused last
    std::int64_t again_ms = 0;       // when the same may be tried again
  };
  base::Result<> place(const OrderName& order, Row& row, std::vector<trade::Body> bodies);
  void set_apart(const OrderName& order, Row& row, std::vector<trade::Body> tried,
                 const NotDone& why);
  void tell_core();

  Core& core_;
  Talk& talk_;
  io::Clock& clock_;
  std::map<OrderName, Row> rows_;
  OrderNotes notes_;
};

}  // namespace site
