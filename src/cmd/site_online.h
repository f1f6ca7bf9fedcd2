#pragma once
// What stockade site adds for an online site: its shop, who takes its payments, and who tells its
// customers.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "carry/notices.h"
#include "cmd/json.h"
#include "site/outbox.h"
#include "site/shop.h"
#include "till/tables_in_use.h"

namespace cmd {

struct OnlineChoice {
  std::string outbox, outbox_from = "orders@localhost";
  std::int64_t erase_after_days = site::erase_after_days_default;
  std::vector<std::string> ages;  // "wine=18": beside what the tables say, the higher counts
};

// In the order in which they may go.
struct OnlineShop {
  std::unique_ptr<site::SimulatedPayments> payments;
  std::unique_ptr<site::NoticeCarrier> carrier;
  std::unique_ptr<site::Shop> shop;
  std::unique_ptr<site::Outbox> outbox;
};

// Says on standard error that payments are simulated, and that VAT is not known where there are no
// tables. All must outlive it. Errors: usage, those of what it starts.
base::Result<OnlineShop> start_shop(const OnlineChoice& choice,
                                    std::shared_ptr<till::TablesInUse> tables,
                                    const site::CoreOptions& options, site::Core& core,
                                    std::function<void(const Json&)> log);

}  // namespace cmd
