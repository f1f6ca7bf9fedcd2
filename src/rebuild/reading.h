#pragma once
// The entries of one copy of a journal on their way into a book of their own.

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "journal/scan.h"
#include "rebuild/copies.h"
#include "trade/book.h"

namespace rebuild {

class Reading {
 public:
  // Folds whole commits up to `fold_to` entries, and takes the roots at `marks`. Requires the name
  // of a journal.
  Reading(const std::string& name, std::uint64_t fold_to, std::set<std::uint64_t> marks);

  // Commits come in order, from the first one on.
  void take(const journal::Frame& frame, const journal::Place& begin);

  std::uint64_t fold_to() const { return fold_to_; }
  // Behind the last commit whose events are all in the book.
  const journal::Place& end() const { return end_; }
  std::uint64_t events() const { return events_; }
  // Entries taken, in the book or not.
  std::uint64_t entries_taken() const { return frontier_.size(); }
  // Of the entries before end(), if they are as many as were to be folded.
  const journal::Digest& root() const { return root_; }
  const std::map<std::uint64_t, journal::Digest>& roots() const { return roots_; }
  // Why a commit is not in the book; empty if all are that were to be.
  const std::string& why() const { return why_; }
  // What the site's partition is then; nullptr where the site was not opened. Requires that nothing
  // but whole commits is in the book, as is the case without a `why`.
  const trade::Partition* partition() const { return book_.find(site_); }
  // SHA-256 of the same.
  journal::Digest state() const;

 private:
  bool take_entry(std::string_view bytes);
  bool refuse(std::string_view reason);

  std::uint64_t fold_to_;
  std::set<std::uint64_t> marks_;
  trade::SiteCode site_{};
  std::uint64_t epoch_ = 0;
  trade::Book book_;
  journal::Frontier frontier_;
  journal::Place end_;
  journal::Digest root_ = journal::empty_root();
  std::map<std::uint64_t, journal::Digest> roots_;
  std::uint64_t events_ = 0, events_of_frame_ = 0;
  std::string why_;
};

// Reads a copy as far as it holds.
base::Result<Reading> read(io::Disk& disk, const Copy& copy, std::uint64_t fold_to,
                           const std::set<std::uint64_t>& marks);

}  // namespace rebuild
