#include "estate/check.h"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

#include "base/words.h"
#include "estate/inflate.h"
#include "estate/range.h"

namespace estate {
namespace {

// Periods are numbered by their first day divided by their length, so that a difference counts
// periods.
class Periods {
 public:
  Periods(const Estate& estate, Date as_of)
      : days_(estate.period == PeriodKind::week ? 7 : 1), last_(number(as_of)) {}
  int number(Date date) const {
    return days_ == 7 ? (base::monday_of(date) - first_monday) / 7 : date - first_monday;
  }
  Date begin(int number) const { return first_monday + number * days_; }
  int last() const { return last_; }
  int first() const { return last_ - check_periods + 1; }
  bool weekly() const { return days_ == 7; }

 private:
  static constexpr Date first_monday{-25567};  // 1900-01-01
  int days_;
  int last_;
};

void check_files(const Estate& estate, const Periods& periods, CheckReport& report) {
  for (const FileFacts& facts : estate.files) {
    FileAge age{facts.file, facts.rows, facts.rejected, {}, {}, {}};
    if (facts.first <= facts.last) {
      age.first = facts.first;
      age.last = facts.last;
      age.age_periods = periods.last() - periods.number(facts.last);
    }
    report.files.push_back(age);
    const std::string plain(plain_name(facts.file));
    if (facts.rejected > 0)
      report.findings.push_back(
          {Severity::warn, plain, base::counted(facts.rejected, "row") + " left out as bad"});
    for (const std::string& column : facts.unknown_columns)
      report.findings.push_back(
          {Severity::info, plain, fmt::format("{} is not known and was not read", column)});
  }
}

// Units per period of one site over the last check_periods; nothing where it did not report.
// Weighed goods count nothing: one kilogram would weigh as much as a thousand pieces.
struct SiteHistory {
  std::vector<std::optional<std::int64_t>> units =
      std::vector<std::optional<std::int64_t>>(check_periods);
  std::optional<int> last_period;
};

std::vector<SiteHistory> histories_of(const Estate& estate, const Periods& periods) {
  std::vector<SiteHistory> histories(estate.sites.size());
  const Sales& sales = estate.sales;
  for (std::size_t i = 0; i < sales.size(); ++i) {
    const int period = periods.number(sale_date(sales.day[i]));
    if (period > periods.last()) continue;
    SiteHistory& history = histories[sales.site[i]];
    history.last_period = std::max(history.last_period.value_or(period), period);
    if (period < periods.first()) continue;
    auto& units = history.units[static_cast<std::size_t>(period - periods.first())];
    const bool pieces = estate.products[sales.product[i]].measure == Measure::each;
    units = units.value_or(0) + (pieces ? sales.units[i] : 0);
  }
  return histories;
}

// Whether site_calendar.csv closes the site for that day; a week is never closed by it.
bool closed_on(const Estate& estate, std::uint32_t site, Date day, const Periods& periods) {
  if (periods.weekly()) return false;
  const auto key = std::pair(site, day);
  auto row = std::lower_bound(
      estate.calendar.begin(), estate.calendar.end(), key,
      [](const CalendarRow& a, const auto& b) { return std::pair(a.site, a.date) < b; });
  for (; row != estate.calendar.end() && std::pair(row->site, row->date) == key; ++row)
    if (row->state == DayState::closed && !row->chain) return true;
  return false;
}

void check_site_reports(const Estate& estate, std::uint32_t site, const SiteHistory& history,
                        const Periods& periods, Completeness& found) {
  ++found.sites_open;
  bool expected_last = false;
  for (int period = periods.first(); period <= periods.last(); ++period) {
    const Date day = periods.begin(period);
    const bool reported =
        history.units[static_cast<std::size_t>(period - periods.first())].has_value();
    const bool expected =
        reported || (sells_on(estate.sites[site], day) && !closed_on(estate, site, day, periods));
    found.periods_expected += expected;
    found.periods_reported += reported;
    if (period == periods.last()) expected_last = expected;
  }
  const bool reported_last = history.last_period == periods.last();
  found.sites_reported_last += reported_last;
  if (reported_last || !expected_last) return;
  Completeness::Silent silent{site, {}};
  if (history.last_period) silent.periods = periods.last() - *history.last_period;
  found.silent.push_back(silent);
}

// The lower median of the reported totals; 0 where none was.
std::int64_t median_of(const SiteHistory& history) {
  std::vector<std::int64_t> totals;
  for (const auto& units : history.units)
    if (units) totals.push_back(*units);
  if (totals.empty()) return 0;
  const auto middle = totals.begin() + static_cast<std::ptrdiff_t>((totals.size() - 1) / 2);
  std::nth_element(totals.begin(), middle, totals.end());
  return *middle;
}

void check_jumps(std::uint32_t site, const SiteHistory& history, const Periods& periods,
                 std::vector<Jump>& jumps) {
  const std::int64_t median = median_of(history);
  if (median <= 0) return;
  for (int period = periods.first(); period <= periods.last(); ++period) {
    const auto& units = history.units[static_cast<std::size_t>(period - periods.first())];
    if (units && (*units > median * jump_factor || *units * jump_factor < median))
      jumps.push_back({site, periods.begin(period), *units, median});
  }
}

void check_reports(const Estate& estate, Date as_of, const Periods& periods, CheckReport& report) {
  const std::vector<SiteHistory> histories = histories_of(estate, periods);
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
    if (!sells_on(estate.sites[site], as_of)) continue;
    check_site_reports(estate, site, histories[site], periods, report.completeness);
    check_jumps(site, histories[site], periods, report.jumps);
    report.sites_without_depot += estate.sites[site].depot == none;
  }
}

ProductGaps gaps_of(const Estate& estate) {
  ProductGaps gaps;
  for (const Product& product : estate.products) {
    gaps.no_supplier += product.supplier == none;
    gaps.no_price += !product.unit_price.has_value();
    gaps.price_zero += product.unit_price == Money{0};
    gaps.no_life += product.date_kind != DateKind::none && product.shelf_life_days == 0 &&
                    product.life_on_receipt_days == 0;
    gaps.case_one += product.case_units == 1;
    gaps.case_odd += product.measure == Measure::each && product.case_units > case_units_odd;
  }
  return gaps;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;

// Whether a table with columns site and product, sorted by them, has rows of the pair; `at` only
// moves forward.
template <class Table>
bool has_pair(const Table& table, Pair pair, std::size_t& at) {
  while (at < table.size() && Pair(table.site[at], table.product[at]) < pair) ++at;
  return at < table.size() && Pair(table.site[at], table.product[at]) == pair;
}

// Adds a line of the site at hand; remembers the best that any line of the site could be.
class SiteCounter {
 public:
  explicit SiteCounter(Orderable& into) : into_(into) {}
  void begin_site() { best_ = Best::no_line; }
  void add_full() { add(into_.lines.full, Best::full); }
  void add_forecast() { add(into_.lines.forecast, Best::forecast); }
  void add_none(std::string_view why) {
    add(into_.lines.none, Best::none);
    ++reason(why).lines;
    why_ = why;
  }
  void end_site() {
    if (best_ == Best::full) ++into_.sites.full;
    if (best_ == Best::forecast) ++into_.sites.forecast;
    if (best_ == Best::full || best_ == Best::forecast) return;
    ++into_.sites.none;
    ++reason(best_ == Best::none ? why_ : "no product in range").sites;
  }

 private:
  enum class Best : std::uint8_t { no_line, none, forecast, full };
  void add(std::uint64_t& count, Best how) {
    ++count;
    best_ = std::max(best_, how);
  }
  Orderable::Reason& reason(std::string_view why) {
    for (Orderable::Reason& known : into_.reasons)
      if (known.why == why) return known;
    into_.reasons.emplace_back().why = why;
    return into_.reasons.back();
  }

  Orderable& into_;
  Best best_ = Best::no_line;
  std::string_view why_;
};

bool has_teacher(const Estate& estate, const RangeLine& line) {
  if (line.range_row == none) return false;
  const RangeRow& row = estate.range[line.range_row];
  return row.like_product != none || row.replaces != none || row.launch_units > 0;
}

// Twice the shelf or less may still go where the shelf would run empty.
bool case_over_shelf(const Estate& estate, const RangeLine& line) {
  if (line.range_row == none) return false;
  const RangeRow& row = estate.range[line.range_row];
  const std::int64_t units = row.order_multiple_units > 0
                                 ? row.order_multiple_units
                                 : estate.products[line.product].case_units;
  return row.shelf_units_max > 0 && units > std::int64_t{2} * row.shelf_units_max;
}

void check_lines(const Estate& estate, Date as_of, const IsSupplied& is_supplied,
                 CheckReport& report) {
  const RangeLines lines = lines_in_range(estate, as_of);
  report.lines_in_range = lines.ordered.size();
  report.lines_dormant = lines.dormant.size();
  SiteCounter counter(report.orderable);
  std::size_t line = 0, blocked = 0, stock_at = 0, sale_at = 0;
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
    if (!sells_on(estate.sites[site], as_of)) continue;
    counter.begin_site();
    for (; line < lines.ordered.size() && lines.ordered[line].site == site; ++line) {
      const RangeLine& at = lines.ordered[line];
      const bool stocked = has_pair(estate.stock, {site, at.product}, stock_at);
      const bool sold = has_pair(estate.sales, {site, at.product}, sale_at);
      report.lines_with_stock += stocked;
      report.lines_case_over_shelf += case_over_shelf(estate, at);
      report.lines_without_source += !is_supplied(site, at.product);
      if (stocked)
        counter.add_full();
      else if (sold || has_teacher(estate, at))
        counter.add_forecast();
      else
        counter.add_none("never sold, no stock record, and nothing to learn from in range.csv");
    }
    for (; blocked < lines.blocked.size() && lines.blocked[blocked].site == site; ++blocked)
      counter.add_none("blocked in range.csv");
    counter.end_site();
  }
}

// A line's batches count together, so one negative batch beside a larger one is no negative line.
void check_stock(const Estate& estate, CheckReport& report) {
  const Stock& stock = estate.stock;
  for (std::size_t i = 0; i < stock.size();) {
    const Pair pair{stock.site[i], stock.product[i]};
    std::int64_t units = 0;
    for (; i < stock.size() && Pair(stock.site[i], stock.product[i]) == pair; ++i) {
      units += stock.on_hand_units[i];
      if (stock.as_of[i] != base::date_min)
        report.stock_oldest =
            std::min(report.stock_oldest.value_or(stock.as_of[i]), stock.as_of[i]);
    }
    report.lines_negative += units < 0;
  }
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// Collects the findings that follow from the counts.
class Findings {
 public:
  Findings(const Estate& estate, Date as_of, CheckReport& report)
      : estate_(estate), as_of_(as_of), report_(report) {}

  void add_all() {
    about_sales();
    about_jumps();
    about_stock();
    about_goods();
    about_orders();
    std::stable_sort(report_.findings.begin(), report_.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  }

 private:
  void add(Severity severity, std::string_view file, std::string text) {
    report_.findings.push_back({severity, std::string(file), std::move(text)});
  }
  // A finding for a count that should be zero.
  void add_count(std::uint64_t count, std::string_view thing, Severity severity,
                 std::string_view file, std::string_view what) {
    if (count > 0) add(severity, file, fmt::format("{} {}", base::counted(count, thing), what));
  }

  void about_sales() {
    const Completeness& found = report_.completeness;
    if (estate_.sales.size() == 0) add(Severity::stop, "sales.csv", "no sales up to this day");
    if (found.sites_open == 0) {
      add(Severity::stop, "sites.csv", "no store or online site is open on this day");
      return;
    }
    add(found.sites_reported_last == found.sites_open ? Severity::info : Severity::warn,
        "sales.csv",
        fmt::format("{} of {} open sites ({:.1f} %) reported the last period",
                    found.sites_reported_last, found.sites_open,
                    percent(found.sites_reported_last, found.sites_open)));
    add(Severity::info, "sales.csv",
        fmt::format("{:.1f} % of the expected reports of the last {} periods are there",
                    percent(found.periods_reported, found.periods_expected), check_periods));
    for (const Completeness::Silent& silent : found.silent) {
      const std::string& id = estate_.sites[silent.site].id;
      add(Severity::warn, "sales.csv",
          silent.periods ? fmt::format("{} has been silent for {}", id,
                                       base::counted(*silent.periods, "period"))
                         : fmt::format("{} has never reported", id));
    }
  }

  void about_jumps() {
    for (const Jump& jump : report_.jumps)
      add(Severity::warn, "sales.csv",
          fmt::format("{} sold {} on {}, usually {}", estate_.sites[jump.site].id,
                      base::counted(jump.units, "unit"), base::to_string(jump.period),
                      jump.median_units));
  }

  void about_stock() {
    if (!estate_.has_stock)
      add(Severity::warn, "stock.csv", "no such file: every order is its forecast");
    if (estate_.has_stock)
      add(report_.lines_with_stock == report_.lines_in_range ? Severity::info : Severity::warn,
          "stock.csv",
          fmt::format("{} of {} lines in range ({:.1f} %) have a stock record",
                      report_.lines_with_stock, report_.lines_in_range,
                      percent(report_.lines_with_stock, report_.lines_in_range)));
    if (report_.stock_oldest && *report_.stock_oldest < as_of_)
      add(Severity::info, "stock.csv",
          fmt::format("the oldest record is {} old",
                      base::counted(as_of_ - *report_.stock_oldest, "day")));
    add_count(report_.lines_negative, "line", Severity::warn, "stock.csv",
              "with less than nothing on hand, to be counted");
    add_count(report_.lines_dormant, "line", Severity::info, "", "dormant and not ordered");
  }

  void about_goods() {
    const ProductGaps& gaps = report_.products;
    add_count(report_.sites_without_depot, "selling site", Severity::info, "sites.csv",
              "without a depot");
    add_count(gaps.no_supplier, "product", Severity::info, "products.csv", "without a supplier");
    add_count(gaps.no_price, "product", Severity::info, "products.csv", "without unit_price");
    add_count(gaps.case_one, "product", Severity::info, "products.csv",
              "with case_units 1, given or not");
    add_count(gaps.price_zero, "product", Severity::warn, "products.csv", "with unit_price 0");
    add_count(gaps.no_life, "dated product", Severity::warn, "products.csv",
              "without a life in days");
    add_count(gaps.case_odd, "product", Severity::warn, "products.csv",
              fmt::format("with case_units above {}", case_units_odd));
    add_count(report_.lines_case_over_shelf, "line", Severity::warn, "range.csv",
              "with a case of more than twice the shelf: none fits, none is ordered");
  }

  void about_orders() {
    const Orderable& could = report_.orderable;
    if (report_.lines_in_range == 0)
      add(Severity::stop, "", "no line is in range: nothing can be ordered");
    add(Severity::info, "",
        fmt::format("sites that could be ordered for today: {} fully, {} by forecast only, {} not",
                    could.sites.full, could.sites.forecast, could.sites.none));
    add(Severity::info, "",
        fmt::format("lines that could be ordered today: {} fully, {} by forecast only, {} not",
                    could.lines.full, could.lines.forecast, could.lines.none));
    for (const Orderable::Reason& reason : could.reasons)
      add(Severity::warn, "",
          fmt::format("not ordered: {} ({}; all lines of {})", reason.why,
                      base::counted(reason.lines, "line"), base::counted(reason.sites, "site")));
    add_count(report_.lines_without_source, "line", Severity::warn, "supply.csv",
              "that nobody supplies: ordered, with an empty source");
  }

  const Estate& estate_;
  const Date as_of_;
  CheckReport& report_;
};

}  // namespace

CheckReport check(const Estate& estate, Date as_of, const IsSupplied& is_supplied) {
  CheckReport report;
  const Periods periods(estate, as_of);
  check_files(estate, periods, report);
  check_reports(estate, as_of, periods, report);
  check_lines(estate, as_of, is_supplied, report);
  check_stock(estate, report);
  report.products = gaps_of(estate);
  Findings(estate, as_of, report).add_all();
  return report;
}

}  // namespace estate
