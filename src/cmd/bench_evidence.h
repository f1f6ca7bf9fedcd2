#pragma once
// What stockade bench can measure of journals; one function each.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cmd {

struct BenchEvidence {
  std::string folder;  // on the disk to be measured; made, and removed afterwards
  double seconds = 8;  // to measure for, about
  std::int64_t entry_bytes = 4'096;
  std::int64_t mib = 256;           // of entries to verify
  std::int64_t events = 1'100'000;  // of 64 bytes to start with
  bool json = false;
};

// Commits of 1, 8, 64 and 512 commands of 256 bytes: ours, a bare append with a sync, and SQLite
// (WAL, synchronous=FULL), by turns on the same disk.
base::Result<> bench_journal(const BenchEvidence& wanted);
// How fast a journal is verified by one thread, beside SHA-256 of OpenSSL over 16 KiB blocks.
base::Result<> bench_verify(const BenchEvidence& wanted);
// How soon a site is ready: from a snapshot, and by folding everything.
base::Result<> bench_start(const BenchEvidence& wanted);

}  // namespace cmd
