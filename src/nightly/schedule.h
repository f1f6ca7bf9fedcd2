#pragma once
// Who supplies a line, when an order placed tonight is on the shelf, and until when it has to last.
//
// Pure functions over an estate that was read and checked: no clock, no files. Sites, products and
// suppliers are the estate's indexes. Both classes copy what they need and outlive the estate.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/date.h"
#include "estate/estate.h"
#include "nightly/columns.h"

namespace nightly {

// The source of one product at one site: the row of supply.csv that wins, or a default.
struct Source {
  std::uint32_t site = estate::none;      // a depot, or
  std::uint32_t supplier = estate::none;  // a supplier; both none: nobody supplies it
  estate::Flow flow = estate::Flow::stock;
  std::int32_t lead_days = -1;      // -1 = not said
  std::uint8_t order_weekdays = 0;  // bit 0 = Monday; 0 = not said
  estate::OrderBasis order_basis = estate::OrderBasis::units;
  std::int64_t min_order = 0, max_order = 0;  // in order_basis; 0 = none

  friend bool operator==(const Source&, const Source&) = default;
};

// The drop that an order placed at the close of a day goes with. Dates are Mondays in a weekly
// estate.
struct Drop {
  bool orders_today = false;  // false: no order leaves on that day, the rest is empty
  std::int32_t drop = 0;      // as deliveries.csv numbers it; 0 where no row of it applies
  Date on_shelf;              // first day that the goods can be sold
  Date next_on_shelf;         // first day of the next order's goods: this order lasts until then
  std::int64_t capacity = 0;  // of this drop, 0 = none
  estate::CapacityBasis capacity_basis = estate::CapacityBasis::cases;
  Date order_date;  // the order is placed at the close of this day
  // Where the goods come from: what deliveries.csv names, or the Source that was asked for.
  std::uint32_t source_site = estate::none, source_supplier = estate::none;

  friend bool operator==(const Drop&, const Drop&) = default;
};

// Which source serves which line on one day (supply.csv, sites.depot, products.supplier).
//
// A row of a supplier that names no product, category or chain is for the goods whose
// products.supplier he is. Of the rows for a site that are valid on the day and reach the product,
// the most specific wins (product, category, chain, the supplier's own goods, all), then the lowest
// priority number, the newest from_date, and the first in the file. Where no row reaches it: what
// the site's `depot` says, without a lead; a depot that names none buys from products.supplier.
// What a row leaves open about a supplier, the supplier's own terms fill; his minimum and maximum
// only where the row is in his order_basis.
class Sources {
 public:
  static Sources build(const estate::Estate& estate, Date on);

  // The source that serves the product at the site. Tens of nanoseconds, no allocation.
  Source of(std::uint32_t site, std::uint32_t product) const;
  // Every source that could serve it, in the order in which they would step in: the first is of().
  // One that differs from an earlier one only in its terms is left out. Empty: nobody supplies it.
  std::vector<Source> alternatives(std::uint32_t site, std::uint32_t product) const;

 private:
  struct Goods {
    std::uint32_t kind;  // category (of those that a row names) and chain
    std::uint32_t supplier;
    bool named = false;  // by some supply row
  };
  using Reach = std::uint64_t;  // which products a row is for; ascending = less specific

  std::uint32_t first_row(std::uint32_t site, std::span<const Reach> wanted) const;
  Source otherwise(std::uint32_t site, std::uint32_t product) const;

  std::vector<Goods> goods_;              // per product
  std::vector<std::uint32_t> depot_;      // per site, none = none
  std::vector<std::uint8_t> buys_;        // per site, 1 = its default is products.supplier
  std::vector<Source> supplier_terms_;    // per supplier
  std::vector<std::uint32_t> row_start_;  // per site and one more: into the next two
  std::vector<Reach> row_reach_;          // ascending within a site
  std::vector<Source> row_source_;        // parallel; equal reaches in order of preference
  std::vector<std::uint32_t> kind_row_;   // per site and kind: the best row that names no product
  std::uint32_t kind_count_ = 0;
};

// How many days' orders are searched for the one after a drop. Where none is found (the site
// closes, the calendar ends), an order lasts this long.
inline constexpr int next_drop_days_max = 28;
// A supplier's lead where neither his row nor supply.csv says one.
inline constexpr int supplier_lead_days = 2;

// When orders leave and arrive, seen from the close of one day (deliveries.csv, site_calendar.csv,
// [policy]). In shopkeepers' words:
// - Where deliveries.csv has rows for a site and chain on a day, an order leaves only on their
//   order_weekday. It is on the shelf on the first deliver_weekday after that (a row whose two
//   weekdays are the same means seven days later), or, if that is not said, after the source's
//   lead, or the policy's. Of two valid rows for one weekday and drop the newer from_date counts.
// - A row that names a supplier is for his goods; one that names a depot is for goods from depots,
//   which then come from that one; one that names nobody is for everything. Where every valid row
//   of a site and chain names a supplier, goods from depots come with those, from that supplier.
// - Without rows, an order leaves on the source's order_weekdays; where those are not said, or are
//   all seven, on every review_periods-th night: where the number of the period (days since
//   1970-01-01, weeks since the one that holds it) can be divided by review_periods. So whichever
//   night is looked at, the same nights order. It is on the shelf lead_days later, or
//   1 + lead_periods where they are not said. A lead is never less than a day.
// - A delivery to a site on a day that is closed or no_delivery comes on moved_to, or not at all.
//   It does not come either if that is not after the day of the order, or if the site has shut for
//   good. The most specific row (chain, then drop) counts; one with moved_to is taken at its word.
// - A weekly estate orders at the close of a period, whatever the calendars say. Goods due in a
//   week are on the shelf from its Monday.
class Schedule {
 public:
  static Schedule build(const estate::Estate& estate, Date as_of);

  // True if the estate has calendars that are not followed because its period is the week.
  bool ignores_calendars() const { return ignores_calendars_; }

  // The drop of the order placed at the close of as_of: of several, the earliest on the shelf, then
  // the lowest number. Ask once for a site, chain and source rather than for each line.
  Drop tonight(std::uint32_t site, estate::Chain chain, const Source& source) const;

  // All drops ordered on the days from..to (both included), by order_date, on_shelf, drop. Several
  // drops of one day are an order each. They last until the first on_shelf after their own, of any
  // order placed later or with another drop of the same day.
  std::vector<Drop> drops(std::uint32_t site, estate::Chain chain, const Source& source, Date from,
                          Date to) const;

  // The same for a depot that orders from a supplier tonight. on_shelf is the first day that the
  // goods can be picked; an order leaves on each of the source's order_weekdays, or every day.
  Drop supplier_order(std::uint32_t depot, const Source& source) const;

  // What comes to a depot from a supplier on the days from..to (both included), whenever it was or
  // will be ordered, by on_shelf. A delivery that a calendar moves by more than a week is left out.
  std::vector<Drop> supplier_deliveries(std::uint32_t depot, const Source& source, Date from,
                                        Date to) const;

  // Whether customers can buy on that day. In a weekly estate: on any day of the week it is in.
  bool open_on(std::uint32_t site, Date date) const;

 private:
  struct Lane;
  struct Life {
    Date opened_on, closed_on;
  };

  Lane lane(std::uint32_t site, estate::Chain chain, const Source& source) const;
  Lane supplier_lane(std::uint32_t depot, const Source& source) const;
  int lead_days(const Source& source, int otherwise) const;
  Drop first_ordered_on(const Lane& lane, Date day) const;
  std::vector<Drop> ordered_on(const Lane& lane, Date day) const;
  bool is_review_day(Date day, int review_periods) const;
  std::optional<Drop> uncovered(const Lane& lane, Date day) const;
  std::optional<Drop> covered(const Lane& lane, const estate::DeliveryRow& row, Date day) const;
  std::optional<Date> arrival(const Lane& lane, std::int32_t drop, Date due, Date day) const;
  Date next_on_shelf(const Lane& lane, const Drop& drop) const;
  std::span<const estate::CalendarRow> calendar(std::uint32_t site, Date date) const;
  bool open_all_day(std::uint32_t site, Date date) const;

  Date as_of_;  // the Monday in a weekly estate
  bool weekly_ = false, ignores_calendars_ = false;
  int policy_lead_days_ = 0, policy_review_periods_ = 1;
  std::vector<Life> life_;                       // per site
  std::vector<estate::DeliveryRow> deliveries_;  // by site, chain, weekday, drop, newest first
  std::vector<std::uint32_t> delivery_start_;    // per site and chain, and one more
  std::vector<estate::CalendarRow> calendar_;    // by site, date
  std::vector<std::uint32_t> calendar_start_;    // per site, and one more
};

}  // namespace nightly
