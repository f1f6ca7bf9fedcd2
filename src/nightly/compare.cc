#include "nightly/compare.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "estate/range.h"

namespace nightly {
namespace {

using base::Money;

constexpr std::array<std::string_view, side_count> side_words{"only_ours", "only_theirs",
                                                              "ours_higher", "ours_lower", "same"};

Side side_of(std::int64_t ours, std::int64_t theirs) {
  if (ours == theirs) return Side::same;
  if (theirs == 0) return Side::only_ours;
  if (ours == 0) return Side::only_theirs;
  return ours > theirs ? Side::ours_higher : Side::ours_lower;
}

Money value_of(Money price, std::int64_t units) {
  const auto exact = static_cast<__int128>(price.e4) * units;
  const __int128 bound = line_value_max.e4;
  return {static_cast<std::int64_t>(std::clamp(exact, -bound, bound))};
}

std::int64_t size_of(std::int64_t value) { return value < 0 ? -value : value; }

// The place of each name in byte order.
std::vector<std::uint32_t> ranks_of(const Names& names) {
  std::vector<std::uint32_t> order(names.size()), ranks(names.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return names.text(a) < names.text(b); });
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

// Lines sorted by ids, with the units of both sides; `why` only of lines that we have.
class Joining {
 public:
  explicit Joining(const ComparedOrders& orders)
      : site_ranks_(ranks_of(orders.sites)), product_ranks_(ranks_of(orders.products)) {}

  void sort(std::vector<OrderedUnits>& rows) const {
    std::stable_sort(
        rows.begin(), rows.end(),
        [this](const OrderedUnits& a, const OrderedUnits& b) { return key(a) < key(b); });
  }

  // Requires both sides sorted.
  std::vector<ComparedLine> join(const std::vector<OrderedUnits>& ours,
                                 const std::vector<OrderedUnits>& theirs,
                                 std::uint32_t no_word) const {
    std::vector<ComparedLine> lines;
    for (std::size_t a = 0, b = 0; a < ours.size() || b < theirs.size();) {
      const bool from_ours =
          b == theirs.size() || (a < ours.size() && key(ours[a]) <= key(theirs[b]));
      const OrderedUnits& first = from_ours ? ours[a] : theirs[b];
      ComparedLine line{.site = first.site, .product = first.product, .why = no_word};
      bool limited = false;
      for (; a < ours.size() && key(ours[a]) == key(first); ++a) {
        line.ours_units += ours[a].units;
        if (line.why == no_word || (ours[a].limited && !limited)) line.why = ours[a].why;
        limited |= ours[a].limited;
      }
      for (; b < theirs.size() && key(theirs[b]) == key(first); ++b)
        line.theirs_units += theirs[b].units;
      line.side = side_of(line.ours_units, line.theirs_units);
      lines.push_back(line);
    }
    return lines;
  }

 private:
  std::uint64_t key(const OrderedUnits& row) const {
    return std::uint64_t{site_ranks_[row.site]} << 32 | product_ranks_[row.product];
  }

  std::vector<std::uint32_t> site_ranks_, product_ranks_;
};

// What an estate says about the sites and products of the orders.
class Background {
 public:
  Background(const ComparedOrders& orders, const estate::Estate& estate, base::Date as_of)
      : estate_(estate), as_of_(as_of), range_(estate::lines_in_range(estate, as_of)) {
    for (std::uint32_t i = 0; i < orders.sites.size(); ++i)
      sites_.push_back(estate::find_site(estate, orders.sites.text(i)));
    for (std::uint32_t i = 0; i < orders.products.size(); ++i)
      products_.push_back(estate::find_product(estate, orders.products.text(i)));
  }

  std::optional<Money> price(const ComparedLine& line) const {
    const std::uint32_t product = products_[line.product];
    if (product == estate::none) return std::nullopt;
    const estate::Product& known = estate_.products[product];
    return known.unit_cost ? known.unit_cost : known.unit_price;
  }

  std::string_view category(const ComparedLine& line) const {
    const std::uint32_t product = products_[line.product];
    return product == estate::none ? std::string_view() : estate_.products[product].category;
  }

  // The word for a line that we do not order.
  std::string_view why_absent(const ComparedLine& line) const {
    const std::uint32_t site = sites_[line.site], product = products_[line.product];
    if (site == estate::none) return "unknown_site";
    if (product == estate::none) return "unknown_product";
    if (!estate::sells_on(estate_.sites[site], as_of_)) return "not_trading";
    if (holds(range_.ordered, site, product)) return "not_ordered";
    if (holds(range_.blocked, site, product)) return "blocked";
    if (holds(range_.dormant, site, product)) return "dormant";
    return "not_in_range";
  }

 private:
  static bool holds(const std::vector<estate::RangeLine>& lines, std::uint32_t site,
                    std::uint32_t product) {
    const auto found = std::lower_bound(lines.begin(), lines.end(), std::pair(site, product),
                                        [](const estate::RangeLine& line, const auto& key) {
                                          return std::pair(line.site, line.product) < key;
                                        });
    return found != lines.end() && found->site == site && found->product == product;
  }

  const estate::Estate& estate_;
  base::Date as_of_;
  estate::RangeLines range_;
  std::vector<std::uint32_t> sites_, products_;  // by name; estate::none where it has no such id
};

void add(Tally& tally, const ComparedLine& line) {
  ++tally.lines;
  ++tally.sides[static_cast<std::size_t>(line.side)];
  tally.ours_units += line.ours_units;
  tally.theirs_units += line.theirs_units;
  tally.gross_units += size_of(line.difference_units());
  if (!line.price) return;
  tally.ours_value = tally.ours_value + value_of(*line.price, line.ours_units);
  tally.theirs_value = tally.theirs_value + value_of(*line.price, line.theirs_units);
  tally.gross_value = tally.gross_value + Money{size_of(line.value.e4)};
}

void rank(std::vector<Tally>& tallies) {
  std::sort(tallies.begin(), tallies.end(), [](const Tally& a, const Tally& b) {
    const auto key = [](const Tally& t) { return std::pair(t.gross_value, t.gross_units); };
    if (key(a) != key(b)) return key(b) < key(a);
    return a.name < b.name;
  });
}

// One tally per distinct key, named and ranked.
template <class Key, class Name>
std::vector<Tally> tally_by(const std::vector<ComparedLine>& lines, Key key, Name name) {
  std::map<decltype(key(lines.front())), Tally> tallies;
  for (const ComparedLine& line : lines) add(tallies[key(line)], line);
  std::vector<Tally> ranked;
  for (auto& [at, tally] : tallies) {
    tally.name = name(at);
    ranked.push_back(std::move(tally));
  }
  rank(ranked);
  return ranked;
}

void tally_all(const ComparedOrders& orders, Comparison& result) {
  result.all.name = "all";
  for (const std::string_view word : side_words) result.by_side.emplace_back().name = word;
  for (const ComparedLine& line : result.lines) {
    add(result.all, line);
    add(result.by_side[static_cast<std::size_t>(line.side)], line);
    result.unpriced_lines += result.valued && !line.price;
  }
  result.by_why = tally_by(
      result.lines, [](const ComparedLine& line) { return line.why; },
      [&](std::uint32_t word) { return orders.words.text(word); });
  result.by_site = tally_by(
      result.lines, [](const ComparedLine& line) { return line.site; },
      [&](std::uint32_t site) { return orders.sites.text(site); });
}

}  // namespace

std::uint32_t Names::number_of(std::string_view text) {
  const auto known = numbers_.find(text);
  if (known != numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(&numbers_.emplace(text, number).first->first);
  return number;
}

std::string_view text_of(Side side) { return side_words[static_cast<std::size_t>(side)]; }

Comparison compare(ComparedOrders& orders, const estate::Estate* estate, base::Date as_of) {
  CHECK(orders.ours.size() <= compared_rows_max && orders.theirs.size() <= compared_rows_max);
  Comparison result;
  const Joining joining(orders);
  joining.sort(orders.ours);
  joining.sort(orders.theirs);
  const std::uint32_t no_word = estate::none;
  result.lines = joining.join(orders.ours, orders.theirs, no_word);
  result.neither_lines = std::erase_if(result.lines, [](const ComparedLine& line) {
    return line.ours_units == 0 && line.theirs_units == 0;
  });

  std::optional<Background> background;
  if (estate != nullptr) background.emplace(orders, *estate, as_of);
  result.valued = background.has_value();
  for (ComparedLine& line : result.lines) {
    if (line.why == no_word)
      line.why = orders.words.number_of(background ? background->why_absent(line) : "not_ordered");
    if (background) line.price = background->price(line);
    if (line.price) line.value = value_of(*line.price, line.difference_units());
  }
  tally_all(orders, result);
  if (background)
    result.by_category = tally_by(
        result.lines, [&](const ComparedLine& line) { return background->category(line); },
        [](std::string_view category) { return std::string(category); });
  std::stable_sort(result.lines.begin(), result.lines.end(),
                   [](const ComparedLine& a, const ComparedLine& b) {
                     const auto key = [](const ComparedLine& line) {
                       return std::pair(size_of(line.value.e4), size_of(line.difference_units()));
                     };
                     return key(b) < key(a);
                   });
  return result;
}

}  // namespace nightly
