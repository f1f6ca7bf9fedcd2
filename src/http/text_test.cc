#include "http/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "http/request_reader.h"

namespace http {
namespace {

TEST(Text, a_path_has_one_meaning_or_none) {
  EXPECT_EQ(parse_target("/")->path, "/");
  EXPECT_EQ(parse_target("/a/b/")->path, "/a/b/");
  EXPECT_EQ(parse_target("/a%20b%C3%A9?x=%20")->path, "/a b\xc3\xa9");
  EXPECT_EQ(parse_target("/a?b?c")->query, "b?c");
  EXPECT_EQ(parse_target("/a?")->query, "");
  for (const auto* bad : {"",
                          "a",
                          "*",
                          "//",
                          "/a//b",
                          "/.",
                          "/..",
                          "/a/./b",
                          "/%2E%2e/b",
                          "/a%2Fb",
                          "/a%5cb",
                          "/a%00",
                          "/a%0a",
                          "/a%7f",
                          "/a%",
                          "/a%4",
                          "/a%zz",
                          "/a b",
                          "/a#b",
                          "/a\\b",
                          "/\xc3\xa9",
                          "/a\"b",
                          "http://localhost/"})
    EXPECT_FALSE(parse_target(bad)) << bad;
}

TEST(Text, a_query_is_read_in_order) {
  const Query expected{{"a", "1 2"}, {"b", ""}, {"c", ""}, {"a", "="}};
  EXPECT_EQ(parse_query("a=1+2&b=&c&&a=%3D"), expected);
  EXPECT_EQ(parse_query(""), Query{});
  EXPECT_FALSE(parse_query("a=%"));
  EXPECT_FALSE(parse_query("%x=1"));
}

TEST(Text, a_query_has_only_so_many_fields) {
  std::string query;
  for (std::size_t i = 0; i < query_fields_max; ++i) query += "a&";
  EXPECT_EQ(parse_query(query)->size(), query_fields_max);
  EXPECT_FALSE(parse_query(query + "a"));
}

TEST(Text, an_event_id_is_a_number_and_nothing_else) {
  EXPECT_EQ(parse_event_id("0"), 0u);
  EXPECT_EQ(parse_event_id("9223372036854775807"), 9223372036854775807u);
  for (const auto* bad :
       {"", "-1", "+1", " 1", "1 ", "1x", "9223372036854775808", "00000000000000000001"})
    EXPECT_FALSE(parse_event_id(bad)) << bad;
}

TEST(Text, a_date_is_written_as_http_wants_it) {
  EXPECT_EQ(http_date(784'111'777'000), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Text, an_event_cannot_smuggle_another_one) {
  std::string out;
  append_event({"1\nid: 2", "a\r\ndata: x", "one\ntwo\r\nthree\rfour\n"}, out);
  EXPECT_EQ(out, "id: 1\nevent: a\ndata: one\ndata: two\ndata: three\ndata: four\ndata: \n\n");
}

TEST(Text, headers_that_frame_messages_are_the_servers_alone) {
  for (const auto* reserved : {"Content-Length", "transfer-encoding", "CONNECTION", "Date"})
    EXPECT_FALSE(has_clean_fields({200, "", "", {{reserved, "x"}}})) << reserved;
  EXPECT_TRUE(has_clean_fields({200, "", "", {{"Location", "/a"}}}));
}

// The request that a reader makes of bytes, or the status that it refuses them with.
std::string outcome(std::string_view bytes, std::size_t bite) {
  const std::vector<std::string> wanted{"X"};
  RequestReader reader({}, wanted);
  std::string unread;
  for (std::size_t at = 0; at < bytes.size(); at += bite) {
    unread += bytes.substr(at, bite);
    unread.erase(0, reader.feed(unread));
    if (reader.state() == RequestReader::State::refused) return std::to_string(reader.refusal());
    if (reader.state() == RequestReader::State::complete) {
      const Request request = reader.take();
      return request.path + "|" + std::string(request.header("X")) + "|" + request.body;
    }
  }
  return "more";
}

TEST(RequestReader, bytes_mean_the_same_however_they_arrive) {
  const std::string chunked =
      "POST /a HTTP/1.1\r\nHost: a\r\nx: y\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
  const std::string sized =
      "PUT /a HTTP/1.1\r\nX:  y \r\nHost: a\r\nContent-Length: 6\r\n\r\nhello!";
  const std::string trailer =
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n";
  for (std::size_t bite = 1; bite < 130; ++bite) {
    EXPECT_EQ(outcome(chunked, bite), "/a|y|hello!") << bite;
    EXPECT_EQ(outcome(sized, bite), "/a|y|hello!") << bite;
    EXPECT_EQ(outcome(trailer, bite), "400") << bite;
  }
}

TEST(RequestReader, what_follows_a_request_stays_where_it_is) {
  const std::string one = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok";
  RequestReader reader({}, {});
  EXPECT_EQ(reader.feed(one + one), one.size());
  EXPECT_EQ(reader.take().body, "ok");
  EXPECT_EQ(reader.feed(one), one.size());
  EXPECT_EQ(reader.take().body, "ok");
}

RC_GTEST_PROP(RequestReader, any_damage_gives_a_request_or_a_refusal, ()) {
  std::string bytes =
      "POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<char>();
  const auto bite = *rc::gen::inRange<std::size_t>(1, 90);
  RC_ASSERT(outcome(bytes, bite) == outcome(bytes, 1));
}

}  // namespace
}  // namespace http
