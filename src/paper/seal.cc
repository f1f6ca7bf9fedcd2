#include "paper/seal.h"

#include <algorithm>

#include <fmt/core.h>

namespace paper {
namespace {

using base::ErrorCode;
using base::Result;

// Keeps a signature under a sheet from being one under anything else that the key signs.
constexpr std::string_view domain = "stockade-sheet-1\n";

std::string message_of(std::string_view bytes) { return std::string(domain).append(bytes); }

}  // namespace

std::string signer_name(const Order& order) {
  return to_string(journal::Origin{order.estate, to_text(order.key.store), order.number.epoch});
}

Result<std::string> seal(const Order& order, const journal::Signer& signer) {
  TRY(check(order));
  const std::string name = signer_name(order);
  if (signer.verifier.name != name)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("order {}: the key is that of {}, expected {}",
                                  trade::to_string(order.number), signer.verifier.name, name));
  std::string sealed = encode(order);
  const crypto::Signature signature = signer.key.sign(message_of(sealed));
  sealed.append(signature.begin(), signature.end());
  return sealed;
}

Result<Order> open(std::string_view sealed, const journal::Roster& roster) {
  crypto::Signature signature;
  if (sealed.size() < signature.size())
    return base::fail(ErrorCode::evidence_bad, "the bytes are too few for a signature");
  const std::string_view bytes = sealed.substr(0, sealed.size() - signature.size());
  std::copy_n(sealed.begin() + static_cast<std::ptrdiff_t>(bytes.size()), signature.size(),
              signature.begin());
  Order order = TRY(decode(bytes));
  const journal::RosterLine store = TRY(find_store(order, roster));
  if (!crypto::verify(store.key.key, message_of(bytes), signature))
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("order {}: the signature is not that of {} under this order",
                                  trade::to_string(order.number), store.key.name));
  return order;
}

Result<journal::RosterLine> find_store(const Order& order, const journal::Roster& roster) {
  const std::string name = signer_name(order);
  const auto bad = [&](std::string_view what) {
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("order {}: {} {}", trade::to_string(order.number), name, what));
  };
  if (order.estate != roster.estate) return bad(fmt::format("is not of {}", roster.estate));
  const auto line = std::ranges::find_if(
      roster.lines, [&](const journal::RosterLine& one) { return one.key.name == name; });
  if (line == roster.lines.end()) return bad("is not in the roster");
  if (line->role != journal::Role::store) return bad("is not a store's in the roster");
  // Nothing on a sheet proves that it was signed before.
  if (line->revoked_at_entries) return bad("is revoked in the roster");
  const std::string site = to_text(order.key.store);
  for (const journal::RosterLine& one : roster.lines)
    if (const auto other = journal::parse_origin(one.key.name);
        other && other->site == site && other->epoch > order.number.epoch)
      return bad(fmt::format("is followed by epoch {} in the roster", other->epoch));
  return *line;
}

}  // namespace paper
