#pragma once
// The side that is dialled: answers requests from what it holds and nothing else. A request may
// come twice, late or not at all; no request leaves anything behind but what was taken.

#include <span>

#include "sync/holdings.h"

namespace syncing {

struct Asked {
  std::string_view request;
  crypto::PublicKey key;  // of whoever asks, proved by the carrier
};

struct Reply {
  std::string bytes;
  // What a log should say: why not, or that an offer shows a rewritten history; and who asked.
  std::optional<No> no;
  std::string who;
};

class Listener {
 public:
  // Must outlive this object.
  explicit Listener(Holdings& holdings) : holdings_(holdings) {}

  // Answers that may be sent: what they say was taken is on disk, with one sync for all of them.
  // at_s: seconds since 1970-01-01 UTC.
  std::vector<Reply> answer(std::span<const Asked> asked, std::uint64_t at_s);
  Reply answer(std::string_view request, const crypto::PublicKey& key, std::uint64_t at_s);

 private:
  using Outcome = std::expected<Answer, No>;

  Outcome decide(const Request& request, const crypto::PublicKey& key, Reply& reply,
                 std::uint64_t at_s);
  Known decide(const Offer& offer, std::optional<No>& remark);

  Holdings& holdings_;
};

}  // namespace syncing
