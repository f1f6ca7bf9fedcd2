#pragma once
// The trade core: a book of partitions, and the four calls that everything goes through.
//
//   command -> decide -> event -> encode -> journal -> decode -> apply        a site's own
//                                           another's journal -> admit        everybody else's
//
// decide reads only. An event that does not fit is refused by decide, is a bug to apply, and is a
// reason for admit to set the journal aside: one check for all three. Nothing here reads a clock or
// draws a number; the same events make the same book everywhere.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "trade/events.h"
#include "trade/partition.h"

namespace trade {

struct Command {
  Role role{};
  Origin origin;
  std::int64_t at_ms = 0;  // when the site admitted it, UTC since 1970
  Body body;
  // Until when the order that it changes may change, as the site knows from its calendar.
  std::optional<std::int64_t> cut_off_ms = {};
  std::int64_t tick_ms = 0;  // site time
};

// Days never go back, so one that is opened by mistake must not lie far ahead. People and devices
// open a day up to so many days after the date, in UTC, at which the site admitted the command: the
// evening before, and zones that are ahead. If the last trading day is later than that, the site's
// clock is behind, and so many days after that one.
inline constexpr int days_ahead_max = 2;
// Nobody, also not the site itself, opens one further than this from the last: so a clock that runs
// decades ahead moves nothing.
inline constexpr int day_step_max = 366;

// Where and why another site's journal was set aside. Its partition stays as it was before.
struct Quarantine {
  std::uint64_t event_index = 0;  // counts the site's events that were offered to admit, from 0
  No why{};
};

class Book {
 public:
  Book();

  // The site's partition, or nullptr before its first event. Moves when another site is opened.
  const Partition* find(SiteCode site) const;
  // Every site, in the order of their codes.
  const std::map<SiteCode, Partition>& partitions() const { return partitions_; }
  // Why the site's journal is set aside; nothing for most.
  std::optional<Quarantine> quarantine(SiteCode site) const;

  // Puts a partition that was read back in place of what the book knows of its site.
  // Error: bytes_bad.
  Verdict restore(std::string_view partition_bytes);
  // Forgets a site: before its journal is read again, after a rebuild or a revocation.
  void forget(SiteCode site);

 private:
  friend void apply(Book&, SiteCode, const Event&);
  friend Verdict admit(Book&, SiteCode, std::string_view);
  void apply_fitting(SiteCode site, const Event& event);

  struct Feed {
    std::uint64_t events = 0;
    std::optional<No> fault;
  };
  std::unique_ptr<Catalogue> catalogue_;  // partitions point to it, and a book may be moved
  std::map<SiteCode, Partition> partitions_;
  std::map<SiteCode, Feed> feeds_;  // of other sites
};

// What happens at the site if the command is carried out, or why not. One command makes one event,
// so it happens as a whole or not at all. Refusals are looked for in this order: site, kind of
// site, role, capability, sequence number of the device, then what the body's own rules say.
std::expected<Event, No> decide(const Book& book, SiteCode site, const Command& command);

// Folds an event of our own journal. Requires that it fits: CHECK stops the process otherwise.
void apply(Book& book, SiteCode site, const Event& event);

// Folds an event of another site's journal, if it can be true. If not, the journal is set aside at
// that event, which is named, and so is every later one (site_quarantined); the partition stays as
// it was and no other site is touched.
Verdict admit(Book& book, SiteCode site, std::string_view event_bytes);

}  // namespace trade
