#pragma once
// The side that dials: asks what the other holds, then gives and takes until both hold the same. A
// step function over messages, so that anything which carries bytes there and back will do.

#include <deque>
#include <functional>

#include "sync/holdings.h"

namespace syncing {

// Which journal did not go on, and why; by the other side's answer, or by our own judgement of it.
struct Stopped {
  std::string origin;
  No no;
  bool is_ours = false;
};

struct Exchanged {
  std::uint64_t given_entries = 0, taken_entries = 0, given_documents = 0, taken_documents = 0;
  std::vector<Stopped> stopped;
};

class Dialler {
 public:
  // Its requests are numbered from first_number on, which should be another one for every exchange
  // over one carrier. at_s: seconds since 1970-01-01 UTC, for cosignatures.
  Dialler(Holdings& holdings, std::uint64_t first_number, std::uint64_t at_s);

  // The request to send now: the same one until its answer was taken. Nothing: all is done.
  std::optional<std::string> next();
  // Takes an answer. False where it is not the one to that request; then nothing has changed.
  bool take(std::string_view answer);

  const Exchanged& exchanged() const { return exchanged_; }

 private:
  enum class Way : std::uint8_t { give, show, ask, prove };
  // One journal that is to go one way.
  struct Job {
    Way way = Way::give;
    std::string origin;
    std::uint64_t theirs = 0;  // entries that the other side has
    bool is_theirs = false;    // it is the other side's own
    int stalls = 0;            // answers that brought nothing further
    std::optional<No> doubt;   // why a proof was asked for
  };

  Offer offer() const;
  void plan(const Standing& theirs);
  void plan_wanted();
  std::expected<Request, No> request_of(Job& job);
  void stop(No no, bool is_ours);
  void stop_unproved(const No& no, bool is_ours);
  void doubt(const No& no, bool is_ours, Way proof);
  void end_job();
  void note_progress(bool has_moved);
  std::expected<Request, No> next_document();

  bool on(const Refused& answer);
  bool on(const Known& answer);
  bool on(const Taken& answer);
  bool on(const Run& answer);
  bool on(const Growth& answer);
  bool on(const Document& answer);

  Holdings& holdings_;
  std::uint64_t number_, at_s_;
  std::vector<std::string> origins_;
  std::size_t offered_ = 0;       // of the origins
  std::deque<Job> jobs_;          // the first one is under way
  std::deque<Digest> documents_;  // that the job waits for
  bool has_asked_wanted_ = false;
  std::deque<GiveCosignature> cosignatures_;
  std::optional<Request> request_;
  std::string bytes_;
  Exchanged exchanged_;
};

// Something that takes a request to one site and brings its answer. Error: it did not get through.
using Channel = std::function<base::Result<std::string>(std::string_view request)>;

// Goes through a whole exchange. Error: the channel's; evidence_bad for an answer to something
// else. What was given and taken until then stays, and the next exchange goes on from there.
base::Result<> carry(const Channel& channel, Dialler& dialler);

}  // namespace syncing
