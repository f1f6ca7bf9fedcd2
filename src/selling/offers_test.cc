#include "selling/offers.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"
#include "selling/offers_oracle.h"

namespace selling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr Moment now{Day{9'827}, 750};

ProductId id(std::string_view text) { return *ProductId::of(text); }

std::vector<ProductId> ids(std::initializer_list<std::string_view> texts) {
  std::vector<ProductId> list;
  for (const auto text : texts) list.push_back(id(text));
  std::ranges::sort(list);
  return list;
}

Offer offer(std::string_view name, OfferKind kind, std::vector<std::vector<ProductId>> parts) {
  Offer made{.id = *OfferId::of(name), .kind = kind};
  made.parts = std::move(parts);
  return made;
}

Offer three_for_two(std::vector<ProductId> of) {
  Offer made = offer("3for2", OfferKind::n_for_m, {std::move(of)});
  made.take = 3, made.pay = 2;
  return made;
}

Offer any_for(Units take, Pence pence, std::vector<ProductId> of) {
  Offer made = offer("any-for", OfferKind::n_for_price, {std::move(of)});
  made.take = take, made.pence = pence;
  return made;
}

Offer meal_deal(Pence pence, std::vector<std::vector<ProductId>> parts) {
  Offer made = offer("meal", OfferKind::meal_deal, std::move(parts));
  made.pence = pence;
  return made;
}

OfferLine line(std::string_view product, Pence pence, Units units = 1) {
  return {.product = id(product), .units = units, .pence = pence};
}

OffersGiven give(const std::vector<Offer>& offers, const std::vector<OfferLine>& lines,
                 Shopper shopper = {}, Moment moment = now) {
  return give_offers(offers, lines, shopper, moment);
}

TEST(Offers, begin_and_end_by_themselves) {
  Offer one = offer("tea", OfferKind::price, {ids({"tea"})});
  one.pence = 200;
  one.when = {{Day{9'827}, 700}, {Day{9'828}, 60}};
  const auto saving = [&](Moment moment) {
    return give({one}, {line("tea", 350)}, {}, moment).saving_pence;
  };
  EXPECT_EQ(saving({Day{9'827}, 699}), 0);
  EXPECT_EQ(saving({Day{9'827}, 700}), 150);
  EXPECT_EQ(saving({Day{9'828}, 59}), 150);
  EXPECT_EQ(saving({Day{9'828}, 60}), 0);
}

TEST(Offers, for_members_need_the_card) {
  Offer one = offer("tea", OfferKind::percent_off, {ids({"tea"})});
  one.percent = 25;
  one.members_only = true;
  EXPECT_EQ(give({one}, {line("tea", 350)}).saving_pence, 0);
  EXPECT_EQ(give({one}, {line("tea", 350)}, {.is_member = true}).saving_pence, 88);  // 87.5
}

TEST(Offers, free_the_cheapest_of_those_that_belong_together) {
  const auto given = give({three_for_two(ids({"a", "b"}))},
                          {line("a", 100, 3), line("b", 400, 3), line("c", 900)});
  EXPECT_EQ(given.saving_pence, 500);
  EXPECT_THAT(given.applications,
              ElementsAre(Application{0, 100, {0, 0, 0}}, Application{0, 400, {1, 1, 1}}));
}

TEST(Offers, give_no_unit_twice_and_no_offer_that_costs_more) {
  const std::vector offers{three_for_two(ids({"a", "b"})), any_for(2, 500, ids({"a", "b"}))};
  EXPECT_THAT(give(offers, {line("a", 200), line("b", 200)}).applications, IsEmpty());
  const auto given = give(offers, {line("a", 300, 2), line("b", 290, 2)});
  EXPECT_THAT(given.applications, ElementsAre(Application{0, 290, {0, 0, 1}}));
}

TEST(Offers, take_a_meal_deal_apart_when_that_is_cheaper) {
  const auto mains = ids({"pasta", "wrap"}), snacks = ids({"crisps"}), drinks = ids({"water"});
  Offer percent = offer("percent", OfferKind::percent_off, {ids({"pasta"})});
  percent.percent = 55;
  const std::vector offers{meal_deal(400, {mains, snacks, drinks}), percent};
  const std::vector lunch{line("pasta", 450), line("crisps", 120), line("water", 90)};
  EXPECT_THAT(give({offers[0]}, lunch).applications, ElementsAre(Application{0, 260, {0, 1, 2}}));
  // The meal deal saves 260, the percentage 248.
  EXPECT_EQ(give(offers, lunch).saving_pence, 260);
  const std::vector dear{line("pasta", 600), line("wrap", 300), line("crisps", 120),
                         line("water", 90)};
  // The wrap goes into the meal deal (110), the pasta has its percentage (330); the pasta
  // in the meal deal would save 410.
  EXPECT_THAT(give(offers, dear).applications,
              UnorderedElementsAre(Application{0, 110, {1, 2, 3}}, Application{1, 330, {0}}));
}

TEST(Offers, let_a_product_of_two_parts_fill_only_one) {
  const std::vector offers{meal_deal(300, {ids({"juice", "wrap"}), ids({"juice", "crisps"})})};
  EXPECT_EQ(give(offers, {line("juice", 400)}).saving_pence, 0);
  EXPECT_EQ(give(offers, {line("juice", 400, 2)}).saving_pence, 500);
  EXPECT_EQ(give(offers, {line("juice", 200), line("wrap", 300)}).saving_pence, 200);
}

TEST(Offers, of_equal_worth_are_chosen_by_the_written_order) {
  // The same saving by one meal deal less; then the earlier offer; then the earlier line.
  Offer third = offer("third", OfferKind::price, {ids({"a"})});
  third.pence = 200;
  EXPECT_THAT(
      give({any_for(3, 600, ids({"a"})), third}, {line("a", 300, 3)}).applications,
      ElementsAre(Application{1, 100, {0}}, Application{1, 100, {0}}, Application{1, 100, {0}}));
  const auto two = any_for(2, 500, ids({"a", "b"}));
  EXPECT_THAT(give({two, two}, {line("a", 300), line("b", 300)}).applications,
              ElementsAre(Application{0, 100, {0, 1}}));
  EXPECT_THAT(give({two}, {line("b", 300), line("a", 300), line("b", 300)}).applications,
              ElementsAre(Application{0, 100, {0, 1}}));
}

TEST(Offers, of_weighed_lines_are_prices_of_a_kilogram_only) {
  Offer per_kg = offer("ham", OfferKind::price, {ids({"ham"})});
  per_kg.pence = 900;
  Offer percent = offer("off", OfferKind::percent_off, {ids({"ham"})});
  percent.percent = 99;
  const OfferLine ham{.product = id("ham"), .units = 1, .grams = 314, .pence = 376};
  EXPECT_THAT(give({percent, any_for(2, 5, ids({"ham"})), per_kg}, {ham, ham}).applications,
              ElementsAre(Application{2, 93, {0}}, Application{2, 93, {1}}));  // 282.6
}

TEST(Offers, are_suspended_and_swapped_by_a_decision) {
  const std::vector offers{meal_deal(300, {ids({"wrap"}), ids({"crisps"})})};
  const std::vector lines{line("wrap", 300), line("nuts", 150)};
  using enum OfferDecision::Kind;
  const auto after = [&](const OfferDecision& decision) {
    return decide_offers(offers, std::array{decision});
  };
  EXPECT_EQ(give(offers, lines).saving_pence, 0);
  EXPECT_EQ(give(*after({swap, offers[0].id, 1, id("nuts")}), lines).saving_pence, 150);
  EXPECT_THAT(*after({suspend, offers[0].id}), IsEmpty());
  EXPECT_EQ(after({suspend, *OfferId::of("other")}).error(), Refusal::offer_unknown);
  EXPECT_EQ(after({swap, offers[0].id, 2, id("nuts")}).error(), Refusal::offer_part_unknown);
}

TEST(Offers, that_contradict_themselves_are_refused_and_never_given) {
  std::vector<Offer> bad{three_for_two(ids({"a"})), any_for(1, 1, ids({"a"})),
                         any_for(2, 0, ids({"a"})), meal_deal(1, {ids({"a"})}),
                         meal_deal(1, {{id("b"), id("a")}, {id("a")}})};
  bad[0].pay = 3;
  for (const Offer& one : bad) EXPECT_EQ(check_offer(one).error(), Refusal::offer_bad);
  EXPECT_THAT(give(bad, {line("a", 500, 9), line("b", 500, 9)}).applications, IsEmpty());
  EXPECT_TRUE(check_offer(three_for_two(ids({"a"}))));
}

// Random small worlds: few products in many offers, so that offers compete.
struct World {
  std::vector<Offer> offers;
  std::vector<OfferLine> lines;
  Shopper shopper;
};

std::vector<ProductId> random_part(base::Prng& prng) {
  std::vector<ProductId> part;
  for (const char* name : {"a", "b", "c", "d", "e"})
    if (prng.below(2) == 0) part.push_back(id(name));
  if (part.empty()) part.push_back(id("a"));
  return part;
}

Offer random_offer(base::Prng& prng, std::size_t index) {
  Offer one{.id = *OfferId::of(fmt::format("offer-{}", index)),
            .kind = static_cast<OfferKind>(prng.below(5))};
  one.members_only = prng.below(4) == 0;
  one.take = static_cast<Units>(2 + prng.below(3));
  one.pay = static_cast<Units>(1 + prng.below(static_cast<std::uint32_t>(one.take - 1)));
  one.percent = static_cast<std::int32_t>(1 + prng.below(100));
  const bool is_single = one.kind == OfferKind::price;
  one.pence = static_cast<Pence>(1 + prng.below(is_single ? 10 : 30));
  const std::size_t parts = one.kind == OfferKind::meal_deal ? 2 + prng.below(2) : 1;
  for (std::size_t i = 0; i < parts; ++i) one.parts.push_back(random_part(prng));
  return one;
}

World random_world(std::uint64_t seed, std::uint32_t lines_most) {
  base::Prng prng(seed);
  World world;
  const std::size_t offers = 1 + prng.below(4);
  for (std::size_t i = 0; i < offers; ++i) world.offers.push_back(random_offer(prng, i));
  const std::size_t lines = 1 + prng.below(lines_most);
  constexpr std::array<std::string_view, 5> names{"a", "b", "c", "d", "e"};
  for (std::size_t i = 0; i < lines; ++i) {
    OfferLine one = line(names[prng.below(5)], static_cast<Pence>(1 + prng.below(20)),
                         static_cast<Units>(1 + prng.below(2)));
    if (prng.below(8) == 0) one.units = 1, one.grams = static_cast<Grams>(100 + prng.below(900));
    world.lines.push_back(one);
  }
  world.shopper.is_member = prng.below(2) == 0;
  return world;
}

// Every application is one by the oracle's definition, saves something, and no unit is in two.
void check_valid(const World& world, const OffersGiven& given) {
  std::vector<Units> used(world.lines.size(), 0);
  std::int64_t saving_pence = 0;
  for (const Application& one : given.applications) {
    const Offer& of = world.offers[one.offer];
    RC_ASSERT(world.shopper.is_member || !of.members_only);
    RC_ASSERT(saving_of(of, world.lines, one.lines) == one.saving_pence);
    RC_ASSERT(one.saving_pence >= 1);
    saving_pence += one.saving_pence;
    for (const std::uint32_t index : one.lines) ++used[index];
  }
  RC_ASSERT(saving_pence == given.saving_pence);
  for (std::size_t i = 0; i < used.size(); ++i) RC_ASSERT(used[i] <= world.lines[i].units);
}

std::int32_t multiples(const World& world, const OffersGiven& given) {
  return static_cast<std::int32_t>(
      std::ranges::count_if(given.applications, [&](const Application& one) {
        const OfferKind kind = world.offers[one.offer].kind;
        return kind != OfferKind::price && kind != OfferKind::percent_off;
      }));
}

RC_GTEST_PROP(Offers, save_as_much_as_the_best_of_all_ways, (std::uint64_t seed)) {
  const World world = random_world(seed, 6);
  const auto given = give_offers(world.offers, world.lines, world.shopper, now);
  const auto best = best_of_all_ways(world.offers, world.lines, world.shopper, now);
  RC_ASSERT(given.is_exact);
  RC_ASSERT(given.saving_pence == best.saving_pence);
  RC_ASSERT(multiples(world, given) == best.multiples);
  check_valid(world, given);
}

// Prices of 1 to 3 pence, so that most worlds have several best answers.
RC_GTEST_PROP(Offers, of_equal_worth_are_always_the_first_of_the_written_order,
              (std::uint64_t seed)) {
  World world = random_world(seed, 5);
  for (OfferLine& one : world.lines) one.units = 1, one.pence = 1 + one.pence % 3;
  for (Offer& one : world.offers) one.pence = 1 + one.pence % 4;
  UnitOffers given;
  for (const Application& one :
       give_offers(world.offers, world.lines, world.shopper, now).applications)
    for (const std::uint32_t index : one.lines) given.emplace_back(one.offer, index);
  std::ranges::sort(given);
  RC_ASSERT(given == first_of_the_best(world.offers, world.lines, world.shopper, now));
}

RC_GTEST_PROP(Offers, beyond_the_bound_are_valid_and_no_more_than_the_best, (std::uint64_t seed)) {
  const World world = random_world(seed, 30);
  const auto best = give_offers(world.offers, world.lines, world.shopper, now);
  for (const std::size_t states : {1, 20, 200}) {
    const auto given = give_offers(world.offers, world.lines, world.shopper, now, states);
    check_valid(world, given);
    RC_ASSERT(given.saving_pence <= best.saving_pence);
    RC_ASSERT(!given.is_exact || given.applications == best.applications);
  }
}

TEST(Offers, of_large_ordinary_baskets_are_exact) {
  std::vector<ProductId> all;
  std::vector<OfferLine> lines;
  for (int i = 0; i < 60; ++i) {
    const std::string name = fmt::format("p{:02}", i);
    all.push_back(id(name));
    lines.push_back(line(name, 100 + 37 * i % 211));
  }
  const auto third = [&](int n) {
    return std::vector(all.begin() + n * 20, all.begin() + (n + 1) * 20);
  };
  EXPECT_TRUE(give({three_for_two(all)}, lines).is_exact);
  EXPECT_TRUE(give({meal_deal(350, {third(0), third(1), third(2)})}, lines).is_exact);
  EXPECT_TRUE(give({three_for_two(third(0)), any_for(4, 500, third(0))}, lines).is_exact);
  const std::vector cans{line("p00", 90, line_units_max)};
  EXPECT_EQ(give({any_for(6, 500, {id("p00")})}, cans).saving_pence, 166 * 40);
}

}  // namespace
}  // namespace selling
