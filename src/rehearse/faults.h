#pragma once
// What goes wrong in an estate: by accident, and by attackers.

#include "rehearse/attackers.h"

namespace rehearse {

class Faults {
 public:
  Faults(Estate& estate, bool is_attacked);

  // Once in a while, before a turn.
  void strike();
  // What ends by itself: a cut, a night without power.
  void let_pass();
  // No more of it: cuts mended, disks and clocks right, everybody started. What is damaged is
  // repaired from copies.
  void heal();

 private:
  Member& any_member();
  Member& any_store();
  void crash();
  void trouble_disk();
  void trouble_clock();
  void cut(Member& member, std::int64_t ms);
  void cut_ways(Member& member, bool is_cut);
  void go_away();

  void repair_journal(Member& member);
  void repair_copies(Member& member);

  Estate& estate_;
  Chance& chance_;
  Attackers attackers_;
  const bool is_attacked_;
  std::int64_t away_from_ms_;
  Member* away_ = nullptr;
  std::uint64_t away_entries_ = 0;  // of its journal that others held when it left
};

}  // namespace rehearse
