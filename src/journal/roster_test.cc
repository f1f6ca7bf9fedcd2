#include "journal/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace journal {
namespace {

using ::testing::HasSubstr;

Signer approver(const std::string& name, std::uint8_t seed) {
  return make_signer(name, KeyKind::signer, crypto::Seed{seed});
}
const Signer anna = approver("anna", 1), ben = approver("ben", 2), cleo = approver("cleo", 3);

VerifierKey site_key(const std::string& site, int epoch, std::uint8_t seed) {
  return make_signer(fmt::format("stockade/sample/{}/{}", site, epoch), KeyKind::signer,
                     crypto::Seed{seed})
      .verifier;
}

Roster two_of_three() {
  Roster roster;
  roster.estate = "sample";
  roster.threshold = 2;
  roster.approvers = {anna.verifier, ben.verifier, cleo.verifier};
  roster.lines = {{site_key("0042", 1, 10), Role::store, {20'000}, std::nullopt},
                  {site_key("D001", 1, 11), Role::depot, {20'000}, 7}};
  return roster;
}

std::string signed_by(const Roster& roster, const std::vector<Signer>& signers) {
  Note note{to_text(roster), {}};
  for (const Signer& signer : signers) note.signatures.push_back(sign(signer, note.text));
  return to_string(note);
}

Roster successor(const Roster& roster) {
  Roster next = roster;
  next.previous = crypto::sha256(to_text(roster));
  ++next.number;
  return next;
}

std::string why_not(const base::Result<Roster>& result) {
  return result ? "" : result.error().message;
}

TEST(Roster, reads_back_what_it_writes) {
  const auto text = to_text(two_of_three());
  const auto read = parse_roster(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_text(*read), text);
  EXPECT_EQ(read->lines[1].revoked_at_entries, 7u);
}

TEST(Roster, needs_the_signatures_of_two_of_three_approvers) {
  const Roster roster = two_of_three();
  const Signer stranger = approver("dora", 4);
  EXPECT_TRUE(open_roster(signed_by(roster, {anna, cleo})));
  EXPECT_TRUE(open_roster(signed_by(roster, {stranger, anna, ben})));
  EXPECT_THAT(why_not(open_roster(signed_by(roster, {anna}))), HasSubstr("1 of 2"));
  EXPECT_THAT(why_not(open_roster(signed_by(roster, {anna, anna}))), HasSubstr("1 of 2"));
  EXPECT_THAT(why_not(open_roster(signed_by(roster, {anna, stranger}))), HasSubstr("1 of 2"));
}

TEST(Roster, a_signature_that_does_not_fit_is_an_error_even_beside_enough_others) {
  const Roster roster = two_of_three();
  Note note = *parse_note(signed_by(roster, {anna, ben, cleo}));
  note.signatures[2].bytes[0] ^= 1;
  EXPECT_THAT(why_not(open_roster(to_string(note))), HasSubstr("cleo does not fit"));
}

TEST(Roster, every_flipped_bit_of_a_signed_roster_is_refused) {
  const std::string good = signed_by(two_of_three(), {anna, ben});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(open_roster(bad)) << bit;
  }
}

TEST(Roster, a_successor_is_signed_by_the_approvers_before_it_and_takes_back_nothing) {
  const Roster before = two_of_three();
  Roster after = successor(before);
  after.lines[0].revoked_at_entries = 99;
  after.lines.push_back({site_key("0042", 2, 12), Role::store, {20'010}, std::nullopt});
  EXPECT_TRUE(open_roster(signed_by(after, {anna, ben}), &before));

  // A coup: new approvers sign for themselves.
  Roster coup = successor(before);
  const Signer thief = approver("thief", 66);
  coup.approvers = {thief.verifier};
  coup.threshold = 1;
  EXPECT_TRUE(open_roster(signed_by(coup, {thief})));
  EXPECT_THAT(why_not(open_roster(signed_by(coup, {thief}), &before)), HasSubstr("0 of 2"));

  Roster freed = successor(before);
  freed.lines[1].revoked_at_entries.reset();
  EXPECT_THAT(why_not(open_roster(signed_by(freed, {anna, ben}), &before)),
              HasSubstr("taken back"));
  Roster dropped = successor(before);
  dropped.lines.pop_back();
  EXPECT_THAT(why_not(open_roster(signed_by(dropped, {anna, ben}), &before)), HasSubstr("missing"));
  Roster jump = successor(successor(before));
  EXPECT_THAT(why_not(open_roster(signed_by(jump, {anna, ben}), &before)),
              HasSubstr("does not follow"));
}

TEST(Roster, what_cannot_be_right_is_refused) {
  const auto refused = [](auto change) {
    Roster roster = two_of_three();
    change(roster);
    return !parse_roster(to_text(roster));
  };
  EXPECT_TRUE(refused([](Roster& r) { r.threshold = 4; }));
  EXPECT_TRUE(refused([](Roster& r) { r.threshold = 0; }));
  EXPECT_TRUE(refused([](Roster& r) { r.number = 2; }));
  EXPECT_TRUE(refused([](Roster& r) { r.approvers.clear(); }));
  EXPECT_TRUE(refused([](Roster& r) { r.approvers[1] = r.approvers[0]; }));
  EXPECT_TRUE(refused([](Roster& r) { r.lines.push_back(r.lines[0]); }));
  EXPECT_TRUE(refused([](Roster& r) { r.estate = "other"; }));
  EXPECT_TRUE(refused([](Roster& r) { r.lines[0].role = Role::witness; }));
  EXPECT_FALSE(refused([](Roster&) {}));
}

}  // namespace
}  // namespace journal
