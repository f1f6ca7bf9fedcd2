// A shift at a till's desk, as a colleague, a manager, customers and a bank see it.
#include "till/desk.h"

#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/peer_reader.h"
#include "till/testing/kit.h"

namespace till {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using trade::Account;
using trade::DrawerVerb;
using trade::PaymentState;
using trade::TenderKind;
using trade::TillReason;

constexpr auto wrong = TillReason::scanned_wrong;

class DeskTest : public ::testing::Test {
 protected:
  void SetUp() override { till_.open(); }

  // The word of what is in the way of a line, in order.
  static std::vector<std::string> hindrances(const ShownBasket& basket) {
    std::vector<std::string> words;
    for (const Hindrance& one : basket.hindrances) {
      const auto* refusal = std::get_if<selling::Refusal>(&one.why);
      words.emplace_back(refusal != nullptr
                             ? selling::row_of(*refusal).name
                             : trade::row_of(std::get<trade::Refusal>(one.why)).name);
    }
    return words;
  }
  std::string take_gift_card(const std::string& code, std::int64_t pence = 0) {
    const auto shown = till_.basket([&](Told<ShownBasket> then) {
      till_.desk->take_gift_card(till_.who(), code, pence, std::move(then));
    });
    return shown ? "done" : word(shown.error());
  }
  // Another site's journal, on the same disk, and the till that reads it from then on. What the
  // site's process may not do does its first person.
  void write_elsewhere(const io::Path& folder, const trade::SiteOpened& site,
                       const std::vector<trade::Body>& bodies) {
    site::CoreOptions options = till_.options;
    options.data = folder;
    options.site = site;
    const auto core = site::Core::start(options, disk_, till_.clock, till_.entropy).value();
    for (const trade::Body& body : bodies) {
      trade::Origin origin;
      if (std::holds_alternative<trade::PriceReduced>(body)) origin.actor = trade::ActorNo{1};
      std::string said;
      ASSERT_TRUE(core->submit(site::testing::wish(body, origin),
                               [&](const site::Outcome& outcome, const site::View&) {
                                 said = site::testing::word(outcome);
                               }));
      core->step();
      ASSERT_EQ(said, "done") << body.index();
    }
  }
  void hear(const io::Path& folder) {
    till_.options.peers = {folder / "journal"};
    till_.restart();
    till_.core->read_peers();
    till_.seconds(3);
  }
  std::string void_line(std::uint32_t line, const Asker& who, TillReason reason = wrong) {
    const auto shown = till_.basket(
        [&](Told<ShownBasket> then) { till_.desk->void_line(who, line, reason, std::move(then)); });
    return shown ? "done" : word(shown.error());
  }
  std::expected<ShownBasket, Why> sell_voucher(std::int64_t pence) {
    return till_.basket([&](Told<ShownBasket> then) {
      till_.desk->sell_voucher(till_.who(), trade::VoucherKind::gift_card, pence, std::move(then));
    });
  }
  std::string refund(Refund wanted, const Asker& who) {
    const auto made = till_.told<Completed>(
        [&](Told<Completed> then) { till_.desk->refund(who, std::move(wanted), std::move(then)); });
    if (made) last_ = *made;
    return made ? "done" : word(made.error());
  }
  // "declined" and so on, of the basket's first tender.
  std::string first_state() {
    const auto shown = till_.look();
    if (!shown || shown->tenders.empty()) return "none";
    return std::string(trade::text_of(shown->tenders[0].state));
  }
  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }

  io::SimDisk disk_{1};
  World till_{disk_};
  Completed last_;
};

TEST_F(DeskTest, sells_for_cash_with_member_price_multibuy_and_a_weighed_barcode) {
  ASSERT_TRUE(till_.scan("milk", 2));
  ASSERT_TRUE(till_.scan("yogurt", 3));
  const auto cheddar = till_.basket([&](Told<ShownBasket> then) {
    till_.desk->add(till_.who(), {.code = "2012345002876"}, std::move(then));
  });
  ASSERT_TRUE(cheddar) << word(cheddar.error());
  EXPECT_EQ(cheddar->to_pay_pence, 310 + 190 + 287);
  const auto grapes = till_.basket([&](Told<ShownBasket> then) {
    till_.desk->add(till_.who(), {.product = id("grapes"), .grams = 500}, std::move(then));
  });
  ASSERT_TRUE(grapes);
  const auto member = till_.basket([&](Told<ShownBasket> then) {
    till_.desk->show_card(till_.who(), member_card, std::move(then));
  });
  ASSERT_TRUE(member) << word(member.error());
  EXPECT_EQ(member->to_pay_pence, 280 + 190 + 287 + 175);
  EXPECT_EQ(word(till_.complete().error()), word(DeskTrouble::not_paid));
  EXPECT_EQ(till_.cash(1'000)->change_pence, 68);
  EXPECT_EQ(word(till_.cash(1).error()), word(DeskTrouble::over_paid));
  const auto done = till_.complete();
  ASSERT_TRUE(done) << word(done.error());
  EXPECT_EQ(done->total_pence, 932);
  EXPECT_EQ(done->change_pence, 68);
  const std::string text = joined(done->text);
  EXPECT_THAT(text, HasSubstr("Yogurt 3 for 2"));
  EXPECT_THAT(text, HasSubstr("Cash"));
  EXPECT_THAT(text, HasSubstr("Change"));
  EXPECT_THAT(text, HasSubstr("Receipt " + trade::to_string(done->receipt)));
  for (const std::string& line : done->text) EXPECT_LE(line.size(), receipt_columns) << line;
  EXPECT_EQ(till_.total(Account::cash), 10'000 + 932);
  // The store will take grams off its shelf, also where the code had a price alone.
  const auto units = till_.read([](const trade::Partition& own) {
    return std::pair(own.goods.find(id("cheddar")).has_value(), own.shift.sale_count);
  });
  EXPECT_EQ(units, std::pair(true, 1u));
  EXPECT_THAT(till_.look()->priced.lines, IsEmpty());
}

TEST_F(DeskTest, a_request_that_comes_again_sells_nothing_twice_also_after_a_restart) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.cash(200));
  const auto first = till_.complete("once");
  ASSERT_TRUE(first);
  const auto again = till_.complete("once");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_repeated);
  EXPECT_EQ(again->receipt, first->receipt);
  EXPECT_EQ(again->text, first->text);
  till_.restart();
  const auto later = till_.complete("once");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->receipt, first->receipt);
  EXPECT_EQ(later->total_pence, 165);
  EXPECT_THAT(later->text, IsEmpty());
  EXPECT_EQ(till_.sales(), 1u);
  Asker other = till_.who("once");
  other.request.bytes[15] ^= 1;
  const auto reused = till_.told<Completed>(
      [&](Told<Completed> then) { till_.desk->complete(other, std::move(then)); });
  EXPECT_EQ(word(reused.error()), "other_content");
}

TEST_F(DeskTest, a_scan_that_is_sent_again_with_what_was_seen_puts_nothing_in_twice) {
  const auto scan = [&](std::uint32_t seen) {
    return till_.basket([&](Told<ShownBasket> then) {
      till_.desk->add(till_.who(), {.product = id("cola"), .changes = seen}, std::move(then));
    });
  };
  const std::uint32_t seen = till_.look()->changes;
  ASSERT_TRUE(scan(seen));
  EXPECT_EQ(word(scan(seen).error()), word(DeskTrouble::basket_changed));
  EXPECT_EQ(till_.look()->priced.lines.size(), 1u);
}

TEST_F(DeskTest, goods_with_an_age_limit_wait_for_the_check_and_are_refused_by_it) {
  const auto scanned = till_.scan("whisky");
  ASSERT_TRUE(scanned);
  EXPECT_THAT(hindrances(*scanned), ElementsAre("age_unchecked"));
  EXPECT_EQ(word(till_.cash(2'000).error()), word(DeskTrouble::basket_refused));
  EXPECT_EQ(word(till_.card().error()), word(DeskTrouble::basket_refused));
  EXPECT_THAT(till_.terminal.requests, IsEmpty());
  const auto check = [&](selling::AgeOutcome outcome) {
    return till_.basket([&](Told<ShownBasket> then) {
      till_.desk->check_age(till_.who(), {18, outcome}, std::move(then));
    });
  };
  EXPECT_THAT(hindrances(*check(selling::AgeOutcome::refused)), ElementsAre("age_refused"));
  EXPECT_THAT(till_.log,
              Contains(HasSubstr(R"("till_restriction":"age_refused","product":"whisky")")));
  EXPECT_EQ(word(till_.complete().error()), word(DeskTrouble::basket_refused));
  ASSERT_EQ(void_line(0, till_.who()), "done");
  EXPECT_THAT(hindrances(*till_.look()), IsEmpty());

  // The next customer is of age.
  const auto anew = till_.basket([&](Told<ShownBasket> then) {
    till_.desk->void_basket(till_.who(), TillReason::customer_changed_mind, std::move(then));
  });
  ASSERT_TRUE(anew) << word(anew.error());
  ASSERT_TRUE(till_.scan("whisky"));
  EXPECT_THAT(hindrances(*check(selling::AgeOutcome::passed)), IsEmpty());
  EXPECT_THAT(till_.log, Contains(HasSubstr(R"("bound":18,"outcome":"passed")")));
  ASSERT_TRUE(till_.cash(2'000));
  EXPECT_TRUE(till_.complete());
}

TEST_F(DeskTest, a_stop_sale_is_in_the_way_and_is_logged_once) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_EQ(till_.must(trade::StopSet{0, id("cola"), {}, {}, {}}, trade::ActorNo{3}), "done");
  EXPECT_THAT(hindrances(*till_.scan("milk")), ElementsAre("stop_sale"));
  EXPECT_THAT(hindrances(*till_.scan("milk")), ElementsAre("stop_sale"));
  EXPECT_EQ(std::ranges::count_if(
                till_.log, [](const std::string& it) { return it.find("stop_sale") != it.npos; }),
            1);
  EXPECT_EQ(word(till_.cash(1'000).error()), word(DeskTrouble::basket_refused));
}

TEST_F(DeskTest, card_and_cash_pay_together_and_the_paper_shows_no_more_than_four_digits) {
  ASSERT_TRUE(till_.scan("milk", 10));
  const auto paid = till_.card(1'000);
  ASSERT_TRUE(paid) << word(paid.error());
  EXPECT_EQ(first_state(), "approved");
  EXPECT_EQ(paid->left_pence, 550);
  ASSERT_TRUE(till_.cash(600));
  const auto done = till_.complete();
  ASSERT_TRUE(done) << word(done.error());
  EXPECT_EQ(done->change_pence, 50);
  EXPECT_THAT(joined(done->text), HasSubstr("visa ************4242"));
  EXPECT_EQ(till_.total(Account::card_receivable), 1'000);
  EXPECT_EQ(till_.total(Account::unapplied), 0);
  EXPECT_EQ(till_.terminal.charged_pence(), 1'000);
}

TEST_F(DeskTest, a_card_that_is_declined_pays_nothing_and_another_tender_does) {
  ASSERT_TRUE(till_.scan("cola"));
  till_.terminal.answers_with = trade::AnswerKind::declined;
  EXPECT_EQ(till_.card()->left_pence, 165);
  EXPECT_EQ(first_state(), "declined");
  EXPECT_EQ(word(till_.complete().error()), word(DeskTrouble::not_paid));
  ASSERT_TRUE(till_.cash(165));
  EXPECT_TRUE(till_.complete());
  EXPECT_EQ(till_.total(Account::card_receivable), 0);
}

TEST_F(DeskTest, a_card_that_is_not_answered_is_taken_back_and_a_late_yes_charges_nothing) {
  ASSERT_TRUE(till_.scan("cola"));
  till_.terminal.answers_with = std::nullopt;
  till_.terminal.has_line = false;
  ASSERT_TRUE(till_.card());
  EXPECT_EQ(first_state(), "asked");
  EXPECT_EQ(word(till_.complete().error()), word(DeskTrouble::tender_waiting));
  const trade::DocumentNumber payment = till_.look()->tenders[0].payment;
  till_.seconds(48);
  EXPECT_EQ(first_state(), "reversing");
  // The bank had charged it, and its answer comes at last.
  till_.terminal.charged[payment] = 165;
  till_.terminal.answer(trade::AnswerKind::approved, payment);
  till_.terminal.has_line = true;
  till_.seconds(8);
  EXPECT_EQ(first_state(), "reversed");
  EXPECT_EQ(till_.terminal.charged_pence(), 0);
  // Later still, once more.
  till_.terminal.charged[payment] = 165;
  till_.terminal.answer(trade::AnswerKind::approved, payment);
  till_.seconds(8);
  EXPECT_EQ(till_.terminal.charged_pence(), 0);
  ASSERT_TRUE(till_.cash(165));
  ASSERT_TRUE(till_.complete());
  EXPECT_EQ(till_.total(Account::card_receivable), 0);
  const auto charges = std::ranges::count(till_.terminal.requests, trade::RequestKind::charge,
                                          &trade::CardRequest::kind);
  EXPECT_EQ(charges, 1);
}

TEST_F(DeskTest, without_a_line_cards_are_stored_within_the_caps_and_forwarded_once_it_is_back) {
  till_.terminal.answers_with = trade::AnswerKind::no_line;
  till_.terminal.has_line = false;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(till_.scan("milk", 10));
    EXPECT_EQ(till_.card()->left_pence, 0);
    EXPECT_EQ(first_state(), "stored");
    const auto done = till_.complete();
    ASSERT_TRUE(done) << word(done.error());
    EXPECT_THAT(joined(done->text), HasSubstr("taken without asking the bank"));
  }
  EXPECT_EQ(till_.state().stored_count, 2);
  // Over the cap of a sale it is no tender, and of contactless.
  ASSERT_TRUE(till_.scan("milk", 40));
  EXPECT_EQ(till_.card()->left_pence, 6'200);
  EXPECT_EQ(first_state(), "dropped");
  EXPECT_EQ(till_.card(4'000)->left_pence, 6'200);

  till_.terminal.has_line = true;
  till_.seconds(120);
  EXPECT_EQ(till_.state().stored_count, 0);
  EXPECT_EQ(till_.terminal.charged_pence(), 3'100);
  EXPECT_EQ(till_.total(Account::card_receivable), 3'100);
  std::vector<trade::DocumentNumber> forwarded;
  for (const trade::CardRequest& request : till_.terminal.requests)
    if (request.kind == trade::RequestKind::forward) forwarded.push_back(request.payment);
  EXPECT_EQ(forwarded.size(), 2u);
  EXPECT_TRUE(std::ranges::is_sorted(forwarded));
}

TEST_F(DeskTest, a_stored_card_is_not_forwarded_before_its_sale_and_can_be_given_up) {
  till_.terminal.answers_with = trade::AnswerKind::no_line;
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.card());
  till_.seconds(90);
  EXPECT_EQ(first_state(), "stored");
  const auto back = till_.basket([&](Told<ShownBasket> then) {
    till_.desk->take_back(till_.who(), till_.look()->tenders[0].tender, std::move(then));
  });
  ASSERT_TRUE(back) << word(back.error());
  EXPECT_THAT(back->tenders, IsEmpty());
  EXPECT_EQ(till_.total(Account::card_stored), 0);
}

TEST_F(DeskTest, a_tender_is_taken_back_before_the_basket_is_void_or_parked) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.card());
  const auto park = [&] {
    return till_.basket(
        [&](Told<ShownBasket> then) { till_.desk->park(till_.who(), std::move(then)); });
  };
  EXPECT_EQ(word(park().error()), word(DeskTrouble::tenders_open));
  EXPECT_EQ(word(till_.move_drawer(DrawerVerb::count, 10'000).error()),
            word(DeskTrouble::tenders_open));
  const auto back = till_.basket(
      [&](Told<ShownBasket> then) { till_.desk->take_back(till_.who(), 1, std::move(then)); });
  ASSERT_TRUE(back);
  till_.seconds(2);
  EXPECT_EQ(till_.terminal.charged_pence(), 0);
  EXPECT_EQ(till_.total(Account::card_receivable), 0);

  const std::uint32_t parked = till_.look()->basket;
  ASSERT_TRUE(park());
  EXPECT_EQ(word(park().error()), word(DeskTrouble::basket_empty));
  EXPECT_THAT(till_.state().parked, ElementsAre(parked));
  ASSERT_TRUE(till_.scan("milk"));
  const auto recalled = till_.basket(
      [&](Told<ShownBasket> then) { till_.desk->recall(till_.who(), parked, std::move(then)); });
  ASSERT_TRUE(recalled);
  EXPECT_EQ(recalled->to_pay_pence, 165);
  EXPECT_EQ(till_.state().parked.size(), 1u);
}

TEST_F(DeskTest, voids_and_overrides_need_a_reason_and_above_a_limit_a_manager) {
  ASSERT_TRUE(till_.scan("milk", 20));
  EXPECT_EQ(void_line(0, till_.with_second(), TillReason::none), "reason_missing");
  EXPECT_EQ(void_line(0, till_.who()), "second_missing");
  Asker own_word = till_.who();
  own_word.second = own_word.actor;
  EXPECT_EQ(void_line(0, own_word), "second_missing");
  EXPECT_EQ(void_line(0, till_.with_second()), "done");
  EXPECT_EQ(void_line(0, till_.with_second()), "line_void");

  ASSERT_TRUE(till_.scan("whisky"));
  const auto override_price = [&](const Asker& who, trade::Pence pence) {
    const auto shown = till_.basket([&](Told<ShownBasket> then) {
      till_.desk->override_price(who, 1, pence, TillReason::price_wrong, std::move(then));
    });
    return shown ? "done" : word(shown.error());
  };
  EXPECT_EQ(override_price(till_.who(), 1'950), "price_out_of_range");
  EXPECT_EQ(override_price(till_.who(), 1'300), "second_missing");
  EXPECT_EQ(override_price(till_.who(), 1'850), "done");
  EXPECT_EQ(till_.look()->priced.lines[1].paid_pence(), 1'850);
  EXPECT_EQ(till_.read([](const trade::Partition& own) { return own.shift.void_count; }), 1u);
}

TEST_F(DeskTest, a_manager_decides_about_an_offer_and_a_colleague_does_not) {
  ASSERT_TRUE(till_.scan("yogurt", 3));
  const auto suspend = [&](const Asker& who, std::string_view offer) {
    const auto shown = till_.basket([&](Told<ShownBasket> then) {
      till_.desk->decide_offer(
          who, {selling::OfferDecision::Kind::suspend, *selling::OfferId::of(offer), 0, {}},
          std::move(then));
    });
    return shown ? std::to_string(shown->to_pay_pence) : word(shown.error());
  };
  EXPECT_EQ(suspend(till_.who(), "yog-3-2"), "second_missing");
  EXPECT_EQ(suspend(till_.with_second(), "nothing"), "offer_unknown");
  EXPECT_EQ(suspend(till_.with_second(), "yog-3-2"), "285");
}

TEST_F(DeskTest, a_drawer_goes_from_its_float_to_z_and_tells_nobody_what_should_be_in_it) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.cash(200));
  ASSERT_TRUE(till_.complete());
  const auto names = [](const DrawerAnswer& answer) {
    std::vector<std::string> made;
    for (const auto& [name, value] : answer.report) made.push_back(name);
    return made;
  };
  const auto x = till_.move_drawer(DrawerVerb::read);
  ASSERT_TRUE(x);
  EXPECT_THAT(names(*x), Contains("by cash"));
  EXPECT_THAT(names(*x), Not(Contains("expected")));
  EXPECT_EQ(word(till_.move_drawer(DrawerVerb::void_line, 5, wrong).error()), "move_not_listed");
  EXPECT_EQ(word(till_.move_drawer(DrawerVerb::no_sale).error()), "reason_missing");
  EXPECT_TRUE(till_.move_drawer(DrawerVerb::no_sale, 0, TillReason::change_needed));
  EXPECT_EQ(word(till_.move_drawer(DrawerVerb::pay_out, 2'500, TillReason::petty_cash).error()),
            "second_missing");
  EXPECT_TRUE(till_.move_drawer(DrawerVerb::pay_out, 2'500, TillReason::petty_cash, true));
  EXPECT_TRUE(till_.move_drawer(DrawerVerb::safe_drop, 5'000));
  const auto counted = till_.move_drawer(DrawerVerb::count, 1'165);
  ASSERT_TRUE(counted) << word(counted.error());
  EXPECT_THAT(counted->report, Contains(std::pair<std::string, std::string>("short", "15.00")));
  ASSERT_TRUE(till_.scan("cola"));
  EXPECT_EQ(word(till_.cash(200).error()), "till_not_open");
  EXPECT_EQ(word(till_.move_drawer(DrawerVerb::close).error()), "second_missing");
  const auto z = till_.move_drawer(DrawerVerb::close, 0, TillReason::none, true);
  ASSERT_TRUE(z) << word(z.error());
  EXPECT_THAT(z->report, Contains(std::pair<std::string, std::string>("short", "15.00")));
  EXPECT_EQ(z->state, trade::DrawerState::closed);
}

TEST_F(DeskTest, cash_is_all_that_is_left_where_cards_are_off_and_the_drawer_has_a_ceiling) {
  for (const trade::Capability off :
       {trade::Capability::card_payments, trade::Capability::gift_cards})
    ASSERT_EQ(till_.must(trade::CapabilitySwitched{off, trade::Mode::closed}, trade::ActorNo{3}),
              "done");
  DeskState state = till_.state();
  EXPECT_TRUE(state.is_cash_only);
  EXPECT_EQ(state.notice, "Cash only, please.");
  EXPECT_THAT(state.tenders, ElementsAre(TenderKind::cash));
  EXPECT_FALSE(state.wants_safe_drop);
  ASSERT_TRUE(till_.scan("milk", 500));
  EXPECT_EQ(word(till_.card().error()), "capability_closed");
  EXPECT_EQ(word(sell_voucher(1'000).error()), "capability_closed");
  ASSERT_TRUE(till_.cash(80'000));
  ASSERT_TRUE(till_.complete());
  EXPECT_TRUE(till_.state().wants_safe_drop);
  ASSERT_TRUE(till_.scan("milk", 100));
  ASSERT_TRUE(till_.cash(15'500));
  EXPECT_EQ(word(till_.complete().error()), "drawer_full");
  ASSERT_TRUE(till_.move_drawer(DrawerVerb::safe_drop, 50'000));
  EXPECT_TRUE(till_.complete());
  EXPECT_TRUE(till_.move_drawer(DrawerVerb::ask_change, 2'000));
}

TEST_F(DeskTest,
       a_gift_card_is_sold_pending_and_spent_here_and_its_code_stands_on_the_paper_alone) {
  ASSERT_TRUE(sell_voucher(2'500));
  ASSERT_TRUE(till_.scan("cola"));
  EXPECT_EQ(till_.cash(3'000)->change_pence, 335);
  const auto sold = till_.complete("card");
  ASSERT_TRUE(sold) << word(sold.error());
  EXPECT_EQ(till_.total(Account::pending), -2'500);
  const auto at = std::ranges::find_if(
      sold->text, [](const std::string& line) { return line.starts_with("Gift card"); });
  ASSERT_NE(at, sold->text.end());
  const std::string code = (at + 1)->substr(2);
  ASSERT_TRUE(trade::parse_card_code(code)) << code;
  // Also a till that has forgotten everything but its journal finds the same code.
  till_.restart();
  const auto again = till_.complete("card");
  ASSERT_TRUE(again);
  EXPECT_THAT(again->codes, ElementsAre(code));

  ASSERT_TRUE(till_.scan("milk", 20));
  EXPECT_EQ(take_gift_card("4242 4242 4242 4242"), "card_number_shown");
  EXPECT_EQ(take_gift_card("23456"), "card_code_length");
  EXPECT_EQ(take_gift_card(code, 2'600), "balance_too_low");
  EXPECT_EQ(take_gift_card(code, 2'500), "done");
  EXPECT_EQ(take_gift_card(code, 1), "balance_too_low");
  ASSERT_TRUE(till_.cash(600));
  ASSERT_TRUE(till_.complete());
  EXPECT_EQ(till_.total(Account::pending), 0);
}

TEST_F(DeskTest, without_a_key_no_gift_card_is_sold_or_taken) {
  till_.how.digest = {};
  till_.restart();
  EXPECT_EQ(word(sell_voucher(1'000).error()), word(DeskTrouble::cards_not_keyed));
  ASSERT_TRUE(till_.scan("cola"));
  EXPECT_EQ(take_gift_card(trade::to_string(a_code())), word(DeskTrouble::cards_not_keyed));
  EXPECT_EQ(till_.state().notice, "We cannot take gift cards at the moment.");
}

// The owner captures what it has held for a sale when it reads of that sale, and nothing else.
TEST_F(DeskTest, an_owner_who_is_reached_holds_and_captures_as_it_reads_of_the_sale) {
  TestOwner& owner = till_.owner;
  const trade::CardDigest card = digest_of(a_code());
  const std::string code = trade::to_string(a_code());
  const auto read_till = [&] {
    owner.read(till_.read([](const trade::Partition& own) { return own.ledger; }));
  };
  owner.is_reached = true;
  ASSERT_TRUE(till_.scan("milk", 2));
  EXPECT_EQ(take_gift_card(code), "move_not_listed") << "no such card";
  owner.activate(a_code(), 600);
  EXPECT_EQ(take_gift_card(code, 200), "done");
  EXPECT_EQ(owner.ledger.held_pence(card), 200);
  ASSERT_TRUE(till_.cash(110));
  const auto done = till_.complete();
  ASSERT_TRUE(done) << word(done.error());
  read_till();
  EXPECT_EQ(owner.ledger.held_pence(card), 0);
  EXPECT_EQ(owner.ledger.available_pence(card), 400);
  EXPECT_TRUE(owner.ledger.claims(card).empty());

  // Given up: the card has its money again.
  ASSERT_TRUE(till_.scan("milk", 2));
  EXPECT_EQ(take_gift_card(code), "done");
  EXPECT_EQ(owner.ledger.available_pence(card), 90);
  const auto tender = till_.look()->tenders.at(0).tender;
  ASSERT_TRUE(till_.basket([&](Told<ShownBasket> then) {
    till_.desk->take_back(till_.who(), tender, std::move(then));
  }));
  EXPECT_EQ(owner.ledger.available_pence(card), 400);

  // Once it is held the line may go: the sale is made, and the owner hears of it later. By then the
  // hold has run out and the money is spent, so it is a loss of that much, and named.
  EXPECT_EQ(take_gift_card(code), "done");
  owner.is_reached = false;
  const auto later = till_.complete();
  ASSERT_TRUE(later) << word(later.error());
  owner.expire_all();
  ASSERT_TRUE(owner.ledger.post(trade::NoticeBooked{
      trade::SiteCode{42},
      1,
      0,
      {.kind = trade::NoticeKind::claim, .card = card, .document = {}, .day = {}, .pence = 300}}));
  read_till();
  EXPECT_EQ(owner.ledger.loss_pence(card), 210);
  EXPECT_EQ(owner.ledger.claims(card).size(), 2u);
}

TEST_F(DeskTest, a_members_sale_says_whose_it_is_by_a_digest_and_a_strangers_nothing) {
  till_.stop();
  till_.how.member_digest = [](std::string_view number) {
    trade::CardDigest made;
    made.bytes = crypto::sha256(number).bytes;
    return made;
  };
  std::vector<trade::CardDigest> members;
  const auto sell = [&](bool is_member) {
    if (is_member) {
      const auto shown = till_.basket([&](Told<ShownBasket> then) {
        till_.desk->show_card(till_.who(), member_card, std::move(then));
      });
      ASSERT_TRUE(shown);
    }
    ASSERT_TRUE(till_.scan("cola"));
    ASSERT_TRUE(till_.cash(1'000));
    const auto done = till_.complete();
    ASSERT_TRUE(done) << word(done.error());
  };
  ASSERT_TRUE(till_.start());
  sell(true);
  sell(false);
  till_.stop();
  site::PeerReader reader(till_.disk, "till/journal", "sample");
  reader.read([&](const site::Peer&, std::span<const std::string> events) {
    for (const std::string& bytes : events)
      if (const auto event = trade::decode(bytes))
        if (const auto* sale = std::get_if<trade::SaleMade>(&event->body))
          members.push_back(sale->member);
    return true;
  });
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0], till_.how.member_digest(member_card));
  EXPECT_FALSE(members[1].given());
}

TEST_F(DeskTest, while_an_owner_is_asked_nobody_elses_basket_comes_in_between) {
  till_.owner.activate(a_code(), 600);
  till_.owner.is_reached = till_.owner.is_slow = true;
  ASSERT_TRUE(till_.scan("milk", 2));
  std::string said;
  till_.desk->take_gift_card(till_.who(), trade::to_string(a_code()), 100,
                             [&](const std::expected<ShownBasket, Why>& shown) {
                               said = shown ? "done" : word(shown.error());
                             });
  till_.core->step();
  const std::string busy = word(DeskTrouble::basket_busy);
  EXPECT_EQ(word(till_.scan("cola").error()), busy);
  EXPECT_EQ(word(till_.cash(1'000).error()), busy);
  EXPECT_EQ(word(till_.complete().error()), busy);
  const auto is_parked =
      till_.basket([&](Told<ShownBasket> then) { till_.desk->park(till_.who(), std::move(then)); });
  EXPECT_EQ(word(is_parked.error()), busy);
  till_.owner.answer();
  till_.core->step();
  EXPECT_EQ(said, "done");
  EXPECT_TRUE(till_.scan("cola"));
}

// Only what a store has reduced sells at a typed price; all else is an override.
TEST_F(DeskTest, a_reduction_is_one_that_somebody_has_made) {
  const auto add = [&](trade::Pence pence, trade::Day last) {
    const auto shown = till_.basket([&](Told<ShownBasket> then) {
      till_.desk->add(till_.who(), {.product = id("milk"), .sticker = {{pence, last}}},
                      std::move(then));
    });
    return shown ? std::to_string(shown->to_pay_pence) : word(shown.error());
  };
  const trade::Day today = till_.read([](const trade::Partition& own) { return own.day; });
  const std::string unknown = word(DeskTrouble::reduction_unknown);
  EXPECT_EQ(add(1, today), unknown);
  write_elsewhere(
      "store", {trade::SiteCode{42}, trade::SiteKind::store, 1},
      {trade::PersonEnrolled{{}, trade::Role::manager, site::testing::key_of(1)},
       trade::DayOpened{today}, trade::LineOpened{id("milk"), {.case_units = 1}, 155, 0},
       trade::GoodsMoved{trade::Cause::opening, {{trade::LineNo{0}, 10, 0, {}}}},
       trade::PriceReduced{0, trade::LineNo{0}, today, 3, 75}});
  hear("store");
  EXPECT_EQ(add(1, today), unknown);
  EXPECT_EQ(add(75, trade::later(today, 1)), unknown);
  EXPECT_EQ(add(75, today), "75");
  EXPECT_EQ(till_.look()->priced.lines.size(), 1u) << "what was refused is not in it";
}

TEST_F(DeskTest, an_owner_who_is_not_reached_is_claimed_from_within_the_caps) {
  const trade::CardCode code = a_code();
  write_elsewhere(
      owner_folder, {owner_code, trade::SiteKind::centre, 1},
      {trade::CardActivated{
          digest_of(code), trade::VoucherKind::gift_card, 20'000, till_code, {till_code, 1, 77}}});
  ASSERT_TRUE(till_.scan("milk", 40));
  EXPECT_EQ(take_gift_card(trade::to_string(code), 1'000), "card_not_heard_of");
  hear(owner_folder);
  ASSERT_TRUE(till_.scan("milk", 40));
  EXPECT_EQ(take_gift_card(trade::to_string(code)), "over_offline_cap");
  EXPECT_EQ(take_gift_card(trade::to_string(code), 4'000), "done");
  EXPECT_EQ(take_gift_card(trade::to_string(code), 1'001), "over_offline_cap");
  ASSERT_TRUE(till_.cash(2'200));
  const auto done = till_.complete();
  ASSERT_TRUE(done) << word(done.error());
  EXPECT_EQ(
      till_.read([](const trade::Partition& own) { return own.ledger.notices(owner_code).size(); }),
      1u);
}

TEST_F(DeskTest, refunds_are_held_against_the_receipt_and_allowed_by_a_second_person) {
  ASSERT_TRUE(till_.scan("milk", 10));
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.card(1'000));
  ASSERT_TRUE(till_.cash(715));
  const auto done = till_.complete();
  ASSERT_TRUE(done);
  const trade::DocumentNumber payment = till_.terminal.charged.begin()->first;
  Refund wanted{.receipt = done->receipt,
                .way = TenderKind::cash,
                .reason = TillReason::goods_faulty,
                .items = {{id("milk"), 1, 0, 155}}};
  Refund bare = wanted;
  bare.receipt = {};
  EXPECT_EQ(refund(bare, till_.who()), "second_missing");
  bare.reason = TillReason::none;
  EXPECT_EQ(refund(bare, till_.with_second()), "reason_missing");
  Refund much = wanted;
  much.items = {{id("milk"), 10, 0, 1'716}};
  EXPECT_EQ(refund(much, till_.who()), "over_refund");
  EXPECT_EQ(refund(wanted, till_.who("r1")), "done");
  EXPECT_THAT(joined(last_.text), HasSubstr("REFUND"));
  EXPECT_EQ(refund(wanted, till_.who("r1")), "done");
  EXPECT_TRUE(last_.is_repeated);
  EXPECT_EQ(till_.total(Account::cash), 10'000 + 715 - 155);

  wanted.way = TenderKind::card;
  EXPECT_EQ(refund(wanted, till_.who()), "payment_unknown");
  wanted.payment = payment;
  EXPECT_EQ(refund(wanted, till_.who()), "done");
  till_.seconds(1);
  EXPECT_EQ(till_.total(Account::card_receivable), 845);
  EXPECT_EQ(till_.total(Account::unapplied), 0);

  // 845 are left to pay back, and two ask for 500 of them at the same moment.
  Refund half = wanted;
  half.items = {{id("milk"), 4, 0, 500}};
  std::vector<std::string> said;
  for (int i = 0; i < 2; ++i)
    till_.desk->refund(till_.who(), half, [&](const std::expected<Completed, Why>& made) {
      said.push_back(made ? "done" : word(made.error()));
    });
  till_.seconds(1);
  EXPECT_THAT(said, ::testing::UnorderedElementsAre("done", "over_payment"));
  EXPECT_EQ(till_.total(Account::card_receivable), 345);
  EXPECT_EQ(till_.total(Account::unapplied), 0);

  wanted.way = TenderKind::pending_card;
  EXPECT_EQ(refund(wanted, till_.who()), "done");
  EXPECT_THAT(joined(last_.text), HasSubstr("Credit receipt"));
  EXPECT_EQ(till_.total(Account::pending), -155);
  bare.reason = TillReason::customer_changed_mind;
  EXPECT_EQ(refund(bare, till_.with_second()), "done");
}

TEST_F(DeskTest, a_copy_of_a_receipt_says_which_it_is_and_only_the_last_hundred_are_kept) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.cash(165));
  const trade::DocumentNumber number = till_.complete()->receipt;
  const auto copy = [&] {
    const auto made = till_.told<Completed>(
        [&](Told<Completed> then) { till_.desk->reprint(till_.who(), number, std::move(then)); });
    return made ? joined(made->text) : word(made.error());
  };
  EXPECT_THAT(copy(), HasSubstr("*** COPY 1 ***"));
  EXPECT_THAT(copy(), HasSubstr("*** COPY 2 ***"));
  for (std::size_t i = 0; i < receipts_max; ++i) {
    ASSERT_TRUE(till_.scan("cola"));
    ASSERT_TRUE(till_.cash(165));
    ASSERT_TRUE(till_.complete());
  }
  EXPECT_EQ(copy(), word(DeskTrouble::receipt_not_kept));
}

TEST_F(DeskTest, a_copy_does_not_say_the_code_of_a_card_that_was_sold) {
  ASSERT_TRUE(sell_voucher(2'500));
  ASSERT_TRUE(till_.cash(2'500));
  const auto sold = till_.complete("sold");
  ASSERT_TRUE(sold) << word(sold.error());
  till_.restart();
  const auto again = till_.complete("sold");
  ASSERT_TRUE(again);
  ASSERT_EQ(again->codes.size(), 1u);
  EXPECT_THAT(joined(sold->text), HasSubstr(again->codes[0]));

  ASSERT_TRUE(sell_voucher(2'500));
  ASSERT_TRUE(till_.cash(2'500));
  const auto number = till_.complete()->receipt;
  const auto copy = till_.told<Completed>(
      [&](Told<Completed> then) { till_.desk->reprint(till_.who(), number, std::move(then)); });
  ASSERT_TRUE(copy);
  EXPECT_THAT(joined(copy->text), HasSubstr("its code is on the first print"));
}

TEST_F(DeskTest, somebody_who_is_not_enrolled_does_nothing) {
  Asker nobody = till_.who();
  nobody.actor = trade::ActorNo{9};
  const auto shown =
      till_.basket([&](Told<ShownBasket> then) { till_.desk->look(nobody, std::move(then)); });
  EXPECT_EQ(word(shown.error()), word(DeskTrouble::session_over));
}

TEST_F(DeskTest, after_a_restart_a_card_payment_without_a_sale_is_taken_back) {
  ASSERT_TRUE(till_.scan("cola"));
  ASSERT_TRUE(till_.card());
  EXPECT_EQ(till_.terminal.charged_pence(), 165);
  till_.restart();
  till_.seconds(3);
  EXPECT_EQ(till_.terminal.charged_pence(), 0);
  EXPECT_EQ(till_.total(Account::unapplied), 0);
  EXPECT_EQ(till_.total(Account::card_receivable), 0);
  EXPECT_EQ(till_.sales(), 0u);
}

}  // namespace
}  // namespace till
