#pragma once
// The requests of the last 48 hours of site time, and the event that each of them made: who sends
// one again gets the same answer. A pure function of the journal's entries.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "site/name_index.h"
#include "trade/words.h"

namespace site {

inline constexpr std::int64_t request_kept_ms = 48 * 3'600'000;  // of site time
// Of more, the oldest are forgotten early. A store has 6,000 in 48 hours.
inline constexpr std::size_t requests_max = 4'000'000;
// Of the events that they made. Of more, the bytes of the oldest go first: the request is still
// known, so it does not happen again, and where its event stands is still told.
inline constexpr std::size_t request_event_bytes_max = 64u << 20;

// An event's bytes and where they stand: in the entry of that index, so many events before it.
struct Placed {
  std::uint64_t entry = 0;
  std::uint32_t place = 0;
  std::string event;  // empty, if it is no longer kept
};

class Requests {
 public:
  struct Known {
    bool is_same = false;  // false: the request's name was used for other content
    Placed made;           // by the one that came before
  };
  // What is known of the request at a site time.
  std::optional<Known> find(const trade::RequestId& request, std::int64_t tick_ms) const;

  // Remembers a request, and forgets those that are too old at its time. Times never run backwards.
  void keep(const trade::RequestId& request, std::int64_t tick_ms, std::uint64_t entry,
            std::uint32_t place, std::string_view event);
  void clear();

  std::size_t count() const { return rows_.size(); }
  // Memory, about.
  std::size_t bytes() const;

  // All of it as bytes, and back. Error: evidence_bad.
  void encode(std::string& to) const;
  base::Result<> decode(std::string_view bytes);

 private:
  struct Row {
    trade::RequestId request;
    std::int64_t tick_ms = 0;
    std::uint64_t entry = 0;
    std::uint32_t place = 0;
    std::uint32_t event_bytes = 0;  // 0: no longer kept
    std::uint64_t event_at = 0;     // bytes of events that were kept before
  };
  std::string event_of(const Row& row) const;
  void forget_oldest();
  void forget_event(Row& row);

  std::deque<Row> rows_;                          // the oldest first
  std::deque<char> events_;                       // their bytes, one after the other
  std::uint64_t first_row_ = 0, first_byte_ = 0;  // how many were forgotten
  std::uint64_t first_event_ = 0;                 // the first row whose event is kept
  NameIndex rows_by_name_;
};

}  // namespace site
