#include "estate/sample/categories.h"

namespace estate::sample {
namespace {

using enum Chain;
constexpr auto use_by = DateKind::use_by, best_before = DateKind::best_before;

// Columns as in the struct: name, department, goods, chain, dates, life; price, g, ml, cases; week,
// season amplitude and peak day, heat; range share, rate, Christmas, barbecue, promoted share,
// tier, grams.
// clang-format off
constexpr Category table[] = {
    {"milk", "dairy", {"Whole milk", "Semi-skimmed milk", "Skimmed milk", "Filtered milk",
     "Cream"}, chilled, use_by, 6, 9, 1.45, 1200, 1250, {6, 8, 12}, Week::even, 0.02, 10, 0.0, 22,
     9.0, 1.25, 1.05, 0.02, 1},
    {"bread", "bakery", {"White loaf", "Wholemeal loaf", "Seeded loaf", "Rolls", "Pitta",
     "Bagels"}, ambient, best_before, 3, 6, 1.35, 700, 3200, {6, 8, 10}, Week::even, 0.03, 200,
     0.02, 34, 6.0, 1.15, 1.35, 0.04, 1},
    {"eggs", "eggs", {"Free-range eggs", "Large eggs", "Mixed eggs"}, ambient, best_before, 14,
     20, 2.2, 380, 900, {8, 12, 15}, Week::weekend, 0.03, 60, 0.0, 8, 4.0, 1.3, 1.0, 0.01, 1},
    {"dairy", "dairy", {"Cheddar", "Butter", "Yogurt", "Soft cheese", "Spread", "Fromage frais"},
     chilled, best_before, 16, 45, 2.3, 350, 420, {6, 8, 12}, Week::even, 0.03, 350, 0.0, 62, 2.2,
     1.5, 1.1, 0.08, 2},
    {"fruit", "produce", {"Apples", "Bananas", "Grapes", "Berries", "Oranges", "Pears"}, chilled,
     use_by, 4, 8, 1.8, 600, 1400, {6, 8, 10}, Week::weekend, 0.12, 190, 0.06, 38, 3.4, 1.2, 1.1,
     0.07, 1, 700},
    {"vegetables", "produce", {"Carrots", "Potatoes", "Onions", "Broccoli", "Peppers",
     "Mushrooms"}, chilled, use_by, 5, 10, 1.2, 750, 1500, {6, 8, 10}, Week::weekend, 0.06, 340,
     -0.02, 44, 3.4, 1.9, 1.05, 0.05, 1, 600},
    {"salad", "produce", {"Lettuce", "Tomatoes", "Cucumber", "Rocket", "Coleslaw"}, chilled,
     use_by, 3, 6, 1.1, 250, 900, {6, 8, 12}, Week::weekend, 0.35, 190, 0.16, 24, 3.2, 0.9, 1.6,
     0.06, 3},
    {"meat", "butchery", {"Beef mince", "Pork chops", "Sausages", "Lamb steaks", "Burgers",
     "Joint"}, chilled, use_by, 5, 10, 4.4, 500, 900, {4, 6, 8}, Week::weekend, 0.05, 200, 0.05,
     40, 2.2, 1.7, 1.7, 0.09, 2, 450},
    {"poultry", "butchery", {"Chicken breasts", "Whole chicken", "Chicken thighs",
     "Turkey mince"}, chilled, use_by, 5, 8, 4.2, 650, 1000, {4, 6, 8}, Week::weekend, 0.04, 190,
     0.03, 20, 3.0, 1.6, 1.3, 0.08, 2},
    {"fish", "butchery", {"Salmon fillets", "Cod fillets", "Smoked mackerel", "Prawns"}, chilled,
     use_by, 3, 6, 4.6, 280, 600, {4, 6}, Week::weekend, 0.06, 100, 0.0, 16, 1.6, 2.0, 1.1, 0.07,
     4},
    {"cooked_meat", "deli", {"Ham", "Cooked chicken", "Salami", "Pate", "Scotch eggs"}, chilled,
     use_by, 6, 12, 2.6, 150, 350, {6, 8, 10}, Week::lunch, 0.06, 190, 0.03, 32, 2.0, 1.8, 1.2,
     0.07, 3},
    {"ready_meals", "convenience", {"Lasagne", "Curry and rice", "Cottage pie", "Soup",
     "Pizza 10\""}, chilled, use_by, 5, 9, 3.6, 400, 750, {4, 5, 6}, Week::midweek, 0.08, 20,
     -0.03, 46, 2.0, 0.8, 0.9, 0.1, 3},
    {"sandwiches", "convenience", {"Sandwich", "Wrap", "Sushi", "Pasta pot", "Fruit pot"},
     chilled, use_by, 3, 3, 3.2, 200, 700, {4, 6}, Week::lunch, 0.1, 190, 0.05, 20, 3.6, 0.6, 0.8,
     0.05, 5},
    {"frozen_food", "frozen", {"Peas", "Chips", "Fish fingers", "Frozen pizza",
     "Yorkshire puddings"}, frozen, best_before, 180, 400, 2.7, 800, 1500, {6, 8, 12},
     Week::midweek, 0.06, 10, -0.02, 50, 1.0, 1.2, 0.95, 0.1, 3},
    {"ice_cream", "frozen", {"Ice cream tub", "Ice lollies", "Cones", "Ice cubes"}, frozen,
     best_before, 200, 500, 3.5, 500, 1100, {4, 6, 8}, Week::weekend, 0.6, 195, 0.3, 18, 1.2, 1.0,
     1.7, 0.12, 7},
    {"tins", "grocery", {"Baked beans", "Chopped tomatoes", "Tuna", "Sweetcorn", "Tinned soup",
     "Peaches"}, ambient, best_before, 300, 700, 1.1, 420, 430, {6, 12, 24}, Week::even, 0.1, 20,
     -0.02, 60, 1.1, 1.0, 0.95, 0.08, 1},
    {"staples", "grocery", {"Pasta", "Rice", "Flour", "Sugar", "Noodles", "Oil"}, ambient,
     best_before, 250, 600, 1.4, 800, 1000, {6, 10, 12}, Week::weekend, 0.05, 350, 0.0, 56, 1.0,
     1.3, 1.0, 0.06, 1},
    {"breakfast", "grocery", {"Cornflakes", "Porridge oats", "Muesli", "Jam", "Honey",
     "Peanut butter"}, ambient, best_before, 150, 400, 2.4, 500, 1800, {6, 8, 10}, Week::weekend,
     0.05, 20, 0.0, 44, 0.9, 0.9, 0.95, 0.1, 3},
    {"sauces", "grocery", {"Ketchup", "Curry sauce", "Pasta sauce", "Mayonnaise", "Gravy",
     "Stock cubes"}, ambient, best_before, 200, 500, 1.9, 450, 480, {6, 8, 12}, Week::weekend,
     0.04, 350, 0.02, 54, 0.8, 1.5, 1.4, 0.1, 4},
    {"biscuits", "grocery", {"Digestives", "Shortbread", "Crackers", "Cake bars", "Oatcakes"},
     ambient, best_before, 90, 240, 1.6, 300, 900, {8, 10, 12}, Week::even, 0.05, 340, -0.02, 50,
     1.2, 1.6, 1.0, 0.11, 5},
    {"snacks", "grocery", {"Ready salted crisps", "Nuts", "Tortilla chips", "Popcorn"}, ambient,
     best_before, 60, 120, 1.8, 180, 2200, {6, 9, 12}, Week::weekend, 0.05, 190, 0.05, 46, 1.5,
     1.9, 1.5, 0.13, 6},
    {"confectionery", "grocery", {"Milk chocolate", "Fruit gums", "Mints", "Chocolate box",
     "Toffees"}, ambient, best_before, 120, 300, 1.5, 150, 300, {12, 18, 24}, Week::weekend, 0.08,
     350, -0.04, 62, 1.3, 2.6, 1.0, 0.13, 7},
    {"soft_drinks", "drinks", {"Cola", "Lemonade", "Orange squash", "Energy drink", "Juice"},
     ambient, best_before, 120, 300, 1.7, 1300, 1400, {6, 8, 24}, Week::weekend, 0.15, 195, 0.14,
     58, 1.8, 1.6, 1.5, 0.14, 5},
    {"water", "drinks", {"Still water", "Sparkling water", "Flavoured water"}, ambient,
     best_before, 250, 500, 0.9, 1600, 1650, {6, 12, 24}, Week::lunch, 0.2, 195, 0.2, 14, 2.2,
     1.0, 1.3, 0.06, 1},
    {"beer_wine", "drinks", {"Lager", "Ale", "Red wine", "White wine", "Cider",
     "Alcohol-free beer"}, ambient, best_before, 150, 500, 6.5, 1800, 2000, {4, 6}, Week::weekend,
     0.12, 195, 0.1, 62, 1.0, 2.3, 1.8, 0.14, 8},
    {"tea_coffee", "grocery", {"Tea bags", "Instant coffee", "Ground coffee", "Hot chocolate"},
     ambient, best_before, 250, 600, 3.3, 250, 900, {4, 6, 8}, Week::even, 0.08, 15, -0.03, 34,
     0.9, 1.2, 0.9, 0.1, 2},
    {"household", "household", {"Kitchen roll", "Toilet tissue", "Bin bags", "Washing-up liquid",
     "Foil"}, ambient, DateKind::none, 0, 0, 2.6, 700, 3500, {4, 6, 12}, Week::weekend, 0.03, 350,
     0.0, 50, 0.7, 1.2, 1.1, 0.09, 2},
    {"laundry", "household", {"Laundry liquid", "Laundry powder", "Fabric softener"}, ambient,
     DateKind::none, 0, 0, 5.0, 1400, 1700, {4, 6}, Week::weekend, 0.02, 100, 0.0, 24, 0.5, 0.8,
     0.9, 0.13, 4},
    {"toiletries", "health", {"Toothpaste", "Shampoo", "Soap", "Deodorant", "Plasters",
     "Paracetamol"}, ambient, DateKind::none, 0, 0, 2.2, 200, 300, {6, 12}, Week::even, 0.03, 200,
     0.02, 58, 0.45, 0.9, 0.9, 0.1, 3},
    {"baby", "health", {"Nappies", "Baby milk", "Baby wipes", "Fruit puree"}, ambient,
     best_before, 150, 400, 4.0, 700, 2500, {4, 6, 8}, Week::even, 0.0, 1, 0.0, 24, 0.5, 0.8, 0.9,
     0.07, 1},
    {"pet", "household", {"Cat food", "Dog food", "Cat litter", "Dog treats"}, ambient,
     best_before, 250, 600, 3.2, 1100, 1500, {4, 6, 12}, Week::weekend, 0.02, 350, 0.0, 40, 0.8,
     1.0, 0.9, 0.08, 4},
};
// clang-format on

constexpr double week_factors[4][7] = {
    {0.96, 0.93, 0.95, 0.98, 1.08, 1.12, 0.98},  // even
    {0.82, 0.80, 0.86, 0.98, 1.26, 1.34, 0.94},  // weekend
    {1.05, 1.04, 1.05, 1.04, 1.06, 0.94, 0.82},  // midweek
    {1.10, 1.12, 1.14, 1.13, 1.11, 0.82, 0.58},  // lunch
};

}  // namespace

std::span<const Category> categories() { return table; }

double week_factor(Week week, int weekday) {
  return week_factors[static_cast<std::size_t>(week)][weekday];
}

}  // namespace estate::sample
