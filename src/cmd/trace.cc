// stockade trace: where a product, or a batch of it, came from and where it went.

#include "trade/trace.h"

#include <map>

#include <fmt/core.h>

#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "journal/scan.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string product, batch;
  base::Date expiry = base::date_max;
  std::vector<std::string> folders;
  bool json = false;
};

// A journal that was not read to its end.
struct Cut {
  std::string folder, why;
};

std::string text_of(trade::SiteCode site) {
  return fmt::format("{:04}", static_cast<std::uint16_t>(site));
}

std::string date_of(trade::Day day) {
  return day.given() ? to_string(trade::to_date(day)) : std::string();
}

// Feeds the journal's events to the trace, up to the first that does not hold.
Result<std::string> read_journal(const std::string& folder, trade::Trace& trace) {
  std::optional<trade::SiteCode> site;
  std::string why;
  const auto take = [&](std::int64_t at_ms, std::string_view bytes) {
    if (!site) {
      const auto first = trade::decode(bytes);
      const auto* opened = first ? std::get_if<trade::SiteOpened>(&first->body) : nullptr;
      if (opened == nullptr) return why = "its first event opens no site", void();
      site = opened->code;
    }
    if (const auto taken = trace.take(*site, at_ms, bytes); !taken)
      why = fmt::format("set aside at an event that cannot be true: {}",
                        row_of(taken.error().why).meaning);
  };
  const auto take_entry = [&](const journal::Frame& frame, const journal::Place&) {
    for (const std::string_view bytes : frame.entries) {
      const auto entry = journal::parse_entry(bytes);
      if (!why.empty() || !entry || entry->kind != journal::EntryKind::events) continue;
      const auto events = journal::unpack_events(entry->body);
      if (!events) continue;
      for (const std::string_view event : *events)
        if (why.empty()) take(entry->stamp.at_ms, event);
    }
  };
  const auto end = TRY(journal::scan(io::real_disk(), folder, {}, take_entry));
  if (why.empty() && end.fault) why = to_string(*end.fault);
  return why;
}

std::string name_of(const trade::TraceRow& row) {
  if (row.has_other) return text_of(row.other);
  return std::string(row.paper.view());
}

std::string units_of(std::int64_t units, std::int64_t unnamed) {
  if (unnamed == 0) return grouped(units);
  return fmt::format("{} and {} unread", grouped(units), grouped(unnamed));
}

void print_text(const trade::Trace& trace, const std::vector<Cut>& cuts) {
  TextTable steps({{"day"}, {"site"}, {"what"}, {"units", true}, {"from or to"}, {"number"}});
  for (const trade::TraceRow& row : trace.rows())
    steps.row({date_of(row.day), text_of(row.site), std::string(row.what),
               units_of(row.units, row.unnamed_units), name_of(row),
               row.number.given() ? to_string(row.number) : std::string()});
  if (steps.empty())
    fmt::print("no journal here has moved any of it\n");
  else
    fmt::print("{}", steps.text());
  TextTable rest({{"still at"}, {"on hand", true}, {"in quarantine", true}});
  for (const trade::TraceRest& at : trace.rest())
    rest.row(
        {text_of(at.site), units_of(at.units, at.unnamed_units), grouped(at.quarantined_units)});
  if (!rest.empty()) fmt::print("\n{}", rest.text());
  for (const Cut& cut : cuts) fmt::print("{}: NOT READ TO ITS END: {}\n", cut.folder, cut.why);
}

void print_json(const trade::Trace& trace, const std::vector<Cut>& cuts) {
  Json steps = Json::array(), rest = Json::array(), unread = Json::array();
  for (const trade::TraceRow& row : trace.rows())
    steps.push_back({{"site", text_of(row.site)},
                     {"at_ms", row.at_ms},
                     {"day", date_of(row.day)},
                     {"what", row.what},
                     {"units", row.units},
                     {"unnamed_units", row.unnamed_units},
                     {"other", row.has_other ? Json(text_of(row.other)) : Json()},
                     {"number", row.number.given() ? Json(to_string(row.number)) : Json()},
                     {"paper", row.paper.view()}});
  for (const trade::TraceRest& at : trace.rest())
    rest.push_back({{"site", text_of(at.site)},
                    {"units", at.units},
                    {"unnamed_units", at.unnamed_units},
                    {"quarantined_units", at.quarantined_units}});
  for (const Cut& cut : cuts) unread.push_back({{"folder", cut.folder}, {"why", cut.why}});
  print({{"steps", std::move(steps)}, {"rest", std::move(rest)}, {"unread", std::move(unread)}});
}

Result<> run_trace(const Arguments& arguments) {
  const auto product = trade::ProductId::of(arguments.product);
  const auto batch = trade::Batch::of(arguments.batch);
  if (!product || !batch)
    return base::fail(ErrorCode::usage,
                      "a product has at most 32 characters of ASCII, a batch at most 20");
  trade::Lot lot{{}, *batch};
  if (arguments.expiry != base::date_max) lot.expiry = trade::to_day(arguments.expiry);
  trade::Trace trace(*product, lot);
  std::vector<Cut> cuts;
  for (const std::string& folder : arguments.folders) {
    if (!io::real_disk().exists(folder))
      return base::fail(ErrorCode::input_missing, folder + ": there is no such folder");
    const std::string why = TRY(read_journal(folder, trace));
    if (!why.empty()) cuts.push_back({folder, why});
  }
  if (arguments.json)
    print_json(trace, cuts);
  else
    print_text(trace, cuts);
  if (cuts.empty()) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", cuts.front().folder, cuts.front().why));
}

}  // namespace

Action bind_trace(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options.text("--product", arguments->product, "the product's id", true)
      .text("--batch", arguments->batch, "only this batch")
      .date("--expiry", arguments->expiry, "only what bears this date", false,
            {base::make_date(2000, 1, 2), base::make_date(2179, 6, 6)})
      .texts("folders", arguments->folders, "folders of journals, of as many sites as there are",
             true)
      .flag("--json", arguments->json, "print JSON instead of tables");
  return [arguments] { return run_trace(*arguments); };
}

}  // namespace cmd
