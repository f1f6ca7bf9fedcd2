#pragma once
// Where units of a product, or of a batch or expiry date of it, came from and went: site by site,
// from their journals and nothing else.

#include <cstdint>
#include <string_view>
#include <vector>

#include "trade/book.h"

namespace trade {

// A step of the goods at one site. Units that came to the site's hands are positive, units that
// left them negative; a dispatch, whose units left when they were picked, has those on the vehicle.
struct TraceRow {
  SiteCode site{};
  std::int64_t at_ms = 0;
  Day day;                // the site's trading day
  std::string_view what;  // the event's kind, or the cause of a move by hand
  SiteCode other{};       // the site that sent them, or that they go to
  bool has_other = false;
  DocumentNumber number;           // of the advice
  Reference paper;                 // of a delivery
  std::int64_t units = 0;          // those that bear the name, or all
  std::int64_t unnamed_units = 0;  // of lots that nobody has read: they may bear it
};

// What a site still has.
struct TraceRest {
  SiteCode site{};
  std::int64_t units = 0, unnamed_units = 0, quarantined_units = 0;
};

class Trace {
 public:
  // A lot that is not given stands for all units of the product.
  Trace(const ProductId& product, const Lot& lot) : product_(product), lot_(lot) {}

  // The next event of a site's journal, checked like every foreign one: an error ends that site's
  // journal for good (see admit).
  Verdict take(SiteCode site, std::int64_t at_ms, std::string_view event_bytes);

  // In the order in which they were taken.
  const std::vector<TraceRow>& rows() const { return rows_; }
  std::vector<TraceRest> rest() const;
  const Book& book() const { return book_; }

 private:
  struct Holding {
    std::int64_t named = 0, unnamed = 0;
  };
  Holding held_by(SiteCode site) const;
  Holding holding_of(const std::vector<CargoRow>& cargo, LineNo line) const;
  void note(SiteCode site, std::int64_t at_ms, const Event& event, const Holding& change);

  ProductId product_;
  Lot lot_;
  Book book_;
  std::vector<TraceRow> rows_;
};

}  // namespace trade
