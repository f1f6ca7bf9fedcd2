// Who reads and holds whose journal.
#include "sync/roster_index.h"

#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sync/testing/kit.h"

namespace syncing {
namespace {

using journal::Role;

// One site of each kind, and a second store.
class Table {
 public:
  Table() {
    journal::Roster roster;
    roster.estate = "sample";
    for (std::size_t i = 0; i < kinds.size(); ++i)
      roster.lines.push_back(
          {testing::signer_of(fmt::format("{:04}", i)).verifier, kinds[i], {}, std::nullopt});
    index_.emplace(std::move(roster));
  }
  // A line for each reader: what it holds of the journals of the six, and whether it may read them.
  std::string print() const {
    std::string text;
    for (std::size_t reader = 0; reader < kinds.size(); ++reader) {
      for (std::size_t writer = 0; writer < kinds.size(); ++writer) {
        const auto& who = **index_->journal(testing::origin_of(fmt::format("{:04}", reader)));
        const std::string origin = testing::origin_of(fmt::format("{:04}", writer));
        const Want want = index_->usual_want(who, *journal::parse_origin(origin));
        const bool may = index_->may_read(who, origin);
        if (want != Want::nothing && !may)
          text += 'g';
        else
          text += want == Want::everything ? 'E' : want == Want::entries ? 'e' : may ? 'r' : '.';
      }
      text += '\n';
    }
    return text;
  }

 private:
  static constexpr std::array kinds{Role::centre, Role::depot,  Role::store,
                                    Role::store,  Role::online, Role::till};
  std::optional<RosterIndex> index_;
};

TEST(RosterIndex, says_who_holds_and_who_may_read_whose_journal) {
  EXPECT_EQ(Table().print(),
            // C D S S O T
            "rEEEEE\n"   // centre
            "ErEEEE\n"   // depot
            "err.eg\n"   // store: online sites, and what its own tills give it
            "er.reg\n"   // store
            "ereer.\n"   // online: stores
            "errr.r\n")  // till: stores, where it dials one
      << "r: may read; e: holds the entries; E: holds everything; g: holds what the site itself "
         "gives, and nobody else may hand on";
}

}  // namespace
}  // namespace syncing
