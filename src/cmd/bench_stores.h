#pragma once
// Journals of many made-up stores, written as fast as the disk takes them, for measurements.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/note.h"
#include "trade/words.h"

namespace cmd {

inline constexpr std::string_view bench_estate = "bench";

// Of the store with that number, from 0.
trade::SiteCode store_code(std::size_t store);
// The key of a site's first epoch: the same at every call, and no secret.
journal::Signer store_signer(trade::SiteCode code);

// What any store could have journalled after it was opened: lines, then days of trade.
std::vector<std::string> events_of_a_store(std::int64_t days, std::int64_t events_per_day);

// Writes a store's journal, each event a commit, signed at its end. From event `turns_at` on every
// second event is left out.
base::Result<> write_store_journal(const io::Path& folder, trade::SiteCode code,
                                   const std::vector<std::string>& events, std::size_t turns_at);

}  // namespace cmd
