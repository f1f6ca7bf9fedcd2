#include "estate/ids.h"

#include "base/prng.h"
#include "base/result.h"

namespace estate {

bool valid_id(std::string_view text) {
  if (text.empty() || text.size() > id_bytes_max) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

// The slot that holds the key, or the empty one where it belongs.
std::size_t IdTable::place_of(const Key& key) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint64_t folded = key[0] ^ (key[1] * 0x9e3779b97f4a7c15u) ^
                               (key[2] * 0xc2b2ae3d27d4eb4fu) ^ (key[3] * 0x165667b19e3779f9u);
  std::size_t place = base::mix(folded) & mask;
  while (slots_[place] != none && !same(keys_[slots_[place]], key)) place = (place + 1) & mask;
  return place;
}

void IdTable::grow() {
  slots_.assign(std::max<std::size_t>(16, slots_.size() * 2), none);
  for (std::uint32_t i = 0; i < keys_.size(); ++i) slots_[place_of(keys_[i])] = i;
}

void IdTable::add(std::string_view id) {
  CHECK(valid_id(id));
  if ((keys_.size() + 1) * 2 > slots_.size()) grow();
  const Key key = key_of(id);
  const std::size_t place = place_of(key);
  CHECK(slots_[place] == none);
  slots_[place] = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
}

std::uint32_t IdTable::find(std::string_view id) const { return find_near(id, none); }

}  // namespace estate
