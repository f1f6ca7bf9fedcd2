// A till that loses its power in the middle of a sale, at every operation of its disk.
#include <cstdio>

#include <gtest/gtest.h>

#include "till/testing/kit.h"

namespace till {
namespace {

using namespace testing;
using trade::Account;

// A gift card with ten pounds on it, at an owner who is there.
void fund(World& till) {
  till.owner.is_reached = true;
  till.owner.activate(a_code(), 1'000);
}
const auto no_preparation = [](World&) {};

// Sells one cola; whether the customer has a receipt.
bool sell_by_card(World& till) {
  return till.scan("cola") && till.card() && till.complete("the sale");
}
bool sell_by_gift_card(World& till) {
  const auto take = [&] {
    return till.basket([&](Told<ShownBasket> then) {
      till.desk->take_gift_card(till.who(), trade::to_string(a_code()), 0, std::move(then));
    });
  };
  return till.scan("cola") && take() && till.complete("the sale");
}

// Lets the power go at each operation of a sale, with every kind of torn write. After each the till
// starts again and `judge(till, sales)` looks at it: the sale is in the journal whole or not at
// all, and where the customer has a receipt it is.
template <class Prepare, class Sell, class Judge>
void lose_power(Prepare prepare, Sell sell, Judge judge) {
  io::SimDisk begun(1);
  {
    World till(begun);
    till.open();
  }
  std::uint64_t operations = 0;
  {
    const auto disk = begun.clone(1);
    World till(*disk);
    prepare(till);
    const std::uint64_t before = disk->operations();
    ASSERT_TRUE(till.start());
    ASSERT_TRUE(sell(till));
    till.stop();
    operations = disk->operations() - before;
  }
  int whole = 0, absent = 0;
  for (std::uint64_t i = 0; i < operations * std::size(io::tears); ++i) {
    const std::uint64_t at = i / std::size(io::tears);
    SCOPED_TRACE(at);
    const auto disk = begun.clone(i);
    disk->set_faults({.power_lost_at = disk->operations() + at});
    World till(*disk);
    prepare(till);
    const bool is_told = till.start() && sell(till);
    till.stop();
    disk->restart(io::tears[i % std::size(io::tears)]);
    till.terminal.forget_answers();
    ASSERT_TRUE(till.start());
    (void)till.core->resume("test", "power was lost", [](const base::Result<>&) {});
    till.seconds(60);
    const std::uint32_t sales = till.sales();
    ASSERT_LE(sales, 1u);
    ASSERT_GE(sales, is_told ? 1u : 0u);
    ASSERT_NO_FATAL_FAILURE(judge(till, sales));
    ASSERT_EQ(till.total(Account::unapplied), 0);
    ASSERT_TRUE(till.read([](const trade::Partition& own) { return own.ledger.is_sound(); }));
    ASSERT_EQ(till.complete("the sale").has_value(), sales == 1);
    (sales == 1 ? whole : absent) += 1;
  }
  std::printf("crash points: %d whole, %d absent\n", whole, absent);
  EXPECT_GT(whole, 0);
  EXPECT_GT(absent, 0);
}

TEST(DeskCrash, leaves_a_sale_by_card_whole_or_absent_and_charges_for_no_other) {
  lose_power(no_preparation, sell_by_card, [](World& till, std::int64_t sales) {
    // The bank has what was sold, and nothing else.
    ASSERT_EQ(till.terminal.charged_pence(), 165 * sales);
    ASSERT_EQ(till.total(Account::card_receivable), 165 * sales);
  });
}

TEST(DeskCrash, takes_from_a_gift_card_what_was_sold_and_nothing_else) {
  lose_power(fund, sell_by_gift_card, [](World& till, std::int64_t sales) {
    till.owner.read(till.read([](const trade::Partition& own) { return own.ledger; }));
    till.owner.expire_all();
    const trade::CardDigest card = digest_of(a_code());
    ASSERT_EQ(till.owner.ledger.available_pence(card), 1'000 - 165 * sales);
    ASSERT_EQ(till.owner.ledger.loss_pence(card), 0);
  });
}

}  // namespace
}  // namespace till
