#pragma once
// A small estate as file contents, for tests that change one thing about it.

#include <map>
#include <string>

#include "estate/read.h"
#include "estate/testing/memory_disk.h"

namespace estate::testing {

using Files = std::map<std::string, std::string>;

// Two stores with a depot, three products, two days of sales.
inline Files small_estate() {
  return {{"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"day\"\n"},
          {"sites.csv", "site,kind,depot\nS2,store,D1\nS1,store,D1\nD1,depot,\n"},
          {"products.csv", "product,name,supplier\nP1,Milk,A\nP2,\"Bread, white\",B\nP3,,A\n"},
          {"sales.csv",
           "date,site,product,units\n"
           "2026-01-05,S1,P1,3\n"
           "2026-01-05,S1,P2,4\n"
           "2026-01-05,S2,P1,5\n"
           "2026-01-06,S1,P1,6\n"
           "2026-01-06,S2,P3,-1\n"}};
}

inline base::Result<Estate> read_files(const Files& files, const ReadOptions& options = {}) {
  MemoryDisk disk(files);
  return read_estate(disk, "folder", options);
}

}  // namespace estate::testing
