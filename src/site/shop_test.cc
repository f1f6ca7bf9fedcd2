// A shop as guests, the store and the payment provider see it, and what a restart leaves of it.
#include "site/shop.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "records/database.h"
#include "site/key.h"
#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;
using base::Result;
using trade::Body;

constexpr trade::SiteCode web_code{9'501};
constexpr std::int64_t day_ms = 86'400'000;

// The real disk, but for a sync that does its work and then says that it failed.
class UnsureDisk final : public io::Disk {
 public:
  std::atomic<bool> is_unsure = false;

  Result<std::unique_ptr<io::Reader>> open(const io::Path& path) override {
    return real_.open(path);
  }
  Result<std::unique_ptr<io::Writer>> create(const io::Path& path) override {
    return real_.create(path);
  }
  Result<std::unique_ptr<io::Writer>> create_private(const io::Path& path) override {
    return real_.create_private(path);
  }
  bool exists(const io::Path& path) override { return real_.exists(path); }
  Result<std::vector<std::string>> list(const io::Path& path) override { return real_.list(path); }
  Result<> make_folders(const io::Path& path) override { return real_.make_folders(path); }
  Result<> rename(const io::Path& a, const io::Path& b) override { return real_.rename(a, b); }
  Result<> rename_new(const io::Path& a, const io::Path& b) override {
    return real_.rename_new(a, b);
  }
  Result<> exchange(const io::Path& a, const io::Path& b) override { return real_.exchange(a, b); }
  Result<> remove_all(const io::Path& path) override { return real_.remove_all(path); }
  Result<> sync_folder(const io::Path& path) override { return real_.sync_folder(path); }
  Result<std::unique_ptr<io::Volume>> open_volume(const io::Path& path) override {
    return real_.open_volume(path);
  }
  Result<std::unique_ptr<io::File>> open_file(const io::Path& path) override {
    return std::make_unique<UnsureFile>(*this, TRY(real_.open_file(path)));
  }

 private:
  struct UnsureFile final : io::File {
    UnsureFile(UnsureDisk& of, std::unique_ptr<io::File> its) : disk(of), file(std::move(its)) {}
    Result<std::size_t> read_at(std::uint64_t at, std::span<char> into) override {
      return file->read_at(at, into);
    }
    Result<> write_at(std::uint64_t at, std::string_view bytes) override {
      return file->write_at(at, bytes);
    }
    Result<> truncate(std::uint64_t size) override { return file->truncate(size); }
    Result<> sync() override {
      TRY(file->sync());
      if (disk.is_unsure.exchange(false))
        return base::fail(base::ErrorCode::io_failed, "the disk does not say");
      return {};
    }
    UnsureDisk& disk;
    std::unique_ptr<io::File> file;
  };
  io::Disk& real_ = io::real_disk();
};

// A store with ten soaps, eight of which an online site sells.
class Shops : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        io::Path(::testing::TempDir()) /
        (std::string("shop-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    store_ = open(trade::testing::store_code, trade::SiteKind::store, "store", {});
    for (const Body& body : trade::testing::opening_of(trade::testing::store_code))
      if (!std::holds_alternative<trade::SiteOpened>(body)) must(*store_, body);
    must(*store_, trade::GoodsMoved{trade::Cause::opening, {{soap, 10, 0, {}}}});
    must(*store_, trade::StockAllotted{web_code, soap, 8});
    store_.reset();  // signs, so that others read it
    start();
    for (int i = 0; i < 4; ++i) step();
  }
  void TearDown() override {
    stop();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Core> open(trade::SiteCode code, trade::SiteKind kind, const char* name,
                             std::vector<io::Path> peers) {
    CoreOptions options;
    options.data = folder_ / name;
    options.site = {code, kind, 1};
    options.estate = "sample";
    options.peers = std::move(peers);
    auto started = Core::start(options, disk_, clock_, io::real_entropy());
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    return *std::move(started);
  }
  void start() {
    web_ =
        open(web_code, trade::SiteKind::online, "web", {folder_ / "store" / site::journal_folder});
    payments_ =
        SimulatedPayments::open_books((folder_ / "books").string(), clock_, io::real_entropy())
            .value();
    shop_ = Shop::start(
                {.data = folder_ / "web",
                 .sold_as = sold_as_,
                 .has_threads = true,
                 .erase_after_days = erase_after_days,
                 .on_lost_payment = [its = lost_refunds_](const auto&, std::int64_t,
                                                          std::int64_t pence) { *its = pence; }},
                *web_, *payments_, clock_, io::real_entropy())
                .value();
  }
  void stop() {
    shop_.reset();
    web_.reset();
    payments_.reset();
  }
  void restart() {
    stop();
    start();
    step();
  }
  static Outcome must(Core& core, const Body& body) {
    std::promise<Outcome> told;
    EXPECT_TRUE(core.submit(wish(body),
                            [&](const Outcome& outcome, const View&) { told.set_value(outcome); }));
    Outcome outcome = told.get_future().get();
    EXPECT_EQ(word(outcome), "done");
    return outcome;
  }
  // A round of upkeep, and what it has asked the core for.
  void step() {
    shop_->step();
    for (int i = 0; i < 2; ++i) view([](const View&) {});
  }
  void view(std::function<void(const View&)> look) {
    std::promise<void> done;
    EXPECT_TRUE(web_->ask([&](const View& seen) {
      look(seen);
      done.set_value();
    }));
    done.get_future().wait();
  }

  // A basket that wants nothing but to be placed.
  std::string basket(trade::Units units = 2, bool pays = true) {
    const std::string id = shop_->open_basket(trade::testing::store_code).value();
    EXPECT_TRUE(shop_->put(id, trade::testing::product("soap"), units));
    EXPECT_TRUE(shop_->address(id, "A Guest", "ls1 1aa"));
    EXPECT_TRUE(shop_->choose(id, "collect", false));
    if (pays) {
      const auto page = shop_->pay(id);
      EXPECT_TRUE(page);
      if (page) reference_ = page->reference;
    }
    return id;
  }
  std::expected<Ordered, NotOrdered> place(const std::string& id, const std::string& key) {
    std::promise<std::expected<Ordered, NotOrdered>> told;
    shop_->place(id, request_of(key, id),
                 [&](std::expected<Ordered, NotOrdered> made) { told.set_value(std::move(made)); });
    return told.get_future().get();
  }
  static std::string_view refusal(const std::expected<Ordered, NotOrdered>& made) {
    if (made) return "done";
    const auto* not_done = std::get_if<NotDone>(&made.error());
    if (not_done == nullptr) return "shop";
    const auto* no = std::get_if<trade::No>(&not_done->why);
    return no == nullptr ? "trouble" : row_of(no->why).name;
  }
  static std::optional<ShopTrouble> trouble(const std::expected<Ordered, NotOrdered>& made) {
    if (made || !std::holds_alternative<ShopTrouble>(made.error())) return std::nullopt;
    return std::get<ShopTrouble>(made.error());
  }
  ShopResult<OrderStatus> status(const trade::DocumentNumber& order, std::string_view postcode,
                                 std::string_view source = "10.0.0.1") {
    std::promise<ShopResult<OrderStatus>> told;
    shop_->status(source, order, postcode,
                  [&](ShopResult<OrderStatus> it) { told.set_value(std::move(it)); });
    return told.get_future().get();
  }
  // The store packs the order and hands it over, and the shop is done with it.
  void hand_over(const trade::DocumentNumber& order) {
    stop();
    store_ = open(trade::testing::store_code, trade::SiteKind::store, "store",
                  {folder_ / "web" / site::journal_folder});
    must(*store_, trade::ParcelExpected{order, {}, {}, {}});
    must(*store_, trade::ParcelPacked{order, {}, {}, {}});
    must(*store_, trade::ParcelMoved{order, trade::ParcelVerb::make_ready, 0});
    must(*store_, trade::ParcelHanded{order, trade::HandOver::photo_id, {}, false, true});
    store_.reset();
    start();
    EXPECT_TRUE(comes_true([&] { return payments_->look(reference_).captured_pence == 630; }));
    EXPECT_TRUE(has_done_with(1));
  }
  std::int64_t lost_refunds() const { return *lost_refunds_; }
  ShopResult<void> erase(const trade::DocumentNumber& order) {
    std::promise<ShopResult<void>> told;
    shop_->erase_customer(order, [&](ShopResult<void> done) { told.set_value(done); });
    return told.get_future().get();
  }
  std::int64_t customers(const std::string& which = "1") {
    const auto keys = records::Database::open(folder_ / "web" / keys_file).value();
    auto count = keys.prepare("SELECT count(*) FROM customers WHERE " + which).value();
    EXPECT_TRUE(count.step().value());
    return count.number(0);
  }
  // After some rounds; what they ask of the provider and of keys.db is done by other threads.
  bool comes_true(const std::function<bool()>& is_so) {
    for (int i = 0; i < 500 && !is_so(); ++i) {
      step();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return is_so();
  }
  // The site has done with so many orders: they are over, settled, and noted as over.
  bool has_done_with(std::int64_t orders) {
    return comes_true([&] { return customers("over_day > 0") == orders; });
  }
  void cancel(const trade::DocumentNumber& order) {
    must(*web_, trade::OnlineMoved{order.counter, trade::OnlineVerb::cancel});
    EXPECT_TRUE(has_done_with(1));
  }
  std::size_t order_count() {
    std::size_t count = 0;
    view([&](const View& seen) { count = seen.own.online_orders.size(); });
    return count;
  }

  static constexpr std::uint16_t erase_after_days = 5;
  std::function<std::optional<SoldAs>(const trade::ProductId&, trade::Day)> sold_as_;
  std::shared_ptr<std::atomic<std::int64_t>> lost_refunds_ =
      std::make_shared<std::atomic<std::int64_t>>(0);
  io::Path folder_;
  UnsureDisk disk_;
  io::SimClock clock_{std::int64_t{20'800} * day_ms};
  std::unique_ptr<Core> store_, web_;
  std::unique_ptr<SimulatedPayments> payments_;
  std::string reference_;  // of the payment that was begun last
  std::unique_ptr<Shop> shop_;
};

TEST_F(Shops, take_what_a_store_allots_and_open_their_day_by_themselves) {
  const auto shown = shop_->shown();
  ASSERT_EQ(shown->lines.size(), 1u);
  EXPECT_EQ(shown->lines[0].product.view(), "soap");
  EXPECT_EQ(shown->lines[0].price_pence, 210);
  EXPECT_EQ(shown->lines[0].available.at(trade::testing::store_code), 8);
}

TEST_F(Shops, answer_the_same_checkout_as_the_first_time_also_after_a_restart) {
  const std::string id = basket();
  const auto first = place(id, "k");
  ASSERT_TRUE(first) << refusal(first);
  EXPECT_EQ(first->total_pence, 420);
  EXPECT_EQ(first->code.size(), 16u);
  EXPECT_FALSE(first->is_repeated);
  restart();
  const auto again = place(id, "k");
  ASSERT_TRUE(again) << refusal(again);
  EXPECT_TRUE(again->is_repeated);
  EXPECT_EQ(again->order, first->order);
  EXPECT_EQ(again->code, first->code);
  EXPECT_EQ(order_count(), 1u);
  EXPECT_EQ(trouble(place(id, "other")), ShopTrouble::basket_unknown);
}

TEST_F(Shops, keep_a_payment_that_an_order_may_have) {
  const std::string id = basket();
  disk_.is_unsure = true;
  EXPECT_EQ(refusal(place(id, "1")), "trouble");
  EXPECT_TRUE(shop_->pay(id));  // the guest begins anew
  EXPECT_EQ(payments_->open().size(), 2u);
  restart();
  EXPECT_EQ(payments_->open().size(), order_count()) << "one for an order, none for the basket";
  EXPECT_EQ(order_count(), 1u);
}

TEST_F(Shops, refuse_a_row_that_costs_more_than_a_row_may) {
  trade::LineNo line{};
  view([&](const View& seen) { line = *seen.own.goods.find(trade::testing::product("soap")); });
  must(*web_, trade::PriceSet{line, trade::row_pence_max, {}, {}});
  step();
  const std::string id = shop_->open_basket(trade::testing::store_code).value();
  EXPECT_TRUE(shop_->put(id, trade::testing::product("soap"), 1));
  EXPECT_EQ(shop_->put(id, trade::testing::product("soap"), 3).error(), ShopTrouble::basket_full);
}

TEST_F(Shops, place_nothing_without_address_option_and_payment) {
  const std::string id = shop_->open_basket(trade::testing::store_code).value();
  EXPECT_EQ(trouble(place(id, "1")), ShopTrouble::basket_empty);
  ASSERT_TRUE(shop_->put(id, trade::testing::product("soap"), 1));
  EXPECT_EQ(trouble(place(id, "2")), ShopTrouble::address_missing);
  ASSERT_TRUE(shop_->address(id, "A Guest", "LS1 1AA"));
  EXPECT_EQ(trouble(place(id, "3")), ShopTrouble::option_missing);
  EXPECT_EQ(shop_->choose(id, "9501-1-1-99", false).error(), ShopTrouble::option_wrong);
  ASSERT_TRUE(shop_->choose(id, "collect", false));
  EXPECT_EQ(trouble(place(id, "4")), ShopTrouble::payment_missing);
  EXPECT_EQ(shop_->put(id, trade::testing::product("soap"), 9).error(), ShopTrouble::not_available);
  EXPECT_EQ(shop_->put(id, trade::testing::product("tea"), 1).error(),
            ShopTrouble::product_unknown);
  EXPECT_EQ(shop_->open_basket(trade::SiteCode{7}).error(), ShopTrouble::store_unknown);
}

TEST_F(Shops, refuse_the_last_units_to_the_second_and_give_the_payment_back) {
  const std::string one = basket(5), other = basket(5);
  ASSERT_TRUE(place(one, "1"));
  EXPECT_EQ(refusal(place(other, "2")), "not_allotted");
  EXPECT_EQ(payments_->open().size(), 1u);
  EXPECT_EQ(shop_->payment(other).error(), ShopTrouble::payment_missing);
}

TEST_F(Shops, release_at_their_start_what_a_kill_has_left_authorised) {
  ASSERT_TRUE(place(basket(1), "1"));
  basket(1);
  EXPECT_EQ(payments_->open().size(), 2u);
  restart();
  EXPECT_EQ(payments_->open().size(), 1u);
}

TEST_F(Shops, tell_how_an_order_stands_to_who_knows_its_number_and_postcode_alone) {
  const auto order = place(basket(), "1")->order;
  const auto told = status(order, "LS1-1AA");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->state, trade::OnlineState::placed);
  EXPECT_EQ(status(order, "LS1 1AB").error(), ShopTrouble::order_unknown);
  trade::DocumentNumber unknown = order;
  unknown.counter += 50;
  EXPECT_EQ(status(unknown, "LS1 1AA").error(), ShopTrouble::order_unknown);
}

TEST_F(Shops, let_nobody_guess_a_postcode) {
  const auto order = place(basket(), "1")->order;
  for (int i = 0; i < status_failures_a_minute_max; ++i)
    EXPECT_EQ(status(order, "ZZ9 9ZZ").error(), ShopTrouble::order_unknown);
  EXPECT_EQ(status(order, "LS1 1AA").error(), ShopTrouble::too_many);
  EXPECT_EQ(status(order, "LS1 1AA", "10.0.0.2").error(), ShopTrouble::too_many);
  clock_.advance(61'000);
  EXPECT_TRUE(status(order, "LS1 1AA"));
}

TEST_F(Shops, capture_what_the_store_has_packed_and_release_the_rest) {
  const auto order = place(basket(3), "1")->order;
  // The online site's journal is read up to its last checkpoint, which a stop signs.
  stop();
  store_ = open(trade::testing::store_code, trade::SiteKind::store, "store",
                {folder_ / "web" / site::journal_folder});
  must(*store_, trade::ParcelExpected{order, {}, {}, {}});
  must(*store_, trade::ParcelPacked{order, {{soap, 2}}, {}, {}});
  store_.reset();
  start();
  EXPECT_TRUE(comes_true([&] { return payments_->open().empty(); }));
  view([&](const View& seen) {
    EXPECT_EQ(seen.own.online_orders.at(order.counter).captured_pence, 420);
  });
}

// Tables say the VAT and the age; what they do not have is neither shown nor sold.
TEST_F(Shops, sell_what_is_known_with_its_vat_and_its_age) {
  const auto start_with = [&](std::optional<SoldAs> sold) {
    stop();
    sold_as_ = [sold](const trade::ProductId&, trade::Day) { return sold; };
    start();
    step();
  };
  const trade::ProductId soaps = trade::testing::product("soap");
  start_with({});
  EXPECT_TRUE(shop_->shown()->lines.empty());
  start_with(SoldAs{trade::VatCode::standard, 2'000, 18});
  EXPECT_NE(shop_->shown()->find(soaps), nullptr);
  const auto order = place(basket(3), "1")->order;
  view([&](const View& seen) {
    const trade::OnlineRow& row = seen.own.online_orders.at(order.counter).rows.at(0);
    EXPECT_EQ(row.vat, trade::VatCode::standard);
    EXPECT_EQ(row.basis_points, 2'000);
    EXPECT_EQ(row.age_years, 18);
  });
  hand_over(order);
  view([&](const View& seen) {
    EXPECT_EQ(seen.own.ledger.total(trade::Account::card_receivable), 630);
    EXPECT_EQ(seen.own.ledger.total(trade::Account::vat), -105);
  });
}

TEST_F(Shops, pay_back_what_is_refunded_when_an_order_is_long_over) {
  const auto order = place(basket(3), "1")->order;
  hand_over(order);
  must(*web_, trade::OnlineRefunded{order.counter, 210});
  EXPECT_TRUE(comes_true([&] { return payments_->look(reference_).refunded_pence == 210; }));
  must(*web_, trade::OnlineMoved{order.counter, trade::OnlineVerb::bring_back});
  EXPECT_TRUE(comes_true([&] { return payments_->look(reference_).refunded_pence == 630; }));
}

TEST_F(Shops, refund_who_was_erased_and_say_which_refund_nobody_can_make) {
  const auto order = place(basket(3), "1")->order;
  hand_over(order);
  EXPECT_TRUE(comes_true([&] { return erase(order).has_value(); }));
  must(*web_, trade::OnlineRefunded{order.counter, 210});
  EXPECT_TRUE(comes_true([&] { return payments_->look(reference_).refunded_pence == 210; }));
  EXPECT_EQ(lost_refunds(), 0);
  // A keys.db that was lost, or put back from before.
  EXPECT_TRUE(records::Database::open(folder_ / "web" / keys_file)->run("DELETE FROM payments"));
  must(*web_, trade::OnlineRefunded{order.counter, 210});
  EXPECT_TRUE(comes_true([&] { return lost_refunds() == 420; }));
  EXPECT_EQ(payments_->look(reference_).refunded_pence, 210);
}

TEST_F(Shops, forget_who_ordered_some_days_after_an_order_is_over) {
  const auto order = place(basket(2), "1")->order;
  const auto open = place(basket(2), "2")->order;
  cancel(order);
  clock_.advance((erase_after_days - 1) * day_ms);
  for (int i = 0; i < 3; ++i) step();
  EXPECT_TRUE(status(order, "LS1 1AA"));
  restart();  // which does not begin the count anew
  clock_.advance(day_ms);
  for (int i = 0; i < 3; ++i) step();
  EXPECT_TRUE(comes_true([&] { return customers() == 1; }));
  EXPECT_EQ(status(order, "LS1 1AA").error(), ShopTrouble::order_unknown)
      << "as for a number that was never given";
  EXPECT_TRUE(status(open, "LS1 1AA")) << "nobody has brought it yet";
  EXPECT_EQ(order_count(), 2u) << "the journal goes on knowing the order";
}

TEST_F(Shops, forget_at_once_who_asks_for_it) {
  const auto order = place(basket(2), "1")->order;
  EXPECT_EQ(erase(order).error(), ShopTrouble::order_open);
  cancel(order);
  EXPECT_TRUE(erase(order));
  EXPECT_EQ(status(order, "LS1 1AA").error(), ShopTrouble::order_unknown);
  EXPECT_EQ(customers(), 0);
  EXPECT_TRUE(erase(order)) << "there is nothing left to do";
  trade::DocumentNumber unknown = order;
  unknown.counter += 50;
  EXPECT_EQ(erase(unknown).error(), ShopTrouble::order_unknown);
  restart();
  EXPECT_TRUE(comes_true([&] { return erase(order).has_value(); })) << "it is settled for good";
  EXPECT_TRUE(payments_->open().empty());
}

TEST(SimulatedPayments, decline_answer_late_and_capture_no_more_than_they_authorised) {
  io::SimClock clock(0);
  SimulatedPayments payments(clock, io::real_entropy());
  EXPECT_EQ(payments.look(payments.begin(1'013)->reference).state, PaymentState::declined);
  const std::string late = payments.begin(1'017)->reference;
  EXPECT_EQ(payments.look(late).state, PaymentState::pending);
  clock.advance(2'000);
  EXPECT_EQ(payments.look(late).state, PaymentState::authorised);
  payments.capture(late, 1'018);
  EXPECT_EQ(payments.look(late).state, PaymentState::authorised);
  payments.capture(late, 1'000);
  payments.capture(late, 1'017);
  EXPECT_EQ(payments.look(late).captured_pence, 1'000);
  payments.refund(late, 400);
  payments.refund(late, 400);
  payments.refund(late, 1'001);
  EXPECT_EQ(payments.look(late).refunded_pence, 400);
  payments.release(late);
  EXPECT_EQ(payments.look(late).state, PaymentState::captured);
}

TEST(PersonalData, is_read_until_it_is_erased_and_stands_nowhere_in_plain) {
  const io::Path folder = io::Path(::testing::TempDir()) / "personal-data";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto data = PersonalData::open(folder, io::real_entropy()).value();
  std::promise<trade::Sha256> kept;
  ASSERT_TRUE(data->keep("A Guest of the High Street", "pay-1",
                         [&](const base::Result<trade::Sha256>& it) { kept.set_value(*it); }));
  const trade::Sha256 sealed = kept.get_future().get();
  const auto read = [&] {
    std::promise<base::Result<std::string>> told;
    EXPECT_TRUE(
        data->read(sealed, [&](const base::Result<std::string>& it) { told.set_value(it); }));
    return told.get_future().get();
  };
  EXPECT_EQ(read(), "A Guest of the High Street");
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto bytes = io::read_file(io::real_disk(), file.path());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->find("High Street"), std::string::npos) << file.path();
  }
  const auto payment = [&] {
    std::promise<base::Result<std::string>> told;
    EXPECT_TRUE(data->read_payment(
        sealed, [&](const base::Result<std::string>& it) { told.set_value(it); }));
    return told.get_future().get();
  };
  EXPECT_EQ(payment(), "pay-1");
  EXPECT_EQ(data->list_open()->size(), 1u);
  std::promise<bool> erased;
  data->erase_for_good(sealed, [&](const base::Result<>& done) { erased.set_value(!!done); });
  EXPECT_TRUE(erased.get_future().get());
  EXPECT_FALSE(read());
  EXPECT_TRUE(data->list_open()->empty());
  EXPECT_EQ(payment(), "pay-1") << "it says nothing of a person, and somebody may be owed money";
  EXPECT_EQ(data->list_payments()->size(), 1u);
  data->erase(sealed);
  EXPECT_FALSE(payment());
  EXPECT_TRUE(data->list_payments()->empty());
}

// All bytes of a folder's files.
std::string raw_bytes(const io::Path& folder) {
  std::string bytes;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    bytes += io::read_file(io::real_disk(), file.path()).value();
  return bytes;
}

TEST(PersonalData, leaves_no_byte_of_a_key_or_a_text_in_the_files) {
  constexpr int customers = 2'000;  // enough for rows to move from page to page
  const io::Path folder = io::Path(::testing::TempDir()) / "personal-data-raw";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto data = PersonalData::open(folder, io::real_entropy()).value();
  std::vector<trade::Sha256> sealed;
  for (int i = 0; i < customers; ++i) {
    std::promise<trade::Sha256> kept;
    ASSERT_TRUE(
        data->keep(fmt::format("Guest {} of the High Street{}", i, std::string(i % 200, '.')),
                   "pay", [&](const base::Result<trade::Sha256>& it) { kept.set_value(*it); }));
    sealed.push_back(kept.get_future().get());
  }
  struct Row {
    std::string key, bytes;
  };
  std::vector<Row> rows;
  {
    const auto keys = records::Database::open(folder / keys_file).value();
    for (const trade::Sha256& one : sealed) {
      auto get = keys.prepare("SELECT key, bytes FROM customers WHERE sealed = ?").value();
      get.bind_bytes(1, {reinterpret_cast<const char*>(one.bytes.data()), one.bytes.size()});
      ASSERT_TRUE(get.step().value());
      rows.push_back({std::string(get.text(0)), std::string(get.text(1))});
    }
  }
  const auto is_there = [&](const std::string& raw, const Row& row) {
    return raw.find(row.key) != raw.npos || raw.find(row.bytes.substr(24, 40)) != raw.npos;
  };
  ASSERT_TRUE(is_there(raw_bytes(folder), rows[7])) << "the test sees what is there";
  // Every third is over since day 100, every fourth since day 101; one is erased by its number.
  for (int i = 0; i < customers; ++i) {
    if (i % 3 == 0) data->note_over(sealed[i], {100});
    if (i % 4 == 0) data->note_over(sealed[i], {101});
  }
  const auto wait = [](auto&& start) {
    std::promise<base::Result<>> told;
    start([&](const base::Result<>& done) { told.set_value(done); });
    return told.get_future().get();
  };
  ASSERT_TRUE(wait([&](auto then) { data->erase_over({100}, then); }));
  ASSERT_TRUE(wait([&](auto then) { data->erase_for_good(sealed[7], then); }));
  const std::string raw = raw_bytes(folder);
  for (int i = 0; i < customers; ++i)
    ASSERT_EQ(is_there(raw, rows[i]), i % 3 != 0 && i != 7) << "customer " << i;
  EXPECT_EQ(data->list_open()->size(), 999u);
}

TEST(PersonalData, of_a_file_of_before_can_be_erased_by_age) {
  const io::Path folder = io::Path(::testing::TempDir()) / "personal-data-before";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    auto before = records::Database::open(folder / keys_file).value();
    ASSERT_TRUE(before.run(
        "CREATE TABLE customers(sealed BLOB PRIMARY KEY, key BLOB NOT NULL, bytes BLOB NOT NULL) "
        "WITHOUT ROWID; INSERT INTO customers VALUES(zeroblob(32), zeroblob(32), 'text')"));
  }
  const auto data = PersonalData::open(folder, io::real_entropy()).value();
  EXPECT_EQ(data->list_open()->size(), 1u);
  data->note_over({}, {100});
  EXPECT_TRUE(data->list_open()->empty());
}

}  // namespace
}  // namespace site
