#pragma once
// Out to the world, over libcurl: a POST over the web, and a message to a mail relay. Certificates
// are checked against those that the machine trusts; nothing is redirected, nothing is kept.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace http {

// What a URL of a receiver must be: "https://…" or "smtps://…", and without TLS only to this
// machine, by its loopback address. No user name, no password. Error: usage.
base::Result<> check_outward(std::string_view url, std::string_view scheme);

inline constexpr long outward_connect_ms_max = 5'000, outward_ms_max = 15'000;

// Posts the body as JSON and waits for the answer's status; its body is not read. Error: io_failed,
// where there was none: then nobody knows whether the receiver has it.
base::Result<int> post_outward(const std::string& url, const std::vector<Field>& headers,
                               std::string_view body);

// Gives a whole message (RFC 5322) to the relay for one recipient; the relay's last reply code, 250
// where it answers for the message. Error: io_failed, where there was none.
base::Result<int> mail_outward(const std::string& url, const std::string& from,
                               const std::string& to, std::string_view message);

}  // namespace http
