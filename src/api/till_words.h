#pragma once
// The bodies of the requests at a till.

#include <cstdint>
#include <tuple>
#include <vector>

#include "api/member.h"
#include "trade/terminal.h"
#include "trade/value.h"

namespace api {

// Of those who allow something: the token of their session. A text that names nobody is refused.
using Token = trade::Text<128>;

// A code that was scanned, or a product that is counted or weighed.
struct TillItemWanted {
  trade::Text<32> code;
  trade::ProductId product;
  trade::Units units = 1;
  std::int32_t grams = 0;
  trade::Pence sticker_pence = 0;  // of a reduction on the goods; 0: none
  trade::Day sticker_day;          // the last day that it counts
  std::int32_t changes = -1;
  static constexpr auto fields() {
    return std::tuple(&TillItemWanted::code, &TillItemWanted::product, &TillItemWanted::units,
                      &TillItemWanted::grams, &TillItemWanted::sticker_pence,
                      &TillItemWanted::sticker_day, &TillItemWanted::changes);
  }
};
struct TillVoidWanted {
  trade::TillReason reason{};
  Token second;
  static constexpr auto fields() {
    return std::tuple(&TillVoidWanted::reason, &TillVoidWanted::second);
  }
};
struct TillPriceWanted {
  trade::Pence pence = 0;
  trade::TillReason reason{};
  Token second;
  static constexpr auto fields() {
    return std::tuple(&TillPriceWanted::pence, &TillPriceWanted::reason, &TillPriceWanted::second);
  }
};
// A member's or a colleague's card of ours; read and forgotten.
struct TillCardShown {
  trade::Text<32> number;
  static constexpr auto fields() { return std::tuple(&TillCardShown::number); }
};
// That the age was checked, and how it came out. Nothing else is asked.
struct TillAgeChecked {
  std::uint8_t years = 0;
  bool passed = false;
  static constexpr auto fields() {
    return std::tuple(&TillAgeChecked::years, &TillAgeChecked::passed);
  }
};
enum class OfferStep : std::uint8_t { suspend, swap };
struct TillOfferDecided {
  trade::Text<16> offer;
  OfferStep step{};
  std::uint32_t part = 0;
  trade::ProductId product;
  Token second;
  static constexpr auto fields() {
    return std::tuple(&TillOfferDecided::offer, &TillOfferDecided::step, &TillOfferDecided::part,
                      &TillOfferDecided::product, &TillOfferDecided::second);
  }
};
struct TillVoucherWanted {
  trade::VoucherKind kind{};
  trade::Pence pence = 0;
  static constexpr auto fields() {
    return std::tuple(&TillVoucherWanted::kind, &TillVoucherWanted::pence);
  }
};
struct TillCashGiven {
  trade::Pence pence = 0;
  std::int32_t changes = -1;
  static constexpr auto fields() {
    return std::tuple(&TillCashGiven::pence, &TillCashGiven::changes);
  }
};
// 0 pence: all that is left.
struct TillCardWanted {
  trade::Pence pence = 0;
  static constexpr auto fields() { return std::tuple(&TillCardWanted::pence); }
};
struct TillGiftCardShown {
  trade::Text<40> code;
  trade::Pence pence = 0;
  static constexpr auto fields() {
    return std::tuple(&TillGiftCardShown::code, &TillGiftCardShown::pence);
  }
};
struct TillRefundItem {
  trade::ProductId product;
  trade::Units units = 1;
  std::int32_t grams = 0;
  trade::Pence pence = 0;
  static constexpr auto fields() {
    return std::tuple(&TillRefundItem::product, &TillRefundItem::units, &TillRefundItem::grams,
                      &TillRefundItem::pence);
  }
};
enum class RefundWay : std::uint8_t { cash, card, credit_receipt };
enum class GoodsTo : std::uint8_t { shelf, quarantine, waste };
struct TillRefundWanted {
  trade::DocumentNumber receipt;
  RefundWay way{};
  trade::DocumentNumber payment;
  GoodsTo goods{};
  trade::TillReason reason{};
  std::vector<TillRefundItem> items;
  Token second;
  static constexpr auto fields() {
    return std::tuple(&TillRefundWanted::receipt, &TillRefundWanted::way,
                      &TillRefundWanted::payment, &TillRefundWanted::goods,
                      &TillRefundWanted::reason, &TillRefundWanted::items,
                      &TillRefundWanted::second);
  }
};
struct TillDrawerWanted {
  trade::DrawerVerb verb{};
  trade::Pence pence = 0;
  trade::TillReason reason{};
  Token second;
  static constexpr auto fields() {
    return std::tuple(&TillDrawerWanted::verb, &TillDrawerWanted::pence, &TillDrawerWanted::reason,
                      &TillDrawerWanted::second);
  }
};

using TillOptional =
    Members<&TillItemWanted::code, &TillItemWanted::product, &TillItemWanted::units,
            &TillItemWanted::grams, &TillItemWanted::sticker_pence, &TillItemWanted::sticker_day,
            &TillItemWanted::changes, &TillVoidWanted::second, &TillPriceWanted::second,
            &TillOfferDecided::part, &TillOfferDecided::product, &TillOfferDecided::second,
            &TillCashGiven::changes, &TillCardWanted::pence, &TillGiftCardShown::pence,
            &TillRefundItem::units, &TillRefundItem::grams, &TillRefundWanted::receipt,
            &TillRefundWanted::payment, &TillRefundWanted::goods, &TillRefundWanted::second,
            &TillDrawerWanted::pence, &TillDrawerWanted::reason, &TillDrawerWanted::second>;

}  // namespace api

namespace trade {
TRADE_WORDS(api::OfferStep, {"suspend", "swap"});
TRADE_WORDS(api::RefundWay, {"cash", "card", "credit_receipt"});
TRADE_WORDS(api::GoodsTo, {"shelf", "quarantine", "waste"});
}  // namespace trade
