#include "estate/estate.h"

#include <algorithm>

namespace estate {
namespace {

template <class Row>
std::uint32_t find_id(const std::vector<Row>& rows, std::string_view id) {
  const auto at =
      std::lower_bound(rows.begin(), rows.end(), id,
                       [](const Row& row, std::string_view key) { return row.id < key; });
  return at != rows.end() && at->id == id ? static_cast<std::uint32_t>(at - rows.begin()) : none;
}

}  // namespace

std::uint32_t find_site(const Estate& estate, std::string_view id) {
  return find_id(estate.sites, id);
}
std::uint32_t find_product(const Estate& estate, std::string_view id) {
  return find_id(estate.products, id);
}
std::uint32_t find_supplier(const Estate& estate, std::string_view id) {
  return find_id(estate.suppliers, id);
}

}  // namespace estate
