#pragma once
// What a site knows of its orders beside the book: until when each may change, and which ones did
// not go off when they should have. In memory; the evening makes it anew after a start.

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "trade/partition.h"

namespace site {

// A store's order, or a depot's to a supplier by its counter.
using OrderName = std::variant<trade::OrderKey, std::uint32_t>;

// Why an order was not placed, when it was tried last.
struct NotPlaced {
  std::string why;         // the refusal's name in the catalogue of problems
  std::string words;       // for a person
  std::int64_t at_ms = 0;  // UTC since 1970
};

struct OrderNotes {
  std::map<trade::OrderKey, std::int64_t> cut_offs;  // UTC since 1970
  std::map<OrderName, NotPlaced> not_placed;
};

// What is left to be done to place an order now, in the order in which it must happen: nothing, if
// it is placed, nobody wants it any more, or the book does not know it.
std::vector<trade::Body> placing(const trade::Partition& own, const OrderName& order);

// Why the order waits for a person: it was refused at its cut-off, and nobody has dealt with it
// (placed or cancelled it, skipped or withdrawn what was proposed). Otherwise nullptr.
const NotPlaced* waits_for_a_person(const trade::Partition& own, const OrderNotes& notes,
                                    const OrderName& order);
// How many do.
std::size_t count_waiting(const trade::Partition& own, const OrderNotes& notes);

}  // namespace site
