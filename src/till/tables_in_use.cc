#include "till/tables_in_use.h"

namespace till {

TablesPtr TablesInUse::get() const {
  const std::lock_guard held(lock_);
  return tables_;
}

void TablesInUse::replace(TablesPtr tables) {
  const std::lock_guard held(lock_);
  tables_ = std::move(tables);
}

}  // namespace till
