#include "cmd/standing.h"

#include <map>

#include <fmt/core.h>

#include "base/numbers.h"
#include "base/words.h"
#include "crypto/sha256.h"
#include "journal/checkpoint.h"
#include "journal/files.h"
#include "site/code.h"
#include "site/key.h"
#include "site/peer_reader.h"
#include "site/store_night.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

// Documents of a store's nights, as far as the journal is signed by a key of the roster.
Result<std::map<trade::Day, trade::Sha256>> nights_of(const io::Path& folder, trade::SiteCode store,
                                                      const journal::Roster& roster) {
  std::map<trade::Day, trade::Sha256> nights;
  std::string why;
  site::PeerReader reader(io::real_disk(), folder, roster.estate);
  const auto take = [&](const site::Peer& peer, std::span<const std::string> events) {
    why = peer.why;
    for (const std::string& bytes : events) {
      const auto event = trade::decode(bytes);
      const auto* told = event ? std::get_if<trade::NightTold>(&event->body) : nullptr;
      if (told != nullptr && told->store == store) nights[told->day] = told->document;
    }
    return true;
  };
  reader.read(take, &roster);
  if (!why.empty()) return base::fail(ErrorCode::evidence_bad, why);
  return nights;
}

Result<site::StoreNight> newest_of(const io::Path& folder,
                                   const std::map<trade::Day, trade::Sha256>& nights) {
  for (auto night = nights.rbegin(); night != nights.rend(); ++night) {
    journal::Digest digest;
    digest.bytes = night->second.bytes;
    const io::Path path = journal::document_path(folder, digest);
    if (!io::real_disk().exists(path)) continue;
    const std::string bytes = TRY(io::read_file(io::real_disk(), path));
    auto read = site::parse_store_night(bytes);
    if (crypto::sha256(bytes) == digest && read) return *std::move(read);
    return base::fail(ErrorCode::evidence_bad,
                      path.string() + ": is not the document that the journal names");
  }
  return base::fail(ErrorCode::input_missing,
                    folder.string() + ": holds no standing order of that store");
}

void print(const site::StoreNight& night) {
  fmt::print("standing order of {} for store {}\n", to_string(night.day),
             site::to_text(night.store));
  for (const site::PlannedDelivery& delivery : night.standing) {
    std::int64_t units = 0;
    for (const site::WantedRow& row : delivery.rows) units += row.units;
    fmt::print("{} drop {} {} from {}: {}, {}\n", to_string(trade::to_date(delivery.key.delivery)),
               delivery.key.drop, text_of(delivery.key.chain), site::to_text(delivery.key.depot),
               base::counted(static_cast<std::int64_t>(delivery.rows.size()), "line"),
               base::counted(units, "unit"));
    for (const site::WantedRow& row : delivery.rows)
      fmt::print("  {} {}\n", row.product.view(), row.units);
  }
}

}  // namespace

Result<> print_standing(const StandingAsked& asked) {
  const auto code = base::parse_whole(asked.store);
  if (asked.store.size() != 4 || !code || *code < 0)
    return base::fail(ErrorCode::usage, "sheet standing: --store is a code of four digits");
  const std::string note = TRY(io::read_file(io::real_disk(), asked.roster));
  const journal::Roster roster = TRY(journal::open_roster(note));
  const trade::SiteCode store{static_cast<std::uint16_t>(*code)};
  const auto nights = TRY(nights_of(asked.journal, store, roster));
  print(TRY(newest_of(asked.journal, nights)));
  return {};
}

}  // namespace cmd
