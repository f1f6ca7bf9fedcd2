#pragma once
// Towns and villages of the United Kingdom, from data/places.csv, held in the binary.

#include <cstdint>
#include <string_view>
#include <vector>

namespace estate::sample {

struct Place {
  std::string_view name, nation, region;  // they live as long as the program
  double lat = 0, lon = 0;
  std::int32_t population = 0;
  bool island = false;  // no road to the mainland
};

// All places, the largest first.
const std::vector<Place>& places();

// Great-circle distance, good to some parts in a thousand at British latitudes.
double distance_km(double lat_a, double lon_a, double lat_b, double lon_b);

// The text of data/places.csv.
std::string_view places_csv();

}  // namespace estate::sample
