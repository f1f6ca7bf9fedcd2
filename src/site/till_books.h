#pragma once
// What a store has read in its tills' journals and not yet booked on its own stock.
//
// The journals say what was sold; the store's own journal says how much of that it has booked
// (TillHeard). So whatever is lost on the way is read again, and nothing is booked twice.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "trade/till.h"

namespace site {

class TillBooks {
 public:
  // Takes the next event of a till's journal, which the till's partition holds already.
  void read(const trade::Partition& till, std::string_view event_bytes);
  // The till's journal is read anew from its first event.
  void forget(trade::SiteCode till) { tills_.erase(till); }

  // What is to be booked next, in the order of the tills; nothing if all is booked. What the
  // store's partition says to be booked is forgotten here first: requires that it is on disk.
  std::optional<trade::TillHeard> next(const trade::Partition& store);

 private:
  struct Read {
    std::uint16_t epoch = 0;
    std::uint64_t events = 0;  // read so far
    // Those that moved goods, by how many events had been read with them.
    std::deque<std::pair<std::uint64_t, std::vector<trade::TillGoods>>> open = {};
  };
  std::map<trade::SiteCode, Read> tills_;
};

}  // namespace site
