#pragma once
// One call per file of the format (or pair that belongs together); what they share is the session.

#include "base/result.h"
#include "estate/estate.h"
#include "estate/read_session.h"

namespace estate {

// In this order: each needs the ids that the ones before it have put into session.lookup; those
// below read_products put nothing there, and may run beside each other.
base::Result<> read_suppliers(Session& session, Estate& estate);
base::Result<> read_sites(Session& session, Estate& estate);
// Without suppliers.csv, the suppliers that products.csv names become suppliers of whom only the id
// is known.
base::Result<> read_products(Session& session, Estate& estate);
base::Result<> read_supplier_items(Session& session, Estate& estate);
base::Result<> read_barcodes(Session& session, Estate& estate);

base::Result<> read_sales(Session& session, Estate& estate);

base::Result<> read_range(Session& session, Estate& estate);
base::Result<> read_supply(Session& session, Estate& estate);
base::Result<> read_deliveries(Session& session, Estate& estate);
base::Result<> read_calendar(Session& session, Estate& estate);
base::Result<> read_capacity(Session& session, Estate& estate);

base::Result<> read_stock(Session& session, Estate& estate);
base::Result<> read_on_order(Session& session, Estate& estate);
base::Result<> read_movements(Session& session, Estate& estate);
base::Result<> read_customer_orders(Session& session, Estate& estate);

base::Result<> read_promotions(Session& session, Estate& estate);
base::Result<> read_events(Session& session, Estate& estate);
base::Result<> read_prices(Session& session, Estate& estate);

}  // namespace estate
