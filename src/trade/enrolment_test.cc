#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

PublicKey key_of(std::uint8_t holder) {
  PublicKey key;
  key.bytes.fill(holder);
  return key;
}

TEST(Enrolment, numbers_people_and_devices_each_from_1_and_finds_them_by_their_keys) {
  Estate estate;
  const Event first = estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  estate.must(store_code, PersonEnrolled{{}, Role::colleague, key_of(2)});
  estate.must(store_code, DeviceEnrolled{{}, key_of(3)});
  EXPECT_EQ(std::get<PersonEnrolled>(first.body).actor, ActorNo{1});
  EXPECT_EQ(person_of(estate.store(), key_of(2)), ActorNo{2});
  EXPECT_EQ(device_of(estate.store(), key_of(3)), DeviceNo{1});
  EXPECT_EQ(person_of(estate.store(), key_of(3)), std::nullopt);
  EXPECT_EQ(estate.store().people.at(ActorNo{2}).role, Role::colleague);
}

TEST(Enrolment, takes_no_key_twice_and_no_key_that_is_none) {
  Estate estate;
  estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  EXPECT_EQ(estate.answer(store_code, PersonEnrolled{{}, Role::depot, key_of(1)}), "key_in_use");
  EXPECT_EQ(estate.answer(store_code, DeviceEnrolled{{}, key_of(1)}), "key_in_use");
  EXPECT_EQ(estate.answer(store_code, DeviceEnrolled{{}, {}}), "value_out_of_range");
}

TEST(Enrolment, makes_nobody_a_device_or_the_site_itself) {
  Estate estate;
  for (const Role role : {Role::device, Role::site})
    EXPECT_EQ(estate.answer(store_code, PersonEnrolled{{}, role, key_of(1)}), "value_out_of_range");
}

TEST(Enrolment, ends_once_keeps_its_number_and_frees_its_key) {
  Estate estate;
  estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  estate.must(store_code, EnrolmentEnded{ActorNo{1}, {}});
  EXPECT_EQ(person_of(estate.store(), key_of(1)), std::nullopt);
  EXPECT_EQ(estate.answer(store_code, EnrolmentEnded{ActorNo{1}, {}}), "enrolment_unknown");
  const Event again = estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  EXPECT_EQ(std::get<PersonEnrolled>(again.body).actor, ActorNo{2});
}

TEST(Enrolment, ends_for_a_person_or_a_device_and_not_for_both_or_neither) {
  Estate estate;
  estate.must(store_code, DeviceEnrolled{{}, key_of(3)});
  EXPECT_EQ(estate.answer(store_code, EnrolmentEnded{}), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, EnrolmentEnded{ActorNo{1}, DeviceNo{1}}),
            "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, EnrolmentEnded{{}, DeviceNo{1}}), "done");
}

TEST(Enrolment, can_be_switched_off_and_its_end_cannot) {
  Estate estate;
  estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  estate.must(store_code, CapabilitySwitched{Capability::enrolling, Mode::closed});
  EXPECT_EQ(estate.answer(store_code, PersonEnrolled{{}, Role::colleague, key_of(2)}),
            "capability_closed");
  EXPECT_EQ(estate.answer(store_code, EnrolmentEnded{ActorNo{1}, {}}), "done");
}

TEST(Enrolment, of_the_last_manager_is_ended_by_others_alone) {
  Estate estate;
  estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(1)});
  estate.must(store_code, PersonEnrolled{{}, Role::manager, key_of(2)});
  estate.must(store_code, PersonEnrolled{{}, Role::incident, key_of(3)});
  const auto end = [&](std::uint32_t who, Role role, std::uint32_t by) -> std::string_view {
    const auto event = decide(estate.book, store_code,
                              {role, {ActorNo{by}, {}, 0}, 0, EnrolmentEnded{ActorNo{who}, {}}});
    return event ? "done" : row_of(event.error().why).name;
  };
  EXPECT_EQ(end(1, Role::manager, 1), "done") << "another one stays";
  estate.must(store_code, EnrolmentEnded{ActorNo{2}, {}});
  EXPECT_EQ(end(1, Role::manager, 1), "last_manager");
  EXPECT_EQ(end(1, Role::incident, 3), "done");
  EXPECT_EQ(end(1, Role::site, 0), "done");
  EXPECT_EQ(end(3, Role::incident, 3), "done") << "of incident leads there may be none";
}

TEST(SecurityEvents, add_up_by_kind) {
  Estate estate;
  const auto source = *Text<48>::of("10.0.0.9");
  estate.must(store_code, SecurityNoted{SecurityKind::code_wrong, source, 7, 3});
  estate.must(store_code, SecurityNoted{SecurityKind::code_wrong, source, 8, 4});
  EXPECT_EQ(estate.store().security[static_cast<std::size_t>(SecurityKind::code_wrong)], 7u);
  EXPECT_EQ(estate.answer(store_code, SecurityNoted{SecurityKind::flood, source, 8, 0}),
            "value_out_of_range");
}

}  // namespace
}  // namespace trade
