#include "site/open_orders.h"

#include <algorithm>

namespace site {
namespace {

std::vector<trade::Body> placing_of(const trade::Partition& own, const trade::OrderKey& key) {
  const auto order = own.orders.find(key);
  const auto proposal = own.proposals.find(key);
  const bool is_confirmed =
      order != own.orders.end() && order->second.state == trade::OrderState::confirmed;
  if (is_confirmed) return {trade::OrderPlaced{key, 0, {}}};
  const bool is_open = order == own.orders.end() && proposal != own.proposals.end() &&
                       proposal->second.state == trade::ProposalState::proposed &&
                       !proposal->second.rows.empty();
  if (!is_open) return {};
  return {trade::OrderConfirmed{key, proposal->second.rows}, trade::OrderPlaced{key, 0, {}}};
}

std::vector<trade::Body> placing_of(const trade::Partition& own, std::uint32_t counter) {
  const auto inbound = own.inbounds.find(counter);
  const bool is_open =
      inbound != own.inbounds.end() && inbound->second.state == trade::InboundState::proposed;
  if (!is_open) return {};
  return {trade::InboundMoved{counter, trade::InboundVerb::place, {}}};
}

}  // namespace

std::vector<trade::Body> placing(const trade::Partition& own, const OrderName& order) {
  return std::visit([&](const auto& which) { return placing_of(own, which); }, order);
}

const NotPlaced* waits_for_a_person(const trade::Partition& own, const OrderNotes& notes,
                                    const OrderName& order) {
  const auto note = notes.not_placed.find(order);
  return note == notes.not_placed.end() || placing(own, order).empty() ? nullptr : &note->second;
}

std::size_t count_waiting(const trade::Partition& own, const OrderNotes& notes) {
  return static_cast<std::size_t>(std::ranges::count_if(
      notes.not_placed, [&](const auto& note) { return !placing(own, note.first).empty(); }));
}

}  // namespace site
