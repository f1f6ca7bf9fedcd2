#pragma once
// Text as a receipt's paper can say it.

#include <string>
#include <string_view>

namespace till {

// Printable ASCII of at most so many characters: letters of western Europe and Welsh without their
// accents, other signs as question marks, a longer text cut. Requires UTF-8.
std::string receipt_text(std::string_view text, std::size_t size_max);

}  // namespace till
