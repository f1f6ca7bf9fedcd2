#include "trade/events.h"

#include "trade/codec.h"

namespace trade {
namespace {

struct KindRow {
  std::string_view name;
  std::optional<Verb> verb;
};

constexpr auto kinds = std::to_array<KindRow>({
    {"site_opened", Verb::open_site},
    {"capability_switched", Verb::switch_capability},
    {"line_opened", Verb::open_line},
    {"line_changed", Verb::change_line},
    {"price_set", Verb::set_price},
    {"day_opened", Verb::open_day},
    {"day_closed", Verb::close_day},
    {"goods_moved", {}},
    {"goods_counted", Verb::count},
    {"lot_corrected", Verb::correct_lot},
    {"goods_received", Verb::receive},
    {"goods_sent", Verb::send},
    {"sent_closed", Verb::close_sent},
    {"price_reduced", Verb::reduce},
    {"stop_set", Verb::stop},
    {"stop_lifted", Verb::lift_stop},
    {"stop_pulled", Verb::pull},
    {"order_proposed", Verb::propose},
    {"proposal_withdrawn", Verb::propose},
    {"order_confirmed", Verb::order},
    {"order_placed", Verb::order},
    {"order_moved", Verb::order},
    {"wave_opened", Verb::open_wave},
    {"wave_closed", Verb::open_wave},
    {"order_acknowledged", Verb::acknowledge},
    {"order_allocated", Verb::allocate},
    {"fulfilment_moved", Verb::pick},
    {"order_picked", Verb::pick},
    {"order_dispatched", Verb::dispatch},
    {"inbound_expected", Verb::expect},
    {"inbound_moved", Verb::expect},
    {"person_enrolled", Verb::enrol},
    {"device_enrolled", Verb::enrol},
    {"enrolment_ended", Verb::end_enrolment},
    {"security_noted", Verb::note_security},
    {"proposal_changed", Verb::change},
    {"proposal_skipped", Verb::skip},
    {"inbound_proposed", Verb::propose},
    {"heard", Verb::hear},
    {"order_told", Verb::tell},
    {"order_assumed", Verb::assume},
    {"order_refused", Verb::assume},
    {"night_told", Verb::tell_night},
    {"site_continued", Verb::continue_site},
    {"sale_made", Verb::sell},
    {"refund_made", Verb::take_back},
    {"card_activated", Verb::activate_card},
    {"card_credited", Verb::credit_card},
    {"card_moved", Verb::move_card},
    {"hold_taken", Verb::hold_card},
    {"hold_captured", Verb::settle_hold},
    {"hold_ended", Verb::settle_hold},
    {"pending_handed_over", Verb::hand_over},
    {"exposure_refunded", Verb::refund_elsewhere},
    {"notice_booked", Verb::book_notice},
    {"payment_posted", Verb::refund_payment},
    {"payment_moved", Verb::move_payment},
    {"drawer_moved", Verb::move_drawer},
    {"till_heard", Verb::hear_till},
    {"stock_allotted", Verb::allot},
    {"allotment_taken", Verb::take_allotment},
    {"allotment_returned", Verb::take_allotment},
    {"allotment_ended", Verb::allot},
    {"slot_opened", Verb::open_slot},
    {"online_ordered", Verb::check_out},
    {"online_moved", Verb::serve_online},
    {"online_picked", Verb::serve_online},
    {"online_refunded", Verb::serve_online},
    {"parcel_expected", Verb::handle_parcel},
    {"parcel_packed", Verb::handle_parcel},
    {"parcel_moved", Verb::handle_parcel},
    {"parcel_handed", Verb::handle_parcel},
    {"parcel_food", Verb::handle_parcel},
    {"limits_set", Verb::set_limits},
});
static_assert(kinds.size() == std::variant_size_v<Body>);

}  // namespace

std::optional<Verb> verb_of(const Body& body) {
  if (const auto* moved = std::get_if<GoodsMoved>(&body)) return row_of(moved->cause).by_hand;
  return kinds[body.index()].verb;
}

std::string_view kind_name(const Body& body) { return kinds[body.index()].name; }

std::string encode(const Event& event) {
  std::string bytes;
  Writer(bytes).value(event);
  return bytes;
}

std::expected<Event, No> decode(std::string_view bytes) {
  Event event;
  Reader reader(bytes);
  reader.value(event);
  if (!reader.at_end()) return no(Refusal::bytes_bad);
  return event;
}

}  // namespace trade
