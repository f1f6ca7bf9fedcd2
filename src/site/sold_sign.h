#pragma once
// Which goods that move by hand count as sold.

#include "trade/rules.h"

namespace site {

// What left for customers, and what came back: 1, -1, or 0 for every other cause.
inline int sold_sign(trade::Cause cause) {
  switch (cause) {
    case trade::Cause::sale:
      return 1;
    case trade::Cause::returned_to_shelf:
    case trade::Cause::returned_to_quarantine:
    case trade::Cause::returned_to_waste:
      return -1;
    default:
      return 0;
  }
}

}  // namespace site
