#include "rehearse/estate.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/date.h"
#include "journal/scan.h"
#include "site/key.h"

namespace rehearse {
namespace {

using trade::SiteCode;
using trade::SiteKind;

constexpr std::int64_t begin_ms = 1'795'000'000'000;  // in the autumn of 2026
constexpr std::int64_t day_ms = 24 * 3'600'000;
constexpr std::int64_t step_ms = 50;
constexpr std::size_t answered_max = 8;
constexpr std::size_t old_messages_max = 24;
constexpr std::uint64_t numbers_an_exchange = 1'000'000;
// Within it a request that comes again must be known.
constexpr std::int64_t repeated_within_ms = 40 * 3'600'000;

std::string name_of(std::uint16_t code) { return fmt::format("{:04}", code); }

// Stores dial the depot that their code falls to, and the centre; depots the centre.
HostPlan plan_of(std::uint16_t code, std::uint64_t seed, std::int64_t wall_ms) {
  HostPlan plan;
  plan.name = name_of(code);
  plan.seed = seed;
  plan.wall_ms = wall_ms;
  plan.site = {SiteCode{code}, SiteKind::store, 1};
  if (code == 1) {
    plan.site.kind = SiteKind::centre;
  } else if (code < 100) {
    plan.site.kind = SiteKind::depot;
    plan.dials = {"0001"};
  } else {
    plan.dials = {name_of(static_cast<std::uint16_t>(11 + code % depot_count)), "0001"};
  }
  return plan;
}

// The journal did not take it, now or until somebody decides.
bool was_not_taken(const site::Outcome& outcome) {
  const auto* why = outcome ? nullptr : std::get_if<site::Trouble>(&outcome.error().why);
  return why != nullptr && (*why == site::Trouble::read_only || *why == site::Trouble::not_written);
}

std::string word(const site::Outcome& outcome) {
  if (outcome) return outcome->is_repeated ? "repeated" : "done";
  if (const auto* no = std::get_if<trade::No>(&outcome.error().why))
    return std::string(row_of(no->why).name);
  return was_not_taken(outcome) ? "read only" : "other content";
}

bool is_harmless(syncing::Refusal refusal) {
  using enum syncing::Refusal;
  return refusal == not_asked_for || refusal == behind || refusal == failed || refusal == damaged;
}

bool names_a_lie(syncing::Refusal refusal) {
  using enum syncing::Refusal;
  return refusal == rewritten || refusal == revoked_key || refusal == bad_proof ||
         refusal == does_not_continue;
}

}  // namespace

Estate::Estate(std::uint64_t seed, std::size_t sites, Diary& diary, Marks& marks)
    : chance_(seed),
      diary_(diary),
      marks_(marks),
      net_(seed ^ 0x5eed),
      desk_(chance_, marks),
      now_ms_(begin_ms + static_cast<std::int64_t>(chance_.below(day_ms))) {
  journal::Roster roster;
  roster.estate = estate_name;
  for (std::size_t i = 0; i < sites; ++i) {
    const std::size_t code = i == 0 ? 1 : i <= depot_count ? 10 + i : 101 + i - depot_count - 1;
    const HostPlan plan = plan_of(static_cast<std::uint16_t>(code), chance_.next(), now_ms_);
    Member& member = add(plan, nullptr);
    roster.lines.push_back(
        {member.host->make_key().verifier, role_of(plan.site.kind), {}, std::nullopt});
    if (plan.site.kind != SiteKind::store)
      roster.lines.push_back({witness_of(plan).verifier, journal::Role::witness, {}, std::nullopt});
  }
  set_roster(std::move(roster));
  for (auto& member : members_) {
    start(*member);
    trade(*member, opening_of(member->host->plan().site, chance_));
  }
}

Member& Estate::add(HostPlan plan, const Host* original) {
  auto member = std::make_unique<Member>();
  member->host = original != nullptr ? std::make_unique<Host>(std::move(plan), *original)
                                     : std::make_unique<Host>(std::move(plan));
  members_.push_back(std::move(member));
  return *(by_name_[members_.back()->host->name()] = members_.back().get());
}

Member* Estate::find(const std::string& name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Member* Estate::of_origin(const std::string& origin) {
  for (auto& member : members_)
    if (!member->is_attacker && member->host->origin() == origin) return member.get();
  return nullptr;
}

void Estate::set_roster(journal::Roster roster) {
  rosters_.push_back(std::make_unique<syncing::RosterIndex>(std::move(roster)));
  roster_ = rosters_.back().get();
}

trade::Day Estate::today() const {
  return trade::to_day(base::Date{static_cast<std::int32_t>(now_ms_ / day_ms)});
}

void Estate::pass(std::int64_t ms) {
  now_ms_ += ms;
  net_.advance(ms);
  for (auto& member : members_) member->host->clock().advance(ms);
}

void Estate::complain(std::string what) {
  diary_.note("WRONG: {}", what);
  complaints_.push_back(std::move(what));
}

std::vector<std::string> Estate::complaints() const {
  std::vector<std::string> all = complaints_;
  all.insert(all.end(), auditor_.complaints().begin(), auditor_.complaints().end());
  return all;
}

void Estate::start(Member& member) {
  Host& host = *member.host;
  const auto started = host.start(*roster_, member.taint != Taint::absurd);
  if (!started) {
    if (host.power_is_lost()) return crash(member, io::Tear::prefix, 0);
    return complain(fmt::format("{} does not start: {}", host.name(), started.error().message));
  }
  if (!host.has_core()) return;
  journal::Standing standing{};
  std::string why;
  host.look([&](const site::View& view) {
    standing = view.journal.opening().standing;
    why = view.read_only_why;
    if (view.journal.opening().from_snapshot) marks_.hit(Mark::snapshot_start);
  });
  diary_.note("{} starts: {}", host.name(), why.empty() ? "ready" : why);
  if (standing == journal::Standing::undecided) {
    marks_.hit(Mark::torn_tail_set_aside);
    CHECK(host.core().resume("a person", "the power was lost", [&](const base::Result<>& done) {
      if (!done) complain(fmt::format("{} does not resume: {}", host.name(), done.error().message));
    }));
    host.core().step();
  }
  if (standing == journal::Standing::damaged) {
    marks_.hit(Mark::journal_rotted);
    if (!member.is_rotten && member.taint == Taint::none)
      complain(fmt::format("{}: damaged, and nobody did it: {}", host.name(), why));
    return;
  }
  confirm(member);
}

void Estate::crash(Member& member, io::Tear tear, std::int64_t down_ms) {
  diary_.note("{} loses its power, tear {}", member.host->name(), static_cast<int>(tear));
  member.host->lose_power(tear);
  member.down_until_ms = now_ms_ + down_ms;
  if (down_ms == 0) start(member);
}

// Reads what was committed since; everything that was read once must stay.
bool Estate::follow(Member& member) {
  if (member.is_attacker || member.taint != Taint::none) return true;
  std::uint64_t committed = 0;
  member.host->look([&](const site::View& view) { committed = view.journal.size(); });
  if (committed <= member.read.next) return true;
  const auto on_frame = [&](const journal::Frame& frame, const journal::Place& begin) {
    if (begin.next >= committed) return;
    std::uint64_t index = begin.next;
    for (const std::string_view bytes : frame.entries) {
      const auto entry = journal::parse_entry(bytes);
      CHECK(entry.has_value());
      std::uint32_t place = 0;
      if (entry->kind == journal::EntryKind::events) {
        const auto events = journal::unpack_events(entry->body);
        CHECK(events.has_value());
        for (const std::string_view event : *events) {
          member.events[{index, place++}] = event;
          auditor_.hear(member.host->plan().site.code, *trade::decode(event));
        }
      }
      ++index;
    }
    diary_.weigh(frame.check.view());
    member.read = {begin.segment, begin.offset + frame.bytes, index, frame.check};
  };
  const auto end = journal::scan(member.host->disk(), journal_path, member.read, on_frame);
  if (!end || member.read.next != committed) {
    complain(fmt::format("{}: its committed entries cannot be read", member.host->name()));
    return false;
  }
  return true;
}

// After a start: the check of the last frame that was read is over everything before it.
void Estate::confirm(Member& member) {
  if (member.is_attacker || member.taint != Taint::none) return;
  if (member.is_rotten) return (void)follow(member);  // it started from a snapshot behind the rot
  std::optional<crypto::Digest> link;
  if (member.read.next == 0) link = crypto::Digest{};
  const auto end = journal::scan(member.host->disk(), journal_path, {},
                                 [&](const journal::Frame& frame, const journal::Place& begin) {
                                   if (begin.next + frame.entries.size() == member.read.next)
                                     link = frame.check;
                                 });
  if (!end || !link || (member.read.next > 0 && *link != member.read.link))
    return complain(
        fmt::format("{}: entries that were acknowledged are lost: it had {}, and has {}",
                    member.host->name(), member.read.next, end ? end->place.next : 0));
  (void)follow(member);
}

void Estate::trade(Member& member, const std::vector<Intent>& intents) {
  if (!member.host->has_core()) return;
  Host& host = *member.host;
  const auto outcomes = host.carry_out(intents);
  commands_ += intents.size();
  for (std::size_t i = 0; i < intents.size(); ++i)
    diary_.note("{} {}: {}", host.name(), intents[i].body.index() + 1, word(outcomes[i]));
  const bool was_lost = host.power_is_lost();
  if (!was_lost && !follow(member)) return;
  for (std::size_t i = 0; i < intents.size(); ++i) judge(member, intents[i], outcomes[i], false);
  if (was_lost) {
    marks_.hit(Mark::crash_in_commit);
    crash(member, chance_.one_of(io::tears), 0);
  }
  if (host.has_core() && !member.is_attacker && member.taint == Taint::none)
    host.look([&](const site::View& view) {
      if (view.read_only_why.empty()) auditor_.compare(view.own);
    });
}

// What an answer says must be in the journal, at the place that it names.
void Estate::judge(Member& member, const Intent& intent, const site::Outcome& outcome,
                   bool comes_again) {
  if (member.is_attacker || member.taint != Taint::none) return;
  const bool can_come_again =
      intent.origin.request.given() || intent.origin.device != trade::DeviceNo{};
  if (!outcome) {
    if (const auto* no = std::get_if<trade::No>(&outcome.error().why)) {
      if (comes_again && no->why == trade::Refusal::already_done) marks_.hit(Mark::unanswered_done);
      return note_refusal(intent, *no);
    }
    if (was_not_taken(outcome) && can_come_again) member.unanswered.push_back({intent, now_ms_});
    return;
  }
  if (comes_again)
    marks_.hit(outcome->is_repeated ? Mark::unanswered_done : Mark::unanswered_not_done);
  const auto found = member.events.find({outcome->entry, outcome->place});
  const bool is_there =
      found != member.events.end() && found->second == trade::encode(outcome->event);
  if (!is_there && !member.host->power_is_lost())
    complain(fmt::format("{}: was answered with entry {}.{}, which its journal does not have",
                         member.host->name(), outcome->entry, outcome->place));
  if (!is_there && member.host->power_is_lost()) {
    // It was answered, and then the power went: it must be there after the next start.
    member.unanswered.push_back({intent, now_ms_});
    return;
  }
  note_done(outcome->event);
  if (!can_come_again || outcome->is_repeated) return;
  member.answered.push_back({intent, outcome->entry, outcome->place, now_ms_});
  if (member.answered.size() > answered_max) member.answered.pop_front();
}

void Estate::note_refusal(const Intent& intent, const trade::No& no) {
  if (no.why == trade::Refusal::cycle_already_ordered) marks_.hit(Mark::cycle_already_ordered);
  const auto* moved = std::get_if<trade::GoodsMoved>(&intent.body);
  if (no.why == trade::Refusal::stop_sale && moved != nullptr && moved->cause == trade::Cause::sale)
    marks_.hit(Mark::stop_sale_refused);
}

void Estate::note_done(const trade::Event& event) {
  const auto hit_if = [&](bool is_so, Mark mark) {
    if (is_so) marks_.hit(mark);
  };
  if (const auto* it = std::get_if<trade::OrderMoved>(&event.body))
    hit_if(it->verb == trade::OrderVerb::cancel, Mark::order_cancelled);
  if (const auto* it = std::get_if<trade::OrderPicked>(&event.body))
    hit_if(!it->shorts.empty(), Mark::picked_short);
  if (const auto* it = std::get_if<trade::FulfilmentMoved>(&event.body))
    hit_if(it->verb == trade::FulfilmentVerb::put_back, Mark::put_back);
  if (const auto* it = std::get_if<trade::GoodsMoved>(&event.body))
    hit_if(it->cause == trade::Cause::dispute_found || it->cause == trade::Cause::dispute_lost ||
               it->cause == trade::Cause::dispute_granted,
           Mark::dispute_settled);
  hit_if(std::holds_alternative<trade::StopPulled>(event.body), Mark::stop_pulled);
  hit_if(std::holds_alternative<trade::ProposalChanged>(event.body), Mark::proposal_changed);
  hit_if(std::holds_alternative<trade::ProposalSkipped>(event.body), Mark::proposal_skipped);
  const auto* received = std::get_if<trade::GoodsReceived>(&event.body);
  if (received == nullptr || received->source != trade::Place::vehicle) return;
  hit_if(!received->advice.given(), Mark::received_blind);
  hit_if(static_cast<std::uint16_t>(received->advice.site) > 100, Mark::transferred);
  for (const trade::ReceiptRow& row : received->rows)
    hit_if(row.advised > row.accepted + row.quarantined + row.damaged, Mark::received_short);
}

// A client that heard no answer asks again; some ask again although they did, or mix things up.
void Estate::repeat_something(Member& member) {
  if (member.answered.empty()) return;
  const Member::Answered before = chance_.one_of(member.answered);
  if (now_ms_ - before.at_ms > repeated_within_ms) return;
  Intent again = before.intent;
  const bool is_request = again.origin.request.given();
  const bool is_altered = is_request && chance_.once_in(4);
  if (is_altered) again.origin.request.bytes[15] ^= 1;
  const site::Outcome outcome = member.host->carry_out({again}).front();
  ++commands_;
  diary_.note("{} asks again: {}", member.host->name(), word(outcome));
  const std::string said = word(outcome);
  if (said == "read only" || member.host->power_is_lost()) return;
  if (is_altered) {
    marks_.hit(Mark::request_altered);
    if (said != "other content")
      complain(fmt::format("{}: altered request: {}", member.host->name(), said));
  } else if (is_request) {
    marks_.hit(Mark::request_repeated);
    if (said != "repeated" || outcome->entry != before.entry || outcome->place != before.place)
      complain(fmt::format("{}: repeated request: {}", member.host->name(), said));
  } else {
    marks_.hit(Mark::sequence_repeated);
    if (said != "already_done")
      complain(fmt::format("{}: repeated message: {}", member.host->name(), said));
  }
}

// Within the time that a site remembers requests; later a person would look first.
void Estate::ask_again(Member& member) {
  if (!member.host->has_core() || member.unanswered.empty()) return;
  Host& host = *member.host;
  std::vector<Intent> again;
  for (Member::Asked& asked : std::exchange(member.unanswered, {}))
    if (now_ms_ - asked.at_ms < repeated_within_ms) again.push_back(std::move(asked.intent));
  if (again.empty()) return;
  const auto outcomes = host.carry_out(again);
  commands_ += again.size();
  const bool was_lost = host.power_is_lost();
  if (!was_lost) (void)follow(member);
  for (std::size_t i = 0; i < again.size(); ++i) {
    diary_.note("{} asks for an answer: {}", host.name(), word(outcomes[i]));
    judge(member, again[i], outcomes[i], true);
  }
  if (was_lost) crash(member, chance_.one_of(io::tears), 0);
}

void Estate::turn(Member& member, std::size_t count) {
  ask_again(member);
  if (!member.host->has_core()) return;
  Host& host = *member.host;
  if (!member.is_attacker && chance_.once_in(3)) repeat_something(member);
  const int rounds = member.is_depot() ? 4 : 1;
  for (int i = 0; i < rounds && member.host->has_core(); ++i) {
    std::vector<Intent> intents;
    host.look([&](const site::View& view) {
      if (view.own.goods.line_count() == 0) return;
      intents = desk_.next(view, today(), host.clock().wall_ms(), count, member.till);
    });
    if (!intents.empty()) trade(member, intents);
  }
}

void Estate::dial(Member& member, const std::string& to) {
  if (!member.is_up()) return;
  member.host->dial(to, exchange_numbers_);
  exchange_numbers_ += numbers_an_exchange;
}

void Estate::keep(OldMessage message) {
  if (old_messages_.size() < old_messages_max)
    old_messages_.push_back(std::move(message));
  else if (chance_.once_in(16))
    chance_.one_of(old_messages_) = std::move(message);
}

void Estate::deliver(Member& member) {
  while (auto message = net_.end(member.host->name()).receive()) {
    if (!member.is_up()) continue;
    const Member* sender = find(message->from);
    CHECK(sender != nullptr);
    if (!sender->is_attacker) keep({message->from, member.host->name(), message->bytes});
    member.host->hear(net_.end(member.host->name()), *message, sender->host->key());
    if (member.host->power_is_lost()) {
      marks_.hit(Mark::crash_in_exchange);
      crash(member, chance_.one_of(io::tears), 0);
    }
  }
}

void Estate::travel(int steps) {
  for (int i = 0; i < steps; ++i) {
    for (auto& member : members_) {
      if (!member->is_up() || !member->host->is_dialling()) continue;
      member->host->send(net_.end(member->host->name()), now_ms_);
      if (member->host->power_is_lost()) {
        marks_.hit(Mark::crash_in_exchange);
        crash(*member, chance_.one_of(io::tears), 0);
      }
    }
    pass(step_ms);
    for (auto& member : members_) deliver(*member);
  }
  for (auto& member : members_) take_refusals(*member);
}

void Estate::travel_until_quiet(int steps_max) {
  const auto is_dialling = [](const auto& member) {
    return member->is_up() && member->host->is_dialling();
  };
  for (int i = 0; i < steps_max && std::ranges::any_of(members_, is_dialling); i += 4) travel(4);
}

// Only what an attacker has done may be refused as a lie.
void Estate::take_refusals(Member& member) {
  using enum syncing::Refusal;
  for (const Heard& heard : member.host->take_refusals()) {
    diary_.note("{}: {}: {}", member.host->name(), name(heard.no.refusal), heard.no.words);
    if (heard.no.refusal == rewritten) marks_.hit(Mark::history_rewritten);
    for (auto& other : members_) {
      const std::string origin = other->host->origin();
      other->is_refused |=
          names_a_lie(heard.no.refusal) &&
          (heard.origin == origin || heard.no.words.find(origin) != std::string::npos);
    }
    if (is_harmless(heard.no.refusal)) continue;
    const bool is_rot = heard.no.refusal == does_not_continue &&
                        std::ranges::any_of(members_, [](const auto& other) {
                          return other->is_rotten || other->has_rotten_copies;
                        });
    if (is_rot) continue;
    const bool is_of_tainted = std::ranges::any_of(members_, [&](const auto& other) {
      return (other->taint != Taint::none || other->is_attacker) &&
             (heard.origin == other->host->origin() ||
              heard.no.words.find(other->host->origin()) != std::string::npos ||
              (heard.origin.empty() && other->is_attacker));
    });
    if (!is_of_tainted)
      complain(fmt::format("{}: {} {}, and nobody did anything: {}", member.host->name(),
                           heard.origin, name(heard.no.refusal), heard.no.words));
  }
}

void Estate::read_peers(Member& member) {
  if (!member.host->has_core()) return;
  member.host->core().read_peers();
  member.host->look([&](const site::View& view) {
    for (const site::Peer& peer : view.peers)
      if (peer.site && view.book.quarantine(*peer.site)) marks_.hit(Mark::journal_quarantined);
  });
}

void Estate::replay() {
  if (old_messages_.empty()) return;
  const OldMessage& old = chance_.one_of(old_messages_);
  marks_.hit(Mark::replayed_message);
  diary_.note("an old message of {} to {} comes again", old.from, old.to);
  CHECK(net_.end(old.from).send(old.to, old.bytes).has_value());
}

}  // namespace rehearse
