#include "http/server.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/client.h"
#include "http/wire.h"
#include "io/process.h"

namespace http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// Answers by path: /echo the body, /drop nothing at all, /later from another thread, /stream a
// stream that the test keeps, anything else what it saw.
class Desk final : public Handler {
 public:
  void handle(Request request, Reply reply) override {
    handled.fetch_add(1);
    if (request.path == "/drop") return;
    if (request.path == "/echo") return reply.answer({200, "text/plain", request.body, {}});
    if (request.path == "/big") return reply.answer({200, "text/plain", big, {}});
    if (request.path == "/own") return reply.answer(with_own_headers());
    if (request.path == "/split")
      return reply.answer({200, "text/plain", "x", {{"A", "b\r\nC: d"}}});
    if (request.path == "/stream") return keep_stream(reply.stream());
    if (request.path == "/later") return answer_later(std::move(request), std::move(reply));
    reply.answer({200, "text/plain", seen(request), {}});
  }

  void keep_stream(Stream stream) {
    const std::lock_guard lock(mutex);
    streams.push_back(std::move(stream));
  }

  // As a site's core does: requests gather, and one thread answers them in a batch.
  void answer_later(Request request, Reply reply) {
    const std::lock_guard lock(mutex);
    waiting.emplace_back(std::move(request), std::move(reply));
  }
  std::size_t answer_waiting() {
    std::vector<std::pair<Request, Reply>> batch;
    {
      const std::lock_guard lock(mutex);
      std::swap(batch, waiting);
    }
    for (auto& [request, reply] : batch) reply.answer({200, "text/plain", request.query, {}});
    return batch.size();
  }

  // The first stream, once there is one.
  Stream& stream() {
    EXPECT_TRUE(comes_true([&] {
      const std::lock_guard lock(mutex);
      return !streams.empty();
    }));
    return streams.at(0);
  }

  static Response with_own_headers() {
    return {200, "text/html", "<p>", {{"Content-Security-Policy", "default-src 'self'"}}};
  }
  static std::string seen(const Request& request) {
    return std::string(name(request.method)) + "|" + request.path + "|" + request.query + "|" +
           std::string(request.header("Idempotency-Key")) + "|" + request.body + "|" +
           request.peer_address + "|" + (request.peer_key ? "key" : "no key");
  }

  std::atomic<int> handled{0};
  std::string big = std::string(8 << 20, 'x');
  std::mutex mutex;
  std::vector<Stream> streams;
  std::vector<std::pair<Request, Reply>> waiting;
};

struct Place {
  explicit Place(ServerOptions options = {}) : server(start(std::move(options))) {}
  std::unique_ptr<Server> start(ServerOptions options) {
    options.headers_wanted = {"Idempotency-Key", "Last-Event-ID"};
    auto started = Server::start(options, desk);
    EXPECT_TRUE(started) << started.error().message;
    return *std::move(started);
  }
  Dial dial() const {
    Dial dial;
    dial.address = "127.0.0.1";
    dial.port = server->port();
    return dial;
  }
  std::unique_ptr<Wire> wire() const {
    auto opened = Wire::open(dial());
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  Desk desk;
  std::unique_ptr<Server> server;
};

std::string read_to_end(Wire& wire) {
  std::string all;
  while (true) {
    const auto some = wire.read();
    if (!some) return all + "<" + some.error().message + ">";
    if (some->empty()) return all;
    all += *some;
  }
}

std::string read_until(Wire& wire, std::string_view text) {
  std::string all;
  while (all.find(text) == all.npos) {
    const auto some = wire.read();
    if (!some || some->empty()) return all + "<end>";
    all += *some;
  }
  return all;
}

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Server, a_handler_sees_the_request_and_the_client_the_answer) {
  Place place;
  Client client(place.dial());
  const auto response = client.send({.method = Method::post,
                                     .target = "/a%20b?c=d",
                                     .headers = {{"idempotency-key", "k1"}, {"X-Other", "y"}},
                                     .body = "hello"});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "POST|/a b|c=d|k1|hello|127.0.0.1|no key");
}

TEST(Server, one_connection_serves_many_requests) {
  Place place;
  Client client(place.dial());
  for (int i = 0; i < 100; ++i) {
    const auto response = client.send({.method = Method::post, .target = "/echo", .body = "b"});
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "b");
  }
  EXPECT_EQ(place.server->counts().connections, 1u);
}

TEST(Server, responses_carry_safe_headers_unless_the_handler_says_else) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  const std::string text = read_to_end(*wire);
  EXPECT_THAT(text, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nX-Frame-Options: DENY\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nReferrer-Policy: no-referrer\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Security-Policy: default-src 'none'"));
  EXPECT_THAT(text, HasSubstr(" GMT\r\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Server:")));

  Client client(place.dial());
  int policies = 0;
  const auto own = client.send({.target = "/own"});
  ASSERT_TRUE(own);
  for (const auto& field : own->headers)
    if (field.name == "Content-Security-Policy") {
      ++policies;
      EXPECT_EQ(field.value, "default-src 'self'");
    }
  EXPECT_EQ(policies, 1);
}

TEST(Server, a_header_that_would_split_the_response_becomes_a_500) {
  Place place;
  EXPECT_EQ(Client(place.dial()).send({.target = "/split"})->status, 500);
}

TEST(Server, a_reply_that_is_dropped_answers_500) {
  Place place;
  EXPECT_EQ(Client(place.dial()).send({.target = "/drop"})->status, 500);
}

TEST(Server, a_head_request_gets_the_length_and_no_body) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("HEAD /own HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  const std::string text = read_to_end(*wire);
  EXPECT_THAT(text, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

TEST(Server, pipelined_requests_are_answered_in_order) {
  ServerOptions options;
  options.threads = 2;
  Place place(options);
  auto wire = place.wire();
  std::string requests;
  constexpr int count = 50;
  for (int i = 0; i < count; ++i)
    requests += "GET /later?" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_TRUE(wire->write(requests + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  std::jthread answering([&](std::stop_token token) {
    while (!token.stop_requested()) place.desk.answer_waiting();
  });
  const std::string text = read_to_end(*wire);
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    at = text.find("\r\n\r\n" + std::to_string(i), at);
    ASSERT_NE(at, text.npos) << i;
  }
  EXPECT_NE(text.find("GET|/last", at), text.npos);
}

TEST(Server, a_chunked_body_arrives_whole) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(
      wire->write("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
  ASSERT_TRUE(wire->write("6\r\n world\r\n0\r\n"));
  ASSERT_TRUE(wire->write("\r\n"));
  EXPECT_THAT(read_to_end(*wire), EndsWith("\r\n\r\nhello world"));
}

TEST(Server, who_expects_to_be_told_to_continue_is_told) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(
      wire->write("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(read_until(*wire, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(wire->write("ok"));
  EXPECT_THAT(read_to_end(*wire), EndsWith("\r\n\r\nok"));
}

// --- hostile input -------------------------------------------------------------------------------

struct Hostile {
  std::string what, bytes;
  int status;
};

std::string post(std::string_view headers, std::string_view body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
std::string with_nul(std::string_view before, std::string_view after) {
  std::string text(before);
  text.push_back('\0');
  return text.append(after);
}

std::vector<Hostile> hostile_requests() {
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string many = [] {
    std::string headers;
    for (int i = 0; i < 70; ++i) headers += "X: y\r\n";
    return headers;
  }();
  return {
      {"length and coding", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", smuggled),
       400},
      {"coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", smuggled),
       400},
      {"two lengths", post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcde"), 400},
      {"the same length twice", post("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd"), 400},
      {"a list of lengths", post("Content-Length: 4, 4\r\n", "abcd"), 400},
      {"a signed length", post("Content-Length: +4\r\n", "abcd"), 400},
      {"a negative length", post("Content-Length: -4\r\n", "abcd"), 400},
      {"a hexadecimal length", post("Content-Length: 0x4\r\n", "abcd"), 400},
      {"a length beyond 64 bits", post("Content-Length: 99999999999999999999\r\n", ""), 400},
      {"an empty length", post("Content-Length: \r\n", ""), 400},
      {"a body that is too large", post("Content-Length: 2000000\r\n", ""), 413},
      {"chunks that are too large", post("Transfer-Encoding: chunked\r\n", "ffffff\r\n"), 413},
      {"an unknown coding", post("Transfer-Encoding: gzip\r\n", ""), 501},
      {"two codings", post("Transfer-Encoding: gzip, chunked\r\n", smuggled), 501},
      {"chunked twice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", smuggled), 400},
      {"chunked in a list", post("Transfer-Encoding: chunked, identity\r\n", smuggled), 501},
      {"chunked and a tab",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            smuggled),
       400},
      {"a space before the colon", post("Transfer-Encoding : chunked\r\n", smuggled), 400},
      {"a folded header", post("X: a\r\n b\r\n", ""), 400},
      {"a folded empty header", post("Transfer-Encoding:\r\n chunked\r\n", smuggled), 400},
      {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"a bare LF in a header", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
      {"a bare CR", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ: w\r\n\r\n", 400},
      {"NUL in a header", with_nul("GET / HTTP/1.1\r\nHost: a\r\nX: y", "z\r\n\r\n"), 400},
      {"NUL in a target", with_nul("GET /a", "b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
      {"an encoded NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"an encoded slash", "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a way up", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"an encoded way up", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a broken escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", 400},
      {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a wanted header twice",
       post("Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n", ""), 400},
      {"an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"a method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"an absolute target", "GET http://localhost/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n", 400},
      {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 505},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/1.1 in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TLS on a plain port", with_nul("\x16\x03\x01", "\x01\x02"), 400},
      {"a long target", "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"an endless line", std::string(5000, 'a'), 414},
      {"a long header", post("X: " + std::string(20000, 'y') + "\r\n", ""), 431},
      {"many headers", post(many, ""), 431},
      {"a chunk extension", post("Transfer-Encoding: chunked\r\n", "2;a=b\r\nok\r\n0\r\n\r\n"),
       400},
      {"an endless chunk line", post("Transfer-Encoding: chunked\r\n", std::string(100, '0')), 400},
      {"a chunk without an end", post("Transfer-Encoding: chunked\r\n", "2\r\nokX\r\n0\r\n\r\n"),
       400},
      {"a chunk size that is none", post("Transfer-Encoding: chunked\r\n", "xyz\r\n"), 400},
      {"a trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nHost: b\r\n\r\n"), 400},
      {"an expectation", post("Expect: tea\r\nContent-Length: 0\r\n", ""), 417},
  };
}

TEST(Hostile, requests_are_refused_and_nothing_behind_them_is_read) {
  Place place;
  for (const auto& [what, bytes, status] : hostile_requests()) {
    auto wire = place.wire();
    ASSERT_TRUE(wire->write(bytes + std::string(get)));
    const std::string text = read_to_end(*wire);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 " + std::to_string(status))) << what;
    EXPECT_THAT(text, HasSubstr("Connection: close\r\n")) << what;
    EXPECT_EQ(text.find("HTTP/1.1 ", 5), text.npos) << what << ": " << text;
  }
  EXPECT_EQ(place.desk.handled, 0);
}

TEST(Hostile, slow_heads_and_slow_bodies_get_408) {
  ServerOptions options;
  options.head_ms_max = options.body_ms_max = 300;
  Place place(options);
  auto head = place.wire(), body = place.wire(), chunks = place.wire();
  ASSERT_TRUE(head->write("GET / HTTP/1.1\r\nHost:"));
  ASSERT_TRUE(body->write(post("Content-Length: 10\r\n", "abc")));
  ASSERT_TRUE(chunks->write(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n")));
  for (auto* wire : {&head, &body, &chunks})
    EXPECT_THAT(read_to_end(**wire), StartsWith("HTTP/1.1 408"));
  EXPECT_EQ(place.server->counts().timed_out, 3u);
  EXPECT_EQ(place.desk.handled, 0);
}

TEST(Hostile, a_body_that_trickles_for_ever_is_ended) {
  ServerOptions options;
  options.body_ms_max = 400;
  Place place(options);
  auto wire = place.wire();
  ASSERT_TRUE(wire->write(post("Transfer-Encoding: chunked\r\n", "")));
  bool is_ended = false;
  for (int i = 0; i < 100 && !is_ended; ++i) {
    is_ended = !wire->write("1\r\na\r\n") || place.server->counts().timed_out > 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(is_ended);
  EXPECT_EQ(place.desk.handled, 0);
}

TEST(Hostile, idle_connections_are_closed) {
  ServerOptions options;
  options.idle_ms_max = options.head_ms_max = 200;
  Place place(options);
  auto fresh = place.wire(), used = place.wire();
  ASSERT_TRUE(used->write(get));
  EXPECT_THAT(read_to_end(*used), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(read_to_end(*fresh), "");
}

TEST(Hostile, two_thousand_idle_connections_do_not_keep_an_honest_client_out) {
  // Both ends of each are in this process.
  if (io::raise_open_files() < 4'100) GTEST_SKIP() << "the system allows too few open files";
  ServerOptions options;
  options.connections_per_address_max = 3'000;
  Place place(options);
  std::vector<std::unique_ptr<Wire>> idle;
  for (int i = 0; i < 2'000; ++i) {
    idle.push_back(place.wire());
    if (i % 2 == 0) {
      ASSERT_TRUE(idle.back()->write("GET /"));
    }
  }
  Client client(place.dial());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.send({})->status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_EQ(place.server->counts().connections_open, 2'001u);
}

TEST(Hostile, one_address_gets_only_so_many_connections) {
  ServerOptions options;
  options.connections_per_address_max = 3;
  Place place(options);
  std::vector<std::unique_ptr<Wire>> open;
  for (int i = 0; i < 3; ++i) open.push_back(place.wire());
  auto fourth = place.wire();
  EXPECT_THAT(read_to_end(*fourth), testing::Not(HasSubstr("HTTP")));
  open.pop_back();
  EXPECT_TRUE(comes_true([&] { return Client(place.dial()).send({}).has_value(); }));
}

TEST(Hostile, a_reader_that_never_reads_is_cut_off) {
  ServerOptions options;
  options.write_ms_max = 300;
  options.write_bytes_per_ms_min = 1 << 20;
  Place place(options);
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(comes_true([&] { return place.server->counts().timed_out == 1; }));
  EXPECT_TRUE(comes_true([&] { return place.server->counts().connections_open == 0; }));
}

TEST(Hostile, beyond_the_bound_of_memory_large_bodies_are_turned_away) {
  ServerOptions options;
  options.buffered_bytes_max = 100'000;
  Place place(options);
  const std::string body(80'000, 'b');
  std::unique_ptr<Wire> holding;
  Client other(place.dial());
  // Whichever body comes first is held, so the holder may be the one that is turned away.
  EXPECT_TRUE(comes_true([&] {
    holding = place.wire();
    if (!holding->write(post("Content-Length: 80001\r\n", body))) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto response = other.send({.method = Method::post, .target = "/echo", .body = body});
    return response && response->status == 503;
  }));
  EXPECT_EQ(other.send({.method = Method::post, .target = "/echo", .body = "small"})->status, 200);
}

// --- bounds, streams, stop -----------------------------------------------------------------------

TEST(Server, beyond_the_bound_of_requests_clients_are_asked_to_come_again) {
  ServerOptions options;
  options.requests_in_flight_max = 2;
  Place place(options);
  auto first = place.wire(), second = place.wire(), third = place.wire();
  const std::string later = "GET /later?x HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_TRUE(first->write(later));
  ASSERT_TRUE(second->write(later));
  ASSERT_TRUE(comes_true([&] { return place.desk.handled == 2; }));
  ASSERT_TRUE(third->write(later));
  const std::string busy = read_until(*third, "503}");
  EXPECT_THAT(busy, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(busy, HasSubstr("\r\nRetry-After: 1\r\n"));
  EXPECT_EQ(place.desk.answer_waiting(), 2u);
  EXPECT_THAT(read_until(*first, "\r\n\r\nx"), StartsWith("HTTP/1.1 200"));
  ASSERT_TRUE(third->write(get));
  EXPECT_THAT(read_until(*third, "no key"), StartsWith("HTTP/1.1 200"));
}

TEST(Server, a_client_that_left_does_not_disturb_its_reply) {
  Place place;
  place.wire()->write("GET /later HTTP/1.1\r\nHost: a\r\n\r\n").value();
  ASSERT_TRUE(comes_true([&] { return place.desk.handled == 1; }));
  EXPECT_EQ(place.desk.answer_waiting(), 1u);
  EXPECT_EQ(Client(place.dial()).send({})->status, 200);
  EXPECT_EQ(place.server->counts().requests_open, 0u);
}

TEST(Streams, events_arrive_in_order_until_the_sender_ends_them) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_THAT(read_until(*wire, "\r\n\r\n"), HasSubstr("text/event-stream"));
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(place.desk.stream().send({std::to_string(i), "stock", "a\nb"}));
  place.desk.streams.clear();
  EXPECT_THAT(read_to_end(*wire), EndsWith("id: 0\nevent: stock\ndata: a\ndata: b\n\n"
                                           "id: 1\nevent: stock\ndata: a\ndata: b\n\n"
                                           "id: 2\nevent: stock\ndata: a\ndata: b\n\n"));
  EXPECT_TRUE(comes_true([&] { return place.server->counts().streams_open == 0; }));
}

TEST(Streams, silence_is_filled_with_comments) {
  ServerOptions options;
  options.heartbeat_ms = 100;
  Place place(options);
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_THAT(read_until(*wire, ":\n\n:\n\n"), EndsWith(":\n\n:\n\n"));
}

TEST(Streams, a_reader_that_is_too_slow_is_cut_off) {
  ServerOptions options;
  options.stream_bytes_max = 64 << 10;
  Place place(options);
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  read_until(*wire, "\r\n\r\n");
  const std::string data(1'000, 'd');
  int sent = 0;
  while (sent < 1'000'000 && place.desk.stream().send({"1", "", data})) ++sent;
  EXPECT_LT(sent, 1'000'000);
  EXPECT_FALSE(place.desk.stream().is_open());
  EXPECT_TRUE(comes_true([&] { return place.server->counts().connections_open == 0; }));
  EXPECT_EQ(place.server->counts().streams_cut, 1u);
}

TEST(Streams, a_reader_that_leaves_is_noticed) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  read_until(*wire, "\r\n\r\n");
  wire.reset();
  EXPECT_TRUE(comes_true([&] { return !place.desk.stream().is_open(); }));
}

TEST(Streams, only_so_many_are_open_at_once) {
  ServerOptions options;
  options.streams_max = 1;
  Place place(options);
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  read_until(*wire, "\r\n\r\n");
  EXPECT_EQ(Client(place.dial()).send({.target = "/stream"})->status, 503);
}

// What the handler took is answered and the answer arrives, whenever the stop comes.
void stop_under_load(ServerOptions options, Dial dial) {
  options.threads = 2;
  Place place(options);
  dial.port = place.server->port();
  std::atomic<int> acknowledged{0};
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      Client client(dial);
      while (true) {
        const auto response = client.send({.target = "/later?q"});
        if (!response) return;
        EXPECT_EQ(response->status, 200);
        acknowledged.fetch_add(1);
      }
    });
  std::jthread core([&](std::stop_token token) {
    while (!token.stop_requested()) {
      place.desk.answer_waiting();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  ASSERT_TRUE(comes_true([&] { return acknowledged > 200; }));
  EXPECT_TRUE(place.server->stop(20'000));
  clients.clear();
  EXPECT_EQ(acknowledged, place.desk.handled);
}

TEST(Stop, nothing_that_was_taken_is_lost) { stop_under_load({}, {.address = "127.0.0.1"}); }

TEST(Stop, nothing_that_was_taken_is_lost_over_tls) {
  const crypto::SigningKey key(crypto::Seed{7});
  ServerOptions options;
  options.certificates = {site_certificate(key)};
  stop_under_load(options, {.address = "127.0.0.1", .pin = key.public_key()});
}

TEST(Stop, idle_connections_and_streams_end_at_once) {
  Place place;
  auto idle = place.wire(), stream = place.wire();
  ASSERT_TRUE(stream->write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  read_until(*stream, "\r\n\r\n");
  ASSERT_TRUE(place.desk.stream().send({"1", "", "last"}));
  std::jthread reading([&] {
    EXPECT_EQ(read_to_end(*idle), "");
    EXPECT_THAT(read_to_end(*stream), HasSubstr("last"));
    idle.reset();
    stream.reset();
  });
  EXPECT_TRUE(place.server->stop(5'000));
}

TEST(Stop, a_handler_that_never_answers_is_not_waited_for_longer_than_said) {
  Place place;
  auto wire = place.wire();
  ASSERT_TRUE(wire->write("GET /later HTTP/1.1\r\nHost: a\r\n\r\n"));
  ASSERT_TRUE(comes_true([&] { return place.desk.handled == 1; }));
  EXPECT_FALSE(place.server->stop(200));
  place.server.reset();
  EXPECT_EQ(place.desk.answer_waiting(), 1u);
}

TEST(Stop, connections_of_a_key_end_and_others_go_on) {
  const crypto::SigningKey own(crypto::Seed{1}), kept(crypto::Seed{2}), ended(crypto::Seed{3});
  ServerOptions options;
  options.certificates = {site_certificate(own)};
  options.threads = 2;
  Place place(std::move(options));
  const auto wire_of = [&](const crypto::SigningKey* key) {
    Dial dial = place.dial();
    dial.pin = own.public_key();
    if (key != nullptr) dial.own = site_certificate(*key);
    auto wire = Wire::open(dial).value();
    EXPECT_TRUE(wire->write(get));
    EXPECT_THAT(read_until(*wire, "key"), HasSubstr("200 OK"));
    return wire;
  };
  std::vector<std::unique_ptr<Wire>> going_on, over;
  for (int i = 0; i < 4; ++i) {
    over.push_back(wire_of(&ended));
    going_on.push_back(wire_of(i % 2 == 0 ? &kept : nullptr));
  }
  place.server->end_connections(
      [&](const crypto::PublicKey& key) { return key == ended.public_key(); });
  EXPECT_TRUE(comes_true([&] { return place.server->counts().connections_open == 4; }));
  for (const auto& wire : over) {
    const bool is_written = wire->write(get).has_value();
    EXPECT_TRUE(!is_written || read_until(*wire, "key").ends_with("<end>"));
  }
  for (const auto& wire : going_on) {
    ASSERT_TRUE(wire->write(get));
    EXPECT_THAT(read_until(*wire, "key"), HasSubstr("200 OK"));
  }
}

TEST(Server, plain_http_is_for_this_machine_only) {
  Desk desk;
  ServerOptions options;
  options.address = "0.0.0.0";
  const auto server = Server::start(options, desk);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, base::ErrorCode::usage);
}

}  // namespace
}  // namespace http
