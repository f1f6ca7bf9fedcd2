// stockade bench rebuild: a centre from its stores' journals.

#include "cmd/bench_rebuild.h"

#include <atomic>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cmd/bench_trade.h"
#include "cmd/common.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "crypto/hex.h"
#include "io/clock.h"
#include "io/process.h"
#include "journal/files.h"
#include "rebuild/rebuild.h"
#include "site/key.h"
#include "trade/book.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint32_t lines = 2'000;
constexpr std::string_view estate = "bench";
constexpr trade::SiteCode centre{9'900};
constexpr std::int64_t first_ms = 1'763'800'000'000;

trade::SiteCode code_of(std::size_t site) {
  return trade::SiteCode{static_cast<std::uint16_t>(site + 1)};
}

journal::Signer signer_of(trade::SiteCode code) {
  crypto::Seed seed{};
  journal::Origin origin = site::origin_of(estate, code, 1);
  std::copy(origin.site.begin(), origin.site.end(), seed.begin());
  return journal::make_signer(to_string(origin), journal::KeyKind::signer, seed);
}

// A store's events after it was opened, as any store could have journalled them.
std::vector<std::string> events_of_a_store(const BenchRebuild& wanted) {
  constexpr trade::SiteCode code{1};
  trade::Book book;
  std::vector<std::string> events;
  MadeUpTrade trade(lines, static_cast<std::uint64_t>(wanted.events_per_day));
  const auto put = [&](trade::Body body, trade::Role role) {
    const auto event = trade::decide(book, code, {role, {}, 0, std::move(body)});
    if (!event) return;
    trade::apply(book, code, *event);
    events.push_back(trade::encode(*event));
  };
  put(trade::SiteOpened{code, trade::SiteKind::store, 1}, trade::Role::site);
  events.clear();
  for (trade::Body& body : trade.opening()) put(std::move(body), trade::Role::site);
  const auto all = static_cast<std::size_t>(wanted.days * wanted.events_per_day);
  while (events.size() < all) put(trade.next(), trade::Role::manager);
  return events;
}

// Writes a store's journal, each event a commit, signed at its end. From event `turns_at` on every
// second event is left out.
Result<> write_journal(const io::Path& folder, trade::SiteCode code,
                       const std::vector<std::string>& events, std::size_t turns_at) {
  io::Disk& disk = io::real_disk();
  TRY(disk.make_folders(folder));
  const journal::Signer signer = signer_of(code);
  const std::string header = journal::encode(journal::SegmentHeader{signer.verifier, 0, {}});
  journal::Digest link = TRY(journal::parse_header(header)).check;
  journal::Frontier frontier;
  journal::FrameBuilder frame;
  std::string bytes = header;
  const auto put = [&](std::string_view event) -> Result<> {
    const auto tick = static_cast<std::int64_t>(frontier.size() * 20'000);
    const std::array one{event};
    frame.begin(frontier.size(), link);
    for (const std::string& entry : TRY(journal::pack_events(one, {first_ms + tick, tick})))
      CHECK(frame.add(entry));
    bytes += frame.finish();
    link = frame.check();
    for (const journal::Digest& leaf : frame.leaves()) frontier.append(leaf);
    return {};
  };
  TRY(put(trade::encode(trade::Event{{}, trade::SiteOpened{code, trade::SiteKind::store, 1}})));
  for (std::size_t i = 0; i < events.size(); ++i)
    if (i < turns_at || i % 2 == 0) TRY(put(events[i]));
  TRY(io::write_file(disk, folder / journal::segment_name(0), bytes));
  const auto signed_size =
      journal::sign(signer, {signer.verifier.name, frontier.size(), frontier.root()});
  return io::write_file(disk, folder / journal::checkpoint_file,
                        journal::wrap_checkpoint(signed_size.note));
}

struct Planted {
  journal::Roster roster;
  std::vector<std::string> missing, lying;  // origins
};

// The stores' own journals; of those that lie, another history at their depot.
Result<Planted> plant(const io::Path& folder, const BenchRebuild& wanted) {
  Planted planted;
  planted.roster.estate = estate;
  planted.roster.lines.push_back({signer_of(centre).verifier, journal::Role::centre, {}, {}});
  const std::vector<std::string> events = events_of_a_store(wanted);
  const auto count = static_cast<std::size_t>(wanted.sites);
  std::vector<Result<>> outcomes(count);
  const auto is_in = [](std::size_t site, std::int64_t percent, std::size_t offset) {
    return (site * 61 + offset) % 100 < static_cast<std::size_t>(percent);
  };
  const auto is_missing = [&](std::size_t site) { return is_in(site, wanted.missing_percent, 0); };
  const auto lies = [&](std::size_t site) {
    return !is_missing(site) && is_in(site, wanted.lying_percent, 50);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto& key = signer_of(code_of(i)).verifier;
    planted.roster.lines.push_back({key, journal::Role::store, {}, {}});
    if (is_missing(i)) planted.missing.push_back(key.name);
    if (lies(i)) planted.lying.push_back(key.name);
  }
  planted.missing.push_back(signer_of(centre).verifier.name);
  std::ranges::sort(planted.missing);
  std::ranges::sort(planted.lying);
  base::for_ranges(wanted.threads, count, 1, [&](std::size_t i, std::size_t, std::size_t) {
    if (is_missing(i)) return;
    const std::string name = fmt::format("{:04}", static_cast<std::uint16_t>(code_of(i)));
    outcomes[i] = write_journal(folder / "stores" / name, code_of(i), events, events.size());
    if (outcomes[i] && lies(i))
      outcomes[i] = write_journal(folder / "depot" / name, code_of(i), events,
                                  events.size() - events.size() / 10);
  });
  for (auto& outcome : outcomes) TRY(std::move(outcome));
  return planted;
}

// What was planted must have been found, and nothing else.
Result<> check(const Planted& planted, const rebuild::Survey& survey) {
  std::vector<std::string> lying, others;
  for (const rebuild::Prefix& prefix : survey.prefixes)
    if (prefix.verdict == rebuild::Verdict::lying)
      lying.push_back(prefix.origin);
    else if (prefix.verdict != rebuild::Verdict::proven)
      others.push_back(fmt::format("{}: {}", prefix.origin, prefix.why));
  if (!others.empty()) return base::fail(ErrorCode::evidence_bad, others[0]);
  if (survey.missing != planted.missing || lying != planted.lying)
    return base::fail(
        ErrorCode::evidence_bad,
        fmt::format("{} of {} missing and {} of {} lying stores were named", survey.missing.size(),
                    planted.missing.size(), lying.size(), planted.lying.size()));
  return {};
}

}  // namespace

Result<> bench_rebuild(const BenchRebuild& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path& folder = scratch.path();
  const double memory_before = io::peak_memory_mib();
  const double planted_at = io::real_clock().seconds();
  const Planted planted = TRY(plant(folder / "from", wanted));
  const double begin = io::real_clock().seconds();
  const ProgressBar bar;
  const auto rebuilt = TRY(rebuild::rebuild(
      io::real_disk(), io::real_entropy(), io::real_clock().wall_ms(), planted.roster,
      {{folder / "from"}, folder / "centre", centre, wanted.threads},
      [&](double share) { bar.draw(share, "rebuilding"); }));
  const double seconds = io::real_clock().seconds() - begin;
  TRY(check(planted, rebuilt.survey));
  const double rate = static_cast<double>(rebuilt.survey.events) / seconds;
  // The lost centre is known to be missing.
  const std::size_t missing = planted.missing.size() - 1;
  if (wanted.json)
    print({{"sites", wanted.sites},
           {"events", rebuilt.survey.events},
           {"seconds", seconds},
           {"events_per_s", rate},
           {"rss_mib", io::peak_memory_mib()},
           {"rss_mib_before", memory_before},
           {"digest", crypto::to_hex(rebuilt.survey.digest.view())},
           {"missing", missing},
           {"lying", planted.lying.size()},
           {"disk_mib", static_cast<double>(rebuilt.bytes) / (1 << 20)},
           {"write_seconds", begin - planted_at},
           {"threads", wanted.threads}});
  else
    fmt::print(
        "{} sites, {} events: rebuilt in {:.1f} s, {} events a second; {:.0f} MiB of memory, {} "
        "MiB of disk\nmissing: {}, lying: {}; all of them named\ndigest {}\n",
        grouped(wanted.sites), grouped(static_cast<std::int64_t>(rebuilt.survey.events)), seconds,
        grouped(static_cast<std::int64_t>(rate)), io::peak_memory_mib(),
        grouped(static_cast<std::int64_t>(rebuilt.bytes >> 20)), missing, planted.lying.size(),
        crypto::to_hex(rebuilt.survey.digest.view()));
  return {};
}

}  // namespace cmd
