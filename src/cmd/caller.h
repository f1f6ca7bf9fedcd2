#pragma once
// A person or a device that speaks to a site: signs in with a key file and asks for things.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/client.h"
#include "journal/note.h"

namespace cmd {

struct CallerOptions {
  std::string at;             // http or https, an IP address and a port: "http://127.0.0.1:8042"
  std::string pin;            // the site's verifier key or its file; must be given for https
  std::string key;            // file of the caller's secret key; empty: nobody
  std::string device_key;     // file of a device's key, shown in the TLS handshake
  std::int64_t sequence = 0;  // of the device's command; 0: it sends none
  std::int64_t timeout_ms = http::Dial{}.timeout_ms;  // as Dial has it
};

class Caller {
 public:
  // Errors: usage (the address, https without a pin), those of reading the keys.
  static base::Result<Caller> make(const CallerOptions& options);

  // Begins a session with the key. Errors: io_failed, input_bad with what the site answered.
  base::Result<> sign_in();
  // Commands of people get an Idempotency-Key of their own, those of devices the sequence number
  // that was given. Error: io_failed.
  base::Result<http::Response> send(http::Method method, const std::string& target,
                                    std::string body = {});
  // As send, for an answer of 2xx. Error: also input_bad with the problem's title.
  base::Result<std::string> must(http::Method method, const std::string& target,
                                 std::string body = {});

  // Of the device's next command, and what tells it when it is sent again; empty: nothing does.
  void number(std::int64_t sequence, std::string request_key) {
    sequence_ = sequence;
    request_key_ = std::move(request_key);
  }

  const std::optional<journal::Signer>& key() const { return key_; }
  const std::string& token() const { return token_; }

 private:
  Caller() = default;

  std::unique_ptr<http::Client> client_;
  std::optional<journal::VerifierKey> site_;
  std::optional<journal::Signer> key_;
  std::int64_t sequence_ = 0;
  std::string request_key_;
  std::string token_;
};

// Begins a session for the holder of the key; its token. What is signed names the site's origin:
// where none is given, the one that the site says itself. Errors as Caller::sign_in.
base::Result<std::string> sign_in(http::Client& client, const crypto::SigningKey& key,
                                  std::string_view origin = {});

}  // namespace cmd
