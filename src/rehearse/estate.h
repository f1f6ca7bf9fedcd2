#pragma once
// A simulated estate: its machines, the net between them, the time that passes, and what was
// answered to whom, so that nothing which was acknowledged can be lost unnoticed.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "io/sim_net.h"
#include "rehearse/auditor.h"
#include "rehearse/chance.h"
#include "rehearse/desk.h"
#include "rehearse/diary.h"
#include "rehearse/host.h"
#include "rehearse/marks.h"

namespace rehearse {

inline constexpr std::size_t depot_count = 3;

// What attackers have made of a site's journal.
enum class Taint : std::uint8_t {
  none,
  two_histories,  // two were signed: nothing more of it is taken, once that is seen
  absurd,         // it holds an entry that cannot be true: set aside from there on
  lost,           // its site was rebuilt in the next epoch
};

// A machine, and what the rehearsal knows of it that the machine does not.
struct Member {
  std::unique_ptr<Host> host;
  bool is_attacker = false;  // whose journal and commands count for nothing
  Taint taint = Taint::none;
  bool is_refused = false;  // somebody did not go on with its journal
  bool is_rotten = false;   // something of its own journal was damaged at rest
  bool has_rotten_copies = false;
  std::int64_t down_until_ms = 0;
  std::int64_t cut_until_ms = 0;
  std::uint64_t till = 0;  // messages of its till

  // Its journal as it was read so far: where, and every event by its place.
  journal::Place read;
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> events;

  struct Answered {
    Intent intent;
    std::uint64_t entry = 0;
    std::uint32_t place = 0;
    std::int64_t at_ms = 0;  // true time
  };
  std::deque<Answered> answered;  // the last few
  struct Asked {
    Intent intent;
    std::int64_t at_ms = 0;  // true time
  };
  std::vector<Asked> unanswered;  // before a crash, for example

  bool is_up() const { return host->is_up(); }
  bool is_centre() const { return host->plan().site.kind == trade::SiteKind::centre; }
  bool is_depot() const { return host->plan().site.kind == trade::SiteKind::depot; }
};

class Estate {
 public:
  Estate(std::uint64_t seed, std::size_t sites, Diary& diary, Marks& marks);

  // Members are never removed. The centre first, then depots, then stores; others behind them.
  std::vector<std::unique_ptr<Member>>& members() { return members_; }
  Member& add(HostPlan plan, const Host* original);
  Member* find(const std::string& name);
  Member* of_origin(const std::string& origin);
  const syncing::RosterIndex& roster() const { return *roster_; }
  // From the next start on.
  void set_roster(journal::Roster roster);
  io::SimNet& net() { return net_; }
  Auditor& auditor() { return auditor_; }
  Chance& chance() { return chance_; }
  Diary& diary() { return diary_; }
  Marks& marks() { return marks_; }

  std::int64_t now_ms() const { return now_ms_; }
  trade::Day today() const;
  void pass(std::int64_t ms);

  // Starts a host that is down and looks whether everything is there that was acknowledged.
  void start(Member& member);
  // Power goes; with it what the shape says. It comes back after so long.
  void crash(Member& member, io::Tear tear, std::int64_t down_ms);
  // One batch of commands; afterwards everything about them is checked.
  void trade(Member& member, const std::vector<Intent>& intents);
  // A turn of people at the site: what they want now, after what came without an answer.
  void turn(Member& member, std::size_t count);
  // Whoever heard no answer asks once more.
  void ask_again(Member& member);

  void dial(Member& member, const std::string& to);
  // So many times 50 ms in which messages travel.
  void travel(int steps);
  // Until nobody is dialling any more, at most so many steps.
  void travel_until_quiet(int steps_max);
  // The core reads what came; marks what a book says of it.
  void read_peers(Member& member);
  // Sends a message again that was sent long ago.
  void replay();

  void complain(std::string what);
  // What went wrong, with what the auditor found.
  std::vector<std::string> complaints() const;
  std::uint64_t commands() const { return commands_; }

 private:
  struct OldMessage {
    std::string from, to, bytes;
  };
  void keep(OldMessage message);
  void deliver(Member& member);
  void take_refusals(Member& member);
  void judge(Member& member, const Intent& intent, const site::Outcome& outcome, bool comes_again);
  void repeat_something(Member& member);
  bool follow(Member& member);
  void confirm(Member& member);
  void note_refusal(const Intent& intent, const trade::No& no);
  void note_done(const trade::Event& event);

  Chance chance_;
  Diary& diary_;
  Marks& marks_;
  io::SimNet net_;
  Auditor auditor_;
  Desk desk_;
  std::vector<std::unique_ptr<Member>> members_;
  std::map<std::string, Member*> by_name_;
  // Old ones stay: hosts that are up refer to them.
  std::vector<std::unique_ptr<syncing::RosterIndex>> rosters_;
  const syncing::RosterIndex* roster_ = nullptr;
  std::int64_t now_ms_;
  std::uint64_t exchange_numbers_ = 1;
  std::uint64_t commands_ = 0;
  std::vector<std::string> complaints_;
  std::deque<OldMessage> old_messages_;
};

}  // namespace rehearse
