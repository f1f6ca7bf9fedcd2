#pragma once
// One simulated machine with a site on it: a disk, a clock, the site's core, its copies of other
// sites' journals, and both sides of sync. Its power can go at any operation of its disk.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/clock.h"
#include "io/entropy.h"
#include "io/sim_disk.h"
#include "site/core.h"
#include "sync/dialler.h"
#include "sync/listener.h"

namespace rehearse {

inline constexpr std::string_view estate_name = "sim";
inline const io::Path data_folder = "data";
inline const io::Path journal_path = data_folder / "journal";
inline const io::Path copies_path = data_folder / "copies";

// Who a machine is.
struct HostPlan {
  std::string name;  // on the net: its site's code, or that with a letter behind it
  trade::SiteOpened site;
  std::vector<std::string> dials;  // names of those above it
  std::uint64_t seed = 0;
  std::int64_t wall_ms = 0;  // its clock at first
};

// What somebody wants, in a form that can be sent again.
struct Intent {
  trade::Origin origin;
  trade::Body body;
};

// A refusal that a side of an exchange gave or heard.
struct Heard {
  std::string origin;  // the journal in question, if known
  syncing::No no;
};

class Host {
 public:
  explicit Host(HostPlan plan);
  // A machine that holds the same bytes, under another name and with its own chance.
  Host(HostPlan plan, const Host& original);
  ~Host();

  const HostPlan& plan() const { return plan_; }
  const std::string& name() const { return plan_.name; }
  std::string origin() const;
  std::string folder_name() const;  // of a copy of its journal: "0101-1"
  // Makes its key, as a first start would, and puts it on the disk.
  journal::Signer make_key();
  crypto::PublicKey key() const { return signer_->verifier.key; }
  const journal::Signer& signer() const { return *signer_; }

  // Power and process. A host that is down has neither core nor copies; one whose journal no core
  // could fold has only copies. The roster must outlive the time until it is down again.
  base::Result<> start(const syncing::RosterIndex& roster, bool with_core);
  bool is_up() const { return holdings_ != nullptr; }
  bool has_core() const { return core_ != nullptr; }
  // Everything stops at once; of what was not synced the shape is left.
  void lose_power(io::Tear tear);
  // A clean end.
  void stop();
  bool power_is_lost() const { return disk_->power_lost(); }

  io::SimDisk& disk() { return *disk_; }
  const io::SimDisk& disk() const { return *disk_; }
  void replace_disk(std::unique_ptr<io::SimDisk> disk) { disk_ = std::move(disk); }
  io::SimClock& clock() { return clock_; }
  site::Core& core() { return *core_; }
  syncing::Holdings& holdings() { return *holdings_; }
  syncing::Copies& copies() { return *copies_; }

  // One batch of the core, committed together. The outcomes are in the order of the intents. Both
  // require a core.
  std::vector<site::Outcome> carry_out(const std::vector<Intent>& intents);
  void look(const std::function<void(const site::View&)>& question);

  // Sync. Requires that it is up.
  void dial(const std::string& to, std::uint64_t first_number);
  bool is_dialling() const { return !diallers_.empty(); }
  // Sends requests that are due: new ones, and those whose answer has not come for a while.
  void send(io::Net& net, std::int64_t now_ms);
  // Takes a message of somebody who has proved to hold the key.
  void hear(io::Net& net, const io::Message& message, const crypto::PublicKey& key);
  void hang_up() { diallers_.clear(); }
  // What was refused since the last call.
  std::vector<Heard> take_refusals() { return std::exchange(refusals_, {}); }
  // Entries and documents that came and went in exchanges that are over.
  std::uint64_t taken_documents() const { return taken_documents_; }

 private:
  struct Dialling {
    std::unique_ptr<syncing::Dialler> dialler;
    std::string request;  // under way; empty: the next one is due
    std::int64_t sent_ms = 0;
    int unanswered = 0;
  };
  void forget();
  std::uint64_t now_s() { return static_cast<std::uint64_t>(clock_.wall_ms()) / 1'000; }
  void end(const Dialling& dialling);

  HostPlan plan_;
  std::unique_ptr<io::SimDisk> disk_;
  io::SimClock clock_;
  io::SimEntropy entropy_;
  std::optional<journal::Signer> signer_;
  std::optional<journal::Signer> witness_;
  std::unique_ptr<site::Core> core_;
  std::unique_ptr<syncing::Copies> copies_;
  std::unique_ptr<syncing::Holdings> holdings_;
  std::unique_ptr<syncing::Listener> listener_;
  std::map<std::string, Dialling> diallers_;  // by whom they dial
  std::vector<Heard> refusals_;
  std::uint64_t taken_documents_ = 0;
};

// The witness of a centre or a depot.
journal::Signer witness_of(const HostPlan& plan);
journal::Role role_of(trade::SiteKind kind);
// What a site holds of a journal: by its role, and of the depots that it dials, for their advices.
syncing::Want want_of(const HostPlan& plan, const syncing::RosterIndex& roster,
                      const journal::Origin& origin);

}  // namespace rehearse
