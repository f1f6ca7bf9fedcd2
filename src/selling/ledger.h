#pragma once
// The value ledger of one site: an append-only list of postings that add up to nothing, and what
// they come to.
//
// An event is posted as a whole or refused, and refused events change nothing. A ledger is the fold
// of its own site's events and of no others: what another site has to tell comes as a notice that
// this site books. No clock, no chance; equal events make equal ledgers.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "selling/value.h"

namespace selling {

// One balance of an account. Members that the account is not kept by stay empty; a site is a number
// without a counter.
struct AccountKey {
  Account account{};
  CardDigest card = {};
  DocumentNumber number = {};
  friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
};

struct Posting {
  std::uint32_t event = 0;  // counts from 0
  AccountKey key = {};
  std::int64_t pence = 0;  // debit above zero
  friend bool operator==(const Posting&, const Posting&) = default;
};

// Money that was taken from a card without asking its owner, as the owner booked it.
struct Claim {
  SiteCode site{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;  // of the notice
  DocumentNumber receipt = {};
  Day day = {};
  std::int64_t pence = 0;
  friend bool operator==(const Claim&, const Claim&) = default;
};

struct Hold {
  CardDigest card = {};
  SiteCode site{};
  HoldState state{};
  std::int64_t expires_tick_ms = 0;
  std::set<DocumentNumber> receipts = {};  // what it was captured for
  friend bool operator==(const Hold&, const Hold&) = default;
};

// What one writer's journal has told a reader: the writer's site and epoch.
using Writer = std::pair<SiteCode, std::uint16_t>;

class Ledger {
 public:
  Ledger(SiteCode site, std::uint16_t epoch) : site_(site), epoch_(epoch) {}

  SiteCode site() const { return site_; }
  std::uint16_t epoch() const { return epoch_; }

  // Whether the event can be true after what the ledger knows. Refuses with what is in the way.
  Answer<void> check(const ValueEvent& event) const;
  // The same, and books it. A document that is known already is refused as document_known: whoever
  // repeats a request looks up what came of it.
  Answer<void> post(const ValueEvent& event);

  // Debit above zero. Balances are a cache of the postings; those of zero are not kept.
  std::int64_t balance(const AccountKey& key) const;
  std::int64_t total(Account account) const;
  const std::map<AccountKey, std::int64_t>& balances() const { return balances_; }
  std::span<const Posting> postings() const { return postings_; }

  CardState state(const CardDigest& card) const;
  VoucherKind kind(const CardDigest& card) const;
  // To be spent or held at once; without what is held.
  std::int64_t available_pence(const CardDigest& card) const;
  std::int64_t held_pence(const CardDigest& card) const;
  std::int64_t loss_pence(const CardDigest& card) const;
  std::int64_t pending_pence(const CardDigest& card) const;
  // In the order in which they were booked.
  std::span<const Claim> claims(const CardDigest& card) const;
  // Whether money of the card was ever captured or held here.
  bool was_used(const CardDigest& card) const;
  const Hold* hold(const DocumentNumber& number) const;
  std::int64_t left_pence(const DocumentNumber& hold) const;
  // What is left to refund of a receipt or an order of this site; 0 where there is none.
  std::int64_t refundable_pence(const DocumentNumber& receipt) const;

  // Taken here from a card on a day without asking; on any day, as far as the owner (whose ledger
  // this is) has not booked it; of another site's order refunded unasked; of all orders on a day.
  std::int64_t offline_pence(const CardDigest& card, Day day) const;
  std::int64_t unbooked_pence(const CardDigest& card, const Ledger& owner) const;
  std::int64_t exposed_pence(const DocumentNumber& order) const;
  std::int64_t exposed_pence(Day day) const;

  // What this ledger has to tell a site, in order; and how much of a writer's it has booked.
  std::span<const Notice> notices(SiteCode reader) const;
  std::uint32_t booked(const Writer& writer) const;

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  struct Card {
    CardState state{};
    VoucherKind kind{};
    std::int64_t held_pence = 0;
    bool was_used = false;
    std::vector<Claim> claims = {};
    friend bool operator==(const Card&, const Card&) = default;
  };
  struct Sale {
    std::int64_t gross_pence = 0, vat_pence = 0, refunded_pence = 0;
    friend bool operator==(const Sale&, const Sale&) = default;
  };
  struct Entry {
    AccountKey key = {};
    std::int64_t pence = 0;
  };
  using Draft = std::vector<Entry>;

  // What an event would post, or why it cannot be; and what it changes beside the balances.
  Answer<Draft> draft(const SaleMade& event) const;
  Answer<Draft> draft(const RefundMade& event) const;
  Answer<Draft> draft(const CardActivated& event) const;
  Answer<Draft> draft(const CardCredited& event) const;
  Answer<Draft> draft(const CardMoved& event) const;
  Answer<Draft> draft(const HoldTaken& event) const;
  Answer<Draft> draft(const HoldCaptured& event) const;
  Answer<Draft> draft(const HoldEnded& event) const;
  Answer<Draft> draft(const PendingHandedOver& event) const;
  Answer<Draft> draft(const ExposureRefunded& event) const;
  Answer<Draft> draft(const NoticeBooked& event) const;
  Answer<Draft> draft(const PaymentPosted& event) const;
  Answer<Draft> checked_draft(const ValueEvent& event) const;
  Draft draft_exposure(const NoticeBooked& event) const;
  void note_exposure(const NoticeBooked& event);
  Answer<void> add_tenders(std::span<const Tender> tenders, bool is_refund, Draft& draft) const;
  void note(const SaleMade& event);
  void note(const RefundMade& event);
  void note(const CardActivated& event);
  void note(const CardCredited& event);
  void note(const CardMoved& event);
  void note(const HoldTaken& event);
  void note(const HoldCaptured& event);
  void note(const HoldEnded& event);
  void note(const PendingHandedOver& event);
  void note(const ExposureRefunded& event);
  void note(const NoticeBooked& event);
  void note(const PaymentPosted& event);

  AccountKey liability(const CardDigest& card, VoucherKind otherwise) const;
  // Own documents have this site's code; none has been posted before.
  Answer<void> check_new(const DocumentNumber& number, SiteCode issuer) const;
  void add(const AccountKey& key, std::int64_t pence);
  void tell(SiteCode reader, const Notice& notice);
  // After money of a card moved: what it lacks is a loss, a loss is made good by what comes to it,
  // and an empty card is spent.
  void settle(const CardDigest& card);

  SiteCode site_;
  std::uint16_t epoch_;
  std::uint32_t events_ = 0;
  std::vector<Posting> postings_;
  std::map<AccountKey, std::int64_t> balances_;
  std::map<CardDigest, Card> cards_;
  std::map<DocumentNumber, Hold> holds_;
  std::map<DocumentNumber, Sale> sales_;
  std::set<DocumentNumber> documents_;  // all that were ever posted, of other sites as well
  std::set<std::pair<DocumentNumber, DocumentNumber>> payment_parts_;  // payment and document
  std::map<std::pair<CardDigest, Day>, std::int64_t> offline_;
  std::map<DocumentNumber, std::int64_t> exposed_by_order_;
  std::map<Day, std::int64_t> exposed_by_day_;
  std::map<SiteCode, std::vector<Notice>> notices_;
  std::map<Writer, std::uint32_t> booked_;
};

}  // namespace selling
