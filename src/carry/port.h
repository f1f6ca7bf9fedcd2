#pragma once
// The thread that a site's copies belong to: it answers other sites, as many at once as wait, with
// one sync of the disk for all of them, and lends the copies to whoever dials out.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "crypto/ed25519.h"
#include "io/clock.h"
#include "sync/holdings.h"
#include "sync/listener.h"

namespace carry {

inline constexpr std::size_t asked_max = 4'096;  // requests that wait; beyond: turned away

struct PortCounts {
  std::uint64_t requests = 0, syncs = 0, refused = 0, turned_away = 0;
};

class Port {
 public:
  // Told of each refusal, on the port's thread: who asked, and why not.
  using OnRefused = std::function<void(const std::string& who, const syncing::No& no)>;

  // Both must outlive the port, which alone uses the holdings from now on.
  Port(syncing::Holdings& holdings, io::Clock& clock, OnRefused on_refused = {});
  // Answers what waits, and ends.
  ~Port();

  // Answers a request of whoever proved to hold the key; `then` is called once, on the port's
  // thread, when what the answer says is on disk. False: too many wait.
  bool ask(std::string request, const crypto::PublicKey& key,
           std::move_only_function<void(std::string answer)> then);
  // Runs `work` on the port's thread, between two answers, and waits for it.
  void lend(const std::function<void(syncing::Holdings&)>& work);

  PortCounts counts() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace carry
