#pragma once
// What a site's line numbers and counters mean to people: products and document numbers.

#include <span>
#include <vector>

#include "trade/book.h"

namespace api {

struct NamedLine {
  trade::LineNo line{};
  trade::ProductId product;
  friend auto operator<=>(const NamedLine&, const NamedLine&) = default;
};

// Looks into a partition, or where none can be looked at knows the lines that a request named. What
// it was made from must outlive it.
class Names {
 public:
  // With the book, the lines of stores in proposals have names too.
  explicit Names(const trade::Partition& site, const trade::Book* book = nullptr)
      : site_(site.site), partition_(&site), book_(book) {}
  // Requires lines that are sorted.
  Names(const trade::SiteOpened& site, std::span<const NamedLine> lines)
      : site_(site), lines_(lines) {}

  // nullptr for a line that is not known.
  const trade::ProductId* product(trade::LineNo line) const;
  trade::DocumentNumber number(std::uint32_t counter) const {
    if (partition_ != nullptr) return partition_->number(counter);
    return {site_.code, site_.epoch, counter};
  }
  // The names of another site's lines; of none, if the book does not know it.
  Names of_store(trade::SiteCode store) const;

 private:
  trade::SiteOpened site_;
  const trade::Partition* partition_ = nullptr;
  const trade::Book* book_ = nullptr;
  std::span<const NamedLine> lines_;
};

}  // namespace api
