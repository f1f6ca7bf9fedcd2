#include "nightly/order_run.h"

#include "nightly/plan_lines.h"
#include "nightly/share_stock.h"

namespace nightly {

std::string_view text_of(CutReason reason) {
  switch (reason) {
    case CutReason::none:
      return "";
    case CutReason::no_stock:
      return "no_stock";
    case CutReason::pick_capacity:
      return "pick_capacity";
    case CutReason::vehicle:
      return "vehicle";
    case CutReason::order_max:
      return "order_max";
    case CutReason::shelf:
      return "shelf";
    case CutReason::order_min:
      return "order_min";
    case CutReason::life:
      return "life";
    case CutReason::surge:
      return "surge";
    case CutReason::held:
      return "held";
  }
  return {};
}

std::string_view text_of(OrderReason reason) {
  switch (reason) {
    case OrderReason::demand:
      return "demand";
    case OrderReason::presentation:
      return "presentation";
    case OrderReason::launch:
      return "launch";
    case OrderReason::stock_unknown:
      return "stock_unknown";
    case OrderReason::cross_dock:
      return "cross_dock";
    case OrderReason::minimum:
      return "minimum";
  }
  return {};
}

Night order_run(const OrderRunInput& input, const Routes& routes, const DepotStock& depots) {
  Night night;
  plan_lines(input, routes, night);
  share_depots(input, routes, depots, night);
  night.depot_overdue.assign(depots.overdue().begin(), depots.overdue().end());
  std::erase_if(night.orders, [](const OrderLine& o) { return o.units <= 0 && o.cut_units <= 0; });
  return night;
}

}  // namespace nightly
