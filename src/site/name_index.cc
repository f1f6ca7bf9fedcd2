#include "site/name_index.h"

#include <utility>

namespace site {
namespace {

constexpr std::size_t slots_min = 64;

}  // namespace

std::size_t NameIndex::slot_of(std::uint64_t name) const {
  std::size_t at = home(name);
  while (slots_[at].row_after != 0 && slots_[at].name != name) at = next(at);
  return at;
}

std::optional<std::uint64_t> NameIndex::find(std::uint64_t name) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[slot_of(name)];
  if (slot.row_after == 0) return std::nullopt;
  return slot.row_after - 1;
}

void NameIndex::put(std::uint64_t name, std::uint64_t row) {
  if ((count_ + 1) * 3 > slots_.size() * 2) grow();
  Slot& slot = slots_[slot_of(name)];
  if (slot.row_after == 0) ++count_;
  slot = {name, row + 1};
}

// Those behind it that had to step aside move up, so that no search ends too early.
void NameIndex::erase(std::uint64_t name, std::uint64_t row) {
  if (find(name) != row) return;
  std::size_t hole = slot_of(name);
  for (std::size_t at = next(hole); slots_[at].row_after != 0; at = next(at)) {
    const std::size_t from_home = (at - home(slots_[at].name)) & (slots_.size() - 1);
    const std::size_t from_hole = (at - hole) & (slots_.size() - 1);
    if (from_home < from_hole) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --count_;
}

void NameIndex::grow() {
  const auto before =
      std::exchange(slots_, std::vector<Slot>(slots_.empty() ? slots_min : slots_.size() * 2));
  for (const Slot& slot : before)
    if (slot.row_after != 0) slots_[slot_of(slot.name)] = slot;
}

}  // namespace site
