#pragma once
// What one HTTP exchange consists of: requests as handlers see them, responses, events of a stream.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ed25519.h"

namespace http {

// The methods that are served; any other is refused with 501 before a handler sees it.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

// "GET", "DELETE"
std::string_view name(Method method);
std::optional<Method> parse_method(std::string_view text);

struct Field {
  std::string name, value;
};

struct Request {
  Method method = Method::get;
  std::string path;   // percent-decoded; begins with '/', no empty, "." or ".." segment, no NUL
  std::string query;  // as sent, without the '?'; parse_query reads it
  // Those that ServerOptions::headers_wanted names, in its spelling. None stands there twice.
  std::vector<Field> headers;
  std::string body;
  std::string peer_address;  // "192.0.2.7", without port
  // The Ed25519 key that the peer proved to hold in the TLS handshake. Identity is the key: names
  // and dates of its certificate are not looked at.
  std::optional<crypto::PublicKey> peer_key;

  // The value of a wanted header, empty if it was not sent. Name as in ServerOptions.
  std::string_view header(std::string_view field_name) const;
};

struct Response {
  int status = 200;
  std::string type{};  // media type of the body, for example "application/json"
  std::string body{};
  // Further headers. One that the server sets by default (see response_head) replaces it. A name
  // or value that HTTP does not allow turns the whole response into a 500.
  std::vector<Field> headers{};
};

// One server-sent event. Line ends in data are kept as the protocol keeps them; id and type must
// not hold any.
struct Event {
  std::string id, type, data;
};

// A status that the server itself answers, as an RFC 9457 problem without details.
Response problem(int status);

// The words of a status: "Not Found". Empty for one that is not known.
std::string_view reason(int status);

}  // namespace http
