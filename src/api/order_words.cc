// What lies between the tables of several sites: orders as people see them, and goods on the way.
#include <algorithm>
#include <charconv>

#include "api/json_write.h"
#include "api/queries.h"

namespace api {
namespace {

template <class Table>
auto state_in(const Table& table, const trade::OrderKey& key) {
  const auto row = table.find(key);
  return row == table.end() ? decltype(row->second.state){} : row->second.state;
}

std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

template <class T>
T take_number(std::string_view& rest) {
  const std::string_view word = take_word(rest);
  T value{};
  (void)std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

// The units of a line in rows that stand in the order of their lines.
template <class Rows, class Units>
std::int64_t units_of(const Rows& rows, trade::LineNo line, Units&& units) {
  std::int64_t sum = 0;
  const auto of_line =
      std::ranges::equal_range(rows, line, {}, [](const auto& row) { return row.line; });
  for (const auto& row : of_line) sum += units(row);
  return sum;
}

bool is_open(trade::OrderState state) {
  return state == trade::OrderState::placed || state == trade::OrderState::received;
}

}  // namespace

std::string to_string(const trade::OrderKey& key) {
  return fmt::format("{:04}.{:04}.{}.{}.{}", static_cast<std::uint16_t>(key.store),
                     static_cast<std::uint16_t>(key.depot),
                     base::to_string(trade::to_date(key.delivery)), key.drop,
                     trade::text_of(key.chain));
}

std::optional<trade::OrderKey> parse_order_key(std::string_view text) {
  std::string_view rest = text;
  trade::OrderKey key;
  key.store = trade::SiteCode{take_number<std::uint16_t>(rest)};
  key.depot = trade::SiteCode{take_number<std::uint16_t>(rest)};
  const auto delivery = base::parse_date(take_word(rest));
  if (!delivery || delivery->days <= trade::day_epoch ||
      delivery->days > trade::day_epoch + trade::day_max.days)
    return std::nullopt;
  key.delivery = trade::to_day(*delivery);
  key.drop = take_number<std::uint8_t>(rest);
  const auto chain = trade::parse_word<trade::Chain>(rest);
  if (!chain) return std::nullopt;
  key.chain = *chain;
  // Whatever the parts were, there is one way to write a key.
  if (to_string(key) != text) return std::nullopt;
  return key;
}

trade::Seen seen_of(const site::View& view, const trade::OrderKey& key) {
  trade::ProposalState proposal{};
  for (const auto& [code, partition] : view.book.partitions())
    if (proposal == trade::ProposalState::none) proposal = state_in(partition.proposals, key);
  const trade::Partition* store = view.book.find(key.store);
  const trade::Partition* depot = view.book.find(key.depot);
  return trade::seen(
      proposal, store != nullptr ? state_in(store->orders, key) : trade::OrderState{},
      depot != nullptr ? state_in(depot->fulfilments, key) : trade::FulfilmentState{});
}

std::vector<Advice> advices_of(const site::View& view) {
  std::vector<Advice> advices;
  const trade::SiteCode own = view.own.site.code;
  const auto add = [&](const trade::Partition& sender, std::uint32_t counter,
                       const trade::OrderKey* order, const std::vector<trade::CargoRow>& rows) {
    const trade::DocumentNumber number = sender.number(counter);
    if (!view.own.received.contains(number)) advices.push_back({number, &sender, order, &rows});
  };
  for (const auto& [code, sender] : view.book.partitions()) {
    if (code == own) continue;
    for (const auto& [counter, sent] : sender.sent)
      if (sent.to == own) add(sender, counter, nullptr, sent.rows);
    const auto first = sender.fulfilments.lower_bound(trade::OrderKey{own, {}, {}, 0, {}});
    for (auto row = first; row != sender.fulfilments.end() && row->first.store == own; ++row)
      if (row->second.state == trade::FulfilmentState::dispatched)
        add(sender, row->second.advice, &row->first, row->second.cargo);
  }
  std::ranges::sort(advices, {}, &Advice::number);
  return advices;
}

Coming coming_of(const site::View& view, trade::LineNo line) {
  Coming coming;
  const trade::ProductId& product = view.own.goods.product(line);
  const auto advices = advices_of(view);
  for (const auto& [key, order] : view.own.orders)
    if (is_open(order.state) && std::ranges::none_of(advices, [&](const Advice& advice) {
          return advice.order != nullptr && *advice.order == key;
        }))
      coming.on_order_units += units_of(order.rows, line, [](const trade::OrderedRow& row) {
        return std::max<std::int64_t>(0, std::int64_t{row.ordered} - row.received);
      });
  for (const Advice& advice : advices)
    if (const auto theirs = advice.sender->goods.find(product))
      coming.in_transit_units +=
          units_of(*advice.rows, *theirs, [](const trade::CargoRow& row) { return row.units; });
  return coming;
}

}  // namespace api
