// Many sites over a net that drops, doubles, delays and cuts, while they trade, crash and restart:
// once it heals, everybody holds what they should, byte for byte.
#include <gtest/gtest.h>

#include "io/sim_net.h"
#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using testing::Site;

// What honest sites may hear after a restart: it has forgotten what it asked for, or its newest
// checkpoint, which comes again.
bool is_harmless(const No& no) {
  return no.refusal == Refusal::not_asked_for || no.refusal == Refusal::behind;
}

// A site on the net: answers what comes, and dials those above it, one exchange after the other.
class Node {
 public:
  Node(std::string name, std::vector<std::string> dials, const RosterIndex& roster, io::SimNet& net,
       std::uint64_t seed)
      : name_(std::move(name)), net_(net), site_(name_, roster, seed), numbers_(seed << 32) {
    for (const std::string& peer : dials) dialled_[peer] = nullptr;
  }

  Site& site() { return site_; }
  const std::string& name() const { return name_; }

  void restart(io::Tear tear) {
    for (auto& [peer, dialler] : dialled_) dialler.reset();
    site_.disk().restart(tear);
    site_.start();
  }

  // Sends what is due, anew or again.
  void dial() {
    for (auto& [peer, dialler] : dialled_) {
      if (!dialler || !dialler->next()) {
        dialler = std::make_unique<Dialler>(site_.holdings(), numbers_, testing::now_s);
        numbers_ += 1'000'000;
      }
      const auto request = dialler->next();
      if (request) CHECK(net_.end(name_).send(peer, *request).has_value());
    }
  }

  // The keys of senders are known here as a carrier would know them.
  void receive() {
    while (const auto message = net_.end(name_).receive()) {
      if (parse_answer(message->bytes)) {
        const auto found = dialled_.find(message->from);
        if (found == dialled_.end() || !found->second) continue;
        if (found->second->take(message->bytes)) {
          for (const Stopped& one : found->second->exchanged().stopped)
            EXPECT_TRUE(is_harmless(one.no)) << one.origin << one.no.words;
        }
        continue;
      }
      const auto key = testing::signer_of(message->from).verifier.key;
      const Reply reply = site_.listener().answer(message->bytes, key, testing::now_s);
      EXPECT_TRUE(!reply.no || is_harmless(*reply.no)) << reply.no->words;
      ASSERT_TRUE(net_.end(name_).send(message->from, reply.bytes));
    }
  }

 private:
  std::string name_;
  io::SimNet& net_;
  Site site_;
  std::map<std::string, std::unique_ptr<Dialler>> dialled_;
  std::uint64_t numbers_;
};

class FlakyTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  FlakyTest() {
    const std::uint64_t seed = GetParam() * 100;
    nodes_.push_back(
        std::make_unique<Node>("0001", std::vector<std::string>{}, roster_, net_, seed + 1));
    nodes_.push_back(
        std::make_unique<Node>("0002", std::vector<std::string>{"0001"}, roster_, net_, seed + 2));
    for (const std::string store : {"0101", "0102", "0103"})
      nodes_.push_back(std::make_unique<Node>(store, std::vector<std::string>{"0001", "0002"},
                                              roster_, net_, seed + nodes_.size() + 1));
  }

  void step() {
    for (auto& node : nodes_) node->dial();
    for (int i = 0; i < 6; ++i) {
      net_.advance(20);
      for (auto& node : nodes_) node->receive();
    }
  }

  void disturb() {
    Node& node = *nodes_[prng_.below(nodes_.size())];
    switch (prng_.below(6)) {
      case 0:
      case 1:
        return node.site().trade(1 + static_cast<int>(prng_.below(30)), 10 + prng_.below(900));
      case 2:
        (void)node.site().store_document("document " + std::to_string(prng_.next()));
        return;
      case 3:
        return node.restart(io::tears[prng_.below(io::tears.size())]);
      default:
        net_.cut(node.name(), nodes_[prng_.below(nodes_.size())]->name(), prng_.below(2) == 0);
    }
  }

  bool all_is_equal() {
    for (auto& holder : nodes_)
      for (auto& owner : nodes_) {
        const auto want = testing::wants_of(holder->name(), {"sample", owner->name(), 1});
        if (want != Want::nothing &&
            testing::bytes_of(holder->site().disk(), testing::copy_folder(owner->name())) !=
                testing::bytes_of(owner->site().disk(), "journal"))
          return false;
      }
    return true;
  }

  const RosterIndex roster_{testing::roster_of(3)};
  base::Prng prng_{GetParam()};
  io::SimNet net_{GetParam()};
  std::vector<std::unique_ptr<Node>> nodes_;
};

TEST_P(FlakyTest, all_copies_equal_their_originals_once_the_net_heals) {
  net_.set_faults({.drop_share = 0.2, .duplicate_share = 0.2, .delay_ms_max = 150});
  for (int i = 0; i < 60; ++i) {
    disturb();
    step();
  }
  for (auto& a : nodes_)
    for (auto& b : nodes_) net_.cut(a->name(), b->name(), false);
  net_.set_faults({});
  for (auto& node : nodes_) node->site().trade(1);  // so that there is a journal of each
  int steps = 0;
  while (!all_is_equal() && ++steps < 300) step();
  EXPECT_TRUE(all_is_equal());
  for (const std::string site : {"0002", "0101", "0102", "0103"}) {
    const auto report = journal::verify(nodes_[0]->site().disk(), testing::copy_folder(site), {});
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->ok) << to_string(report->faults.at(0));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FlakyTest, ::testing::Range<std::uint64_t>(1, 25));

}  // namespace
}  // namespace syncing
