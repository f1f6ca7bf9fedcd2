#pragma once
// Notices out of the house: to a web address of the retailer's, or to a mail relay.

#include <memory>
#include <string>

#include "crypto/ed25519.h"
#include "site/outbox.h"

namespace carry {

// Posts each notice as JSON, signed as the Standard Webhooks specification says (webhook-id,
// webhook-timestamp, and webhook-signature "v1a," with Ed25519 over "id.timestamp.body"). The id is
// the notice's, so a receiver can drop what it has already. 2xx: taken; 408, 429 and 5xx: later;
// any other answer refuses the notice.
class Webhook final : public site::NoticeCarrier {
 public:
  // Error: usage, for an address that http::check_outward refuses.
  static base::Result<std::unique_ptr<Webhook>> open(std::string url, crypto::SigningKey key);
  site::Sending send(const site::Notice& notice) override;

 private:
  Webhook(std::string url, crypto::SigningKey key) : url_(std::move(url)), key_(std::move(key)) {}
  const std::string url_;
  const crypto::SigningKey key_;
};

// Gives each notice to a relay, which brings it on. A permanent reply (5xx) refuses the notice.
class MailRelay final : public site::NoticeCarrier {
 public:
  // Error: usage, for an address that http::check_outward or site::is_address refuses.
  static base::Result<std::unique_ptr<MailRelay>> open(std::string url, std::string from);
  site::Sending send(const site::Notice& notice) override;

 private:
  MailRelay(std::string url, std::string from) : url_(std::move(url)), from_(std::move(from)) {}
  const std::string url_, from_;
};

}  // namespace carry
