#include "trade/rules.h"

namespace trade {
namespace {

template <class E>
constexpr std::uint8_t bits(std::initializer_list<E> values) {
  std::uint8_t made = 0;
  for (const E value : values)
    made |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(value));
  return made;
}

template <class E>
constexpr bool holds(std::uint8_t set, E value) {
  return (set >> static_cast<unsigned>(value) & 1u) != 0;
}

using enum SiteKind;
constexpr std::uint8_t every_site = bits({store, SiteKind::depot, centre, online, till});
constexpr std::uint8_t with_shelves = bits({store, SiteKind::depot, online});
constexpr std::uint8_t centres = bits({centre});
constexpr std::uint8_t with_documents = with_shelves | centres;
constexpr std::uint8_t shops = bits({store, online, till});
constexpr std::uint8_t stores = bits({store});
constexpr std::uint8_t depots = bits({SiteKind::depot});
constexpr std::uint8_t card_owners = bits({store, centre, online});
constexpr std::uint8_t drawers = bits({store, till});
constexpr std::uint8_t online_sites = bits({online});

constexpr std::uint8_t managers = bits({Role::manager});
constexpr std::uint8_t by_itself = bits({Role::site});
constexpr std::uint8_t floor_staff = bits({Role::colleague, Role::manager, Role::depot});
constexpr std::uint8_t depot_staff = bits({Role::depot, Role::manager});
constexpr std::uint8_t tills = bits({Role::colleague, Role::manager, Role::device});
constexpr std::uint8_t planners = bits({Role::planner, Role::manager, Role::site});
constexpr std::uint8_t incidents = bits({Role::incident, Role::manager});
constexpr std::uint8_t set_up = managers | by_itself;

constexpr auto verbs = std::to_array<VerbRow>({
    {Verb::open_site, Capability::setting_up, set_up, every_site},
    {Verb::switch_capability, Capability::setting_up, bits({Role::incident}), every_site},
    {Verb::open_line, Capability::setting_up, set_up, every_site},
    {Verb::change_line, Capability::setting_up, set_up, every_site},
    {Verb::set_price, Capability::pricing, set_up, every_site},
    {Verb::open_day, Capability::trading_day, floor_staff | by_itself, every_site},
    {Verb::close_day, Capability::trading_day, floor_staff | by_itself, every_site},
    {Verb::bring_in, Capability::setting_up, set_up, with_shelves},
    {Verb::sell, Capability::selling, tills, shops},
    {Verb::take_back, Capability::returns, tills, shops},
    {Verb::waste, Capability::wasting, floor_staff, with_shelves},
    {Verb::set_apart, Capability::stopping, floor_staff, with_shelves},
    {Verb::return_to_supplier, Capability::supplying, floor_staff, with_shelves},
    {Verb::settle, Capability::fulfilling, bits({Role::manager, Role::depot}), with_shelves},
    {Verb::count, Capability::counting, floor_staff, with_shelves},
    {Verb::correct_lot, Capability::counting, floor_staff, with_shelves},
    {Verb::receive, Capability::receiving, floor_staff, with_shelves},
    {Verb::send, Capability::transferring, floor_staff, with_shelves},
    {Verb::close_sent, Capability::transferring, floor_staff, with_shelves},
    {Verb::reduce, Capability::pricing, floor_staff, stores},
    {Verb::stop, Capability::stopping, incidents, every_site},
    {Verb::lift_stop, Capability::stopping, incidents, every_site},
    {Verb::pull, Capability::stopping, floor_staff, with_shelves},
    {Verb::propose, Capability::ordering, planners, bits({store, SiteKind::depot, centre})},
    {Verb::order, Capability::ordering, tills | by_itself, stores},
    {Verb::open_wave, Capability::fulfilling, depot_staff | by_itself, depots},
    {Verb::acknowledge, Capability::fulfilling, depot_staff | by_itself, depots},
    {Verb::allocate, Capability::fulfilling, planners, depots},
    {Verb::pick, Capability::fulfilling, depot_staff | by_itself, depots},
    {Verb::dispatch, Capability::fulfilling, depot_staff, depots},
    {Verb::expect, Capability::supplying,
     bits({Role::manager, Role::depot, Role::planner, Role::site}), with_shelves},
    {Verb::enrol, Capability::enrolling, incidents | by_itself, every_site},
    {Verb::end_enrolment, Capability::setting_up, incidents | by_itself, every_site},
    {Verb::note_security, Capability::setting_up, by_itself, every_site},
    {Verb::change, Capability::ordering, tills, stores},
    {Verb::skip, Capability::ordering, tills, stores},
    {Verb::hear, Capability::setting_up, by_itself, every_site},
    {Verb::tell, Capability::fulfilling, depot_staff, depots},
    {Verb::assume, Capability::fulfilling, by_itself, depots},
    {Verb::tell_night, Capability::ordering, by_itself, centres},
    {Verb::continue_site, Capability::setting_up, by_itself, with_documents},
    {Verb::activate_card, Capability::gift_cards, tills | by_itself, card_owners},
    {Verb::credit_card, Capability::gift_cards, tills | by_itself, card_owners},
    {Verb::move_card, Capability::stopping, incidents, card_owners},
    {Verb::hold_card, Capability::gift_cards, tills | by_itself, card_owners},
    {Verb::settle_hold, Capability::reconciling, tills | by_itself, card_owners},
    {Verb::hand_over, Capability::reconciling, managers | by_itself, shops},
    {Verb::refund_elsewhere, Capability::returns, tills, shops},
    {Verb::book_notice, Capability::reconciling, by_itself, shops | centres},
    {Verb::refund_payment, Capability::returns, tills | by_itself, shops},
    {Verb::move_payment, Capability::reconciling, tills | by_itself, shops},
    {Verb::move_drawer, Capability::selling, tills, drawers},
    {Verb::hear_till, Capability::setting_up, by_itself, stores},
    {Verb::allot, Capability::online_orders, set_up, stores},
    {Verb::take_allotment, Capability::online_orders, set_up, online_sites},
    {Verb::open_slot, Capability::online_orders, set_up, online_sites},
    {Verb::check_out, Capability::online_orders, by_itself, online_sites},
    {Verb::serve_online, Capability::online_orders, tills | by_itself, online_sites},
    {Verb::handle_parcel, Capability::parcels, tills | by_itself, stores},
    {Verb::set_limits, Capability::setting_up, bits({Role::incident, Role::site}), every_site},
});

using enum Place;
constexpr bool enough = true, fact = false, held_back = true, free_to_go = false;

constexpr auto causes = std::to_array<CauseRow>({
    {Cause::opening, opening, on_hand, fact, free_to_go, Verb::bring_in},
    {Cause::sale, on_hand, customer, fact, held_back, Verb::sell},
    {Cause::returned_to_shelf, customer, on_hand, fact, free_to_go, Verb::take_back},
    {Cause::returned_to_quarantine, customer, quarantine, fact, free_to_go, Verb::take_back},
    {Cause::returned_to_waste, customer, waste, fact, free_to_go, Verb::take_back},
    {Cause::waste, on_hand, waste, enough, free_to_go, Verb::waste},
    {Cause::waste_of_quarantine, quarantine, waste, enough, free_to_go, Verb::waste},
    {Cause::quarantine, on_hand, quarantine, enough, free_to_go, Verb::set_apart},
    {Cause::release, quarantine, on_hand, enough, free_to_go, Verb::set_apart},
    {Cause::returned_to_supplier, quarantine, supplier, enough, free_to_go,
     Verb::return_to_supplier},
    {Cause::dispute_found, disputed, on_hand, fact, free_to_go, Verb::settle},
    {Cause::dispute_lost, disputed, waste, fact, free_to_go, Verb::settle},
    {Cause::dispute_granted, on_hand, disputed, enough, free_to_go, Verb::settle},
    {Cause::counted_more, unexplained, on_hand, fact, free_to_go, {}},
    {Cause::counted_fewer, on_hand, unexplained, fact, free_to_go, {}},
    {Cause::supplied, supplier, on_hand, fact, free_to_go, {}},
    {Cause::supplied_to_quarantine, supplier, quarantine, fact, free_to_go, {}},
    {Cause::supplied_damaged, supplier, waste, fact, free_to_go, {}},
    {Cause::arrived, vehicle, on_hand, fact, free_to_go, {}},
    {Cause::arrived_to_quarantine, vehicle, quarantine, fact, free_to_go, {}},
    {Cause::arrived_damaged, vehicle, waste, fact, free_to_go, {}},
    {Cause::arrived_short, vehicle, disputed, fact, free_to_go, {}},
    {Cause::arrived_over, disputed, vehicle, fact, free_to_go, {}},
    {Cause::sent, on_hand, vehicle, enough, held_back, {}},
    {Cause::picked, on_hand, dock, enough, held_back, {}},
    {Cause::put_back, dock, on_hand, fact, free_to_go, {}},
    {Cause::dispatched, dock, vehicle, fact, held_back, {}},
    {Cause::packed, on_hand, parcel, enough, held_back, {}},
    {Cause::handed_over, parcel, customer, fact, held_back, {}},
    {Cause::unpacked, parcel, on_hand, fact, free_to_go, {}},
    {Cause::parcel_wasted, parcel, waste, fact, free_to_go, {}},
});

template <class Table>
constexpr bool in_order(const Table& table, std::size_t count, auto key) {
  if (table.size() != count) return false;
  for (std::size_t i = 0; i < count; ++i)
    if (static_cast<std::size_t>(key(table[i])) != i) return false;
  return true;
}
static_assert(in_order(verbs, count_of<Verb>, [](const VerbRow& row) { return row.verb; }));
static_assert(in_order(causes, count_of<Cause>, [](const CauseRow& row) { return row.cause; }));

}  // namespace

const VerbRow& row_of(Verb verb) { return verbs[static_cast<std::size_t>(verb)]; }
const CauseRow& row_of(Cause cause) { return causes[static_cast<std::size_t>(cause)]; }

Verdict permits(SiteKind kind, Role role, Verb verb) {
  if (!holds(row_of(verb).kinds, kind)) return no(Refusal::kind_not_allowed);
  if (!holds(row_of(verb).roles, role)) return no(Refusal::role_not_allowed);
  return {};
}

}  // namespace trade
