#include "sync/message.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/hex.h"
#include "io/disk.h"
#include "sync/source.h"

namespace syncing {
namespace {

// One of each kind, every member set.
std::vector<Request> all_requests() {
  const Digest digest = crypto::sha256("x");
  const Run run{"stockade/a/b/1", 7, "note\n", {digest, digest}, "bytes"};
  const Growth growth{"stockade/a/b/1", 9, digest, "note\n", {digest}};
  return {Offer{{{"stockade/a/b/1", 3, "note"}, {"stockade/a/c/2", 0, ""}}},
          Give{run},
          Ask{"stockade/a/b/1", 1u << 30},
          Show{growth},
          Prove{"stockade/a/b/1", 5},
          GiveDocument{"stockade/a/b/1", std::string("\0x", 2)},
          AskDocument{"stockade/a/b/1", digest},
          GiveCosignature{"stockade/a/b/1", 8, "line\n"}};
}

std::vector<Answer> all_answers() {
  const Digest digest = crypto::sha256("x");
  const Refused refused{Refusal::rewritten, "words", 4};
  return {refused,
          Known{{{{"stockade/a/b/1", 3, "note"}, 5, Want::everything, {refused}}}},
          Taken{6, "line\n", {digest}},
          Run{"stockade/a/b/1", 7, "note\n", {digest}, "bytes"},
          Growth{"stockade/a/b/1", 9, digest, "note\n", {}},
          Document{"bytes"}};
}

TEST(Message, each_kind_comes_back_as_it_went) {
  ASSERT_EQ(all_requests().size(), std::variant_size_v<Request>);
  ASSERT_EQ(all_answers().size(), std::variant_size_v<Answer>);
  for (const Request& request : all_requests()) {
    const auto back = parse_request(encode(42, request));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->number, 42u);
    EXPECT_EQ(back->body, request);
    EXPECT_FALSE(parse_answer(encode(42, request)));
  }
  for (const Answer& answer : all_answers()) {
    const auto back = parse_answer(encode(43, answer));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->body, answer);
    EXPECT_FALSE(parse_request(encode(43, answer)));
  }
}

TEST(Message, one_that_is_cut_short_or_longer_is_none) {
  for (const Request& request : all_requests()) {
    const std::string bytes = encode(1, request);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(parse_request(std::string_view(bytes).substr(0, size))) << size;
    EXPECT_FALSE(parse_request(bytes + '\0'));
  }
}

TEST(Message, a_count_beyond_the_bound_is_refused_before_anything_is_reserved) {
  std::string bytes = encode(1, Request(Offer{}));
  bytes[bytes.size() - 4] = '\x7f';
  EXPECT_FALSE(parse_request(bytes));
}

RC_GTEST_PROP(MessageProperty, what_is_read_is_what_would_be_written, (std::string bytes)) {
  const std::string message = "\xf7SY\x01" + std::string(8, '\0') + bytes;
  if (const auto request = parse_request(message))
    RC_ASSERT(encode(request->number, request->body) == message);
}

TEST(Message, every_refusal_has_a_name_and_a_sentence) {
  for (int i = 0; i < refusal_count(); ++i) {
    EXPECT_FALSE(name(static_cast<Refusal>(i)).empty());
    EXPECT_GT(meaning(static_cast<Refusal>(i)).size(), 10u);
  }
}

// docs/formats/sync.md shows these bytes: a journal of version 1 is offered and given.
TEST(Message, the_messages_of_version_1_have_the_same_bytes) {
  io::Disk& disk = io::real_disk();
  auto source = Source::open(disk, STOCKADE_SOURCE_DIR "/tests/golden/journal-1");
  ASSERT_TRUE(source);
  const std::string origin = source->key().name;
  const std::string note = to_string(source->checkpoint().note);
  const auto run = source->run(0);
  ASSERT_TRUE(run);
  std::string text;
  const auto add = [&](std::string_view name, const std::string& bytes) {
    text += fmt::format("{} {}\n", name, crypto::to_hex(bytes));
  };
  add("offer", encode(1, Request(Offer{{{origin, source->size(), note}}})));
  add("known", encode(1, Answer(Known{{{{origin, 0, {}}, 0, Want::everything, {}}}})));
  add("give", encode(2, Request(Give{*run})));
  add("taken", encode(2, Answer(Taken{4, {}, {}})));
  add("refused", encode(3, Answer(Refused{Refusal::behind, origin, 4})));
  const auto golden = io::read_file(disk, STOCKADE_SOURCE_DIR "/tests/golden/sync-1");
  ASSERT_TRUE(golden) << text;
  EXPECT_EQ(text, *golden);
}

}  // namespace
}  // namespace syncing
