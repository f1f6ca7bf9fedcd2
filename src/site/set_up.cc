#include "site/set_up.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "estate/range.h"
#include "site/code.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;
using estate::Estate;
using trade::Body;
using trade::LineNo;
using trade::Partition;

// Dated prices are handed over this long before they begin.
constexpr int price_days_ahead = 28;
// Of a document that takes stock over; far below what an event may hold.
constexpr std::size_t opening_rows_max = 1'000;

trade::Chain chain_of(estate::Chain chain) { return static_cast<trade::Chain>(chain); }
static_assert(static_cast<int>(estate::Chain::frozen) == static_cast<int>(trade::Chain::frozen));

trade::DateKind date_kind_of(estate::DateKind kind) { return static_cast<trade::DateKind>(kind); }
static_assert(static_cast<int>(estate::DateKind::best_before) ==
              static_cast<int>(trade::DateKind::best_before));

trade::SiteKind kind_of(estate::SiteKind kind) {
  switch (kind) {
    case estate::SiteKind::store:
      return trade::SiteKind::store;
    case estate::SiteKind::depot:
      return trade::SiteKind::depot;
    case estate::SiteKind::online:
      return trade::SiteKind::online;
  }
  return trade::SiteKind::store;
}

template <class Whole>
Whole at_most(std::int64_t value, std::int64_t most) {
  return static_cast<Whole>(std::clamp<std::int64_t>(value, 0, most));
}

trade::Terms terms_of(const estate::Product& product) {
  constexpr std::int64_t days_max = 0xffff, grams_max = 0xffff'ffff;
  return {at_most<std::uint32_t>(std::max(product.case_units, 1), trade::row_units_max),
          chain_of(product.chain),
          date_kind_of(product.date_kind),
          at_most<std::uint16_t>(product.shelf_life_days, days_max),
          at_most<std::uint16_t>(product.life_on_receipt_days, days_max),
          at_most<std::uint32_t>(product.case_weight_g, grams_max),
          at_most<std::uint32_t>(product.case_volume_ml, grams_max)};
}

trade::Pence pence_of(estate::Money price, estate::Measure measure) {
  return at_most<trade::Pence>(price_pence(price, measure), trade::row_pence_max);
}

class SetUp {
 public:
  SetUp(const Estate& estate, std::uint32_t site, const Partition& own, base::Date day,
        const std::set<LineNo>& kept_closed)
      : estate_(estate), site_(site), own_(own), day_(day), kept_closed_(kept_closed) {}

  Result<std::vector<Body>> make() {
    find_products();
    for (const std::uint32_t product : products_) TRY(open_or_change(product));
    close_the_rest();
    for (const std::uint32_t product : products_) price(product);
    if (own_.goods.line_count() == 0) take_stock_over();
    return std::move(bodies_);
  }

 private:
  const estate::Site& site() const { return estate_.sites[site_]; }

  bool is_supplied_from_here(std::uint32_t store) const {
    return store == site_ || estate_.sites[store].depot == site_;
  }

  // What the site, or a store of this depot, has in range; and whatever it has stock of.
  void find_products() {
    std::vector<std::uint8_t> has(estate_.products.size());
    const auto lines = estate::lines_in_range(estate_, day_);
    for (const auto* list : {&lines.ordered, &lines.blocked})
      for (const estate::RangeLine& line : *list)
        if (is_supplied_from_here(line.site)) has[line.product] = 1;
    for (std::size_t row = 0; row < estate_.stock.size(); ++row)
      if (estate_.stock.site[row] == site_) has[estate_.stock.product[row]] = 1;
    for (std::uint32_t product = 0; product < has.size(); ++product)
      if (has[product] != 0) products_.push_back(product);
  }

  Result<> open_or_change(std::uint32_t index) {
    const estate::Product& product = estate_.products[index];
    const auto id = trade::ProductId::of(product.id);
    if (!id)
      return base::fail(ErrorCode::input_bad,
                        fmt::format("product {}: an id of at most 32 characters of ASCII is "
                                    "wanted here",
                                    product.id));
    const trade::Terms terms = terms_of(product);
    if (const auto line = own_.goods.find(*id)) {
      line_of_[index] = *line;
      const bool is_closed = kept_closed_.contains(*line);
      if (own_.goods.terms(*line) != terms || own_.goods.is_closed(*line) != is_closed)
        bodies_.push_back(
            trade::LineChanged{*line, terms, own_.goods.pick_sequence(*line), is_closed});
      return {};
    }
    line_of_[index] = LineNo{own_.goods.line_count() + opened_++};
    bodies_.push_back(trade::LineOpened{*id, terms, regular_price(index), index});
    return {};
  }

  void close_the_rest() {
    std::vector<std::uint8_t> is_here(own_.goods.line_count());
    for (const auto& [product, line] : line_of_)
      if (index(line) < is_here.size()) is_here[index(line)] = 1;
    for (std::uint32_t i = 0; i < is_here.size(); ++i) {
      const LineNo line{i};
      if (is_here[i] != 0 || own_.goods.is_closed(line)) continue;
      bodies_.push_back(
          trade::LineChanged{line, own_.goods.terms(line), own_.goods.pick_sequence(line), true});
    }
  }

  // Prices that need a card are the till's business (docs/formats/till-tables.md).
  bool is_for_us(const estate::PriceRow& row) const {
    if (row.kind == "member" || row.kind == "colleague") return false;
    if (row.site != estate::none) return row.site == site_;
    return row.region.empty() || row.region == site().region;
  }
  std::span<const estate::PriceRow> prices_of(std::uint32_t product) const {
    const auto rows =
        std::ranges::equal_range(estate_.prices, product, {}, &estate::PriceRow::product);
    return {rows.begin(), rows.end()};
  }

  // Of the rows without an end that have begun, the last; else what products.csv says.
  trade::Pence regular_price(std::uint32_t product) const {
    const auto& listed = estate_.products[product].unit_price;
    const estate::Measure measure = estate_.products[product].measure;
    trade::Pence pence = listed ? pence_of(*listed, measure) : 0;
    for (const estate::PriceRow& row : prices_of(product))
      if (is_for_us(row) && row.to == base::date_max && row.from <= day_)
        pence = pence_of(row.price, measure);
    return pence;
  }

  void price(std::uint32_t product) {
    const LineNo line = line_of_.at(product);
    const bool is_new = index(line) >= own_.goods.line_count();
    const trade::Pence regular = regular_price(product);
    if (!is_new && own_.goods.price_pence(line) != regular)
      bodies_.push_back(trade::PriceSet{line, regular, {}, {}});
    for (const estate::PriceRow& row : prices_of(product)) {
      const bool is_soon = row.from <= day_ + price_days_ahead && row.to >= day_;
      const bool is_ahead = row.to == base::date_max && row.from > day_;
      if (!is_for_us(row) || !is_soon || (row.to == base::date_max && !is_ahead)) continue;
      if (row.from < base::make_date(2000, 1, 2)) continue;
      const trade::PriceSet set{line, pence_of(row.price, estate_.products[product].measure),
                                trade::to_day(row.from),
                                row.to == base::date_max ? trade::Day{} : trade::to_day(row.to)};
      const auto known = own_.prices.find({line, set.to, set.from});
      if (known == own_.prices.end() || known->second != set.pence) bodies_.push_back(set);
    }
  }

  void take_stock_over() {
    trade::GoodsMoved on_hand{trade::Cause::opening, {}}, apart{trade::Cause::quarantine, {}};
    const estate::Stock& stock = estate_.stock;
    for (std::size_t row = 0; row < stock.size(); ++row) {
      if (stock.site[row] != site_) continue;
      const LineNo line = line_of_.at(stock.product[row]);
      const trade::Lot lot = lot_of(row);
      add(on_hand, line, stock.on_hand_units[row], lot);
      add(apart, line, std::min(stock.blocked_units[row], stock.on_hand_units[row]), lot);
    }
    hand_over(on_hand);
    hand_over(apart);
  }

  trade::Lot lot_of(std::size_t row) const {
    const estate::Stock& stock = estate_.stock;
    trade::Lot lot;
    if (stock.expiry[row] != base::date_max) lot.expiry = trade::to_day(stock.expiry[row]);
    if (!stock.batch.empty()) lot.batch = trade::Batch::of(stock.batch[row]).value_or(lot.batch);
    return lot;
  }

  static void add(trade::GoodsMoved& moved, LineNo line, std::int32_t units,
                  const trade::Lot& lot) {
    if (units <= 0) return;
    if (!moved.rows.empty() && moved.rows.back().line == line && moved.rows.back().lot == lot) {
      moved.rows.back().units = std::min(moved.rows.back().units + units, trade::row_units_max);
      return;
    }
    moved.rows.push_back({line, std::min(units, trade::row_units_max), 0, lot});
  }

  void hand_over(trade::GoodsMoved& moved) {
    std::ranges::sort(moved.rows, {},
                      [](const trade::GoodsRow& row) { return std::pair(row.line, row.lot); });
    for (std::size_t begin = 0; begin < moved.rows.size(); begin += opening_rows_max) {
      const auto from = moved.rows.begin() + static_cast<std::ptrdiff_t>(begin);
      const std::size_t count = std::min(opening_rows_max, moved.rows.size() - begin);
      bodies_.push_back(
          trade::GoodsMoved{moved.cause, {from, from + static_cast<std::ptrdiff_t>(count)}});
    }
  }

  const Estate& estate_;
  const std::uint32_t site_;
  const Partition& own_;
  const base::Date day_;
  const std::set<LineNo>& kept_closed_;
  std::vector<std::uint32_t> products_;
  std::map<std::uint32_t, LineNo> line_of_;
  std::uint32_t opened_ = 0;
  std::vector<Body> bodies_;
};

}  // namespace

std::int64_t price_pence(estate::Money price, estate::Measure measure) {
  return (price * (measure == estate::Measure::g ? 1'000 : 1)).pence();
}

Result<trade::SiteCode> code_of(const Estate& estate, std::uint32_t site) {
  const estate::Site& row = estate.sites[site];
  if (const auto code = code_of(kind_of(row.kind), row.id)) return *code;
  return base::fail(ErrorCode::input_bad,
                    fmt::format("site {}: no code of four digits follows from this id", row.id));
}

Result<std::vector<Body>> set_up(const Estate& estate, std::string_view site_id,
                                 const Partition& own, base::Date day,
                                 const std::set<LineNo>& kept_closed) {
  const std::uint32_t site = estate::find_site(estate, site_id);
  if (site == estate::none)
    return base::fail(ErrorCode::input_missing, fmt::format("sites.csv has no site {}", site_id));
  return SetUp(estate, site, own, day, kept_closed).make();
}

std::set<LineNo> opened_again(std::span<const Body> bodies, const Partition& own) {
  std::set<LineNo> lines;
  for (const Body& body : bodies)
    if (const auto* changed = std::get_if<trade::LineChanged>(&body))
      if (!changed->is_closed && own.goods.is_closed(changed->line)) lines.insert(changed->line);
  return lines;
}

bool was_closed_by_a_person(std::span<const trade::Event> changes) {
  for (const trade::Event& event : changes) {
    const auto* changed = std::get_if<trade::LineChanged>(&event.body);
    if (changed == nullptr || !changed->is_closed) return false;
    if (event.origin.actor != trade::ActorNo{} || event.origin.device != trade::DeviceNo{})
      return true;
  }
  return false;
}

}  // namespace site
