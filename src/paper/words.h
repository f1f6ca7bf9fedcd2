#pragma once
// What an order says of itself in words for people, on paper and over a phone.

#include <string>

#include "paper/order.h"

namespace paper {

// "Monday 15 June 2026"
std::string day_text(trade::Day day);
// "Monday 15 June 2026, drop 1, chilled"
std::string delivery_text(const trade::OrderKey& key);
// "Changes to the standing order of Sunday 14 June 2026", its first day, or that it is a whole
// order.
std::string form_text(const Order& order);
// "Real", or "Rehearsal of Friday 12 June 2026: deliver nothing"
std::string intent_text(const Order& order);
// "2026-06-14 18:30 UTC"; Requires order.made_ms > 0.
std::string made_text(const Order& order);

}  // namespace paper
