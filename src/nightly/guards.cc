#include "nightly/guards.h"

#include <algorithm>

#include "nightly/guard_range.h"

namespace nightly {
namespace {

using base::Result;
using estate::Estate;

// What a carried state saw, in the estate's indexes.
std::vector<SeenSale> seen_by(const SavedState& saved, const Estate& estate,
                              const Disbelieved& disbelieved) {
  std::vector<std::uint32_t> site_at, product_at;
  for (const std::string& id : saved.sites) site_at.push_back(estate::find_site(estate, id));
  for (const std::string& id : saved.products)
    product_at.push_back(estate::find_product(estate, id));
  std::vector<SeenSale> seen;
  for (std::size_t line = 0; line < saved.line_site.size(); ++line) {
    const std::uint32_t site = site_at[saved.line_site[line]];
    const std::uint32_t product = product_at[saved.line_product[line]];
    if (site == estate::none || product == estate::none) continue;
    for (int k = 0; k < planner::raw_periods; ++k) {
      const std::int32_t period = saved.state.origin - planner::raw_periods + 1 + k;
      const planner::Observation raw = saved.state.raw[saved.state.raw_index(line, period)];
      const bool row = raw.units > 0 || raw.seen == planner::Seen::censored;
      if (raw.seen == planner::Seen::unknown || !row) continue;
      if (!disbelieved.holds(site, product, period)) continue;
      const std::uint8_t flags = raw.seen == planner::Seen::censored   ? estate::sale_empty_shelf
                                 : raw.seen == planner::Seen::promoted ? estate::sale_promotion
                                                                       : std::uint8_t{0};
      seen.push_back({site, product, period, raw.units, flags});
    }
  }
  return seen;
}

}  // namespace

bool Guards::accepted(std::uint64_t print) const {
  const auto at = std::lower_bound(
      accepted_.begin(), accepted_.end(), print,
      [](const RunMemory::Accepted& a, std::uint64_t wanted) { return a.print < wanted; });
  return at != accepted_.end() && at->print == print;
}

// Takes out of `found` what was or is let pass; the rest waits for a decision.
void Guards::settle(const Estate& estate, std::vector<Cause> found) {
  for (Cause& cause : found) {
    if (!accepted_.empty())
      std::erase_if(cause.suspects, [&](const Suspect& suspect) {
        return accepted(fingerprint(estate, cause, suspect));
      });
    if (cause.suspects.empty()) continue;
    HeldRow row = held_row(estate, cause);
    const auto release =
        std::find_if(releases_.begin(), releases_.end(),
                     [&](const Release& candidate) { return candidate.id == row.id; });
    if (release == releases_.end()) {
      causes_.push_back(std::move(cause));
      rows_.push_back(std::move(row));
      continue;
    }
    for (const Suspect& suspect : cause.suspects)
      accepted_.push_back({fingerprint(estate, cause, suspect), as_of_});
    std::sort(accepted_.begin(), accepted_.end());
    const bool dated = release->decided_at != base::date_min;
    decisions_.push_back({row.id, release->name, dated ? release->decided_at : as_of_});
  }
}

// Each guard looks at what the ones before it believe, so that no poison excuses another.
void Guards::judge(Estate& estate, std::vector<Cause> found) {
  const std::size_t settled = causes_.size();
  settle(estate, std::move(found));
  for (std::size_t i = settled; i < causes_.size(); ++i)
    if (causes_[i].believe) causes_[i].believe(estate, causes_[i].suspects);
}

Result<> Guards::inspect(Estate& estate, const std::optional<SavedState>& saved, int threads) {
  const planner::Period kind = period_kind(estate);
  as_of_ = date_of(kind, period_of(kind, as_of_) + 1) - 1;
  if (!folder_.empty()) memory_ = TRY(load_memory(disk_, folder_, estate, as_of_));
  if (memory_) {
    accepted_ = memory_->accepted;
    std::erase_if(accepted_, [&](const auto& a) { return a.on + accepted_days < as_of_; });
    decisions_ = memory_->decisions;
  }
  const SoldCounts* sold = memory_ ? &memory_->sold : nullptr;
  judge(estate, check_values(estate, memory_ ? &memory_->values : nullptr));
  judge(estate, check_range(estate, memory_ ? &memory_->range : nullptr, as_of_, threads));
  judge(estate, check_sales(estate, sold, as_of_, threads));
  judge(estate, check_stock(estate, as_of_));
  const Disbelieved disbelieved = disbelieved_sales(estate, causes_, sold);
  if (!disbelieved.empty())
    replace_sales(estate, disbelieved,
                  saved ? seen_by(*saved, estate, disbelieved) : std::vector<SeenSale>{});
  return {};
}

Result<> Guards::load_past(const Estate& estate) {
  if (past_) return {};
  past_ = folder_.empty() ? PastOrders{} : TRY(load_past_orders(disk_, folder_, estate, as_of_));
  return {};
}

Result<Night> Guards::order(const OrderRunInput& input, const Routes& routes,
                            const DepotStock& depots) {
  Night night = order_run(input, routes, depots);
  const PastOrders no_orders;
  // Sales alone decide who is looked at, so that a quiet night reads no old files.
  if (exploded(input, night.orders, OwnPast(input.columns, no_orders)).empty()) return night;
  TRY(load_past(input.estate));
  Cause cause{"order.high",
              "orders.units",
              "ten times all that the line had on this weekday in eight weeks",
              false,
              exploded(input, night.orders, OwnPast(input.columns, *past_)),
              {},
              true};
  const std::size_t causes = causes_.size();
  settle(input.estate, {cause});
  if (causes_.size() == causes) return night;
  std::vector<std::int32_t> units_max(input.columns.size(), 0);
  for (const Suspect& suspect : causes_.back().suspects) {
    const OrderLine& order = night.orders[suspect.row];
    units_max[order.line] =
        static_cast<std::int32_t>(std::max<std::int64_t>(suspect.was, order.multiple));
  }
  OrderRunInput capped = input;
  capped.units_max = units_max;
  return order_run(capped, routes, depots);
}

Result<> Guards::hold(const OrderRunInput& input, Night& night) {
  night.held = rows_;
  if (causes_.empty()) return {};
  TRY(load_past(input.estate));
  const auto reached = lines_reached(input.estate, input.columns, causes_, as_of_);
  nightly::hold(input, causes_, reached, OwnPast(input.columns, *past_), night);
  return {};
}

RunMemory Guards::memory(const Estate& estate, const Columns& columns, const Night& night,
                         int threads) const {
  RunMemory memory;
  memory.as_of = as_of_;
  memory.values = remember_values(estate);
  memory.sold = carried(count_sold(estate, as_of_, threads), memory_ ? &memory_->sold : nullptr);
  memory.accepted = accepted_;
  memory.decisions = decisions_;
  if (memory.decisions.size() > decisions_max)
    memory.decisions.erase(memory.decisions.begin(),
                           memory.decisions.end() - static_cast<std::ptrdiff_t>(decisions_max));
  for (const OrderLine& order : night.orders)
    if (order.units > 0)
      memory.ordered.push_back({columns.site[order.line], order.product, order.units});
  return memory;
}

std::vector<std::string> Guards::unused_releases() const {
  std::vector<std::string> unused;
  for (const Release& release : releases_) {
    const bool used = std::any_of(decisions_.begin(), decisions_.end(),
                                  [&](const auto& decision) { return decision.id == release.id; });
    if (!used) unused.push_back(release.id);
  }
  return unused;
}

}  // namespace nightly
