// The small tables of the sample folder, estate.toml and README.txt.
#include <fmt/core.h>

#include "estate/sample/chance.h"
#include "estate/sample/files.h"
#include "estate/sample/range.h"
#include "estate/words.h"

namespace estate::sample {
namespace {

using base::Result;

void optional_date(CsvWriter& csv, Date date) {
  if (date == base::date_min || date == base::date_max)
    csv.empty();
  else
    csv.date(date);
}
// Weekdays as files write them: bit 0 becomes 1.
std::string weekday_digits(std::uint8_t mask) {
  std::string digits;
  for (int day = 0; day < 7; ++day)
    if ((mask >> day & 1) != 0) digits += static_cast<char>('1' + day);
  return digits;
}

Result<> write_sites(const Place& to) {
  auto csv = TRY(to.create(
      "sites.csv",
      "site,kind,name,depot,region,format,lat,lon,nation,ownership,lifeline,opened_on,like_site"));
  for (const Site& site : to.world.sites) {
    csv.text(site.id).text(text_of(site.kind)).text(site.name);
    csv.text(site.depot == none ? "" : to.world.sites[site.depot].id)
        .text(site.region)
        .text(site.format);
    csv.decimal(*site.lat, 4).decimal(*site.lon, 4).text(site.nation).text(text_of(site.ownership));
    csv.whole(site.lifeline);
    optional_date(csv, site.opened_on);
    csv.text(site.like_site == none ? "" : to.world.sites[site.like_site].id).end_row();
  }
  return csv.finish();
}

Result<> write_products(const Place& to) {
  auto csv = TRY(
      to.create("products.csv",
                "product,name,group,category,department,measure,chain,case_units,inner_units,layer_"
                "cases,pallet_cases,cage_cases,"
                "case_weight_g,case_volume_ml,unit_cost,unit_price,supplier,date_kind,shelf_life_"
                "days,life_into_depot_days,"
                "life_on_receipt_days,tier,need_group,substitute_group,own_label,age_rule,gtin"));
  for (const Product& product : to.world.products) {
    csv.text(product.id)
        .text(product.name)
        .text(product.group)
        .text(product.category)
        .text(product.department);
    csv.text(text_of(product.measure)).text(text_of(product.chain)).whole(product.case_units);
    optional_whole(csv, product.inner_units);
    csv.whole(product.layer_cases).whole(product.pallet_cases).whole(product.cage_cases);
    csv.whole(product.case_weight_g).whole(product.case_volume_ml);
    csv.money(*product.unit_cost)
        .money(*product.unit_price)
        .text(to.world.suppliers[product.supplier].id);
    csv.text(text_of(product.date_kind));
    optional_whole(csv, product.shelf_life_days);
    optional_whole(csv, product.life_into_depot_days);
    optional_whole(csv, product.life_on_receipt_days);
    csv.whole(product.tier)
        .text(product.need_group)
        .text(product.substitute_group)
        .whole(product.own_label);
    csv.text(product.age_rule).text(product.gtin).end_row();
  }
  return csv.finish();
}

// A case carries the product's number with a 1 before it and a check digit of its own (GTIN-14).
std::string case_gtin(const std::string& gtin) {
  return with_check_digit(fmt::format("1{}", std::string_view(gtin).substr(0, 12)));
}

Result<> write_barcodes(const Place& to) {
  auto csv = TRY(to.create("barcodes.csv", "barcode,product,units,kind"));
  for (const Product& product : to.world.products) {
    csv.text(product.gtin).text(product.id).whole(1).text("each").end_row();
    csv.text(case_gtin(product.gtin))
        .text(product.id)
        .whole(product.case_units)
        .text("case")
        .end_row();
  }
  return csv.finish();
}

Result<> write_suppliers(const Place& to) {
  auto csv = TRY(to.create(
      "suppliers.csv", "supplier,name,email,phone,lead_days,order_weekdays,order_basis,min_order"));
  for (const Supplier& supplier : to.world.suppliers) {
    csv.text(supplier.id)
        .text(supplier.name)
        .text(supplier.email)
        .text(supplier.phone)
        .whole(supplier.lead_days);
    csv.text(weekday_digits(supplier.order_weekdays)).text(text_of(supplier.order_basis));
    optional_whole(csv, supplier.min_order);
    csv.end_row();
  }
  return csv.finish();
}

Result<> write_supplier_items(const Place& to) {
  auto csv = TRY(to.create("supplier_items.csv",
                           "supplier,product,supplier_item,case_gtin,case_units,case_cost"));
  std::vector<std::vector<std::uint32_t>> products_of(to.world.suppliers.size());
  for (std::uint32_t p = 0; p < to.world.products.size(); ++p)
    products_of[to.world.products[p].supplier].push_back(p);
  for (std::size_t s = 0; s < products_of.size(); ++s)
    for (const std::uint32_t p : products_of[s]) {
      const Product& product = to.world.products[p];
      csv.text(to.world.suppliers[s].id).text(product.id).text(fmt::format("I{}-{}", s + 1, p + 1));
      csv.text(case_gtin(product.gtin))
          .whole(product.case_units)
          .money(*product.unit_cost * product.case_units);
      csv.end_row();
    }
  return csv.finish();
}

// Depots from suppliers; each store from its depot, and from the next nearest should that one be
// lost.
Result<> write_supply(const Place& to) {
  auto csv = TRY(to.create(
      "supply.csv", "to_site,from,flow,priority,lead_days,order_weekdays,order_basis,min_order"));
  const World& world = to.world;
  for (const SupplyRow& row : world.depot_supply) {
    csv.text(world.sites[row.to_site].id)
        .text(world.suppliers[row.from_supplier].id)
        .text(text_of(row.flow));
    csv.whole(row.priority).whole(*row.lead_days).text(weekday_digits(row.order_weekdays));
    csv.text(text_of(*row.order_basis));
    optional_whole(csv, row.min_order);
    csv.end_row();
  }
  for (std::size_t store = 0; store < world.stores.size(); ++store) {
    const Site& site = world.store_site(store);
    const int lead_days = world.stores[store].lead_days;
    for (int priority = 1; priority <= 2; ++priority) {
      const std::uint32_t depot = priority == 1 ? site.depot : second_depot(world, store);
      csv.text(site.id).text(world.sites[depot].id).text(text_of(Flow::stock)).whole(priority);
      csv.whole(lead_days + priority - 1).empty().empty().empty().end_row();
    }
  }
  return csv.finish();
}

Result<> write_deliveries(const Place& to) {
  auto csv = TRY(to.create(
      "deliveries.csv",
      "site,chain,order_weekday,drop,source,deliver_weekday,on_shelf_from,cut_off,route,stop"));
  for (std::size_t store = 0; store < to.world.stores.size(); ++store) {
    const Site& site = to.world.store_site(store);
    const StoreTraits& traits = to.world.stores[store];
    const std::string& depot = to.world.sites[site.depot].id;
    for (std::size_t chain = 0; chain < chains; ++chain)
      for (int weekday = 0; weekday < 7; ++weekday) {
        const int deliver = (weekday + traits.lead_days) % 7;
        if ((traits.deliver_weekdays[chain] >> deliver & 1) == 0) continue;
        csv.text(site.id)
            .text(text_of(static_cast<Chain>(chain)))
            .whole(weekday + 1)
            .whole(1)
            .text(depot);
        csv.whole(deliver + 1).text("06:00").text("22:00");
        csv.text(fmt::format("{}-R{}", depot, store / 8 + 1))
            .whole(static_cast<std::int64_t>(store % 8) + 1)
            .end_row();
      }
  }
  return csv.finish();
}

Result<> write_calendar(const Place& to) {
  auto csv = TRY(to.create("site_calendar.csv", "date,site,state,moved_to"));
  for (const CalendarRow& row : to.world.calendar)
    csv.date(row.date)
        .text(to.world.sites[row.site].id)
        .text(text_of(row.state))
        .date(*row.moved_to)
        .end_row();
  return csv.finish();
}

Result<> write_promotions(const Place& to) {
  auto csv = TRY(to.create("promotions.csv",
                           "promotion,product,from_date,to_date,region,mechanic,price,uplift,"
                           "display_units,order_from_date"));
  for (const PlannedPromotion& planned : to.world.promotions) {
    const PromotionRow& row = planned.row;
    csv.text(row.promotion)
        .text(to.product(row.product))
        .date(row.from)
        .date(row.to)
        .text(row.region);
    csv.text(text_of(row.mechanic));
    if (row.price)
      csv.money(*row.price);
    else
      csv.empty();
    if (planned.given)
      csv.decimal(*row.uplift, 2);
    else
      csv.empty();
    optional_whole(csv, row.display_units);
    optional_date(csv, row.order_from.value_or(base::date_min));
    csv.end_row();
  }
  return csv.finish();
}

Result<> write_events(const Place& to) {
  auto csv = TRY(to.create("events.csv", "date,event,region,category,uplift,learn"));
  for (const PlannedEvent& planned : to.world.events) {
    csv.date(planned.row.date)
        .text(planned.row.event)
        .text(planned.row.region)
        .text(planned.row.category);
    if (planned.given)
      csv.decimal(*planned.row.uplift, 2);
    else
      csv.empty();
    csv.whole(planned.row.learn).end_row();
  }
  return csv.finish();
}

Result<> write_prices(const Place& to) {
  auto csv = TRY(to.create("prices.csv", "product,from_date,price,to_date"));
  for (const PriceRow& row : to.world.prices) {
    csv.text(to.product(row.product)).date(row.from).money(row.price);
    optional_date(csv, row.to);
    csv.end_row();
  }
  return csv.finish();
}

// A few orders of shops that buy from our depots, due in the coming three days.
Result<> write_customer_orders(const Place& to) {
  auto csv = TRY(to.create("customer_orders.csv", "order,site,product,units,due_date"));
  const World& world = to.world;
  for (std::uint32_t depot = 0; depot < world.depots; ++depot) {
    base::Prng prng = prng_of(world.options.seed, Stream::customers, depot);
    for (int order = 1; order <= 3; ++order) {
      auto p = static_cast<std::uint32_t>(
          prng.below(std::max<std::size_t>(1, world.products.size() / 4)));
      for (int line = 0; line < 6 && p < world.products.size();
           ++line, p += 1 + static_cast<std::uint32_t>(prng.below(7))) {
        if (world.traits[p].delist_day < world.days || world.traits[p].launch_day > 0) continue;
        csv.text(fmt::format("C-{}-{}", world.sites[depot].id, order))
            .text(world.sites[depot].id)
            .text(to.product(p));
        csv.whole(world.products[p].case_units * between(prng, 1, 4))
            .date(world.options.last_day + order)
            .end_row();
      }
    }
  }
  return csv.finish();
}

constexpr std::string_view compression_names[] = {"plain", "gzip", "zstd"};

// sample.toml tells an earlier sample from anybody else's folder, and repeats the options for
// programs.
Result<> write_texts(const Place& to, const Windows& windows) {
  const SampleOptions& options = to.world.options;
  const std::string facts = fmt::format(
      "sample_version = 1\nseed = {}\nstores = {}\nlines = {}\ndays = {}\nlast_day = "
      "\"{}\"\ncompress = \"{}\"\n"
      "dark_days = {}\ndark_share = {}\ndark_deliveries = {}\nfuture_days = {}\ntruth_from = "
      "\"{}\"\nmovements_from = \"{}\"\n",
      options.seed, options.stores, options.lines, options.days, base::to_string(options.last_day),
      compression_names[static_cast<std::size_t>(options.compress)], options.dark_days,
      options.dark_share, options.dark_deliveries, options.future_days,
      base::to_string(to.world.date(windows.truth_from)),
      base::to_string(to.world.date(windows.movements_from)));
  TRY(io::write_file(to.disk, to.folder / "sample.toml", facts));
  TRY(io::write_file(
      to.disk, to.folder / "README.txt",
      "This estate is SYNTHETIC. No grocer, store, product or supplier in it exists; only the "
      "towns are real\n"
      "(GeoNames, geonames.org, CC BY 4.0). It was written by `stockade sample`.\n"
      "The files are an estate folder, format 1. Beside them, what no real estate knows:\n"
      "truth.csv (demand, also where the shelf was empty) and truth_stock.csv (what was truly "
      "there).\n"
      "The options, which give the same bytes again:\n\n" +
          facts));
  return io::write_file(
      to.disk, to.folder / "estate.toml",
      fmt::format(
          "format = 1\nname = \"Stockade Grocers, seed {} (synthetic sample)\"\nperiod = \"day\"\n"
          "currency = \"GBP\"\ntimezone = \"Europe/London\"\n\n"
          "[policy]\nlead_periods = 1\nreview_periods = 1\nservice_level = 0.97\n",
          options.seed));
}

}  // namespace

void optional_whole(CsvWriter& csv, std::int64_t value) {
  if (value == 0)
    csv.empty();
  else
    csv.whole(value);
}

Result<> write_tables(io::Disk& disk, const io::Path& folder, const World& world,
                      const Windows& windows) {
  const Place to{disk, folder, world};
  TRY(write_texts(to, windows));
  for (const auto write : {write_sites, write_products, write_barcodes, write_suppliers,
                           write_supplier_items, write_supply, write_deliveries, write_calendar,
                           write_promotions, write_events, write_prices, write_customer_orders})
    TRY(write(to));
  return {};
}

Result<> write_capacity(io::Disk& disk, const io::Path& folder, const World& world,
                        const std::vector<CapacityRow>& rows) {
  auto csv = TRY(CsvWriter::create(disk, folder / "capacity.csv",
                                   "depot,chain,weekday,pick_cases,receive_pallets,loads"));
  for (const CapacityRow& row : rows) {
    csv.text(world.sites[row.depot].id).text(text_of(row.chain)).whole(row.weekday + 1);
    csv.whole(row.pick_cases).whole(row.receive_pallets).whole(row.loads).end_row();
  }
  return csv.finish();
}

}  // namespace estate::sample
