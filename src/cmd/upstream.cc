#include "cmd/upstream.h"

#include "base/result.h"
#include "http/certificate.h"

namespace cmd {

using base::ErrorCode;
using base::Result;

Result<Address> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool is_number = !port.empty() && port.size() <= 5 &&
                         port.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || std::stoi(port) > 65'535)
    return base::fail(ErrorCode::usage, text + ": expected ADDRESS:PORT");
  Address address{text.substr(0, colon), static_cast<std::uint16_t>(std::stoi(port))};
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

bool is_upstream(const std::string& text) {
  const std::size_t at = text.find('@');
  return at != text.npos && text.find('/') == text.npos &&
         parse_address(text.substr(at + 1)).has_value();
}

Result<carry::Upstream> parse_dial(const std::string& text, const journal::Signer& own) {
  if (!is_upstream(text))
    return base::fail(ErrorCode::usage, text + ": expected SITE@ADDRESS:PORT");
  const Address where = TRY(parse_address(text.substr(text.find('@') + 1)));
  http::Dial dial{where.host, where.port};
  dial.own = http::site_certificate(own.key);
  return carry::Upstream{text, std::move(dial)};
}

Result<carry::Upstream> parse_upstream(const std::string& text, const syncing::RosterIndex& roster,
                                       const journal::Signer& own) {
  auto upstream = TRY(parse_dial(text, own));
  const journal::RosterLine* line = roster.site(text.substr(0, text.find('@')));
  if (line == nullptr)
    return base::fail(ErrorCode::input_bad, text + ": the roster does not know that site");
  upstream.dial.pin = line->key.key;
  return upstream;
}

}  // namespace cmd
