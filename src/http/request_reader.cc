#include "http/request_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "base/result.h"
#include "http/text.h"

namespace http {
namespace {

namespace beast = boost::beast;
using beast::http::field;
using ErrorCode = beast::error_code;
using View = beast::string_view;

std::string_view plain(View text) { return {text.data(), text.size()}; }

// The longest line between chunks: a size of 16 digits and two line ends, with a margin.
constexpr std::size_t chunk_line_bytes_max = 32;

// "0", CRLF, CRLF: what every chunked body still has to come. Beast, asked again within a last
// chunk, takes it for granted that as much is there.
constexpr std::size_t last_chunk_bytes = 5;

// Looks at each byte of a head once, as it arrives. `walk` gives the status to refuse with, or 0.
class HeadWalk {
 public:
  int walk(std::string_view bytes, const RequestLimits& limits) {
    for (; seen_ < bytes.size() && !complete_; ++seen_) {
      if (seen_ == limits.head_bytes_max) return 431;
      if (!line_done_ && seen_ > limits.target_bytes_max + line_bytes_spare) return 414;
      if (const int status = step(bytes)) return status;
    }
    return 0;
  }
  bool complete() const { return complete_; }
  std::size_t bytes() const { return seen_; }

 private:
  // What a request line holds besides the target, with any method that is a word.
  static constexpr std::size_t line_bytes_spare = 64;

  int step(std::string_view bytes) {
    const char c = bytes[seen_];
    const char before = seen_ == 0 ? '\0' : bytes[seen_ - 1];
    if ((c == '\n') != (before == '\r')) return 400;
    if (c == '\n') return end_line(bytes);
    const bool is_line_start = before == '\n';
    if (is_line_start && (c == ' ' || c == '\t')) return 400;
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    return is_control && c != '\r' && c != '\t' ? 400 : 0;
  }

  int end_line(std::string_view bytes) {
    complete_ = seen_ + 1 - line_start_ == 2;
    if (!line_done_) {
      line_done_ = true;
      if (const int status = judge_line(bytes.substr(0, seen_ - 1))) return status;
    }
    line_start_ = seen_ + 1;
    return 0;
  }

  // The version is looked at before anything else is waited for: who speaks another one may never
  // send what ends a head of ours.
  static int judge_line(std::string_view line) {
    constexpr std::string_view version = " HTTP/1.1";
    if (line.ends_with(version)) return 0;
    return line.size() > version.size() &&
                   line.substr(line.size() - version.size()).starts_with(" HTTP/")
               ? 505
               : 400;
  }

  std::size_t seen_ = 0, line_start_ = 0;
  bool line_done_ = false, complete_ = false;
};

}  // namespace

// One request's way through Beast. The hooks note the first refusal and stop the parser with it.
struct RequestReader::Parse final {
  class Hooks;

  const RequestLimits limits;
  const std::span<const std::string> wanted;
  State state = State::head;
  int refusal = 0;
  HeadWalk walk;
  Request request;
  std::unique_ptr<Hooks> hooks;
  bool keep_alive = true, expects_continue = false;

  Parse(const RequestLimits& the_limits, std::span<const std::string> the_wanted);
  ~Parse();

  std::size_t refuse(int status) {
    state = State::refused;
    refusal = status;
    return 0;
  }
  void start();
  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  std::size_t put(std::string_view bytes, ErrorCode& error);
};

class RequestReader::Parse::Hooks final : public beast::http::basic_parser<true> {
 public:
  explicit Hooks(Parse& parse) : parse_(parse) {
    body_limit(parse.limits.body_bytes_max);
    header_limit(static_cast<std::uint32_t>(parse.limits.head_bytes_max));
  }
  int status() const { return status_; }
  // True once after each line that begins a chunk.
  bool take_chunk_begun() { return std::exchange(is_chunk_begun_, false); }

 private:
  void refuse(int status, ErrorCode& error) {
    if (status_ == 0) status_ = status;
    error = beast::http::error::bad_value;
  }

  void on_request_impl(beast::http::verb, View method, View target, int,
                       ErrorCode& error) override {
    if (target.size() > parse_.limits.target_bytes_max) return refuse(414, error);
    const auto known = http::parse_method(plain(method));
    if (!known) return refuse(501, error);
    auto parsed = http::parse_target(plain(target));
    if (!parsed) return refuse(400, error);
    parse_.request.method = *known;
    parse_.request.path = std::move(parsed->path);
    parse_.request.query = std::move(parsed->query);
  }
  void on_response_impl(int, View, int, ErrorCode&) override {}

  void on_field_impl(field name, View text, View value, ErrorCode& error) override {
    if (head_done_) return refuse(400, error);  // a trailer
    if (++field_count_ > parse_.limits.fields_max) return refuse(431, error);
    if (name == field::host) return on_host(plain(value), error);
    if (name == field::content_length) return on_length(plain(value), error);
    if (name == field::transfer_encoding) return on_coding(plain(value), error);
    if (name == field::expect) return on_expect(plain(value), error);
    keep(plain(text), plain(value), error);
  }

  void on_host(std::string_view value, ErrorCode& error) {
    constexpr std::string_view never = " \t,/?#@\\";
    if (++host_count_ > 1 || value.find_first_of(never) != value.npos) refuse(400, error);
  }
  void on_length(std::string_view value, ErrorCode& error) {
    const auto length = parse_length(value);
    if (!length || ++length_count_ > 1) return refuse(400, error);
    if (*length > parse_.limits.body_bytes_max) refuse(413, error);
  }
  void on_coding(std::string_view value, ErrorCode& error) {
    if (!same_word(value, "chunked")) refuse(501, error);
  }
  void on_expect(std::string_view value, ErrorCode& error) {
    if (!same_word(value, "100-continue")) return refuse(417, error);
    parse_.expects_continue = true;
  }
  void keep(std::string_view text, std::string_view value, ErrorCode& error) {
    for (const auto& wanted : parse_.wanted) {
      if (!same_word(wanted, text)) continue;
      auto& headers = parse_.request.headers;
      const bool is_second = std::any_of(headers.begin(), headers.end(),
                                         [&](const Field& h) { return h.name == wanted; });
      if (is_second) return refuse(400, error);
      headers.push_back({wanted, std::string(value)});
    }
  }

  void on_header_impl(ErrorCode& error) override {
    head_done_ = true;
    if (host_count_ != 1) refuse(400, error);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
    if (length) parse_.request.body.reserve(std::min<std::size_t>(*length, reserve_bytes_max));
  }
  std::size_t on_body_impl(View bytes, ErrorCode&) override {
    parse_.request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, View extension, ErrorCode& error) override {
    is_chunk_begun_ = true;
    if (!extension.empty()) refuse(400, error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(ErrorCode&) override {}

  // What is set aside for a body that was only announced.
  static constexpr std::size_t reserve_bytes_max = 16 << 10;

  Parse& parse_;
  std::size_t field_count_ = 0;
  int host_count_ = 0, length_count_ = 0, status_ = 0;
  bool head_done_ = false, is_chunk_begun_ = false;
};

RequestReader::Parse::Parse(const RequestLimits& the_limits,
                            std::span<const std::string> the_wanted)
    : limits(the_limits), wanted(the_wanted) {}
RequestReader::Parse::~Parse() = default;

void RequestReader::Parse::start() {
  state = State::head;
  walk = {};
  request = {};
  hooks = std::make_unique<Hooks>(*this);
  keep_alive = true;
  expects_continue = false;
}

// Beast takes a message in several bites; each is offered until it asks for more.
std::size_t RequestReader::Parse::put(std::string_view bytes, ErrorCode& error) {
  std::size_t taken = 0;
  while (!hooks->is_done() && taken < bytes.size()) {
    const bool is_chunked = hooks->is_header_done() && hooks->chunked();
    if (is_chunked && bytes.size() - taken < last_chunk_bytes) break;
    const std::size_t bite =
        hooks->put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += bite;
    if (hooks->take_chunk_begun() && bite > chunk_line_bytes_max)
      error = beast::http::error::bad_chunk;
    if (error || (bite == 0 && hooks->is_header_done())) break;
  }
  return taken;
}

std::size_t RequestReader::Parse::feed_head(std::string_view bytes) {
  if (const int status = walk.walk(bytes, limits)) return refuse(status);
  if (!walk.complete()) return 0;
  ErrorCode error;
  put(bytes.substr(0, walk.bytes()), error);
  if (hooks->status() != 0) return refuse(hooks->status());
  if (error || !hooks->is_header_done()) return refuse(400);
  keep_alive = hooks->keep_alive();
  state = hooks->is_done() ? State::complete : State::body;
  return walk.bytes();
}

std::size_t RequestReader::Parse::feed_body(std::string_view bytes) {
  ErrorCode error;
  const std::size_t taken = put(bytes, error);
  if (hooks->status() != 0) return refuse(hooks->status());
  if (error == beast::http::error::body_limit) return refuse(413);
  if (error && error != beast::http::error::need_more) return refuse(400);
  if (hooks->is_done())
    state = State::complete;
  else if (bytes.size() - taken > chunk_line_bytes_max)
    return refuse(400);
  return taken;
}

RequestReader::RequestReader(const RequestLimits& limits, std::span<const std::string> wanted)
    : parse_(std::make_unique<Parse>(limits, wanted)) {
  parse_->start();
}
RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  if (parse_->state == State::head) taken = parse_->feed_head(bytes);
  if (parse_->state == State::body) taken += parse_->feed_body(bytes.substr(taken));
  return taken;
}

RequestReader::State RequestReader::state() const { return parse_->state; }
int RequestReader::refusal() const { return parse_->refusal; }
bool RequestReader::keep_alive() const { return parse_->keep_alive; }
bool RequestReader::expects_continue() const { return parse_->expects_continue; }
std::size_t RequestReader::body_bytes() const { return parse_->request.body.size(); }
bool RequestReader::is_head_request() const { return parse_->request.method == Method::head; }

Request RequestReader::take() {
  CHECK(parse_->state == State::complete);
  Request request = std::move(parse_->request);
  parse_->start();
  return request;
}

}  // namespace http
