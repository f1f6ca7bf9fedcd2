#pragma once
// What a site's folder knows of trade: its own journal and its copies of others', folded anew from
// their bytes up to their signed checkpoints. Nothing of a running process is looked at.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/roster.h"
#include "site/waves.h"
#include "trade/book.h"

namespace vault {

struct JournalRead {
  std::string origin;
  trade::SiteCode site{};
  std::uint64_t entries = 0;  // that are in the book
  journal::Digest root;       // of them
  std::string why;            // why the rest does not count, or was not read; empty if all is well
};

// Units sold less units brought back, by site, day and line.
using Sold = std::map<std::tuple<trade::SiteCode, trade::Day, trade::LineNo>, std::int64_t>;

struct Known {
  trade::Book book;
  std::vector<JournalRead> journals;  // the site's own first
  Sold sold;
  // The newest night of each store that centres told of and whose document is here.
  site::HeldNights nights;
};

// Reads the newest epoch of every site's journal in `data`. The roster says whose keys are
// believed. Errors: evidence_bad where the own journal, `origin`, does not hold or the roster does
// not let it speak; io_failed. What is wrong with another site's is told in its row.
base::Result<Known> read_known(io::Disk& disk, const io::Path& data, const std::string& origin,
                               const journal::Roster& roster);

}  // namespace vault
