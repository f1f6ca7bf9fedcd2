#pragma once
// The value ledger of one site: what postings come to that add up to nothing.
//
// An event is posted as a whole or refused, and refused events change nothing. A ledger is the fold
// of its own site's events and of no others: what another site has to tell comes as a notice that
// this site books. No clock, no chance; equal events make equal ledgers.

#include <cstdint>
#include <expected>
#include <map>
#include <tuple>
#include <vector>

#include "trade/value.h"

namespace trade {

// One balance of an account. Members that the account is not kept by stay empty; a site is a number
// without a counter.
struct AccountKey {
  Account account{};
  CardDigest card = {};
  DocumentNumber number = {};
  static constexpr auto fields() {
    return std::tuple(&AccountKey::account, &AccountKey::card, &AccountKey::number);
  }
  friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
};

struct Posting {
  AccountKey key = {};
  std::int64_t pence = 0;  // debit above zero
  friend bool operator==(const Posting&, const Posting&) = default;
};

// Money that was taken from a card without the owner's hold, as the owner booked it.
struct Claim {
  SiteCode site{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;  // of the notice
  DocumentNumber receipt = {};
  Day day = {};
  std::int64_t pence = 0;
  friend bool operator==(const Claim&, const Claim&) = default;
};

// What one writer's journal has told a reader: the writer's site and epoch.
struct Teller {
  SiteCode site{};
  std::uint16_t epoch = 0;
  static constexpr auto fields() { return std::tuple(&Teller::site, &Teller::epoch); }
  friend auto operator<=>(const Teller&, const Teller&) = default;
};

struct CardHold {
  CardDigest card = {};
  SiteCode site{};
  HoldState state{};
  std::int64_t expires_tick_ms = 0;
  std::vector<DocumentNumber> receipts = {};  // what it was captured for
  static constexpr auto fields() {
    return std::tuple(&CardHold::card, &CardHold::site, &CardHold::state,
                      &CardHold::expires_tick_ms, &CardHold::receipts);
  }
  friend bool operator==(const CardHold&, const CardHold&) = default;
};

// A notice is told under the epoch in which it was made and counts from 0 in it: a site that goes
// on in a later epoch keeps what it had to tell, and nobody books that twice.
struct NoticeKey {
  SiteCode reader{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;
  static constexpr auto fields() {
    return std::tuple(&NoticeKey::reader, &NoticeKey::epoch, &NoticeKey::sequence);
  }
  friend auto operator<=>(const NoticeKey&, const NoticeKey&) = default;
};

class Ledger {
 public:
  Ledger(SiteCode site, std::uint16_t epoch) : site_(site), epoch_(epoch) {}

  SiteCode site() const { return site_; }
  std::uint16_t epoch() const { return epoch_; }
  // The site goes on in another epoch, or a ledger that was read back is this site's.
  void go_on(SiteCode site, std::uint16_t epoch) { site_ = site, epoch_ = epoch; }

  // Whether the event can be true after what the ledger knows. Refuses with what is in the way.
  Verdict check(const ValueEvent& event) const;
  // The same, and books it: the postings, in their order. A document that is known already is
  // refused as document_known: whoever repeats a request looks up what came of it.
  std::expected<std::vector<Posting>, No> post(const ValueEvent& event);

  // Debit above zero. Balances are a cache of the postings; those of zero are not kept.
  std::int64_t balance(const AccountKey& key) const;
  std::int64_t total(Account account) const;
  const std::map<AccountKey, std::int64_t>& balances() const { return balances_; }
  // Whether every key is on its side and all add up to nothing: what must hold of any ledger.
  bool is_sound() const;

  CardState state(const CardDigest& card) const;
  VoucherKind kind(const CardDigest& card) const;
  // To be spent or held at once; without what is held.
  std::int64_t available_pence(const CardDigest& card) const;
  std::int64_t held_pence(const CardDigest& card) const;
  std::int64_t loss_pence(const CardDigest& card) const;
  std::int64_t pending_pence(const CardDigest& card) const;
  // By site, epoch and sequence.
  std::vector<Claim> claims(const CardDigest& card) const;
  // Whether money of the card was ever captured or held here.
  bool was_used(const CardDigest& card) const;
  const CardHold* hold(const DocumentNumber& number) const;
  std::int64_t left_pence(const DocumentNumber& hold) const;
  // What is left to refund of a receipt or an order of this site; 0 where there is none.
  std::int64_t refundable_pence(const DocumentNumber& receipt) const;
  // Nothing of the order is ever refunded again.
  void forget_order(const DocumentNumber& order) { sales_.erase(order); }

  // Taken here from a card on a day without asking; on any day, as far as the owner (whose ledger
  // this is) has not booked it; of another site's order refunded unasked; of all orders on a day.
  std::int64_t offline_pence(const CardDigest& card, Day day) const;
  std::int64_t unbooked_pence(const CardDigest& card, const Ledger& owner) const;
  std::int64_t exposed_pence(const DocumentNumber& order) const;
  std::int64_t exposed_pence(Day day) const;

  // What this ledger has to tell, each site in order; and how much of a writer's it has booked.
  const std::map<NoticeKey, Notice>& notices() const { return notices_; }
  std::vector<Notice> notices(SiteCode reader) const;
  std::uint32_t booked(const Teller& writer) const;

  // Site and epoch are the partition's and not written here.
  static constexpr auto fields() {
    return std::tuple(&Ledger::balances_, &Ledger::cards_, &Ledger::claims_, &Ledger::holds_,
                      &Ledger::sales_, &Ledger::documents_, &Ledger::payment_parts_,
                      &Ledger::offline_, &Ledger::exposed_by_order_, &Ledger::exposed_by_day_,
                      &Ledger::notices_, &Ledger::booked_);
  }

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  struct Card {
    CardState state{};
    VoucherKind kind{};
    bool was_used = false;
    static constexpr auto fields() {
      return std::tuple(&Card::state, &Card::kind, &Card::was_used);
    }
    friend bool operator==(const Card&, const Card&) = default;
  };
  struct Sale {
    std::int64_t gross_pence = 0, vat_pence = 0, refunded_pence = 0;
    static constexpr auto fields() {
      return std::tuple(&Sale::gross_pence, &Sale::vat_pence, &Sale::refunded_pence);
    }
    friend bool operator==(const Sale&, const Sale&) = default;
  };
  struct ClaimKey {
    CardDigest card = {};
    Teller teller = {};
    std::uint32_t sequence = 0;
    static constexpr auto fields() {
      return std::tuple(&ClaimKey::card, &ClaimKey::teller, &ClaimKey::sequence);
    }
    friend auto operator<=>(const ClaimKey&, const ClaimKey&) = default;
  };
  struct ClaimMade {
    DocumentNumber receipt = {};
    Day day = {};
    std::int64_t pence = 0;
    static constexpr auto fields() {
      return std::tuple(&ClaimMade::receipt, &ClaimMade::day, &ClaimMade::pence);
    }
    friend bool operator==(const ClaimMade&, const ClaimMade&) = default;
  };
  struct PaymentPart {
    DocumentNumber payment = {};
    DocumentNumber document = {};
    static constexpr auto fields() {
      return std::tuple(&PaymentPart::payment, &PaymentPart::document);
    }
    friend auto operator<=>(const PaymentPart&, const PaymentPart&) = default;
  };
  struct CardDay {
    CardDigest card = {};
    Day day = {};
    static constexpr auto fields() { return std::tuple(&CardDay::card, &CardDay::day); }
    friend auto operator<=>(const CardDay&, const CardDay&) = default;
  };
  using Draft = std::vector<Posting>;

  // What an event would post, or why it cannot be; and what it changes beside the balances.
  std::expected<Draft, No> draft(const SaleMade& event) const;
  std::expected<Draft, No> draft(const RefundMade& event) const;
  std::expected<Draft, No> draft(const CardActivated& event) const;
  std::expected<Draft, No> draft(const CardCredited& event) const;
  std::expected<Draft, No> draft(const CardMoved& event) const;
  std::expected<Draft, No> draft(const HoldTaken& event) const;
  std::expected<Draft, No> draft(const HoldCaptured& event) const;
  std::expected<Draft, No> draft(const HoldEnded& event) const;
  std::expected<Draft, No> draft(const PendingHandedOver& event) const;
  std::expected<Draft, No> draft(const ExposureRefunded& event) const;
  std::expected<Draft, No> draft(const NoticeBooked& event) const;
  std::expected<Draft, No> draft(const PaymentPosted& event) const;
  std::expected<Draft, No> draft(const DrawerMoved& event) const;
  std::expected<Draft, No> draft(const OrderCharged& event) const;
  std::expected<Draft, No> draft(const OrderPaidBack& event) const;
  std::expected<Draft, No> checked_draft(const ValueEvent& event) const;
  Draft draft_claim(const NoticeBooked& event) const;
  Draft draft_exposure(const NoticeBooked& event) const;
  // The hold that a claim rests on, if it still is that site's for that card.
  const CardHold* hold_of(const NoticeBooked& claim) const;
  // Of a sale's money that goes back, the VAT.
  std::int64_t vat_of_refund(const Sale& sale, std::int64_t pence) const;
  void note_claim(const NoticeBooked& event);
  void note_exposure(const NoticeBooked& event);
  Verdict add_tenders(const std::vector<Tender>& tenders, bool is_refund, Draft& draft) const;
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
  void note(const DrawerMoved&) {}
  void note(const OrderCharged& event);
  void note(const OrderPaidBack& event);

  AccountKey liability(const CardDigest& card, VoucherKind otherwise) const;
  // Own documents have this site's code; none has been posted before.
  Verdict check_new(const DocumentNumber& number, SiteCode issuer) const;
  static void add_to(std::map<AccountKey, std::int64_t>& balances, const Posting& posting);
  void tell(SiteCode reader, const Notice& notice);
  // After money of a card moved: what it lacks is a loss, a loss is made good by what comes to it,
  // and an empty card is spent.
  void settle(const CardDigest& card, std::vector<Posting>& postings);

  SiteCode site_;
  std::uint16_t epoch_;
  std::map<AccountKey, std::int64_t> balances_;
  std::map<CardDigest, Card> cards_;
  std::map<ClaimKey, ClaimMade> claims_;
  std::map<DocumentNumber, CardHold> holds_;
  std::map<DocumentNumber, Sale> sales_;
  std::map<DocumentNumber, Nothing> documents_;  // all that were posted, of other sites as well
  std::map<PaymentPart, Nothing> payment_parts_;
  std::map<CardDay, std::int64_t> offline_;
  std::map<DocumentNumber, std::int64_t> exposed_by_order_;
  std::map<Day, std::int64_t> exposed_by_day_;
  std::map<NoticeKey, Notice> notices_;
  std::map<Teller, std::uint32_t> booked_;
};

}  // namespace trade
