#include "till/tables.h"

namespace till {

selling::Tables Tables::view() const {
  return {nation, products, gtins, items, prices, offers, vat_codes, vat_rates, restrictions};
}

}  // namespace till
