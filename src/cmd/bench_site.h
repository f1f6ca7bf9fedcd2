#pragma once
// What stockade bench measures of a site.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cmd {

struct BenchReplay {
  std::string folder;  // a new one; removed in the end
  std::uint64_t events = 1'100'000;
  bool json = false;
};

// Trades a store's year: 2,000 lines, days of 3,000 events, nearly all sales of one to five lines.
// Then starts the site from its snapshot with the tail that a kill leaves, and once more without
// any snapshot. Both books must have the same digest. Errors: input_bad for a folder that is there
// already, io_failed.
base::Result<> bench_replay(const BenchReplay& wanted);

struct BenchSite {
  std::string folder;  // as above
  double seconds = 20;
  std::size_t connections = 0;  // of the crowd; none: no crowd
  bool json = false;
};

// Serves a store of 2,000 lines and lets 64 keep-alive clients post sales of five lines over
// loopback, plain and over TLS, every answered sale on disk; beside it, in the same run, bare
// appends of a sale's size with a sync each. Then the same, plain, while a crowd of connections
// begins requests and never ends them. Server and clients share the machine.
base::Result<> bench_site(const BenchSite& wanted);

}  // namespace cmd
