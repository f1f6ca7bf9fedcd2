#pragma once
// Document numbers: any site issues them alone, they are unique for ever, and a person can type
// them.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "trade/words.h"

namespace trade {

struct DocumentNumber {
  SiteCode site{};
  std::uint16_t epoch = 0;    // of the site's journal; a rebuilt site has the next
  std::uint32_t counter = 0;  // counts from 1; 0 = no number

  constexpr bool given() const { return counter != 0; }
  friend constexpr auto operator<=>(const DocumentNumber&, const DocumentNumber&) = default;
  static constexpr auto fields() {
    return std::tuple(&DocumentNumber::site, &DocumentNumber::epoch, &DocumentNumber::counter);
  }
};

// "0042-1-1234-85": site code, epoch, counter, and two digits by ISO 7064 MOD 97-10 over the three
// with the counter in ten digits and the epoch in five.
std::string to_string(const DocumentNumber& number);
// The number, if it is written as to_string writes it and its check digits are right.
std::optional<DocumentNumber> parse_number(std::string_view text);

}  // namespace trade
