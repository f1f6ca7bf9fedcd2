#include "vault/folder.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "estate/ids.h"
#include "vault/pass_on.h"

namespace vault {
namespace {

using base::Date;
using base::Result;
using estate::Estate;

// Tables that no journal knows anything of.
constexpr auto passed_on =
    std::to_array<const char*>({"suppliers.csv", "supplier_items.csv", "barcodes.csv", "range.csv",
                                "supply.csv", "deliveries.csv", "site_calendar.csv", "capacity.csv",
                                "promotions.csv", "events.csv", "customer_orders.csv"});

std::string text_of(trade::Day day) {
  return day.given() ? to_string(trade::to_date(day)) : std::string();
}
std::string text_of(Date date) {
  return date == base::date_min || date == base::date_max ? std::string() : to_string(date);
}
std::string text_of(std::optional<std::int64_t> units) {
  return units ? std::to_string(*units) : std::string();
}

class FolderWriter {
 public:
  FolderWriter(io::Disk& disk, const Estate& estate, const Known& known,
               const FolderOptions& options, const io::Path& to, EstateTables tables)
      : disk_(disk),
        estate_(estate),
        known_(known),
        options_(options),
        to_(to),
        tables_(std::move(tables)),
        ids_(estate),
        stock_(stock_rows(known, ids_)),
        orders_(order_rows(known, ids_)),
        prices_(price_rows(known, ids_)),
        standing_(standing_rows(known, ids_)) {
    for (const auto& [code, site] : known.book.partitions()) {
      if (site.goods.line_count() == 0) continue;
      own_sites_.insert(ids_.of(code));
      own_indexes_.insert(ids_.site(code));
    }
    leave_out_odd_ids();
  }

  Result<WrittenFolder> write() {
    TRY(write_toml());
    TRY(write_sites());
    TRY(write_products());
    for (const char* file : passed_on)
      if (tables_.has(file)) TRY(pass_whole(file));
    TRY(write_prices());
    TRY(write_stock());
    TRY(write_on_order());
    TRY(write_in_transit());
    TRY(write_stops());
    TRY(write_standing());
    TRY(write_sales());
    TRY(write_movements());
    TRY(write_journals());
    return std::move(written_);
  }

 private:
  Result<Table> begin(const std::string& file, std::vector<std::string> columns) {
    return Table::create(disk_, to_, file, std::move(columns));
  }
  Result<> end(Table& table) {
    written_.files.push_back(TRY(table.finish()));
    return {};
  }
  Result<> pass_whole(const std::string& file) {
    auto columns = TRY(tables_.columns(file));
    Table table = TRY(begin(file, std::move(columns)));
    TRY(tables_.pass(file, table));
    return end(table);
  }

  // What the estate format cannot hold as an id is named instead.
  void leave_out_odd_ids() {
    std::set<std::string> odd;
    const auto is_odd = [&](const auto& row) {
      const std::string_view id = row.product.view();
      if (!estate::valid_id(id)) odd.insert(fmt::format("product \"{}\" at {}", id, row.site));
      return !estate::valid_id(id);
    };
    std::erase_if(stock_, is_odd);
    std::erase_if(orders_, is_odd);
    std::erase_if(prices_, is_odd);
    std::erase_if(standing_, is_odd);
    written_.left_out.assign(odd.begin(), odd.end());
  }

  bool is_own(std::string_view site) const { return own_sites_.contains(site); }

  Result<> write_toml() {
    std::string text = fmt::format(
        "format = 1\nname = {}\nperiod = \"{}\"\ncurrency = {}\ntimezone = {}\n\n[policy]\n"
        "lead_periods = {}\nreview_periods = {}\n",
        quoted(estate_.name), estate_.period == estate::PeriodKind::day ? "day" : "week",
        quoted(estate_.currency), quoted(estate_.timezone), estate_.policy.lead_periods,
        estate_.policy.review_periods);
    const auto add = [&](const char* key, const std::optional<double>& value) {
      if (value) text += fmt::format("{} = {}\n", key, *value);
    };
    add("service_level", estate_.policy.service_level);
    add("shortage_cost", estate_.policy.shortage_cost);
    add("holding_cost", estate_.policy.holding_cost);
    written_.files.push_back(TRY(write_plain(disk_, to_, "estate.toml", text)));
    return {};
  }

  // A string of TOML.
  static std::string quoted(std::string_view text) {
    std::string made = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') made += '\\';
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        made += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      else
        made += c;
    }
    return made + '"';
  }

  // The estate's, and those that only journals tell of, by their codes.
  Result<> write_sites() {
    auto columns = TRY(tables_.columns("sites.csv"));
    Table table = TRY(begin("sites.csv", std::move(columns)));
    TRY(tables_.pass("sites.csv", table));
    std::set<std::string> others;
    const auto note = [&](const std::string& site) {
      if (estate::find_site(estate_, site) == estate::none) others.insert(site);
    };
    for (const StockRow& row : stock_) note(row.site);
    for (const OrderedLine& row : orders_) note(row.site);
    for (const std::string& site : others)
      table.row({{"site", site},
                 {"kind", site >= "9500"   ? "online"
                          : site >= "9000" ? "depot"
                                           : "store"}});
    return end(table);
  }

  Result<> write_products() {
    static constexpr auto told = {
        "case_units",           "chain",         "date_kind",     "shelf_life_days",
        "life_on_receipt_days", "case_weight_g", "case_volume_ml"};
    auto columns = TRY(tables_.columns("products.csv"));
    const auto others = products_of_journals_alone();
    if (!others.empty()) columns = with(std::move(columns), told);
    Table table = TRY(begin("products.csv", std::move(columns)));
    TRY(tables_.pass("products.csv", table));
    for (const auto& [id, terms] : others)
      table.row(
          {{"product", id},
           {"case_units", std::to_string(std::max(terms.case_units, 1u))},
           {"chain", text_of(terms.chain)},
           {"date_kind", text_of(terms.date_kind)},
           {"shelf_life_days", std::to_string(std::min<int>(terms.shelf_life_days, 36'500))},
           {"life_on_receipt_days",
            std::to_string(std::min<int>(terms.life_on_receipt_days, 36'500))},
           {"case_weight_g", std::to_string(std::min(terms.case_weight_g, 1'000'000'000u))},
           {"case_volume_ml", std::to_string(std::min(terms.case_volume_ml, 1'000'000'000u))}});
    return end(table);
  }

  std::map<std::string, trade::Terms> products_of_journals_alone() const {
    std::map<std::string, trade::Terms> others;
    for (const auto& [code, site] : known_.book.partitions())
      for (const trade::LineNo line : site.goods.by_product()) {
        const std::string_view id = site.goods.product(line).view();
        if (estate::valid_id(id) && estate::find_product(estate_, id) == estate::none)
          others.emplace(id, site.goods.terms(line));
      }
    return others;
  }

  // The columns and those of `more` that are not among them.
  static std::vector<std::string> with(std::vector<std::string> columns,
                                       std::initializer_list<const char*> more) {
    for (const char* column : more)
      if (std::ranges::find(columns, column) == columns.end()) columns.emplace_back(column);
    return columns;
  }

  Result<> write_prices() {
    Table table = TRY(begin("prices.csv", all_columns("prices.csv")));
    if (tables_.has("prices.csv"))
      TRY(tables_.pass("prices.csv", table,
                       [&](const auto& value) { return !is_own(value("site")); }));
    for (const PriceRow& row : prices_) {
      const std::uint32_t product = estate::find_product(estate_, row.product.view());
      const bool is_weighed =
          product != estate::none && estate_.products[product].measure == estate::Measure::g;
      const base::Money price{std::int64_t{row.pence} * 100 / (is_weighed ? 1'000 : 1)};
      const std::string from = row.from.given() ? text_of(row.from) : text_of(options_.as_of);
      table.row({{"product", row.product.view()},
                 {"from_date", from},
                 {"to_date", text_of(row.to)},
                 {"site", row.site},
                 {"kind", row.to.given() ? "promotion" : "regular"},
                 {"price", to_string(price)},
                 {"price_pence", std::to_string(row.pence)}});
    }
    return end(table);
  }

  std::string as_of(trade::Day day) const {
    return day.given() ? text_of(day) : text_of(options_.as_of);
  }

  Result<> write_stock() {
    Table table = TRY(begin("stock.csv", all_columns("stock.csv")));
    const estate::Stock& stock = estate_.stock;
    for (std::size_t i = 0; i < stock.size(); ++i) {
      if (own_indexes_.contains(stock.site[i])) continue;
      table.row({{"site", estate_.sites[stock.site[i]].id},
                 {"product", estate_.products[stock.product[i]].id},
                 {"on_hand_units", std::to_string(stock.on_hand_units[i])},
                 {"blocked_units", std::to_string(stock.blocked_units[i])},
                 {"expiry_date", text_of(stock.expiry[i])},
                 {"batch", stock.batch.empty() ? std::string_view() : stock.batch[i]},
                 {"as_of", text_of(stock.as_of[i])},
                 {"counted_on", text_of(stock.counted_on[i])}});
    }
    for (const StockRow& row : stock_)
      table.row({{"site", row.site},
                 {"product", row.product.view()},
                 {"on_hand_units", std::to_string(row.on_hand_units)},
                 {"blocked_units", std::to_string(row.blocked_units)},
                 {"expiry_date", text_of(row.lot.expiry)},
                 {"batch", row.lot.batch.view()},
                 {"as_of", as_of(row.as_of)}});
    return end(table);
  }

  Result<> write_on_order() {
    Table table = TRY(begin("on_order.csv", all_columns("on_order.csv")));
    for (const estate::OnOrderRow& row : estate_.on_order) {
      if (own_indexes_.contains(row.site)) continue;
      table.row({{"site", estate_.sites[row.site].id},
                 {"product", estate_.products[row.product].id},
                 {"due_date", text_of(row.due)},
                 {"order", row.order},
                 {"source", row.source},
                 {"units", std::to_string(row.units)},
                 {"status", row.status},
                 {"placed_on", text_of(row.placed_on)},
                 {"expiry_date", text_of(row.expiry)}});
    }
    for (const OrderedLine& row : orders_)
      table.row({{"site", row.site},
                 {"product", row.product.view()},
                 {"due_date", as_of(row.due)},
                 {"order", row.order},
                 {"source", row.source},
                 {"units", std::to_string(row.units)},
                 {"confirmed_units", text_of(row.confirmed_units)},
                 {"status", row.status}});
    return end(table);
  }

  Result<> write_in_transit() {
    Table table = TRY(begin("in_transit.csv", all_columns("in_transit.csv")));
    for (const TransitRow& row : transit_rows(known_, ids_))
      table.row({{"kind", row.kind},
                 {"from", row.from},
                 {"to", row.to},
                 {"number", row.number},
                 {"order", row.order},
                 {"delivery", text_of(row.delivery)},
                 {"product", row.product.view()},
                 {"units", std::to_string(row.cargo.units)},
                 {"expiry_date", text_of(row.cargo.lot.expiry)},
                 {"batch", row.cargo.lot.batch.view()},
                 {"vehicle", row.vehicle}});
    return end(table);
  }

  Result<> write_stops() {
    Table table = TRY(begin("stops.csv", all_columns("stops.csv")));
    for (const StopRow& row : stop_rows(known_, ids_))
      table.row({{"site", row.site},
                 {"number", row.number},
                 {"product", row.stop.product.view()},
                 {"batch", row.stop.batch.view()},
                 {"expiry_to", text_of(row.stop.expiry_to)},
                 {"is_pulled", row.stop.is_pulled ? "1" : "0"}});
    return end(table);
  }

  Result<> write_standing() {
    Table table = TRY(begin("standing.csv", all_columns("standing.csv")));
    for (const StandingRow& row : standing_)
      table.row({{"store", row.site},
                 {"depot", row.depot},
                 {"delivery", text_of(row.key.delivery)},
                 {"drop", std::to_string(row.key.drop)},
                 {"chain", text_of(row.key.chain)},
                 {"product", row.product.view()},
                 {"units", std::to_string(row.units)},
                 {"cut_off_s", std::to_string(row.cut_off_ms / 1'000)},
                 {"planned_on", text_of(row.planned_on)}});
    return end(table);
  }

  Date period_of(Date day) const {
    return estate_.period == estate::PeriodKind::week ? base::monday_of(day) : day;
  }

  // Of days that a site's journal knows, its own; of those before, what the folder says.
  Result<> write_sales() {
    Table table = TRY(begin("sales.csv", all_columns("sales.csv")));
    std::map<std::uint32_t, Date> own_from;
    using Line = std::tuple<std::string, Date, std::string>;
    std::map<Line, std::int64_t> own;
    for (const auto& [key, units] : known_.sold) {
      const auto& [site, day, line] = key;
      const std::string_view product = known_.book.find(site)->goods.product(line).view();
      if (!day.given() || !estate::valid_id(product)) continue;
      const Date period = period_of(trade::to_date(day));
      own_from.try_emplace(ids_.site(site), period);  // keys ascend by day
      if (period >= options_.sales_from)
        own[{ids_.of(site), period, std::string(product)}] += units;
    }
    write_folder_sales(table, own_from);
    for (const auto& [line, units] : own)
      table.row(
          {{"date", to_string(std::get<1>(line))},
           {"site", std::get<0>(line)},
           {"product", std::get<2>(line)},
           {"units", std::to_string(std::clamp<std::int64_t>(units, -500'000'000, 500'000'000))},
           {"in_stock", "1"}});
    return end(table);
  }

  void write_folder_sales(Table& table, const std::map<std::uint32_t, Date>& own_from) const {
    const estate::Sales& sales = estate_.sales;
    for (std::size_t i = 0; i < sales.size(); ++i) {
      const Date day = estate::sale_date(sales.day[i]);
      const auto own = own_from.find(sales.site[i]);
      if (day < options_.sales_from || (own != own_from.end() && day >= own->second)) continue;
      const bool was_empty = (sales.flags[i] & estate::sale_empty_shelf) != 0;
      const bool was_promoted = (sales.flags[i] & estate::sale_promotion) != 0;
      table.row(
          {{"date", to_string(day)},
           {"site", estate_.sites[sales.site[i]].id},
           {"product", estate_.products[sales.product[i]].id},
           {"units", std::to_string(sales.units[i])},
           {"in_stock", was_empty ? "0" : "1"},
           {"promotion", was_promoted ? "yes" : ""},
           {"reduced_units",
            sales.reduced_units.empty() ? std::string() : std::to_string(sales.reduced_units[i])}});
    }
  }

  Result<> write_movements() {
    if (!tables_.has("movements.csv")) return {};
    auto columns = TRY(tables_.columns("movements.csv"));
    Table table = TRY(begin("movements.csv", std::move(columns)));
    const std::string from = to_string(options_.sales_from);
    TRY(tables_.pass("movements.csv", table, [&](const auto& value) {
      return !is_own(value("site")) && value("date") >= from;
    }));
    return end(table);
  }

  Result<> write_journals() {
    Table table = TRY(begin("journals.csv", all_columns("journals.csv")));
    for (const JournalRead& row : known_.journals)
      table.row({{"journal", row.origin},
                 {"site", ids_.of(row.site)},
                 {"entries", std::to_string(row.entries)},
                 {"root", to_hex(row.root)},
                 {"why", row.why}});
    return end(table);
  }

  io::Disk& disk_;
  const Estate& estate_;
  const Known& known_;
  const FolderOptions& options_;
  const io::Path& to_;
  const EstateTables tables_;
  const Ids ids_;
  std::vector<StockRow> stock_;
  std::vector<OrderedLine> orders_;
  std::vector<PriceRow> prices_;
  std::vector<StandingRow> standing_;
  std::set<std::string, std::less<>> own_sites_;  // that have lines in the book
  std::set<std::uint32_t> own_indexes_;
  WrittenFolder written_;
};

}  // namespace

Result<WrittenFile> write_plain(io::Disk& disk, const io::Path& to, const std::string& name,
                                std::string_view bytes) {
  TRY(io::write_file(disk, to / name, bytes));
  return WrittenFile{name, {}, 0, {bytes.size(), crypto::sha256(bytes)}};
}

Result<WrittenFolder> write_folder(io::Disk& disk, const Estate& estate, const Known& known,
                                   const FolderOptions& options, const io::Path& to) {
  auto tables = TRY(EstateTables::open(disk, options.estate, estate));
  return FolderWriter(disk, estate, known, options, to, std::move(tables)).write();
}

}  // namespace vault
