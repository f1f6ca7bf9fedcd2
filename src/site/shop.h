#pragma once
// An online site's shop: what it shows, guests' baskets, payment and checkout. Baskets are memory
// only, bounded in number and age; an order begins with its checkout, which is one event.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "site/core.h"
#include "site/payments.h"
#include "site/personal_data.h"

namespace site {

inline constexpr std::size_t baskets_max = 100'000;
inline constexpr std::int64_t basket_ms_max = 60 * 60'000;  // since it was used last
inline constexpr std::size_t basket_rows_max = 200;
inline constexpr trade::Units basket_units_max = 999;  // of a line
inline constexpr int status_failures_a_minute_max = 10;
inline constexpr std::uint16_t erase_after_days_default = 35;

enum class ShopTrouble : std::uint8_t {
  basket_unknown,  // or too old
  basket_full,
  basket_empty,
  basket_busy,  // its checkout is on the way
  store_unknown,
  product_unknown,
  not_available,
  address_missing,
  option_wrong,
  option_missing,
  payment_missing,
  payment_pending,
  payment_declined,
  payment_failed,  // the provider cannot be asked
  order_unknown,   // or another postcode: nobody learns which
  order_open,      // not over yet, or not settled with who took the payment
  too_many,
  busy,
};
template <class T>
using ShopResult = std::expected<T, ShopTrouble>;

// What a guest may buy at a store, as of at most a second ago.
struct ShownLine {
  trade::ProductId product;
  trade::LineNo line{};
  trade::Pence price_pence = 0;
  std::map<trade::SiteCode, std::int64_t> available;  // units, by store
};
struct ShownSlot {
  trade::DocumentNumber number;
  trade::SiteCode store{};
  trade::Day day;
  std::uint16_t from_minute = 0, to_minute = 0;
  std::uint32_t left_orders = 0;
};
struct Shown {
  std::vector<ShownLine> lines;  // by product
  std::vector<ShownSlot> slots;  // that have room, by number
  std::vector<trade::SiteCode> stores;
  const ShownLine* find(const trade::ProductId& product) const;
};

// How a product is sold: its VAT, and how old who takes it must be (0: any age). Without tables
// nobody knows a product's VAT, and it is booked as outside the scope.
struct SoldAs {
  trade::VatCode vat = trade::VatCode::outside_scope;
  std::int32_t basis_points = 0;
  std::uint8_t age_years = 0;
};

struct BasketRow {
  trade::ProductId product;
  trade::LineNo line{};
  trade::Units units = 0;
  trade::Pence pence = 0;  // for all units
  SoldAs sold = {};
};
struct Basket {
  trade::SiteCode store{};
  std::vector<BasketRow> rows;  // in the order of their lines
  std::string customer;         // whatever the API wants to find again
  std::string postcode;         // as plain_postcode gives it
  std::optional<trade::OnlineWay> way;
  std::uint32_t slot = 0;
  bool takes_substitutes = false;
  std::string payment;            // the provider's reference
  bool may_be_ordered = false;    // the disk did not say whether an order has that payment
  std::int64_t paying_pence = 0;  // that the payment is for
  bool is_placing = false;
  std::int64_t total_pence() const;
  // Forgets the payment; what is returned is to be released, empty for nothing. One that an order
  // may have stays with the provider until a start of the shop has looked.
  std::string let_payment_go();
};

struct Ordered {
  trade::DocumentNumber order;
  std::int64_t total_pence = 0;
  std::string code;  // to collect with; empty for a delivery
  bool is_repeated = false;
};
// Why nothing was placed: the shop's reason, or trade's.
using NotOrdered = std::variant<ShopTrouble, NotDone>;

struct OrderStatus {
  trade::OnlineState state{};
  trade::ParcelState parcel{};  // as far as the store is heard
  trade::OnlineWay way{};
  std::optional<ShownSlot> slot;
  std::int64_t captured_pence = 0, refunded_pence = 0;
};

// Capitals and digits only, so that "ab1 2cd" is "AB12CD".
std::string plain_postcode(std::string_view text);

// What the site's own process does next for its allotments, lines and orders: bodies in the order
// in which they must happen, at most so many. `orders` are looked at, and those that are over go
// out of it. Pure.
std::vector<trade::Body> shop_upkeep(const View& view, trade::Day today,
                                     std::map<std::uint32_t, std::int64_t>& orders,
                                     std::size_t bodies_max);

struct ShopOptions {
  io::Path data;
  // How a product is sold on a day; nothing: it is not sold. From any thread.
  std::function<std::optional<SoldAs>(const trade::ProductId&, trade::Day)> sold_as{};
  bool has_threads = true;  // false: step() does the work, for tests
  // Personal data go so many days after the order was over.
  std::uint16_t erase_after_days = erase_after_days_default;
  // Told of each order whose personal data somebody has erased; on any thread.
  std::function<void(const trade::DocumentNumber&)> on_erased{};
  // Told of what somebody must capture and pay back at the provider, because keys.db does not have
  // the payment; again at each start while the order is known. On any thread.
  std::function<void(const trade::DocumentNumber&, std::int64_t captured_pence,
                     std::int64_t refunded_pence)>
      on_lost_payment{};
};

// All calls may come from any thread, and none waits. A `then` is called once.
class Shop {
 public:
  // Releases payments that no order has, and erases personal data that no order names: what a kill
  // has left between the provider, keys.db and the journal. All must outlive the shop.
  // Errors: io_failed, input_bad.
  static base::Result<std::unique_ptr<Shop>> start(const ShopOptions& options, Core& core,
                                                   Payments& payments, io::Clock& clock,
                                                   io::Entropy& entropy);
  ~Shop();

  std::shared_ptr<const Shown> shown() const;
  ShopResult<std::string> open_basket(trade::SiteCode store);
  ShopResult<Basket> basket(const std::string& id);
  // Puts so many units in place of what was there; 0 takes the row out.
  ShopResult<Basket> put(const std::string& id, const trade::ProductId& product,
                         trade::Units units);
  ShopResult<Basket> address(const std::string& id, std::string customer,
                             std::string_view postcode);
  // "collect", or the number of a slot.
  ShopResult<Basket> choose(const std::string& id, std::string_view option, bool takes_substitutes);
  ShopResult<HostedPage> pay(const std::string& id);
  ShopResult<PaymentState> payment(const std::string& id);
  // Answered once the order is on disk. The same request again is answered as the first time, also
  // after a restart.
  void place(const std::string& id, const trade::RequestId& request,
             std::move_only_function<void(std::expected<Ordered, NotOrdered>)> then);
  // The source is where the request comes from; who guesses waits.
  void status(std::string_view source, const trade::DocumentNumber& order,
              std::string_view postcode,
              std::move_only_function<void(ShopResult<OrderStatus>)> then);
  // What the API keeps of an order's customer, by the digest in the journal; input_missing where it
  // was erased. False: too much waits, and `then` will not be called.
  bool read_customer(const trade::Sha256& sealed,
                     std::move_only_function<void(const base::Result<std::string>&)> then);
  // Leaves nothing of who ordered; `then` once it is so on disk. Order_unknown also where it was
  // erased long ago, order_open where the order is not over.
  void erase_customer(const trade::DocumentNumber& order,
                      std::move_only_function<void(ShopResult<void>)> then);
  // One round of upkeep, as the shop's thread does once a second. For tests.
  void step();

 private:
  struct Parts;
  explicit Shop(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;  // answers may come when the shop is gone
};

}  // namespace site
