#include "estate/sample/places.h"

#include <gtest/gtest.h>

#include <set>

namespace estate::sample {
namespace {

const Place& place_named(std::string_view name) {
  for (const Place& place : places())
    if (place.name == name) return place;
  ADD_FAILURE() << name << " is missing";
  return places().front();
}

TEST(Places, the_table_holds_towns_of_all_four_nations) {
  std::set<std::string_view> nations, regions;
  for (const Place& place : places()) {
    nations.insert(place.nation);
    regions.insert(place.region);
    EXPECT_GT(place.population, 0) << place.name;
    EXPECT_TRUE(place.lat > 49.8 && place.lat < 60.9 && place.lon > -8.3 && place.lon < 1.8)
        << place.name;
  }
  EXPECT_GT(places().size(), 3000u);
  EXPECT_EQ(nations,
            (std::set<std::string_view>{"England", "Northern Ireland", "Scotland", "Wales"}));
  EXPECT_EQ(regions.size(), 13u);
}

TEST(Places, islands_are_told_from_places_with_a_road) {
  for (const char* name :
       {"Kirkwall", "Lerwick", "Stornoway", "Ryde", "Yarmouth", "Hugh Town", "Rothesay"})
    EXPECT_TRUE(place_named(name).island) << name;
  for (const char* name :
       {"Portree", "Holyhead", "Thurso", "Oban", "Lymington", "Portsmouth", "Largs"})
    EXPECT_FALSE(place_named(name).island) << name;
}

TEST(Places, distances_agree_with_the_map) {
  const Place& london = place_named("London");
  const Place& edinburgh = place_named("Edinburgh");
  EXPECT_NEAR(distance_km(london.lat, london.lon, edinburgh.lat, edinburgh.lon), 534, 5);
}

}  // namespace
}  // namespace estate::sample
