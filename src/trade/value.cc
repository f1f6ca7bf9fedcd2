#include "trade/value.h"

#include <array>

#include "base/result.h"
#include "base/words.h"

namespace trade {
namespace {

using Cards = Move<CardState, CardVerb>;
constexpr auto card_moves = std::to_array<Cards>({
    {CardState::unknown, CardVerb::issue, CardState::pending},
    {CardState::pending, CardVerb::honour, CardState::pending},
    {CardState::pending, CardVerb::hand_over, CardState::handed_over},
    {CardState::unknown, CardVerb::activate, CardState::active},
    // Where the site that sold the card owns it as well.
    {CardState::handed_over, CardVerb::activate, CardState::active},
    {CardState::active, CardVerb::hold, CardState::active},
    {CardState::active, CardVerb::credit, CardState::active},
    {CardState::spent, CardVerb::credit, CardState::active},
    {CardState::frozen, CardVerb::credit, CardState::frozen},
    // A refund that a customer was promised is his, though nobody can spend it from there.
    {CardState::stopped, CardVerb::credit, CardState::stopped},
    {CardState::active, CardVerb::freeze, CardState::frozen},
    {CardState::spent, CardVerb::freeze, CardState::frozen},
    {CardState::frozen, CardVerb::thaw, CardState::active},
    {CardState::active, CardVerb::stop, CardState::stopped},
    {CardState::spent, CardVerb::stop, CardState::stopped},
    {CardState::frozen, CardVerb::stop, CardState::stopped},
    {CardState::active, CardVerb::spend_out, CardState::spent},
    {CardState::spent, CardVerb::refill, CardState::active},
});

using Holds = Move<HoldState, HoldVerb>;
constexpr auto hold_moves = std::to_array<Holds>({
    {HoldState::none, HoldVerb::take, HoldState::held},
    {HoldState::held, HoldVerb::capture, HoldState::captured},
    {HoldState::captured, HoldVerb::capture, HoldState::captured},
    {HoldState::held, HoldVerb::release, HoldState::released},
    {HoldState::captured, HoldVerb::release, HoldState::released},
    {HoldState::held, HoldVerb::expire, HoldState::expired},
    {HoldState::captured, HoldVerb::expire, HoldState::expired},
});

constexpr std::array account_rows{
    AccountRow{Account::cash, Side::either, Refusal::move_not_listed},
    AccountRow{Account::card_receivable, Side::debit, Refusal::over_payment},
    AccountRow{Account::card_stored, Side::debit, Refusal::over_payment},
    AccountRow{Account::card_debt, Side::debit, Refusal::over_payment},
    AccountRow{Account::unapplied, Side::credit, Refusal::over_payment},
    AccountRow{Account::gift_card, Side::credit, Refusal::balance_too_low},
    AccountRow{Account::credit_receipt, Side::credit, Refusal::balance_too_low},
    AccountRow{Account::held, Side::credit, Refusal::over_hold},
    AccountRow{Account::pending, Side::credit, Refusal::balance_too_low},
    AccountRow{Account::due, Side::either, Refusal::move_not_listed},
    AccountRow{Account::sales, Side::credit, Refusal::pence_out_of_range},
    AccountRow{Account::vat, Side::either, Refusal::move_not_listed},
    AccountRow{Account::refunds, Side::debit, Refusal::pence_out_of_range},
    AccountRow{Account::loss, Side::debit, Refusal::pence_out_of_range},
    AccountRow{Account::exposure, Side::debit, Refusal::over_refund},
    AccountRow{Account::safe, Side::either, Refusal::move_not_listed},
    AccountRow{Account::paid_out, Side::debit, Refusal::pence_out_of_range},
    AccountRow{Account::over_short, Side::either, Refusal::move_not_listed},
};
static_assert(account_rows.size() == count_of<Account>);

constexpr std::array payment_rows{
    PaymentRow{PaymentStep::charge, Account::card_receivable, Account::unapplied},
    PaymentRow{PaymentStep::store, Account::card_stored, Account::unapplied},
    PaymentRow{PaymentStep::forward, Account::card_receivable, Account::card_stored},
    PaymentRow{PaymentStep::become_debt, Account::card_debt, Account::card_stored},
    PaymentRow{PaymentStep::drop, Account::unapplied, Account::card_stored},
    PaymentRow{PaymentStep::reverse, Account::unapplied, Account::card_receivable},
    PaymentRow{PaymentStep::refund, Account::unapplied, Account::card_receivable},
    PaymentRow{PaymentStep::pay_debt, Account::cash, Account::card_debt},
    PaymentRow{PaymentStep::write_off, Account::loss, Account::card_debt},
};
static_assert(payment_rows.size() == count_of<PaymentStep>);

constexpr auto drawer_moves = std::to_array<DrawerMove>({
    {DrawerState::closed, DrawerVerb::open, DrawerState::open},
    {DrawerState::open, DrawerVerb::top_up, DrawerState::open},
    {DrawerState::open, DrawerVerb::safe_drop, DrawerState::open},
    {DrawerState::open, DrawerVerb::pay_out, DrawerState::open},
    {DrawerState::open, DrawerVerb::no_sale, DrawerState::open},
    {DrawerState::open, DrawerVerb::void_line, DrawerState::open},
    {DrawerState::open, DrawerVerb::void_basket, DrawerState::open},
    {DrawerState::open, DrawerVerb::override_price, DrawerState::open},
    {DrawerState::open, DrawerVerb::ask_change, DrawerState::open},
    {DrawerState::open, DrawerVerb::read, DrawerState::open},
    {DrawerState::open, DrawerVerb::count, DrawerState::counted},
    // Counted again, by somebody else perhaps. Nothing is sold after a count.
    {DrawerState::counted, DrawerVerb::count, DrawerState::counted},
    {DrawerState::counted, DrawerVerb::close, DrawerState::closed},
});

constexpr bool reasoned = true, plain = false;
constexpr std::array drawer_rows{
    DrawerRow{DrawerVerb::open, Account::cash, Account::safe, plain, nullptr},
    DrawerRow{DrawerVerb::top_up, Account::cash, Account::safe, plain, nullptr},
    DrawerRow{DrawerVerb::safe_drop, Account::safe, Account::cash, plain, nullptr},
    DrawerRow{DrawerVerb::pay_out, Account::paid_out, Account::cash, reasoned,
              &Limits::pay_out_alone_pence},
    DrawerRow{DrawerVerb::no_sale, Account::cash, Account::cash, reasoned, nullptr},
    DrawerRow{DrawerVerb::void_line, Account::cash, Account::cash, reasoned,
              &Limits::void_line_alone_pence},
    DrawerRow{DrawerVerb::void_basket, Account::cash, Account::cash, reasoned,
              &Limits::void_basket_alone_pence},
    DrawerRow{DrawerVerb::override_price, Account::cash, Account::cash, reasoned,
              &Limits::override_alone_pence},
    DrawerRow{DrawerVerb::ask_change, Account::cash, Account::cash, plain, nullptr},
    DrawerRow{DrawerVerb::read, Account::cash, Account::cash, plain, nullptr},
    DrawerRow{DrawerVerb::count, Account::cash, Account::cash, plain, nullptr},
    // Of what was too much or too little, as judged by drawer_asks_pence.
    DrawerRow{DrawerVerb::close, Account::safe, Account::cash, plain,
              &Limits::over_short_alone_pence},
};
static_assert(drawer_rows.size() == count_of<DrawerVerb>);

}  // namespace

std::span<const Cards> moves_of(CardVerb) { return card_moves; }
std::span<const Holds> moves_of(HoldVerb) { return hold_moves; }

const AccountRow& row_of(Account account) {
  const AccountRow& row = account_rows[static_cast<std::size_t>(account)];
  CHECK(row.account == account);
  return row;
}

std::span<const DrawerMove> moves_of(DrawerVerb) { return drawer_moves; }

const DrawerRow& row_of(DrawerVerb verb) {
  const DrawerRow& row = drawer_rows[static_cast<std::size_t>(verb)];
  CHECK(row.verb == verb);
  return row;
}

const PaymentRow& row_of(PaymentStep step) {
  const PaymentRow& row = payment_rows[static_cast<std::size_t>(step)];
  CHECK(row.step == step);
  return row;
}

std::string pounds(std::int64_t pence) { return base::grouped(base::Money{pence * 100}); }

}  // namespace trade
