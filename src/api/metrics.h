#pragma once
// What is counted of requests, and the Prometheus text (exposition format 0.0.4) of a whole site.

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/server.h"
#include "site/card_keeper.h"
#include "site/core.h"

namespace api {

// Upper bounds of the histogram's buckets, in microseconds.
inline constexpr std::array<std::int64_t, 11> bucket_micros_max{
    500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000};

// How the site's continuity copies stand.
struct ContinuityCopies {
  std::int64_t newest_s = 0;  // when the newest was made, since 1970; 0: there is none
  bool is_failing = false;    // the last try failed
};

// Counts answers; from any thread.
class Metrics {
 public:
  Metrics();

  // A request of a route, or of none (routes().size()), was answered.
  void count(std::size_t route, int status, std::int64_t micros);

  // What the site says of itself beside the answers.
  struct Site {
    site::CoreCounts core;
    std::array<std::uint64_t, trade::count_of<trade::SecurityKind>> security{};
    bool takes_entries = false;
    std::uint64_t unsigned_entries = 0;
    std::int64_t checkpoint_age_ms = 0;
    std::size_t orders_not_placed = 0;  // that wait for a person
    std::size_t sessions = 0;
    std::size_t streams = 0;
    struct History {
      std::uint64_t entries = 0, lag_entries = 0;
      bool follows = false;
    };
    std::optional<History> history;
    std::optional<site::RosterInUse::Standing> roster;
    std::optional<ContinuityCopies> continuity;
    std::optional<http::ServerCounts> server;
    std::optional<site::CardCounts> cards;
  };
  std::string text(const Site& site) const;

 private:
  static constexpr std::size_t classes = 5;  // 1xx to 5xx
  using Count = std::atomic<std::uint64_t>;
  std::vector<std::array<Count, classes>> answers_;  // of each route, and of none
  std::array<Count, bucket_micros_max.size() + 1> buckets_{};
  Count micros_ = 0;
};

}  // namespace api
