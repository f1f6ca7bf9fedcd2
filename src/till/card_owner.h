#pragma once
// The port to the owner of gift cards and credit receipts: who alone knows what is on a card.
//
// A till asks for a hold and sells on it. The owner captures when it reads the sale in the till's
// journal, so nothing is ever taken for a sale that is not there; a hold without one runs out.

#include <cstdint>
#include <expected>
#include <functional>
#include <variant>

#include "site/core.h"
#include "trade/value.h"

namespace till {

// A hold that the owner has taken for this till.
struct CardHeld {
  trade::DocumentNumber hold = {};  // the owner's
  std::int64_t pence = 0;
  std::int64_t good_ms = 0;  // so long after the answer a sale may be made on it
};
// Nobody answered: nothing was held, or what was held runs out at the owner by itself.
struct NotReached {
  friend bool operator==(const NotReached&, const NotReached&) = default;
};
using NotHeld = std::variant<NotReached, trade::No>;

// Calls come from the core's thread and must not wait; a `then` is called once, from any thread.
class CardOwner {
 public:
  virtual ~CardOwner() = default;
  // Whose journal has the cards.
  virtual trade::SiteCode site() const = 0;
  virtual void hold(const trade::CardCode& code, std::int64_t pence,
                    std::move_only_function<void(std::expected<CardHeld, NotHeld>)> then) = 0;
  // Whether it arrives does not matter: the hold runs out by itself.
  virtual void release(const trade::DocumentNumber& hold) = 0;
};

// An owner that is never reached: every card is taken within what an offline till may.
class UnreachedCardOwner final : public CardOwner {
 public:
  explicit UnreachedCardOwner(trade::SiteCode site) : site_(site) {}
  trade::SiteCode site() const override { return site_; }
  void hold(const trade::CardCode&, std::int64_t,
            std::move_only_function<void(std::expected<CardHeld, NotHeld>)> then) override {
    then(std::unexpected(NotReached{}));
  }
  void release(const trade::DocumentNumber&) override {}

 private:
  trade::SiteCode site_;
};

}  // namespace till
