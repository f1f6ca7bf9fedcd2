#include "rehearse/rehearsal.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/verified_memory.h"
#include "journal/files.h"
#include "journal/scan.h"
#include "rehearse/agreement.h"
#include "rehearse/faults.h"

namespace rehearse {
namespace {

constexpr std::int64_t day_ms = 24 * 3'600'000;
constexpr std::int64_t days = 38;  // of which one store is away for thirty
constexpr std::size_t turn_commands = 3;
constexpr int rounds_max = 12;

class Rehearsal {
 public:
  explicit Rehearsal(const Options& options)
      : options_(options),
        diary_(options.prints),
        estate_(options.seed, options.sites, diary_, outcome_.marks) {}

  Outcome run() {
    live();
    return conclude();
  }

 private:
  // Phase 1: turns of people at some site, while everything goes wrong.
  void live() {
    Faults faults(estate_, options_.is_attacked);
    const std::int64_t begin_ms = estate_.now_ms();
    while (estate_.commands() < options_.commands) {
      const std::int64_t done_ms = static_cast<std::int64_t>(
          days * day_ms * estate_.commands() / std::max<std::uint64_t>(options_.commands, 1));
      const std::int64_t behind_ms = begin_ms + done_ms - estate_.now_ms();
      estate_.pass(std::max<std::int64_t>(behind_ms, 60'000));
      faults.let_pass();
      faults.strike();
      Member& member = next_member();
      estate_.turn(member, 1 + estate_.chance().below(turn_commands));
      if (member.is_centre() && member.host->has_core() && estate_.chance().once_in(2))
        keep_night(member);
      exchange(member);
    }
    faults.heal();
  }

  Member& next_member() {
    auto& members = estate_.members();
    if (estate_.chance().once_in(10)) return *members.front();
    if (estate_.chance().once_in(3)) return *members[1 + estate_.chance().below(depot_count)];
    const std::size_t first_store = 1 + depot_count;
    if (estate_.chance().once_in(2) && options_.sites >= first_store + busy_stores)
      return *members[first_store + estate_.chance().below(busy_stores)];
    return *members[estate_.chance().below(options_.sites)];
  }

  // The centre's document of the night.
  void keep_night(Member& centre) {
    CHECK(centre.host->core().keep_document(
        fmt::format("the night of day {}", estate_.today().days), [](const auto&) {}));
    centre.host->core().step();
    if (centre.host->power_is_lost()) estate_.crash(centre, io::Tear::prefix, 0);
  }

  void exchange(Member& member) {
    if (!member.is_up()) return;
    if (estate_.chance().once_in(3)) {
      for (const std::string& to : member.host->plan().dials) estate_.dial(member, to);
      estate_.travel(static_cast<int>(4 + estate_.chance().below(24)));
    }
    if (estate_.chance().once_in(2)) estate_.read_peers(member);
  }

  // Phase 2: everything heals, and everybody has to agree.
  Outcome conclude() {
    settle(estate_, rounds_max);
    plant();
    outcome_.estate_digest = check_agreement(estate_);
    for (auto& member : estate_.members()) {
      if (member->host->taken_documents() > 0) outcome_.marks.hit(Mark::document_carried);
      if (member->is_attacker || member->taint != Taint::none || !member->host->has_core())
        continue;
      member->host->look([&](const site::View& view) { estate_.auditor().compare(view.own); });
    }
    estate_.auditor().compare_between();
    outcome_.seed = options_.seed;
    outcome_.commands = estate_.commands();
    outcome_.events = estate_.auditor().events();
    outcome_.complaints = estate_.complaints();
    for (const std::string& complaint : estate_.auditor().complaints())
      diary_.note("WRONG: {}", complaint);
    diary_.note("estate {}", outcome_.estate_digest);
    outcome_.digest = diary_.finish();
    return outcome_;
  }

  void plant() {
    switch (options_.planted) {
      case Planted::nothing:
        return;
      case Planted::lost_entry:
        return forget_last_commit(honest_store());
      case Planted::double_dispatch:
        return dispatch_again();
      case Planted::altered_copy:
        return estate_.members().front()->host->disk().flip_bit(
            copies_path / honest_store().host->folder_name() / journal::segment_name(0), 8 * 400);
      case Planted::altered_book: {
        const trade::GoodsMoved sale{trade::Cause::sale, {{trade::LineNo{0}, 1, 100, {}}}};
        return estate_.auditor().hear(honest_store().host->plan().site.code, {{}, sale});
      }
    }
  }

  Member& honest_store() {
    for (auto& member : estate_.members())
      if (member->taint == Taint::none && member->host->has_core() && !member->is_attacker &&
          member->host->plan().site.kind == trade::SiteKind::store)
        return *member;
    CHECK(false);
    return *estate_.members().front();
  }

  // As if the last commit had never been synced, nor anything after it.
  void forget_last_commit(Member& member) {
    member.host->stop();
    io::SimDisk& disk = member.host->disk();
    journal::Place last;
    CHECK(journal::scan(disk, journal_path, {}, [&](const auto&, const journal::Place& begin) {
            if (begin.next < member.read.next) last = begin;
          }).has_value());
    disk.cut(journal_path / last.segment, last.offset);
    for (const std::string_view file : {journal::checkpoint_file, journal::snapshot_file})
      CHECK(disk.remove_all(journal_path / file).has_value());
    estate_.start(member);
  }

  void dispatch_again() {
    for (auto& member : estate_.members())
      for (const auto& [place, bytes] : member->events) {
        const auto event = trade::decode(bytes);
        if (event && std::holds_alternative<trade::OrderDispatched>(event->body))
          return estate_.auditor().hear(member->host->plan().site.code, *event);
      }
  }

  const Options options_;
  Outcome outcome_;
  Diary diary_;
  Estate estate_;
};

}  // namespace

Outcome rehearse(const Options& options) {
  const crypto::VerifiedMemory memory;
  return Rehearsal(options).run();
}

}  // namespace rehearse
