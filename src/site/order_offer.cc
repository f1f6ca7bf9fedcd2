#include "site/order_offer.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "paper/codes.h"
#include "paper/seal.h"
#include "paper/typed.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;
using Json = nlohmann::json;

std::unexpected<base::Error> bad(std::string_view what) {
  return base::fail(ErrorCode::input_bad, std::string(what));
}

Result<> read_call_back(const Json& from, OrderOffer& offer) {
  if (!from.is_object()) return bad("\"called_back\": expected an object with \"at_ms\"");
  for (const auto& [name, value] : from.items()) {
    const bool is_whole = value.is_number_unsigned();
    if (name == "at_ms" && is_whole && value <= paper::made_ms_max)
      offer.called_back_ms = value.get<std::int64_t>();
    else if (name == "by" && is_whole && value <= 0xffff'ffffu && value > 0u)
      offer.called_back_by = trade::ActorNo{value.get<std::uint32_t>()};
    else
      return bad("\"called_back\": expected \"at_ms\" and perhaps \"by\", whole numbers");
  }
  if (offer.called_back_ms == 0) return bad("\"called_back\": expected \"at_ms\"");
  return {};
}

Result<> read_codes(const Json& from, OrderOffer& offer) {
  if (!from.is_array() || from.empty() || from.size() > 2 * paper::codes_max)
    return bad("\"codes\": expected a list of the texts of codes");
  for (const Json& code : from) {
    if (!code.is_string()) return bad("\"codes\": expected texts");
    offer.codes.push_back(code.get<std::string>());
  }
  return {};
}

Result<> read_sealed(const Json& from, OrderOffer& offer) {
  const auto bytes = from.is_string() ? crypto::from_base64(from.get<std::string>()) : std::nullopt;
  if (!bytes || bytes->empty()) return bad("\"sealed\": expected bytes in base64");
  offer.sealed = *bytes;
  return {};
}

trade::Sha256 digest_of(std::string_view bytes) {
  trade::Sha256 made;
  made.bytes = crypto::sha256(bytes).bytes;
  return made;
}

// Bytes that are no order, a store that may not speak, or a signature that is not its own.
trade::SecurityKind kind_of(const Result<paper::Order>& decoded, const journal::Roster& roster) {
  if (!decoded) return trade::SecurityKind::malformed;
  if (!paper::find_store(*decoded, roster)) return trade::SecurityKind::key_unknown;
  return trade::SecurityKind::signature_wrong;
}

std::expected<OpenedOffer, Disbelieved> open_sealed(const std::string& sealed,
                                                    trade::OrderPath path,
                                                    const journal::Roster& roster) {
  auto order = paper::open(sealed, roster);
  if (order) return OpenedOffer{*std::move(order), path, digest_of(sealed)};
  const std::size_t signature_bytes = std::min<std::size_t>(sealed.size(), 64);
  const auto decoded =
      paper::decode(std::string_view(sealed).substr(0, sealed.size() - signature_bytes));
  return std::unexpected(Disbelieved{kind_of(decoded, roster), order.error().message});
}

}  // namespace

Result<OrderOffer> parse_offer(std::string_view json, trade::ActorNo caller) {
  const Json body = Json::parse(json, nullptr, false);
  if (!body.is_object()) return bad("expected an object with \"sealed\", \"codes\" or \"typed\"");
  OrderOffer offer;
  offer.called_back_by = caller;
  int ways = 0;
  for (const auto& [name, value] : body.items()) {
    ways += name != "called_back";
    if (name == "called_back") {
      TRY(read_call_back(value, offer));
    } else if (name == "sealed") {
      TRY(read_sealed(value, offer));
    } else if (name == "codes") {
      TRY(read_codes(value, offer));
    } else if (name == "typed" && value.is_string() && !value.get<std::string>().empty()) {
      offer.typed = value.get<std::string>();
    } else {
      return bad("\"" + name.substr(0, 40) + "\": not a member of an offer");
    }
  }
  if (ways != 1) return bad("expected one of \"sealed\", \"codes\" and \"typed\"");
  if (offer.typed.empty() && offer.called_back_ms != 0)
    return bad("\"called_back\": only for what was typed");
  if (offer.called_back_ms == 0) offer.called_back_by = {};
  return offer;
}

std::expected<OpenedOffer, Disbelieved> open_offer(const OrderOffer& offer,
                                                   const journal::Roster& roster) {
  if (!offer.sealed.empty()) return open_sealed(offer.sealed, trade::OrderPath::sealed, roster);
  if (!offer.codes.empty()) {
    const auto sealed = paper::from_codes(offer.codes);
    if (!sealed)
      return std::unexpected(Disbelieved{trade::SecurityKind::malformed, sealed.error().message});
    return open_sealed(*sealed, trade::OrderPath::scanned, roster);
  }
  auto order = paper::parse_typed(offer.typed, roster.estate);
  if (!order)
    return std::unexpected(Disbelieved{trade::SecurityKind::malformed, order.error().message});
  if (const auto store = paper::find_store(*order, roster); !store)
    return std::unexpected(Disbelieved{trade::SecurityKind::key_unknown, store.error().message});
  return OpenedOffer{*std::move(order), trade::OrderPath::typed, digest_of(offer.typed)};
}

}  // namespace site
