#include "rehearse/faults.h"

#include <algorithm>

#include <fmt/core.h>

#include "sync/repair.h"

namespace rehearse {
namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;
constexpr std::int64_t away_ms = 30 * day_ms;

// Copies what lies below a folder from one disk to another.
void carry_folder(io::SimDisk& from, io::SimDisk& to, const io::Path& source,
                  const io::Path& target) {
  CHECK(to.make_folders(target).has_value());
  const auto names = from.list(source);
  CHECK(names.has_value());
  for (const std::string& name : *names) {
    const auto bytes = io::read_file(from, source / name);
    if (bytes)
      CHECK(io::write_file(to, target / name, *bytes).has_value());
    else
      carry_folder(from, to, source / name, target / name);
  }
}

}  // namespace

Faults::Faults(Estate& estate, bool is_attacked)
    : estate_(estate),
      chance_(estate.chance()),
      attackers_(estate),
      is_attacked_(is_attacked),
      away_from_ms_(estate.now_ms() + chance_.between(1, 6) * day_ms) {
  estate_.net().set_faults({.drop_share = 0.05 * static_cast<double>(chance_.below(4)),
                            .duplicate_share = 0.05 * static_cast<double>(chance_.below(4)),
                            .delay_ms_min = 1,
                            .delay_ms_max = chance_.between(5, 200)});
}

Member& Faults::any_member() {
  Member* chosen = nullptr;
  while (chosen == nullptr || chosen->is_attacker) chosen = chance_.one_of(estate_.members()).get();
  return *chosen;
}

Member& Faults::any_store() {
  Member* chosen = &any_member();
  while (chosen->host->plan().site.kind != trade::SiteKind::store) chosen = &any_member();
  return *chosen;
}

void Faults::strike() {
  if (away_ == nullptr && estate_.now_ms() >= away_from_ms_) go_away();
  switch (chance_.below(24)) {
    case 0:
    case 1:
    case 2:
      return crash();
    case 3:
    case 4:
      return trouble_disk();
    case 5:
      return trouble_clock();
    case 6:
    case 7:
      return cut(any_member(), chance_.between(1, 96) * hour_ms);
    case 8:
      return estate_.replay();
    case 9:
    case 10:
      if (is_attacked_) attackers_.strike();
      return;
    default:
      return;
  }
}

void Faults::let_pass() {
  for (auto& member : estate_.members()) {
    if (!member->is_up() && member->down_until_ms <= estate_.now_ms() &&
        member->taint != Taint::lost)
      estate_.start(*member);
    if (chance_.once_in(2)) estate_.ask_again(*member);
    if (member->cut_until_ms != 0 && member->cut_until_ms <= estate_.now_ms()) {
      member->cut_until_ms = 0;
      cut_ways(*member, false);
    }
  }
}

void Faults::crash() {
  Member& member = any_member();
  if (!member.is_up()) return;
  if (chance_.once_in(2)) {
    // Within the next few operations, whoever makes them.
    const std::uint64_t at = member.host->disk().operations() + chance_.below(12);
    member.host->disk().set_faults({.power_lost_at = at});
    return;
  }
  estate_.marks().hit(Mark::crash_at_rest);
  const std::int64_t down_ms = chance_.once_in(2) ? 0 : chance_.between(1, 60) * hour_ms;
  estate_.crash(member, chance_.one_of(io::tears), down_ms);
}

void Faults::trouble_disk() {
  Member& member = any_member();
  if (!member.is_up() || member.host->power_is_lost()) return;
  if (chance_.once_in(3)) {
    estate_.marks().hit(Mark::disk_full);
    estate_.diary().note("{}: its disk is full", member.host->name());
    member.host->disk().set_faults({.capacity_bytes = 0});
    estate_.turn(member, 3);
    if (!member.host->power_is_lost()) member.host->disk().set_faults({});
    return;
  }
  estate_.marks().hit(Mark::disk_failed);
  const std::uint64_t at = member.host->disk().operations() + chance_.below(8);
  estate_.diary().note("{}: operation {} of its disk fails", member.host->name(), at);
  member.host->disk().set_faults({.fails_at = at});
  estate_.turn(member, 3);
  if (!member.host->power_is_lost()) member.host->disk().set_faults({});
}

void Faults::trouble_clock() {
  Member& member = any_member();
  estate_.marks().hit(Mark::clock_a_year_off);
  const std::int64_t off_ms = chance_.between(-366, 366) * day_ms;
  estate_.diary().note("{}: its clock is {} days off", member.host->name(), off_ms / day_ms);
  member.host->clock().set_wall(estate_.now_ms() + off_ms);
}

void Faults::cut_ways(Member& member, bool is_cut) {
  for (auto& other : estate_.members()) {
    estate_.net().cut(member.host->name(), other->host->name(), is_cut);
    estate_.net().cut(other->host->name(), member.host->name(), is_cut);
  }
}

void Faults::cut(Member& member, std::int64_t ms) {
  if (member.cut_until_ms != 0) return;
  estate_.marks().hit(Mark::cut_off);
  estate_.diary().note("{} is cut off for {} hours", member.host->name(), ms / hour_ms);
  member.cut_until_ms = estate_.now_ms() + ms;
  cut_ways(member, true);
}

// One store trades alone for thirty days.
void Faults::go_away() {
  Member& member = any_store();
  if (member.cut_until_ms != 0 || member.taint != Taint::none) return;
  away_ = &member;
  away_entries_ = copy_size(*estate_.members().front(), member.host->origin());
  cut(member, away_ms);
}

void Faults::heal() {
  estate_.diary().note("no more faults");
  estate_.net().set_faults({.delay_ms_min = 1, .delay_ms_max = 5});
  for (auto& member : estate_.members()) {
    member->cut_until_ms = member->down_until_ms = 0;
    cut_ways(*member, false);
    member->host->hang_up();
  }
  // A fault that was set and has not struck yet may do so now, the last one.
  for (auto& member : estate_.members()) {
    if (member->host->power_is_lost()) estate_.crash(*member, io::Tear::all, 0);
    member->host->disk().set_faults({});
    member->host->clock().set_wall(estate_.now_ms());
    if (!member->is_up() && member->taint != Taint::lost) estate_.start(*member);
  }
  attackers_.go_on();
  for (auto& member : estate_.members())
    if (member->is_rotten) repair_journal(*member);
  for (auto& member : estate_.members())
    if (member->has_rotten_copies) repair_copies(*member);
  if (away_ != nullptr && away_->taint == Taint::none && away_->host->has_core()) {
    std::uint64_t size = 0;
    away_->host->look([&](const site::View& view) { size = view.journal.size(); });
    if (size > away_entries_) estate_.marks().hit(Mark::away_30_days);
  }
}

// From the largest copy that somebody holds.
void Faults::repair_journal(Member& member) {
  member.is_rotten = false;
  Host& host = *member.host;
  Member* donor = nullptr;
  for (auto& other : estate_.members()) {
    if (other.get() == &member || other->is_attacker || other->has_rotten_copies) continue;
    const std::uint64_t size = copy_size(*other, host.origin());
    if (size > 0 && (donor == nullptr || size > copy_size(*donor, host.origin())))
      donor = other.get();
  }
  if (donor == nullptr) return estate_.complain(host.name() + ": nobody holds its journal");
  host.stop();
  const io::Path lent = "lent";
  carry_folder(donor->host->disk(), host.disk(), copies_path / host.folder_name(), lent);
  const auto repaired = syncing::repair(host.disk(), journal_path, lent, host.signer().verifier);
  if (repaired) {
    estate_.marks().hit(Mark::journal_repaired);
    estate_.diary().note("{} is repaired with the copy of {}", host.name(), donor->host->name());
  } else if (repaired.error().code != base::ErrorCode::nothing_to_do) {
    estate_.complain(
        fmt::format("{} cannot be repaired: {}", host.name(), repaired.error().message));
  }
  CHECK(host.disk().remove_all(lent).has_value());
  estate_.start(member);
}

void Faults::repair_copies(Member& member) {
  member.has_rotten_copies = false;
  Host& holder = *member.host;
  for (auto& owner : estate_.members()) {
    if (owner.get() == &member || owner->is_attacker || owner->taint != Taint::none ||
        !member.is_up())
      continue;
    const auto copy = holder.copies().find(owner->host->origin());
    if (!copy || (*copy)->damage().empty()) continue;
    holder.stop();
    const io::Path lent = "lent", folder = copies_path / owner->host->folder_name();
    owner->host->stop();
    carry_folder(owner->host->disk(), holder.disk(), journal_path, lent);
    const auto repaired =
        syncing::repair(holder.disk(), folder, lent, owner->host->signer().verifier, true);
    if (repaired)
      estate_.marks().hit(Mark::copy_repaired);
    else if (repaired.error().code != base::ErrorCode::nothing_to_do)
      estate_.complain(fmt::format("{}: its copy of {} cannot be repaired: {}", holder.name(),
                                   owner->host->name(), repaired.error().message));
    CHECK(holder.disk().remove_all(lent).has_value());
    estate_.start(*owner);
    estate_.start(member);
  }
}

}  // namespace rehearse
