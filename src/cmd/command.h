#pragma once
// Subcommands: what each one is called, takes and does; a thin layer that keeps the option library
// in one file.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace cmd {

// The days that an option takes, both included; at most those that files can hold.
struct Days {
  base::Date first = base::make_date(1900, 1, 1), last = base::make_date(2199, 12, 31);
};

// The options of one subcommand. Each call binds one option to a variable that must outlive
// parsing, and says what is accepted: a text that is not empty, a number or day within its bounds
// (both included), or one of a few words. Anything else ends with `usage` and the bounds.
class Options {
 public:
  struct Impl;
  explicit Options(Impl& impl) : impl_(impl) {}

  Options& text(const std::string& name, std::string& into, const std::string& help,
                bool required = false);
  // Any number of values.
  Options& texts(const std::string& name, std::vector<std::string>& into, const std::string& help,
                 bool required = false);
  Options& whole(const std::string& name, std::int64_t& into, const std::string& help,
                 std::int64_t min, std::int64_t max, bool required = false);
  Options& real(const std::string& name, double& into, const std::string& help, double min,
                double max);
  Options& date(const std::string& name, base::Date& into, const std::string& help,
                bool required = false, Days days = {});
  Options& one_of(const std::string& name, std::string& into, const std::string& help,
                  const std::vector<std::string>& choices);
  Options& flag(const std::string& name, bool& into, const std::string& help);

 private:
  Impl& impl_;
};

// What a command does once its options are bound; what it returns becomes the exit code.
using Action = std::function<base::Result<>()>;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view example;  // shown by --help
  // Binds options and returns the action, which owns the bound variables.
  Action (*bind)(Options& options);
};

Action bind_bench(Options& options);
Action bind_check(Options& options);
Action bind_evaluate(Options& options);
Action bind_forecast(Options& options);
Action bind_journal(Options& options);
Action bind_order(Options& options);
Action bind_quarantine(Options& options);
Action bind_rebuild(Options& options);
Action bind_pack(Options& options);
Action bind_recover(Options& options);
Action bind_repair(Options& options);
Action bind_roster(Options& options);
Action bind_sample(Options& options);
Action bind_sheet(Options& options);
Action bind_sim(Options& options);
Action bind_backtest(Options& options);
Action bind_compare(Options& options);
Action bind_trace(Options& options);
Action bind_site(Options& options);
Action bind_enrol(Options& options);
Action bind_call(Options& options);
Action bind_unpack(Options& options);
Action bind_vault(Options& options);
Action bind_cards(Options& options);
Action bind_verify(Options& options);
Action bind_why(Options& options);

// Parses the command line and runs one command. Returns the exit code: 0, or as the error catalogue
// says.
int run(int argc, const char* const* argv, const std::vector<Command>& commands);

}  // namespace cmd
