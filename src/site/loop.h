#pragma once
// What the core thread does, without the thread: decides, commits and answers what it is handed.
// For one thread; with the same disk, clock and jobs it does the same.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "site/core.h"
#include "site/fold.h"
#include "site/till_books.h"

namespace site {

class Loop;

// What waits in the queue.
struct Wanted {
  Wish wish;
  Core::Then then;
  Outcome outcome = {};
};
using Question = std::move_only_function<void(const View&)>;
using Errand = std::move_only_function<void(Loop&)>;  // what belongs to the core itself
using Job = std::variant<Wanted, Question, Errand>;

class Loop {
 public:
  // As Core::start, but for the thread and the peers.
  static base::Result<std::unique_ptr<Loop>> open(const CoreOptions& options, io::Disk& disk,
                                                  io::Clock& clock, io::Entropy& entropy);

  // Runs the errands, decides the wishes in their order, and commits what they make: in one frame,
  // or in several if it is more than commit_bytes_max.
  void commit(std::span<Job> jobs);
  // Answers the wishes, then the questions. Requires that the jobs were committed.
  void answer(std::span<Job> jobs);
  // What is to be done between two batches: a checkpoint, a snapshot, another try to open.
  void settle();
  // A clean end: a snapshot of what came after the last one, and a checkpoint of everything.
  void stop();

  // Errors as Core::keep_document.
  base::Result<journal::Digest> keep_document(std::string_view bytes);
  // Errors as Core::resume.
  base::Result<> resume(std::string_view by, std::string_view why);
  // From now on this folder is a peer's, too: the next index.
  void follow(const io::Path& folder) { peers_.emplace_back().folder = folder; }
  // Takes what a peer's journal holds behind `peer.entries` of before; false if that journal is set
  // aside or cannot be true. `index` counts the folders in the options, then those
  // that were followed later.
  bool admit(std::size_t index, const Peer& peer, std::span<const std::string> events);
  // As Core::close.
  void close(std::string why) { ended_why_ = std::move(why); }
  void note_orders(OrderNotes notes) { order_notes_ = std::move(notes); }
  void listen(std::weak_ptr<Listener> listener) { listeners_.push_back(std::move(listener)); }

  View view() const;
  const CoreCounts& counts() const { return counts_; }
  const journal::VerifierKey& key() const { return signer_.verifier; }
  const SiteFold& fold() const { return fold_; }

 private:
  Loop(const CoreOptions& options, io::Disk& disk, io::Clock& clock, journal::Signer signer);
  base::Result<> open_journal();
  base::Result<> open_site();
  void begin_commit();
  Outcome decide(Wish& wish);
  std::optional<std::int64_t> cut_off_ms(const trade::Body& body) const;
  void note_heard();
  // Books what the site's tills have sold since, each stretch of their journals as a commit.
  void book_tills();
  bool speaks_for_its_site(std::size_t index) const;
  std::string why_not_followed(std::size_t index, std::span<const std::string> events) const;
  base::Result<> flush(std::span<Job> jobs);
  base::Result<> append();
  void note_failed_write(std::string_view why);
  void open_anew();
  void save_snapshot();
  void sign();
  void tell_ended();
  journal::Stamp now() const;
  std::string_view read_only_why() const;
  std::string_view no_wish_why() const;

  CoreOptions options_;
  io::Path folder_;  // the journal's
  io::Disk& disk_;
  io::Clock& clock_;
  journal::Signer signer_;
  SiteFold fold_;
  std::optional<journal::Journal> journal_;
  std::vector<Peer> peers_;
  std::map<trade::SiteCode, std::size_t> readers_;  // which peer told of a site first
  TillBooks tills_;  // of a store
  std::vector<std::weak_ptr<Listener>> listeners_;
  CoreCounts counts_;
  std::optional<OrderNotes> order_notes_;

  double start_seconds_ = 0;  // the clock at the start, and site time then
  std::int64_t start_tick_ms_ = 0;
  std::string closed_why_;             // the journal could not be opened anew; empty: it is open
  std::string ended_why_;              // nothing new is to be written; empty: it may be
  std::string write_failed_why_;       // the last write; empty: it worked
  std::int64_t retry_tick_ms_ = 0;     // when to try what failed again
  std::int64_t signed_tick_ms_ = 0;    // when the newest checkpoint was stored
  std::int64_t told_tick_ms_ = 0;      // when the listeners were told last that time passes
  std::uint64_t unsaved_entries_ = 0;  // since the last snapshot

  // The commit that is being made.
  journal::Stamp stamp_;
  journal::Packing packing_;
  std::vector<std::string> events_;
  std::size_t event_bytes_ = 0;
  bool ends_enrolment_ = false;
  bool has_heard_ = false;  // what the decisions know of other sites is among the events
};

}  // namespace site
