#include "site/shop.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "site/attempts.h"
#include "site/bounded_table.h"
#include "site/cut_offs.h"

namespace site {
namespace {

using base::Result;
using trade::Body;

constexpr std::chrono::milliseconds round_every{1'000};
constexpr std::size_t bodies_a_round = 512;
constexpr std::uint32_t rounds_of_a_look = 30;  // at how every line is sold
constexpr std::size_t late_orders_a_round = 5'000;
constexpr std::size_t code_signs = 16;  // of 31: nobody finds one by trying digests
constexpr std::string_view signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

trade::Sha256 digest_of(std::string_view text) {
  trade::Sha256 made;
  made.bytes = crypto::sha256(text).bytes;
  return made;
}

// What is sealed of an order: postcode and code, each on a line, and the rest.
struct Sealed {
  std::string postcode, code, customer;
};
std::string text_of(const Sealed& sealed) {
  return sealed.postcode + "\n" + sealed.code + "\n" + sealed.customer;
}
Sealed parse_sealed(std::string_view text) {
  const auto line = [&] {
    const std::string_view found = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), found.size() + 1));
    return std::string(found);
  };
  Sealed made;
  made.postcode = line();
  made.code = line();
  made.customer = text;
  return made;
}

std::shared_ptr<const Shown> show(const View& view, const std::set<trade::ProductId>& unsold) {
  auto made = std::make_shared<Shown>();
  const trade::Partition& own = view.own;
  for (const trade::LineNo line : own.goods.by_product()) {
    if (own.goods.is_closed(line) || own.goods.is_stopped(line)) continue;
    if (unsold.contains(own.goods.product(line))) continue;
    made->lines.push_back({own.goods.product(line), line, price_on(own, line, own.day), {}});
  }
  std::vector<std::uint32_t> places(own.goods.line_count(), 0);
  for (std::uint32_t i = 0; i < made->lines.size(); ++i)
    places[trade::index(made->lines[i].line)] = i + 1;
  for (const auto& [key, allotment] : own.allotments) {
    if (made->stores.empty() || made->stores.back() != key.store) made->stores.push_back(key.store);
    const std::uint32_t place = places[trade::index(key.line)];
    if (place > 0) made->lines[place - 1].available[key.store] = allotment.available();
  }
  for (const auto& [counter, slot] : own.slots)
    if (slot.day >= own.day && slot.booked_orders < slot.capacity_orders)
      made->slots.push_back({own.number(counter), slot.store, slot.day, slot.from_minute,
                             slot.to_minute, slot.capacity_orders - slot.booked_orders});
  return made;
}

// What of an order the provider has to be told, once it is so.
struct Settlement {
  trade::DocumentNumber order;
  trade::Sha256 sealed;
  trade::OnlineState state{};
  std::int64_t captured_pence = 0, refunded_pence = 0;
  friend bool operator==(const Settlement&, const Settlement&) = default;
};

}  // namespace

const ShownLine* Shown::find(const trade::ProductId& product) const {
  const auto found = std::ranges::lower_bound(lines, product, {}, &ShownLine::product);
  return found == lines.end() || found->product != product ? nullptr : &*found;
}

std::int64_t Basket::total_pence() const {
  std::int64_t sum = 0;
  for (const BasketRow& row : rows) sum += row.pence;
  return sum;
}

std::string Basket::let_payment_go() {
  std::string freed = std::exchange(payment, {});
  return std::exchange(may_be_ordered, false) ? std::string() : freed;
}

std::string plain_postcode(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') plain += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

struct Shop::Parts : std::enable_shared_from_this<Shop::Parts> {
  Parts(const ShopOptions& its_options, Core& its_core, Payments& its_payments,
        io::Clock& its_clock, io::Entropy& its_entropy)
      : options(its_options),
        core(its_core),
        payments(its_payments),
        clock(its_clock),
        entropy(its_entropy) {}

  struct Kept {
    Basket basket;
    std::int64_t used_ms = 0;
  };
  using OrderedThen = std::move_only_function<void(std::expected<Ordered, NotOrdered>)>;

  std::int64_t now_ms() { return static_cast<std::int64_t>(clock.seconds() * 1'000); }
  Result<> clear_up();
  void round();
  void settle(const std::map<std::uint32_t, Settlement>& wanted);
  void tell_provider(const std::string& reference, const Settlement& now);
  void find_unsold(const View& view);
  void find_late_refunds(const View& view);
  void erase_old(trade::Day today);
  // Calls `change(basket)` under the lock, with what it says as the answer.
  template <class Change>
  auto with_basket(const std::string& id, Change&& change)
      -> decltype(change(std::declval<Basket&>()));
  std::string new_code();
  trade::Day today() { return trade::to_day(local_time(clock.wall_ms()).day); }
  std::optional<SoldAs> sold_today(const trade::ProductId& product) {
    return options.sold_as ? options.sold_as(product, today()) : SoldAs{};
  }
  trade::OnlineOrdered body_of(const Basket& basket, const std::string& code);
  void submit(const std::string& id, const trade::RequestId& request,
              std::optional<trade::OnlineOrdered> body, std::string code, OrderedThen then);
  void answer_repeated(const Done& done, const trade::DocumentNumber& number, OrderedThen then);
  void let_go(const std::string& id, const trade::OnlineOrdered& body);
  // How a checkout ended whose basket stays.
  enum class Ended { refused, not_tried, unknown };
  // Returns the payment that is to be released, empty for none.
  std::string stop_placing(const std::string& id, Ended how);
  std::shared_ptr<const Shown> look() const {
    const std::lock_guard lock(mutex);
    return shown;
  }

  const ShopOptions options;
  Core& core;
  Payments& payments;
  io::Clock& clock;
  io::Entropy& entropy;
  std::unique_ptr<PersonalData> personal;

  mutable std::mutex mutex;
  BoundedTable<std::string, Kept> baskets{baskets_max};
  Attempts by_source{status_failures_a_minute_max}, by_order{status_failures_a_minute_max};
  std::shared_ptr<const Shown> shown = std::make_shared<Shown>();
  std::set<trade::ProductId> unsold;  // of the lines, as of the last look at each
  std::uint32_t rounds = 0;
  std::map<std::uint32_t, std::int64_t> open_orders;   // and when each was looked at last
  std::map<std::uint32_t, Settlement> settled;         // what the provider was told
  std::map<std::uint32_t, std::int64_t> told_refunds;  // of orders that are over, in pence
  std::uint32_t swept_order = 0;                       // that was looked at last for a refund
  trade::Day erased_day;                               // when old personal data went last

  std::condition_variable wake;
  bool stops = false;
  std::thread thread;
};

// The core answers before this returns, so it must run.
Result<> Shop::Parts::clear_up() {
  std::set<trade::Sha256> named, paid;
  std::promise<void> told;
  const auto gather = [&](const View& view) {
    for (const auto& [counter, order] : view.own.online_orders) {
      named.insert(order.sealed);
      paid.insert(order.payment);
      open_orders[counter] = 0;
    }
    find_unsold(view);
    shown = show(view, unsold);
    told.set_value();
  };
  if (!core.ask(gather)) return base::fail(base::ErrorCode::io_failed, "the core takes nothing");
  if (!options.has_threads) core.step();
  told.get_future().wait();
  for (const std::string& reference : payments.open())
    if (!paid.contains(digest_of(reference))) payments.release(reference);
  for (const trade::Sha256& sealed : TRY(personal->list_open()))
    if (!named.contains(sealed)) personal->erase(sealed);
  for (const trade::Sha256& sealed : TRY(personal->list_payments()))
    if (!named.contains(sealed)) personal->erase(sealed);
  return {};
}

void Shop::Parts::round() {
  const auto look_on = [its = shared_from_this()](const View& view) {
    const trade::Day today = its->today();
    std::map<std::uint32_t, Settlement> wanted;
    std::vector<Body> bodies;
    {
      const std::lock_guard lock(its->mutex);
      if (++its->rounds % rounds_of_a_look == 0) its->find_unsold(view);
      its->shown = show(view, its->unsold);
      bodies = shop_upkeep(view, today, its->open_orders, bodies_a_round);
      for (auto row = its->open_orders.begin(); row != its->open_orders.end();) {
        const auto known = view.own.online_orders.find(row->first);
        if (known == view.own.online_orders.end()) {
          row = its->open_orders.erase(row);
          continue;
        }
        const trade::OnlineOrder& order = known->second;
        using trade::OnlineState;
        const Settlement now{view.own.number(row->first), order.sealed, order.state,
                             order.captured_pence, order.refunded_pence};
        const bool is_over = order.state == OnlineState::cancelled ||
                             order.state == OnlineState::completed ||
                             order.state == OnlineState::returned;
        const bool is_known = its->settled[row->first] == now;
        if (!is_known && !holds_units(order.state)) wanted[row->first] = now;
        if (!is_over || !is_known) {
          ++row;
          continue;
        }
        its->personal->note_over(order.sealed, today);
        if (order.refunded_pence > 0) its->told_refunds[row->first] = order.refunded_pence;
        its->settled.erase(row->first);
        row = its->open_orders.erase(row);
      }
      its->find_late_refunds(view);
      its->erase_old(today);
    }
    for (Body& body : bodies)
      its->core.submit({{}, [body](const trade::Partition&) { return body; }},
                       [](const Outcome&, const View&) {});
    its->settle(wanted);
  };
  core.ask(look_on);
}

// Lines that nobody could put into a basket. Requires the lock.
void Shop::Parts::find_unsold(const View& view) {
  unsold.clear();
  if (!options.sold_as) return;
  const trade::Day day = today();
  for (const trade::LineNo line : view.own.goods.by_product())
    if (const trade::ProductId& product = view.own.goods.product(line);
        !options.sold_as(product, day))
      unsold.insert(product);
}

// Of orders that were over before, so many a round. Requires the lock.
void Shop::Parts::find_late_refunds(const View& view) {
  const auto& orders = view.own.online_orders;
  auto row = orders.upper_bound(swept_order);
  for (std::size_t left = late_orders_a_round; row != orders.end() && left > 0; ++row, --left) {
    const trade::OnlineOrder& order = row->second;
    const auto told = told_refunds.find(row->first);
    const bool is_told = order.refunded_pence == (told == told_refunds.end() ? 0 : told->second);
    const bool owes = order.state == trade::OnlineState::returned &&
                      view.own.ledger.refundable_pence(view.own.number(row->first)) > 0;
    if (!is_told || owes) open_orders.try_emplace(row->first, 0);
    swept_order = row->first;
  }
  if (row != orders.end()) return;
  swept_order = 0;
  std::erase_if(told_refunds, [&](const auto& it) { return !orders.contains(it.first); });
}

// Once a day, requires the lock. What fails is tried again the next day, and at the next start.
void Shop::Parts::erase_old(trade::Day today) {
  if (today <= erased_day || today.days <= options.erase_after_days) return;
  erased_day = today;
  const auto until = static_cast<std::uint16_t>(today.days - options.erase_after_days);
  personal->erase_over({until}, [](const Result<>&) {});
}

void Shop::Parts::tell_provider(const std::string& reference, const Settlement& now) {
  if (now.state == trade::OnlineState::cancelled || now.captured_pence == 0)
    payments.release(reference);
  else
    payments.capture(reference, now.captured_pence);
  if (now.refunded_pence > 0) payments.refund(reference, now.refunded_pence);
}

// Tells the provider what the journal says; telling it again changes nothing.
void Shop::Parts::settle(const std::map<std::uint32_t, Settlement>& wanted) {
  for (const auto& [counter, now] : wanted)
    personal->read_payment(
        now.sealed, [its = shared_from_this(), counter, now](const Result<std::string>& reference) {
          if (!reference && reference.error().code != base::ErrorCode::input_missing) return;
          if (reference)
            its->tell_provider(*reference, now);
          else if (now.captured_pence > 0 && its->options.on_lost_payment)
            its->options.on_lost_payment(now.order, now.captured_pence, now.refunded_pence);
          const std::lock_guard lock(its->mutex);
          its->settled[counter] = now;
        });
}

template <class Change>
auto Shop::Parts::with_basket(const std::string& id, Change&& change)
    -> decltype(change(std::declval<Basket&>())) {
  const std::lock_guard lock(mutex);
  const std::int64_t now = now_ms();
  Kept* kept = baskets.find(id);
  if (kept == nullptr || now > kept->used_ms + basket_ms_max)
    return std::unexpected(ShopTrouble::basket_unknown);
  if (kept->basket.is_placing) return std::unexpected(ShopTrouble::basket_busy);
  kept->used_ms = now;
  return change(kept->basket);
}

std::string Shop::Parts::new_code() {
  std::string code;
  while (code.size() < code_signs) {
    std::array<std::uint8_t, 1> byte;
    entropy.fill(byte);
    if (byte[0] < signs.size() * 8) code += signs[byte[0] % signs.size()];
  }
  return code;
}

trade::OnlineOrdered Shop::Parts::body_of(const Basket& basket, const std::string& code) {
  trade::OnlineOrdered body;
  body.store = basket.store;
  body.way = *basket.way;
  body.slot = basket.slot;
  body.takes_substitutes = basket.takes_substitutes;
  body.authorised_pence = static_cast<trade::Pence>(basket.paying_pence);
  body.payment = digest_of(basket.payment);
  if (!code.empty()) body.code = digest_of(code);
  for (const BasketRow& row : basket.rows) {
    const SoldAs sold = sold_today(row.product).value_or(row.sold);
    body.rows.push_back(
        {row.line, row.units, row.pence, sold.age_years, sold.vat, sold.basis_points});
  }
  return body;
}

std::string Shop::Parts::stop_placing(const std::string& id, Ended how) {
  const std::lock_guard lock(mutex);
  Kept* kept = baskets.find(id);
  if (kept == nullptr) return {};
  kept->basket.is_placing = false;
  if (how == Ended::unknown) kept->basket.may_be_ordered = true;
  return how == Ended::refused ? kept->basket.let_payment_go() : std::string();
}

// Nothing came of the checkout: its payment and its personal data belong to no order.
void Shop::Parts::let_go(const std::string& id, const trade::OnlineOrdered& body) {
  personal->erase(body.sealed);
  payments.release(stop_placing(id, Ended::refused));
}

void Shop::Parts::answer_repeated(const Done& done, const trade::DocumentNumber& number,
                                  OrderedThen then) {
  const auto& body = std::get<trade::OnlineOrdered>(done.event.body);
  const auto shared = std::make_shared<OrderedThen>(std::move(then));
  const std::int64_t total = pence_of(body.rows);
  const bool is_asked =
      personal->read(body.sealed, [shared, number, total](const Result<std::string>& text) {
        (*shared)(Ordered{number, total, text ? parse_sealed(*text).code : "", true});
      });
  if (!is_asked) (*shared)(std::unexpected(NotOrdered(ShopTrouble::busy)));
}

// Without a body the basket is gone: then only an order that the request has made before answers.
void Shop::Parts::submit(const std::string& id, const trade::RequestId& request,
                         std::optional<trade::OnlineOrdered> body, std::string code,
                         OrderedThen then) {
  const auto shared = std::make_shared<OrderedThen>(std::move(then));
  const auto make = [body](const trade::Partition&) -> std::expected<Body, trade::No> {
    if (!body) return trade::no(trade::Refusal::document_unknown);
    return Body(*body);
  };
  const auto tell = [its = shared_from_this(), shared, id, body, code](const Outcome& outcome,
                                                                       const View& view) {
    if (outcome) {
      const auto& made = std::get<trade::OnlineOrdered>(outcome->event.body);
      const trade::DocumentNumber number = view.own.number(made.counter);
      if (outcome->is_repeated) {
        if (body) its->personal->erase(body->sealed);
        return its->answer_repeated(*outcome, number, std::move(*shared));
      }
      {
        const std::lock_guard lock(its->mutex);
        its->baskets.erase(id);
        its->open_orders[made.counter] = view.tick_ms;
      }
      return (*shared)(Ordered{number, pence_of(made.rows), code, false});
    }
    const bool is_refused = std::holds_alternative<trade::No>(outcome.error().why);
    if (!body && is_refused)
      return (*shared)(std::unexpected(NotOrdered(ShopTrouble::basket_unknown)));
    // What was not written may be on the disk nevertheless, so its payment stays until the same
    // request says.
    if (body && is_refused) its->let_go(id, *body);
    if (body && !is_refused) its->stop_placing(id, Ended::unknown);
    (*shared)(std::unexpected(NotOrdered(outcome.error())));
  };
  trade::Origin origin;
  origin.request = request;
  if (core.submit({origin, make}, tell)) return;
  stop_placing(id, Ended::not_tried);
  (*shared)(std::unexpected(NotOrdered(ShopTrouble::busy)));
}

Result<std::unique_ptr<Shop>> Shop::start(const ShopOptions& options, Core& core,
                                          Payments& payments, io::Clock& clock,
                                          io::Entropy& entropy) {
  auto parts = std::make_shared<Parts>(options, core, payments, clock, entropy);
  parts->personal = TRY(PersonalData::open(options.data, entropy));
  TRY(parts->clear_up());
  std::unique_ptr<Shop> shop(new Shop(parts));
  if (!options.has_threads) return shop;
  parts->round();
  parts->thread = std::thread([its = parts.get()] {
    std::unique_lock lock(its->mutex);
    while (!its->wake.wait_for(lock, round_every, [&] { return its->stops; })) {
      lock.unlock();
      its->round();
      lock.lock();
    }
  });
  return shop;
}

Shop::Shop(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

Shop::~Shop() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stops = true;
  }
  parts_->wake.notify_all();
  if (parts_->thread.joinable()) parts_->thread.join();
  // What the core still has of the rounds runs first; then nobody uses the personal data.
  std::promise<void> done;
  while (!parts_->core.ask([&](const View&) { done.set_value(); }))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (!parts_->options.has_threads) parts_->core.step();
  done.get_future().wait();
  parts_->personal.reset();
}

std::shared_ptr<const Shown> Shop::shown() const { return parts_->look(); }

void Shop::step() { parts_->round(); }

ShopResult<std::string> Shop::open_basket(trade::SiteCode store) {
  const auto now_shown = shown();
  if (std::ranges::find(now_shown->stores, store) == now_shown->stores.end())
    return std::unexpected(ShopTrouble::store_unknown);
  std::array<std::uint8_t, 16> bytes;
  parts_->entropy.fill(bytes);
  const std::string id =
      crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Basket basket;
  basket.store = store;
  const std::lock_guard lock(parts_->mutex);
  parts_->baskets.put(id, {std::move(basket), parts_->now_ms()});
  return id;
}

ShopResult<Basket> Shop::basket(const std::string& id) {
  return parts_->with_basket(id, [](Basket& it) -> ShopResult<Basket> { return it; });
}

ShopResult<Basket> Shop::put(const std::string& id, const trade::ProductId& product,
                             trade::Units units) {
  const auto now_shown = shown();
  const ShownLine* line = now_shown->find(product);
  const auto sold = parts_->sold_today(product);
  if (line == nullptr || (units > 0 && !sold)) return std::unexpected(ShopTrouble::product_unknown);
  return parts_->with_basket(id, [&](Basket& it) -> ShopResult<Basket> {
    const auto available = line->available.find(it.store);
    if (units > 0 && (available == line->available.end() || available->second < units))
      return std::unexpected(ShopTrouble::not_available);
    const auto row = std::ranges::lower_bound(it.rows, line->line, {}, &BasketRow::line);
    const bool is_there = row != it.rows.end() && row->line == line->line;
    const std::int64_t pence = std::int64_t{line->price_pence} * units;
    if (pence > trade::row_pence_max) return std::unexpected(ShopTrouble::basket_full);
    const BasketRow made{product, line->line, units, static_cast<trade::Pence>(pence),
                         sold.value_or(SoldAs{})};
    if (units == 0) {
      if (is_there) it.rows.erase(row);
    } else if (is_there) {
      *row = made;
    } else if (it.rows.size() == basket_rows_max) {
      return std::unexpected(ShopTrouble::basket_full);
    } else {
      it.rows.insert(row, made);
    }
    return it;
  });
}

ShopResult<Basket> Shop::address(const std::string& id, std::string customer,
                                 std::string_view postcode) {
  return parts_->with_basket(id, [&](Basket& it) -> ShopResult<Basket> {
    it.customer = std::move(customer);
    it.postcode = plain_postcode(postcode);
    return it;
  });
}

ShopResult<Basket> Shop::choose(const std::string& id, std::string_view option,
                                bool takes_substitutes) {
  const auto now_shown = shown();
  const auto number = trade::parse_number(option);
  const auto slot = std::ranges::find_if(
      now_shown->slots, [&](const ShownSlot& it) { return number && it.number == *number; });
  if (option != "collect" && slot == now_shown->slots.end())
    return std::unexpected(ShopTrouble::option_wrong);
  return parts_->with_basket(id, [&](Basket& it) -> ShopResult<Basket> {
    if (number && slot->store != it.store) return std::unexpected(ShopTrouble::option_wrong);
    it.way = number ? trade::OnlineWay::delivery : trade::OnlineWay::collect;
    it.slot = number ? number->counter : 0;
    it.takes_substitutes = takes_substitutes;
    return it;
  });
}

ShopResult<HostedPage> Shop::pay(const std::string& id) {
  std::string before;
  auto page = parts_->with_basket(id, [&](Basket& it) -> ShopResult<HostedPage> {
    if (it.rows.empty()) return std::unexpected(ShopTrouble::basket_empty);
    const std::int64_t pence = it.total_pence();
    if (pence > trade::row_pence_max) return std::unexpected(ShopTrouble::basket_full);
    auto begun = parts_->payments.begin(pence);
    if (!begun) return std::unexpected(ShopTrouble::payment_failed);
    before = it.let_payment_go();
    it.payment = begun->reference;
    it.paying_pence = pence;
    return *std::move(begun);
  });
  if (!before.empty()) parts_->payments.release(before);
  return page;
}

ShopResult<PaymentState> Shop::payment(const std::string& id) {
  return parts_->with_basket(id, [&](Basket& it) -> ShopResult<PaymentState> {
    if (it.payment.empty()) return std::unexpected(ShopTrouble::payment_missing);
    return parts_->payments.look(it.payment).state;
  });
}

void Shop::place(const std::string& id, const trade::RequestId& request,
                 std::move_only_function<void(std::expected<Ordered, NotOrdered>)> then) {
  auto ready = parts_->with_basket(id, [&](Basket& it) -> ShopResult<Basket> {
    if (it.rows.empty()) return std::unexpected(ShopTrouble::basket_empty);
    if (it.postcode.empty()) return std::unexpected(ShopTrouble::address_missing);
    if (!it.way) return std::unexpected(ShopTrouble::option_missing);
    if (it.payment.empty()) return std::unexpected(ShopTrouble::payment_missing);
    const PaymentState paid = parts_->payments.look(it.payment).state;
    if (paid == PaymentState::pending) return std::unexpected(ShopTrouble::payment_pending);
    if (paid != PaymentState::authorised) return std::unexpected(ShopTrouble::payment_declined);
    it.is_placing = true;
    return it;
  });
  if (!ready) {
    if (ready.error() != ShopTrouble::basket_unknown)
      return then(std::unexpected(NotOrdered(ready.error())));
    return parts_->submit(id, request, std::nullopt, {}, std::move(then));
  }
  const std::string code = *ready->way == trade::OnlineWay::collect ? parts_->new_code() : "";
  auto body = parts_->body_of(*ready, code);
  const auto shared = std::make_shared<Parts::OrderedThen>(std::move(then));
  const auto go_on = [its = parts_, id, request, body, code,
                      shared](const Result<trade::Sha256>& sealed) mutable {
    if (!sealed) {
      its->stop_placing(id, Parts::Ended::not_tried);
      return (*shared)(
          std::unexpected(NotOrdered(NotDone{site::Trouble::not_written, sealed.error().message})));
    }
    body.sealed = *sealed;
    its->submit(id, request, std::move(body), code, std::move(*shared));
  };
  if (parts_->personal->keep(text_of({ready->postcode, code, ready->customer}), ready->payment,
                             go_on))
    return;
  parts_->stop_placing(id, Parts::Ended::not_tried);
  (*shared)(std::unexpected(NotOrdered(ShopTrouble::busy)));
}

void Shop::status(std::string_view source, const trade::DocumentNumber& order,
                  std::string_view postcode,
                  std::move_only_function<void(ShopResult<OrderStatus>)> then) {
  const std::string who(source), number = trade::to_string(order);
  {
    const std::lock_guard lock(parts_->mutex);
    const std::int64_t now = parts_->now_ms();
    if (parts_->by_source.is_blocked(who, now) || parts_->by_order.is_blocked(number, now))
      return then(std::unexpected(ShopTrouble::too_many));
  }
  const auto shared =
      std::make_shared<std::move_only_function<void(ShopResult<OrderStatus>)>>(std::move(then));
  const auto fail = [its = parts_, shared, who, number] {
    {
      const std::lock_guard lock(its->mutex);
      its->by_source.count(who, its->now_ms());
      its->by_order.count(number, its->now_ms());
    }
    (*shared)(std::unexpected(ShopTrouble::order_unknown));
  };
  const auto question = [its = parts_, shared, fail, order,
                         wanted = plain_postcode(postcode)](const View& view) {
    const auto row = view.own.online_orders.find(order.counter);
    if (row == view.own.online_orders.end() || view.own.number(order.counter) != order)
      return fail();
    const trade::OnlineOrder& known = row->second;
    OrderStatus status{known.state, {}, known.way, {}, known.captured_pence, known.refunded_pence};
    if (const trade::Partition* store = view.book.find(known.store))
      if (const auto parcel = store->parcels.find(order); parcel != store->parcels.end())
        status.parcel = parcel->second.state;
    if (const auto slot = view.own.slots.find(known.slot); slot != view.own.slots.end())
      status.slot =
          ShownSlot{view.own.number(slot->first), slot->second.store,     slot->second.day,
                    slot->second.from_minute,     slot->second.to_minute, 0};
    const bool is_asked = its->personal->read(
        known.sealed, [shared, fail, wanted, status](const Result<std::string>& text) {
          if (!text || wanted.empty() || parse_sealed(*text).postcode != wanted) return fail();
          (*shared)(status);
        });
    if (!is_asked) (*shared)(std::unexpected(ShopTrouble::busy));
  };
  if (!parts_->core.ask(question)) (*shared)(std::unexpected(ShopTrouble::busy));
}

bool Shop::read_customer(const trade::Sha256& sealed,
                         std::move_only_function<void(const Result<std::string>&)> then) {
  return parts_->personal->read(sealed,
                                [then = std::move(then)](const Result<std::string>& text) mutable {
                                  if (!text) return then(text);
                                  then(parse_sealed(*text).customer);
                                });
}

void Shop::erase_customer(const trade::DocumentNumber& order,
                          std::move_only_function<void(ShopResult<void>)> then) {
  const auto shared =
      std::make_shared<std::move_only_function<void(ShopResult<void>)>>(std::move(then));
  const auto look = [its = parts_, shared, order](const View& view) {
    const auto row = view.own.online_orders.find(order.counter);
    if (row == view.own.online_orders.end() || view.own.number(order.counter) != order)
      return (*shared)(std::unexpected(ShopTrouble::order_unknown));
    {
      const std::lock_guard lock(its->mutex);
      if (its->open_orders.contains(order.counter))
        return (*shared)(std::unexpected(ShopTrouble::order_open));
    }
    its->personal->erase_for_good(row->second.sealed, [its, shared, order](const Result<>& done) {
      if (its->options.on_erased) its->options.on_erased(order);
      (*shared)(done ? ShopResult<void>() : std::unexpected(ShopTrouble::busy));
    });
  };
  if (!parts_->core.ask(look)) (*shared)(std::unexpected(ShopTrouble::busy));
}

}  // namespace site
