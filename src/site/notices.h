#pragma once
// What customers of an online site are told about their orders: which facts, in which words, and as
// which message. All words that go to customers stand in notices.cc.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trade/online.h"
#include "trade/partition.h"

namespace site {

// In the order in which they are told. Written into files: the list only grows at its end.
enum class NoticeKind : std::uint8_t {
  placed,
  changed,  // shorts, or substitutes
  ready,    // again after each hold
  held,
  refunded,  // again each time that it is more
  returned,
  cancelled,
};
inline constexpr std::size_t notice_kinds = 7;
std::string_view word_of(NoticeKind kind);

// Something to tell. A later fact of the same kind has a higher number.
struct Fact {
  NoticeKind kind{};
  std::int64_t number = 1;
  friend bool operator==(const Fact&, const Fact&) = default;
};

// What is true of an order now; the parcel as far as its store is heard, else nullptr. Pure. What
// came and went between two looks is not among it.
std::vector<Fact> facts_of(const trade::OnlineOrder& order, const trade::Parcel* parcel);

// A message to one customer. The id is the same whenever the same fact is told.
struct Notice {
  std::string id;  // as a Message-ID without its brackets: "9501-1-7-45.ready.1@9501.stockade"
  trade::DocumentNumber order;
  NoticeKind kind{};
  std::string to;             // an address that is_address takes
  std::string subject, text;  // ASCII; lines end in \n
  std::int64_t at_ms = 0;     // when it was sent, UTC since 1970
};

// Number, way and amounts: nothing of the person. `slot` is of a delivery, or nullptr.
Notice notice_of(const Fact& fact, const trade::DocumentNumber& number,
                 const trade::OnlineOrder& order, const trade::Slot* slot);

inline constexpr std::size_t address_characters_max = 254;  // RFC 5321
// "name@host": printable ASCII without spaces and what could end a header or a command.
bool is_address(std::string_view text);
// The e-mail address in what the API keeps of a customer; empty where none was given.
std::string address_in(std::string_view customer);

// The message as RFC 5322 writes it, lines ending in CRLF. Requires addresses.
std::string message_of(const Notice& notice, std::string_view from);

// Sunday, on 3 May 2026 at 07:05:09: "Sun, 03 May 2026 07:05:09 +0000" (RFC 5322). Requires
// at_ms >= 0.
std::string message_date(std::int64_t at_ms);

}  // namespace site
