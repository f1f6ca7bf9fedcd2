#include "rebuild/rebuild.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include <fmt/core.h>

#include "base/parallel.h"
#include "journal/journal.h"
#include "rebuild/reading.h"
#include "site/key.h"
#include "trade/continued.h"
#include "trade/rules.h"

namespace rebuild {
namespace {

using base::ErrorCode;
using base::Result;

// With several threads there are twice as many workers: one copies and waits for the disk while
// another one folds.
constexpr int workers_of(int threads) { return threads > 1 ? 2 * threads : 1; }

// Everybody else's journals, "0042-1" for the first epoch of site 0042.
io::Path peer_path(const io::Path& data, const std::string& origin) {
  const auto parsed = journal::parse_origin(origin);
  CHECK(parsed.has_value());
  return data / site::copies_folder / fmt::format("{}-{}", parsed->site, parsed->epoch);
}

std::vector<std::string> missing_of(const journal::Roster& roster, const Copies& copies) {
  std::vector<std::string> missing;
  for (const journal::RosterLine& line : roster.lines)
    if (line.role != journal::Role::witness && !copies.journals.contains(line.key.name))
      missing.push_back(line.key.name);
  std::ranges::sort(missing);
  return missing;
}

void add_up(Survey& survey, std::span<const Part> sizes) {
  std::vector<Part> parts;
  for (const Prefix& prefix : survey.prefixes) {
    if (sizes.empty() || std::ranges::count(sizes, prefix.origin, &Part::origin) > 0)
      parts.push_back({prefix.origin, prefix.entries, prefix.state});
    survey.entries += prefix.entries;
    survey.events += prefix.events;
    if (prefix.known_entries > prefix.entries)
      survey.lost.push_back({prefix.origin, prefix.entries, prefix.known_entries});
  }
  survey.digest = estate_digest(std::move(parts));
}

// The journal's name: with the key's epoch, or with the one after every epoch that the roster or a
// copy knows of the site.
Result<journal::Origin> next_origin(const journal::Roster& roster, const Copies& copies,
                                    const Wanted& wanted) {
  const std::string own = wanted.key ? wanted.key->verifier.name : "";
  const std::string code = site::origin_of(roster.estate, wanted.site, 1).site;
  std::uint64_t newest = 0;
  const auto count = [&](const std::string& name) {
    const auto origin = journal::parse_origin(name);
    if (name != own && origin && origin->estate == roster.estate && origin->site == code)
      newest = std::max(newest, origin->epoch);
  };
  for (const journal::RosterLine& line : roster.lines) count(line.key.name);
  for (const auto& [name, found] : copies.journals) count(name);
  if (newest == 0)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("the roster of {} knows no site {}", roster.estate, code));
  if (!wanted.key) return site::origin_of(roster.estate, wanted.site, newest + 1);
  const auto origin = journal::parse_origin(own);
  const bool is_next =
      origin && origin->estate == roster.estate && origin->site == code && origin->epoch > newest;
  if (!is_next)
    return base::fail(
        ErrorCode::input_bad,
        fmt::format("the key is of {}; the site's next journal is {} or later", own,
                    to_string(site::origin_of(roster.estate, wanted.site, newest + 1))));
  return *origin;
}

Result<> check_empty(io::Disk& disk, const io::Path& data) {
  if (const auto names = disk.list(data); names && !names->empty())
    return base::fail(ErrorCode::input_bad,
                      data.string() + ": is not empty; a rebuilt site begins in a new folder");
  return {};
}

// Counts what is done of equal steps, by several threads.
class Steps {
 public:
  Steps(std::size_t all, const OnProgress& told) : all_(all), told_(told) {}
  void done() {
    if (!told_) return;
    const std::lock_guard lock(mutex_);
    told_(static_cast<double>(++done_) / static_cast<double>(all_));
  }

 private:
  const std::size_t all_;
  const OnProgress& told_;
  std::mutex mutex_;
  std::size_t done_ = 0;
};

class NoFold final : public journal::Fold {
 public:
  void reset() override {}
  Result<> load(std::string_view) override { return {}; }
  void apply(std::uint64_t, const journal::Entry&) override {}
};

// The site's latest journal of which anything counts; nullptr if there is none.
const Prefix* latest_of(const Survey& survey, const journal::Origin& next) {
  const Prefix* latest = nullptr;
  std::uint64_t newest = 0;
  for (const Prefix& prefix : survey.prefixes) {
    const auto origin = journal::parse_origin(prefix.origin);
    const bool is_earlier = origin && origin->estate == next.estate && origin->site == next.site &&
                            origin->epoch < next.epoch && prefix.entries > 0;
    if (!is_earlier || origin->epoch <= newest) continue;
    newest = origin->epoch;
    latest = &prefix;
  }
  return latest;
}

// The first events of a site that goes on from its latest journal: its opening, and what it was. Of
// a centre that is what it has switched off, and its nights: the standing orders that depots fill.
Result<std::vector<std::string>> events_to_go_on(io::Disk& disk, const Survey& survey,
                                                 const journal::Origin& next) {
  std::vector<std::string> events;
  const Prefix* latest = latest_of(survey, next);
  if (latest == nullptr) return events;
  const auto reading =
      TRY(read(disk, Copy{latest->folder, journal::VerifierKey{latest->origin}, {}, {}},
               latest->entries, {}));
  const trade::Partition* partition = reading.partition();
  const bool goes_on =
      partition != nullptr &&
      trade::permits(partition->site.kind, trade::Role::site, trade::Verb::continue_site);
  if (!goes_on) return events;
  const std::string bytes = trade::encode(*partition);
  CHECK(crypto::sha256(bytes) == latest->state);
  if (bytes.size() > trade::continued_bytes_max)
    return base::fail(ErrorCode::input_too_large,
                      fmt::format("{}: has too much to go on with", latest->origin));
  trade::SiteOpened opened = partition->site;
  opened.epoch = static_cast<std::uint16_t>(next.epoch);
  events.push_back(trade::encode({{}, opened}));
  trade::Sha256 state;
  state.bytes = latest->state.bytes;
  for (auto& part : trade::continue_from(partition->site.epoch, latest->entries, state, bytes))
    events.push_back(trade::encode({{}, std::move(part)}));
  return events;
}

// As few commits as hold them all.
Result<> append_all(journal::Journal& journal, const std::vector<std::string>& events,
                    journal::Stamp stamp) {
  constexpr std::size_t commit_bytes_max = 8u << 20;
  std::vector<std::string_view> some;
  std::size_t bytes = 0;
  for (const std::string& event : events) {
    if (bytes + event.size() > commit_bytes_max) {
      TRY(journal.append(std::exchange(some, {}), stamp));
      bytes = 0;
    }
    some.push_back(event);
    bytes += event.size();
  }
  if (!some.empty()) TRY(journal.append(some, stamp));
  return {};
}

journal::Signer new_key(io::Entropy& entropy, const journal::Origin& origin) {
  crypto::Seed seed;
  entropy.fill(seed);
  journal::Signer signer = journal::make_signer(to_string(origin), journal::KeyKind::signer, seed);
  seed.fill(0);
  return signer;
}

// The key comes last: without it no site starts from what is there so far, and one that started
// before its stock is there would open with the estate's.
Result<> begin_journal(io::Disk& disk, const io::Path& data, const journal::Signer& signer,
                       std::int64_t now_ms, const std::string& report,
                       const std::vector<std::string>& events) {
  const io::Path folder = data / site::journal_folder;
  NoFold nothing;
  TRY(journal::Journal::create(disk, folder, signer.verifier));
  auto journal = TRY(journal::Journal::open(disk, folder, {}, nothing));
  TRY(journal.append_document(report, {now_ms, 0}));
  TRY(append_all(journal, events, {now_ms, 0}));
  TRY(journal.save_checkpoint(journal::sign(signer, journal.checkpoint())));
  return site::put_site_key(disk, data, signer);
}

// Judges every journal, and hands over what counts of each right after it, from any thread.
Survey survey_of(io::Disk& disk, const journal::Roster& roster, Copies copies, int threads,
                 std::span<const Part> sizes, const OnProgress& on_progress,
                 const std::function<void(std::size_t, const Prefix&)>& then) {
  Survey survey;
  survey.missing = missing_of(roster, copies);
  survey.unreadable = std::move(copies.unreadable);
  std::vector<const std::vector<Copy>*> journals;
  for (const auto& [origin, found] : copies.journals) journals.push_back(&found);
  survey.prefixes.resize(journals.size());
  Steps steps(journals.size(), on_progress);
  base::for_ranges(threads, journals.size(), 1, [&](std::size_t i, std::size_t, std::size_t) {
    const auto asked = std::ranges::find(sizes, journals[i]->front().key.name, &Part::origin);
    survey.prefixes[i] =
        newest_prefix(disk, roster, *journals[i],
                      asked == sizes.end() ? std::nullopt : std::optional(asked->entries));
    if (then) then(i, survey.prefixes[i]);
    steps.done();
  });
  add_up(survey, sizes);
  return survey;
}

}  // namespace

journal::Digest estate_digest(std::vector<Part> parts) {
  std::ranges::sort(parts);
  std::string text;
  for (const Part& part : parts)
    if (part.entries > 0)
      text += fmt::format("{} {} {}\n", part.origin, part.entries, to_hex(part.state));
  return crypto::sha256(text);
}

Result<Survey> survey(io::Disk& disk, const journal::Roster& roster, std::span<const io::Path> from,
                      int threads, std::span<const Part> sizes, const OnProgress& on_progress) {
  return survey_of(disk, roster, TRY(find_copies(disk, from)), threads, sizes, on_progress, {});
}

Result<Rebuilt> rebuild(io::Disk& disk, io::Entropy& entropy, std::int64_t now_ms,
                        const journal::Roster& roster, const Wanted& wanted,
                        const OnProgress& on_progress) {
  TRY(check_empty(disk, wanted.data));
  Rebuilt rebuilt;
  Copies copies = TRY(find_copies(disk, wanted.from));
  const journal::Origin origin = TRY(next_origin(roster, copies, wanted));
  TRY(disk.make_folders(wanted.data));
  // Each journal is copied while the system still holds what was just read of it.
  std::vector<Result<std::uint64_t>> written(copies.journals.size());
  rebuilt.survey =
      survey_of(disk, roster, std::move(copies), workers_of(wanted.threads), {}, on_progress,
                [&](std::size_t i, const Prefix& prefix) {
                  if (prefix.entries > 0)
                    written[i] = write_prefix(disk, prefix, peer_path(wanted.data, prefix.origin));
                });
  for (auto& bytes : written) rebuilt.bytes += TRY(std::move(bytes));
  expect_nothing_of(rebuilt.survey, to_string(origin));
  const auto events = TRY(events_to_go_on(disk, rebuilt.survey, origin));
  rebuilt.goes_on = !events.empty();
  const std::string report = to_text(rebuilt.survey);
  TRY(io::write_file(disk, wanted.data / report_file, report));
  const journal::Signer signer = wanted.key ? *wanted.key : new_key(entropy, origin);
  TRY(begin_journal(disk, wanted.data, signer, now_ms, report, events));
  rebuilt.key = signer.verifier;
  return rebuilt;
}

void expect_nothing_of(Survey& survey, const std::string& origin) {
  std::erase(survey.missing, origin);
}

std::string to_text(const Survey& survey) {
  std::string text = fmt::format("stockade-rebuilt-1\ndigest {}\n", to_hex(survey.digest));
  for (const Prefix& prefix : survey.prefixes)
    text += fmt::format("journal {} {} {} {}{}{}\n", prefix.origin, to_text(prefix.verdict),
                        prefix.entries, to_hex(prefix.state), prefix.why.empty() ? "" : " ",
                        prefix.why);
  for (const Lost& lost : survey.lost)
    text += fmt::format("lost {} {} {}\n", lost.origin, lost.first, lost.behind);
  for (const std::string& origin : survey.missing) text += fmt::format("missing {}\n", origin);
  for (const std::string& folder : survey.unreadable)
    text += fmt::format("unreadable {}\n", folder);
  return text;
}

}  // namespace rebuild
