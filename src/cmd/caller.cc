#include "cmd/caller.h"

#include <charconv>

#include <fmt/core.h>

#include "cmd/evidence.h"
#include "cmd/json.h"
#include "crypto/hex.h"
#include "http/certificate.h"
#include "io/entropy.h"
#include "site/door.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t request_key_bytes = 16;

struct Place {
  bool is_tls = false;
  std::string address;
  std::uint16_t port = 0;
};

Result<Place> parse_place(const std::string& text) {
  const auto wrong = [&] {
    return base::fail(ErrorCode::usage,
                      fmt::format("{}: expected http or https, an IP address and a port, as in "
                                  "http://127.0.0.1:8042",
                                  text));
  };
  Place place;
  std::string_view rest = text;
  place.is_tls = rest.starts_with("https://");
  if (!place.is_tls && !rest.starts_with("http://")) return wrong();
  rest.remove_prefix(place.is_tls ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  const std::string_view port = rest.substr(colon + 1);
  const auto read = std::from_chars(port.data(), port.data() + port.size(), place.port);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size()) return wrong();
  place.address = rest.substr(0, colon);
  if (place.address.starts_with('[') && place.address.ends_with(']'))
    place.address = place.address.substr(1, place.address.size() - 2);
  return place;
}

template <class Bytes>
std::string base64_of(const Bytes& bytes) {
  return crypto::to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// A member of a JSON object that is a text; empty where there is none.
std::string text_in(const std::string& json, const char* name) {
  const auto read = Json::parse(json, nullptr, false);
  if (!read.is_object() || !read.contains(name) || !read[name].is_string()) return {};
  return read[name].get<std::string>();
}

std::string new_request_key() {
  std::array<std::uint8_t, request_key_bytes> bytes{};
  io::real_entropy().fill(bytes);
  return crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// The body of an answer of 2xx, or an error with the problem's title.
Result<std::string> body_of(const http::Response& response, http::Method method,
                            const std::string& target) {
  if (response.status / 100 == 2) return response.body;
  std::string why = text_in(response.body, "title");
  if (const std::string detail = text_in(response.body, "detail"); !detail.empty())
    why += ": " + detail;
  return base::fail(ErrorCode::input_bad,
                    fmt::format("{} {}: {} {}", name(method), target, response.status, why));
}

}  // namespace

Result<Caller> Caller::make(const CallerOptions& options) {
  const Place place = TRY(parse_place(options.at));
  Caller caller;
  caller.sequence_ = options.sequence;
  if (!options.pin.empty()) caller.site_ = TRY(read_verifier(options.pin));
  if (!options.key.empty()) caller.key_ = TRY(read_signer(options.key));
  http::Dial dial{.address = place.address, .port = place.port, .timeout_ms = options.timeout_ms};
  if (place.is_tls) {
    if (!caller.site_)
      return base::fail(ErrorCode::usage,
                        "https needs --pin: the verifier key that the site prints at its start");
    dial.pin = caller.site_->key;
    if (!options.device_key.empty())
      dial.own = http::site_certificate(TRY(read_signer(options.device_key)).key);
  } else if (!options.device_key.empty()) {
    return base::fail(ErrorCode::usage, "--device-key is shown over https only");
  }
  caller.client_ = std::make_unique<http::Client>(std::move(dial));
  return caller;
}

Result<http::Response> Caller::send(http::Method method, const std::string& target,
                                    std::string body) {
  http::ClientRequest request{.method = method, .target = target, .body = std::move(body)};
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  if (!token_.empty()) {
    request.headers.push_back({"Authorization", "Bearer " + token_});
    request.headers.push_back({"Idempotency-Key", new_request_key()});
  } else if (!request_key_.empty()) {
    request.headers.push_back({"Idempotency-Key", request_key_});
  }
  if (sequence_ > 0) request.headers.push_back({"Device-Sequence", std::to_string(sequence_)});
  return client_->send(request);
}

Result<std::string> Caller::must(http::Method method, const std::string& target, std::string body) {
  return body_of(TRY(send(method, target, std::move(body))), method, target);
}

Result<> Caller::sign_in() {
  CHECK(key_.has_value());
  token_ = TRY(cmd::sign_in(*client_, key_->key, site_ ? site_->name : ""));
  return {};
}

Result<std::string> sign_in(http::Client& client, const crypto::SigningKey& key,
                            std::string_view origin) {
  const auto post = [&](const std::string& target, std::string body) -> Result<std::string> {
    http::ClientRequest request{
        .method = http::Method::post, .target = target, .body = std::move(body)};
    if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    return body_of(TRY(client.send(request)), request.method, target);
  };
  const std::string answer = TRY(post("/v1/challenges", {}));
  const std::string challenge = text_in(answer, "challenge");
  const std::string text =
      origin.empty() ? text_in(answer, "text") : site::session_text(origin, challenge);
  if (!text.starts_with(site::session_text_begin))
    return base::fail(ErrorCode::io_failed, "the site asks for a signature of something else");
  const Json wanted = {{"public_key", base64_of(key.public_key())},
                       {"challenge", challenge},
                       {"signature", base64_of(key.sign(text))}};
  std::string token = text_in(TRY(post("/v1/sessions", wanted.dump())), "token");
  if (token.empty()) return base::fail(ErrorCode::io_failed, "the site gave no session");
  return token;
}

}  // namespace cmd
