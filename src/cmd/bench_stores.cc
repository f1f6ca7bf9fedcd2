#include "cmd/bench_stores.h"

#include <algorithm>

#include "cmd/bench_trade.h"
#include "journal/checkpoint.h"
#include "journal/files.h"
#include "journal/frame.h"
#include "journal/scan.h"
#include "site/key.h"
#include "trade/book.h"

namespace cmd {
namespace {

using base::Result;

constexpr std::uint32_t lines = 2'000;
constexpr std::int64_t first_ms = 1'763'800'000'000;

}  // namespace

trade::SiteCode store_code(std::size_t store) {
  return trade::SiteCode{static_cast<std::uint16_t>(store + 1)};
}

journal::Signer store_signer(trade::SiteCode code) {
  crypto::Seed seed{};
  const journal::Origin origin = site::origin_of(bench_estate, code, 1);
  std::ranges::copy(origin.site, seed.begin());
  return journal::make_signer(to_string(origin), journal::KeyKind::signer, seed);
}

std::vector<std::string> events_of_a_store(std::int64_t days, std::int64_t events_per_day) {
  constexpr trade::SiteCode code{1};
  trade::Book book;
  std::vector<std::string> events;
  MadeUpTrade trade(lines, static_cast<std::uint64_t>(events_per_day));
  const auto put = [&](trade::Body body, trade::Role role) {
    const auto event = trade::decide(book, code, {role, {}, 0, std::move(body)});
    if (!event) return;
    trade::apply(book, code, *event);
    events.push_back(trade::encode(*event));
  };
  put(trade::SiteOpened{code, trade::SiteKind::store, 1}, trade::Role::site);
  events.clear();
  for (trade::Body& body : trade.opening()) put(std::move(body), trade::Role::site);
  const auto all = static_cast<std::size_t>(days * events_per_day);
  while (events.size() < all) put(trade.next(), trade::Role::manager);
  return events;
}

Result<> write_store_journal(const io::Path& folder, trade::SiteCode code,
                             const std::vector<std::string>& events, std::size_t turns_at) {
  io::Disk& disk = io::real_disk();
  TRY(disk.make_folders(folder));
  const journal::Signer signer = store_signer(code);
  std::string bytes = journal::encode(journal::SegmentHeader{signer.verifier, 0, {}});
  journal::Digest link = TRY(journal::parse_header(bytes)).check;
  journal::Frontier frontier;
  journal::FrameBuilder frame;
  const auto put = [&](std::string_view event) -> Result<> {
    const auto tick = static_cast<std::int64_t>(frontier.size() * 20'000);
    const std::array one{event};
    frame.begin(frontier.size(), link);
    const auto entries = TRY(journal::pack_events(one, {first_ms + tick, tick}));
    for (const std::string& entry : entries) CHECK(frame.add(entry));
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

}  // namespace cmd
