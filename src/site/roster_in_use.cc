#include "site/roster_in_use.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

namespace site {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Roster;

// What a successor adds to the one before, and whose keys it ends.
void tell_changes(const Roster& before, const Roster& after, RosterNews& news) {
  std::map<std::string_view, const journal::RosterLine*> old;
  for (const journal::RosterLine& line : before.lines) old[line.key.name] = &line;
  for (const journal::RosterLine& line : after.lines) {
    const auto known = old.find(line.key.name);
    if (known == old.end()) news.added.push_back(line.key.name);
    const bool was_so =
        known != old.end() && known->second->revoked_at_entries == line.revoked_at_entries;
    if (line.revoked_at_entries && !was_so) news.revoked.push_back(line.key.name);
  }
}

}  // namespace

RosterInUse::RosterInUse(Roster roster) : roster_(std::make_shared<Roster>(std::move(roster))) {}

RosterInUse::RosterInUse(io::Disk& disk, io::Path file, RosterPtr roster, std::string bytes)
    : disk_(&disk), file_(std::move(file)), seen_(std::move(bytes)), roster_(std::move(roster)) {}

Result<std::shared_ptr<RosterInUse>> RosterInUse::open(io::Disk& disk, io::Path file) {
  std::string bytes = TRY(io::read_file(disk, file));
  auto roster = std::make_shared<Roster>(TRY(journal::open_roster(bytes)));
  return std::shared_ptr<RosterInUse>(
      new RosterInUse(disk, std::move(file), std::move(roster), std::move(bytes)));
}

RosterPtr RosterInUse::get() const {
  const std::lock_guard held(lock_);
  return roster_;
}

void RosterInUse::replace(RosterPtr roster) {
  CHECK(roster != nullptr);
  const std::lock_guard held(lock_);
  roster_ = std::move(roster);
  refused_why_.clear();
}

RosterInUse::Standing RosterInUse::standing() const {
  const std::lock_guard held(lock_);
  return {roster_->number, refusals_, refused_why_};
}

// A file that is no roster may be as large as it likes.
Result<std::string> RosterInUse::read(const io::Path& path) const {
  if (TRY(disk_->open(path))->size_bytes() > journal::note_bytes_max)
    return base::fail(ErrorCode::evidence_bad, path.string() + ": too large for a roster");
  return io::read_file(*disk_, path);
}

// The roster that the bytes hold, if it is the one in use or follows it.
Result<RosterPtr> RosterInUse::follow(std::string_view bytes) const {
  const RosterPtr now = get();
  const Roster newest = TRY(journal::open_roster(bytes));
  if (newest.estate == now->estate && newest.number == now->number &&
      to_text(newest) == to_text(*now))
    return now;
  const auto no = [&](std::string_view why) {
    return base::fail(ErrorCode::evidence_bad, fmt::format("number {} {}: number {} is in use",
                                                           newest.number, why, now->number));
  };
  if (newest.estate != now->estate) return no("is of the estate " + newest.estate);
  if (newest.number < now->number) return no("is older");
  if (newest.number == now->number) return no("is another one");
  RosterPtr last = now;
  while (last->number + 1 < newest.number) {
    const io::Path between = fmt::format("{}.{}", file_.string(), last->number + 1);
    if (!disk_->exists(between))
      return no(fmt::format("does not follow without {}", between.string()));
    const std::string earlier = TRY(read(between));
    last = std::make_shared<Roster>(TRY(journal::open_roster(earlier, last.get())));
  }
  return std::make_shared<Roster>(TRY(journal::open_roster(bytes, last.get())));
}

// What a stranger wrote may stand in the reason: of that, what every log and every page can show.
RosterNews RosterInUse::refuse(std::string why) {
  constexpr std::size_t words_bytes_max = 400;
  why.resize(std::min(why.size(), words_bytes_max));
  std::ranges::replace_if(
      why, [](char letter) { return letter < ' ' || letter > '~'; }, '?');
  const std::lock_guard held(lock_);
  ++refusals_;
  refused_why_ = std::move(why);
  return {roster_->number, refused_why_};
}

std::optional<RosterNews> RosterInUse::look() {
  if (disk_ == nullptr) return std::nullopt;
  auto bytes = read(file_);
  const bool stood_still = bytes ? seen_ == *bytes : !seen_;
  if (!stood_still) {
    // Whoever copies it may be half-way.
    is_judged_ = false;
    seen_.reset();
    if (bytes) seen_ = *std::move(bytes);
    return std::nullopt;
  }
  if (std::exchange(is_judged_, true)) return std::nullopt;
  if (!bytes) return refuse(bytes.error().message);
  const auto next = follow(*bytes);
  if (!next) return refuse(fmt::format("{}: {}", file_.string(), next.error().message));
  const RosterPtr before = get();
  replace(*next);
  if (*next == before) return std::nullopt;
  RosterNews news{(*next)->number};
  tell_changes(*before, **next, news);
  return news;
}

}  // namespace site
