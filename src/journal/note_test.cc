#include "journal/note.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "journal/checkpoint.h"

namespace journal {
namespace {

const Signer site = make_signer("stockade/sample/0042/1", KeyKind::signer, crypto::Seed{7});
const Signer witness = make_signer("depot", KeyKind::witness, crypto::Seed{5});

TEST(Note, the_key_of_the_published_example_has_its_hash) {
  // The verifier key of Go's sumdb/note documentation.
  const std::string published =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto key = parse_verifier(published);
  ASSERT_TRUE(key);
  EXPECT_EQ(to_string(*key), published);
}

TEST(Note, the_published_example_is_signed_by_its_key) {
  const auto key =
      parse_verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const std::string text =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n";
  const auto note = parse_note(
      text +
      "\n\u2014 PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6R"
      "yyBwJnAM=\n");
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, text);
  EXPECT_EQ(check(*note, *key).outcome, Signed::yes);
}

TEST(Note, keys_read_back_secret_and_public) {
  const auto signer = parse_signer(secret_text(site) + "\n");
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->verifier, site.verifier);
  EXPECT_EQ(parse_verifier(to_string(witness.verifier))->kind, KeyKind::witness);
  EXPECT_FALSE(parse_verifier(secret_text(site)));
  EXPECT_FALSE(parse_signer(to_string(site.verifier)));
  std::string other = to_string(site.verifier);
  other.replace(other.find("0042"), 4, "0043");
  EXPECT_FALSE(parse_verifier(other));
}

TEST(Note, unknown_keys_mean_nothing_and_a_known_one_must_fit) {
  Note note{"hello\n", {sign(site, "hello\n"), cosign(witness, "hello\n", 12)}};
  note = *parse_note(to_string(note));
  EXPECT_EQ(check(note, site.verifier).outcome, Signed::yes);
  EXPECT_EQ(check(note, witness.verifier).seconds, 12u);
  const Signer stranger = make_signer("x", KeyKind::signer, crypto::Seed{1});
  EXPECT_EQ(check(note, stranger.verifier).outcome, Signed::no);
  note.text = "hallo\n";
  EXPECT_EQ(check(note, site.verifier).outcome, Signed::bad);
  EXPECT_EQ(check(note, witness.verifier).outcome, Signed::bad);
}

TEST(Note, malformed_notes_are_refused) {
  const std::string line = to_string(sign(site, "a\n"));
  std::string chopped = line;
  chopped.pop_back();
  EXPECT_TRUE(parse_note("a\n\n" + line));
  EXPECT_TRUE(parse_note("a\n\nb\n\n" + line));
  for (const std::string& bad : std::vector<std::string>{
           std::string("a\n"), "a\n\n", "a\n" + line, "a\n\n" + chopped, "a\n\n" + line + "more\n",
           "a\x01\n\n" + line, "a\xff\n\n" + line, "a\xc0\xaf\n\n" + line,
           "a\xed\xa0\x80\n\n" + line, "a\n\n- x AAAAAAAA\n", "a\n\n\u2014 x AAAA\n",
           "a\n\n\u2014 x AAAAAAA\n", "a\n\n\u2014  AAAAAAAA\n"})
    EXPECT_FALSE(parse_note(bad)) << bad;
}

TEST(Note, sixteen_signatures_are_accepted) {
  Note note{"a\n", {}};
  for (std::uint8_t i = 0; i < 16; ++i)
    note.signatures.push_back(
        sign(make_signer(fmt::format("k{}", i), KeyKind::signer, crypto::Seed{i}), note.text));
  EXPECT_EQ(parse_note(to_string(note))->signatures.size(), 16u);
}

TEST(Checkpoint, has_three_lines_and_one_spelling) {
  const Checkpoint checkpoint{site.verifier.name, 1'234, leaf_hash("x")};
  EXPECT_EQ(parse_checkpoint(to_text(checkpoint)), checkpoint);
  const std::string text = to_text(checkpoint);
  const std::string root = text.substr(text.find("1234\n") + 5);
  for (const std::string& bad :
       std::vector<std::string>{"o\n01\n" + root, "o\n-1\n" + root, "o\n\n" + root, "o\n1\nAAAA\n",
                                "\n1\n" + root, "o\n1\n" + root + "extension\n",
                                std::string("o\n1\n"), "o\n99999999999999999999\n" + root})
    EXPECT_FALSE(parse_checkpoint(bad)) << bad;
}

TEST(Checkpoint, an_origin_is_estate_site_and_epoch) {
  EXPECT_EQ(parse_origin("stockade/sample/0042/3"), (Origin{"sample", "0042", 3}));
  for (const char* bad : {"stockade/sample/0042", "stockade/sample/0042/0", "stockade//0042/1",
                          "stockade/a/b/c/1", "stockade/a b/c/1", "other/a/b/1"})
    EXPECT_FALSE(parse_origin(bad)) << bad;
}

}  // namespace
}  // namespace journal
