#include "api/names.h"

#include <algorithm>

namespace api {

const trade::ProductId* Names::product(trade::LineNo line) const {
  if (partition_ != nullptr)
    return partition_->goods.has(line) ? &partition_->goods.product(line) : nullptr;
  const auto found = std::ranges::lower_bound(lines_, line, {}, &NamedLine::line);
  return found == lines_.end() || found->line != line ? nullptr : &found->product;
}

Names Names::of_store(trade::SiteCode store) const {
  if (store == site_.code) return *this;
  const trade::Partition* found = book_ == nullptr ? nullptr : book_->find(store);
  Names other = found == nullptr ? Names(site_, {}) : Names(*found, book_);
  other.site_ = site_;
  return other;
}

}  // namespace api
