// libFuzzer target: requests, targets and queries from any bytes, in one piece and in many.
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/request_reader.h"
#include "http/text.h"

namespace {

struct Outcome {
  enum class End { none, refused, complete } end = End::none;
  std::string path, body;
  bool operator==(const Outcome&) const = default;
};

// What becomes of the first request when it arrives `bite` bytes at a time.
Outcome read(std::string_view bytes, std::size_t bite) {
  static const std::vector<std::string> wanted{"Idempotency-Key"};
  http::RequestReader reader({.body_bytes_max = 4096}, wanted);
  std::string unread;
  for (std::size_t at = 0; at < bytes.size(); at += bite) {
    unread += bytes.substr(at, bite);
    const std::size_t taken = reader.feed(unread);
    CHECK(taken <= unread.size());
    unread.erase(0, taken);
    if (reader.state() == http::RequestReader::State::refused)
      return {Outcome::End::refused, {}, {}};
    if (reader.state() == http::RequestReader::State::complete) {
      const http::Request request = reader.take();
      CHECK(request.path.starts_with('/') && request.body.size() <= 4096);
      return {Outcome::End::complete, request.path, request.body};
    }
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CHECK(read(bytes, 1) == read(bytes, bytes.size() + 1));
  if (const auto target = http::parse_target(bytes))
    CHECK(target->path.find("/../") == std::string::npos);
  if (const auto query = http::parse_query(bytes)) CHECK(query->size() <= http::query_fields_max);
  if (const auto id = http::parse_event_id(bytes)) CHECK(*id <= INT64_MAX);
  return 0;
}
