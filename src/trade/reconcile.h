#pragma once
// What sites do that cannot ask each other, and what comes of it when they can again: caps, notices
// in a set order, and the loss of a card that was spent twice beside its bound.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "trade/ledger.h"

namespace trade {

struct OfflineCaps {
  std::int64_t card_day_pence = 0;    // taken from a card at a site on a day
  std::int64_t order_pence = 0;       // refunded of another site's order, ever
  std::int64_t orders_day_pence = 0;  // refunded of other sites' orders on a day
};
constexpr OfflineCaps offline_caps_of(const Limits& limits) {
  return {limits.card_day_pence, limits.exposure_order_pence, limits.exposure_day_pence};
}
// Of a site whose retailer has set nothing else.
inline constexpr OfflineCaps offline_caps = offline_caps_of(Limits{});

// Whether a site that cannot ask may do this. `heard` is the owner's ledger as far as the site has
// heard it, perhaps weeks ago. A card is taken offline only if it was active there, up to what was
// on it less what this site has taken since, and up to the cap. A fact that comes from another site
// is not asked this: it has happened. Refuses card_not_heard_of, balance_too_low, over_offline_cap,
// over_exposure_cap.
Verdict check_offline(const Ledger& own, const Ledger& heard, const OfflineCaps& caps,
                      const ValueEvent& event);

// What the reader has not booked yet of what the writer has to tell it, in turn.
std::vector<NoticeBooked> unheard(const Ledger& reader, const Ledger& writer);

// Books everything that the writers have to tell, in the order of site, epoch and sequence, however
// the writers are ordered. Gives back the events that were booked. Stops at the first notice that
// cannot be true: the writer's journal has to be set aside.
struct Reconciled {
  std::vector<NoticeBooked> booked;
  std::vector<std::pair<NoticeBooked, No>> refused;  // one for each writer that is set aside
};
Reconciled reconcile(Ledger& reader, std::span<const Ledger* const> writers);

struct LossRow {
  SiteCode site{};
  DocumentNumber receipt = {};
  Day day = {};
  std::int64_t claimed_pence = 0;
  std::int64_t lost_pence = 0;
  friend bool operator==(const LossRow&, const LossRow&) = default;
};

// A card's loss and its bound: (sites - 1) x cap x days. `sites` counts those that took money from
// the card without hearing of each other, each epoch by itself, and the owner if it ever took some;
// `days` is the most on which one of them did. The bound holds because each site by itself takes no
// more than was ever on the card, and every one but the first no more than the cap on each day.
// Which claim is the lost one is a convention: the last in the order of day, site, epoch and
// sequence. It does not depend on who was heard first.
struct LossReport {
  CardDigest card = {};
  VoucherKind kind{};
  std::int64_t loss_pence = 0;
  std::int64_t bound_pence = 0;
  std::int64_t cap_pence = 0;
  std::int64_t sites = 0;
  std::int64_t days = 0;
  std::vector<LossRow> rows = {};
  bool is_bounded() const { return loss_pence <= bound_pence; }
};
LossReport loss_of(const Ledger& owner, const CardDigest& card, const OfflineCaps& caps);

// One line for the loss beside its bound, and one for each receipt. A card is named by the first 8
// hexadecimal digits of its digest.
std::vector<std::string> print_loss(const LossReport& report);

}  // namespace trade
