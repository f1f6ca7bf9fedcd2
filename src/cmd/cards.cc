// stockade cards: the key under which sites know gift cards, and the codes that stand on them.

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/text.h"
#include "io/entropy.h"
#include "site/card_key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string verb, out, sealed, recipients, identity, key;
  std::int64_t count = 0;
};

Result<> need(const std::string& value, const char* option, const Arguments& arguments) {
  if (!value.empty()) return {};
  return base::fail(ErrorCode::usage,
                    fmt::format("{} is required for cards {}", option, arguments.verb));
}

Result<> make_key(const Arguments& arguments) {
  TRY(need(arguments.out, "--out", arguments));
  TRY(need(arguments.sealed, "--sealed", arguments));
  TRY(need(arguments.recipients, "--recipients", arguments));
  const auto key = TRY(site::make_card_key(io::real_disk(), io::real_entropy(),
                                           arguments.recipients, arguments.sealed, arguments.out));
  fmt::print("card key {} in {}, sealed in {}\n", key.id(), arguments.out, arguments.sealed);
  return {};
}

Result<> open_key(const Arguments& arguments) {
  TRY(need(arguments.sealed, "--sealed", arguments));
  TRY(need(arguments.identity, "--identity", arguments));
  TRY(need(arguments.out, "--out", arguments));
  const auto key = TRY(
      site::open_card_key(io::real_disk(), arguments.sealed, arguments.identity, arguments.out));
  fmt::print("card key {} in {}\n", key.id(), arguments.out);
  return {};
}

Result<> name_key(const Arguments& arguments) {
  TRY(need(arguments.key, "--key", arguments));
  fmt::print("card key {}\n", TRY(site::CardKey::read(io::real_disk(), arguments.key)).id());
  return {};
}

// For whoever prints cards; afterwards nobody needs the file.
Result<> make_codes(const Arguments& arguments) {
  TRY(need(arguments.out, "--out", arguments));
  if (arguments.count == 0)
    return base::fail(ErrorCode::usage, "--count is required for cards codes");
  if (io::real_disk().exists(arguments.out))
    return base::fail(ErrorCode::input_bad, arguments.out + ": is there already");
  std::string text;
  for (std::int64_t i = 0; i < arguments.count; ++i) {
    std::array<std::uint8_t, trade::card_code_random_bytes> random;
    io::real_entropy().fill(random);
    text += to_string(trade::make_card_code(random)) + "\n";
  }
  TRY(io::write_secret_file(io::real_disk(), arguments.out, text));
  fmt::print("{} in {}\n", counted(arguments.count, "code"), arguments.out);
  return {};
}

Result<> run_verb(const Arguments& arguments) {
  if (arguments.verb == "key") return make_key(arguments);
  if (arguments.verb == "open") return open_key(arguments);
  if (arguments.verb == "id") return name_key(arguments);
  if (arguments.verb == "codes") return make_codes(arguments);
  return base::fail(ErrorCode::usage, "a verb is required: key, open, id or codes");
}

}  // namespace

Action bind_cards(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of("verb", arguments->verb,
              "key: make the estate's card key and seal it; open: open the sealed one; id: what a "
              "key is called; codes: codes for new cards",
              {"key", "open", "id", "codes"})
      .text("--out", arguments->out,
            "key, open: the key's file; codes: the codes, one a line; only its owner may read it")
      .text("--sealed", arguments->sealed, "key, open: file of the key as age has sealed it")
      .text("--recipients", arguments->recipients,
            "key: file with the public keys of those who may open it, for age")
      .text("--identity", arguments->identity, "open: file with a secret key, for age")
      .text("--key", arguments->key, "id: the key's file")
      .whole("--count", arguments->count, "codes: how many", 1, 1'000'000);
  return [arguments] { return run_verb(*arguments); };
}

}  // namespace cmd
