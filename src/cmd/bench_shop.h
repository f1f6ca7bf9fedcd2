#pragma once
// What stockade bench measures of an online site.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace cmd {

struct BenchCheckout {
  std::string folder;  // a new one; removed in the end
  std::vector<std::int64_t> clients{1, 8, 32, 256};
  double seconds = 20;
  bool json = false;
};

// Serves an online site that sells 2,000 lines of a store, and lets so many keep-alive clients, one
// number after the other, place guests' whole orders over loopback HTTP: seven requests each. In
// the same run, bare appends with a sync each. Afterwards the journal is read again: error
// evidence_bad where an order that was acknowledged is not in it.
base::Result<> bench_checkout(const BenchCheckout& wanted);

struct BenchLastUnits {
  std::string folder;  // as above
  std::int64_t units = 50, clients = 256, tries = 5'000;
  bool json = false;
};

// So many clients try to buy a unit each of a line of which there are few, until so many tries have
// been made. The process that serves them is killed twice: while the units go, and at half of the
// tries. It is started again, and clients that heard no answer ask again. Then the journal, the
// payment provider's books and the personal data are held against each other.
base::Result<> bench_last_units(const BenchLastUnits& wanted);

}  // namespace cmd
