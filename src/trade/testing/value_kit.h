#pragma once
// For tests of the value ledger: sites, cards, numbers, small sales, and what must always hold.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "trade/ledger.h"

namespace trade::testing::value {

inline constexpr SiteCode owner_code{9'000}, store_code{42}, other_store_code{43};
inline constexpr Day today{9'827};

inline Day in_days(int days) { return {static_cast<std::uint16_t>(today.days + days)}; }

inline CardDigest card_of(std::uint32_t number) {
  CardDigest made;
  for (std::size_t i = 0; i < 4; ++i)
    made.bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  made.bytes.back() = 1;
  return made;
}

inline DocumentNumber number(SiteCode site, std::uint32_t counter) { return {site, 1, counter}; }

// Goods at the standard rate.
inline std::vector<VatRow> goods(std::int64_t pence) {
  if (pence == 0) return {};
  return {{VatCode::standard, 2'000, pence, (2 * pence * 2'000 + 12'000) / (2 * 12'000)}};
}
inline Tender cash(std::int64_t pence) { return {.kind = TenderKind::cash, .pence = pence}; }
inline Tender by_card(std::int64_t pence, const DocumentNumber& payment) {
  return {.kind = TenderKind::card, .pence = pence, .number = payment};
}
inline Tender gift(TenderKind kind, std::int64_t pence, const CardDigest& card) {
  return {.kind = kind, .pence = pence, .card = card, .owner = owner_code};
}
inline SaleMade sale(const DocumentNumber& receipt, std::int64_t pence, std::vector<Tender> tenders,
                     Day day = today) {
  return {receipt, day, goods(pence), {}, std::move(tenders)};
}
inline SaleMade card_sale(const DocumentNumber& receipt, const CardDigest& card, std::int64_t pence,
                          bool is_pending) {
  return {receipt,
          today,
          {},
          {{card, VoucherKind::gift_card, pence, owner_code, is_pending}},
          {cash(pence)}};
}

// The word of a refusal, or "done".
template <class AnyLedger>
std::string_view post(AnyLedger& ledger, const ValueEvent& event) {
  const auto posted = ledger.post(event);
  return posted ? "done" : row_of(posted.error().why).name;
}
template <class AnyLedger>
void must(AnyLedger& ledger, const ValueEvent& event) {
  CHECK(post(ledger, event) == "done");
}

template <class AnyLedger>
void activate(AnyLedger& owner, const CardDigest& card, std::int64_t pence) {
  must(owner, CardActivated{card, VoucherKind::gift_card, pence, store_code, {}});
}

// A ledger with all its postings, which the ledger itself does not keep.
class Kept : public Ledger {
 public:
  using Ledger::Ledger;
  std::expected<std::vector<Posting>, No> post(const ValueEvent& event) {
    auto made = Ledger::post(event);
    if (!made) return made;
    std::int64_t sum = 0;
    for (const Posting& posting : *made) sum += posting.pence;
    is_balanced_ = is_balanced_ && sum == 0;
    postings_.insert(postings_.end(), made->begin(), made->end());
    return made;
  }
  const std::vector<Posting>& postings() const { return postings_; }
  bool is_balanced() const { return is_balanced_; }
  const Ledger& ledger() const { return *this; }
  friend bool operator==(const Kept&, const Kept&) = default;

 private:
  std::vector<Posting> postings_;
  bool is_balanced_ = true;
};

// What is wrong with a ledger whatever has happened: postings of an event that do not add up, a
// balance that is not the sum of its postings, an account on its wrong side. Empty if nothing is.
inline std::string fault_of(const Kept& ledger) {
  if (!ledger.is_balanced()) return "an event does not add up to nothing";
  std::map<AccountKey, std::int64_t> folded;
  for (const Posting& posting : ledger.postings()) folded[posting.key] += posting.pence;
  std::erase_if(folded, [](const auto& entry) { return entry.second == 0; });
  if (folded != ledger.balances()) return "balances are not the sums of the postings";
  for (const auto& [key, pence] : folded) {
    const Side side = row_of(key.account).side;
    if ((side == Side::debit && pence < 0) || (side == Side::credit && pence > 0))
      return std::string(text_of(key.account)) + " is on its wrong side";
  }
  return ledger.is_sound() ? "" : "the ledger does not take itself for sound";
}

}  // namespace trade::testing::value
