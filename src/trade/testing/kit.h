#pragma once
// A small estate to trade in, for tests: sites that are open, lines to sell, and commands in one
// call.

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/result.h"
#include "trade/book.h"

namespace trade::testing {

inline constexpr SiteCode store_code{42}, other_store_code{43}, depot_code{9}, centre_code{1};
inline constexpr Day today{9'800};
inline constexpr LineNo milk{0}, soap{1}, peas{2};  // the first lines of every site

inline Day in_days(int days) { return {static_cast<std::uint16_t>(today.days + days)}; }
inline ProductId product(std::string_view id) { return *ProductId::of(id); }
inline Batch batch(std::string_view text) { return *Batch::of(text); }
inline Lot until(int days) { return {in_days(days), {}}; }

// The roles that may do everything that the test wants, tried in turn.
inline std::expected<Event, No> decide_as_anybody(const Book& book, SiteCode site,
                                                  Command command) {
  for (std::size_t i = 0;; ++i) {
    command.role = static_cast<Role>(i);
    auto event = decide(book, site, command);
    if (event || event.error().why != Refusal::role_not_allowed || i + 1 == count_of<Role>)
      return event;
  }
}

// How a store or a depot begins: milk with use-by dates, soap without dates, frozen peas.
inline std::vector<Body> opening_of(SiteCode code) {
  const SiteKind kind = code == depot_code ? SiteKind::depot : SiteKind::store;
  return {
      SiteOpened{code, kind, 1},
      LineOpened{
          product("milk"), {6, Chain::chilled, DateKind::use_by, 9, 2, 6'500, 7'000}, 155, 20},
      LineOpened{
          product("soap"), {12, Chain::ambient, DateKind::none, 0, 0, 2'000, 3'000}, 210, 10},
      LineOpened{product("peas"),
                 {8, Chain::frozen, DateKind::best_before, 400, 0, 9'000, 8'000},
                 199,
                 30},
      DayOpened{today},
  };
}

// When somebody asks for it, where a test does not say: days are opened on their date.
inline std::int64_t asked_at_ms(const Body& body) {
  const auto* opened = std::get_if<DayOpened>(&body);
  return opened != nullptr ? std::int64_t{to_date(opened->day).days} * 86'400'000 : 0;
}

class Estate {
 public:
  Estate() {
    for (const SiteCode site : {store_code, other_store_code, depot_code})
      for (const Body& body : opening_of(site)) must(site, body);
    must(centre_code, SiteOpened{centre_code, SiteKind::centre, 1});
    must(centre_code, DayOpened{today});
  }

  // What comes of a command; the event has been through its bytes and is in the book.
  std::expected<Event, No> attempt(SiteCode site, Body body,
                                   std::optional<std::int64_t> at_ms = {}) {
    auto event = decide_as_anybody(
        book, site, {{}, {ActorNo{7}, {}, 0}, at_ms.value_or(asked_at_ms(body)), std::move(body)});
    if (event) apply(book, site, decode(encode(*event)).value());
    return event;
  }
  Event must(SiteCode site, Body body, std::optional<std::int64_t> at_ms = {}) {
    auto event = attempt(site, std::move(body), at_ms);
    EXPECT_TRUE(event) << (event ? "" : row_of(event.error().why).name);
    return event.value_or(Event{});
  }
  // The name of the refusal, or "done".
  std::string_view answer(SiteCode site, Body body, std::optional<std::int64_t> at_ms = {}) {
    const auto event = attempt(site, std::move(body), at_ms);
    return event ? "done" : row_of(event.error().why).name;
  }

  const Partition& at(SiteCode site) const { return *book.find(site); }
  const Partition& store() const { return at(store_code); }
  const Partition& depot() const { return at(depot_code); }
  Units on_hand(SiteCode site, LineNo line) const { return at(site).stock.on_hand(line); }
  void stock(SiteCode site, LineNo line, Units units, const Lot& lot = {}) {
    must(site, GoodsMoved{Cause::opening, {{line, units, 0, lot}}});
  }
  // "3@5 4@7": units and days until they expire, lot by lot.
  std::string lots(SiteCode site, LineNo line) const {
    std::string text;
    at(site).stock.each_lot(line, [&](const Lot& lot, Units units) {
      if (!text.empty()) text += ' ';
      text += std::to_string(units) + '@';
      text += lot.expiry.given() ? std::to_string(lot.expiry.days - today.days) : "-";
      if (lot.batch.given()) text += '/' + std::string(lot.batch.view());
    });
    return text;
  }

  Book book;
};

}  // namespace trade::testing
