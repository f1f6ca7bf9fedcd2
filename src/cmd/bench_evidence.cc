#include "cmd/bench_evidence.h"

#include <cstring>

#include <fmt/core.h>

#include "cmd/bench_sqlite.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "io/clock.h"
#include "io/disk.h"
#include "journal/journal.h"
#include "journal/verify.h"

namespace cmd {
namespace {

using base::Result;
using journal::Journal;

constexpr std::size_t command_bytes = 256, event_bytes = 64;
constexpr double turn_seconds = 0.05;
constexpr std::size_t book_lines = 8'000;

journal::Signer bench_signer() {
  return journal::make_signer("stockade/bench/0001/1", journal::KeyKind::signer, crypto::Seed{1});
}

double now() { return io::real_clock().seconds(); }

// Sums per line: a small book.
class Sums final : public journal::Fold {
 public:
  void reset() override { units_.assign(book_lines, 0); }
  Result<> load(std::string_view state) override {
    reset();
    if (state.size() != units_.size() * sizeof(std::int64_t))
      return base::fail(base::ErrorCode::state_mismatch, "not a state of sums");
    std::memcpy(units_.data(), state.data(), state.size());
    return {};
  }
  void apply(std::uint64_t, const journal::Entry& entry) override {
    if (entry.kind != journal::EntryKind::events) return;
    const auto events = journal::unpack_events(entry.body);
    if (!events) return;
    for (const std::string_view event : *events) {
      std::uint32_t line = 0;
      std::memcpy(&line, event.data(), std::min(sizeof line, event.size()));
      ++units_[line % book_lines];
    }
  }
  std::string save() const {
    return {reinterpret_cast<const char*>(units_.data()), units_.size() * sizeof(std::int64_t)};
  }

 private:
  std::vector<std::int64_t> units_ = std::vector<std::int64_t>(book_lines);
};

// A body of one event; numbers make every one another.
std::string event_of(std::uint32_t number, std::size_t size) {
  std::string event(std::max(size, sizeof number), '.');
  std::memcpy(event.data(), &number, sizeof number);
  return event;
}

// A journal of one-event entries in one segment, written at once instead of commit by commit, which
// only a bench may do. `entry_size` is that of the whole entry.
Result<> write_journal(const io::Path& folder, std::uint64_t entries, std::size_t entry_size) {
  const auto signer = bench_signer();
  const std::string header = encode(journal::SegmentHeader{signer.verifier, 0, {}});
  TRY(io::real_disk().make_folders(folder));
  const auto writer = TRY(io::real_disk().create(folder / journal::segment_name(0)));
  TRY(writer->write(header));
  journal::Digest link = journal::parse_header(header)->check;
  journal::FrameBuilder builder;
  std::string buffer;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::string event =
        event_of(static_cast<std::uint32_t>(i), entry_size - journal::entry_head_bytes - 2);
    const std::string_view view = event;
    const auto packed = TRY(journal::pack_events(std::span(&view, 1), {1, 1}));
    builder.begin(i, link);
    CHECK(builder.add(packed[0]));
    buffer += builder.finish();
    link = builder.check();
    if (buffer.size() < (1u << 20) && i + 1 < entries) continue;
    TRY(writer->write(buffer));
    buffer.clear();
  }
  return writer->finish();
}

struct Rate {
  std::uint64_t commands = 0;
  double seconds = 0;
  double per_s() const { return static_cast<double>(commands) / seconds; }
};

// One system's turn: commits until the turn is over.
template <class Commit>
Result<> take_turn(Rate& rate, int batch, Commit commit) {
  const double begin = now();
  double elapsed = 0;
  do {
    TRY(commit());
    rate.commands += static_cast<std::uint64_t>(batch);
    elapsed = now() - begin;
  } while (elapsed < turn_seconds);
  rate.seconds += elapsed;
  return {};
}

struct Rates {
  int batch = 0;
  Rate stockade, raw, sqlite;
};

Result<Rates> measure_batch(const io::Path& folder, int batch, double seconds) {
  Rates rates{batch, {}, {}, {}};
  const auto signer = bench_signer();
  TRY(Journal::create(io::real_disk(), folder / "journal", signer.verifier));
  Sums fold;
  Journal journal = TRY(Journal::open(io::real_disk(), folder / "journal", {}, fold));
  TRY(io::write_file(io::real_disk(), folder / "raw", ""));
  const auto raw = TRY(io::real_disk().open_file(folder / "raw"));
  SqliteLog sqlite = TRY(SqliteLog::create((folder / "sqlite").string()));

  const std::string command = event_of(7, command_bytes);
  const std::vector<std::string_view> commands(static_cast<std::size_t>(batch), command);
  std::string block;
  for (const std::string_view one : commands) block += one;
  std::uint64_t raw_end = 0;
  std::int64_t tick_ms = 0;
  const auto commit_ours = [&]() -> Result<> {
    TRY(journal.append(commands, {1, ++tick_ms}));
    return {};
  };
  const auto commit_raw = [&]() -> Result<> {
    TRY(raw->write_at(raw_end, block));
    raw_end += block.size();
    return raw->sync();
  };
  const auto commit_sqlite = [&] { return sqlite.commit(command, batch); };
  const double begin = now();
  while (now() - begin < seconds) {
    TRY(take_turn(rates.stockade, batch, commit_ours));
    TRY(take_turn(rates.raw, batch, commit_raw));
    TRY(take_turn(rates.sqlite, batch, commit_sqlite));
    // Signed as a site does it, between commits and on nobody's time.
    TRY(journal.save_checkpoint(journal::sign(signer, journal.checkpoint())));
  }
  return rates;
}

double sha256_gb_s(double seconds) {
  const std::string block(16'384, 'x');
  crypto::Sha256 hash;
  std::uint64_t bytes = 0;
  const double begin = now();
  double elapsed = 0;
  do {
    for (int i = 0; i < 64; ++i) {
      hash.add(block);
      (void)hash.finish();
    }
    bytes += 64 * block.size();
    elapsed = now() - begin;
  } while (elapsed < seconds);
  return static_cast<double>(bytes) / elapsed / 1e9;
}

}  // namespace

Result<> bench_journal(const BenchEvidence& wanted) {
  Json batches = Json::array();
  for (const int batch : {1, 8, 64, 512}) {
    const Scratch scratch = TRY(Scratch::make(wanted.folder));
    const Rates rates = TRY(measure_batch(scratch.path(), batch, wanted.seconds / 4));
    batches.push_back({{"batch", rates.batch},
                       {"stockade_per_s", rates.stockade.per_s()},
                       {"raw_per_s", rates.raw.per_s()},
                       {"sqlite_per_s", rates.sqlite.per_s()}});
    if (!wanted.json)
      fmt::print("{:4} a sync: {:9.0f} commands/s, raw {:9.0f} ({:3.0f} %), SQLite {:9.0f}\n",
                 batch, rates.stockade.per_s(), rates.raw.per_s(),
                 100 * rates.stockade.per_s() / rates.raw.per_s(), rates.sqlite.per_s());
  }
  if (wanted.json) print({{"command_bytes", command_bytes}, {"batches", std::move(batches)}});
  return {};
}

Result<> bench_verify(const BenchEvidence& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const auto size = static_cast<std::uint64_t>(wanted.entry_bytes);
  TRY(write_journal(scratch.path() / "journal",
                    (static_cast<std::uint64_t>(wanted.mib) << 20) / size, size));
  double best = 0, sha256 = 0;
  const double begin = now();
  // By turns, the best of each: what the machine can do when nobody else wants it.
  do {
    const double start = now();
    const auto report = TRY(journal::verify(io::real_disk(), scratch.path() / "journal", {}));
    best = std::max(best, static_cast<double>(report.bytes) / (now() - start) / 1e9);
    sha256 = std::max(sha256, sha256_gb_s(turn_seconds * 4));
  } while (now() - begin < wanted.seconds);
  if (wanted.json)
    print({{"entry_bytes", wanted.entry_bytes},
           {"gb_s", best},
           {"sha256_gb_s", sha256},
           {"ratio", best / sha256}});
  else
    fmt::print("{}-byte entries: {:.3f} GB/s verified, SHA-256 {:.3f} GB/s, {:.0f} %\n",
               wanted.entry_bytes, best, sha256, 100 * best / sha256);
  return {};
}

Result<> bench_start(const BenchEvidence& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path folder = scratch.path() / "journal";
  constexpr std::int64_t tail = 10'000;  // what a store adds in three days
  const auto before = static_cast<std::uint64_t>(std::max<std::int64_t>(wanted.events - tail, 1));
  TRY(write_journal(folder, before, event_bytes + journal::entry_head_bytes + 2));
  {
    Sums fold;
    Journal journal = TRY(Journal::open(io::real_disk(), folder, {}, fold));
    TRY(journal.save_snapshot(fold.save(), {1, 2}));
    for (std::int64_t i = 0; i < tail; i += 50) {
      const std::string event = event_of(static_cast<std::uint32_t>(i), event_bytes);
      TRY(journal.append(std::vector<std::string_view>(50, event), {1, 3}));
    }
    TRY(journal.save_checkpoint(journal::sign(bench_signer(), journal.checkpoint())));
  }
  const auto start = [&](bool use_snapshot, std::string& state) -> Result<double> {
    Sums fold;
    const double begin = now();
    const Journal journal =
        TRY(Journal::open(io::real_disk(), folder, {.use_snapshot = use_snapshot}, fold));
    const double seconds = now() - begin;
    CHECK(journal.opening().from_snapshot == use_snapshot);
    state = fold.save();
    return seconds;
  };
  std::string fast, full;
  const double snapshot_s = TRY(start(true, fast)), replay_s = TRY(start(false, full));
  CHECK(fast == full);
  if (wanted.json)
    print({{"events", wanted.events}, {"snapshot_s", snapshot_s}, {"replay_s", replay_s}});
  else
    fmt::print("{} events: ready in {:.3f} s from a snapshot, {:.3f} s by full replay\n",
               wanted.events, snapshot_s, replay_s);
  return {};
}

}  // namespace cmd
