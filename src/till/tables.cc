#include "till/tables.h"

#include <algorithm>
#include <tuple>

#include "site/set_up.h"
#include "till/reading.h"

namespace till {

using base::Date;
using base::Result;

selling::Tables Tables::view() const {
  return {nation, products, gtins, items, prices, offers, vat_codes, vat_rates, restrictions};
}

Result<std::shared_ptr<const Tables>> read_tables(io::Disk& disk, const io::Path& folder,
                                                  std::string_view site_id,
                                                  std::optional<Date> today) {
  const estate::ReadOptions strict;
  auto session =
      TRY(estate::Session::open(disk, folder, strict, {table_files, table_files_wanted}));
  Reading reading{std::move(session), today};
  TRY(read_shop(reading, site_id));
  for (const auto read : {read_restrictions, read_products, read_vat, read_codes, read_prices,
                          read_offers, read_promotions, read_cards, read_limits})
    TRY(read(reading));
  return std::make_shared<const Tables>(std::move(reading.tables));
}

Dated::Place place_of(const Reading& reading, std::uint32_t row_site, std::string_view row_region) {
  if (row_site != estate::none)
    return row_site == reading.site ? Dated::Place::site : Dated::Place::nowhere;
  if (row_region.empty()) return Dated::Place::everywhere;
  return row_region == reading.region ? Dated::Place::region : Dated::Place::nowhere;
}

std::vector<Dated> most_specific(std::vector<Dated> rows) {
  std::vector<Date> cuts;
  for (const Dated& row : rows) {
    cuts.push_back(row.from);
    if (row.to != base::date_max) cuts.push_back(row.to + 1);
  }
  std::ranges::sort(cuts);
  const auto rest = std::ranges::unique(cuts);
  cuts.erase(rest.begin(), rest.end());
  std::vector<Dated> made;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const Date from = cuts[i], to = i + 1 < cuts.size() ? cuts[i + 1] - 1 : base::date_max;
    const Dated* best = nullptr;
    for (const Dated& row : rows) {
      if (row.from > from || row.to < from) continue;
      const auto rank = [](const Dated& of) { return std::tuple(of.place, of.from, -of.pence); };
      if (best == nullptr || rank(*best) < rank(row)) best = &row;
    }
    if (best == nullptr) continue;
    const bool goes_on = !made.empty() && made.back().to + 1 == from;
    if (goes_on && made.back().pence == best->pence)
      made.back().to = to;
    else
      made.push_back({from, to, best->place, best->pence});
  }
  return made;
}

std::optional<trade::Pence> pence_of(const Reading& reading, std::uint32_t product,
                                     base::Money price) {
  const std::int64_t pence = site::price_pence(price, reading.measure(product));
  if (pence < 1 || pence > selling::unit_pence_max) return std::nullopt;
  return static_cast<trade::Pence>(pence);
}

}  // namespace till
