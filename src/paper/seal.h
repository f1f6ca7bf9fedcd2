#pragma once
// The store's signature under an order, and whether a roster lets that store speak.

#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/note.h"
#include "journal/roster.h"
#include "paper/order.h"

namespace paper {

// The name of the key that signs an order: its store's, in the epoch of its number.
std::string signer_name(const Order& order);

// The order's bytes and 64 of signature. Errors: as check; input_bad for a key of another name.
base::Result<std::string> seal(const Order& order, const journal::Signer& signer);

// The order, if its signature is that of a key whose store may speak. Error: evidence_bad.
base::Result<Order> open(std::string_view sealed, const journal::Roster& roster);

// The line of the order's store: of the roster's estate, a store's, not revoked, and no newer epoch
// of that store is listed. Error: evidence_bad, with the name of the key.
base::Result<journal::RosterLine> find_store(const Order& order, const journal::Roster& roster);

}  // namespace paper
