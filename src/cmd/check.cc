// stockade check: what an estate folder holds, what is odd about it, and what could be ordered.

#include "estate/check.h"

#include <algorithm>
#include <span>

#include <fmt/core.h>

#include "cmd/common.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "nightly/schedule.h"

namespace cmd {
namespace {

using estate::CheckReport;
using estate::Estate;
using estate::Finding;
using estate::Severity;

constexpr std::size_t findings_shown_max = 8;  // of one severity about one file
constexpr std::size_t rejected_shown_max = 10;

struct Arguments {
  EstateOptions estate;
  base::Date as_of = base::date_max;
  bool json = false;
};

std::string_view text_of(Severity severity) {
  return severity == Severity::stop ? "stop" : severity == Severity::warn ? "warn" : "info";
}

std::string_view heading_of(Severity severity) {
  if (severity == Severity::stop) return "Stands in the way of any order";
  return severity == Severity::warn ? "Worth a look" : "Good to know";
}

std::string age_of(const estate::FileAge& file, bool weekly) {
  if (!file.age_periods) return "";
  if (*file.age_periods == 0) return "current";
  if (*file.age_periods < 0) return "reaches later";
  return counted(*file.age_periods, weekly ? "week" : "day") + " old";
}

void print_files(const CheckReport& report, bool weekly) {
  TextTable table({{"file"}, {"rows", true}, {"left out", true}, {"first"}, {"last"}, {"how old"}});
  for (const estate::FileAge& file : report.files) {
    if (file.file == "estate.toml") continue;  // has no rows
    table.row({file.file, grouped(static_cast<std::int64_t>(file.rows)),
               grouped(static_cast<std::int64_t>(file.rejected)),
               file.first ? base::to_string(*file.first) : "",
               file.last ? base::to_string(*file.last) : "", age_of(file, weekly)});
  }
  fmt::print("{}", table.text());
}

void print_rejected(const Estate& estate) {
  if (estate.rejected.empty()) return;
  fmt::print("\nLeft out\n");
  TextTable table({{"where"}, {"column"}, {"value"}, {"why"}});
  for (const estate::Rejected& row : estate.rejected) {
    if (&row - estate.rejected.data() == rejected_shown_max) break;
    table.row(
        {fmt::format("{}:{}", row.file, row.line), row.column, shortened(row.value, 24), row.why});
  }
  fmt::print("{}", table.text("  "));
  if (estate.rejected.size() > rejected_shown_max)
    fmt::print("  … and {} more\n", estate.rejected.size() - rejected_shown_max);
}

struct FileFindings {
  std::string file;
  std::vector<std::string> texts;
};

// Findings of one severity by file, in the order of the checks. Those about the folder as a whole
// are left to print_orders.
std::vector<FileFindings> findings_by_file(const CheckReport& report, Severity severity) {
  std::vector<FileFindings> groups;
  for (const Finding& finding : report.findings) {
    if (finding.severity != severity || finding.file.empty()) continue;
    auto group = std::ranges::find(groups, finding.file, &FileFindings::file);
    if (group == groups.end()) group = groups.insert(group, {finding.file, {}});
    group->texts.push_back(finding.text);
  }
  return groups;
}

void print_findings(const CheckReport& report, Severity severity) {
  TextTable table({{""}, {""}});
  for (const FileFindings& group : findings_by_file(report, severity)) {
    std::string file = group.file;
    for (const std::string& text :
         std::span(group.texts).first(std::min(group.texts.size(), findings_shown_max)))
      table.row({std::exchange(file, {}), text});
    if (group.texts.size() > findings_shown_max)
      table.row({"", fmt::format("… and {} more, all of them with --json",
                                 group.texts.size() - findings_shown_max)});
  }
  if (!table.empty()) fmt::print("\n{}\n{}", heading_of(severity), table.text("  "));
}

bool can_order(const CheckReport& report) {
  return report.orderable.lines.full + report.orderable.lines.forecast > 0 &&
         std::ranges::find(report.findings, Severity::stop, &Finding::severity) ==
             report.findings.end();
}

void print_orders(const CheckReport& report, base::Date as_of) {
  fmt::print("\nOrders at the close of {}\n", base::to_string(as_of));
  TextTable table({{""}, {"with stock", true}, {"by forecast only", true}, {"not", true}});
  const auto add = [&](const char* what, const estate::Orderable::Count& count) {
    const auto cell = [](std::uint64_t value) { return grouped(static_cast<std::int64_t>(value)); };
    table.row({what, cell(count.full), cell(count.forecast), cell(count.none)});
  };
  add("sites", report.orderable.sites);
  add("lines", report.orderable.lines);
  fmt::print("{}", table.text("  "));
  for (const estate::Orderable::Reason& reason : report.orderable.reasons)
    fmt::print("  not: {} ({}, all lines of {})\n", reason.why, counted(reason.lines, "line"),
               counted(reason.sites, "site"));
  if (report.lines_dormant > 0)
    fmt::print("  dormant and set aside: {}\n", counted(report.lines_dormant, "line"));
  if (can_order(report))
    fmt::print("\nReady: {} can be ordered.\n",
               counted(report.orderable.lines.full + report.orderable.lines.forecast, "line"));
}

void print_text(const Estate& estate, const CheckReport& report, base::Date as_of) {
  const bool weekly = estate.period == estate::PeriodKind::week;
  fmt::print("{}, by the {}, as of {}\n\n", estate.name, weekly ? "week" : "day",
             base::to_string(as_of));
  print_files(report, weekly);
  print_rejected(estate);
  for (const Severity severity : {Severity::stop, Severity::warn, Severity::info})
    print_findings(report, severity);
  print_orders(report, as_of);
}

Json json_of(const std::optional<base::Date>& date) {
  return date ? Json(base::to_string(*date)) : Json();
}

Json json_of(const estate::Orderable::Count& count) {
  return {{"full", count.full}, {"forecast", count.forecast}, {"none", count.none}};
}

Json json_of(const estate::FileAge& file) {
  return {{"file", file.file},
          {"rows", file.rows},
          {"rejected", file.rejected},
          {"first", json_of(file.first)},
          {"last", json_of(file.last)},
          {"age_periods", file.age_periods ? Json(*file.age_periods) : Json()}};
}

Json json_of(const estate::ProductGaps& gaps) {
  return {{"no_supplier", gaps.no_supplier}, {"no_price", gaps.no_price},
          {"price_zero", gaps.price_zero},   {"no_life", gaps.no_life},
          {"case_one", gaps.case_one},       {"case_odd", gaps.case_odd}};
}

Json json_of(const Estate& estate, const estate::Completeness& found) {
  Json silent = Json::array();
  for (const auto& one : found.silent)
    silent.push_back({{"site", estate.sites[one.site].id},
                      {"periods", one.periods ? Json(*one.periods) : Json()}});
  return {{"sites_open", found.sites_open},
          {"sites_reported_last", found.sites_reported_last},
          {"periods_expected", found.periods_expected},
          {"periods_reported", found.periods_reported},
          {"silent", std::move(silent)}};
}

Json json_of(const estate::Orderable& orderable) {
  Json reasons = Json::array();
  for (const auto& reason : orderable.reasons)
    reasons.push_back({{"why", reason.why}, {"sites", reason.sites}, {"lines", reason.lines}});
  return {{"sites", json_of(orderable.sites)},
          {"lines", json_of(orderable.lines)},
          {"reasons", std::move(reasons)}};
}

Json json_of(const Estate& estate, const CheckReport& report, base::Date as_of) {
  Json files = Json::array(), findings = Json::array(), jumps = Json::array(),
       rejected = Json::array();
  for (const auto& file : report.files) files.push_back(json_of(file));
  for (const Finding& finding : report.findings)
    findings.push_back(
        {{"severity", text_of(finding.severity)}, {"file", finding.file}, {"text", finding.text}});
  for (const estate::Jump& jump : report.jumps)
    jumps.push_back({{"site", estate.sites[jump.site].id},
                     {"period", base::to_string(jump.period)},
                     {"units", jump.units},
                     {"median_units", jump.median_units}});
  for (const estate::Rejected& row : estate.rejected)
    rejected.push_back({{"file", row.file},
                        {"line", row.line},
                        {"column", row.column},
                        {"value", row.value},
                        {"why", row.why}});
  return {{"estate", estate.name},
          {"period", estate.period == estate::PeriodKind::week ? "week" : "day"},
          {"as_of", base::to_string(as_of)},
          {"digest", estate.digest},
          {"can_order", can_order(report)},
          {"files", std::move(files)},
          {"findings", std::move(findings)},
          {"completeness", json_of(estate, report.completeness)},
          {"jumps", std::move(jumps)},
          {"orderable", json_of(report.orderable)},
          {"products", json_of(report.products)},
          {"lines_in_range", report.lines_in_range},
          {"lines_with_stock", report.lines_with_stock},
          {"lines_negative", report.lines_negative},
          {"lines_dormant", report.lines_dormant},
          {"lines_case_over_shelf", report.lines_case_over_shelf},
          {"lines_without_source", report.lines_without_source},
          {"sites_without_depot", report.sites_without_depot},
          {"stock_oldest", json_of(report.stock_oldest)},
          {"rejected", std::move(rejected)}};
}

// Whether somebody supplies a line as the order run sees it: its source on the day, or the party
// that deliveries.csv names for the orders of the week from that day.
class Supply {
 public:
  Supply(const Estate& estate, base::Date as_of)
      : estate_(estate),
        as_of_(as_of),
        sources_(nightly::Sources::build(estate, as_of)),
        schedule_(nightly::Schedule::build(estate, as_of)) {}

  bool reaches(std::uint32_t site, std::uint32_t product) const {
    const nightly::Source source = sources_.of(site, product);
    if (source.site != estate::none || source.supplier != estate::none) return true;
    const auto drops = schedule_.drops(site, estate_.products[product].chain, source, as_of_,
                                       as_of_ + (days_of_week - 1));
    return std::ranges::any_of(drops, [](const nightly::Drop& drop) {
      return drop.source_site != estate::none || drop.source_supplier != estate::none;
    });
  }

 private:
  static constexpr int days_of_week = 7;
  const Estate& estate_;
  base::Date as_of_;
  nightly::Sources sources_;
  nightly::Schedule schedule_;
};

base::Result<> check(const Arguments& arguments) {
  const Estate estate = TRY(read(arguments.estate, arguments.as_of));
  const base::Date as_of =
      arguments.as_of != base::date_max ? arguments.as_of : TRY(last_sales_day(estate));
  const Supply supply(estate, as_of);
  const CheckReport report = estate::check(
      estate, as_of,
      [&](std::uint32_t site, std::uint32_t product) { return supply.reaches(site, product); });
  if (arguments.json)
    print(json_of(estate, report, as_of));
  else
    print_text(estate, report, as_of);
  if (can_order(report)) return {};
  return base::fail(base::ErrorCode::nothing_to_do,
                    fmt::format("{}: nothing can be ordered on {}", arguments.estate.folder,
                                base::to_string(as_of)));
}

}  // namespace

Action bind_check(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options
      .date("--as-of", arguments->as_of,
            "the last day that is known; without it, that of sales.csv")
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return check(*arguments); };
}

}  // namespace cmd
