#pragma once
// Every resource of a site in one table: method, path, and what it is. api/openapi.yaml describes
// the same resources; a test holds the two against each other.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/message.h"
#include "trade/events.h"

namespace api {

// What a resource does. A command asks for an event, and each of the others is a function.
enum class Duty : std::uint8_t {
  command,
  // Questions to the book, for everybody who is enrolled.
  get_site,
  get_lines,
  get_line,
  get_orders,
  get_proposals,
  get_fulfilments,
  get_pick_list,
  get_load_sheet,
  get_waves,
  get_inbound,
  get_advices,
  get_stops,
  get_transfers,
  get_reductions,
  get_label,
  get_people,
  get_devices,
  get_journal,
  get_catalogue,
  get_events,
  // What the site's history and its evening know.
  get_history,
  post_night,
  get_night,
  post_told_order,
  get_told_orders,
  // Allotments, slots, online orders and parcels.
  get_allotments,
  get_slots,
  get_online_orders,
  get_parcels,
  get_parcel_pick_list,
  get_parcel_pick_page,
  get_parcel_labels,
  delete_personal_data,
  // The shop of an online site, for guests.
  shop_catalogue,
  shop_open_basket,
  shop_basket,
  shop_item,
  shop_address,
  shop_options,
  shop_option,
  shop_pay,
  shop_payment,
  shop_place,
  shop_status,
  // Gift cards and credit receipts, by their codes.
  card_activate,
  card_credit,
  card_hold,
  card_look,
  card_balance,
  refund_elsewhere,
  get_cards,
  get_card_losses,
  get_ledger,
  get_limits,
  // A till's desk.
  till_state,
  till_basket,
  till_item,
  till_void_line,
  till_price,
  till_void_basket,
  till_park,
  till_recall,
  till_card,
  till_age,
  till_offer,
  till_voucher,
  till_drop_voucher,
  till_cash,
  till_card_payment,
  till_gift_card,
  till_take_back,
  till_complete,
  till_refund,
  till_drawer,
  till_copy,
  // The way in.
  post_code,
  post_enrolment,
  post_challenge,
  post_session,
  delete_session,
  post_ticket,
  // For those who run the site.
  get_health,
  get_ready,
  get_metrics,
  get_contract,
  get_problem,
  get_style,
  // Pages for people.
  page_enter,
  page_status,
  page_stock,
  page_orders,
  page_proposals,
  page_fulfilments,
  page_inbound,
  page_stops,
  page_journal,
};

// Who may use a resource at all. What somebody may do is up to the rules of trade.
enum class Access : std::uint8_t {
  anybody,
  enrolled,  // a person in a session, a device, or both together
  person,    // with a session
  page,      // a person with a session's cookie; others are told how to get in
};

struct Route {
  http::Method method = http::Method::get;
  std::string_view path;  // "{name}" stands for any one segment
  Duty duty{};
  Access access = Access::enrolled;
  std::string_view query{};  // the parameters that it takes, with spaces between
  std::size_t kind = 0;      // of a command: the place in trade::Body
  std::string_view word{};   // of a command: see Preset
};

std::span<const Route> routes();
// Whether the route's query may have the parameter.
bool takes(const Route& route, std::string_view parameter);

inline constexpr std::size_t path_values_max = 4;

struct Match {
  std::size_t index = 0;                              // in routes()
  std::array<std::string, path_values_max> values{};  // of the "{name}" segments
};

// The route of a request; a HEAD is routed as its GET. Nothing: not here, or not by this method.
std::optional<Match> find_route(http::Method method, std::string_view path);
// "GET, HEAD, POST": the methods of a path, empty where there is no such resource.
std::string methods_of(std::string_view path);

}  // namespace api
