#pragma once
// What a site knows of cards by their codes: it turns a code into the digest that its ledger has,
// and tells balances to whoever has a code, so often and no oftener.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "io/clock.h"
#include "site/attempts.h"
#include "site/card_keeper.h"
#include "site/card_key.h"
#include "site/core.h"

namespace site {

// Checks of a balance, whatever comes of them, and of one card from wherever. A code that cannot be
// one is not counted: nothing is looked up for it, and its answer is arithmetic that is public.
inline constexpr int balance_checks_a_minute_max = 30;       // from a source
inline constexpr int card_balance_checks_a_minute_max = 10;  // of a card, or of what is none

enum class CardTrouble : std::uint8_t {
  unknown,   // or not to be spent: nobody learns which
  too_many,  // checks from there, or of that card
  busy,
};

// Calls may come from any thread, and none waits. The core must outlive this.
class Cards {
 public:
  // The owner: of the cards that are sold and taken here.
  Cards(Core& core, io::Clock& clock, CardKey key, std::optional<trade::SiteCode> owner = {})
      : core_(core), clock_(clock), key_(std::move(key)), owner_(owner) {}

  // Of a code as somebody typed it, which goes no further than here. Refuses as
  // trade::parse_card_code.
  std::expected<trade::CardDigest, trade::No> digest_of(std::string_view code) const;

  // The source is where the request comes from. `then` is called once, here or on the core's
  // thread.
  void balance(std::string_view source, const trade::CardDigest& card,
               std::move_only_function<void(std::expected<CardBalance, CardTrouble>)> then);

  const CardKey& key() const { return key_; }
  std::optional<trade::SiteCode> owner() const { return owner_; }

 private:
  bool may_check(const std::string& source, const std::string& card);

  Core& core_;
  io::Clock& clock_;
  const CardKey key_;
  const std::optional<trade::SiteCode> owner_;
  std::mutex mutex_;
  Attempts by_source_{balance_checks_a_minute_max}, by_card_{card_balance_checks_a_minute_max};
};

}  // namespace site
