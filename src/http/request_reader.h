#pragma once
// Bytes of a connection become requests, one at a time; what is not plainly HTTP/1.1 is refused.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/message.h"

namespace http {

struct RequestLimits {
  std::size_t head_bytes_max = 16 << 10;   // request line and headers; beyond: 431
  std::size_t fields_max = 64;             // headers; beyond: 431
  std::size_t target_bytes_max = 4 << 10;  // beyond: 414
  std::size_t body_bytes_max = 1 << 20;    // beyond: 413
};

// Beast's parser behind stricter rules, so that nobody before or behind us can read another
// request out of the same bytes. A head stands whole in the buffer and is walked before Beast sees
// it: CRLF line ends only, no other control character, no folded line. Exactly one Host; at most
// one Content-Length of digits, or one "Transfer-Encoding: chunked", never both; chunks without
// extensions and without trailers; HTTP/1.1 only; targets in origin form (parse_target).
class RequestReader {
 public:
  enum class State { head, body, complete, refused };

  // `wanted` names the headers that requests carry along; it must outlive the reader.
  RequestReader(const RequestLimits& limits, std::span<const std::string> wanted);
  ~RequestReader();

  // Reads on. `bytes` begins with what was not taken before. Returns how many bytes are taken for
  // good; the others must come again, with more behind them. Takes nothing once the state is
  // complete or refused, so that a following request stays where it is. Requires room for
  // head_bytes_max bytes in the caller's buffer.
  std::size_t feed(std::string_view bytes);

  State state() const;
  // The status to refuse with. Requires state() == refused.
  int refusal() const;
  // False if the peer asked for an end of the connection after this request.
  bool keep_alive() const;
  // True if the peer waits for "100 Continue" before it sends the body. Requires state() == body.
  bool expects_continue() const;
  // Bytes of the body so far.
  std::size_t body_bytes() const;
  bool is_head_request() const;

  // The request, without what only the connection knows; the reader starts anew. Requires
  // state() == complete.
  Request take();

 private:
  struct Parse;
  std::unique_ptr<Parse> parse_;
};

}  // namespace http
