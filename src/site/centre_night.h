#pragma once
// The night at the centre: what every store of the estate should order tonight, and its standing
// order. Pure; the evening keeps it in the journal.

#include <map>

#include "base/result.h"
#include "estate/estate.h"
#include "site/store_night.h"
#include "trade/partition.h"

namespace site {

// What stores themselves say of their stock and of what is coming, by the estate's sites; the
// estate's own rows stand for all others.
class KnownStores {
 public:
  // `estate` must outlive this.
  KnownStores(const estate::Estate& estate, base::Date day) : estate_(estate), day_(day) {}
  void add(std::uint32_t site, const trade::Partition& store);
  std::size_t count() const { return stock_.size(); }
  // The estate with that in it.
  estate::Estate merged() const;

 private:
  const estate::Estate& estate_;
  const base::Date day_;
  std::map<std::uint32_t, estate::Stock> stock_;
  std::map<std::uint32_t, std::vector<estate::OnOrderRow>> on_order_;
};

// One for each store of the estate that has deliveries from depots, in the order of their codes.
// Cut-offs are those of the estate, by the machine's time zone. Errors: input_bad for a site that
// has no code or a product whose id trade cannot hold; those of the order run.
base::Result<std::vector<StoreNight>> plan_estate_night(estate::Estate estate, base::Date day,
                                                        int threads);

}  // namespace site
