// stockade enrol, stockade call: a person at a site's door, and what they ask for.

#include <iostream>
#include <iterator>
#include <limits>

#include <fmt/core.h>

#include "cmd/caller.h"
#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "crypto/hex.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  CallerOptions caller;
  std::string code, method, target, body;
  bool page = false;
};

void bind_caller(Options& options, CallerOptions& caller) {
  options
      .text("--at", caller.at,
            "the site, for example http://127.0.0.1:8042; an IP address and a port", true)
      .text("--pin", caller.pin, "the site's verifier key or its file; https needs it");
}

// The key in the file, made if there is none.
Result<> have_key(const std::string& path) {
  if (io::real_disk().exists(path)) return {};
  return make_key("holder", journal::KeyKind::signer, path);
}

Result<> enrol(const Arguments& arguments) {
  TRY(have_key(arguments.caller.key));
  Caller caller = TRY(Caller::make(arguments.caller));
  const crypto::PublicKey& key = caller.key()->key.public_key();
  const Json wanted = {
      {"code", arguments.code},
      {"public_key", crypto::to_base64({reinterpret_cast<const char*>(key.data()), key.size()})}};
  fmt::print("{}\n", TRY(caller.must(http::Method::post, "/v1/enrolments", wanted.dump())));
  return {};
}

// The body as given: "-" is standard input, "@FILE" a file, anything else itself.
Result<std::string> body_of(const std::string& given) {
  if (given == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (given.starts_with('@')) return io::read_file(io::real_disk(), given.substr(1));
  return given;
}

Result<> call(const Arguments& arguments) {
  const auto method = http::parse_method(arguments.method);
  if (!method)
    return base::fail(ErrorCode::usage, arguments.method + ": expected GET, POST, PUT or DELETE");
  if (arguments.caller.sequence > 0 && arguments.caller.device_key.empty())
    return base::fail(ErrorCode::usage,
                      "--sequence numbers a device's commands: give --device-key");
  Caller caller = TRY(Caller::make(arguments.caller));
  if (caller.key()) TRY(caller.sign_in());
  std::string body = TRY(body_of(arguments.body));
  const http::Response response = TRY(caller.send(*method, arguments.target, std::move(body)));
  fmt::print("{}", response.body);
  if (!response.body.empty() && response.body.back() != '\n') fmt::print("\n");
  if (response.status / 100 == 2) return {};
  return base::fail(ErrorCode::input_bad,
                    fmt::format("{} {}: {}", arguments.method, arguments.target, response.status));
}

}  // namespace

Action bind_enrol(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  bind_caller(options, arguments->caller);
  options
      .text("--key", arguments->caller.key,
            "file of the secret key that is enrolled; made if there is none", true)
      .text("--code", arguments->code, "the code that somebody was given", true);
  return [arguments] { return enrol(*arguments); };
}

Action bind_call(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  bind_caller(options, arguments->caller);
  options.text("--key", arguments->caller.key, "file of an enrolled person's key; without: nobody")
      .text("--device-key", arguments->caller.device_key, "file of an enrolled device's key")
      .whole("--sequence", arguments->caller.sequence,
             "the number of the device's command: higher than that of its last one", 1,
             std::numeric_limits<std::int64_t>::max())
      .text("method", arguments->method, "GET, POST, PUT or DELETE", true)
      .text("target", arguments->target, "path and query, for example /v1/lines?limit=5", true)
      .text("--body", arguments->body, "JSON; @FILE for a file, - for standard input");
  return [arguments] { return call(*arguments); };
}

}  // namespace cmd
