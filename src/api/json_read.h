#pragma once
// The bodies of requests: bytes into values, strictly. What is not exactly as the contract says is
// a fault that names its place by a JSON pointer.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "api/draft.h"
#include "api/member.h"
#include "trade/codec.h"

namespace api {

struct JsonFault {
  enum class Kind : std::uint8_t {
    malformed,  // no JSON
    member_unknown,
    member_doubled,
    member_missing,
    member_decided,  // only the site says it
    member_in_path,  // the path says it
    value_wrong,
    too_many_rows,
  };
  Kind kind{};
  std::string pointer;   // RFC 6901; empty: the whole body
  std::string expected;  // what should stand there, for a person
};

// What a resource says of a body besides what the client sends.
struct Preset {
  std::string_view word{};   // of a cause or a verb, for kinds that have one
  std::string_view value{};  // from the path: a product, a number of a document or of an enrolment
};

// The body of a command, of the kind at this place in trade::Body. An empty body is read as {}.
std::expected<Draft, JsonFault> read_command(std::size_t kind, const Preset& preset,
                                             std::string_view body);

// The bodies of the requests that let people in.
struct CodeWanted {
  trade::Role role{};      // device: a device, any other: a person with this role
  trade::SiteCode site{};  // of a device of another site
  static constexpr auto fields() { return std::tuple(&CodeWanted::role, &CodeWanted::site); }
};
struct EnrolmentWanted {
  trade::Text<32> code;
  trade::PublicKey public_key;
  static constexpr auto fields() {
    return std::tuple(&EnrolmentWanted::code, &EnrolmentWanted::public_key);
  }
};
struct SessionWanted {
  trade::PublicKey public_key;
  trade::Text<128> challenge;
  trade::Octets<64> signature;
  static constexpr auto fields() {
    return std::tuple(&SessionWanted::public_key, &SessionWanted::challenge,
                      &SessionWanted::signature);
  }
};

// The bodies of the requests of a guest who shops.
struct BasketWanted {
  trade::SiteCode store{};
  static constexpr auto fields() { return std::tuple(&BasketWanted::store); }
};
struct ItemWanted {
  trade::ProductId product;
  std::uint16_t units = 0;
  static constexpr auto fields() { return std::tuple(&ItemWanted::product, &ItemWanted::units); }
};
inline constexpr std::size_t address_bytes_max = 200;  // of each text, in UTF-8
struct AddressWanted {
  std::string name, street, town, postcode, email;
  static constexpr auto fields() {
    return std::tuple(&AddressWanted::name, &AddressWanted::street, &AddressWanted::town,
                      &AddressWanted::postcode, &AddressWanted::email);
  }
};
struct OptionWanted {
  trade::Text<32> option;  // "collect", or the number of a slot
  bool takes_substitutes = false;
  static constexpr auto fields() {
    return std::tuple(&OptionWanted::option, &OptionWanted::takes_substitutes);
  }
};
struct StatusWanted {
  trade::DocumentNumber order;
  trade::Text<16> postcode;
  static constexpr auto fields() {
    return std::tuple(&StatusWanted::order, &StatusWanted::postcode);
  }
};

// The bodies of requests about gift cards and credit receipts: a code comes in, and none goes out.
using CodeText = trade::Text<64>;  // as it was typed
struct CardWanted {
  CodeText code;
  static constexpr auto fields() { return std::tuple(&CardWanted::code); }
};
struct CardActivateWanted {
  CodeText code;
  trade::VoucherKind kind{};
  std::int64_t pence = 0;
  trade::SiteCode site{};
  trade::DocumentNumber document;  // that site's receipt or refund
  static constexpr auto fields() {
    return std::tuple(&CardActivateWanted::code, &CardActivateWanted::kind,
                      &CardActivateWanted::pence, &CardActivateWanted::site,
                      &CardActivateWanted::document);
  }
};
struct CardCreditWanted {
  CodeText code;
  std::int64_t pence = 0;
  trade::SiteCode site{};
  trade::DocumentNumber refund;
  static constexpr auto fields() {
    return std::tuple(&CardCreditWanted::code, &CardCreditWanted::pence, &CardCreditWanted::site,
                      &CardCreditWanted::refund);
  }
};
inline constexpr std::int32_t hold_minutes_max = 90 * 24 * 60;  // a quarter of a year
struct CardHoldWanted {
  CodeText code;
  std::int64_t pence = 0;
  trade::SiteCode site{};
  std::int32_t minutes = 0;  // of the site's time
  static constexpr auto fields() {
    return std::tuple(&CardHoldWanted::code, &CardHoldWanted::pence, &CardHoldWanted::site,
                      &CardHoldWanted::minutes);
  }
};

// A refund for an order of another site that cannot be asked.
struct ElsewhereRefundWanted {
  trade::DocumentNumber order;
  std::int64_t pence = 0;
  trade::TillReason reason{};
  trade::Text<128> second;  // the token of a session of who allows it
  static constexpr auto fields() {
    return std::tuple(&ElsewhereRefundWanted::order, &ElsewhereRefundWanted::pence,
                      &ElsewhereRefundWanted::reason, &ElsewhereRefundWanted::second);
  }
};

using WantedOptional = Members<&CodeWanted::site, &ElsewhereRefundWanted::second>;

// For the structs above.
template <trade::Struct T>
std::expected<T, JsonFault> read_json(std::string_view body);

}  // namespace api
