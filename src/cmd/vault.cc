// stockade vault: continuity copies, from which any other program can restore trade.

#include <fmt/core.h>

#include "base/parallel.h"
#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "io/clock.h"
#include "site/key.h"
#include "vault/copy.h"
#include "vault/thin.h"
#include "vault/verify.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string verb, file, data, estate, recipients, key, roster, identity, place;
  std::vector<std::string> to;
  std::int64_t sales_days = vault::sales_days_usual, threads = 0, age_hours_max = 0;
  std::int64_t keep_daily = vault::Keep{}.days, keep_weekly = vault::Keep{}.weeks,
               keep_monthly = vault::Keep{}.months;
  bool dry_run = false, json = false;
};

Result<> need(const std::string& value, const char* option, const char* verb) {
  if (!value.empty()) return {};
  return base::fail(ErrorCode::usage, fmt::format("{} is required for vault {}", option, verb));
}

int thread_count(const Arguments& arguments) {
  return arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
}

std::int64_t now_s() { return io::real_clock().wall_ms() / 1'000; }

Json json_of(const vault::Claim& claim) {
  return {{"site", claim.origin},
          {"made", vault::text_of_time(claim.made_s)},
          {"entries", claim.entries},
          {"bytes", claim.archive.bytes},
          {"sites", claim.sums.sites},
          {"lines", claim.sums.lines},
          {"units", claim.sums.units},
          {"orders", claim.sums.orders},
          {"order_units", claim.sums.order_units},
          {"pence", claim.sums.pence}};
}

void print_text(const vault::Claim& claim) {
  const vault::Sums& sums = claim.sums;
  fmt::print("  of {}, {}: {} entries, {} bytes\n", claim.origin, vault::text_of_time(claim.made_s),
             claim.entries, claim.archive.bytes);
  fmt::print("  sites {}, lines {}, units {}, open orders {} with {} units, pence {}\n", sums.sites,
             sums.lines, sums.units, sums.orders, sums.order_units, sums.pence);
}

// --- copy
// -----------------------------------------------------------------------------------------

Result<vault::CopyOptions> copy_options(const Arguments& arguments) {
  TRY(need(arguments.data, "--data", "copy"));
  TRY(need(arguments.estate, "--estate", "copy"));
  TRY(need(arguments.recipients, "--recipients", "copy"));
  TRY(need(arguments.to.empty() ? "" : arguments.to[0], "--to", "copy"));
  const io::Path data = arguments.data;
  const std::string key = arguments.key.empty() ? (data / site::key_file).string() : arguments.key,
                    roster =
                        arguments.roster.empty() ? (data / "roster").string() : arguments.roster;
  vault::CopyOptions options{.signer = TRY(read_signer(key))};
  options.data = data;
  options.estate = arguments.estate;
  options.places.assign(arguments.to.begin(), arguments.to.end());
  options.recipients = arguments.recipients;
  options.roster = TRY(io::read_file(io::real_disk(), roster));
  options.made_s = now_s();
  options.sales_days = static_cast<int>(arguments.sales_days);
  options.threads = thread_count(arguments);
  return options;
}

void print_text(const vault::Copied& copied) {
  for (const io::Path& path : copied.written) fmt::print("{}\n", path.string());
  print_text(copied.claim);
  for (const std::string& one : copied.doubtful) fmt::print("  doubtful: {}\n", one);
  for (const std::string& one : copied.left_out) fmt::print("  left out: {}\n", one);
  for (const auto& one : copied.not_placed)
    fmt::print("  NOT PLACED {}: {}\n", one.place.string(), one.why);
}

void print_json(const vault::Copied& copied) {
  Json all = json_of(copied.claim), written = Json::array(), failed = Json::array();
  for (const io::Path& path : copied.written) written.push_back(path.string());
  for (const auto& one : copied.not_placed)
    failed.push_back({{"place", one.place.string()}, {"why", one.why}});
  all["written"] = std::move(written);
  all["not_placed"] = std::move(failed);
  all["doubtful"] = copied.doubtful;
  all["left_out"] = copied.left_out;
  print(all);
}

Result<> run_copy(const Arguments& arguments) {
  const auto options = TRY(copy_options(arguments));
  const auto copied = TRY(vault::copy(io::real_disk(), options));
  if (arguments.json)
    print_json(copied);
  else
    print_text(copied);
  if (copied.not_placed.empty()) return {};
  const vault::NotPlaced& first = copied.not_placed.front();
  return base::fail(ErrorCode::io_failed, fmt::format("{}: holds no copy of tonight: {}",
                                                      first.place.string(), first.why));
}

// --- verify
// ---------------------------------------------------------------------------------------

void print_text(const Arguments& arguments, const vault::Verified& verified) {
  fmt::print("{}: {}\n", arguments.file, verified.faults.empty() ? "holds" : "DOES NOT HOLD");
  for (const std::string& fault : verified.faults) fmt::print("  BAD {}\n", fault);
  if (!verified.claim) return;
  print_text(*verified.claim);
  fmt::print("  {} hours old; {}\n", verified.age_s / 3'600,
             verified.is_opened ? "opened: every file, and the sums, looked at"
                                : "not opened: give --identity to look inside");
}

void print_json(const vault::Verified& verified) {
  Json all = verified.claim ? json_of(*verified.claim) : Json::object();
  all["holds"] = verified.faults.empty();
  all["opened"] = verified.is_opened;
  all["age_s"] = verified.age_s;
  all["faults"] = verified.faults;
  print(all);
}

Result<> run_verify(const Arguments& arguments) {
  TRY(need(arguments.file, "a file", "verify"));
  TRY(need(arguments.roster, "--roster", "verify"));
  const std::string note = TRY(io::read_file(io::real_disk(), arguments.roster));
  const journal::Roster roster = TRY(journal::open_roster(note));
  vault::VerifyOptions options;
  options.now_s = now_s();
  options.identity = arguments.identity;
  options.threads = thread_count(arguments);
  if (arguments.age_hours_max > 0) options.age_s_max = arguments.age_hours_max * 3'600;
  const auto verified = TRY(vault::verify(io::real_disk(), arguments.file, roster, options));
  if (arguments.json)
    print_json(verified);
  else
    print_text(arguments, verified);
  if (verified.faults.empty()) return {};
  return base::fail(ErrorCode::evidence_bad, verified.faults.front());
}

// --- thin
// -----------------------------------------------------------------------------------------

Result<> remove(const io::Path& place, const vault::CopyName& name) {
  const std::string base = to_string(name);
  for (const std::string_view ending : {vault::archive_ending, vault::note_ending})
    TRY(io::real_disk().remove_all(place / (base + std::string(ending))));
  return {};
}

Result<> run_thin(const Arguments& arguments) {
  TRY(need(arguments.place, "--place", "thin"));
  const auto found = TRY(vault::list_place(io::real_disk(), arguments.place));
  const vault::Keep keep{arguments.keep_daily, arguments.keep_weekly, arguments.keep_monthly};
  const auto plan = vault::plan_thinning(found.whole, keep, now_s());
  for (const vault::CopyName& name : plan.removed) {
    if (!arguments.dry_run) TRY(remove(arguments.place, name));
    fmt::print("{} {}\n", arguments.dry_run ? "would remove" : "removed", to_string(name));
  }
  if (!plan.removed.empty() && !arguments.dry_run)
    TRY(io::real_disk().sync_folder(arguments.place));
  for (const vault::CopyName& name : plan.from_the_future)
    fmt::print("kept, but dated in the future: {}\n", to_string(name));
  for (const std::string& half : found.halves)
    fmt::print("left alone, for its other half is missing: {}\n", half);
  fmt::print("kept: {}, removed: {}\n", plan.kept.size(),
             arguments.dry_run ? 0 : plan.removed.size());
  return {};
}

Result<> run_verb(const Arguments& arguments) {
  if (arguments.verb == "copy") return run_copy(arguments);
  if (arguments.verb == "verify") return run_verify(arguments);
  if (arguments.verb == "thin") return run_thin(arguments);
  return base::fail(ErrorCode::usage, "a verb is required: copy, verify or thin");
}

}  // namespace

Action bind_vault(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of("verb", arguments->verb,
              "copy: make a continuity copy; verify: whether one holds; thin: remove old ones",
              {"copy", "verify", "thin"})
      .text("file", arguments->file, "verify: the encrypted file, or its note")
      .text("--data", arguments->data, "copy: the site's folder")
      .text("--estate", arguments->estate, "copy: the estate's folder")
      .texts("--to", arguments->to, "copy: places that keep it, each a folder")
      .text("--recipients", arguments->recipients,
            "copy: file with the public keys of those who may open it, for age")
      .text("--key", arguments->key, "copy: the site's secret key; else the one in its folder")
      .text("--roster", arguments->roster,
            "the approved roster; copy: else the one in the site's folder")
      .whole("--sales-days", arguments->sales_days, "copy: days of sales to take along", 0, 3'650)
      .text("--identity", arguments->identity, "verify: file with a secret key, to look inside")
      .whole("--age-hours-max", arguments->age_hours_max,
             "verify: an older copy does not hold; 0: any age", 0, 1'000'000)
      .text("--place", arguments->place, "thin: the folder")
      .whole("--keep-daily", arguments->keep_daily, "thin: days whose first copy stays", 1, 36'500)
      .whole("--keep-weekly", arguments->keep_weekly, "thin: weeks whose first copy stays", 0,
             5'200)
      .whole("--keep-monthly", arguments->keep_monthly, "thin: months whose first copy stays", 0,
             1'200)
      .flag("--dry-run", arguments->dry_run, "thin: only say what would go")
      .whole("--threads", arguments->threads, "0 = as many as the machine runs", 0, 64)
      .flag("--json", arguments->json, "copy, verify: one JSON object instead of text");
  return [arguments] { return run_verb(*arguments); };
}

}  // namespace cmd
