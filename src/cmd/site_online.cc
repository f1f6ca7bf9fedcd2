#include "cmd/site_online.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/numbers.h"
#include "base/result.h"
#include "cmd/outbox.h"
#include "io/clock.h"
#include "io/entropy.h"
#include "site/key.h"
#include "till/sold_as.h"
#include "trade/value.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using Ages = std::map<trade::ProductId, std::uint8_t>;

// "wine=18" as a product and years.
Result<Ages> parse_ages(const std::vector<std::string>& texts) {
  Ages made;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    const auto product = trade::ProductId::of(std::string_view(text).substr(0, sign));
    const std::string after = sign == text.npos ? "" : text.substr(sign + 1);
    const std::int64_t years = base::parse_whole(after).value_or(0);
    if (!product || !product->given() || years < 1 || years > trade::age_years_max)
      return base::fail(ErrorCode::usage, text + ": expected PRODUCT=YEARS, as wine=18");
    made[*product] = static_cast<std::uint8_t>(years);
  }
  return made;
}

std::optional<site::SoldAs> look_up(const till::TablesPtr& tables, const Ages& ages,
                                    const trade::ProductId& product, trade::Day day) {
  auto made = tables == nullptr ? site::SoldAs{} : till::sold_as(*tables, product, day);
  const auto age = ages.find(product);
  if (made && age != ages.end()) made->age_years = std::max(made->age_years, age->second);
  return made;
}

}  // namespace

Result<OnlineShop> start_shop(const OnlineChoice& choice, std::shared_ptr<till::TablesInUse> tables,
                              const site::CoreOptions& options, site::Core& core,
                              std::function<void(const Json&)> log) {
  OnlineShop made;
  site::ShopOptions how;
  how.data = options.data;
  const Ages ages = TRY(parse_ages(choice.ages));
  if (tables->get() == nullptr)
    fmt::print(stderr, "NO VAT IS BOOKED: without --tables nobody knows a product's rate\n");
  how.sold_as = [tables, ages](const trade::ProductId& product, trade::Day day) {
    return look_up(tables->get(), ages, product, day);
  };
  const auto signer =
      TRY(site::site_key(io::real_disk(), io::real_entropy(), options.data,
                         site::origin_of(options.estate, options.site.code, options.site.epoch)));
  made.carrier = TRY(open_carrier(choice.outbox, choice.outbox_from, options.data, signer));
  how.erase_after_days = static_cast<std::uint16_t>(choice.erase_after_days);
  if (made.carrier)
    how.on_erased = [&carrier = *made.carrier](const trade::DocumentNumber& order) {
      carrier.forget(order);
    };
  how.on_lost_payment = [log](const trade::DocumentNumber& order, std::int64_t captured_pence,
                              std::int64_t refunded_pence) {
    fmt::print(stderr,
               "BY HAND: keys.db lacks the payment of order {}: capture {}, pay back {} in all\n",
               to_string(order), trade::pounds(captured_pence), trade::pounds(refunded_pence));
    log(Json{{"payment_by_hand", to_string(order)},
             {"captured_pence", captured_pence},
             {"refunded_pence", refunded_pence}});
  };
  fmt::print(stderr, "PAYMENTS ARE SIMULATED: nobody's card is charged\n");
  made.payments = TRY(site::SimulatedPayments::open_books(
      (options.data / "payments.simulated").string(), io::real_clock(), io::real_entropy()));
  made.shop =
      TRY(site::Shop::start(how, core, *made.payments, io::real_clock(), io::real_entropy()));
  const auto say = [log](std::string_view line) {
    fmt::print(stderr, "{}\n", line);
    log(Json{{"outbox", line}});
  };
  if (made.carrier)
    made.outbox = std::make_unique<site::Outbox>(core, *made.shop, *made.carrier, io::real_disk(),
                                                 io::real_clock(), options.data, say);
  return made;
}

}  // namespace cmd
