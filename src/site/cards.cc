#include "site/cards.h"

#include "base/result.h"

namespace site {

std::expected<trade::CardDigest, trade::No> Cards::digest_of(std::string_view code) const {
  return key_.digest_of(TRY(trade::parse_card_code(code)));
}

// All checks count alike, so that whether somebody has to wait says nothing of a card.
bool Cards::may_check(const std::string& source, const std::string& card) {
  const std::lock_guard lock(mutex_);
  const auto now_ms = static_cast<std::int64_t>(clock_.seconds() * 1'000);
  if (by_source_.is_blocked(source, now_ms) || by_card_.is_blocked(card, now_ms)) return false;
  by_source_.count(source, now_ms);
  by_card_.count(card, now_ms);
  return true;
}

void Cards::balance(std::string_view source, const trade::CardDigest& card,
                    std::move_only_function<void(std::expected<CardBalance, CardTrouble>)> then) {
  const std::string digest(card.bytes.begin(), card.bytes.end());
  if (!may_check(std::string(source), digest)) return then(std::unexpected(CardTrouble::too_many));
  // Shared, because a question that was not taken is gone with what it holds.
  const auto shared = std::make_shared<decltype(then)>(std::move(then));
  const auto look = [shared, card](const View& view) {
    const auto found = balance_of(view.own.ledger, card);
    if (!found) return (*shared)(std::unexpected(CardTrouble::unknown));
    (*shared)(*found);
  };
  if (!core_.ask(look)) (*shared)(std::unexpected(CardTrouble::busy));
}

}  // namespace site
