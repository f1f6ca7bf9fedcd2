#include "site/cut_off_keeper.h"

#include <fmt/core.h>

#include "nightly/schedule.h"
#include "site/cut_offs.h"
#include "site/set_up.h"
#include "trade/cut_off.h"

namespace site {
namespace {

using base::Date;
using base::Result;

// How far from their delivery orders are looked for in the calendars.
constexpr int order_days_max = 14;

// The day at whose close the estate orders the delivery of a key; nothing where its calendars do
// not say.
class OrderDays {
 public:
  OrderDays(const estate::Estate& estate, std::uint32_t site, Date day)
      : site_(site), schedule_(nightly::Schedule::build(estate, day)) {
    for (std::uint32_t i = 0; i < estate.sites.size(); ++i)
      if (const auto code = code_of(estate, i)) site_of_[*code] = i;
  }

  std::optional<Date> of(const trade::OrderKey& key) const {
    nightly::Source source;
    if (const auto depot = site_of_.find(key.depot); depot != site_of_.end())
      source.site = depot->second;
    const Date delivery = trade::to_date(key.delivery);
    std::optional<Date> found;
    const auto drops = schedule_.drops(site_, static_cast<estate::Chain>(key.chain), source,
                                       delivery - order_days_max, delivery);
    for (const nightly::Drop& drop : drops)
      if (drop.on_shelf == delivery && drop.drop == key.drop) found = drop.order_date;
    return found;
  }

 private:
  const std::uint32_t site_;
  const nightly::Schedule schedule_;
  std::map<trade::SiteCode, std::uint32_t> site_of_;
};

// What is left to be placed of an order whose cut-off has passed.
struct Left {
  OrderName order;
  std::vector<trade::Body> bodies;
  bool is_past = false;  // its delivery is: only a person can say what becomes of it
};

// A change of what was placed before, for a delivery that the clock has passed, is left to whoever
// made it.
bool is_left_alone(const trade::OrderKey& key, const trade::Partition& own, std::int64_t now_ms) {
  const auto order = own.orders.find(key);
  return order != own.orders.end() && order->second.counter != 0 &&
         trade::lies_behind(key.delivery, now_ms);
}

std::vector<Left> left_of(std::span<const OrderName> orders, const trade::Partition& own,
                          std::int64_t now_ms) {
  std::vector<Left> left;
  for (const OrderName& order : orders) {
    const auto* key = std::get_if<trade::OrderKey>(&order);
    if (key != nullptr && is_left_alone(*key, own, now_ms)) continue;
    const bool is_past = key != nullptr && key->delivery < own.day;
    if (auto bodies = placing(own, order); !bodies.empty())
      left.push_back({order, std::move(bodies), is_past});
  }
  return left;
}

std::string why_of(const NotDone& why) {
  const auto* no = std::get_if<trade::No>(&why.why);
  if (no != nullptr) return std::string(row_of(no->why).name);
  return std::get<Trouble>(why.why) == Trouble::not_written ? "not_written" : "read_only";
}

}  // namespace

Result<> CutOffKeeper::remember(const estate::Estate& estate, std::uint32_t site, Date day,
                                std::span<const UntilCutOff<ProposedOrder>> tonight) {
  trade::Book book;
  const trade::Partition& own = *book.find(TRY(talk_.copy_own(book)));
  for (const auto& planned : tonight) rows_[planned.order.key].cut_off_ms = planned.cut_off_ms;
  const OrderDays order_days(estate, site, day);
  const auto learn = [&](const trade::OrderKey& key) {
    if (rows_.contains(key)) return;
    const Date ordered_on = order_days.of(key).value_or(day);
    rows_[key].cut_off_ms = local_ms(ordered_on, cut_off_minute(estate, site, key, ordered_on));
  };
  for (const auto& [key, proposal] : own.proposals) learn(key);
  for (const auto& [key, order] : own.orders) learn(key);
  for (const auto& [counter, inbound] : own.inbounds) {
    const int minute = supplier_cut_off_minute(estate, site, inbound.supplier.view(), day);
    rows_.try_emplace(counter, Row{local_ms(day, minute), {}, 0});
  }
  std::erase_if(rows_, [&](const auto& row) {
    if (const auto* counter = std::get_if<std::uint32_t>(&row.first))
      return !own.inbounds.contains(*counter);
    const auto& key = std::get<trade::OrderKey>(row.first);
    return !own.proposals.contains(key) && !own.orders.contains(key);
  });
  std::erase_if(notes_.not_placed, [&](const auto& note) { return !rows_.contains(note.first); });
  tell_core();
  return {};
}

Result<> CutOffKeeper::keep() {
  const std::int64_t now = clock_.wall_ms();
  std::vector<OrderName> passed;
  for (const auto& [order, row] : rows_)
    if (row.cut_off_ms <= now) passed.push_back(order);
  if (passed.empty()) return {};
  auto left = TRY(talk_.ask([&](const View& view) { return left_of(passed, view.own, now); }));
  for (auto& [order, bodies, is_past] : left) {
    Row& row = rows_.at(order);
    if (row.again_ms > now && bodies == row.tried) continue;
    if (is_past)
      set_apart(order, row, std::move(bodies), NotDone{trade::No{trade::Refusal::date_past}, {}});
    else
      TRY(place(order, row, std::move(bodies)));
  }
  return {};
}

Result<> CutOffKeeper::place(const OrderName& order, Row& row, std::vector<trade::Body> bodies) {
  for (const trade::Body& body : bodies) {
    const Carried done = TRY(talk_.carry_out(body));
    if (done) continue;
    set_apart(order, row, std::move(bodies), done.error());
    return {};
  }
  row.tried.clear();
  if (notes_.not_placed.erase(order) > 0) tell_core();
  return {};
}

// Nobody asked for what happens at its hour, so it is kept for whoever looks.
void CutOffKeeper::set_apart(const OrderName& order, Row& row, std::vector<trade::Body> tried,
                             const NotDone& why) {
  row.tried = std::move(tried);
  row.again_ms = clock_.wall_ms() + place_again_ms;
  const NotPlaced note{why_of(why), words_of(why), clock_.wall_ms()};
  if (notes_.not_placed.insert_or_assign(order, note).second)
    fmt::print(stderr, "at the cut-off an order was refused, and waits for a person: {}\n",
               note.words);
  tell_core();
}

void CutOffKeeper::tell_core() {
  notes_.cut_offs.clear();
  for (const auto& [order, row] : rows_)
    if (const auto* key = std::get_if<trade::OrderKey>(&order))
      notes_.cut_offs[*key] = row.cut_off_ms;
  core_.note_orders(notes_);
}

}  // namespace site
