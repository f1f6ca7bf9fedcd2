// A till and its store, each with its own journal on one disk, and the power lost at each operation
// of both: a sale is whole or absent, what was acknowledged stays, and the store's stock moves once
// for every receipt.
#include <cstdio>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "site/peer_reader.h"
#include "site/testing/kit.h"
#include "site/testing/resume.h"

namespace site {
namespace {

using namespace testing;
using io::SimDisk;
using io::Tear;

constexpr trade::SiteCode till_code{4'201};
constexpr trade::Pence price = 210;

struct Shop {
  World till, store;

  Shop() {
    till.options.data = "till";
    till.options.site = {till_code, trade::SiteKind::till, 1};
    till.options.snapshot_entries = 3;
    till.entropy = io::SimEntropy{6};
    store.options.peers = {"till/journal"};
    store.options.snapshot_entries = 2;
  }
};

// Receipts that customers hold, by the key of the request that made them.
using Receipts = std::map<std::string, trade::DocumentNumber>;

Wish by_manager(trade::Body body, const std::string& key) {
  trade::Origin origin;
  origin.actor = trade::ActorNo{1};
  if (!key.empty()) origin.request = request_of(key, key);
  return wish(std::move(body), origin);
}

Wish receipt_of_soap(const std::string& key) {
  trade::SaleMade sale;
  sale.vat = {{trade::VatCode::standard, 2'000, price, trade::vat_of(price, 2'000)}};
  sale.tenders = {{.kind = trade::TenderKind::cash, .pence = price}};
  sale.rows = {{soap, 1, 0, price, price, trade::VatCode::standard, {}}};
  return by_manager(sale, key);
}

std::vector<Wish> till_opening() {
  std::vector<Wish> wishes = opening();
  wishes.push_back(by_manager(trade::DrawerMoved{.verb = trade::DrawerVerb::open}, ""));
  return wishes;
}

// Sells with these keys; false at the first thing that is not answered.
bool sell(Shop& shop, SimDisk& disk, const std::vector<std::string>& keys, Receipts& receipts) {
  const auto opened = shop.till.try_open(disk);
  if (!opened || !resumes(**opened)) return false;
  Loop& loop = **opened;
  if (loop.fold().own().goods.line_count() == 0)
    for (const Outcome& outcome : batch(loop, till_opening()))
      if (!outcome) return false;
  for (const std::string& key : keys) {
    const Outcome outcome = one(loop, receipt_of_soap(key));
    if (!outcome) return false;
    const auto& sale = std::get<trade::SaleMade>(outcome->event.body);
    const auto [row, is_new] = receipts.try_emplace(key, sale.receipt);
    EXPECT_EQ(row->second, sale.receipt) << "another receipt for the same request";
  }
  shop.till.clock.advance(2'000);
  loop.settle();
  loop.stop();
  return loop.view().read_only_why.empty();
}

// The store reads its till's journal, from the first entry on each time, and books it.
bool follow(Shop& shop, SimDisk& disk, trade::Units& on_shelf) {
  const auto opened = shop.store.try_open(disk);
  if (!opened || !resumes(**opened)) return false;
  Loop& loop = **opened;
  if (loop.fold().own().goods.line_count() == 0)
    for (const Outcome& outcome : batch(loop, opening()))
      if (!outcome) return false;
  PeerReader reader(disk, "till/journal", "sample");
  reader.read([&](const Peer& peer, std::span<const std::string> events) {
    return loop.admit(0, peer, events);
  });
  loop.settle();
  loop.settle();
  loop.stop();
  on_shelf = on_hand(loop);
  return loop.view().read_only_why.empty();
}

const std::vector<std::string> morning{"a", "b", "c"}, evening{"d", "e"};

bool live(Shop& shop, SimDisk& disk, Receipts& receipts) {
  trade::Units ignored = 0;
  return sell(shop, disk, morning, receipts) && follow(shop, disk, ignored) &&
         sell(shop, disk, evening, receipts) && follow(shop, disk, ignored);
}

// What is wrong after the power came back; empty if nothing is.
std::string judge(Shop& shop, SimDisk& disk, const Receipts& told) {
  trade::Units sold = 0;
  if (const auto opened = shop.till.try_open(disk)) {
    const trade::Partition& till = (*opened)->fold().own();
    sold = static_cast<trade::Units>(till.shift.sale_count);
    if (!till.ledger.is_sound()) return "the till's ledger is not sound";
    if (till.ledger.total(trade::Account::cash) != price * std::int64_t{sold}) return "half a sale";
    if (till.shift.sold_pence != price * std::int64_t{sold}) return "half a receipt";
    if (static_cast<std::size_t>(sold) < told.size()) return "a customer's receipt is missing";
    if (static_cast<std::size_t>(sold) > told.size() + 1) return "a sale that nobody made";
  } else {
    return "the till does not open: " + opened.error().message;
  }
  // The till asks again for what it was told; that makes no second sale.
  Receipts again = told;
  std::vector<std::string> keys;
  for (const auto& [key, receipt] : told) keys.push_back(key);
  if (!sell(shop, disk, keys, again)) return "the till does not live on";
  trade::Units on_shelf = 0;
  for (int i = 0; i < 2; ++i) {
    if (!follow(shop, disk, on_shelf)) return "the store does not live on";
    if (on_shelf != -sold) return "the store's stock did not move once for each receipt";
  }
  if (!live(shop, disk, again)) return "does not live on";
  if (!follow(shop, disk, on_shelf)) return "the store does not live on at the end";
  return on_shelf == -5 ? "" : "five receipts, and another number on the shelf";
}

TEST(TillCrash, leaves_each_sale_whole_or_absent_and_moves_the_stores_stock_once) {
  std::uint64_t operations = 0;
  {
    Shop shop;
    SimDisk disk(1);
    Receipts receipts;
    ASSERT_TRUE(live(shop, disk, receipts));
    ASSERT_EQ(receipts.size(), 5u);
    operations = disk.operations();
    ASSERT_EQ(judge(shop, disk, receipts), "");
  }
  int points = 0;
  std::size_t kept = 0;
  // Two kinds of torn writes at each operation, in turn.
  for (std::uint64_t at = 0; at < operations; ++at)
    for (std::uint64_t i = 0; i < 2; ++i) {
      const Tear tear = io::tears[(2 * at + i) % std::size(io::tears)];
      Shop shop;
      SimDisk disk(at);
      disk.set_faults({.power_lost_at = at});
      Receipts receipts;
      (void)live(shop, disk, receipts);
      disk.restart(tear);
      ASSERT_EQ(judge(shop, disk, receipts), "")
          << "operation " << at << " tear " << static_cast<int>(tear);
      kept += receipts.size();
      ++points;
    }
  std::printf("crash points: %d\nreceipts in customers' hands: %zu\n", points, kept);
}

TEST(TillBooks, names_what_is_to_be_booked_until_the_store_has_booked_it) {
  Shop shop;
  SimDisk disk(1);
  Receipts receipts;
  ASSERT_TRUE(sell(shop, disk, morning, receipts));
  trade::Units on_shelf = 0;
  ASSERT_TRUE(follow(shop, disk, on_shelf));
  EXPECT_EQ(on_shelf, -3);
  const auto store = shop.store.open(disk);
  const auto& booked = store->fold().own().tills;
  ASSERT_TRUE(booked.contains(till_code));
  EXPECT_EQ(booked.at(till_code).epoch, 1);
  // The till's journal says nothing of stock: the goods are the store's.
  const auto till = shop.till.open(disk);
  EXPECT_EQ(on_hand(*till), 0);
}

}  // namespace
}  // namespace site
