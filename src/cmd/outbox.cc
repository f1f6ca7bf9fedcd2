#include "cmd/outbox.h"

#include <fmt/core.h>

#include "carry/notices.h"

namespace cmd {

using base::Result;

Result<std::unique_ptr<site::NoticeCarrier>> open_carrier(const std::string& text,
                                                          const std::string& from,
                                                          const io::Path& data,
                                                          const journal::Signer& signer) {
  constexpr std::string_view mailbox = "mailbox:", webhook = "webhook:";
  if (!site::is_address(from))
    return base::fail(base::ErrorCode::usage, from + ": expected an e-mail address");
  if (text == "none") return nullptr;
  if (text.empty() || text.starts_with(mailbox)) {
    const io::Path folder = text.empty() ? data / "outbox" : io::Path(text.substr(mailbox.size()));
    if (folder.empty())
      return base::fail(base::ErrorCode::usage, text + ": expected mailbox:FOLDER");
    return TRY(site::Mailbox::open(io::real_disk(), folder, from));
  }
  if (text.starts_with(webhook))
    return TRY(carry::Webhook::open(text.substr(webhook.size()), signer.key));
  if (text.starts_with("smtp://") || text.starts_with("smtps://"))
    return TRY(carry::MailRelay::open(text, from));
  return base::fail(
      base::ErrorCode::usage,
      text + ": expected mailbox:FOLDER, webhook:URL, smtp://HOST:PORT, smtps://HOST:PORT or none");
}

}  // namespace cmd
