#pragma once
// What a site sells, line by line: product, terms, price and pick location, in columns.
//
// Product ids and terms are the same at many sites, so a catalogue that all partitions of a book
// share keeps each once. Its numbers mean nothing outside memory.

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "trade/events.h"

namespace trade {

class Catalogue {
 public:
  std::uint32_t product_no(const ProductId& product);
  std::uint32_t terms_no(const Terms& terms);
  const ProductId& product(std::uint32_t no) const { return products_[no]; }
  const Terms& terms(std::uint32_t no) const { return terms_[no]; }

 private:
  std::vector<ProductId> products_;
  std::vector<Terms> terms_;
  std::map<ProductId, std::uint32_t> product_nos_;
  std::map<Terms, std::uint32_t> terms_nos_;
};

class Goods {
 public:
  explicit Goods(Catalogue& catalogue) : catalogue_(&catalogue) {}

  Catalogue& catalogue() const { return *catalogue_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(product_.size()); }
  bool has(LineNo line) const { return index(line) < line_count(); }
  // The line of a product, if the site has one.
  std::optional<LineNo> find(const ProductId& product) const;
  // The lines in the order of their products' ids.
  const std::vector<LineNo>& by_product() const { return by_product_; }

  const ProductId& product(LineNo line) const { return catalogue_->product(product_[index(line)]); }
  const Terms& terms(LineNo line) const { return catalogue_->terms(terms_[index(line)]); }
  Pence price_pence(LineNo line) const { return price_pence_[index(line)]; }
  std::uint32_t pick_sequence(LineNo line) const { return pick_sequence_[index(line)]; }
  bool is_closed(LineNo line) const { return (flags_[index(line)] & closed_flag) != 0; }
  // Some stop-sale concerns the product.
  bool is_stopped(LineNo line) const { return (flags_[index(line)] & stopped_flag) != 0; }

  // Requires a product that has no line yet.
  LineNo open(const LineOpened& opened);
  void change(const LineChanged& changed);
  void set_price(LineNo line, Pence pence) { price_pence_[index(line)] = pence; }
  void set_stopped(LineNo line, bool is_stopped) { set_flag(line, stopped_flag, is_stopped); }

 private:
  static constexpr std::uint8_t closed_flag = 1, stopped_flag = 2;
  void set_flag(LineNo line, std::uint8_t flag, bool is_set);
  std::vector<LineNo>::const_iterator place_of(const ProductId& product) const;

  Catalogue* catalogue_;
  std::vector<std::uint32_t> product_, terms_, pick_sequence_;
  std::vector<Pence> price_pence_;
  std::vector<std::uint8_t> flags_;
  std::vector<LineNo> by_product_;
};

}  // namespace trade
