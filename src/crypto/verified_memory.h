#pragma once
// Remembers signatures that were found to hold: for a process that plays many sites, all of which
// check the same ones.

#include <string>
#include <unordered_set>

namespace crypto {

// As long as it lives, verify() on this thread looks here first and keeps here what holds. It
// changes no answer, only what an answer costs. One at a time on a thread.
class VerifiedMemory {
 public:
  VerifiedMemory();
  ~VerifiedMemory();
  VerifiedMemory(const VerifiedMemory&) = delete;
  VerifiedMemory& operator=(const VerifiedMemory&) = delete;

  // Of a key, a signature and a message, one after the other.
  bool knows(const std::string& what) const { return held_.contains(what); }
  void keep(std::string what) { held_.insert(std::move(what)); }

 private:
  std::unordered_set<std::string> held_;
};

}  // namespace crypto
