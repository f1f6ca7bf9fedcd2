#include "api/routes.h"

namespace api {
namespace {

using enum http::Method;
using enum Duty;

template <class Kind>
consteval Route command_of(http::Method method, std::string_view path, std::string_view word = {}) {
  return {method, path, command, Access::enrolled, {}, trade::Body(Kind{}).index(), word};
}
template <class Kind>
consteval Route posted(std::string_view path, std::string_view word = {}) {
  return command_of<Kind>(post, path, word);
}
consteval Route question(std::string_view path, Duty duty, std::string_view query = {}) {
  return {get, path, duty, Access::enrolled, query};
}
consteval Route open_to_all(http::Method method, std::string_view path, Duty duty) {
  return {method, path, duty, Access::anybody};
}
consteval Route at_till(http::Method method, std::string_view path, Duty duty) {
  return {method, path, duty, Access::person};
}
consteval Route page(std::string_view path, Duty duty, std::string_view query = {}) {
  return {get, path, duty, Access::page, query};
}

constexpr std::string_view paged = "limit after";

// The most frequent first: they are looked for in this order.
constexpr auto table = std::to_array<Route>({
    posted<trade::GoodsMoved>("/v1/sales", "sale"),
    posted<trade::GoodsMoved>("/v1/returns/shelf", "returned_to_shelf"),
    posted<trade::GoodsMoved>("/v1/returns/quarantine", "returned_to_quarantine"),
    posted<trade::GoodsMoved>("/v1/returns/waste", "returned_to_waste"),
    question("/v1/lines/{product}", get_line),
    posted<trade::GoodsMoved>("/v1/waste", "waste"),
    posted<trade::GoodsMoved>("/v1/waste/quarantine", "waste_of_quarantine"),
    posted<trade::GoodsMoved>("/v1/quarantine", "quarantine"),
    posted<trade::GoodsMoved>("/v1/quarantine/release", "release"),
    posted<trade::GoodsMoved>("/v1/supplier-returns", "returned_to_supplier"),
    posted<trade::GoodsMoved>("/v1/disputes/found", "dispute_found"),
    posted<trade::GoodsMoved>("/v1/disputes/lost", "dispute_lost"),
    posted<trade::GoodsMoved>("/v1/disputes/granted", "dispute_granted"),
    posted<trade::GoodsMoved>("/v1/opening-stock", "opening"),
    posted<trade::GoodsCounted>("/v1/counts"),
    posted<trade::LotCorrected>("/v1/lot-corrections"),
    posted<trade::GoodsReceived>("/v1/receipts"),
    posted<trade::GoodsSent>("/v1/transfers"),
    posted<trade::SentClosed>("/v1/transfers/{number}/close"),
    posted<trade::PriceReduced>("/v1/reductions"),
    posted<trade::StopSet>("/v1/stops"),
    posted<trade::StopLifted>("/v1/stops/{number}/lift"),
    posted<trade::StopPulled>("/v1/stops/{number}/pull"),
    posted<trade::DayOpened>("/v1/days"),
    posted<trade::DayClosed>("/v1/days/current/close"),
    posted<trade::LineOpened>("/v1/lines"),
    command_of<trade::LineChanged>(put, "/v1/lines/{product}"),
    posted<trade::PriceSet>("/v1/prices"),
    posted<trade::OrderProposed>("/v1/proposals"),
    posted<trade::ProposalWithdrawn>("/v1/proposals/withdraw"),
    posted<trade::ProposalChanged>("/v1/proposals/change"),
    posted<trade::ProposalSkipped>("/v1/proposals/skip"),
    posted<trade::OrderConfirmed>("/v1/orders"),
    posted<trade::OrderPlaced>("/v1/orders/place"),
    posted<trade::OrderMoved>("/v1/orders/close", "close"),
    posted<trade::OrderMoved>("/v1/orders/cancel", "cancel"),
    posted<trade::WaveOpened>("/v1/waves"),
    posted<trade::WaveClosed>("/v1/waves/{number}/close"),
    posted<trade::OrderAcknowledged>("/v1/fulfilments"),
    posted<trade::OrderAllocated>("/v1/fulfilments/allocate"),
    posted<trade::FulfilmentMoved>("/v1/fulfilments/release", "release"),
    posted<trade::OrderPicked>("/v1/fulfilments/pick"),
    posted<trade::FulfilmentMoved>("/v1/fulfilments/put-back", "put_back"),
    posted<trade::OrderDispatched>("/v1/fulfilments/dispatch"),
    posted<trade::FulfilmentMoved>("/v1/fulfilments/close", "close"),
    posted<trade::FulfilmentMoved>("/v1/fulfilments/cancel", "cancel"),
    posted<trade::InboundExpected>("/v1/inbound"),
    posted<trade::InboundProposed>("/v1/inbound/proposals"),
    posted<trade::InboundMoved>("/v1/inbound/{number}/place", "place"),
    posted<trade::InboundMoved>("/v1/inbound/{number}/withdraw", "withdraw"),
    posted<trade::InboundMoved>("/v1/inbound/{number}/stop", "stop"),
    posted<trade::InboundMoved>("/v1/inbound/{number}/rebook", "rebook"),
    posted<trade::InboundMoved>("/v1/inbound/{number}/refuse", "refuse"),
    posted<trade::CapabilitySwitched>("/v1/capabilities"),
    posted<trade::StockAllotted>("/v1/allotments"),
    posted<trade::AllotmentTaken>("/v1/allotments/take"),
    posted<trade::AllotmentReturned>("/v1/allotments/return"),
    posted<trade::AllotmentEnded>("/v1/allotments/end"),
    posted<trade::SlotOpened>("/v1/slots"),
    posted<trade::OnlineMoved>("/v1/online-orders/{number}/start", "start"),
    posted<trade::OnlineMoved>("/v1/online-orders/{number}/cancel", "cancel"),
    posted<trade::OnlineMoved>("/v1/online-orders/{number}/complete", "complete"),
    posted<trade::OnlineMoved>("/v1/online-orders/{number}/bring-back", "bring_back"),
    posted<trade::OnlinePicked>("/v1/online-orders/{number}/pick"),
    posted<trade::OnlineRefunded>("/v1/online-orders/{number}/refund"),
    posted<trade::ParcelExpected>("/v1/parcels"),
    posted<trade::ParcelPacked>("/v1/parcels/pack"),
    posted<trade::ParcelMoved>("/v1/parcels/ready", "make_ready"),
    posted<trade::ParcelMoved>("/v1/parcels/hold", "hold"),
    posted<trade::ParcelMoved>("/v1/parcels/lift", "lift"),
    posted<trade::ParcelMoved>("/v1/parcels/lapse", "lapse"),
    posted<trade::ParcelMoved>("/v1/parcels/cancel", "cancel"),
    posted<trade::ParcelMoved>("/v1/parcels/finish", "finish"),
    posted<trade::ParcelHanded>("/v1/parcels/hand-over"),
    posted<trade::ParcelFood>("/v1/parcels/food"),
    posted<trade::LimitsSet>("/v1/limits"),
    posted<trade::HoldCaptured>("/v1/cards/holds/capture"),
    posted<trade::HoldEnded>("/v1/cards/holds/release", "release"),
    posted<trade::CardMoved>("/v1/cards/freeze", "freeze"),
    posted<trade::CardMoved>("/v1/cards/thaw", "thaw"),
    posted<trade::CardMoved>("/v1/cards/stop", "stop"),
    command_of<trade::EnrolmentEnded>(del, "/v1/people/{number}", "actor"),
    command_of<trade::EnrolmentEnded>(del, "/v1/devices/{number}", "device"),

    question("/v1/site", get_site),
    question("/v1/lines", get_lines, paged),
    question("/v1/orders", get_orders, paged),
    question("/v1/proposals", get_proposals, paged),
    question("/v1/fulfilments", get_fulfilments, paged),
    {post, "/v1/told-orders", post_told_order, Access::person},
    question("/v1/told-orders", get_told_orders, paged),
    question("/v1/fulfilments/{store}/{delivery}/{drop}/{chain}/pick-list", get_pick_list,
             "weight_g_max volume_ml_max"),
    question("/v1/load-sheets", get_load_sheet, "vehicle delivery"),
    question("/v1/waves", get_waves, paged),
    question("/v1/inbound", get_inbound, paged),
    question("/v1/advices", get_advices, paged),
    question("/v1/stops", get_stops, paged),
    question("/v1/transfers", get_transfers, paged),
    question("/v1/reductions", get_reductions, paged),
    question("/v1/reductions/{number}/label", get_label, "code"),
    question("/v1/people", get_people, paged),
    question("/v1/devices", get_devices, paged),
    question("/v1/journal", get_journal),
    question("/v1/events", get_events),
    question("/v1/history", get_history,
             "product document kind actor first_day last_day before limit"),
    {post, "/v1/nights", post_night, Access::person},
    question("/v1/nights/{day}", get_night),

    question("/v1/allotments", get_allotments, paged),
    question("/v1/slots", get_slots, paged),
    question("/v1/online-orders", get_online_orders, paged),
    question("/v1/parcels", get_parcels, paged),
    question("/v1/parcels/pick-list", get_parcel_pick_list, paged),
    question("/v1/parcels/pick-list/page", get_parcel_pick_page, paged),
    question("/v1/parcels/{order}/label", get_parcel_labels, "ambient chilled frozen"),
    {del, "/v1/online-orders/{number}/personal-data", delete_personal_data, Access::person},

    {get, "/v1/shop/catalogue", shop_catalogue, Access::anybody, paged},
    open_to_all(post, "/v1/shop/baskets", shop_open_basket),
    open_to_all(get, "/v1/shop/baskets/{basket}", shop_basket),
    open_to_all(post, "/v1/shop/baskets/{basket}/items", shop_item),
    open_to_all(put, "/v1/shop/baskets/{basket}/address", shop_address),
    open_to_all(get, "/v1/shop/baskets/{basket}/options", shop_options),
    open_to_all(put, "/v1/shop/baskets/{basket}/option", shop_option),
    open_to_all(post, "/v1/shop/baskets/{basket}/payment", shop_pay),
    open_to_all(get, "/v1/shop/baskets/{basket}/payment", shop_payment),
    open_to_all(post, "/v1/shop/baskets/{basket}/place", shop_place),
    open_to_all(post, "/v1/shop/order-status", shop_status),

    {post, "/v1/cards/activate", card_activate, Access::enrolled},
    {post, "/v1/cards/credit", card_credit, Access::enrolled},
    {post, "/v1/cards/holds", card_hold, Access::enrolled},
    {post, "/v1/cards/look", card_look, Access::enrolled},
    open_to_all(post, "/v1/cards/balance", card_balance),
    {post, "/v1/cards/refund-elsewhere", refund_elsewhere, Access::enrolled},
    question("/v1/cards", get_cards),
    question("/v1/cards/losses", get_card_losses, paged),
    question("/v1/ledger", get_ledger),
    question("/v1/limits", get_limits),
    at_till(get, "/v1/till", till_state),
    at_till(get, "/v1/till/basket", till_basket),
    at_till(post, "/v1/till/basket/items", till_item),
    at_till(post, "/v1/till/basket/lines/{line}/void", till_void_line),
    at_till(post, "/v1/till/basket/lines/{line}/price", till_price),
    at_till(post, "/v1/till/basket/void", till_void_basket),
    at_till(post, "/v1/till/basket/park", till_park),
    at_till(post, "/v1/till/baskets/{basket}/recall", till_recall),
    at_till(put, "/v1/till/basket/card", till_card),
    at_till(put, "/v1/till/basket/age", till_age),
    at_till(post, "/v1/till/basket/offers", till_offer),
    at_till(post, "/v1/till/basket/vouchers", till_voucher),
    at_till(del, "/v1/till/basket/vouchers/{voucher}", till_drop_voucher),
    at_till(post, "/v1/till/basket/tenders/cash", till_cash),
    at_till(post, "/v1/till/basket/tenders/card", till_card_payment),
    at_till(post, "/v1/till/basket/tenders/gift-card", till_gift_card),
    at_till(post, "/v1/till/basket/tenders/{tender}/take-back", till_take_back),
    at_till(post, "/v1/till/basket/complete", till_complete),
    at_till(post, "/v1/till/refunds", till_refund),
    at_till(post, "/v1/till/drawer", till_drawer),
    at_till(post, "/v1/till/receipts/{number}/copy", till_copy),

    {post, "/v1/codes", post_code, Access::person},
    open_to_all(post, "/v1/enrolments", post_enrolment),
    open_to_all(post, "/v1/challenges", post_challenge),
    open_to_all(post, "/v1/sessions", post_session),
    {del, "/v1/sessions/current", delete_session, Access::person},
    {post, "/v1/tickets", post_ticket, Access::person},

    open_to_all(get, "/v1/catalogue", get_catalogue),
    open_to_all(get, "/healthz", get_health),
    open_to_all(get, "/readyz", get_ready),
    open_to_all(get, "/metrics", get_metrics),
    open_to_all(get, "/openapi.yaml", get_contract),
    open_to_all(get, "/problems/{name}", get_problem),
    open_to_all(get, "/style.css", get_style),

    {get, "/enter", page_enter, Access::anybody, "ticket"},
    page("/", page_status),
    page("/stock", page_stock, "product after"),
    page("/orders", page_orders, "after order"),
    page("/proposals", page_proposals, "after order"),
    page("/fulfilments", page_fulfilments, "after"),
    page("/inbound", page_inbound, "after"),
    page("/stops", page_stops, "after"),
    page("/journal", page_journal),
});

// The text up to the next slash, and the slash, taken off.
std::string_view take_segment(std::string_view& rest) {
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
  return segment;
}

std::optional<Match> match(std::size_t index, std::string_view path) {
  std::string_view pattern = table[index].path;
  // Most patterns differ from a path before their first value.
  const std::size_t plain = std::min(pattern.find('{'), pattern.size());
  if (!path.starts_with(pattern.substr(0, plain))) return std::nullopt;
  if (plain == pattern.size() && path.size() != plain) return std::nullopt;
  Match made{index};
  std::size_t values = 0;
  pattern.remove_prefix(plain);
  path.remove_prefix(plain);
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern), found = take_segment(path);
    if (wanted.starts_with('{'))
      made.values[values++] = found;
    else if (wanted != found)
      return std::nullopt;
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return made;
}

}  // namespace

bool takes(const Route& route, std::string_view parameter) {
  std::string_view rest = route.query;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word == parameter) return true;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return false;
}

std::span<const Route> routes() { return table; }

std::optional<Match> find_route(http::Method method, std::string_view path) {
  if (path.ends_with('/') && path.size() > 1) return std::nullopt;
  if (method == head) method = get;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].method == method)
      if (const auto found = match(i, path)) return found;
  return std::nullopt;
}

std::string methods_of(std::string_view path) {
  std::string methods;
  for (const http::Method method : {get, head, post, put, patch, del})
    if (find_route(method, path)) {
      if (!methods.empty()) methods += ", ";
      methods += http::name(method);
    }
  return methods;
}

}  // namespace api
