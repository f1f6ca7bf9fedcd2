// libFuzzer target: events of another site. What is read writes back the same, and what a book
// admits leaves it balanced.
#include <cstdint>

#include "base/result.h"
#include "trade/book.h"

namespace {

// A store that has opened, with a line of use-by goods and stock of two dates.
trade::Book small_book() {
  using namespace trade;
  const SiteCode site{42};
  Book book;
  const auto happened = [&](Body body) { apply(book, site, {{}, std::move(body)}); };
  happened(SiteOpened{site, SiteKind::store, 1});
  happened(LineOpened{
      *ProductId::of("milk"), {6, Chain::chilled, DateKind::use_by, 9, 2, 0, 0}, 155, 1});
  happened(DayOpened{{9'800}});
  happened(GoodsMoved{Cause::opening, {{LineNo{0}, 4, 0, {{9'801}, {}}}}});
  happened(GoodsMoved{Cause::opening, {{LineNo{0}, 5, 0, {{9'803}, *Batch::of("B1")}}}});
  return book;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trade;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto event = decode(bytes)) CHECK(encode(*event) == bytes);
  const SiteCode site{42};
  Book book = small_book();
  const std::string before = encode(*book.find(site));
  if (!admit(book, site, bytes)) {
    CHECK(encode(*book.find(site)) == before);
    return 0;
  }
  const std::string after = encode(*book.find(site));
  Book other;
  CHECK(other.restore(after).has_value());
  CHECK(encode(*other.find(site)) == after);
  return 0;
}
