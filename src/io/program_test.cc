#include "io/program.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace io {
namespace {

base::Result<ProgramEnd> shell(const std::string& script, const std::stop_token& stop = {}) {
  return run_program(std::vector<std::string>{"sh", "-c", script}, stop);
}

TEST(Program, ends_with_its_code_and_what_it_said) {
  const auto end = shell("echo one; echo two >&2; exit 3");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 3);
  EXPECT_EQ(end->said, "one\ntwo\n");
}

TEST(Program, takes_words_as_they_are) {
  const auto end = run_program(std::vector<std::string>{"echo", "a b", "$HOME", "*"});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->said, "a b $HOME *\n");
}

TEST(Program, that_is_not_there_is_an_error_with_its_name) {
  const auto end = run_program(std::vector<std::string>{"no-such-program-at-all"});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, base::ErrorCode::io_failed);
  EXPECT_TRUE(end.error().message.starts_with("no-such-program-at-all: ")) << end.error().message;
}

TEST(Program, that_fails_is_an_error_where_it_must_run) {
  const auto ran = must_run(std::vector<std::string>{"sh", "-c", "echo because; exit 1"});
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().message, "sh ended with 1: because");
}

TEST(Program, may_say_more_than_is_kept) {
  const auto end = shell("head -c 1000000 /dev/zero");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 0);
  EXPECT_EQ(end->said.size(), program_said_max);
}

TEST(Program, reads_nothing_and_holds_no_file_of_ours) {
  const auto end = shell("cat; ls /proc/self/fd | wc -l");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->said, "4\n");  // the three of every program, and the folder that ls reads
}

TEST(Program, is_ended_when_it_is_asked_to_stop) {
  std::stop_source stop;
  std::jthread asks([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto end = shell("exec sleep 30", stop.get_token());
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 128 + 15);
}

}  // namespace
}  // namespace io
