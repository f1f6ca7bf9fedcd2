#pragma once
// Whether an estate agrees once nothing goes wrong any more: every copy is its original, and equal
// journals make equal books.

#include "rehearse/estate.h"

namespace rehearse {

// Lets the sites exchange what they lack until everybody has it, or for so many rounds.
void settle(Estate& estate, int rounds_max);
// Complains of what differs; the digest of the estate, by those who hold everything.
std::string check_agreement(Estate& estate);

}  // namespace rehearse
