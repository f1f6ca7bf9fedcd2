#pragma once
// The way out: a site dials the sites above it, one after the other, again and again, and gives and
// takes until both hold the same.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "carry/port.h"
#include "http/client.h"
#include "sync/dialler.h"

namespace carry {

// What an exchange with one site came to.
struct Round {
  std::string name;  // of the site that was dialled
  base::Result<syncing::Exchanged> outcome;
};

// One exchange over an open or new connection. `goes_on`, if given, is asked before each request,
// and its error ends the exchange. Errors: as syncing::carry; io_failed for an answer that is none
// of the protocol, with its status.
base::Result<syncing::Exchanged> exchange(Port& port, http::Client& client, io::Clock& clock,
                                          std::uint64_t first_number,
                                          const std::function<base::Result<>()>& goes_on = {});

struct Upstream {
  std::string name;
  http::Dial dial;  // with an own certificate, and a pin unless `key` says it
  // Whose key is to answer there now, or why nobody is dialled; asked before each request, from
  // the thread of the rounds. A connection to another one is not gone on with.
  std::function<base::Result<crypto::PublicKey>()> key = {};
};
struct RoundsOptions {
  std::vector<Upstream> upstreams;
  std::int64_t every_ms = 2'000;
  std::int64_t retry_ms_max = 60'000;  // after failures, twice as long each time up to here
  std::function<void(const Round&)> on_round = {};  // on the thread of the rounds
};

// A thread that goes the rounds until this object ends.
class Rounds {
 public:
  // Port and clock must outlive this.
  Rounds(Port& port, io::Clock& clock, RoundsOptions options);
  ~Rounds();

  // Goes all rounds at once, also those that wait for longer after failures. From any thread.
  void hurry();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace carry
