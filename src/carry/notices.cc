#include "carry/notices.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/hex.h"
#include "http/outward.h"

namespace carry {
namespace {

using base::Result;
using site::Sending;

std::string json_of(const site::Notice& notice) {
  const nlohmann::ordered_json made{{"id", notice.id},
                                    {"order", trade::to_string(notice.order)},
                                    {"kind", word_of(notice.kind)},
                                    {"to", notice.to},
                                    {"subject", notice.subject},
                                    {"text", notice.text},
                                    {"at_ms", notice.at_ms}};
  return made.dump();
}

}  // namespace

Result<std::unique_ptr<Webhook>> Webhook::open(std::string url, crypto::SigningKey key) {
  TRY(http::check_outward(url, "http"));
  return std::unique_ptr<Webhook>(new Webhook(std::move(url), std::move(key)));
}

Sending Webhook::send(const site::Notice& notice) {
  const std::string body = json_of(notice);
  const std::string time = std::to_string(notice.at_ms / 1'000);
  const auto signature = key_.sign(fmt::format("{}.{}.{}", notice.id, time, body));
  const std::string_view bytes(reinterpret_cast<const char*>(signature.data()), signature.size());
  const auto status = http::post_outward(url_,
                                         {{"webhook-id", notice.id},
                                          {"webhook-timestamp", time},
                                          {"webhook-signature", "v1a," + crypto::to_base64(bytes)}},
                                         body);
  if (!status || *status == 408 || *status == 429 || *status >= 500) return Sending::later;
  return *status >= 200 && *status < 300 ? Sending::sent : Sending::refused;
}

Result<std::unique_ptr<MailRelay>> MailRelay::open(std::string url, std::string from) {
  TRY(http::check_outward(url, "smtp"));
  if (!site::is_address(from))
    return base::fail(base::ErrorCode::usage, from + ": expected an e-mail address");
  return std::unique_ptr<MailRelay>(new MailRelay(std::move(url), std::move(from)));
}

Sending MailRelay::send(const site::Notice& notice) {
  const auto code = http::mail_outward(url_, from_, notice.to, message_of(notice, from_));
  if (!code || *code < 200 || (*code >= 300 && *code < 500)) return Sending::later;
  return *code < 300 ? Sending::sent : Sending::refused;
}

}  // namespace carry
