#include "site/card_keeper.h"

#include <algorithm>
#include <utility>

#include "trade/reconcile.h"
#include "trade/rules.h"

namespace site {
namespace {

using trade::Account;
using trade::AccountKey;
using trade::Body;
using trade::Ledger;
using trade::SiteCode;
using trade::Verb;

// Whether the site's own process may do that here and now: its kind, and what is switched off.
bool may(const trade::Partition& own, Verb verb) {
  const auto capability = static_cast<std::size_t>(row_of(verb).capability);
  return trade::permits(own.site.kind, trade::Role::site, verb).has_value() &&
         own.modes[capability] == trade::Mode::open;
}

// What the reader lacks of the writer's notices, in turn, at most so many. As trade::unheard, which
// walks all that were ever told; this leaps over what was booked.
std::vector<trade::NoticeBooked> lacking(const Ledger& reader, const Ledger& writer,
                                         std::size_t count_max) {
  std::vector<trade::NoticeBooked> found;
  const auto& told = writer.notices();
  auto it = told.lower_bound({reader.site(), 0, 0});
  while (it != told.end() && it->first.reader == reader.site() && found.size() < count_max) {
    const auto& [key, notice] = *it;
    const std::uint32_t booked = reader.booked({writer.site(), key.epoch});
    if (key.sequence < booked) {
      it = told.lower_bound({reader.site(), key.epoch, booked});
      continue;
    }
    found.push_back({writer.site(), key.epoch, key.sequence, notice});
    ++it;
  }
  return found;
}

}  // namespace

bool CardUpkeep::is_stuck(SiteCode writer) const {
  return std::ranges::find(counts_.refused, writer, &RefusedNotice::from) != counts_.refused.end();
}

// Of a writer whose notice was refused only that one is tried again.
void CardUpkeep::book_notices(const View& view, std::size_t bodies_max, std::vector<Body>& bodies) {
  const auto& sites = view.book.partitions();
  auto turn = sites.upper_bound(last_writer_);
  for (std::size_t i = 0; i < sites.size() && bodies.size() < bodies_max; ++i, ++turn) {
    if (turn == sites.end()) turn = sites.begin();
    const auto& [code, writer] = *turn;
    if (view.book.quarantine(code)) continue;
    const std::size_t told = writer.ledger.notices().size();
    if (const auto known = booked_.find(code); known != booked_.end() && known->second == told)
      continue;
    const std::size_t room = std::min(notices_of_a_writer_max, bodies_max - bodies.size());
    auto found = lacking(view.own.ledger, writer.ledger, is_stuck(code) ? 1 : room);
    const auto waiting = std::ranges::find_if(found, [&](const trade::NoticeBooked& it) {
      return waits_for_its_order(view.own, it.notice);
    });
    const bool all_wait = !found.empty() && waiting == found.begin();
    found.erase(waiting, found.end());
    if (all_wait) continue;
    if (found.empty()) {
      booked_[code] = told;
      std::erase_if(counts_.refused, [&](const RefusedNotice& it) { return it.from == code; });
      continue;
    }
    booked_.erase(code);
    bodies.insert(bodies.end(), found.begin(), found.end());
    last_writer_ = code;
  }
}

// News of the owner since the last look. What was there at the first one is none: it may be old.
void CardUpkeep::look_for_owner(const View& view) {
  if (!owner_) return;
  OwnerSeen newest;
  for (const Peer& peer : view.peers)
    if (peer.site == owner_ &&
        std::pair(peer.epoch, peer.entries) > std::pair(newest.epoch, newest.entries))
      newest = {peer.epoch, peer.entries};
  const auto before = std::exchange(owner_seen_, newest);
  if (before && *before != newest) is_owner_heard_ = true;
}

void CardUpkeep::hand_over(const View& view, std::size_t bodies_max,
                           std::vector<Body>& bodies) const {
  const auto& balances = view.own.ledger.balances();
  for (auto row = balances.lower_bound({Account::pending, {}, {}});
       row != balances.end() && row->first.account == Account::pending &&
       bodies.size() < bodies_max;
       ++row)
    bodies.emplace_back(trade::PendingHandedOver{row->first.card, *owner_});
}

// A site may have sold on its hold, and its journal not have come yet. So a hold ends once that
// journal was read beyond the hold's end and nothing of it is left to be booked.
bool CardUpkeep::is_given_up(const View& view, const trade::CardHold& hold) const {
  const std::int64_t overdue_ms = view.tick_ms - hold.expires_tick_ms;
  std::int64_t heard_ms = -1;  // of all its epochs
  for (const Peer& peer : view.peers)
    if (peer.site == hold.site) heard_ms = std::max(heard_ms, peer.at_ms);
  if (hold.site == view.own.site.code || overdue_ms > unheard_ms_max) return true;
  // Of a site that has no journal here, only one whose device asks may have sold on it.
  if (heard_ms < 0)
    return std::ranges::none_of(view.own.enrolled_devices, [&](const auto& row) {
      return row.second.site == hold.site && !row.second.is_ended;
    });
  const trade::Partition* writer = view.book.find(hold.site);
  return heard_ms > view.at_ms - overdue_ms && writer != nullptr &&
         lacking(view.own.ledger, writer->ledger, 1).empty();
}

// Goes on behind the last one that was looked at, and begins anew at the end.
void CardUpkeep::end_holds(const View& view, std::size_t bodies_max, std::vector<Body>& bodies) {
  const Ledger& ledger = view.own.ledger;
  auto row = ledger.balances().upper_bound(last_hold_);
  for (std::size_t i = 0; i < holds_a_round && bodies.size() < bodies_max; ++i, ++row) {
    if (row == ledger.balances().end() || row->first.account != Account::held) {
      last_hold_ = {Account::held, {}, {}};
      return;
    }
    last_hold_ = row->first;
    const trade::CardHold* hold = ledger.hold(row->first.number);
    if (hold != nullptr && hold->expires_tick_ms <= view.tick_ms && is_given_up(view, *hold))
      bodies.emplace_back(
          trade::HoldEnded{row->first.number, trade::HoldVerb::expire, view.tick_ms});
  }
}

std::vector<Body> CardUpkeep::next(const View& view, std::size_t bodies_max) {
  std::vector<Body> bodies;
  if (!view.no_write_why().empty()) return bodies;
  // Each is bounded by itself, so that none keeps the others from their turn.
  if (may(view.own, Verb::settle_hold)) end_holds(view, bodies_max / 4, bodies);
  look_for_owner(view);
  if (owner_ && owner_ != view.own.site.code && may(view.own, Verb::hand_over) &&
      std::exchange(is_owner_heard_, false)) {
    const std::size_t room = bodies.size() + bodies_max / 4;
    hand_over(view, room, bodies);
    is_owner_heard_ = bodies.size() == room;  // there may be more
  }
  if (may(view.own, Verb::book_notice)) book_notices(view, bodies_max, bodies);
  return bodies;
}

std::optional<RefusedNotice> CardUpkeep::took(const Body& body, const Outcome& outcome) {
  const auto* booked = std::get_if<trade::NoticeBooked>(&body);
  if (outcome) {
    if (std::holds_alternative<trade::HoldEnded>(body)) ++counts_.expired;
    if (std::holds_alternative<trade::PendingHandedOver>(body)) ++counts_.handed_over;
    if (booked == nullptr) return std::nullopt;
    ++counts_.booked;
    std::erase_if(counts_.refused,
                  [&](const RefusedNotice& it) { return it.from == booked->from; });
    return std::nullopt;
  }
  // What the disk did not take comes again.
  const auto* no = std::get_if<trade::No>(&outcome.error().why);
  if (booked == nullptr || no == nullptr) return std::nullopt;
  const RefusedNotice refused{booked->from, booked->epoch, booked->sequence,
                              std::string(row_of(no->why).name),
                              std::string(row_of(no->why).meaning)};
  const auto known =
      std::ranges::lower_bound(counts_.refused, booked->from, {}, &RefusedNotice::from);
  if (known != counts_.refused.end() && known->from == booked->from) {
    // Those behind it are out of turn because of it.
    const bool is_behind =
        std::pair(known->epoch, known->sequence) < std::pair(booked->epoch, booked->sequence);
    if (is_behind || *known == refused) return std::nullopt;
    *known = refused;
    return refused;
  }
  counts_.refused.insert(known, refused);
  return refused;
}

std::shared_ptr<CardKeeper> CardKeeper::start(Core& core, std::optional<SiteCode> owner,
                                              Tell tell) {
  std::shared_ptr<CardKeeper> made(new CardKeeper(core, owner, std::move(tell)));
  core.listen(made);
  return made;
}

void CardKeeper::heard(SiteCode site) {
  if (site == owner_) is_owner_heard_ = true;
}

CardCounts CardKeeper::counts() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

void CardKeeper::second_passed() {
  if (open_ > 0) return;
  open_ = 1;
  if (!core_.ask([its = shared_from_this()](const View& view) { its->look(view); })) open_ = 0;
}

void CardKeeper::look(const View& view) {
  if (is_owner_heard_.exchange(false)) upkeep_.owner_is_heard();
  for (Body& body : upkeep_.next(view, card_bodies_a_round)) {
    ++open_;
    const auto then = [its = shared_from_this(), body](const Outcome& outcome, const View&) {
      if (const auto refused = its->upkeep_.took(body, outcome); refused && its->tell_)
        its->tell_(*refused);
      its->end_one();
    };
    if (!core_.submit({{}, [body](const trade::Partition&) { return body; }}, then)) --open_;
  }
  end_one();
}

void CardKeeper::end_one() {
  if (--open_ > 0) return;
  const std::lock_guard lock(mutex_);
  told_ = upkeep_.counts();
}

std::optional<CardBalance> balance_of(const Ledger& ledger, const trade::CardDigest& card) {
  const trade::CardState state = ledger.state(card);
  const trade::VoucherKind kind = ledger.kind(card);
  switch (state) {
    case trade::CardState::active:
    case trade::CardState::spent:
      return CardBalance{kind, state, ledger.available_pence(card)};
    case trade::CardState::pending:
      return CardBalance{kind, state, ledger.pending_pence(card)};
    default:
      return std::nullopt;
  }
}

CardHere look_at(const View& view, std::optional<SiteCode> owner, const trade::CardDigest& card) {
  const Ledger& own = view.own.ledger;
  CardHere made{own.state(card), own.pending_pence(card), {}, 0};
  const trade::Partition* heard = owner ? view.book.find(*owner) : nullptr;
  if (heard == nullptr) return made;
  made.heard = heard->ledger.state(card);
  if (made.heard != trade::CardState::active) return made;
  const std::int64_t there =
      heard->ledger.available_pence(card) - own.unbooked_pence(card, heard->ledger);
  const std::int64_t cap = view.own.limits.card_day_pence - own.offline_pence(card, view.own.day);
  made.unasked_pence = std::max<std::int64_t>(0, std::min(there, cap));
  return made;
}

}  // namespace site
