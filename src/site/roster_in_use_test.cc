#include "site/roster_in_use.h"

#include <functional>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/note.h"

namespace site {
namespace {

using journal::Roster;
using journal::Signer;
using testing::ElementsAre;
using testing::HasSubstr;

Signer approver(const std::string& name, std::uint8_t seed) {
  return journal::make_signer(name, journal::KeyKind::signer, crypto::Seed{seed});
}
const Signer anna = approver("anna", 1), ben = approver("ben", 2), thief = approver("thief", 66);

journal::RosterLine line_of(std::string_view site, std::uint8_t seed) {
  const auto key = journal::make_signer(fmt::format("stockade/sample/{}/1", site),
                                        journal::KeyKind::signer, crypto::Seed{seed});
  return {key.verifier, journal::Role::store, base::make_date(2026, 6, 14), {}};
}

std::string signed_by(const Roster& roster, const std::vector<Signer>& signers) {
  journal::Note note{to_text(roster), {}};
  for (const Signer& signer : signers) note.signatures.push_back(sign(signer, note.text));
  return to_string(note);
}
std::string approved(const Roster& roster) { return signed_by(roster, {anna, ben}); }

Roster after(const Roster& before) {
  Roster next = before;
  ++next.number;
  next.previous = crypto::sha256(to_text(before));
  return next;
}

class RosterInUseTest : public ::testing::Test {
 protected:
  RosterInUseTest() {
    first_.estate = "sample";
    first_.threshold = 2;
    first_.approvers = {anna.verifier, ben.verifier};
    first_.lines = {line_of("0001", 11), line_of("0002", 12)};
    put(approved(first_));
    in_use_ = RosterInUse::open(disk_, "roster").value();
  }

  void put(std::string_view bytes, const io::Path& file = "roster") {
    ASSERT_TRUE(io::write_file(disk_, file, bytes));
  }
  // What two looks come to: the first sees that the content is new, the second that it stays.
  std::optional<RosterNews> news() {
    EXPECT_FALSE(in_use_->look());
    return in_use_->look();
  }
  std::string refused() {
    const auto told = news();
    return told ? told->refused_why : "no news";
  }

  io::SimDisk disk_{1};
  Roster first_;
  std::shared_ptr<RosterInUse> in_use_;
};

TEST_F(RosterInUseTest, a_successor_is_taken_over_and_who_asks_gets_it) {
  const RosterPtr before = in_use_->get();
  EXPECT_FALSE(news()) << "nothing has changed";
  Roster second = after(first_);
  second.lines[1].revoked_at_entries = 42;
  second.lines.push_back(line_of("0003", 13));
  put(approved(second));
  const auto told = news();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->number, 2u);
  EXPECT_EQ(told->refused_why, "");
  EXPECT_THAT(told->added, ElementsAre("stockade/sample/0003/1"));
  EXPECT_THAT(told->revoked, ElementsAre("stockade/sample/0002/1"));
  EXPECT_EQ(to_text(*in_use_->get()), to_text(second));
  EXPECT_EQ(to_text(*before), to_text(first_)) << "what was got before stays as it is";
  EXPECT_FALSE(in_use_->look());

  Roster third = after(second);
  third.lines[1].revoked_at_entries = 40;
  put(approved(third));
  EXPECT_THAT(news()->revoked, ElementsAre("stockade/sample/0002/1"));
  EXPECT_EQ(in_use_->standing().number, 3u);
  EXPECT_EQ(in_use_->standing().refusals, 0u);
}

TEST_F(RosterInUseTest, what_does_not_follow_is_refused_once_and_the_one_in_use_stays) {
  Roster second = after(first_);
  second.lines[0].revoked_at_entries = 10;
  put(approved(second));
  ASSERT_TRUE(news());
  const Roster good = after(second);
  Roster freed = good, dropped = good, coup = good, fork = good, elsewhere = good, twin = second;
  freed.lines[0].revoked_at_entries.reset();
  dropped.lines.pop_back();
  coup.approvers = {thief.verifier};
  coup.threshold = 1;
  fork.previous = crypto::sha256("another past");
  elsewhere.estate = "other";
  elsewhere.lines.clear();
  twin.lines[0].revoked_at_entries = 9;
  std::string flipped = approved(good);
  flipped[flipped.size() / 2] ^= 1;
  const std::vector<std::pair<std::string, std::string>> cases{
      {to_text(good) + "\n", "no signatures"},
      {signed_by(good, {anna}), "1 of 2"},
      {signed_by(good, {anna, thief}), "1 of 2"},
      {signed_by(coup, {thief}), "0 of 2"},
      {approved(first_), "is older"},
      {approved(twin), "is another one"},
      {approved(fork), "does not follow"},
      {approved(freed), "taken back"},
      {approved(dropped), "missing or changed"},
      {approved(elsewhere), "of the estate other"},
      {flipped, "roster"},
      {"", "note"},
      {"\xff\xfe\n\n", "UTF-8"},
      {std::string(journal::note_bytes_max + 1, 'x'), "too large"},
  };
  std::uint64_t refusals = 0;
  for (const auto& [bytes, why] : cases) {
    put(bytes);
    EXPECT_THAT(refused(), HasSubstr(why));
    EXPECT_FALSE(in_use_->look()) << "it is said once";
    EXPECT_EQ(in_use_->standing().refusals, ++refusals);
    EXPECT_THAT(in_use_->standing().refused_why, HasSubstr(why));
    EXPECT_EQ(to_text(*in_use_->get()), to_text(second)) << why;
  }
  put(approved(second));
  EXPECT_FALSE(news());
  EXPECT_EQ(in_use_->standing().refused_why, "") << "it is the one in use again";
  put(approved(good));
  EXPECT_EQ(news()->number, 3u);
}

TEST_F(RosterInUseTest, a_file_that_is_gone_is_told_and_comes_back) {
  ASSERT_TRUE(disk_.remove_all("roster"));
  EXPECT_THAT(refused(), HasSubstr("roster"));
  EXPECT_FALSE(in_use_->look());
  EXPECT_EQ(in_use_->get()->number, 1u);
  put(approved(after(first_)));
  EXPECT_EQ(news()->number, 2u);
}

TEST_F(RosterInUseTest, one_that_is_still_being_copied_is_not_judged) {
  const std::string whole = approved(after(first_));
  for (std::size_t bytes = 0; bytes < whole.size(); bytes += 97) {
    put(whole.substr(0, bytes));
    EXPECT_FALSE(in_use_->look()) << bytes;
  }
  put(whole);
  EXPECT_EQ(news()->number, 2u);
  EXPECT_EQ(in_use_->standing().refusals, 0u);
}

TEST_F(RosterInUseTest, later_ones_follow_through_those_that_lie_beside_the_file) {
  const Roster second = after(first_), third = after(second);
  Roster fourth = after(third);
  fourth.lines.push_back(line_of("0003", 13));
  put(approved(fourth));
  EXPECT_THAT(refused(), HasSubstr("without roster.2"));
  put(approved(second), "roster.2");
  put(signed_by(third, {thief}), "roster.3");
  put("nothing");
  EXPECT_THAT(refused(), HasSubstr("note"));
  put(approved(fourth));
  EXPECT_THAT(refused(), HasSubstr("0 of 2"));
  put(approved(third), "roster.3");
  put(approved(fourth) + "\n");
  EXPECT_THAT(refused(), HasSubstr("no signatures"));
  put(approved(fourth));
  const auto told = news();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->number, 4u);
  EXPECT_THAT(told->added, ElementsAre("stockade/sample/0003/1"));
}

TEST_F(RosterInUseTest, more_signatures_under_the_same_roster_are_no_news) {
  put(signed_by(first_, {anna, ben, thief}));
  EXPECT_FALSE(news());
  EXPECT_EQ(in_use_->standing().refused_why, "");
}

}  // namespace
}  // namespace site
