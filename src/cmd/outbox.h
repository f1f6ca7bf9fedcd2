#pragma once
// The outbox of an online site as the command line names it.

#include <functional>
#include <memory>
#include <string>

#include "site/key.h"
#include "site/outbox.h"

namespace cmd {

// "mailbox:FOLDER", "webhook:URL", "smtp://HOST:PORT", "smtps://…", or "none". The key signs what a
// webhook posts, `from` stands in messages. Nothing for "none". Errors: usage, io_failed.
base::Result<std::unique_ptr<site::NoticeCarrier>> open_carrier(const std::string& text,
                                                                const std::string& from,
                                                                const io::Path& data,
                                                                const journal::Signer& signer);

}  // namespace cmd
