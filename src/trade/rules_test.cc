#include "trade/rules.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace trade {
namespace {

template <Word E>
std::vector<E> every() {
  std::vector<E> values;
  for (std::size_t i = 0; i < count_of<E>; ++i) values.push_back(static_cast<E>(i));
  return values;
}

// The rules once more, as sentences: verb, roles, kinds of sites.
struct Sentence {
  const char* verb;
  std::set<std::string> roles, kinds;
};
const std::set<std::string> all_kinds{"store", "depot", "centre", "online", "till"};
const std::set<std::string> shelves{"store", "depot", "online"};
const std::set<std::string> floor_people{"colleague", "manager", "depot"};
const std::vector<Sentence> sentences{
    {"open_site", {"manager", "site"}, all_kinds},
    {"switch_capability", {"incident"}, all_kinds},
    {"open_line", {"manager", "site"}, all_kinds},
    {"change_line", {"manager", "site"}, all_kinds},
    {"set_price", {"manager", "site"}, all_kinds},
    {"open_day", {"colleague", "manager", "depot", "site"}, all_kinds},
    {"close_day", {"colleague", "manager", "depot", "site"}, all_kinds},
    {"bring_in", {"manager", "site"}, shelves},
    {"sell", {"colleague", "manager", "device"}, {"store", "online", "till"}},
    {"take_back", {"colleague", "manager", "device"}, {"store", "online", "till"}},
    {"waste", floor_people, shelves},
    {"set_apart", floor_people, shelves},
    {"return_to_supplier", floor_people, shelves},
    {"settle", {"manager", "depot"}, shelves},
    {"count", floor_people, shelves},
    {"correct_lot", floor_people, shelves},
    {"receive", floor_people, shelves},
    {"send", floor_people, shelves},
    {"close_sent", floor_people, shelves},
    {"reduce", floor_people, {"store"}},
    {"stop", {"incident", "manager"}, all_kinds},
    {"lift_stop", {"incident", "manager"}, all_kinds},
    {"pull", floor_people, shelves},
    {"propose", {"planner", "manager", "site"}, {"store", "depot", "centre"}},
    {"order", {"colleague", "manager", "device", "site"}, {"store"}},
    {"open_wave", {"depot", "manager", "site"}, {"depot"}},
    {"acknowledge", {"depot", "manager", "site"}, {"depot"}},
    {"allocate", {"planner", "manager", "site"}, {"depot"}},
    {"pick", {"depot", "manager", "site"}, {"depot"}},
    {"dispatch", {"depot", "manager"}, {"depot"}},
    {"expect", {"manager", "depot", "planner", "site"}, shelves},
    {"enrol", {"incident", "manager", "site"}, all_kinds},
    {"end_enrolment", {"incident", "manager", "site"}, all_kinds},
    {"note_security", {"site"}, all_kinds},
    {"change", {"colleague", "manager", "device"}, {"store"}},
    {"skip", {"colleague", "manager", "device"}, {"store"}},
    {"hear", {"site"}, all_kinds},
    {"tell", {"depot", "manager"}, {"depot"}},
    {"assume", {"site"}, {"depot"}},
    {"tell_night", {"site"}, {"centre"}},
    {"continue_site", {"site"}, {"store", "depot", "online", "centre"}},
    {"activate_card", {"colleague", "manager", "device", "site"}, {"store", "centre", "online"}},
    {"credit_card", {"colleague", "manager", "device", "site"}, {"store", "centre", "online"}},
    {"move_card", {"incident", "manager"}, {"store", "centre", "online"}},
    {"hold_card", {"colleague", "manager", "device", "site"}, {"store", "centre", "online"}},
    {"settle_hold", {"colleague", "manager", "device", "site"}, {"store", "centre", "online"}},
    {"hand_over", {"manager", "site"}, {"store", "online", "till"}},
    {"refund_elsewhere", {"colleague", "manager", "device"}, {"store", "online", "till"}},
    {"book_notice", {"site"}, {"store", "centre", "online", "till"}},
    {"refund_payment", {"colleague", "manager", "device", "site"}, {"store", "online", "till"}},
    {"move_payment", {"colleague", "manager", "device", "site"}, {"store", "online", "till"}},
    {"move_drawer", {"colleague", "manager", "device"}, {"store", "till"}},
    {"hear_till", {"site"}, {"store"}},
    {"allot", {"manager", "site"}, {"store"}},
    {"take_allotment", {"manager", "site"}, {"online"}},
    {"open_slot", {"manager", "site"}, {"online"}},
    {"check_out", {"site"}, {"online"}},
    {"serve_online", {"colleague", "manager", "device", "site"}, {"online"}},
    {"handle_parcel", {"colleague", "manager", "device", "site"}, {"store"}},
    {"set_limits", {"incident", "site"}, all_kinds},
};

TEST(Rules, let_every_verb_role_and_kind_of_site_pass_as_they_say_and_refuse_the_rest_by_name) {
  ASSERT_EQ(sentences.size(), count_of<Verb>);
  for (const Sentence& sentence : sentences) {
    const auto verb = parse_word<Verb>(sentence.verb);
    ASSERT_TRUE(verb) << sentence.verb;
    for (const Role role : every<Role>())
      for (const SiteKind kind : every<SiteKind>()) {
        Verdict expected;
        if (!sentence.roles.contains(std::string(text_of(role))))
          expected = no(Refusal::role_not_allowed);
        if (!sentence.kinds.contains(std::string(text_of(kind))))
          expected = no(Refusal::kind_not_allowed);
        EXPECT_EQ(permits(kind, role, *verb), expected)
            << sentence.verb << " by " << text_of(role) << " at a " << text_of(kind);
      }
  }
}

TEST(Rules, give_an_auditor_nothing_to_do) {
  for (const Verb verb : every<Verb>())
    for (const SiteKind kind : every<SiteKind>())
      EXPECT_FALSE(permits(kind, Role::auditor, verb)) << text_of(verb);
}

TEST(Rules, move_units_from_one_place_to_another) {
  for (const Cause cause : every<Cause>()) {
    EXPECT_EQ(row_of(cause).cause, cause);
    EXPECT_NE(row_of(cause).from, row_of(cause).to) << text_of(cause);
  }
}

// What the book keeps no units of cannot be short of them.
TEST(Rules, ask_for_enough_only_where_units_are_kept) {
  for (const Cause cause : every<Cause>()) {
    if (!row_of(cause).needs_stock) continue;
    EXPECT_TRUE(row_of(cause).from == Place::on_hand || row_of(cause).from == Place::quarantine)
        << text_of(cause);
  }
}

TEST(Rules, hold_back_exactly_what_leaves_for_a_customer_or_another_site) {
  for (const Cause cause : every<Cause>()) {
    const CauseRow& row = row_of(cause);
    const bool leaves =
        (row.from == Place::on_hand || row.from == Place::dock || row.from == Place::parcel) &&
        (row.to == Place::customer || row.to == Place::vehicle || row.to == Place::dock ||
         row.to == Place::parcel);
    EXPECT_EQ(row.leaves_the_business, leaves) << text_of(cause);
  }
}

TEST(Rules, know_how_warm_goods_may_arrive) {
  EXPECT_EQ(temperature_max(Chain::chilled), 80);
  EXPECT_EQ(temperature_max(Chain::frozen), -150);
}

TEST(Words, are_each_used_once_in_their_list) {
  const auto distinct = []<Word E>(E) {
    return std::set(Words<E>::list.begin(), Words<E>::list.end()).size() == count_of<E>;
  };
  EXPECT_TRUE(distinct(Verb{}) && distinct(Cause{}) && distinct(Place{}) && distinct(Role{}) &&
              distinct(Capability{}) && distinct(SiteKind{}));
  EXPECT_EQ(text_of(Cause::dispatched), "dispatched");
  EXPECT_EQ(text_of(Verb::hear), "hear");
}

TEST(Refusal, has_a_name_a_status_and_a_sentence_each) {
  std::set<std::string_view> names;
  for (const RefusalRow& row : refusals) {
    names.insert(row.name);
    EXPECT_GE(row.http_status, 400);
    EXPECT_LT(row.http_status, 500);
    EXPECT_FALSE(row.meaning.empty());
  }
  EXPECT_EQ(names.size(), refusals.size());
  EXPECT_EQ(row_of(Refusal::cycle_already_ordered).name, "cycle_already_ordered");
}

}  // namespace
}  // namespace trade
