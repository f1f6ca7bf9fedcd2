#include "trade/goods.h"

#include <algorithm>

#include "trade/stock.h"

namespace trade {
namespace {

// The number of a value in its table; a new one gets the next.
template <class T>
std::uint32_t number_of(const T& value, std::vector<T>& values, std::map<T, std::uint32_t>& nos) {
  const auto [row, is_new] = nos.try_emplace(value, static_cast<std::uint32_t>(values.size()));
  if (is_new) values.push_back(value);
  return row->second;
}

}  // namespace

std::uint32_t Catalogue::product_no(const ProductId& product) {
  return number_of(product, products_, product_nos_);
}

std::uint32_t Catalogue::terms_no(const Terms& terms) {
  return number_of(terms, terms_, terms_nos_);
}

std::vector<LineNo>::const_iterator Goods::place_of(const ProductId& wanted) const {
  return std::lower_bound(by_product_.begin(), by_product_.end(), wanted,
                          [&](LineNo line, const ProductId& id) { return product(line) < id; });
}

std::optional<LineNo> Goods::find(const ProductId& wanted) const {
  const auto place = place_of(wanted);
  if (place == by_product_.end() || product(*place) != wanted) return std::nullopt;
  return *place;
}

LineNo Goods::open(const LineOpened& opened) {
  const LineNo line{line_count()};
  const auto place = place_of(opened.product) - by_product_.begin();
  append(product_, catalogue_->product_no(opened.product));
  append(terms_, catalogue_->terms_no(opened.terms));
  append(pick_sequence_, opened.pick_sequence);
  append(price_pence_, opened.price_pence);
  append(flags_, std::uint8_t{0});
  append(by_product_, line);
  std::rotate(by_product_.begin() + place, by_product_.end() - 1, by_product_.end());
  return line;
}

void Goods::change(const LineChanged& changed) {
  terms_[index(changed.line)] = catalogue_->terms_no(changed.terms);
  pick_sequence_[index(changed.line)] = changed.pick_sequence;
  set_flag(changed.line, closed_flag, changed.is_closed);
}

void Goods::set_flag(LineNo line, std::uint8_t flag, bool is_set) {
  std::uint8_t& flags = flags_[index(line)];
  flags = static_cast<std::uint8_t>(is_set ? flags | flag : flags & ~flag);
}

}  // namespace trade
