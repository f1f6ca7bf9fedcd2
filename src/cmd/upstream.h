#pragma once
// Where other programs are found, as people write it on a command line.

#include <cstdint>
#include <string>

#include "carry/rounds.h"
#include "journal/checkpoint.h"
#include "sync/roster_index.h"

namespace cmd {

struct Address {
  std::string host;  // of IPv6 without the brackets
  std::uint16_t port = 0;
};
// "ADDRESS:PORT", the address of IPv6 in brackets. Error: usage.
base::Result<Address> parse_address(const std::string& text);

// Whether the text has the form of a site that can be dialled, "9900@10.0.0.5:8443".
bool is_upstream(const std::string& text);
// Where it is; `own` is the key that is shown there. Whose key is to answer is not said. Error:
// usage.
base::Result<carry::Upstream> parse_dial(const std::string& text, const journal::Signer& own);
// Who it is by the roster, and where; `own` is the key that is shown there. Errors: usage;
// input_bad where the roster does not know the site.
base::Result<carry::Upstream> parse_upstream(const std::string& text,
                                             const syncing::RosterIndex& roster,
                                             const journal::Signer& own);

}  // namespace cmd
