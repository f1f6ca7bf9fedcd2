#pragma once
// What a store does by itself for the online orders that it hears: expects a parcel for each of its
// own, takes back that of a cancelled one, lapses what nobody collected where it is set to, and
// books what came back.
//
// It keeps nothing that matters: orders are the online site's journal, parcels the store's own, and
// what is missing between the two is looked for again and again.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "site/talk.h"

namespace site {

inline constexpr std::size_t parcel_bodies_a_round = 512;
inline constexpr std::size_t parcel_orders_a_round = 10'000;  // of one online site, looked at again
// An older order is left to a person: its parcel may have been handed over and forgotten here (35
// days after its last goods) before the online site heard of it.
inline constexpr std::uint32_t parcel_order_days_max = 28;
// So long what is to go back stands on the pick list before its goods are booked back, site time.
inline constexpr std::int64_t parcel_back_ms = 60 * 60'000;

struct ParcelRules {
  bool lapses = false;  // parcels that nobody collected within trade::parcel_right_ms
};

// Where the rounds stand. Pure: the same views give the same bodies.
class ParcelUpkeep {
 public:
  explicit ParcelUpkeep(ParcelRules rules) : rules_(rules) {}

  // What the store does next, at most parcel_bodies_a_round, in the order in which it must happen.
  // New orders at once; those that were there before a number at a time, over and over.
  std::vector<trade::Body> next(const View& view);

 private:
  struct Cursor {
    std::uint32_t newest = 0;  // order that was looked at when it was new
    std::uint32_t swept = 0;   // and the one behind which the next round goes on
  };
  void expect(const View& view, const trade::Partition& online, Cursor& cursor,
              std::vector<trade::Body>& bodies) const;
  void move(const View& view, std::vector<trade::Body>& bodies) const;

  const ParcelRules rules_;
  std::map<trade::SiteCode, Cursor> cursors_;
};

// Does that once a second, on a thread of its own.
class ParcelKeeper {
 public:
  // The core must outlive this, and go on answering until it is gone.
  ParcelKeeper(Core& core, ParcelRules rules);
  ~ParcelKeeper();

 private:
  void run();

  Talk talk_;
  ParcelUpkeep upkeep_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stops_ = false;
  std::thread thread_;
};

}  // namespace site
