#include "site/evening.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "estate/sample.h"
#include "site/cut_offs.h"
#include "site/open_orders.h"
#include "trade/partition.h"

namespace site {
namespace {

using base::Date;
using testing::HasSubstr;
using testing::Not;

// A wall clock that a test sets while other threads look at it.
class WallClock final : public io::Clock {
 public:
  double seconds() override { return io::real_clock().seconds(); }
  std::int64_t wall_ms() override { return wall_ms_; }
  void set(std::int64_t wall_ms) { wall_ms_ = wall_ms; }

 private:
  std::atomic<std::int64_t> wall_ms_ = 0;
};

template <class T, class Start>
T waited(Start&& start) {
  std::promise<T> promise;
  EXPECT_TRUE(start([&](T value) { promise.set_value(std::move(value)); }));
  return promise.get_future().get();
}

// A store of a sample estate, in the afternoon of the day after the sample's last.
class EveningTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    estate::SampleOptions options;
    options.stores = 3;
    options.lines = 120;
    options.days = 120;
    options.out = io::Path(::testing::TempDir()) / "site-evening-estate";
    const auto facts = estate::write_sample(io::real_disk(), options);
    ASSERT_TRUE(facts);
    estate_ = options.out;
    day_ = facts->as_of + 1;
  }

  void SetUp() override {
    data_ = io::Path(::testing::TempDir()) /
            (std::string("site-evening-") +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(data_);
    std::filesystem::create_directories(data_);
    clock_.set(local_ms(day_, 15 * 60));
    begin();
  }
  void TearDown() override { end(); }

  void begin() {
    CoreOptions options;
    options.data = data_;
    options.site = site_;
    options.estate = "test";
    core_ = Core::start(options, io::real_disk(), clock_, io::real_entropy()).value();
    history_ = History::start(*core_, io::real_disk(), data_, options.site.code).value();
    evening_ = Evening::start(*core_, *history_, io::real_disk(), clock_,
                              {.estate = estate_, .site_id = site_id_})
                   .value();
  }
  void end() {
    evening_.reset();
    history_.reset();
    core_.reset();
  }

  Outcome wish(trade::Body body, const trade::Origin& origin = {}) {
    return waited<Outcome>([&](auto then) {
      return core_->submit({origin, [body](const trade::Partition&) { return body; }},
                           [then](const Outcome& outcome, const View&) mutable { then(outcome); });
    });
  }
  void must(const trade::Body& body) { EXPECT_TRUE(wish(body).has_value()) << kind_name(body); }
  // What the book knows now, in a book of its own.
  trade::Book book() {
    trade::Book copy;
    const auto bytes = waited<std::string>([&](auto then) {
      return core_->ask([then](const View& view) mutable { then(encode(view.own)); });
    });
    EXPECT_TRUE(copy.restore(bytes));
    return copy;
  }
  base::Result<NightFacts> run_night() {
    return waited<base::Result<NightFacts>>([&](auto then) { return evening_->run_now(then); });
  }
  // Until it is so, or ten seconds have passed.
  template <class Condition>
  bool comes_true(Condition&& is_so) {
    for (int i = 0; i < 200; ++i) {
      if (is_so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
  std::size_t orders_placed() {
    std::size_t placed = 0;
    const trade::Book known = book();
    for (const auto& [key, order] : known.partitions().begin()->second.orders)
      placed += order.state == trade::OrderState::placed;
    return placed;
  }

  // The name of the refusal, or "done".
  std::string answer(const trade::Body& body, const trade::Origin& origin) {
    const Outcome outcome = wish(body, origin);
    if (outcome) return "done";
    const auto* no = std::get_if<trade::No>(&outcome.error().why);
    return no == nullptr ? outcome.error().words : std::string(row_of(no->why).name);
  }
  // Why each order that waits for a person does.
  std::map<OrderName, std::string> waiting() {
    using Whys = std::map<OrderName, std::string>;
    return waited<Whys>([&](auto then) {
      return core_->ask([then](const View& view) mutable {
        Whys whys;
        for (const auto& [order, note] : view.order_notes->not_placed)
          if (waits_for_a_person(view.own, *view.order_notes, order)) whys[order] = note.why;
        EXPECT_EQ(count_waiting(view.own, *view.order_notes), whys.size());
        then(whys);
      });
    });
  }
  trade::Origin enrolled_manager() {
    must(trade::PersonEnrolled{{}, trade::Role::manager, {{{1}}}});
    return {trade::ActorNo{1}, {}, 0, {}};
  }

  trade::SiteOpened site_{trade::SiteCode{2}, trade::SiteKind::store, 1};
  std::string site_id_ = "S0002";
  static inline io::Path estate_;
  static inline Date day_;
  io::Path data_;
  WallClock clock_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<History> history_;
  std::unique_ptr<Evening> evening_;
};

TEST_F(EveningTest, lines_are_opened_at_the_first_start_and_not_again_at_the_next) {
  const trade::Book first = book();
  EXPECT_GT(first.partitions().begin()->second.goods.line_count(), 20u);
  const std::uint64_t entries = core_->committed();
  end();
  begin();
  EXPECT_EQ(core_->committed(), entries + 1);  // the digest that a clean stop leaves
}

TEST_F(EveningTest, there_is_no_night_before_the_first_trading_day) {
  EXPECT_EQ(run_night().error().code, base::ErrorCode::nothing_to_do);
}

TEST_F(EveningTest, a_night_proposes_orders_and_keeps_their_reasons) {
  must(trade::DayOpened{trade::to_day(day_)});
  const auto facts = run_night();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->day, day_);
  EXPECT_EQ(facts->refused, 0u) << facts->first_refusal;
  EXPECT_GT(facts->orders, 0u);
  const trade::Book known = book();
  EXPECT_EQ(known.partitions().begin()->second.proposals.size(), facts->orders);
  const auto told =
      waited<base::Result<std::string>>([&](auto then) { return history_->night(day_, then); });
  ASSERT_TRUE(told);
  EXPECT_THAT(*told, HasSubstr("\"reasons\""));
  const auto none =
      waited<base::Result<std::string>>([&](auto then) { return history_->night(day_ - 1, then); });
  EXPECT_EQ(none.error().code, base::ErrorCode::input_missing);
}

TEST_F(EveningTest, at_the_cut_off_what_nobody_touched_is_placed_as_proposed) {
  must(trade::DayOpened{trade::to_day(day_)});
  const std::size_t orders = run_night()->orders;
  EXPECT_EQ(orders_placed(), 0u);
  clock_.set(local_ms(day_ + 1, 3 * 60));
  EXPECT_TRUE(comes_true([&] { return orders_placed() == orders; }));
}

TEST_F(EveningTest, what_a_person_changed_is_placed_as_changed_and_what_was_withdrawn_is_not) {
  must(trade::DayOpened{trade::to_day(day_)});
  ASSERT_TRUE(run_night());
  const trade::Book proposed = book();
  const auto& proposals = proposed.partitions().begin()->second.proposals;
  const trade::OrderKey first = proposals.begin()->first;
  trade::OrderRow changed = proposals.begin()->second.rows.front();
  changed.units += 1;
  must(trade::OrderConfirmed{first, {changed}});
  std::size_t withdrawn = 0;
  for (const auto& [key, proposal] : proposals)
    if (key != first) must(trade::ProposalWithdrawn{key}), ++withdrawn;
  clock_.set(local_ms(day_ + 1, 3 * 60));
  EXPECT_TRUE(comes_true([&] { return orders_placed() == 1; }));
  const trade::Book known = book();
  const auto& orders = known.partitions().begin()->second.orders;
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders.at(first).rows.front().ordered, changed.units);
}

TEST_F(EveningTest, what_a_person_skipped_is_not_placed_and_what_is_to_be_learned_is_told) {
  must(trade::DayOpened{trade::to_day(day_)});
  must(trade::PersonEnrolled{{}, trade::Role::manager, {{{1}}}});
  const std::size_t orders = run_night()->orders;
  ASSERT_GT(orders, 1u);
  const trade::Book proposed = book();
  const auto& proposals = proposed.partitions().begin()->second.proposals;
  const trade::OrderKey first = proposals.begin()->first, last = proposals.rbegin()->first;
  const trade::Origin manager{trade::ActorNo{1}, {}, 0, {}};
  EXPECT_TRUE(
      wish(trade::ProposalSkipped{first, trade::ChangeReason::no_room, {}, false}, manager));
  const trade::OrderRow more{proposals.at(last).rows[0].line, proposals.at(last).rows[0].units + 7};
  EXPECT_TRUE(
      wish(trade::ProposalChanged{last, trade::ChangeReason::sold_out, {}, true, {more}}, manager));
  ASSERT_TRUE(run_night());
  const std::string told =
      waited<History::Night>([&](auto then) { return history_->night(day_, then); }).value();
  EXPECT_THAT(told, HasSubstr("\"sold_out\""));
  EXPECT_THAT(told, Not(HasSubstr("\"no_room\"")));
  clock_.set(local_ms(day_ + 1, 3 * 60));
  EXPECT_TRUE(comes_true([&] { return orders_placed() == orders - 1; }));
}

TEST_F(EveningTest, a_change_after_the_cut_off_is_refused_also_after_a_restart) {
  must(trade::DayOpened{trade::to_day(day_)});
  const trade::Origin manager = enrolled_manager();
  const std::size_t orders = run_night()->orders;
  const trade::Book proposed = book();
  const auto& [key, proposal] = *proposed.partitions().begin()->second.proposals.begin();
  clock_.set(local_ms(day_ + 1, 3 * 60));
  ASSERT_TRUE(comes_true([&] { return orders_placed() == orders; }));
  const trade::OrderConfirmed change{key, {proposal.rows.front()}};
  const trade::OrderMoved cancel{key, trade::OrderVerb::cancel};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(answer(change, manager), "cut_off_passed");
    EXPECT_EQ(answer(cancel, manager), "cut_off_passed");
    end();
    begin();
    must(trade::DayClosed{});
    must(trade::DayOpened{trade::to_day(day_ + i)});
  }
  EXPECT_EQ(orders_placed(), orders);
}

TEST_F(EveningTest, before_the_cut_off_what_was_placed_may_change_and_waits_for_it) {
  must(trade::DayOpened{trade::to_day(day_)});
  const trade::Origin manager = enrolled_manager();
  const std::size_t orders = run_night()->orders;
  const trade::Book proposed = book();
  const auto& [key, proposal] = *proposed.partitions().begin()->second.proposals.begin();
  EXPECT_EQ(answer(trade::OrderConfirmed{key, proposal.rows}, manager), "done");
  EXPECT_EQ(answer(trade::OrderPlaced{key, 0, {}}, manager), "done");
  EXPECT_EQ(answer(trade::OrderConfirmed{key, {proposal.rows.front()}}, manager), "done");
  clock_.set(local_ms(day_ + 1, 3 * 60));
  ASSERT_TRUE(comes_true([&] { return orders_placed() == orders; }));
  EXPECT_EQ(book().partitions().begin()->second.orders.at(key).rows.size(), 1u);
}

// As where a wave of the depot is open for longer: the core takes the change, and nobody has to
// place it.
TEST_F(EveningTest, a_change_that_is_taken_after_the_cut_off_goes_off_at_once) {
  must(trade::DayOpened{trade::to_day(day_)});
  const std::size_t orders = run_night()->orders;
  const trade::Book proposed = book();
  const auto& [key, proposal] = *proposed.partitions().begin()->second.proposals.begin();
  clock_.set(local_ms(day_ + 1, 3 * 60));
  ASSERT_TRUE(comes_true([&] { return orders_placed() == orders; }));
  const auto counter = [&] { return book().partitions().begin()->second.orders.at(key).counter; };
  const std::uint32_t first = counter();
  must(trade::OrderConfirmed{key, {proposal.rows.front()}});
  EXPECT_TRUE(comes_true([&] { return orders_placed() == orders; }));
  EXPECT_GT(counter(), first) << "under a new number";
}

TEST_F(EveningTest, what_is_refused_at_its_cut_off_waits_until_a_person_has_dealt_with_it) {
  must(trade::DayOpened{trade::to_day(day_)});
  const trade::Origin manager = enrolled_manager();
  const std::size_t orders = run_night()->orders;
  ASSERT_GT(orders, 1u);
  const trade::Book proposed = book();
  const trade::Partition& own = proposed.partitions().begin()->second;
  const auto& [first, rows] = *own.proposals.begin();
  const trade::OrderKey last = own.proposals.rbegin()->first;
  for (const auto& proposal : {rows, own.proposals.at(last)}) {
    const trade::LineNo line = proposal.rows.front().line;
    EXPECT_TRUE(wish(trade::LineChanged{line, own.goods.terms(line), 0, true}, manager));
  }
  EXPECT_TRUE(waiting().empty());
  clock_.set(local_ms(day_ + 1, 3 * 60));
  const std::map<OrderName, std::string> both{{first, "line_closed"}, {last, "line_closed"}};
  ASSERT_TRUE(comes_true([&] { return orders_placed() == orders - 2; }));
  EXPECT_TRUE(comes_true([&] { return waiting() == both; }));
  end();
  begin();
  EXPECT_TRUE(comes_true([&] { return waiting() == both; })) << "a start forgets none";

  EXPECT_EQ(answer(trade::ProposalSkipped{last, trade::ChangeReason::no_room, {}, false}, manager),
            "done");
  EXPECT_EQ(waiting().size(), 1u);
  auto others = rows.rows;
  others.erase(others.begin());
  ASSERT_FALSE(others.empty());
  EXPECT_EQ(answer(trade::OrderConfirmed{first, others}, manager), "done");
  EXPECT_TRUE(comes_true([&] { return orders_placed() == orders - 1; })) << "it goes off at once";
  EXPECT_TRUE(waiting().empty());
}

TEST_F(EveningTest, the_night_leaves_a_line_closed_that_a_person_closed) {
  must(trade::DayOpened{trade::to_day(day_)});
  const trade::Origin manager = enrolled_manager();
  const trade::Book opened = book();
  const trade::Goods& goods = opened.partitions().begin()->second.goods;
  const trade::LineNo by_person{0}, by_night{1};
  const auto change = [&](trade::LineNo line, bool is_closed, trade::Terms terms) {
    return trade::LineChanged{line, terms, 7, is_closed};
  };
  EXPECT_TRUE(wish(change(by_person, true, goods.terms(by_person)), manager));
  must(change(by_night, true, goods.terms(by_night)));
  const auto is_closed = [&](trade::LineNo line) {
    return book().partitions().begin()->second.goods.is_closed(line);
  };
  ASSERT_TRUE(run_night());
  EXPECT_TRUE(is_closed(by_person));
  EXPECT_FALSE(is_closed(by_night)) << "what the site itself closed follows the range";
  // Other terms, which the night puts right, do not open it either; and it stays the person's.
  trade::Terms others = goods.terms(by_person);
  others.case_weight_g += 1;
  must(change(by_person, true, others));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(run_night());
    EXPECT_TRUE(is_closed(by_person));
  }
  EXPECT_EQ(book().partitions().begin()->second.goods.terms(by_person), goods.terms(by_person));
  EXPECT_TRUE(wish(change(by_person, false, goods.terms(by_person)), manager));
  must(change(by_person, true, goods.terms(by_person)));
  ASSERT_TRUE(run_night());
  EXPECT_FALSE(is_closed(by_person)) << "the person had opened it";
}

TEST_F(EveningTest, a_restart_forgets_no_cut_off) {
  must(trade::DayOpened{trade::to_day(day_)});
  const std::size_t orders = run_night()->orders;
  end();
  begin();
  EXPECT_EQ(orders_placed(), 0u);
  clock_.set(local_ms(day_ + 1, 3 * 60));
  EXPECT_TRUE(comes_true([&] { return orders_placed() == orders; }));
}

TEST_F(EveningTest, the_night_runs_once_at_its_hour) {
  must(trade::DayOpened{trade::to_day(day_)});
  const auto proposals = [&] {
    const trade::Book known = book();
    return known.partitions().begin()->second.proposals.size();
  };
  EXPECT_EQ(proposals(), 0u);
  clock_.set(local_ms(day_, 22 * 60 + 1));
  EXPECT_TRUE(comes_true([&] { return proposals() > 0; }));
  EXPECT_TRUE(comes_true([&] {
    return waited<History::Night>([&](auto then) { return history_->night(day_, then); })
        .has_value();
  }));
}

// The depot that supplies it.
class DepotEveningTest : public EveningTest {
 protected:
  DepotEveningTest() {
    site_ = {trade::SiteCode{9'001}, trade::SiteKind::depot, 1};
    site_id_ = "D01";
  }
  std::size_t inbound_in(trade::InboundState state) {
    const trade::Book known = book();
    std::size_t count = 0;
    for (const auto& [counter, inbound] : known.partitions().begin()->second.inbounds)
      count += inbound.state == state;
    return count;
  }
};

TEST_F(DepotEveningTest, a_night_proposes_orders_to_suppliers_that_are_placed_at_their_cut_off) {
  must(trade::DayOpened{trade::to_day(day_)});
  const auto facts = run_night();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->refused, 0u) << facts->first_refusal;
  ASSERT_GT(facts->orders, 1u);
  EXPECT_EQ(inbound_in(trade::InboundState::proposed), facts->orders);
  const std::string told =
      waited<History::Night>([&](auto then) { return history_->night(day_, then); }).value();
  EXPECT_THAT(told, HasSubstr("\"supplier\""));
  EXPECT_THAT(told, HasSubstr("\"because\""));
  const trade::Book known = book();
  const std::uint32_t first = known.partitions().begin()->second.inbounds.begin()->first;
  must(trade::InboundMoved{first, trade::InboundVerb::withdraw, {}});
  end();
  begin();
  clock_.set(local_ms(day_ + 1, 3 * 60));
  EXPECT_TRUE(
      comes_true([&] { return inbound_in(trade::InboundState::expected) == facts->orders - 1; }));
  EXPECT_EQ(inbound_in(trade::InboundState::withdrawn), 1u);
}

TEST_F(DepotEveningTest, a_second_night_of_the_day_takes_the_place_of_the_first) {
  must(trade::DayOpened{trade::to_day(day_)});
  const std::size_t orders = run_night()->orders;
  ASSERT_EQ(run_night()->orders, orders);
  EXPECT_EQ(inbound_in(trade::InboundState::proposed), orders);
  EXPECT_EQ(inbound_in(trade::InboundState::withdrawn), orders);
}

}  // namespace
}  // namespace site
