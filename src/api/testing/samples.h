#pragma once
// A body for every command that says enough to be decided, for tests that go through all of them.

#include <array>
#include <string_view>

namespace api::testing {

struct SampleRequest {
  std::string_view route;  // its path in routes()
  std::string_view target;
  std::string_view body;
};

inline constexpr std::string_view goods = R"({"rows":[{"product":"soap","units":1,"pence":210}]})";
inline constexpr std::string_view key =
    R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,"chain":"ambient"}})";
inline constexpr std::string_view ordered =
    R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,"chain":"ambient"},)"
    R"("rows":[{"product":"soap","units":12}]})";

inline constexpr std::string_view changed =
    R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,"chain":"ambient"},)"
    R"("reason":"local_event","note":"fair","learn":true,"rows":[{"product":"soap","units":24}]})";
inline constexpr std::string_view skipped =
    R"({"key":{"store":"0042","depot":"0009","delivery":"2026-11-30","drop":1,"chain":"ambient"},)"
    R"("reason":"too_much_left"})";

inline constexpr std::string_view card =
    R"({"card":"pYzhZBBHCl2fG6iRQhzEB5CbYbhkTIUYtfXjgSRYVV8="})";
inline constexpr std::string_view parcel = R"({"order":"0043-1-1-60"})";

inline constexpr auto sample_requests = std::to_array<SampleRequest>({
    {"/v1/sales", "/v1/sales", goods},
    {"/v1/returns/shelf", "/v1/returns/shelf", goods},
    {"/v1/returns/quarantine", "/v1/returns/quarantine", goods},
    {"/v1/returns/waste", "/v1/returns/waste", goods},
    {"/v1/waste", "/v1/waste", goods},
    {"/v1/waste/quarantine", "/v1/waste/quarantine", goods},
    {"/v1/quarantine", "/v1/quarantine", goods},
    {"/v1/quarantine/release", "/v1/quarantine/release", goods},
    {"/v1/supplier-returns", "/v1/supplier-returns", goods},
    {"/v1/disputes/found", "/v1/disputes/found", goods},
    {"/v1/disputes/lost", "/v1/disputes/lost", goods},
    {"/v1/disputes/granted", "/v1/disputes/granted", goods},
    {"/v1/opening-stock", "/v1/opening-stock", goods},
    {"/v1/counts", "/v1/counts", R"({"product":"soap","counted_units":5})"},
    {"/v1/lot-corrections", "/v1/lot-corrections",
     R"({"product":"soap","to":{"expiry":"2026-11-30"},"units":1})"},
    {"/v1/receipts", "/v1/receipts",
     R"({"source":"supplier","paper":"slip 4","temperature":41,)"
     R"("rows":[{"product":"soap","accepted":6}]})"},
    {"/v1/transfers", "/v1/transfers", R"({"to":"0043","rows":[{"product":"soap","units":1}]})"},
    {"/v1/transfers/{number}/close", "/v1/transfers/0042-1-1-98/close", ""},
    {"/v1/reductions", "/v1/reductions",
     R"({"product":"milk","expiry":"2026-11-30","units":2,"pence":75})"},
    {"/v1/stops", "/v1/stops", R"({"product":"peas","batch":"L1"})"},
    {"/v1/stops/{number}/lift", "/v1/stops/0042-1-1-98/lift", ""},
    {"/v1/stops/{number}/pull", "/v1/stops/0042-1-1-98/pull", R"({"rows":[{"units":1}]})"},
    {"/v1/days", "/v1/days", R"({"day":"2026-11-30"})"},
    {"/v1/days/current/close", "/v1/days/current/close", ""},
    {"/v1/lines", "/v1/lines",
     R"({"product":"soup","terms":{"case_units":6,"chain":"ambient","date_kind":"none"},)"
     R"("price_pence":95})"},
    {"/v1/lines/{product}", "/v1/lines/soap",
     R"({"terms":{"case_units":6,"chain":"ambient","date_kind":"none"},"pick_sequence":1,)"
     R"("is_closed":false})"},
    {"/v1/prices", "/v1/prices", R"({"product":"soap","pence":199})"},
    {"/v1/proposals", "/v1/proposals", ordered},
    {"/v1/proposals/withdraw", "/v1/proposals/withdraw", key},
    {"/v1/proposals/change", "/v1/proposals/change", changed},
    {"/v1/proposals/skip", "/v1/proposals/skip", skipped},
    {"/v1/orders", "/v1/orders", ordered},
    {"/v1/orders/place", "/v1/orders/place", key},
    {"/v1/orders/close", "/v1/orders/close", key},
    {"/v1/orders/cancel", "/v1/orders/cancel", key},
    {"/v1/waves", "/v1/waves",
     R"({"delivery":"2026-11-30","chain":"ambient","cut_off_ms":1796000000000})"},
    {"/v1/waves/{number}/close", "/v1/waves/0042-1-1-98/close", ""},
    {"/v1/fulfilments", "/v1/fulfilments",
     R"({"key":{"store":"0043","depot":"0042","delivery":"2026-11-30","drop":1,)"
     R"("chain":"ambient"},"order":"0043-1-1-60","wave":"0042-1-1-98",)"
     R"("rows":[{"product":"soap","units":12}]})"},
    {"/v1/fulfilments/allocate", "/v1/fulfilments/allocate", ordered},
    {"/v1/fulfilments/release", "/v1/fulfilments/release", key},
    {"/v1/fulfilments/pick", "/v1/fulfilments/pick", key},
    {"/v1/fulfilments/put-back", "/v1/fulfilments/put-back", key},
    {"/v1/fulfilments/dispatch", "/v1/fulfilments/dispatch", key},
    {"/v1/fulfilments/close", "/v1/fulfilments/close", key},
    {"/v1/fulfilments/cancel", "/v1/fulfilments/cancel", key},
    {"/v1/inbound", "/v1/inbound",
     R"({"supplier":"S1","due":"2026-11-30","rows":[{"product":"soap","units":12}]})"},
    {"/v1/inbound/proposals", "/v1/inbound/proposals",
     R"({"supplier":"S1","due":"2026-11-30","rows":[{"product":"soap","units":12}]})"},
    {"/v1/inbound/{number}/place", "/v1/inbound/0042-1-1-98/place", ""},
    {"/v1/inbound/{number}/withdraw", "/v1/inbound/0042-1-1-98/withdraw", ""},
    {"/v1/inbound/{number}/stop", "/v1/inbound/0042-1-1-98/stop", ""},
    {"/v1/inbound/{number}/rebook", "/v1/inbound/0042-1-1-98/rebook", R"({"due":"2026-12-01"})"},
    {"/v1/inbound/{number}/refuse", "/v1/inbound/0042-1-1-98/refuse", ""},
    {"/v1/capabilities", "/v1/capabilities", R"({"capability":"counting","mode":"open"})"},
    {"/v1/allotments", "/v1/allotments", R"({"holder":"9501","product":"soap","units":10})"},
    {"/v1/allotments/take", "/v1/allotments/take",
     R"({"store":"0043","product":"soap","units":10})"},
    {"/v1/allotments/return", "/v1/allotments/return",
     R"({"store":"0043","product":"soap","units":2})"},
    {"/v1/allotments/end", "/v1/allotments/end", R"({"holder":"9501","product":"soap","units":2})"},
    {"/v1/slots", "/v1/slots",
     R"({"store":"0043","day":"2026-11-30","from_minute":600,"to_minute":660,)"
     R"("capacity_orders":20})"},
    {"/v1/online-orders/{number}/start", "/v1/online-orders/0042-1-1-98/start", ""},
    {"/v1/online-orders/{number}/cancel", "/v1/online-orders/0042-1-1-98/cancel", ""},
    {"/v1/online-orders/{number}/complete", "/v1/online-orders/0042-1-1-98/complete", ""},
    {"/v1/online-orders/{number}/bring-back", "/v1/online-orders/0042-1-1-98/bring-back", ""},
    {"/v1/online-orders/{number}/pick", "/v1/online-orders/0042-1-1-98/pick", ""},
    {"/v1/online-orders/{number}/refund", "/v1/online-orders/0042-1-1-98/refund",
     R"({"pence":210})"},
    {"/v1/parcels", "/v1/parcels", parcel},
    {"/v1/parcels/pack", "/v1/parcels/pack",
     R"({"order":"0043-1-1-60","shorts":[{"product":"soap","units":0}],)"
     R"("substitutes":[{"product":"soap","with":"peas","units":1}]})"},
    {"/v1/parcels/ready", "/v1/parcels/ready", parcel},
    {"/v1/parcels/hold", "/v1/parcels/hold", parcel},
    {"/v1/parcels/lift", "/v1/parcels/lift", parcel},
    {"/v1/parcels/lapse", "/v1/parcels/lapse", parcel},
    {"/v1/parcels/cancel", "/v1/parcels/cancel", parcel},
    {"/v1/parcels/finish", "/v1/parcels/finish", parcel},
    {"/v1/parcels/hand-over", "/v1/parcels/hand-over",
     R"({"order":"0043-1-1-60","by":"photo_id","age_is_checked":true})"},
    {"/v1/parcels/food", "/v1/parcels/food", R"({"order":"0043-1-1-60","choice":"pick_again"})"},
    {"/v1/limits", "/v1/limits",
     R"({"limits":{"contactless_pence":10000,"store_sale_pence":5000,)"
     R"("store_till_pence":200000,"store_count":100,"store_contactless_pence":3000,)"
     R"("store_age_hours":24,"card_day_pence":5000,"exposure_order_pence":10000,)"
     R"("exposure_day_pence":50000,"drawer_pence":100000,"pay_out_alone_pence":2000,)"
     R"("void_line_alone_pence":2000,"void_basket_alone_pence":5000,)"
     R"("override_alone_pence":500,"over_short_alone_pence":1000,)"
     R"("refund_alone_pence":5000,"refund_unreceipted_alone_pence":0}})"},
    {"/v1/cards/holds/capture", "/v1/cards/holds/capture",
     R"({"hold":"0042-1-1-98","pence":500,"receipt":"0043-1-1-60"})"},
    {"/v1/cards/holds/release", "/v1/cards/holds/release", R"({"hold":"0042-1-1-98"})"},
    {"/v1/cards/freeze", "/v1/cards/freeze", card},
    {"/v1/cards/thaw", "/v1/cards/thaw", card},
    {"/v1/cards/stop", "/v1/cards/stop", card},
    {"/v1/people/{number}", "/v1/people/99", ""},
    {"/v1/devices/{number}", "/v1/devices/99", ""},
});

}  // namespace api::testing
