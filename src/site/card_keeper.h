#pragma once
// What a site does by itself about gift cards and credit receipts: books the notices that it reads
// in others' journals, ends holds that are over, and hands pending cards over to their owner once
// that is heard again.
//
// The journals say what was told and what was booked, so whatever is lost on the way is asked for
// again, and nothing is booked twice.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "site/core.h"

namespace site {

inline constexpr std::size_t card_bodies_a_round = 256;
inline constexpr std::size_t notices_of_a_writer_max = 64;  // in a round
inline constexpr std::size_t holds_a_round = 2'000;         // that are looked at
// So long beyond its end a hold waits for the journal of its site.
inline constexpr std::int64_t unheard_ms_max = std::int64_t{30} * 86'400'000;

// A notice that this site cannot book: nothing more of that writer is booked until it can be.
struct RefusedNotice {
  trade::SiteCode from{};
  std::uint16_t epoch = 0;
  std::uint32_t sequence = 0;
  std::string why;    // the catalogue's name
  std::string words;  // for a person
  friend bool operator==(const RefusedNotice&, const RefusedNotice&) = default;
};

struct CardCounts {
  std::uint64_t booked = 0, expired = 0, handed_over = 0;  // since the start
  std::vector<RefusedNotice> refused = {};                 // by writer
};

// What is to be done next, and what came of it. For one thread; with the same views it does the
// same.
class CardUpkeep {
 public:
  // The owner of cards that are sold here unasked; none: they wait.
  explicit CardUpkeep(std::optional<trade::SiteCode> owner) : owner_(owner) {}

  // Bodies for the site's own process, in the order in which they must happen, at most so many.
  // Writers take turns. Nothing where the site has no business with cards, or has it switched off.
  std::vector<trade::Body> next(const View& view, std::size_t bodies_max);
  // What became of one of them. A refusal of a notice that is new is returned.
  std::optional<RefusedNotice> took(const trade::Body& body, const Outcome& outcome);
  // The owner can be reached: an exchange with it has gone well. A journal of it that has grown
  // says the same.
  void owner_is_heard() { is_owner_heard_ = true; }

  const CardCounts& counts() const { return counts_; }

 private:
  struct OwnerSeen {
    std::uint16_t epoch = 0;
    std::uint64_t entries = 0;
    friend bool operator==(const OwnerSeen&, const OwnerSeen&) = default;
  };
  void book_notices(const View& view, std::size_t bodies_max, std::vector<trade::Body>& bodies);
  void look_for_owner(const View& view);
  void hand_over(const View& view, std::size_t bodies_max, std::vector<trade::Body>& bodies) const;
  void end_holds(const View& view, std::size_t bodies_max, std::vector<trade::Body>& bodies);
  bool is_stuck(trade::SiteCode writer) const;
  bool is_given_up(const View& view, const trade::CardHold& hold) const;

  std::optional<trade::SiteCode> owner_;
  bool is_owner_heard_ = false;
  std::optional<OwnerSeen> owner_seen_;
  trade::SiteCode last_writer_{};                  // whose turn it was last
  std::map<trade::SiteCode, std::size_t> booked_;  // notices of a writer that has none left for us
  trade::AccountKey last_hold_{trade::Account::held, {}, {}};
  CardCounts counts_;
};

// The upkeep of a running site: a round a second on the core's thread, and none before what the
// one before wanted is on disk.
class CardKeeper final : public Listener, public std::enable_shared_from_this<CardKeeper> {
 public:
  using Tell = std::function<void(const RefusedNotice&)>;

  // `tell` is called on the core's thread, once for each refusal that is new. The core must outlive
  // the keeper.
  static std::shared_ptr<CardKeeper> start(Core& core, std::optional<trade::SiteCode> owner,
                                           Tell tell = {});

  // An exchange with that site has gone well. From any thread.
  void heard(trade::SiteCode site);
  CardCounts counts() const;

  void enrolments_ended(const trade::Partition&) override {}
  void second_passed() override;

 private:
  CardKeeper(Core& core, std::optional<trade::SiteCode> owner, Tell tell)
      : core_(core), owner_(owner), tell_(std::move(tell)), upkeep_(owner) {}
  void look(const View& view);
  void end_one();

  Core& core_;
  const std::optional<trade::SiteCode> owner_;
  const Tell tell_;
  std::atomic<bool> is_owner_heard_ = false;
  // Of the core's thread.
  CardUpkeep upkeep_;
  std::size_t open_ = 0;  // answers that a round waits for
  mutable std::mutex mutex_;
  CardCounts told_;
};

// A card's balance, to whoever has its code: at its owner what is to be spent at once, and where it
// is pending what may be spent there. Nothing for a card that cannot be spent: unknown, frozen,
// stopped, handed over.
struct CardBalance {
  trade::VoucherKind kind{};
  trade::CardState state{};
  std::int64_t pence = 0;
  friend bool operator==(const CardBalance&, const CardBalance&) = default;
};
std::optional<CardBalance> balance_of(const trade::Ledger& ledger, const trade::CardDigest& card);

// What a site may do with a card whose owner it cannot ask.
struct CardHere {
  trade::CardState here{};         // in the site's own ledger
  std::int64_t pending_pence = 0;  // to be spent here and nowhere else
  trade::CardState heard{};        // at its owner, as far as heard
  std::int64_t unasked_pence = 0;  // that a sale may take today without asking the owner
};
CardHere look_at(const View& view, std::optional<trade::SiteCode> owner,
                 const trade::CardDigest& card);

}  // namespace site
