#pragma once
// What JSON calls a member of a trade struct, and whether a request may, must or must not say it.
//
// The name in C++ is the name in JSON, read from the member pointers that fields() lists, so the
// two cannot part. Two kinds of members have another name because they have another meaning
// outside: a line is written as its product, and a document's counter as its number.

#include <array>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "trade/codec.h"
#include "trade/partition.h"

namespace api {

// "expiry" for &trade::Lot::expiry. The compiler's own spelling of the template's argument ends in
// it: "[with auto member = &trade::Lot::expiry; ...]", "[member = &trade::Lot::expiry]".
template <auto member>
consteval std::string_view name_of() {
  constexpr std::string_view before = "member = ";
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find(before) + before.size());
  text = text.substr(0, text.find_first_of(";])"));
  return text.substr(text.rfind(':') + 1);
}

template <auto... members>
struct Members {
  template <auto wanted>
  static constexpr bool has = (std::is_same_v<std::integral_constant<decltype(wanted), wanted>,
                                              std::integral_constant<decltype(members), members>> ||
                               ...);
};

// What the site decides: refused in a request, present in an answer.
using Decided =
    Members<&trade::LimitsSet::is_of_tables, &trade::GoodsCounted::moved_units,
            &trade::GoodsReceived::order, &trade::ReceiptRow::advised, &trade::GoodsSent::counter,
            &trade::PriceReduced::counter, &trade::StopSet::counter, &trade::OrderPlaced::counter,
            &trade::OrderPlaced::replaces, &trade::WaveOpened::counter, &trade::OrderPicked::cargo,
            &trade::OrderDispatched::counter, &trade::InboundExpected::counter,
            &trade::InboundProposed::counter, &trade::OrderAssumed::counter,
            &trade::SlotOpened::counter, &trade::OnlineOrdered::counter,
            &trade::OnlinePicked::shorts, &trade::OnlinePicked::captured_pence,
            &trade::ParcelExpected::takes_substitutes, &trade::ParcelExpected::code,
            &trade::ParcelExpected::rows, &trade::ParcelPacked::cargo, &trade::ParcelMoved::tick_ms,
            &trade::ParcelFood::refund_pence, &trade::DrawerMoved::counter,
            &trade::DrawerMoved::over_short_pence, &trade::HoldEnded::tick_ms>;

// What a request may leave out; it then has the value that C++ gives it.
using Optional = Members<
    &trade::Lot::expiry, &trade::Lot::batch, &trade::Terms::shelf_life_days,
    &trade::Terms::life_on_receipt_days, &trade::Terms::case_weight_g,
    &trade::Terms::case_volume_ml, &trade::OrderKey::drop, &trade::GoodsRow::pence,
    &trade::GoodsRow::lot, &trade::CargoRow::lot, &trade::ReceiptRow::accepted,
    &trade::ReceiptRow::quarantined, &trade::ReceiptRow::damaged, &trade::ReceiptRow::rejected,
    &trade::ReceiptRow::lot, &trade::PulledRow::lot, &trade::LineOpened::pick_sequence,
    &trade::PriceSet::from, &trade::PriceSet::to, &trade::GoodsCounted::lot,
    &trade::LotCorrected::from, &trade::LotCorrected::to, &trade::GoodsReceived::advice,
    &trade::GoodsReceived::paper, &trade::GoodsReceived::temperature, &trade::GoodsReceived::rows,
    &trade::GoodsSent::is_loan, &trade::GoodsSent::returns, &trade::StopSet::batch,
    &trade::StopSet::expiry_to, &trade::StopSet::source, &trade::StopPulled::rows,
    &trade::OrderAcknowledged::replaces, &trade::OrderPicked::shorts, &trade::InboundMoved::due,
    &trade::OrderDispatched::vehicle, &trade::OrderDispatched::stop, &trade::ProposalChanged::note,
    &trade::ProposalChanged::learn, &trade::ProposalSkipped::note, &trade::ProposalSkipped::learn,
    &trade::ParcelPacked::shorts, &trade::ParcelPacked::substitutes, &trade::ParcelHanded::code,
    &trade::ParcelHanded::is_nominee, &trade::ParcelHanded::age_is_checked>;

// Counters of the site's own documents, which people know by their numbers.
using OwnNumber =
    Members<&trade::GoodsSent::counter, &trade::SentClosed::sent, &trade::PriceReduced::counter,
            &trade::StopSet::counter, &trade::StopLifted::stop, &trade::StopPulled::stop,
            &trade::OrderPlaced::counter, &trade::WaveOpened::counter, &trade::WaveClosed::wave,
            &trade::OrderAcknowledged::wave, &trade::OrderDispatched::counter,
            &trade::InboundExpected::counter, &trade::InboundProposed::counter,
            &trade::InboundMoved::inbound, &trade::Order::counter, &trade::Fulfilment::wave,
            &trade::Fulfilment::advice, &trade::OrderAssumed::counter, &trade::SlotOpened::counter,
            &trade::OnlineOrdered::counter, &trade::OnlineOrdered::slot, &trade::OnlineMoved::order,
            &trade::OnlinePicked::order, &trade::OnlineRefunded::order, &trade::OnlineOrder::slot,
            &trade::DrawerMoved::counter>;

// Ids that a line is opened under: they stand in paths and in the estate's files.
using NewProduct = Members<&trade::LineOpened::product>;

// As the estate's format has it, with a letter or a digit, so that no path can mean something else.
constexpr bool is_new_product(std::string_view text) {
  bool has_sign = false;
  for (const char c : text) {
    const bool is_sign = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_sign && c != '.' && c != '_' && c != '-') return false;
    has_sign |= is_sign;
  }
  return has_sign && text.size() <= sizeof(trade::ProductId);
}

template <class Owner, class Value>
Value value_type(Value Owner::*);
template <auto member>
using MemberType = decltype(value_type(member));

// Words that a resource says for its body.
template <class T>
concept ByResource = std::is_same_v<T, trade::OrderVerb> || std::is_same_v<T, trade::InboundVerb> ||
    std::is_same_v<T, trade::FulfilmentVerb> || std::is_same_v<T, trade::Cause> ||
    std::is_same_v<T, trade::OnlineVerb> || std::is_same_v<T, trade::ParcelVerb> ||
    std::is_same_v<T, trade::CardVerb> || std::is_same_v<T, trade::HoldVerb>;

// Whether the resource says a member of the body itself: cause and verb always, and with a value in
// its path the line, or the document, that it is about.
template <auto member>
constexpr bool is_preset(bool has_path_value) {
  using T = MemberType<member>;
  if constexpr (ByResource<T> || std::is_same_v<T, trade::ActorNo> ||
                std::is_same_v<T, trade::DeviceNo>)
    return true;
  if constexpr (std::is_same_v<T, trade::LineNo> ||
                (OwnNumber::has<member> && !Decided::has<member>))
    return has_path_value;
  return false;
}

template <auto member>
consteval std::string_view key_of() {
  // A substitute has two lines.
  if (name_of<member>() == "with") return "with";
  if constexpr (std::is_same_v<MemberType<member>, trade::LineNo>) return "product";
  if (name_of<member>() == "counter") return "number";
  return name_of<member>();
}

template <trade::Struct T>
inline constexpr std::size_t member_count = std::tuple_size_v<decltype(T::fields())>;

// Calls f.template operator()<member>() for each member of T, in order.
template <trade::Struct T, class F>
constexpr void each_member(F&& f) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (f.template operator()<std::get<i>(T::fields())>(), ...);
  }
  (std::make_index_sequence<member_count<T>>{});
}

// Whether the value says something; what does not is left out of JSON.
template <class T>
constexpr bool is_told(const T& value) {
  if constexpr (requires { value.given(); })
    return value.given();
  else if constexpr (std::is_same_v<T, trade::OrderKey>)
    return value != trade::OrderKey{};
  else if constexpr (std::is_same_v<T, trade::ActorNo> || std::is_same_v<T, trade::DeviceNo>)
    return value != T{};
  else
    return true;
}
template <auto member, class T>
constexpr bool is_told(const T& value) {
  if constexpr (OwnNumber::has<member>)
    return value != 0;
  else if constexpr (Members<&trade::GoodsReceived::temperature>::has<member>)
    return value != trade::no_temperature;
  else
    return is_told(value);
}

}  // namespace api
