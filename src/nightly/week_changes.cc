#include "nightly/week_changes.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace nightly {
namespace {

using Line = WeekChanges::Line;

auto key_of(const Line& line) { return std::pair(line.site, line.product); }

// Every line of either night once, with what it ordered on both.
std::vector<Line> both_nights(const OrderRunInput& input, const Night& night,
                              std::span<const RunMemory::Ordered> before) {
  std::vector<Line> lines;
  for (const RunMemory::Ordered& order : before)
    lines.push_back({order.site, order.product, order.units, 0});
  for (const OrderLine& order : night.orders)
    if (order.units > 0)
      lines.push_back({input.columns.site[order.line], order.product, 0, order.units});
  std::ranges::stable_sort(lines, {}, key_of);
  std::size_t count = 0;
  for (const Line& line : lines) {
    if (count > 0 && key_of(lines[count - 1]) == key_of(line)) {
      lines[count - 1].units_before += line.units_before;
      lines[count - 1].units_now += line.units_now;
    } else {
      lines[count++] = line;
    }
  }
  lines.resize(count);
  return lines;
}

Value distance(Value a, Value b) { return a < b ? b - a : a - b; }

void add(WeekChanges::Of& of, base::Money each, std::int64_t units) {
  if (units == 0) return;
  ++of.lines;
  of.value.add(each, units);
}

}  // namespace

WeekChanges week_changes(const OrderRunInput& input, const Night& night, Date night_before,
                         std::span<const RunMemory::Ordered> before) {
  WeekChanges changes;
  changes.night = night_before;
  std::vector<Line> lines = both_nights(input, night, before);
  const auto& products = input.estate.products;
  std::map<std::string, WeekChanges::Category> categories;
  for (const Line& line : lines) {
    const base::Money each = unit_value(products[line.product]);
    WeekChanges::Category& category = categories[products[line.product].category];
    for (WeekChanges::Of* of : {&changes.before, &category.before})
      add(*of, each, line.units_before);
    for (WeekChanges::Of* of : {&changes.now, &category.now}) add(*of, each, line.units_now);
  }
  for (auto& [name, category] : categories) {
    if (category.before.value == category.now.value) continue;
    category.name = name;
    changes.by_category.push_back(std::move(category));
  }
  std::ranges::stable_sort(changes.by_category, std::greater{}, [](const auto& category) {
    return distance(category.before.value, category.now.value);
  });
  const auto worth = [&](const Line& line) {
    Value value;
    value.add(unit_value(products[line.product]), std::abs(line.units_now - line.units_before));
    return value;
  };
  std::erase_if(lines, [&](const Line& line) { return worth(line) == Value{}; });
  const auto end =
      lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), largest_lines_max));
  std::partial_sort(lines.begin(), end, lines.end(), [&](const Line& a, const Line& b) {
    return std::pair(worth(b), key_of(a)) < std::pair(worth(a), key_of(b));
  });
  changes.lines.assign(lines.begin(), end);
  return changes;
}

}  // namespace nightly
