// What is sold: products with their packing, dates and prices, and who supplies them.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include "estate/sample/chance.h"
#include "estate/sample/world.h"

namespace estate::sample {
namespace {

constexpr double products_per_line = 1.3;
constexpr int lines_per_supplier = 25;
// Sales a day of a middling ambient product in a store of size 1; set so that the estate's lines
// sell some 2 a day in the mean and half of them less than 0.6.
constexpr double base_rate = 0.25;
constexpr double popularity_sigma = 1.35;
constexpr double weighed_share = 0.25;  // of the products of a category that has weighed goods
constexpr double launch_share = 0.03, coming_launch_share = 0.008;
constexpr double delist_share = 0.03, coming_delist_share = 0.01;
constexpr double price_change_share = 0.2;

// Every category gets one product, and a share of those that are left.
std::vector<int> products_of_categories(int products) {
  const auto all = categories();
  double total = 0;
  for (const Category& category : all) total += category.range_share;
  std::vector<int> counts;
  double cumulative = 0;
  int given = 0;
  const int spare = std::max(0, products - static_cast<int>(all.size()));
  for (const Category& category : all) {
    cumulative += category.range_share;
    const int until = static_cast<int>(std::round(spare * cumulative / total));
    counts.push_back(1 + until - given);
    given = until;
  }
  return counts;
}

// EAN-13 from the range that GS1 leaves to shops for their own use, so that it is nobody's article.
std::string own_gtin(std::uint64_t number) {
  return with_check_digit(fmt::format("20{:010}", number));
}

std::string product_name(const Category& category, int number) {
  constexpr std::array<std::string_view, 8> kinds{"classic", "value",   "large", "small",
                                                  "organic", "lighter", "extra", "family"};
  const auto goods = std::count_if(category.goods.begin(), category.goods.end(),
                                   [](std::string_view name) { return !name.empty(); });
  const auto noun = category.goods[static_cast<std::size_t>(number % goods)];
  const auto round = static_cast<std::size_t>(number / goods);
  const std::string name = fmt::format("{}, {}", noun, kinds[round % kinds.size()]);
  return round < kinds.size() ? name : fmt::format("{} {}", name, round / kinds.size() + 1);
}

// How many cases fill a layer, a pallet and a cage.
void set_packing(const Category& category, Product& product) {
  constexpr int layer_ml = 180'000, cage_ml = 750'000;
  const std::int64_t pieces = product.measure == Measure::g
                                  ? product.case_units / category.unit_weight_g + 1
                                  : product.case_units;
  product.case_weight_g = product.measure == Measure::g
                              ? product.case_units
                              : static_cast<std::int32_t>(pieces * category.unit_weight_g);
  product.case_volume_ml = static_cast<std::int32_t>(pieces * category.unit_volume_ml);
  product.layer_cases = std::max(2, layer_ml / product.case_volume_ml);
  product.pallet_cases = product.layer_cases * 6;
  product.cage_cases = std::max(4, cage_ml / product.case_volume_ml);
  if (product.measure == Measure::each && product.case_units % 2 == 0)
    product.inner_units = product.case_units / 2;
}

void set_dates(base::Prng& prng, const Category& category, Product& product) {
  product.date_kind = category.date_kind;
  if (category.date_kind == DateKind::none) return;
  const int life = between(prng, category.life_days_min, category.life_days_max);
  product.life_on_receipt_days = life;
  const bool fresh = is_fresh(category) || is_cross_dock(category);
  product.life_into_depot_days = fresh ? life + (is_cross_dock(category) ? 1 : 3) : life + life / 4;
  product.shelf_life_days = fresh ? product.life_into_depot_days + 1 : life * 2;
}

void set_money(base::Prng& prng, const Category& category, Product& product) {
  const double pounds = category.price_pounds * lognormal(prng, 0.35);
  const double cost_share = 0.62 + 0.16 * prng.uniform();
  if (product.measure == Measure::g) {  // pounds a gram, to the four decimals that money has
    const auto price_e4 = std::max(4.0, std::round(pounds / category.unit_weight_g * 10'000));
    product.unit_price = Money{static_cast<std::int64_t>(price_e4)};
    product.unit_cost = Money{static_cast<std::int64_t>(std::floor(price_e4 * cost_share))};
    return;
  }
  const auto price_pence = std::max<std::int64_t>(25, std::llround(pounds * 20) * 5);
  product.unit_price = Money{price_pence * 100};
  product.unit_cost = Money{std::llround(static_cast<double>(price_pence) * cost_share) * 100};
}

// When a product comes and goes, and the older one that a new one is like.
void set_life_cycle(World& world, std::uint32_t index, std::uint32_t first_of_category) {
  base::Prng prng = prng_of(world.options.seed, Stream::life_cycle, index);
  ProductTraits& traits = world.traits[index];
  const double chance = prng.uniform();
  const int recent = std::max(1, world.days - 150);
  if (index == first_of_category) return;  // so that there is an older product to be like
  if (chance < launch_share) {
    traits.launch_day = between(prng, recent, world.days - 10);
  } else if (chance < launch_share + coming_launch_share) {
    traits.launch_day = world.days + between(prng, 1, 14);
  } else if (chance < launch_share + coming_launch_share + delist_share) {
    traits.delist_day = between(prng, recent, world.days - 2);
  } else if (chance < launch_share + coming_launch_share + delist_share + coming_delist_share) {
    traits.delist_day = world.days + between(prng, 3, horizon_days);
  }
  if (traits.launch_day > -life_never) traits.like_product = first_of_category;
}

void add_product(World& world, std::uint16_t category_index, int number, int id_digits) {
  const Category& category = categories()[category_index];
  const auto index = static_cast<std::uint32_t>(world.products.size());
  base::Prng prng = prng_of(world.options.seed, Stream::product, index);
  Product product;
  ProductTraits traits;
  product.id = fmt::format("P{:0{}}", index + 1, id_digits);
  product.name = product_name(category, number);
  product.category = category.name, product.department = category.department;
  product.group = category.chain == Chain::ambient ? "grocery" : "fresh and frozen";
  product.chain = category.chain;
  const int good = number % 4;
  product.need_group = fmt::format("{}.{}", category.name, good);
  product.substitute_group = fmt::format("{}.{}.{}", category.name, good, number / 4 % 3);
  product.gtin = own_gtin(index + 1);
  product.tier = category.tier;
  product.own_label = prng.uniform() < 0.45;
  if (category.name == "beer_wine") product.age_rule = "18";
  const int cases = category.case_units[2] == 0 ? 2 : 3;
  product.case_units = category.case_units[prng.below(static_cast<std::uint64_t>(cases))];
  if (category.grams_per_sale > 0 && number > 0 && prng.uniform() < weighed_share) {
    product.measure = Measure::g;
    product.case_units *= category.grams_per_sale;
    traits.grams = category.grams_per_sale;
  }
  set_packing(category, product);
  set_dates(prng, category, product);
  set_money(prng, category, product);
  traits.category = category_index;
  const double popularity = lognormal(prng, popularity_sigma);
  traits.rate = base_rate * category.rate * popularity;
  traits.dispersion = 2 + 6 * prng.uniform();
  // Best sellers are in most stores; chance keeps ranges from being the same everywhere.
  traits.core = 1 / (1 + popularity * (0.5 + prng.uniform()));
  world.products.push_back(std::move(product));
  world.traits.push_back(traits);
}

void add_products(World& world) {
  const int wanted = static_cast<int>(std::ceil(world.options.lines * products_per_line));
  const auto counts = products_of_categories(wanted);
  const int id_digits = wanted < 99'000 ? 5 : 6;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const auto first = static_cast<std::uint32_t>(world.products.size());
    for (int i = 0; i < counts[c]; ++i)
      add_product(world, static_cast<std::uint16_t>(c), i, id_digits);
    for (auto p = first; p < world.products.size(); ++p) set_life_cycle(world, p, first);
  }
}

// Milk comes from dairies of its own; otherwise a supplier serves one department.
std::string_view family_of(const Category& category) {
  return category.name == "milk" ? category.name : category.department;
}

void set_terms(base::Prng& prng, const Category& category, Supplier& supplier) {
  constexpr std::array<std::uint8_t, 5> ambient_days{0b0010101, 0b0001010, 0b0011111, 0b0010001,
                                                     0b0000100};
  supplier.order_basis = OrderBasis::cases;
  if (is_cross_dock(category)) {
    supplier.lead_days = 1, supplier.order_weekdays = 0b1111111;
  } else if (category.chain == Chain::chilled) {
    supplier.lead_days = between(prng, 1, 3), supplier.order_weekdays = 0b0111111;
    supplier.min_order = 10 * between(prng, 1, 4);
  } else {
    supplier.lead_days = between(prng, category.chain == Chain::frozen ? 3 : 2, 7);
    supplier.order_weekdays = ambient_days[prng.below(ambient_days.size())];
    supplier.min_order = 20 * between(prng, 1, 5);
  }
}

// Suppliers by family, in proportion to the products; then each product picks one of its family's.
void add_suppliers(World& world) {
  std::map<std::string_view, std::vector<std::uint32_t>> products_of, suppliers_of;
  for (std::uint32_t p = 0; p < world.products.size(); ++p)
    products_of[family_of(categories()[world.traits[p].category])].push_back(p);
  const double wanted = static_cast<double>(world.options.lines) / lines_per_supplier;
  for (const auto& [family, products] : products_of) {
    const double share =
        static_cast<double>(products.size()) / static_cast<double>(world.products.size());
    const int count = std::max(1, static_cast<int>(std::round(share * wanted)));
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::uint32_t>(world.suppliers.size());
      base::Prng prng = prng_of(world.options.seed, Stream::supplier, index);
      Supplier supplier;
      supplier.id = fmt::format("V{:03}", index + 1);
      supplier.name = fmt::format("Made-up {} supplier {}", family, i + 1);
      supplier.email = fmt::format("orders@v{:03}.example", index + 1);
      supplier.phone =
          fmt::format("01632 960{:03}", (index + 1) % 1000);  // set aside for drama by Ofcom
      set_terms(prng, categories()[world.traits[products.front()].category], supplier);
      world.suppliers.push_back(std::move(supplier));
      suppliers_of[family].push_back(index);
    }
    const auto& choice = suppliers_of[family];
    for (std::size_t i = 0; i < products.size(); ++i)
      world.products[products[i]].supplier = choice[i % choice.size()];
  }
}

// One row for every depot and supplier.
void add_depot_supply(World& world) {
  std::vector<bool> cross_dock(world.suppliers.size());
  for (std::size_t p = 0; p < world.products.size(); ++p)
    if (is_cross_dock(categories()[world.traits[p].category]))
      cross_dock[world.products[p].supplier] = true;
  for (std::uint32_t depot = 0; depot < world.depots; ++depot)
    for (std::uint32_t s = 0; s < world.suppliers.size(); ++s) {
      const Supplier& supplier = world.suppliers[s];
      SupplyRow row{.to_site = depot,
                    .from_supplier = s,
                    .category = {},
                    .chain = {},
                    .lead_days = {},
                    .order_basis = {}};
      row.flow = cross_dock[s] ? Flow::cross_dock : Flow::stock;
      row.lead_days = supplier.lead_days;
      row.order_weekdays = supplier.order_weekdays;
      row.order_basis = supplier.order_basis;
      row.min_order = supplier.min_order;
      world.depot_supply.push_back(std::move(row));
    }
}

// Every price since the first day; some rose once. unit_price stays what is asked on the last day.
void add_prices(World& world) {
  for (std::uint32_t p = 0; p < world.products.size(); ++p) {
    base::Prng prng = prng_of(world.options.seed, Stream::prices, p);
    const Product& product = world.products[p];
    PriceRow now{.product = p,
                 .from = world.first_day,
                 .price = *product.unit_price,
                 .region = {},
                 .kind = {}};
    if (product.measure == Measure::each && prng.uniform() < price_change_share) {
      PriceRow before = now;
      const int change = between(prng, 10, world.days - 10);
      before.to = world.date(change - 1);
      before.price.e4 = std::max<std::int64_t>(500, before.price.e4 - 500 * between(prng, 1, 3));
      now.from = world.date(change);
      if (before.price.e4 < now.price.e4) world.prices.push_back(before);
    }
    world.prices.push_back(now);
  }
}

}  // namespace

std::string with_check_digit(std::string digits) {
  int sum = 0, weight = 3;
  for (std::size_t i = digits.size(); i-- > 0; weight = 4 - weight)
    sum += weight * (digits[i] - '0');
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool is_cross_dock(const Category& category) {
  return category.name == "milk" || category.name == "bread";
}

void add_goods(World& world) {
  add_products(world);
  add_suppliers(world);
  add_depot_supply(world);
  add_prices(world);
}

}  // namespace estate::sample
