#include "site/told.h"

#include "trade/codec.h"

namespace site {
namespace {

using trade::DocumentNumber;
using trade::LineNo;

class Walk {
 public:
  explicit Walk(Told& told) : told_(told) {}

  void value(LineNo line) {
    if (line != trade::no_line) told_.lines.insert(line);
  }
  void value(const DocumentNumber& number) {
    if (number.given()) told_.documents.insert(number);
  }
  template <class T>
  void value(const std::vector<T>& rows) {
    for (const T& row : rows) value(row);
  }
  template <trade::Struct T>
  void value(const T& it) {
    std::apply([&](auto... members) { (value(it.*members), ...); }, T::fields());
  }
  template <class Other>
  void value(const Other&) {}

 private:
  Told& told_;
};

// The counter of the site's own document that the event opens or refers to; 0 for none.
template <class Kind>
std::uint32_t own_counter(const Kind& kind) {
  if constexpr (requires { kind.counter; }) return kind.counter;
  if constexpr (requires { kind.sent; }) return kind.sent;
  if constexpr (requires { kind.wave; }) return kind.wave;
  if constexpr (requires { kind.inbound; }) return kind.inbound;
  return 0;
}
std::uint32_t own_counter(const trade::StopLifted& lifted) { return lifted.stop; }
std::uint32_t own_counter(const trade::StopPulled& pulled) { return pulled.stop; }

template <class Kind>
std::optional<trade::ProductId> product_of(const Kind& kind) {
  if constexpr (requires { kind.product; }) return kind.product;
  return std::nullopt;
}

}  // namespace

Told told_by(const trade::Partition& own, const trade::Event& event) {
  Told told;
  std::visit(
      [&](const auto& body) {
        Walk(told).value(body);
        if (const std::uint32_t counter = own_counter(body); counter != 0)
          told.documents.insert(own.number(counter));
        if (const auto product = product_of(body))
          if (const auto line = own.goods.find(*product)) told.lines.insert(*line);
        if constexpr (requires { body.key.depot; }) {
          if (const auto order = own.orders.find(body.key);
              order != own.orders.end() && order->second.counter != 0)
            told.documents.insert(own.number(order->second.counter));
          if (const auto filled = own.fulfilments.find(body.key);
              filled != own.fulfilments.end() && filled->second.order.given())
            told.documents.insert(filled->second.order);
        }
      },
      event.body);
  return told;
}

}  // namespace site
