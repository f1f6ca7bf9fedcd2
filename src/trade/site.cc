// The site itself: its lines, prices, trading days and capabilities.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

Verdict check_terms(const Terms& terms, LineNo line) {
  if (!within(terms.case_units, 1, row_units_max)) return no(Refusal::value_out_of_range, line);
  return {};
}

Verdict check_price(Pence pence, LineNo line) {
  if (!within(pence, 0, row_pence_max)) return no(Refusal::value_out_of_range, line);
  return {};
}

bool names_product(const Partition& partition, const ProductId& product) {
  return std::any_of(partition.stops.begin(), partition.stops.end(),
                     [&](const auto& row) { return row.second.product == product; });
}

// Prices whose last day has passed go; a regular price that has begun moves into its column.
void settle_prices(Partition& partition) {
  auto& prices = partition.prices;
  for (auto row = prices.begin(); row != prices.end();) {
    const PriceKey& key = row->first;
    const bool is_past = key.to.given() && key.to < partition.day;
    const bool is_regular_now = !key.to.given() && key.from <= partition.day;
    if (is_regular_now) partition.goods.set_price(key.line, row->second);
    row = is_past || is_regular_now ? prices.erase(row) : std::next(row);
  }
}

}  // namespace

Verdict fits(const Partition&, const CapabilitySwitched& switched) {
  // A site that could not set up could never be opened again.
  if (switched.capability == Capability::setting_up) return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const CapabilitySwitched& switched) {
  partition.modes[static_cast<std::size_t>(switched.capability)] = switched.mode;
}

Verdict fits(const Partition& partition, const LineOpened& opened) {
  const LineNo line{partition.goods.line_count()};
  if (!opened.product.given() || index(line) >= lines_max)
    return no(Refusal::value_out_of_range, line);
  if (const auto existing = partition.goods.find(opened.product))
    return no(Refusal::line_exists, *existing);
  TRY(check_terms(opened.terms, line));
  return check_price(opened.price_pence, line);
}

void apply(Partition& partition, const LineOpened& opened) {
  const LineNo line = partition.goods.open(opened);
  partition.stock.add_line();
  partition.goods.set_stopped(line, names_product(partition, opened.product));
}

Verdict fits(const Partition& partition, const LineChanged& changed) {
  TRY(check_line(partition, changed.line));
  return check_terms(changed.terms, changed.line);
}

void apply(Partition& partition, const LineChanged& changed) { partition.goods.change(changed); }

Verdict fits(const Partition& partition, const PriceSet& set) {
  TRY(check_line(partition, set.line));
  TRY(check_price(set.pence, set.line));
  if (!set.to.given()) return {};
  if (!set.from.given() || set.to < set.from) return no(Refusal::value_out_of_range, set.line);
  if (set.to < partition.day) return no(Refusal::date_past, set.line);
  return {};
}

void apply(Partition& partition, const PriceSet& set) {
  if (!set.to.given() && set.from <= partition.day)
    partition.goods.set_price(set.line, set.pence);
  else
    partition.prices[{set.line, set.to, set.from}] = set.pence;
}

Verdict fits(const Partition& partition, const DayOpened& opened) {
  if (partition.day_is_open) return no(Refusal::day_open);
  if (opened.day < partition.day) return no(Refusal::date_past);
  if (!opened.day.given()) return no(Refusal::value_out_of_range);
  return {};
}

// The site's own process takes its days from the clock that this would compare them with.
Verdict complete(const Decision& decision, DayOpened& opened) {
  constexpr std::int64_t day_ms = 86'400'000;
  const Day last = decision.site.day;
  if (last.given() && opened.day.days > last.days + day_step_max) return no(Refusal::date_too_far);
  if (decision.command.role == Role::site) return {};
  std::int64_t from = decision.command.at_ms / day_ms - day_epoch;
  if (last.days > from + days_ahead_max) from = last.days;
  if (opened.day.days > from + days_ahead_max) return no(Refusal::date_too_far);
  return {};
}

void apply(Partition& partition, const DayOpened& opened) {
  partition.day = opened.day;
  partition.day_is_open = true;
  settle_prices(partition);
  std::erase_if(partition.reductions,
                [&](const auto& row) { return row.second.expiry < opened.day; });
  forget_old_documents(partition);
  forget_old_online(partition);
}

Verdict fits(const Partition& partition, const DayClosed&) {
  if (!partition.day_is_open) return no(Refusal::day_not_open);
  return {};
}

void apply(Partition& partition, const DayClosed&) { partition.day_is_open = false; }

Verdict fits(const Partition& partition, const Heard& heard) {
  const bool is_other =
      heard.peer != partition.site.code && static_cast<std::uint16_t>(heard.peer) <= site_code_max;
  if (!is_other || heard.epoch == 0 || !heard.root.given()) return no(Refusal::value_out_of_range);
  const auto before = partition.heard.find(heard.peer);
  const auto known = before == partition.heard.end()
                         ? std::pair<std::uint16_t, std::uint64_t>{}
                         : std::pair(before->second.epoch, before->second.size);
  if (heard.size == 0 || std::pair(heard.epoch, heard.size) <= known)
    return no(Refusal::number_not_next);
  return {};
}

void apply(Partition& partition, const Heard& heard) {
  partition.heard[heard.peer] = {heard.epoch, heard.size, heard.root};
}

}  // namespace trade
