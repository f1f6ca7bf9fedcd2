#pragma once
// What a till sells by, read from an estate folder: products, codes, prices, offers, VAT,
// restrictions, cards. Immutable once read; a newer folder makes a new one.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "io/disk.h"
#include "selling/basket.h"
#include "trade/limits.h"

namespace till {

struct Tables {
  std::string shop;        // name and place as receipts say them, printable ASCII
  std::string vat_number;  // of the retailer, as it is printed
  selling::Nation nation = selling::Nation::england;
  selling::Layouts layouts = {};  // of in-store barcodes
  // Sorted as selling::Tables says; offers hold what check_offer asks.
  std::vector<selling::ProductRow> products = {};
  std::vector<selling::GtinRow> gtins = {};
  std::vector<selling::ItemRow> items = {};
  std::vector<selling::PriceRow> prices = {};
  std::vector<selling::Offer> offers = {};
  std::vector<selling::VatCodeRow> vat_codes = {};
  std::vector<selling::VatRateRow> vat_rates = {};
  std::vector<selling::RestrictionRow> restrictions = {};
  std::vector<selling::CardRow> cards = {};
  std::optional<trade::Limits> limits = {};  // none: the site's are left as they are
  // What of the folder a till has no use for, a sentence each.
  std::vector<std::string> notes = {};

  selling::Tables view() const;
};

// The tables of a shop (docs/formats/till-tables.md). What ended before `today` is left out, and of
// a barcode the row counts that is valid then; without a day nothing has ended, and the row counts
// that begins last. Errors: those of a table of the estate, each with file, line, column, value and
// what was expected; input_missing for a site that is not there.
base::Result<std::shared_ptr<const Tables>> read_tables(
    io::Disk& disk, const io::Path& folder, std::string_view site_id,
    std::optional<base::Date> today = std::nullopt);

}  // namespace till
