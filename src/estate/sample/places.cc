#include "estate/sample/places.h"

#include <charconv>
#include <cmath>
#include <numbers>

#include "base/result.h"

namespace estate::sample {
namespace {

// Takes the text up to the separator off the front.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return field;
}

template <class Number>
Number number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(error == std::errc{} && end == text.data() + text.size());
  return value;
}

// The file is ours and its names hold no commas; the build carries it unchanged.
std::vector<Place> parse() {
  std::string_view rest = places_csv();
  CHECK(take(rest, '\n') == "name,lat,lon,population,nation,region,island");
  std::vector<Place> found;
  while (!rest.empty()) {
    std::string_view row = take(rest, '\n');
    Place place;
    place.name = take(row, ',');
    place.lat = number<double>(take(row, ','));
    place.lon = number<double>(take(row, ','));
    place.population = number<std::int32_t>(take(row, ','));
    place.nation = take(row, ',');
    place.region = take(row, ',');
    place.island = take(row, ',') == "1";
    found.push_back(place);
  }
  return found;
}

}  // namespace

const std::vector<Place>& places() {
  static const std::vector<Place> all = parse();
  return all;
}

double distance_km(double lat_a, double lon_a, double lat_b, double lon_b) {
  constexpr double radians = std::numbers::pi / 180, earth_radius_km = 6371;
  const double x = (lon_b - lon_a) * std::cos((lat_a + lat_b) / 2 * radians);
  return earth_radius_km * radians * std::hypot(x, lat_b - lat_a);
}

}  // namespace estate::sample
