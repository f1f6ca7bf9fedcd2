// stockade bench rebuild: a centre from its stores' journals.

#include "cmd/bench_rebuild.h"

#include <atomic>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cmd/bench_stores.h"
#include "cmd/common.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "crypto/hex.h"
#include "io/clock.h"
#include "io/process.h"
#include "rebuild/rebuild.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr trade::SiteCode centre{9'900};

struct Planted {
  journal::Roster roster;
  std::vector<std::string> missing, lying;  // origins
};

// The stores' own journals; of those that lie, another history at their depot.
Result<Planted> plant(const io::Path& folder, const BenchRebuild& wanted) {
  Planted planted;
  planted.roster.estate = bench_estate;
  planted.roster.lines.push_back({store_signer(centre).verifier, journal::Role::centre, {}, {}});
  const std::vector<std::string> events = events_of_a_store(wanted.days, wanted.events_per_day);
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
    const auto& key = store_signer(store_code(i)).verifier;
    planted.roster.lines.push_back({key, journal::Role::store, {}, {}});
    if (is_missing(i)) planted.missing.push_back(key.name);
    if (lies(i)) planted.lying.push_back(key.name);
  }
  planted.missing.push_back(store_signer(centre).verifier.name);
  std::ranges::sort(planted.missing);
  std::ranges::sort(planted.lying);
  base::for_ranges(wanted.threads, count, 1, [&](std::size_t i, std::size_t, std::size_t) {
    if (is_missing(i)) return;
    const std::string name = fmt::format("{:04}", static_cast<std::uint16_t>(store_code(i)));
    outcomes[i] =
        write_store_journal(folder / "stores" / name, store_code(i), events, events.size());
    if (outcomes[i] && lies(i))
      outcomes[i] = write_store_journal(folder / "depot" / name, store_code(i), events,
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
