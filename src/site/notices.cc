#include "site/notices.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/result.h"

namespace site {
namespace {

using trade::OnlineState;
using trade::ParcelState;

constexpr std::array<std::string_view, notice_kinds> words{
    "placed", "changed", "ready", "held", "refunded", "returned", "cancelled"};

std::string text_of_pounds(std::int64_t pence) {
  return fmt::format("GBP {}.{:02}", pence / 100, pence % 100);
}

std::string text_of_slot(const trade::Slot& slot) {
  const auto time = [](std::uint16_t minute) {
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
  };
  return fmt::format("on {} between {} and {}", base::to_string(trade::to_date(slot.day)),
                     time(slot.from_minute), time(slot.to_minute));
}

struct Words {
  std::string subject, text;
};

Words placed_words(const trade::OnlineOrder& order, const trade::Slot* slot) {
  const std::string total = text_of_pounds(order.authorised_pence);
  if (order.way == trade::OnlineWay::collect)
    return {"we have your order",
            fmt::format("We will tell you when it is ready to collect.\nTotal: {}. You pay for "
                        "what we could pick, and never more than that.\n",
                        total)};
  return {"we have your order",
          fmt::format("We will bring it {}.\nTotal: {}. You pay for what we could pick, and never "
                      "more than that.\n",
                      slot != nullptr ? text_of_slot(*slot) : "in the slot that you chose", total)};
}

Words ready_words(const trade::OnlineOrder& order, const trade::Slot* slot) {
  if (order.way == trade::OnlineWay::delivery)
    return {"your order is packed",
            fmt::format("It will come {}.\n",
                        slot != nullptr ? text_of_slot(*slot) : "in the slot that you chose")};
  return {"ready to collect",
          "Please bring the code that you got with your order; or this order's number and a photo "
          "id in the\nname that you ordered in. Somebody else can collect it with the code.\n"};
}

Words words_of(const Fact& fact, const trade::OnlineOrder& order, const trade::Slot* slot) {
  switch (fact.kind) {
    case NoticeKind::placed:
      return placed_words(order, slot);
    case NoticeKind::changed:
      return {"something in your order has changed",
              fmt::format("We could not pick everything as you ordered it. What was missing you do "
                          "not pay; a substitute\ncosts what it replaces. You pay {}.\n",
                          text_of_pounds(order.captured_pence))};
    case NoticeKind::ready:
      return ready_words(order, slot);
    case NoticeKind::held:
      return {"your parcel is safe",
              "We cannot hand it over at this moment. It stays yours: it is not sent back, and the "
              "time does not count\nagainst you. Food whose date passes meanwhile is picked again "
              "or refunded, as you choose. We will\ntell you when you can collect it.\n"};
    case NoticeKind::refunded:
      return {"a refund", fmt::format("In all we have refunded {} of this order, to the card that "
                                      "paid it.\n",
                                      text_of_pounds(fact.number))};
    case NoticeKind::returned:
      return {"your order has come back to us",
              "Its goods are back at the store, and what you paid for them is refunded.\n"};
    case NoticeKind::cancelled:
      return {"your order is cancelled", "You pay nothing.\n"};
  }
  CHECK(false);
}

}  // namespace

std::string_view word_of(NoticeKind kind) { return words[static_cast<std::size_t>(kind)]; }

std::vector<Fact> facts_of(const trade::OnlineOrder& order, const trade::Parcel* parcel) {
  std::vector<Fact> facts{{NoticeKind::placed, 1}};
  const bool is_picked = order.state == OnlineState::picked ||
                         order.state == OnlineState::completed ||
                         order.state == OnlineState::returned;
  const bool is_substituted = parcel != nullptr && !parcel->substitutes.empty();
  if (is_picked && (order.captured_pence < pence_of(order.rows) || is_substituted))
    facts.push_back({NoticeKind::changed, 1});
  // Site time of the store: each hold, and each end of one, has its own.
  if (parcel != nullptr && parcel->state == ParcelState::ready)
    facts.push_back({NoticeKind::ready, parcel->since_ms + 1});
  if (parcel != nullptr && parcel->state == ParcelState::held)
    facts.push_back({NoticeKind::held, parcel->since_ms + 1});
  if (order.refunded_pence > 0) facts.push_back({NoticeKind::refunded, order.refunded_pence});
  if (order.state == OnlineState::returned) facts.push_back({NoticeKind::returned, 1});
  if (order.state == OnlineState::cancelled) facts.push_back({NoticeKind::cancelled, 1});
  return facts;
}

Notice notice_of(const Fact& fact, const trade::DocumentNumber& number,
                 const trade::OnlineOrder& order, const trade::Slot* slot) {
  const Words said = words_of(fact, order, slot);
  const std::string name = trade::to_string(number);
  Notice made;
  made.id = fmt::format("{}.{}.{}@{:04}.stockade", name, word_of(fact.kind), fact.number,
                        static_cast<std::uint16_t>(number.site));
  made.order = number;
  made.kind = fact.kind;
  made.subject = fmt::format("Order {}: {}", name, said.subject);
  made.text = fmt::format("Your order {}.\n\n{}", name, said.text);
  return made;
}

bool is_address(std::string_view text) {
  if (text.size() > address_characters_max || text.starts_with('-')) return false;
  const std::size_t sign = text.find('@');
  if (sign == text.npos || sign == 0 || sign + 1 == text.size() || text.rfind('@') != sign)
    return false;
  return std::ranges::all_of(text, [](char c) {
    return c > ' ' && c <= '~' &&
           std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
}

// Kept as JSON strings with commas between them: name, street, town, e-mail address.
std::string address_in(std::string_view customer) {
  constexpr std::size_t place = 3;
  const auto read = nlohmann::json::parse(fmt::format("[{}]", customer), nullptr, false);
  if (!read.is_array() || read.size() <= place || !read[place].is_string()) return {};
  return read[place].get<std::string>();
}

std::string message_date(std::int64_t at_ms) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(static_cast<std::time_t>(at_ms / 1'000)));
}

std::string message_of(const Notice& notice, std::string_view from) {
  std::string text = fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=us-ascii\r\n\r\n",
      message_date(notice.at_ms), from, notice.to, notice.subject, notice.id);
  for (const char c : notice.text) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text;
}

}  // namespace site
