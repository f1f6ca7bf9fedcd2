#include "rehearse/attackers.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/journal.h"

namespace rehearse {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::size_t tainted_max = 2;  // of an estate: the others must go on

// Takes a journal's entries for nothing.
class NoFold final : public journal::Fold {
 public:
  void reset() override {}
  base::Result<> load(std::string_view) override { return {}; }
  void apply(std::uint64_t, const journal::Entry&) override {}
};

}  // namespace

std::uint64_t copy_size(Member& holder, const std::string& origin) {
  if (!holder.is_up()) return 0;
  const auto copy = holder.host->copies().find(origin);
  return copy && (*copy)->checkpoint() ? (*copy)->checkpoint()->checkpoint.size : 0;
}

std::uint64_t known_size(Member& holder, const std::string& origin) {
  if (!holder.is_up()) return 0;
  const auto copy = holder.host->copies().find(origin);
  const bool has_promise = copy && (*copy)->promise();
  return has_promise ? (*copy)->promise()->note.checkpoint.size : copy_size(holder, origin);
}

void Attackers::strike() {
  switch (chance_.below(9)) {
    case 0:
    case 1:
      return rot_journal();
    case 2:
    case 3:
      return rot_copy();
    case 4:
      return steal_key();
    case 5:
      return chance_.once_in(3) ? split_centre() : steal_key();
    case 6:
      return chance_.once_in(2) ? sign_nonsense() : rot_journal();
    default:
      return backup_ == nullptr ? back_up() : restore_backup();
  }
}

bool Attackers::is_free(const Member& member) const {
  return !member.is_attacker && member.taint == Taint::none && !member.is_rotten &&
         member.host->has_core() && !member.host->power_is_lost();
}

Member* Attackers::free_member() {
  Member* member = chance_.one_of(estate_.members()).get();
  return is_free(*member) ? member : nullptr;
}

Member* Attackers::free_store() {
  Member* member = free_member();
  const bool is_store =
      member != nullptr && member->host->plan().site.kind == trade::SiteKind::store;
  return is_store ? member : nullptr;
}

bool Attackers::may_taint() const {
  return std::ranges::count_if(estate_.members(), [](const auto& member) {
           return member->taint != Taint::none;
         }) < static_cast<std::ptrdiff_t>(tainted_max);
}

std::uint64_t Attackers::size_of(Member& member) {
  std::uint64_t size = 0;
  if (member.host->has_core())
    member.host->look([&](const site::View& view) { size = view.journal.size(); });
  return size;
}

// A site's own journal is damaged at rest, where two others hold all of it: one of them may lose
// the signature with its power, for that comes again with the next exchange.
void Attackers::rot_journal() {
  Member* member = free_member();
  if (member == nullptr) return;
  Host& host = *member->host;
  estate_.pass(2'000);
  (void)size_of(*member);
  for (const std::string& to : host.plan().dials) estate_.dial(*member, to);
  estate_.travel_until_quiet(40);
  if (!is_free(*member)) return;
  const std::uint64_t size = size_of(*member);
  const auto holders = std::ranges::count_if(estate_.members(), [&](auto& other) {
    return other.get() != member && !other->is_attacker && !other->has_rotten_copies &&
           copy_size(*other, host.origin()) == size;
  });
  if (holders < 2) return;
  estate_.crash(*member, io::Tear::none, hour_ms);
  io::SimDisk& disk = host.disk();
  const auto segments = journal::list_segments(disk, journal_path);
  CHECK(segments.has_value());
  const io::Path path = journal_path / chance_.one_of(*segments);
  const std::uint64_t bytes = (*disk.open(path))->size_bytes();
  member->is_rotten = true;
  switch (chance_.below(3)) {
    case 0:
      estate_.diary().note("{}: a bit of {} flips", host.name(), path.string());
      return disk.flip_bit(path, chance_.below(bytes * 8));
    case 1:
      estate_.diary().note("{}: {} is cut short", host.name(), path.string());
      return disk.cut(path, chance_.below(bytes));
    default:
      estate_.diary().note("{}: {} is encrypted", host.name(), path.string());
      for (std::uint64_t at = 0; at < bytes; at += 7) disk.flip_bit(path, at * 8 + at % 8);
  }
}

void Attackers::rot_copy() {
  Member* holder = free_member();
  Member* owner = chance_.one_of(estate_.members()).get();
  if (holder == nullptr || holder == owner || owner->is_attacker) return;
  // It could be the only one that a rotten journal can be repaired with.
  if (std::ranges::any_of(estate_.members(), [](const auto& one) { return one->is_rotten; }))
    return;
  if (copy_size(*holder, owner->host->origin()) == 0) return;
  const io::Path folder = copies_path / owner->host->folder_name();
  io::SimDisk& disk = holder->host->disk();
  estate_.crash(*holder, io::Tear::none, hour_ms);
  const auto segments = journal::list_segments(disk, folder);
  if (!segments || segments->empty()) return;
  const io::Path path = folder / chance_.one_of(*segments);
  const std::uint64_t bytes = (*disk.open(path))->size_bytes();
  if (bytes == 0) return;
  holder->has_rotten_copies = true;
  estate_.marks().hit(Mark::copy_rotted);
  estate_.diary().note("{}: its copy {} rots", holder->host->name(), path.string());
  disk.flip_bit(path, chance_.below(bytes * 8));
}

Member& Attackers::twin_of(Member& member, std::vector<std::string> dials) {
  HostPlan plan = member.host->plan();
  plan.name += fmt::format("x{}", estate_.members().size());
  plan.dials = std::move(dials);
  plan.seed = chance_.next();
  plan.wall_ms = estate_.now_ms();
  Member& twin = estate_.add(std::move(plan), member.host.get());
  twin.is_attacker = true;
  twin.till = member.till + 1'000;
  twin.host->disk().restart(io::Tear::all);
  estate_.start(twin);
  return twin;
}

// Nothing has happened unless somebody took what the twin showed, or has evidence of it.
void Attackers::convict(Member& member, Member& twin, std::uint64_t size) {
  bool is_seen = false;
  for (auto& other : estate_.members()) {
    if (other->is_attacker || other.get() == &member) continue;
    is_seen |= known_size(*other, member.host->origin()) > size ||
               other->host->disk().exists(copies_path / syncing::evidence_folder /
                                          member.host->folder_name());
  }
  if (is_seen) {
    member.taint = Taint::two_histories;
    estate_.auditor().set_aside(member.host->plan().site.code);
  } else {
    twin.host->stop();
    twin.taint = Taint::lost;
  }
}

// Trades until the journal is longer than that, and signs.
void Attackers::outdo(Member& member, std::uint64_t entries) {
  for (int i = 0; i < 40 && size_of(member) <= entries; ++i) estate_.turn(member, 2);
  estate_.pass(2'000);
  (void)size_of(member);
}

// Somebody else has a store's key and its disk, and speaks to the same sites, or to one of them.
void Attackers::steal_key() {
  Member* member = may_taint() ? free_store() : nullptr;
  if (member == nullptr) return;
  std::vector<std::string> dials = member->host->plan().dials;
  estate_.marks().hit(Mark::key_stolen);
  if (chance_.once_in(2)) {
    dials.resize(1);
    estate_.marks().hit(Mark::split_view);
  }
  estate_.diary().note("{}: its key is stolen", member->host->name());
  const std::uint64_t size = size_of(*member);
  Member& twin = twin_of(*member, std::move(dials));
  outdo(twin, size + 1 + chance_.below(8));
  for (const std::string& to : twin.host->plan().dials) estate_.dial(twin, to);
  estate_.travel_until_quiet(60);
  convict(*member, twin, size);
}

// A second centre under the centre's key, whom some take for the first.
void Attackers::split_centre() {
  Member& centre = *estate_.members().front();
  if (!may_taint() || !is_free(centre)) return;
  estate_.marks().hit(Mark::centre_lied);
  estate_.diary().note("a second centre");
  const std::uint64_t size = size_of(centre);
  Member& twin = twin_of(centre, {});
  outdo(twin, size + 1);
  for (int i = 0; i < 3; ++i)
    if (Member* misled = free_member(); misled != nullptr) estate_.dial(*misled, twin.host->name());
  estate_.travel_until_quiet(60);
}

// The site's key signs an entry that cannot be true; no core could ever fold it.
void Attackers::sign_nonsense() {
  Member* member = may_taint() ? free_store() : nullptr;
  if (member == nullptr) return;
  Host& host = *member->host;
  host.stop();
  member->down_until_ms = estate_.now_ms() + hour_ms;
  NoFold fold;
  auto journal = journal::Journal::open(host.disk(), journal_path, {}, fold);
  if (!journal || journal->opening().standing != journal::Standing::ready) return;
  estate_.marks().hit(Mark::absurd_entry);
  estate_.diary().note("{} signs nonsense", host.name());
  const trade::OrderKey key{host.plan().site.code, trade::SiteCode{11}, {9'000}, 1, {}};
  const std::string event = trade::encode({{}, trade::OrderDispatched{key, 7, {}, 1}});
  const std::string_view events[] = {event};
  CHECK(journal->append(events, journal->last_stamp()).has_value());
  CHECK(journal->save_checkpoint(journal::sign(host.signer(), journal->checkpoint())).has_value());
  member->taint = Taint::absurd;
  estate_.auditor().set_aside(host.plan().site.code);
}

void Attackers::back_up() {
  Member* member = free_store();
  if (member == nullptr) return;
  estate_.diary().note("{} is backed up", member->host->name());
  backup_ = member->host->disk().clone(chance_.next());
  backup_->restart(io::Tear::all);
  backed_up_ = member;
  backup_entries_ = size_of(*member);
}

// A backup that is older than what others hold: the site trades on from there, and so signs another
// history.
void Attackers::restore_backup() {
  if (!is_free(*backed_up_) || !may_taint() || size_of(*backed_up_) <= backup_entries_) return;
  const std::string origin = backed_up_->host->origin();
  // By an honest site: what only a second centre has seen, nobody can hold against this one.
  const bool is_held = std::ranges::any_of(estate_.members(), [&](auto& other) {
    return other.get() != backed_up_ && !other->is_attacker &&
           known_size(*other, origin) > backup_entries_;
  });
  if (!is_held) return;
  estate_.marks().hit(Mark::backup_restored);
  estate_.diary().note("{} is started from its backup", backed_up_->host->name());
  backed_up_->taint = Taint::two_histories;
  backed_up_->answered.clear();
  backed_up_->unanswered.clear();
  estate_.auditor().set_aside(backed_up_->host->plan().site.code);
  backed_up_->host->lose_power(io::Tear::all);
  backed_up_->host->replace_disk(std::exchange(backup_, nullptr));
  estate_.start(*backed_up_);
}

// The shorter of two histories is noticed once it is the longer one.
void Attackers::go_on() {
  for (auto& twin : estate_.members()) {
    Member* member = twin->is_attacker ? estate_.of_origin(twin->host->origin()) : nullptr;
    if (member != nullptr && member->taint == Taint::none)
      convict(*member, *twin, size_of(*member));
    if (twin->is_attacker) twin->host->stop();
    if (twin->is_attacker) twin->taint = Taint::lost;
  }
  for (std::size_t i = 0; i < estate_.members().size(); ++i) {
    Member& member = *estate_.members()[i];
    if (member.is_attacker || member.taint != Taint::two_histories) continue;
    std::uint64_t held = 0;
    for (auto& other : estate_.members())
      if (other.get() != &member) held = std::max(held, known_size(*other, member.host->origin()));
    outdo(member, held);
  }
}

}  // namespace rehearse
