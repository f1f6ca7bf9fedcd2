#pragma once
// An order that a store sends by itself while it hears nothing from the centre, in every form that
// may still get through: a sealed file, a sheet, codes, a list for the phone.

#include "io/disk.h"
#include "journal/note.h"
#include "paper/sheet.h"
#include "site/store_night.h"

namespace site {

inline constexpr std::string_view emergency_folder = "emergency";

// The same order twice, under one number. On paper and as a file it is as whole as it can be; over
// the phone it is what changes the standing order most, in at most paper::changes_max rows, and
// what is signed goes before it.
struct EmergencyOrder {
  paper::Order written;
  std::optional<paper::Order> spoken;  // nothing: too much for a phone
};

// Without a standing order of the store for this delivery it is a whole order. Rows beyond what a
// form may hold are left out, those with the fewest units first. Requires rows, by product, and the
// number of an order of that store.
EmergencyOrder emergency_order(std::string_view estate, const trade::OrderKey& key,
                               const trade::DocumentNumber& number, std::int64_t made_ms,
                               std::span<const WantedRow> rows, const StoreNight* standing);

// Writes folder/NUMBER/: order.sealed, codes.txt, sheet.pdf, and where it can be spoken phone.txt
// and typed.txt; with `rehearsal` given all say so, and NUMBER is followed by -rehearsal. Returns
// that folder. Errors: those of paper, io_failed.
base::Result<io::Path> write_forms(io::Disk& disk, const io::Path& folder, EmergencyOrder order,
                                   trade::Day rehearsal, const journal::Signer& signer,
                                   const paper::Labels& labels);

}  // namespace site
