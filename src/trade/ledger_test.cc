#include "trade/ledger.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trade/testing/value_kit.h"

namespace trade {
namespace {

using namespace testing::value;
using ::testing::IsEmpty;

const CardDigest card = card_of(1);

DocumentNumber ours(std::uint32_t counter) { return number(store_code, counter); }
DocumentNumber theirs(std::uint32_t counter) { return number(owner_code, counter); }

class Value : public ::testing::Test {
 protected:
  ~Value() override {
    EXPECT_EQ(fault_of(store), "");
    EXPECT_EQ(fault_of(owner), "");
  }
  std::int64_t at_store(Account account) const { return store.total(account); }
  std::int64_t due(const Ledger& ledger, SiteCode site) const {
    return ledger.balance({Account::due, {}, {site, 0, 0}});
  }
  void hand_over() {
    must(store, PendingHandedOver{card, owner_code});
    must(owner, NoticeBooked{store_code, 1, owner.booked({store_code, 1}),
                             store.notices(owner_code).back()});
  }

  Kept store{store_code, 1};
  Kept owner{owner_code, 1};
};

// Goes through every state and verb and counts what the table lists.
template <class State, class Verb>
std::set<std::string> listed_moves() {
  std::set<std::string> listed;
  for (std::size_t s = 0; s < count_of<State>; ++s)
    for (std::size_t v = 0; v < count_of<Verb>; ++v) {
      const auto state = static_cast<State>(s);
      const auto verb = static_cast<Verb>(v);
      const auto to = next(state, verb);
      if (!to) {
        EXPECT_EQ(to.error().why, Refusal::move_not_listed);
        continue;
      }
      listed.insert(std::string(text_of(state)) + " " + std::string(text_of(verb)) + " " +
                    std::string(text_of(*to)));
    }
  return listed;
}

TEST(Life, of_a_card_is_its_table) {
  const std::set<std::string> expected{
      "unknown issue pending",   "pending honour pending",      "pending hand_over handed_over",
      "unknown activate active", "handed_over activate active", "active hold active",
      "active credit active",    "spent credit active",         "frozen credit frozen",
      "stopped credit stopped",  "active freeze frozen",        "spent freeze frozen",
      "frozen thaw active",      "active stop stopped",         "spent stop stopped",
      "frozen stop stopped",     "active spend_out spent",      "spent refill active"};
  EXPECT_EQ((listed_moves<CardState, CardVerb>()), expected);
}

TEST(Life, of_a_hold_is_its_table) {
  const std::set<std::string> expected{
      "none take held",         "held capture captured",     "captured capture captured",
      "held release released",  "captured release released", "held expire expired",
      "captured expire expired"};
  EXPECT_EQ((listed_moves<HoldState, HoldVerb>()), expected);
}

TEST_F(Value, of_a_sale_is_net_vat_and_tenders) {
  must(store, PaymentPosted{ours(1), PaymentStep::charge, 500});
  must(store, sale(ours(2), 1'200, {cash(700), by_card(500, ours(1))}));
  EXPECT_EQ(at_store(Account::sales), -1'000);
  EXPECT_EQ(at_store(Account::vat), -200);
  EXPECT_EQ(at_store(Account::cash), 700);
  EXPECT_EQ(at_store(Account::card_receivable), 500);
  EXPECT_EQ(at_store(Account::unapplied), 0);
}

TEST_F(Value, is_refused_where_tenders_differ_and_then_nothing_has_changed) {
  const Kept before = store;
  EXPECT_EQ(post(store, sale(ours(1), 1'200, {cash(1'199)})), "tenders_differ");
  EXPECT_EQ(post(store, sale(ours(1), 1'200, {cash(0)})), "pence_out_of_range");
  EXPECT_EQ(post(store, sale(ours(1), 1'200, {cash(1'201), cash(-1)})), "pence_out_of_range");
  EXPECT_EQ(post(store, sale(theirs(1), 1'200, {cash(1'200)})), "number_bad");
  EXPECT_EQ(post(store, sale({}, 1'200, {cash(1'200)})), "number_bad");
  EXPECT_EQ(post(store, sale(ours(1), 500, {by_card(500, ours(9))})), "payment_unknown");
  EXPECT_EQ(store, before);
}

TEST_F(Value, of_a_document_counts_once) {
  must(store, sale(ours(1), 100, {cash(100)}));
  must(owner, CardActivated{card, VoucherKind::gift_card, 5'000, store_code, ours(2)});
  must(owner, HoldTaken{theirs(1), card, 3'000, store_code, 0});
  must(owner, HoldCaptured{theirs(1), 1'000, ours(3)});
  const Kept before = owner;
  EXPECT_EQ(post(store, sale(ours(1), 100, {cash(100)})), "document_known");
  EXPECT_EQ(post(owner, CardActivated{card, VoucherKind::gift_card, 5'000, store_code, ours(2)}),
            "move_not_listed");
  EXPECT_EQ(post(owner, HoldTaken{theirs(1), card, 1, store_code, 0}), "document_known");
  EXPECT_EQ(post(owner, HoldCaptured{theirs(1), 1'000, ours(3)}), "document_known");
  EXPECT_EQ(owner, before);
}

TEST_F(Value, of_a_card_is_held_captured_in_parts_and_released) {
  must(owner, CardActivated{card, VoucherKind::e_gift_card, 5'000, store_code, ours(1)});
  EXPECT_EQ(post(owner, HoldTaken{theirs(1), card, 5'001, store_code, 0}), "balance_too_low");
  must(owner, HoldTaken{theirs(1), card, 4'000, owner_code, 0});
  EXPECT_EQ(post(owner, HoldTaken{theirs(2), card, 1'001, store_code, 0}), "balance_too_low");
  must(owner, HoldCaptured{theirs(1), 1'500, theirs(3)});
  EXPECT_EQ(post(owner, HoldCaptured{theirs(1), 2'501, theirs(4)}), "over_hold");
  must(owner, HoldCaptured{theirs(1), 1'000, theirs(4)});
  EXPECT_EQ(owner.left_pence(theirs(1)), 1'500);
  EXPECT_EQ(owner.held_pence(card), 1'500);
  must(owner, HoldEnded{theirs(1), HoldVerb::release, 0});
  EXPECT_EQ(owner.available_pence(card), 2'500);
  EXPECT_EQ(post(owner, HoldCaptured{theirs(1), 1, theirs(5)}), "move_not_listed");
  EXPECT_EQ(post(owner, HoldEnded{theirs(1), HoldVerb::release, 0}), "move_not_listed");
}

TEST_F(Value, of_a_hold_expires_at_its_time_and_not_by_itself) {
  activate(owner, card, 1'000);
  must(owner, HoldTaken{theirs(1), card, 1'000, store_code, 500});
  EXPECT_EQ(post(owner, HoldEnded{theirs(1), HoldVerb::expire, 499}), "hold_not_due");
  EXPECT_EQ(owner.state(card), CardState::active);
  must(owner, HoldEnded{theirs(1), HoldVerb::expire, 500});
  EXPECT_EQ(owner.available_pence(card), 1'000);
  EXPECT_EQ(post(owner, HoldEnded{theirs(9), HoldVerb::expire, 500}), "hold_unknown");
}

TEST_F(Value, spent_to_the_end_leaves_the_card_spent_until_a_refund) {
  activate(owner, card, 1'000);
  must(owner, HoldTaken{theirs(1), card, 1'000, store_code, 0});
  must(owner, HoldCaptured{theirs(1), 1'000, ours(1)});
  EXPECT_EQ(owner.state(card), CardState::spent);
  must(owner, CardCredited{card, 400, store_code, ours(2)});
  EXPECT_EQ(owner.state(card), CardState::active);
  EXPECT_EQ(post(owner, CardCredited{card, 400, store_code, ours(2)}), "document_known");
}

TEST_F(Value, of_a_frozen_or_stopped_card_is_not_spent) {
  activate(owner, card, 1'000);
  for (const CardVerb verb : {CardVerb::freeze, CardVerb::stop}) {
    must(owner, CardMoved{card, verb});
    EXPECT_EQ(post(owner, HoldTaken{theirs(1), card, 1, store_code, 0}), "move_not_listed");
    EXPECT_EQ(owner.available_pence(card), 1'000);
  }
  EXPECT_EQ(post(owner, CardMoved{card, CardVerb::thaw}), "move_not_listed");
  EXPECT_EQ(post(owner, CardMoved{card, CardVerb::hold}), "move_not_listed");
  EXPECT_EQ(post(owner, CardMoved{card_of(9), CardVerb::freeze}), "move_not_listed");
}

TEST_F(Value, of_a_pending_card_is_spent_where_it_was_sold_and_only_there) {
  must(store, card_sale(ours(1), card, 2'000, true));
  EXPECT_EQ(store.state(card), CardState::pending);
  EXPECT_EQ(post(owner, HoldTaken{theirs(1), card, 1, store_code, 0}), "move_not_listed");
  Ledger other(other_store_code, 1);
  EXPECT_EQ(post(other, sale(number(other_store_code, 1), 500,
                             {gift(TenderKind::pending_card, 500, card)})),
            "move_not_listed");
  must(store, sale(ours(2), 1'500, {gift(TenderKind::pending_card, 1'500, card)}));
  EXPECT_EQ(post(store, sale(ours(3), 600,
                             {gift(TenderKind::pending_card, 300, card),
                              gift(TenderKind::pending_card, 300, card)})),
            "balance_too_low");
  hand_over();
  EXPECT_EQ(owner.state(card), CardState::active);
  EXPECT_EQ(owner.available_pence(card), 500);
  EXPECT_EQ(due(store, owner_code), -500);
  EXPECT_EQ(due(owner, store_code), 500);
  EXPECT_EQ(post(store, sale(ours(3), 1, {gift(TenderKind::pending_card, 1, card)})),
            "move_not_listed");
  EXPECT_EQ(post(store, card_sale(ours(4), card, 2'000, true)), "move_not_listed");
}

TEST_F(Value, of_a_card_sold_with_its_owner_at_hand_is_nobodys_sale) {
  must(owner, CardActivated{card, VoucherKind::gift_card, 2'000, store_code, ours(1)});
  must(store, card_sale(ours(1), card, 2'000, false));
  EXPECT_EQ(at_store(Account::sales), 0);
  EXPECT_EQ(at_store(Account::vat), 0);
  EXPECT_EQ(due(store, owner_code) + due(owner, store_code), 0);
  SaleMade twice = card_sale(ours(2), card_of(2), 2'000, true);
  twice.vouchers.push_back(twice.vouchers[0]);
  twice.tenders = {cash(4'000)};
  EXPECT_EQ(post(store, twice), "move_not_listed");
}

TEST_F(Value, refunded_is_bounded_by_the_receipt) {
  must(store, sale(ours(1), 1'200, {cash(1'200)}));
  must(store, RefundMade{ours(2), ours(1), today, goods(600), {cash(600)}});
  EXPECT_EQ(post(store, RefundMade{ours(3), ours(1), today, goods(601), {cash(601)}}),
            "over_refund");
  EXPECT_EQ(post(store, RefundMade{ours(3), ours(9), today, goods(1), {cash(1)}}),
            "receipt_unknown");
  EXPECT_EQ(
      post(store,
           RefundMade{
               ours(3), ours(1), today, goods(1), {gift(TenderKind::gift_card_offline, 1, card)}}),
      "tender_unfit");
  must(store,
       RefundMade{ours(3), {}, today, goods(240), {gift(TenderKind::pending_card, 240, card)}});
  EXPECT_EQ(store.kind(card), VoucherKind::credit_receipt);
  EXPECT_EQ(store.pending_pence(card), 240);
  EXPECT_EQ(at_store(Account::refunds), 500 + 200);
  EXPECT_EQ(at_store(Account::vat), -200 + 100 + 40);
  hand_over();
  EXPECT_EQ(owner.total(Account::credit_receipt), -240);
}

TEST_F(Value, refunded_for_a_site_that_cannot_be_asked_is_exposure_until_it_answers) {
  must(owner, sale(theirs(1), 1'200, {cash(1'200)}));
  must(owner, RefundMade{theirs(2), theirs(1), today, goods(300), {cash(300)}});
  must(store, ExposureRefunded{ours(1), theirs(1), today, 1'000, card});
  EXPECT_EQ(at_store(Account::exposure), 1'000);
  EXPECT_EQ(store.pending_pence(card), 1'000);
  EXPECT_EQ(post(store, ExposureRefunded{ours(2), ours(5), today, 1, card_of(2)}), "number_bad");
  must(owner, NoticeBooked{store_code, 1, 0, store.notices(owner_code)[0]});
  // 900 of 1,200 were left to refund: 150 of VAT.
  EXPECT_EQ(owner.total(Account::refunds), 1'000);
  EXPECT_EQ(owner.total(Account::vat), 0);
  must(store, NoticeBooked{owner_code, 1, 0, owner.notices(store_code)[0]});
  EXPECT_EQ(at_store(Account::exposure), 0);
  EXPECT_EQ(at_store(Account::loss), 100);
  EXPECT_EQ(due(store, owner_code), 900);
  EXPECT_EQ(due(owner, store_code), -900);
}

// The owner reads of a sale on its hold: that is captured, whatever else was on the card; what is
// no longer held, or another's, is a claim as any.
TEST_F(Value, that_was_sold_on_a_hold_is_captured_from_it_when_the_owner_reads_of_the_sale) {
  activate(owner, card, 1'000);
  must(owner, HoldTaken{theirs(1), card, 600, store_code, 10});
  must(owner, HoldTaken{theirs(2), card, 400, store_code, 10});
  const auto on_hold = [&](std::uint32_t receipt, std::uint32_t hold, std::int64_t pence) {
    Tender tender = gift(TenderKind::gift_card, pence, card);
    tender.number = theirs(hold);
    return sale(ours(receipt), pence, {tender});
  };
  must(store, on_hold(1, 1, 600));
  EXPECT_EQ(post(store, on_hold(2, 1, 600)), "document_known") << "a hold pays for one sale";
  SaleMade twice = on_hold(2, 2, 400);
  twice.tenders.push_back(twice.tenders[0]);
  twice.vat = goods(800);
  EXPECT_EQ(post(store, twice), "document_known");
  Tender foreign = gift(TenderKind::gift_card, 100, card);
  foreign.number = ours(9);
  EXPECT_EQ(post(store, sale(ours(3), 100, {foreign})), "number_bad");
  must(store, on_hold(4, 2, 400));
  EXPECT_EQ(store.unbooked_pence(card, owner), 0) << "the owner knows of it";
  EXPECT_EQ(store.offline_pence(card, today), 0);

  const auto told = store.notices(owner_code);
  must(owner, NoticeBooked{store_code, 1, 0, told[0]});
  EXPECT_EQ(owner.held_pence(card), 400);
  EXPECT_EQ(owner.hold(theirs(1))->receipts, std::vector{ours(1)});
  must(owner, HoldEnded{theirs(2), HoldVerb::expire, 10});
  must(owner, NoticeBooked{store_code, 1, 1, told[1]});
  EXPECT_EQ(owner.available_pence(card), 0);
  EXPECT_EQ(owner.loss_pence(card), 0);
  EXPECT_EQ(due(owner, store_code), -1'000 + 1'000);
  EXPECT_EQ(owner.claims(card).size(), 1u) << "what was no longer held";
  EXPECT_EQ(owner.claims(card)[0].receipt, ours(4));
}

TEST_F(Value, of_an_order_that_nobody_knows_is_not_granted) {
  must(store, ExposureRefunded{ours(1), theirs(77), today, 1'000, card});
  must(owner, NoticeBooked{store_code, 1, 0, store.notices(owner_code)[0]});
  must(store, NoticeBooked{owner_code, 1, 0, owner.notices(store_code)[0]});
  EXPECT_EQ(at_store(Account::loss), 1'000);
}

TEST_F(Value, that_was_spent_twice_is_a_loss_and_made_good_by_what_comes_later) {
  activate(owner, card, 1'000);
  const auto claim = [&](std::uint32_t sequence, std::int64_t pence) {
    Notice notice{.kind = NoticeKind::claim, .card = card};
    notice.document = ours(sequence + 1);
    notice.day = today;
    notice.pence = pence;
    return NoticeBooked{store_code, 1, sequence, notice};
  };
  must(owner, HoldTaken{theirs(1), card, 300, owner_code, 0});
  must(owner, claim(0, 900));
  EXPECT_EQ(owner.loss_pence(card), 200);
  EXPECT_EQ(owner.available_pence(card), 0);
  // The hold was promised and stays.
  EXPECT_EQ(owner.left_pence(theirs(1)), 300);
  EXPECT_EQ(post(owner, claim(0, 900)), "notice_out_of_turn");
  EXPECT_EQ(post(owner, claim(2, 900)), "notice_out_of_turn");
  must(owner, claim(1, 50));
  EXPECT_EQ(owner.loss_pence(card), 250);
  must(owner, HoldEnded{theirs(1), HoldVerb::release, 0});
  EXPECT_EQ(owner.loss_pence(card), 0);
  EXPECT_EQ(owner.available_pence(card), 50);
}

TEST_F(Value, of_a_card_that_the_owner_never_knew_is_a_loss_until_it_turns_up) {
  Notice notice{.kind = NoticeKind::claim, .card = card};
  notice.pence = 400;
  must(owner, NoticeBooked{other_store_code, 1, 0, notice});
  EXPECT_EQ(owner.loss_pence(card), 400);
  EXPECT_EQ(owner.state(card), CardState::unknown);
  must(store, card_sale(ours(1), card, 1'000, true));
  hand_over();
  EXPECT_EQ(owner.loss_pence(card), 0);
  EXPECT_EQ(owner.available_pence(card), 600);
}

TEST_F(Value, of_a_card_payment_goes_where_its_row_says_and_no_further) {
  must(store, PaymentPosted{ours(1), PaymentStep::store, 500});
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::store, 500}), "document_known");
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::charge, 500}), "document_known");
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::reverse, 500}), "over_payment");
  EXPECT_EQ(post(store, PaymentPosted{ours(2), PaymentStep::forward, 500}), "payment_unknown");
  must(store, sale(ours(3), 500, {by_card(500, ours(1))}));
  EXPECT_EQ(post(store, sale(ours(4), 500, {by_card(500, ours(1))})), "over_payment");
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::drop, 500}), "over_payment");
  must(store, PaymentPosted{ours(1), PaymentStep::become_debt, 500});
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::forward, 500}), "over_payment");
  EXPECT_EQ(at_store(Account::card_debt), 500);
  must(store, PaymentPosted{ours(1), PaymentStep::pay_debt, 200, ours(5)});
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::pay_debt, 200, ours(5)}),
            "document_known");
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::write_off, 301, ours(6)}),
            "over_payment");
  must(store, PaymentPosted{ours(1), PaymentStep::write_off, 300, ours(6)});
  EXPECT_EQ(at_store(Account::cash), 200);
  EXPECT_EQ(at_store(Account::loss), 300);
}

TEST_F(Value, charged_to_a_card_is_refunded_once_for_each_refund) {
  must(store, PaymentPosted{ours(1), PaymentStep::charge, 1'200});
  must(store, sale(ours(2), 1'200, {by_card(1'200, ours(1))}));
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::refund, 600, ours(3)}), "over_payment");
  must(store, RefundMade{ours(3), ours(2), today, goods(600), {by_card(600, ours(1))}});
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::refund, 600, {}}), "number_bad");
  must(store, PaymentPosted{ours(1), PaymentStep::refund, 600, ours(3)});
  EXPECT_EQ(post(store, PaymentPosted{ours(1), PaymentStep::refund, 600, ours(3)}),
            "document_known");
  EXPECT_EQ(at_store(Account::card_receivable), 600);
  EXPECT_EQ(at_store(Account::unapplied), 0);
}

TEST_F(Value, beyond_its_bounds_is_refused_by_name) {
  for (const std::int64_t pence : {std::int64_t{0}, std::int64_t{-1}, total_pence_max + 1}) {
    for (const ValueEvent& event :
         std::vector<ValueEvent>{CardActivated{card, VoucherKind::gift_card, pence, store_code, {}},
                                 CardCredited{card, pence, store_code, ours(1)},
                                 HoldTaken{theirs(1), card, pence, store_code, 0},
                                 ExposureRefunded{theirs(1), ours(1), today, pence, card},
                                 PaymentPosted{theirs(1), PaymentStep::charge, pence}})
      EXPECT_EQ(post(owner, event), "pence_out_of_range") << pence;
  }
  Notice notice{.kind = NoticeKind::claim, .card = card};
  notice.pence = -1;
  EXPECT_EQ(post(owner, NoticeBooked{store_code, 1, 0, notice}), "pence_out_of_range");
  notice.kind = NoticeKind::settled;
  notice.pence = 5, notice.granted_pence = 6;
  EXPECT_EQ(post(owner, NoticeBooked{store_code, 1, 0, notice}), "pence_out_of_range");
  notice.granted_pence = 5;
  EXPECT_EQ(post(owner, NoticeBooked{store_code, 1, 0, notice}), "over_refund");
  EXPECT_THAT(owner.postings(), IsEmpty());
}

}  // namespace
}  // namespace trade
