#include "io/child.h"

#include <gtest/gtest.h>

namespace io {
namespace {

TEST(Child, answers_in_lines_and_ends_when_nothing_more_is_said) {
  auto child = Child::start([](Talk& talk) {
    while (auto line = talk.hear())
      if (!talk.say("heard " + *line)) return;
  });
  ASSERT_TRUE(child.has_value());
  ASSERT_TRUE(child->talk().say("one").has_value());
  ASSERT_TRUE(child->talk().say(std::string(5'000, 'x')).has_value());
  EXPECT_EQ(child->talk().hear(), "heard one");
  EXPECT_EQ(child->talk().hear(), "heard " + std::string(5'000, 'x'));
}

TEST(Child, that_has_ended_is_an_error_and_no_signal) {
  auto child = Child::start([](Talk&) {});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->talk().hear().error().code, base::ErrorCode::io_failed);
  EXPECT_EQ(child->talk().say("one").error().code, base::ErrorCode::io_failed);
}

TEST(Child, has_a_memory_of_its_own) {
  int here = 1;
  auto child = Child::start([&here](Talk& talk) {
    here = 2;
    static_cast<void>(talk.say(std::to_string(here)));
  });
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->talk().hear(), "2");
  EXPECT_EQ(here, 1);
}

}  // namespace
}  // namespace io
